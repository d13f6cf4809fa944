"""Take a store's word on orders that are collected there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sellerdesk.commands import run_batch
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.orders import Status
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.pickups import NONE, report_pickup
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.published_writes import PublishedOrder, PublishedPart, lock_published, write_published

PART = "pickup"  # the part of Order.published that this command owns


@dataclass(frozen=True, slots=True)
class PickupReport:
    """What happened at the counter. `lines` (item number → units) names a part of the order; empty: all of it."""

    order_number: str
    state: str  # ReadyForPickup | PickedUp | RefusedPickup
    lines: dict[str, int] = field(default_factory=dict)
    place: str = ""


def report_pickups(actor: Actor, reports: Sequence[PickupReport], *, now: datetime) -> list[Outcome]:
    """Record pick-up states: "recorded", or "unchanged" when it was said before.

    Nothing is charged by it: the buyer pays when the shipment is confirmed. Refusals are those of
    `domain.pickups.report_pickup` and ORDER_NOT_FOUND, DUPLICATE_REQUEST, FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        known = lock_published(seller_id, [report.order_number for report in reports])
        outcomes: list[Outcome] = []
        parts: dict[str, PublishedPart] = {}
        for report in reports:
            try:
                if report.order_number in parts:
                    raise refuse(Code.DUPLICATE_REQUEST, place=report.place or report.order_number)
                part = _decide(report, known.get(report.order_number), now)
            except Refusal as refusal:
                outcomes.append(refused(report.order_number, refusal, report.place))
                continue
            if part is not None:
                parts[report.order_number] = part
            outcomes.append(
                Outcome(report.order_number, "recorded" if part else "unchanged", place=report.place)
            )
        if parts:
            write_published(actor, seller_id, list(parts.values()), now)
        return outcomes

    return run_batch(actor, Permission.ORDERS_SHIP, reports, work)


def _decide(report: PickupReport, order: PublishedOrder | None, now: datetime) -> PublishedPart | None:
    if order is None:
        raise refuse(Code.ORDER_NOT_FOUND, order_number=report.order_number)
    held = order.published.get(PART, {})
    state = report_pickup(
        report.order_number,
        status=Status(order.status),
        is_pickup=order.published.get("v0", {}).get("IsISPU") is True,
        state=held.get("state", NONE),
        verb=report.state,
    )
    if state == held.get("state") and report.lines == held.get("lines"):
        return None
    facts = {"state": state, "lines": report.lines}
    held = facts | {"at": now.isoformat()}
    return PublishedPart({PART: held}, Entry(order.id, "pickup_reported", facts))
