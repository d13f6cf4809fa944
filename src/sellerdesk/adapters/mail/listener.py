"""A mail server's ear: takes mail for addresses of ours over SMTP, one receiver at a time, and relays nothing.

It knows neither tables nor threads of messages: two functions say which addresses are ours and what becomes of a mail.
A mail is answered with 250 only when that function has come back with it, so whoever hears 250 may forget the mail.
"""

import asyncio
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

IDLE_SECONDS = 300.0  # also for a whole DATA (RFC 5321, 4.5.3.2)
CONNECTIONS_MAX = 10
TAKERS = 2  # threads that look at mail
LINE_MAX = 64 * 1024  # many senders break the rule of 1,000
COMMANDS_MAX = 200  # of each kind on one connection
STOP_SECONDS = 10.0
log = structlog.get_logger("sellerdesk.mail")


@dataclass(frozen=True, slots=True)
class Received:
    """A mail as it came. `sender`: of the envelope, "" for the null sender; None when nobody noted it."""

    sender: str | None
    receiver: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What the sender's server is told: 250 we have it, 4xx come again, 5xx never."""

    code: int
    text: str  # ASCII, begins with an enhanced status code such as 2.0.0

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


@dataclass(frozen=True, slots=True)
class Ear:
    """Where to listen, and who we are. `port` 0: any free one. With a certificate, STARTTLS is offered."""

    host: str
    port: int
    name: str
    bytes_max: int
    certificate: Path | None = None
    key: Path | None = None


class CannotListen(Exception):
    """The address is taken or not ours, or the certificate cannot be read; the message is a sentence."""


AGAIN = Reply(451, "4.3.0 Something is wrong here; please come again")
NOT_OURS = Reply(550, "5.1.1 There is no such address here, and nothing is relayed")
ONE_AT_A_TIME = Reply(452, "4.5.3 One receiver at a time, please")


class SmtpListener:
    """A thread that listens. `take` is called from other threads, a few at once, and may block."""

    def __init__(
        self, ear: Ear, *, is_ours: Callable[[str], bool], take: Callable[[Received], Reply]
    ) -> None:
        self.ear = ear
        self.port = 0
        self._mind = _Mind(is_ours, take)
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(_note)
        self._server: asyncio.AbstractServer | None = None
        self._open: set[_Conversation] = set()
        self._thread = threading.Thread(target=self._run, name="mail-listener", daemon=True)

    def start(self) -> None:
        """Listen from now on.

        Raises CannotListen. Several processes of one machine may listen on the same port.
        """
        try:
            tls = _tls(self.ear)
            self._server = self._loop.run_until_complete(
                self._loop.create_server(
                    lambda: self._answer(tls),
                    self.ear.host,
                    self.ear.port,
                    reuse_port=self.ear.port != 0 or None,
                )
            )
        except (OSError, ValueError) as error:
            self._loop.close()
            reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
            raise CannotListen(f"Cannot take mail on {self.ear.host}:{self.ear.port}: {reason}.") from error
        self.port = self._server.sockets[0].getsockname()[1]
        self._thread.start()

    def stop(self) -> None:
        """Take no more; a mail in hand is finished, but its sender may not hear so and come again."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._loop.run_until_complete(self._close())
            self._mind.pool.shutdown(wait=True, cancel_futures=True)
            self._loop.close()

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        for one in list(self._open):
            one.hang_up()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _answer(self, tls: ssl.SSLContext | None) -> asyncio.Protocol:
        if len(self._open) >= CONNECTIONS_MAX:
            return _Busy()
        return _Conversation(self._mind, self.ear, tls, self._open, self._loop)


class _Mind:
    """What is said in a conversation; the names are aiosmtpd's."""

    def __init__(self, is_ours: Callable[[str], bool], take: Callable[[Received], Reply]) -> None:
        self.is_ours = is_ours
        self.take = take
        self.pool = ThreadPoolExecutor(TAKERS, thread_name_prefix="mail-taker")

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, host_name: str, said: list[str]
    ) -> list[str]:
        session.host_name = host_name
        return [line for line in said if not line.startswith("250-AUTH")]  # nobody has an account here

    async def handle_RCPT(  # noqa: N802
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if not self.is_ours(address):
            return str(NOT_OURS)
        # One answer follows the data, so it must speak for one receiver; the others are brought again at once.
        if envelope.rcpt_tos:
            return str(ONE_AT_A_TIME)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        data = content if isinstance(content, bytes) else b""
        sender = (envelope.mail_from or "").strip("<>")  # the null sender comes as "<>"
        received = Received(sender, envelope.rcpt_tos[0], data)
        loop = asyncio.get_running_loop()
        return str(await loop.run_in_executor(self.pool, self._taken, received))

    def _taken(self, received: Received) -> Reply:
        try:
            return self.take(received)
        except Exception as error:
            log.error("mail not taken", error=type(error).__qualname__)
            return AGAIN

    async def handle_exception(self, error: Exception) -> str:
        log.error("mail conversation failed", error=type(error).__qualname__)
        return str(AGAIN)


class _Conversation(SMTP):
    """One connection; it may bring so much and no more."""

    line_length_limit = LINE_MAX

    def __init__(
        self,
        mind: _Mind,
        ear: Ear,
        tls: ssl.SSLContext | None,
        others: "set[_Conversation]",
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        super().__init__(
            mind,
            data_size_limit=ear.bytes_max,
            hostname=ear.name,
            ident="Sellerdesk",
            tls_context=tls,
            timeout=IDLE_SECONDS,
            command_call_limit=COMMANDS_MAX,
            loop=loop,
        )
        self.others = others
        self.left = 3 * ear.bytes_max  # the library keeps lines without an end in memory

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.others.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.others.discard(self)
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        self.left -= len(data)
        if self.left < 0:
            self.hang_up()
        else:
            super().data_received(data)

    def hang_up(self) -> None:
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()


class _Busy(asyncio.Protocol):
    """For whoever comes when all lines are taken."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(b"421 4.3.2 Too many connections; please come again\r\n")
            transport.close()


def _tls(ear: Ear) -> ssl.SSLContext | None:
    if ear.certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(ear.certificate, ear.key)
    return context


def _note(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    log.warning("mail connection failed", error=type(error).__qualname__ if error else "")
