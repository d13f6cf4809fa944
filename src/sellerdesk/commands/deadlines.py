"""Fire deadlines that are due: reminders, warnings, automatic cancellation, releases of refunds, returns that nobody
answered (S0-15 to S0-20, T16; rulebook 3.4; I12, I21; trust P24).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sellerdesk.commands import run_batch
from sellerdesk.domain.actors import Actor, Party, Permission
from sellerdesk.domain.cancellations import cancel_automatically
from sellerdesk.domain.deadlines import DeadlineKind, auto_cancel_decision
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.orders import OPEN, Channel
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refund_reasons import Mode
from sellerdesk.domain.refunds import HeldRefund, RefundState
from sellerdesk.domain.return_facts import BACK, ReturnFacts, ReturnState
from sellerdesk.domain.return_facts import OPEN as OPEN_RETURNS
from sellerdesk.domain.return_refunds import by_marketplace, owed
from sellerdesk.models.deadline_writes import DueRow, Firing, still_due, write_firings
from sellerdesk.models.facts import ClockFacts, lock_free_by_id, read_by_id
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.refund_facts import held_by_id, money_of, read_returns
from sellerdesk.models.refund_terms import how_to_decide
from sellerdesk.models.refund_writes import HeldChange
from sellerdesk.models.return_writes import ReturnMove
from sellerdesk.models.terms import policy_book

# A sweep runs every few seconds; a deadline that fires later than this was held up, and says so.
_PUNCTUAL = timedelta(minutes=5)
_NEVER_TOUCHED = frozenset({ReturnState.PENDING_AUTHORIZATION, ReturnState.AUTHORIZED})


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
        if kind in ABOUT_ONE:
            firings = _fire_subjects(seller_id, kind, due, now)
        else:
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
    said: Mapping[str, Any] = firing.said
    for told in (firing.entry, firing.releases and firing.releases.entry):
        said = told.facts if told else said
    return Outcome(order.order_number, "fired", facts={"late": firing.was_late, **said})


def _firing(kind: DeadlineKind, facts: ClockFacts, row: DueRow, now: datetime) -> Firing:
    late = _is_late(row, now)
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


def _is_late(row: DueRow, now: datetime) -> bool:
    """Whether a deadline fires so late that it was held up."""
    return now - row.due_at > _PUNCTUAL


def _fire_subjects(
    seller_id: int, kind: DeadlineKind, due: Sequence[DueRow], now: datetime
) -> dict[int, Firing]:
    """What each row does, by order id: a held refund goes; a return is overdue, or closes itself. Else it is void."""
    if kind is DeadlineKind.REFUND_RELEASE:
        held = held_by_id(seller_id, [row.subject for row in due])
        return {row.order_id: _release(row, held.get(row.subject), _is_late(row, now)) for row in due}
    known = read_returns(seller_id, [row.order_id for row in due])
    firings = {}
    for row in due:
        facts = next((one for one in known.get(row.order_id, ()) if one.id == row.subject), None)
        late = _is_late(row, now)
        firings[row.order_id] = _RETURN[kind](row, facts, late) if facts else Firing(row, late)
    if kind in _REFUNDED_BY_MARKETPLACE:
        firings |= _overdue_refunds(seller_id, [one for one in firings.values() if one.entry], known, now)
    return firings


def _overdue_refunds(
    seller_id: int, firings: Sequence[Firing], known: Mapping[int, tuple[ReturnFacts, ...]], now: datetime
) -> dict[int, Firing]:
    """What the seller did not do in time the marketplace does, where its policy says so (C8; rulebook 2.7)."""
    if not firings:
        return {}
    orders = read_by_id(seller_id, [one.due.order_id for one in firings])
    money = money_of(seller_id, orders)
    how = how_to_decide(Party.AMAZON, money.values(), now)
    book = policy_book({facts.marketplace_id for facts in orders.values()})
    done = {}
    for one in firings:
        facts = next(facts for facts in money.values() if facts.order.id == one.due.order_id)
        on = how(facts, "").calendar.local_date(facts.order.placed_at)
        if book.value(facts.order.marketplace_id, "refund_overdue_by", on) != "marketplace":
            continue
        asked = next(found for found in known[one.due.order_id] if found.id == one.due.subject)
        came = one.due.kind == DeadlineKind.RETURN_REFUND
        mode = Mode.ON_RECEIPT if came else Mode.RETURNLESS
        decision = by_marketplace(facts, asked, mode, how(facts, asked.rma), received_only=came)
        if decision and one.entry:
            said = {"by": "marketplace", "refunded": decision.total, "currency": facts.order.currency}
            entry = replace(one.entry, facts=dict(one.entry.facts) | said)
            done[one.due.order_id] = replace(one, entry=entry, refunds=decision)
    return done


def _release(row: DueRow, held: HeldRefund | None, late: bool) -> Firing:
    if held is None or held.state is not RefundState.PENDING:
        return Firing(row, late)
    said = {"due_at": row.due_at, "policy": row.policy_key, "late": late}
    return Firing(row, late, releases=HeldChange(held, RefundState.RELEASED, "refund_released", said=said))


def _answer(row: DueRow, facts: ReturnFacts, late: bool) -> Firing:
    return (
        _passed(row, facts, late) if facts.state is ReturnState.PENDING_AUTHORIZATION else Firing(row, late)
    )


def _overdue(row: DueRow, facts: ReturnFacts, late: bool) -> Firing:
    """The refund of what came: nobody has made it, nor a part of it."""
    since = facts.partial_at is not None and facts.received_at and facts.partial_at >= facts.received_at
    owes = facts.state in BACK and not since and bool(owed(facts, received_only=True))
    return _passed(row, facts, late) if owes else Firing(row, late)


def _passed(row: DueRow, facts: ReturnFacts, late: bool) -> Firing:
    kind = _SAYS[DeadlineKind(row.kind)]
    return Firing(row, late, Entry(row.order_id, kind, {"rma": facts.rma} | _said(row, late)))


def _idle(row: DueRow, facts: ReturnFacts, late: bool) -> Firing:
    """Nobody did anything, or nothing since a part was refunded."""
    after_part = row.policy_key == "return_partial_close_days"
    if facts.state not in (OPEN_RETURNS if after_part else _NEVER_TOUCHED):
        return Firing(row, late)
    said = _said(row, late)
    move = ReturnMove(row.order_id, facts, ReturnState.CLOSED_AUTO, "return_closed_auto", said=said)
    return Firing(row, late, closes=move, said=said)


def _said(row: DueRow, late: bool) -> dict[str, Any]:
    return {"due_at": row.due_at, "policy": row.policy_key, "late": late}


_RETURN: Mapping[DeadlineKind, Callable[[DueRow, ReturnFacts, bool], Firing]] = {
    DeadlineKind.RETURN_ANSWER: _answer,
    DeadlineKind.RETURN_METHOD: _answer,
    DeadlineKind.RETURN_REFUND: _overdue,
    DeadlineKind.RETURN_IDLE: _idle,
}
_REFUNDED_BY_MARKETPLACE = frozenset({DeadlineKind.RETURN_METHOD, DeadlineKind.RETURN_REFUND})
ABOUT_ONE = (DeadlineKind.REFUND_RELEASE, *_RETURN)
_SAYS = {
    DeadlineKind.SHIP_BY_REMINDER: "ship_by_reminded",
    DeadlineKind.SHIP_BY: "ship_by_passed",
    DeadlineKind.AUTO_CANCEL_WARNING: "auto_cancel_warned",
    DeadlineKind.AUTO_CANCEL: "order_auto_cancelled",
    DeadlineKind.CANCEL_ANSWER: "cancel_answer_passed",
    DeadlineKind.GUIDE_FOLLOW_UP: "guide_unanswered",
    DeadlineKind.MESSAGE_ANSWER: "message_answer_missed",
    DeadlineKind.RETURN_ANSWER: "return_answer_passed",
    DeadlineKind.RETURN_METHOD: "return_method_missed",
    DeadlineKind.RETURN_REFUND: "return_refund_overdue",
}
# What fires, in the order among deadlines of the same instant. The self-cancel window just ends; nothing is done.
KINDS = (*_SAYS, DeadlineKind.REFUND_RELEASE, DeadlineKind.RETURN_IDLE)
