"""Identifiers that people and programs see, and what a search term looks like (screens: global search)."""

import re
import string
import unicodedata
from enum import StrEnum
from typing import Protocol

from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.domain.tracking import is_telling, tracking_key

__all__ = [
    "Randomness",
    "SearchKind",
    "classify",
    "is_item_number",
    "is_order_number",
    "is_seller_id",
    "new_claim_reference",
    "new_item_number",
    "new_order_number",
    "new_rma",
    "new_seller_id",
    "order_number_key",
    "parse_order_number",
    "split_terms",
    "tracking_key",
]

_ORDER_NUMBER = re.compile(r"[0-9]{3}-[0-9]{7}-[0-9]{7}")
_LOOSE_ORDER_NUMBER = re.compile(r"([0-9]{3})[\s\-‐-―−]*([0-9]{7})[\s\-‐-―−]*([0-9]{7})")
_ITEM_NUMBER = re.compile(r"[0-9]{14}")
_SELLER_ID = re.compile(r"A[0-9A-Z]{12,13}")
_ASIN = re.compile(r"B0[0-9A-Z]{8}")
_EMAIL = re.compile(r"[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+")
_SPOKEN = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_UPPER_ALNUM = string.digits + string.ascii_uppercase
_SEPARATORS = re.compile(r"[\s,;，；、]+")


class Randomness(Protocol):
    """Where random digits come from: `random.SystemRandom()` in life, `random.Random(seed)` in tests."""

    def randrange(self, start: int, stop: int, /) -> int: ...


def is_order_number(text: str) -> bool:
    """Whether a text is exactly an order number: 3, 7 and 7 ASCII digits with dashes (rulebook 2.1)."""
    return _ORDER_NUMBER.fullmatch(text) is not None


def parse_order_number(text: str, *, place: str) -> str:
    """The order number itself. Raises Refusal INVALID_VALUE, naming `place`, for anything else."""
    if not is_order_number(text):
        raise refuse(Code.INVALID_VALUE, place=place, value=text[:40], expected="3-7-7 digits")
    return text


def order_number_key(term: str) -> str | None:
    """The order number that a person means (other dashes, blanks or none, full-width digits), or None."""
    match = _LOOSE_ORDER_NUMBER.fullmatch(unicodedata.normalize("NFKC", term).strip())
    return "-".join(match.groups()) if match else None


def is_item_number(text: str) -> bool:
    """Whether a text is exactly an order item number as we make them: 14 ASCII digits."""
    return _ITEM_NUMBER.fullmatch(text) is not None


def is_seller_id(text: str) -> bool:
    """Whether a text is a public seller id: `A` and 12 or 13 capital letters or digits."""
    return _SELLER_ID.fullmatch(text) is not None


def new_order_number(source: Randomness) -> str:
    """A random order number. The caller makes sure that it is new; 10^17 of them exist."""
    digits = f"{source.randrange(0, 10**17):017d}"
    return f"{digits[:3]}-{digits[3:10]}-{digits[10:]}"


def new_item_number(source: Randomness) -> str:
    """A random order item number: 14 digits, the first not 0, so that spreadsheets keep all of them."""
    return str(source.randrange(10**13, 10**14))


def new_rma(source: Randomness) -> str:
    """A random number for a return; without letters and digits that look alike, because people read it aloud."""
    return "RMA-" + _spoken(source, 10)


def _spoken(source: Randomness, count: int) -> str:
    return "".join(_SPOKEN[source.randrange(0, len(_SPOKEN))] for _ in range(count))


def new_claim_reference(source: Randomness) -> str:
    """A random reference of a claim, `C-XXXX-XXXX`, of the same letters."""
    return f"C-{_spoken(source, 4)}-{_spoken(source, 4)}"


def new_seller_id(source: Randomness) -> str:
    """A random public seller id of 14 characters."""
    return "A" + "".join(_UPPER_ALNUM[source.randrange(0, len(_UPPER_ALNUM))] for _ in range(13))


class SearchKind(StrEnum):
    """What a search term looks like. A guess: when nothing is found under it, search for TEXT too."""

    ORDER_NUMBER = "order_number"
    ITEM_NUMBER = "item_number"
    TRACKING = "tracking"
    ASIN = "asin"
    EMAIL = "email"
    TEXT = "text"  # SKU or name


def classify(term: str) -> SearchKind:
    """What a search term looks like. Numbers that many carriers share are TRACKING from ten digits on."""
    text = unicodedata.normalize("NFKC", term).strip()
    if order_number_key(text):
        return SearchKind.ORDER_NUMBER
    if is_item_number(text):
        return SearchKind.ITEM_NUMBER
    if _EMAIL.fullmatch(text):
        return SearchKind.EMAIL
    if _ASIN.fullmatch(text.upper()):
        return SearchKind.ASIN
    key = tracking_key(text)
    if is_telling(key) or (key.isascii() and key.isdigit() and 10 <= len(key) <= 34):
        return SearchKind.TRACKING
    return SearchKind.TEXT


def split_terms(pasted: str) -> tuple[str, ...]:
    """The terms of a pasted list (lines, commas, semicolons, blanks), each once, in their order.

    Meant for identifiers; a text that holds none is one term, so that names of several words stay whole.
    """
    whole = pasted.strip()
    parts = tuple(dict.fromkeys(part for part in _SEPARATORS.split(whole) if part))
    known = sum(classify(part) is not SearchKind.TEXT for part in parts)
    one = classify(whole) is not SearchKind.TEXT  # a number written in groups
    if known == len(parts) or (known and not one):
        return parts
    return (whole,)
