"""One HTTP exchange over a connection that is there already, within bounds of time and size."""

import http.client
import io
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sellerdesk.adapters.web.base import Reply, Unreachable
from sellerdesk.domain.web_addresses import WebAddress

_PIECE = 8192


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds for one step (look-up, connecting, one read) and for everything; bytes of the answer that are read."""

    step: float = 5.0
    whole: float = 15.0
    body: int = 64 * 1024


class Deadline:
    """What is left of a call's time, on a clock that nobody can set."""

    def __init__(self, bounds: Bounds) -> None:
        self.step = bounds.step
        self.end = time.monotonic() + bounds.whole

    def left(self) -> float:
        """Seconds for the next step. Raises Unreachable when the time is up."""
        left = min(self.step, self.end - time.monotonic())
        if left <= 0:
            raise Unreachable("timed out")
        return left


class _Incoming(io.RawIOBase):
    """The reading side of a line, each read with what is left of the time."""

    def __init__(self, line: "Line") -> None:
        self.line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.line.connection.settimeout(self.line.deadline.left())
        return self.line.connection.recv_into(buffer)


@dataclass
class Line:
    """A connection as http.client uses it, under the deadline of the whole call."""

    connection: socket.socket
    deadline: Deadline

    def sendall(self, data: bytes) -> None:
        """Send everything; a receiver that takes it drop by drop runs out of time."""
        view = memoryview(data)
        while view:
            self.connection.settimeout(self.deadline.left())
            view = view[self.connection.send(view) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What http.client reads from."""
        return io.BufferedReader(_Incoming(self))

    def close(self) -> None:
        """Whoever made the connection closes it."""


def exchange(line: Line, address: WebAddress, body: bytes, headers: Mapping[str, str], most: int) -> Reply:
    """One request, one answer. What an answer holds beyond `most` bytes is not waited for."""
    talk = http.client.HTTPConnection(address.host, address.port)
    talk.sock = line  # it uses sendall, makefile and close
    talk.putrequest("POST", address.target, skip_host=True, skip_accept_encoding=True)
    fixed = {
        "Host": address.authority,
        "Content-Length": str(len(body)),
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    for name, value in {**headers, **fixed}.items():
        talk.putheader(name, value)
    talk.endheaders()
    line.sendall(body)
    answer = talk.getresponse()
    return Reply(answer.status, _beginning(answer, most))


def _beginning(answer: http.client.HTTPResponse, most: int) -> bytes:
    """The status has been said; whatever happens to the body does not take it back."""
    parts: list[bytes] = []
    left = most
    try:
        while left and (part := answer.read1(min(left, _PIECE))):
            parts.append(part)
            left -= len(part)
    except (OSError, http.client.HTTPException, ValueError, Unreachable):
        return b"".join(parts)
    return b"".join(parts)
