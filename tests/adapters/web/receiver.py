"""A receiver on the loopback that stores what it gets and then behaves as a test says."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Answer = bytes | Callable[[socket.socket], None]


def answer(status: int, headers: str = "", body: bytes = b"") -> bytes:
    return f"HTTP/1.1 {status} x\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body


@dataclass
class Got:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`answers` are given one after the other, the last one again and again."""

    answers: list[Answer] = field(default_factory=lambda: [answer(204)])
    got: list[Got] = field(default_factory=list)
    port: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def ids(self) -> list[str]:
        return [one.headers["webhook-id"] for one in self.got]

    def hang(self, connection: socket.socket) -> None:
        """Stored, and then silent until the other side has had enough."""
        connection.settimeout(10)
        try:
            connection.recv(1)
        except OSError:
            return

    def endless(self, connection: socket.socket) -> None:
        try:
            connection.sendall(b"HTTP/1.1 200 ok\r\n\r\n")
            while not self.stopping.is_set():
                connection.sendall(b"x" * 65536)
        except OSError:
            return

    def drip(self, connection: socket.socket) -> None:
        """A header that comes drop by drop, each well within the time for one read."""
        try:
            connection.sendall(b"HTTP/1.1 200 ok\r\nX: ")
            while not self.stopping.wait(0.05):
                connection.sendall(b"x")
        except OSError:
            return


@contextmanager
def receiving(*answers: Answer) -> Iterator[Receiver]:
    """A receiver that listens for the time of a block."""
    here = Receiver(list(answers) or [answer(204)])
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        here.port = server.getsockname()[1]
        thread = threading.Thread(target=_serve, args=(here, server))
        thread.start()
        try:
            yield here
        finally:
            here.stopping.set()
            thread.join(10)


def _serve(here: Receiver, server: socket.socket) -> None:
    talks = []
    while not here.stopping.is_set():
        try:
            connection, _ = server.accept()
        except TimeoutError:
            continue
        talk = threading.Thread(target=_talk, args=(here, connection))
        talk.start()
        talks.append(talk)
    for talk in talks:
        talk.join(10)


def _talk(here: Receiver, connection: socket.socket) -> None:
    with connection:
        connection.settimeout(10)
        got = _read(connection)
        if got is None:
            return
        here.got.append(got)
        said = here.answers.pop(0) if len(here.answers) > 1 else here.answers[0]
        if callable(said):
            said(connection)
        else:
            connection.sendall(said)


def _read(connection: socket.socket) -> Got | None:
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        if not part:
            return None
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        body += connection.recv(65536)
    return Got(first.split(" ")[1], headers, body)
