"""What a buyer is told of an order: how far it is, and whether it can still be cancelled, and how (S1-12, S1-13, S3-03
to S3-05; C15, C26).

The offer asks the same rules as the commands, so that the page promises what the click does; only the instant between
the two can differ, and then the server's clock decides.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sellerdesk.domain import cancel_requests, cancellations
from sellerdesk.domain.cancel_requests import FilingRequest, Reason
from sellerdesk.domain.cancellations import BuyerCancelRequest
from sellerdesk.domain.deadlines import self_cancel_end
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.lifecycle import PackageStatus
from sellerdesk.domain.orders import WAITING, PendingReason, Status
from sellerdesk.domain.refusals import Code, Refusal


class Stage(StrEnum):
    """How far an order is, in the buyer's eyes."""

    PREORDERED = "preordered"
    WAITING = "waiting"  # being checked; nothing for the buyer to do
    PAYMENT_OPEN = "payment_open"  # the buyer must pay, or pay in another way
    PREPARING = "preparing"
    PARTLY_SENT = "partly_sent"
    SENT = "sent"
    DELIVERED = "delivered"
    TROUBLE = "trouble"  # a parcel could not be delivered or comes back
    CANCELLED = "cancelled"
    IMPOSSIBLE = "impossible"


_TO_PAY = frozenset({PendingReason.PAYMENT_DECLINED.value, PendingReason.CONVENIENCE_STORE.value})
_TROUBLED = frozenset({PackageStatus.UNDELIVERABLE.value, PackageStatus.RETURNING.value})
_PLAIN = {
    Status.PENDING_AVAILABILITY: Stage.PREORDERED,
    Status.UNSHIPPED: Stage.PREPARING,
    Status.CANCELED: Stage.CANCELLED,
    Status.UNFULFILLABLE: Stage.IMPOSSIBLE,
}


def stage_of(status: Status, pending_reason: str, parcels: Iterable[str]) -> Stage:
    """The stage, from the order's status and the states of its parcels (of lifecycle.PackageStatus)."""
    if status in WAITING and status is not Status.PENDING_AVAILABILITY:
        return Stage.PAYMENT_OPEN if pending_reason in _TO_PAY else Stage.WAITING
    if status in _PLAIN:
        return _PLAIN[status]
    live = [state for state in parcels if state != PackageStatus.CANCELLED]
    if any(state in _TROUBLED for state in live):
        return Stage.TROUBLE
    if status is Status.PARTIALLY_SHIPPED:
        return Stage.PARTLY_SENT
    if live and all(state == PackageStatus.DELIVERED for state in live):
        return Stage.DELIVERED
    return Stage.SENT


class Way(StrEnum):
    """How a buyer can cancel."""

    ALONE = "alone"  # inside the window, with nothing shipped
    ASK = "ask"
    ASKED = "asked"  # a request is open already
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Offer:
    """The way to cancel at an instant. `until`: the end of the window, also when it is over; `why`: NONE's reason."""

    way: Way
    until: datetime
    why: Code | None = None


def offer(facts: OrderFacts, *, minutes: int, now: datetime) -> Offer:
    """What the buyer can do at `now`; the window is half-open (T07)."""
    until = self_cancel_end(facts.placed_at, minutes)
    alone = BuyerCancelRequest(facts.order_number)
    if _refusal(lambda: cancellations.cancel_by_buyer(facts, alone, minutes=minutes, now=now)) is None:
        return Offer(Way.ALONE, until)
    asked = FilingRequest(facts.order_number, Reason.OTHER)
    why = _refusal(lambda: cancel_requests.file(facts, asked, self_cancel_minutes=minutes, now=now))
    if why is None:
        return Offer(Way.ASK, until)
    return Offer(Way.ASKED if why is Code.ALREADY_REQUESTED else Way.NONE, until, why)


def _refusal(decide: Callable[[], object]) -> Code | None:
    try:
        decide()
    except Refusal as refusal:
        return refusal.code
    return None
