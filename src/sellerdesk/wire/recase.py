"""Translate member names and fixed words between the two Orders APIs."""

import re
from typing import Any

# Members whose name changed by more than the case of its first letter.
_TO_2026 = {
    "ASIN": "asin",
    "SellerSKU": "sellerSku",
    "CustomizedURL": "customizedUrl",
    "OpenIntervals": "timeWindows",
    "OtherAttributes": "deliveryCapabilities",
    "AddressInstructions": "addressInstruction",
    "PreferredDeliveryTime": "deliveryTime",
    "Payment": "paymentAmount",
}
_TO_V0 = {new: old for old, new in _TO_2026.items()}
_WORD_BREAK = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[ _]+")
# Words of v0 that are not simply each word capitalised.
_SPECIAL = {"OEM": "OEM"}


def to_2026(value: Any) -> Any:
    """The same JSON with the member names of Orders 2026-01-01."""
    if isinstance(value, dict):
        return {_TO_2026.get(k, k[:1].lower() + k[1:]): to_2026(v) for k, v in value.items()}
    return [to_2026(v) for v in value] if isinstance(value, list) else value


def to_v0(value: Any) -> Any:
    """The same JSON with the member names of Orders v0."""
    if isinstance(value, dict):
        return {_TO_V0.get(k, k[:1].upper() + k[1:]): to_v0(v) for k, v in value.items()}
    return [to_v0(v) for v in value] if isinstance(value, list) else value


def shout(word: str) -> str:
    """`FreeEconomy`, `Very Good` → `FREE_ECONOMY`, `VERY_GOOD`."""
    return _WORD_BREAK.sub("_", word.strip()).upper()


def calm(word: str, *, joint: str = "") -> str:
    """`FREE_ECONOMY` → `FreeEconomy`; with `joint=" "`, `VERY_GOOD` → `Very Good`."""
    return _SPECIAL.get(word) or joint.join(part.capitalize() for part in word.split("_"))
