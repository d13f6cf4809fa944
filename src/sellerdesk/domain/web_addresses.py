"""Addresses that people give us to call: how they must be written, and where we never connect to (trust P21).

The list of networks is our own: Python's `is_global` says yes to `::127.0.0.1`, to NAT64 and to multicast, and what it
says differs between versions. Of IPv6 only the space that is given out to networks is open at all.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from sellerdesk.domain.refusals import Code, refuse

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

LENGTH_MAX = 1000
HOST_LENGTH_MAX = 253
PORTS = frozenset({80, 443, 8443})
DEFAULT_PORTS = {"http": 80, "https": 443}
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(?P<port>[1-9][0-9]{0,4}))?"
    r"(?P<target>[/?][!$&-;=?-Z_a-z~%\[\]@]*)?",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.IGNORECASE)

_FORBIDDEN_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this host, this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' own NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local; clouds keep their secrets at 169.254.169.254
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",  # measuring
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
# Everything outside is mapped, compatible, translated, link-local, unique-local, multicast or not given out.
_OPEN_V6 = IPv6Network("2000::/3")
_FORBIDDEN_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocols: Teredo, benchmarking, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 carries an IPv4 address, and it may be any
        "2620:4f:8000::/48",
        "3ffe::/16",
        "3fff::/20",
    )
)


@dataclass(frozen=True, slots=True)
class WebAddress:
    """A checked address, taken apart. `host` is a lower-case name, or an IP address without brackets."""

    scheme: str
    host: str
    port: int
    target: str  # path and query, as they were given; at least "/"

    @property
    def literal(self) -> Address | None:
        """The IP address, where the host is one."""
        try:
            return ip_address(self.host)
        except ValueError:
            return None

    @property
    def authority(self) -> str:
        """The value of the header Host."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def parse(text: str) -> WebAddress:
    """Take an address apart, strictly: nothing that two readers could understand differently.

    No user, no fragment, no backslash, no percent or non-ASCII in the host, no number that is not a plain IPv4 address.

    Raises Refusal ADDRESS_REFUSED with why "syntax".
    """
    match = _URL.fullmatch(text) if len(text) <= LENGTH_MAX and text.isascii() else None
    if match is None:
        raise _refused(text, "syntax")
    scheme, host = match["scheme"].lower(), match["host"].lower()
    port = int(match["port"]) if match["port"] else DEFAULT_PORTS[scheme]
    target = match["target"] or "/"
    if port > 65535 or not _is_host(host):
        raise _refused(text, "syntax")
    return WebAddress(scheme, host.strip("[]"), port, target if target.startswith("/") else f"/{target}")


def check(text: str, allowed: Sequence[Network] = ()) -> WebAddress:
    """`parse`, and refuse what can be seen to be out of bounds before any name is looked up.

    Raises Refusal ADDRESS_REFUSED with why "syntax", "port" or "network".
    """
    address = parse(text)
    if address.port not in PORTS and not allowed:
        raise _refused(text, "port")
    literal = address.literal
    if literal is not None:
        if is_forbidden(literal, allowed):
            raise _refused(text, "network")
        if address.port not in PORTS and not is_named(literal, allowed):
            raise _refused(text, "port")
    return address


def is_forbidden(address: Address, allowed: Sequence[Network] = ()) -> bool:
    """Whether we never connect there. `allowed` are networks that the administrator has named."""
    if is_named(address, allowed):
        return False
    if isinstance(address, IPv4Address):
        return any(address in network for network in _FORBIDDEN_V4)
    if address.scope_id is not None or address not in _OPEN_V6:
        return True
    return any(address in network for network in _FORBIDDEN_V6)


def is_named(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether the administrator has named a network with this address in it; there any port will do."""
    return any(address.version == network.version and address in network for network in allowed)


def networks(text: str) -> tuple[Network, ...]:
    """Networks in CIDR form, parted by commas. Raises ValueError."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def _is_host(host: str) -> bool:
    if host.startswith("["):
        return _is_ip(host[1:-1], IPv6Address)
    labels = host.split(".")
    if len(host) > HOST_LENGTH_MAX or not all(_LABEL.fullmatch(label) for label in labels):
        return False
    # What ends in a number is an IPv4 address to somebody: 0x7f.1 and 2130706433 too. Only the plain form will do.
    if labels[-1].isdigit() or re.fullmatch(r"0x[0-9a-f]*", labels[-1]):
        return _is_ip(host, IPv4Address)
    return True


def _is_ip(text: str, kind: type[IPv4Address] | type[IPv6Address]) -> bool:
    try:
        kind(text)
    except ValueError:
        return False
    return True


def _refused(text: str, why: str) -> Exception:
    return refuse(Code.ADDRESS_REFUSED, place="url", value=text[:100], why=why)
