"""Print packing slips: count them, read what they show, set them as PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sellerdesk.adapters.pdf.barcodes import code128_widths
from sellerdesk.adapters.pdf.slips import render_slips
from sellerdesk.commands.slips import SlipRequest, record_prints
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.slips import PaperSize, Sheet
from sellerdesk.queries.slips import SlipOrder, slip_orders


@dataclass(frozen=True, slots=True)
class PrintedSlips:
    """What was asked for, one outcome each, and the orders whose slips may be printed now."""

    outcomes: tuple[Outcome, ...]
    orders: tuple[SlipOrder, ...]


def print_slips(actor: Actor, order_numbers: Sequence[str], *, now: datetime) -> PrintedSlips:
    """Count a print of each order and read the slips of those that were accepted, in the order asked."""
    if actor.seller_id is None:
        raise ValueError("slips are printed for one seller")
    asked = list(dict.fromkeys(order_numbers))
    outcomes = record_prints(actor, [SlipRequest(number) for number in asked], now=now)
    accepted = [outcome.order_number for outcome in outcomes if outcome.accepted]
    personal = actor.may(Permission.BUYERS_READ)
    orders = slip_orders(actor.seller_id, accepted, personal=personal) if accepted else ()
    return PrintedSlips(tuple(outcomes), orders)


def slips_pdf(sheets: Sequence[Sheet], size: PaperSize) -> bytes:
    """The sheets as one PDF document."""
    return render_slips(sheets, size)


def barcode(order_number: str) -> tuple[int, ...]:
    """The widths of the bars and gaps of an order number in Code 128, in turn, beginning with a bar."""
    return code128_widths(order_number)
