"""What another platform's documents tell of cancelling: who cancelled there, and that a buyer filed a request there
(rulebook 3.3; S3-18 to S3-20, S3-33).

Pure: a document, settled against what we hold, and our own facts go in; what is new by it comes out, once.
"""

from dataclasses import dataclass
from datetime import datetime

from sellerdesk.domain.cancel_requests import State
from sellerdesk.domain.cancellations import Canceller, Counting, Why
from sellerdesk.domain.facts import ItemFacts, OrderFacts
from sellerdesk.domain.orders import OPEN, WAITING, Channel, ItemDocument, OrderDocument, Status

_REASON_MAX = 40


@dataclass(frozen=True, slots=True)
class CancelledElsewhere:
    """Units that the platform cancelled, or let its buyer or seller cancel. `by` "" is unknown: v0 does not say."""

    by: str
    reason: str
    lines: dict[str, int]  # item number → units; empty when the document gives none
    counting: Counting
    leaves: bool

    @property
    def units(self) -> int:
        return sum(self.lines.values())


@dataclass(frozen=True, slots=True)
class WishElsewhere:
    """A request that the buyer filed there, for lines that are still to ship here."""

    item_numbers: tuple[str, ...]
    words: str  # the buyer's own: personal


@dataclass(frozen=True, slots=True)
class CancelNews:
    """What a document adds to what we know. `closes` is the state in which an open wish ends by it, or None."""

    at: datetime  # as far as the document tells: when it was last changed
    cancelled: CancelledElsewhere | None
    wish: WishElsewhere | None
    closes: State | None


def cancel_news(document: OrderDocument, facts: OrderFacts | None) -> CancelNews | None:
    """What is new in a document, or None; `facts` are the order as we hold it, None when it comes for the first time.

    Quantities and status of the document must be settled (`placing.merge_progress`). A cancellation is told once: only
    units beyond those cancelled already, or the order itself when its lines give no units.
    """
    held = {item.item_number: item for item in facts.items} if facts is not None else {}
    cancelled = _cancelled(document, facts, held)
    wish = _wish(document, held)
    closes = _closes(document, facts, cancelled)
    if cancelled is None and wish is None and closes is None:
        return None
    return CancelNews(document.updated_at or document.placed_at, cancelled, wish, closes)


def _cancelled(
    document: OrderDocument, facts: OrderFacts | None, held: dict[str, ItemFacts]
) -> CancelledElsewhere | None:
    if document.items is None:  # a later document will bring the lines, and with them who cancelled
        return None
    lines = {
        item.item_number: units
        for item in document.items
        if (units := item.cancelled - (held[item.item_number].cancelled if item.item_number in held else 0))
        > 0
    }
    before = facts.counts_in_cr if facts is not None else None
    if not lines and (document.status is not Status.CANCELED or before is not None):
        return None
    told = [item for item in document.items if item.item_number in lines or not lines]
    parties = {item.cancelled_by for item in told}
    by = next((one.value for one in _BLAMED if one in parties), "")
    asked = all(_asked(item, held.get(item.item_number)) for item in told)
    counting = _counting(document, by, asked=bool(told) and asked)
    leaves = counting.why in (Why.FORMAL_REQUEST, Why.BUYER_ALONE) and document.status is Status.CANCELED
    reason = next((item.cancel_reason for item in told if item.cancel_reason), "")[:_REASON_MAX]
    return CancelledElsewhere(by, reason, lines, counting, leaves and not before)


# Whose doing it is when lines of one order were cancelled by several: who answers for the order comes first.
_BLAMED = (Canceller.MERCHANT, Canceller.AMAZON, Canceller.BUYER)


def _counting(document: OrderDocument, by: str, *, asked: bool) -> Counting:
    if document.channel is Channel.AFN:
        return Counting(counts=False, why=Why.WAREHOUSE)
    if by == Canceller.BUYER:
        return Counting(counts=False, why=Why.BUYER_ALONE)
    if asked:
        return Counting(counts=False, why=Why.FORMAL_REQUEST)
    if by == Canceller.MERCHANT:
        return Counting(counts=True, why=Why.SELLER_REASON)
    return Counting(counts=False, why=Why.MARKETPLACE if by == Canceller.AMAZON else Why.UNKNOWN)


def _asked(item: ItemDocument, held: ItemFacts | None) -> bool:
    return item.cancel_requested or (held is not None and held.cancel_requested)


def _wish(document: OrderDocument, held: dict[str, ItemFacts]) -> WishElsewhere | None:
    """Only flags that we have not seen yet: documents go on carrying them after the wish was answered here."""
    if document.channel is Channel.AFN or document.status not in OPEN | WAITING:
        return None
    fresh = [
        item
        for item in document.items or ()
        if item.cancel_requested
        and item.ordered > item.shipped + item.cancelled
        and not (item.item_number in held and held[item.item_number].cancel_requested)
    ]
    if not fresh:
        return None
    words = next((item.cancel_words for item in fresh if item.cancel_words), "")
    return WishElsewhere(tuple(item.item_number for item in fresh), words)


def _closes(
    document: OrderDocument, facts: OrderFacts | None, cancelled: CancelledElsewhere | None
) -> State | None:
    if facts is None or not facts.cancel_request or document.status in OPEN | WAITING:
        return None
    granted = cancelled is not None and cancelled.counting.why is Why.FORMAL_REQUEST
    return State.ACCEPTED if granted else State.SUPERSEDED
