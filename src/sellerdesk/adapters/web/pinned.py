"""The caller: looks a name up once and connects to that very address (trust P21).

A name that answers with a public address first and with a private one later (rebinding) gains nothing: what was checked
is what is connected to. TLS is verified against the name in the URL all the same.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

from sellerdesk.adapters.web.base import NotAllowed, Reply, Unreachable, Web
from sellerdesk.adapters.web.lines import Bounds, Deadline, Line, exchange
from sellerdesk.domain.refusals import Refusal
from sellerdesk.domain.web_addresses import PORTS, Address, Network, WebAddress, check, is_forbidden, is_named

Resolver = Callable[[str, int], Sequence[str]]
_ADDRESSES_TRIED = 2


def look_up(host: str, port: int) -> list[str]:
    """The system's addresses of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass
class PinnedWeb(Web):
    """`allowed` are networks inside that the administrator has named; there any port will do."""

    allowed: Sequence[Network] = ()
    resolver: Resolver = look_up
    bounds: Bounds = field(default_factory=Bounds)
    tls: ssl.SSLContext | None = None  # None: the system's authorities

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """See Web. At most `bounds.body` bytes of the answer are read; the rest is left lying."""
        deadline = Deadline(self.bounds)
        try:
            address = check(url, self.allowed)
        except Refusal as refusal:
            raise NotAllowed(f"address not allowed: {refusal.facts['why']}") from None
        connection = self._connect(address, self._targets(address, deadline), deadline)
        try:
            return exchange(Line(connection, deadline), address, body, headers, self.bounds.body)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unreachable(_said(error)) from None
        finally:
            connection.close()

    def _targets(self, address: WebAddress, deadline: Deadline) -> list[Address]:
        """The addresses to connect to. One that is out of bounds spoils them all."""
        literal = address.literal
        found = [literal] if literal else self._looked_up(address, deadline)
        for one in found:
            if is_forbidden(one, self.allowed):
                raise NotAllowed("the name leads into a network that is not called")
            if address.port not in PORTS and not is_named(one, self.allowed):
                raise NotAllowed("the port is not called")
        return found[:_ADDRESSES_TRIED]

    def _looked_up(self, address: WebAddress, deadline: Deadline) -> list[Address]:
        # getaddrinfo knows no time limit, so that it runs beside us; one that hangs is left behind.
        found: list[Any] = []

        def look() -> None:
            try:
                found.append([ip_address(one) for one in self.resolver(address.host, address.port)])
            except (OSError, ValueError):
                found.append([])

        thread = threading.Thread(target=look, daemon=True)
        thread.start()
        thread.join(deadline.left())
        if not found:
            raise Unreachable("the name was not found in time")
        if not found[0]:
            raise Unreachable("the name is not known")
        addresses: list[Address] = found[0]
        return addresses

    def _connect(self, address: WebAddress, targets: Sequence[Address], deadline: Deadline) -> socket.socket:
        problem = Unreachable("no address")
        for target in targets:
            try:
                raw = socket.create_connection((str(target), address.port), timeout=deadline.left())
            except OSError as error:
                problem = Unreachable(_said(error))
                continue
            try:
                return self._secured(raw, address, deadline) if address.scheme == "https" else raw
            except (OSError, ValueError) as error:
                raw.close()
                problem = Unreachable(_said(error))
        raise problem

    def _secured(self, raw: socket.socket, address: WebAddress, deadline: Deadline) -> socket.socket:
        raw.settimeout(deadline.left())
        context = self.tls or ssl.create_default_context()
        return context.wrap_socket(raw, server_hostname=address.host)


def _said(error: Exception) -> str:
    """What went wrong, in words that show nothing of what the other side sent."""
    if isinstance(error, TimeoutError):
        return "timed out"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate: {error.verify_message}"[:200]
    if isinstance(error, ssl.SSLError):
        return "no TLS"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    return "connection lost" if isinstance(error, OSError) else "not HTTP"
