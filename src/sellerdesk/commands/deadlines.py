"""Fire deadlines that are due: reminders, warnings, automatic cancellation (S0-15 to S0-20; I12, I21; trust P24)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sellerdesk.commands import run_batch
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.cancellations import cancel_automatically
from sellerdesk.domain.deadlines import DeadlineKind, auto_cancel_decision
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.orders import OPEN, Channel
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.models.deadline_writes import DueRow, Firing, still_due, write_firings
from sellerdesk.models.facts import ClockFacts, lock_free_by_id, read_by_id
from sellerdesk.models.journal_writes import Entry

# A sweep runs every few seconds; a deadline that fires later than this was held up, and says so.
_PUNCTUAL = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class DueOrder:
    """An order with a deadline of some kind that a look at the table found due."""

    order_id: int
    order_number: str
    place: str = ""


def fire_deadlines(
    actor: Actor, kind: DeadlineKind, orders: Sequence[DueOrder], *, now: datetime
) -> list[Outcome]:
    """Fire one kind of deadline for orders of one seller.

    Outcome "fired" with facts late and those of the journal; "void" when the order is past it, so that it is closed
    without effect; "skipped" when the order is held by somebody else at the moment, when the deadline was closed
    meanwhile, or when an earlier one of the same order has not fired yet (I12): the next sweep looks again.
    """

    def work(seller_id: int) -> list[Outcome]:
        locked = lock_free_by_id(seller_id, [one.order_id for one in orders])
        due = still_due(seller_id, list(locked), kind.value, [one.value for one in KINDS], now)
        firings = {row.order_id: fire(locked[row.order_id], row) for row in due}
        if kind is DeadlineKind.AUTO_CANCEL:
            firings |= _cancellations(seller_id, [one for one in firings.values() if one.fires], locked, now)
        if firings:
            write_firings(actor, seller_id, list(firings.values()), now)
        return [_outcome(one, firings.get(one.order_id)) for one in orders]

    def fire(facts: ClockFacts, row: DueRow) -> Firing:
        return _firing(kind, facts, row, now)

    return run_batch(actor, Permission.PAYMENTS_REPORT, orders, work)


def _outcome(order: DueOrder, firing: Firing | None) -> Outcome:
    if firing is None:
        return Outcome(order.order_number, "skipped")
    if not firing.fires:
        return Outcome(order.order_number, "void")
    said = firing.entry.facts if firing.entry else firing.said
    return Outcome(order.order_number, "fired", facts={"late": firing.was_late, **said})


def _firing(kind: DeadlineKind, facts: ClockFacts, row: DueRow, now: datetime) -> Firing:
    late = now - row.due_at > _PUNCTUAL
    if kind is DeadlineKind.MESSAGE_ANSWER:  # whatever became of the order, its buyer waits for an answer
        said = {"due_at": row.due_at, "policy": row.policy_key, "late": late}
        return Firing(row, late, Entry(facts.id, _SAYS[kind], said))
    # Nothing of it concerns an order that is not the seller's to ship any more: no mail, no cancellation.
    if facts.status not in OPEN or facts.channel is not Channel.MFN:
        return Firing(row, late)
    said = {"due_at": row.due_at, "policy": row.policy_key, "late": late}
    entry = Entry(facts.id, _SAYS[kind], said | {"ship_by": facts.latest_ship_at})
    return Firing(row, late, entry, warns=kind is DeadlineKind.AUTO_CANCEL_WARNING)


def _cancellations(
    seller_id: int, firings: Sequence[Firing], locked: dict[int, ClockFacts], now: datetime
) -> dict[int, Firing]:
    """Automatic cancellations take the same decision as every other one, so that they count by the same rule."""
    known = read_by_id(seller_id, [one.due.order_id for one in firings])
    orders = {facts.id: facts for facts in known.values()}
    return {one.due.order_id: _cancellation(one, orders[one.due.order_id], locked, now) for one in firings}


def _cancellation(firing: Firing, facts: OrderFacts, locked: dict[int, ClockFacts], now: datetime) -> Firing:
    row = firing.due
    # Nobody can say what would be cancelled: that is its own platform's affair.
    if not facts.items_known or not any(item.left for item in facts.items):
        return Firing(row, firing.was_late)
    # A warning that came after the instant was no warning: the seller could not act on it (I21, P24).
    warned_at = locked[facts.id].warned_at
    warned = warned_at is not None and warned_at < row.due_at
    cause = auto_cancel_decision(warned, row.due_at, now).cause
    decision = cancel_automatically(facts, (row.policy_key, row.policy_value))
    said = {"due_at": row.due_at, "cause": cause, "by": decision.by.value, "units": decision.units}
    return Firing(row, firing.was_late, cancels=decision, said=said | {"policy": row.policy_key})


_SAYS = {
    DeadlineKind.SHIP_BY_REMINDER: "ship_by_reminded",
    DeadlineKind.SHIP_BY: "ship_by_passed",
    DeadlineKind.AUTO_CANCEL_WARNING: "auto_cancel_warned",
    DeadlineKind.AUTO_CANCEL: "order_auto_cancelled",
    DeadlineKind.CANCEL_ANSWER: "cancel_answer_passed",
    DeadlineKind.GUIDE_FOLLOW_UP: "guide_unanswered",
    DeadlineKind.MESSAGE_ANSWER: "message_answer_missed",
}
# What fires, in the order among deadlines of the same instant. The self-cancel window just ends; nothing is done.
KINDS = tuple(_SAYS)
