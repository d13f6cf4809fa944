"""The way back: where goods go, under which number and label, and what a border asks for (rulebook 2.7, 3.4; S2-05,
S2-40).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sellerdesk.domain.attachments import PDF, STORED_MAX, CheckedFile, sniff, too_big
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.lengths import check_words
from sellerdesk.domain.message_lint import check_note
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.domain.return_facts import Payer, ReturnFacts, payer_of
from sellerdesk.domain.return_settings import INSTRUCTIONS_MOST

ADDRESS_PARTS = ("name", "line1", "line2", "line3", "city", "state", "postal_code", "country", "phone")
_NEEDED = ("name", "line1", "city", "country")
_PART_MOST = 200
CARRIER_MOST, TRACKING_MOST = 60, 100  # what the table holds
_COUNTRY = re.compile(r"[A-Z]{2}")
_RMA = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/#-]{0,38}[A-Za-z0-9]|[A-Za-z0-9]")
LABEL_KINDS = frozenset({PDF, "image/png"})


class Label(StrEnum):
    NONE = "none"
    UPLOADED = "uploaded"  # the seller's own file, or sent to the buyer with a message
    PREPAID = "prepaid"  # bought through the platform: the first scan refunds


def check_address(address: Mapping[str, Any]) -> dict[str, str]:
    """A return address as it is kept: known parts, trimmed, empty ones left out.

    Raises Refusal MISSING_VALUE, INVALID_VALUE; `place` names the part.
    """
    kept = {}
    for part, value in address.items():
        if part not in ADDRESS_PARTS or not isinstance(value, str):
            raise refuse(
                Code.INVALID_VALUE,
                place="address",
                value=str(part)[:40],
                expected=", ".join(ADDRESS_PARTS),
            )
        text = value.strip()
        if len(text) > _PART_MOST or any(ord(sign) < 32 for sign in text):
            expected = f"one line of at most {_PART_MOST} characters"
            raise refuse(Code.INVALID_VALUE, place=f"address.{part}", value=text[:40], expected=expected)
        if text:
            kept[part] = text
    for part in _NEEDED:
        if part not in kept:
            raise refuse(Code.MISSING_VALUE, place=f"address.{part}")
    kept["country"] = kept["country"].upper()
    if not _COUNTRY.fullmatch(kept["country"]):
        expected = "two letters of ISO 3166"
        raise refuse(
            Code.INVALID_VALUE, place="address.country", value=kept["country"][:40], expected=expected
        )
    return kept


@dataclass(frozen=True, slots=True)
class WayBack:
    """What a seller gives for the way back. `cost` is what the label cost, in minor units of the order's currency."""

    address: Mapping[str, Any]
    label: Label = Label.NONE
    carrier: str = ""
    tracking: str = ""
    own_rma: str = ""
    file: CheckedFile | None = None
    cost: int | None = None
    payer: Payer | None = None
    instructions: str = ""


@dataclass(frozen=True, slots=True)
class Authorized:
    """The way back as it is written down."""

    rma: str
    address: dict[str, str]
    payer: Payer  # of the label, or of the postage


def authorize(
    facts: ReturnFacts, way: WayBack, order: OrderFacts, buyer_country: str, *, by_seller: bool = True
) -> Authorized:
    """Check the way back. Whether the number is taken is for the caller to look up. `by_seller`: the instructions are
    the seller's words, and looked at like a message.

    Raises Refusal MISSING_VALUE (address, tracking, label_file), INVALID_VALUE, ATTACHMENT_TYPE, ATTACHMENT_TOO_BIG,
    RETURN_METHOD_NEEDED, LINT_REFUSED.
    """
    if not way.address:
        raise refuse(Code.MISSING_VALUE, place="address", order_number=order.order_number)
    address = check_address(way.address)
    for place, text, most in (
        ("carrier", way.carrier, CARRIER_MOST),
        ("tracking", way.tracking, TRACKING_MOST),
        ("instructions", way.instructions, INSTRUCTIONS_MOST),
    ):
        check_words(text, place=place, most=most)
    if by_seller:
        check_note(way.instructions, "instructions", order, (facts.rma, way.own_rma, way.tracking))
    check_label(way, order.order_number)
    if way.own_rma and not _RMA.fullmatch(way.own_rma):
        expected = "at most 40 letters, digits and dashes"
        raise refuse(Code.INVALID_VALUE, place="own_rma", value=way.own_rma[:40], expected=expected)
    crosses = bool(buyer_country) and address["country"] != buyer_country
    if crosses and facts.international and way.label is Label.NONE:
        raise refuse(Code.RETURN_METHOD_NEEDED, order_number=order.order_number, country=buyer_country)
    payer = way.payer or payer_of(facts.reason, international=crosses)
    return Authorized(way.own_rma or facts.rma, address, payer)


def check_label(way: WayBack, order_number: str) -> None:
    """Look at a label. Raises Refusal as `authorize`."""
    if way.label is Label.PREPAID and not way.tracking.strip():
        raise refuse(Code.MISSING_VALUE, place="tracking", order_number=order_number)
    if way.label is Label.UPLOADED and way.file is None and not way.tracking.strip():
        raise refuse(Code.MISSING_VALUE, place="label_file", order_number=order_number)
    if way.cost is not None and way.cost < 0:
        raise refuse(
            Code.INVALID_VALUE, place="label_cost", value=str(way.cost), expected="an amount, or none"
        )
    if way.file is None:
        return
    if way.label is Label.NONE:
        raise refuse(Code.INVALID_VALUE, place="label", value=way.label.value, expected="uploaded, prepaid")
    if len(way.file.content) > STORED_MAX:
        raise too_big(len(way.file.content), STORED_MAX)
    if way.file.kind not in LABEL_KINDS or sniff(way.file.content) != way.file.kind:
        raise refuse(Code.ATTACHMENT_TYPE, place="label_file", kind=way.file.kind)


def crosses_border(buyer_country: str, return_address: Mapping[str, Any], based_in: str) -> bool:
    """Whether a return would leave the buyer's country: to the seller's return address there, or else to where the
    seller is based. What is not known crosses nothing.
    """
    goes_to = str(return_address.get("country") or based_in).upper()
    return bool(buyer_country and goes_to) and goes_to != buyer_country.upper()
