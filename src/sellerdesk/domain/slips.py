"""Packing slips: when one may be printed, and what a printed sheet consists of (S1-10, S4-08, screens 1.5).

A sheet is worded already: the door chose the language. Paper and screen show the same sheet. It has no place
for prices.
"""

from dataclasses import dataclass
from enum import StrEnum

from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.lifecycle import actions
from sellerdesk.domain.orders import WAITING, Channel, Status
from sellerdesk.domain.refusals import Code, refuse


class PaperSize(StrEnum):
    """The sheets that sellers' printers take."""

    A4 = "a4"
    LETTER = "letter"
    A5 = "a5"
    LABEL = "10x15"  # centimetres: the roll of a label printer


# Width and height in millimetres.
MILLIMETRES: dict[PaperSize, tuple[float, float]] = {
    PaperSize.A4: (210, 297),
    PaperSize.LETTER: (215.9, 279.4),
    PaperSize.A5: (148, 210),
    PaperSize.LABEL: (100, 150),
}


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One product: how many, what, and the words below it (SKU, condition, gift message)."""

    quantity: int
    title: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A packing slip ready to be set: every text is worded in the language of its reader."""

    order_number: str
    heading: str
    facts: tuple[tuple[str, str], ...]  # label, value
    ship_to_label: str
    ship_to: tuple[str, ...]
    quantity_label: str
    product_label: str
    lines: tuple[SheetLine, ...]
    summary: str
    language: str  # BCP 47, of the first language


def check_printable(facts: OrderFacts) -> None:
    """A slip is printed of what the seller packs.

    Raises Refusal WAREHOUSE_ORDER (S0-11), ORDER_PENDING (S0-06), ORDER_CANCELLED, WRONG_STATUS.
    """
    number = facts.order_number
    if facts.channel is Channel.AFN:
        raise refuse(Code.WAREHOUSE_ORDER, order_number=number)
    if facts.status in WAITING:
        raise refuse(Code.ORDER_PENDING, order_number=number, reason=facts.pending_reason)
    if facts.status is Status.CANCELED:
        raise refuse(Code.ORDER_CANCELLED, order_number=number)
    if "print_packing_slip" not in actions(facts.status, facts.channel):
        raise refuse(
            Code.WRONG_STATUS, order_number=number, status=facts.status.value, verb="print_packing_slip"
        )
