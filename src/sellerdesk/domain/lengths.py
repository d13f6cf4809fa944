"""How long the texts of an order may be: what the tables hold, so that too long a text is refused and not a crash."""

import unicodedata
from typing import Any

from sellerdesk.domain.orders import OrderDocument
from sellerdesk.domain.refusals import Code, refuse

ORDER = {
    "marketplace_id": 20,
    "seller_order_id": 100,
    "order_type": 30,
    "sales_channel": 60,
    "ship_service": 100,
    "service_category": 30,
    "pending_reason": 30,
}
ITEM = {"item_number": 20, "sku": 100, "asin": 20, "condition": 40}
BUYER = {"name": 200, "email": 254, "phone": 60, "company": 200, "purchase_order": 100}
ADDRESS = {
    "name": 200,
    "company": 200,
    "line1": 300,
    "line2": 300,
    "line3": 300,
    "city": 100,
    "county": 100,
    "district": 100,
    "state": 100,
    "municipality": 100,
    "postal_code": 30,
    "country": 2,
    "phone": 60,
    "kind": 20,
}
PACKAGE = {
    "reference": 60,
    "carrier_code": 60,
    "carrier_name": 60,
    "service": 100,
    "tracking": 100,
    "detailed_status": 30,
}


def check_words(text: str, *, place: str, most: int) -> None:
    """Look at what a person wrote, whichever door it came through: some of them do not look.

    Raises Refusal INVALID_VALUE for more than `most` characters, control characters and lone surrogates.
    """
    if len(text) > most:
        said = {"value": f"{len(text)} characters", "expected": f"at most {most} characters"}
        raise refuse(Code.INVALID_VALUE, place=place, **said)
    if any(c not in "\n\r\t" and unicodedata.category(c) in ("Cc", "Cs") for c in text):
        raise refuse(Code.INVALID_VALUE, place=place, value="", expected="text without control characters")


def check_lengths(document: OrderDocument) -> None:
    """Raises Refusal INVALID_VALUE naming the first text that is too long."""
    _check(document, ORDER, "")
    for index, item in enumerate(document.items or (), 1):
        _check(item, ITEM, f"item {index}: ")
    _check(document.buyer, BUYER, "buyer: ")
    _check(document.address, ADDRESS, "address: ")
    for index, package in enumerate(document.packages, 1):
        _check(package, PACKAGE, f"package {index}: ")


def _check(part: Any, lengths: dict[str, int], prefix: str) -> None:
    if part is None:
        return
    for name, most in lengths.items():
        if len(getattr(part, name)) > most:
            place, value = f"{prefix}{name}", f"{len(getattr(part, name))} characters"
            raise refuse(Code.INVALID_VALUE, place=place, value=value, expected=f"at most {most} characters")
