"""Fire deadlines that are due: reminders, warnings, automatic cancellation (S0-15 to S0-20; I12, I21; trust P24)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sellerdesk.commands import run_batch
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.deadlines import DeadlineKind, auto_cancel_decision
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.orders import OPEN, Channel
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.models.deadline_writes import DueRow, Firing, still_due, write_firings
from sellerdesk.models.facts import lock_free_by_id, order_warnings
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

    Orders that somebody else holds at the moment answer "skipped", and so do deadlines that were closed meanwhile: the
    next sweep looks again. Outcome "fired" otherwise, with facts late and, for cancellations, cause.
    """

    def work(seller_id: int) -> list[Outcome]:
        locked = {
            facts.id: facts for facts in lock_free_by_id(seller_id, [one.order_id for one in orders]).values()
        }
        due = {row.order_id: row for row in still_due(seller_id, list(locked), kind.value, now)}
        warned = order_warnings(seller_id, list(due))
        firings = {
            order_id: _FIRE[kind](locked[order_id], row, warned.get(order_id) is not None, now)
            for order_id, row in due.items()
        }
        if firings:
            write_firings(actor, seller_id, list(firings.values()), now)
        return [_outcome(one, firings.get(one.order_id)) for one in orders]

    return run_batch(actor, Permission.PAYMENTS_REPORT, orders, work)


def _outcome(order: DueOrder, firing: Firing | None) -> Outcome:
    if firing is None:
        return Outcome(order.order_number, "skipped")
    return Outcome(order.order_number, "fired", facts={"late": firing.was_late, **firing.entry.facts})


def _held_up(row: DueRow, now: datetime) -> bool:
    return now - row.due_at > _PUNCTUAL


def _remind(facts: OrderFacts, row: DueRow, warned: bool, now: datetime) -> Firing:  # noqa: ARG001
    entry = Entry(facts.id, "ship_by_reminded", {"due_at": row.due_at, "ship_by": facts.latest_ship_at})
    return Firing(row, _held_up(row, now), entry)


def _pass_ship_by(facts: OrderFacts, row: DueRow, warned: bool, now: datetime) -> Firing:  # noqa: ARG001
    return Firing(row, _held_up(row, now), Entry(facts.id, "ship_by_passed", {"due_at": row.due_at}))


def _warn(facts: OrderFacts, row: DueRow, warned: bool, now: datetime) -> Firing:  # noqa: ARG001
    entry = Entry(facts.id, "auto_cancel_warned", {"due_at": row.due_at, "policy": row.policy_key})
    return Firing(row, _held_up(row, now), entry, warns=True)


def _cancel(facts: OrderFacts, row: DueRow, warned: bool, now: datetime) -> Firing:
    decision = auto_cancel_decision(warned, row.due_at, now)
    cancels = decision.cancel and facts.status in OPEN and facts.channel is Channel.MFN
    said = {
        "due_at": row.due_at,
        "policy": row.policy_key,
        "rule": row.policy_value,
        "cause": decision.cause,
        "units": sum(item.left for item in facts.items),
        "by": "AMAZON",
    }
    return Firing(row, _held_up(row, now), Entry(facts.id, "order_auto_cancelled", said), cancels=cancels)


_FIRE = {
    DeadlineKind.SHIP_BY_REMINDER: _remind,
    DeadlineKind.SHIP_BY: _pass_ship_by,
    DeadlineKind.AUTO_CANCEL_WARNING: _warn,
    DeadlineKind.AUTO_CANCEL: _cancel,
}
