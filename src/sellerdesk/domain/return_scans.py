"""What carriers see of goods on their way back: scans of a return's own label, and parcels that turn round (S0-31)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sellerdesk.domain.facts import OrderFacts, PackageFacts
from sellerdesk.domain.orders import Channel
from sellerdesk.domain.refunds import RefundFacts
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.domain.return_facts import AWAITED, ReturnFacts, ReturnReason, ReturnState
from sellerdesk.domain.returns import after, returnable


class Scan(StrEnum):
    IN_TRANSIT = "IN_TRANSIT"
    DELIVERED = "DELIVERED"


@dataclass(frozen=True, slots=True)
class ReturnScan:
    """One scan of a return's own label; `kind` is of Scan, `at` the carrier's moment (aware UTC)."""

    order_number: str
    rma: str
    kind: str
    at: datetime
    place: str = ""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan makes of a return. `first`: it is the one that shows the goods are on their way."""

    state: ReturnState
    first: bool
    delivered: bool
    known: bool  # it was told before


def scan(facts: ReturnFacts, told: ReturnScan, *, now: datetime) -> Scanned:
    """Decide a scan. That the carrier delivered is news for the seller, who says himself what came.

    Raises Refusal INVALID_VALUE (unknown kind, a moment in the future), RETURN_STATE (never authorised, or closed).
    """
    if told.kind not in set(Scan):
        raise refuse(Code.INVALID_VALUE, place="kind", value=told.kind[:40], expected=", ".join(Scan))
    if told.at > now:
        expected = "not later than now"
        raise refuse(Code.INVALID_VALUE, place="at", value=told.at.isoformat(), expected=expected)
    delivered = told.kind == Scan.DELIVERED
    if facts.state is ReturnState.AUTHORIZED:
        return Scanned(after(facts, "depart", told.order_number), True, delivered, False)
    on_the_way = facts.state is ReturnState.IN_TRANSIT_BACK or (
        facts.state is ReturnState.COMPLETED and not facts.returnless
    )
    if on_the_way or facts.received_at is not None:
        news = delivered and facts.delivered_back_at is None and facts.received_at is None
        return Scanned(facts.state, False, news, not news)
    said = {"rma": facts.rma, "state": facts.state.value, "verb": "depart"}
    raise refuse(Code.RETURN_STATE, order_number=told.order_number, **said)


@dataclass(frozen=True, slots=True)
class TurnedRound:
    """What becomes of the units of a parcel that turned round: `fresh` (item number → units) nobody had asked to
    return; `moved` are returns that were waiting for them.
    """

    fresh: Mapping[str, int]
    moved: tuple[ReturnFacts, ...]


def turned_round(facts: RefundFacts, package: PackageFacts) -> TurnedRound:
    """Share a parcel's units out: first what is in no return yet, the rest to the open returns of these items, oldest
    first, which wait for goods that now come by themselves.
    """
    fresh: dict[str, int] = {}
    rest: dict[int, int] = {}
    for item_number, units in package.lines.items():
        item = facts.order.item(item_number)
        free = min(units, max(0, returnable(facts, item)))
        if free:
            fresh[item_number] = free
        if units > free:
            rest[item.id] = units - free
    waiting = AWAITED - {ReturnState.IN_TRANSIT_BACK}
    moved = []
    for one in facts.returns:
        if one.state in waiting and any(rest.get(item_id, 0) > 0 for item_id in one.units):
            moved.append(one)
            for item_id, units in one.units.items():
                rest[item_id] = rest.get(item_id, 0) - units
    return TurnedRound(fresh, tuple(moved))


def reason_of(kind: str) -> ReturnReason:
    """Why a parcel came back by itself, among the reasons that there are: the buyer did not want it, or it did not
    arrive. The carrier's own word is kept beside it.
    """
    return ReturnReason.NOT_NEEDED if kind == "REFUSED" else ReturnReason.LATE_DELIVERY


def returns_of(facts: RefundFacts, package: PackageFacts) -> tuple[ReturnFacts, ...]:
    """The returns that a parcel's turning round made or moved on."""
    return tuple(one for one in facts.returns if one.package_id == package.id)


def is_sellers(order: OrderFacts) -> bool:
    """Whether parcels of an order come back to the seller (not to the marketplace), and what is in them is known."""
    return order.channel is Channel.MFN and order.items_known
