"""Codes by which buyers sign in: mailed, short-lived, guessed at a few times at most (rulebook S2-42, screens 1.18).

A code is never kept. Its row holds a random seed and a keyed digest of the address; whoever has the installation's key
makes the code from the seed again, which is how the letter gets it and how a typed code is checked. The numbers here
guard the door rather than a marketplace's rule, so they are no policies.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

LIFETIME = timedelta(minutes=15)
TRIES = 5
LENGTH = 8
SESSION_LIFETIME = timedelta(hours=12)
# Without 0, 1, I and O, which people confuse: 32 letters, 40 bits.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
ADDRESS_LENGTH_MAX = 254
_ADDRESS = re.compile(r"[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+")
_ORDER_NUMBER = re.compile(r"\d{3}-\d{7}-\d{7}")


@dataclass(frozen=True, slots=True)
class Limit:
    """A token bucket: how many at once, and how long until one more."""

    burst: float
    every: timedelta

    @property
    def rate(self) -> float:
        """Tokens a second."""
        return 1 / self.every.total_seconds()


ASKS_OF_ADDRESS = Limit(5, timedelta(minutes=5))
ASKS_OF_CLIENT = Limit(30, timedelta(seconds=30))
TRIES_OF_CLIENT = Limit(60, timedelta(seconds=10))


def clean_address(text: str) -> str:
    """An e-mail address as orders hold it, or "" when it cannot be one."""
    address = text.strip().lower()
    good = len(address) <= ADDRESS_LENGTH_MAX and _ADDRESS.fullmatch(address)
    return address if good else ""


def clean_order_number(text: str) -> str:
    """An order number as people paste it, or "" when it cannot be one."""
    number = re.sub(r"\s", "", text).replace("\u2010", "-").replace("\u2013", "-")
    return number if number.isascii() and _ORDER_NUMBER.fullmatch(number) else ""


def clean_code(text: str) -> str:
    """A code as people type it, small letters, blanks and hyphens and all."""
    return re.sub(r"[\s\-\u2010-\u2015]", "", text).upper()[: LENGTH * 2]


def digest_of(key: bytes, kind: str, text: str) -> str:
    """A keyed digest: says whether two texts are the same without saying what they are."""
    return hmac.new(key, f"sellerdesk {kind}\0{text}".encode(), hashlib.sha256).hexdigest()


def address_digest(key: bytes, address: str) -> str:
    """The digest that stands for an address in codes and sessions, where addresses themselves must not be."""
    return digest_of(key, "buyer address", address.lower())


def code_of(key: bytes, seed: str) -> str:
    """The code that belongs to a row's seed."""
    number = int(digest_of(key, "buyer code", seed), 16)
    letters = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def spoken(code: str) -> str:
    """A code in two halves, as letters show it."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def matches(key: bytes, seed: str, typed: str) -> bool:
    """Whether a typed code is the seed's, compared in constant time."""
    return hmac.compare_digest(code_of(key, seed).encode(), clean_code(typed).encode())


def is_alive(expires_at: datetime, tries: int, used_at: datetime | None, now: datetime) -> bool:
    """Whether a code can still be used: not used before, tries left, and its time not over (half-open)."""
    return used_at is None and tries < TRIES and now < expires_at
