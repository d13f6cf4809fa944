"""Anonymised mail addresses, one per order and side: neither buyer nor seller sees the other's real one (S3-10).

No table holds them. The local part names the side and the order and carries a tag that only this installation can
make, so that nobody reaches a thread by counting. Mail programs may change the case of a local part; ours is in lower
case and is understood in any.
"""

import hashlib
import hmac
import re
from base64 import b32encode
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

_TAG_BYTES = 10  # 80 bits, 16 letters
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LOCAL = re.compile(r"(shop|buyer)-([1-9a-z][0-9a-z]{0,12})-([a-z2-7]{16})")
_ID_MAX = 2**63 - 1


class Side(StrEnum):
    """Whom an address reaches. Buyers write to SHOP, sellers write to BUYER."""

    SHOP = "shop"
    BUYER = "buyer"


@dataclass(frozen=True, slots=True)
class RelayPoint:
    """What a relay address leads to: the thread of an order, and the side that mail to it is meant for."""

    side: Side
    order_id: int


def relay_key(secret: str) -> bytes:
    """The key of the tags, made from the installation's secret; it is used for nothing else."""
    return hmac.digest(secret.encode(), b"sellerdesk: tags of relay addresses", hashlib.sha256)


def local_part(side: Side, order_id: int, key: bytes) -> str:
    """What stands before the @: `shop-2k9f-…`. Lower case, at most 36 characters.

    Raises ValueError when `order_id` is not a positive 64-bit number.
    """
    if not 0 < order_id <= _ID_MAX:
        raise ValueError(f"not an order's id: {order_id}")
    return f"{side.value}-{_base36(order_id)}-{_tag(side, order_id, key)}"


def address(side: Side, order_id: int, key: bytes, host: str) -> str:
    """The whole address of a side of an order's thread at `host`. Raises ValueError as `local_part`."""
    return f"{local_part(side, order_id, key)}@{host}"


def resolve(local: str, key: bytes) -> RelayPoint | None:
    """What a local part leads to; None when we never gave it out. Upper and lower case are the same."""
    match = _LOCAL.fullmatch(local.lower()) if local.isascii() else None
    if match is None:
        return None
    side, order_id = Side(match[1]), int(match[2], 36)
    if order_id > _ID_MAX or not hmac.compare_digest(_tag(side, order_id, key), match[3]):
        return None
    return RelayPoint(side, order_id)


def resolve_address(text: str, key: bytes, host: str) -> RelayPoint | None:
    """What a whole address leads to; None when its host is not `host` or `resolve` does not know it."""
    local, _, at = text.rpartition("@")
    return resolve(local, key) if at.lower().rstrip(".") == host.lower() else None


def thread_id(order_id: int, key: bytes, host: str) -> str:
    """The Message-ID, without brackets, that all mails about an order's messages refer to: their thread."""
    tag = hmac.digest(key, f"thread {order_id}".encode(), hashlib.sha256)[:_TAG_BYTES]
    return f"thread-{_base36(order_id)}-{_letters(tag)}@{host}"


def host_of(base_url: str) -> str:
    """The host that mail comes from: the one of the base URL, or localhost where that is only a number."""
    host = urlsplit(base_url).hostname or "localhost"
    try:
        ip_address(host)
    except ValueError:
        return host
    return "localhost"


def _tag(side: Side, order_id: int, key: bytes) -> str:
    return _letters(hmac.digest(key, f"{side.value} {order_id}".encode(), hashlib.sha256)[:_TAG_BYTES])


def _letters(tag: bytes) -> str:
    return b32encode(tag).decode().lower()


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def is_aligned(envelope: str | None, sender: str) -> bool:
    """Whether an envelope's sender fits the one that the mail names (addr-specs; None: no envelope is known).

    The same address fits, and so does one of the same domain or of a domain above or below it: services send with
    return addresses of their own there. Raises nothing; the null sender fits nobody.
    """
    if envelope is None or envelope.lower() == sender.lower():
        return True
    ours, theirs = (one.lower().rpartition("@")[2] for one in (sender, envelope))
    if "." not in ours or "." not in theirs:
        return False
    return ours == theirs or theirs.endswith("." + ours) or ours.endswith("." + theirs)
