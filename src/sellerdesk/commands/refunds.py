"""Give money back: request, call back, approve (S0-27, S0-32, S2-09 to S2-11, S4-18 to S4-22; T12 to T14, T16; P3).

The clock releases what was held (`commands.deadlines`); flows ask the payment side (`commands.transfers`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sellerdesk.commands import run_batch
from sellerdesk.domain import refunds
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.refund_decisions import check_refund, refund
from sellerdesk.domain.refunds import (
    HeldRefund,
    RefundDecision,
    RefundRequest,
    RefundState,
)
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.models.facts import lock_by_number
from sellerdesk.models.refund_at_once import write_at_once
from sellerdesk.models.refund_facts import held_by_reference, lock_money
from sellerdesk.models.refund_terms import how_to_decide
from sellerdesk.models.refund_writes import (
    HeldChange,
    write_approved,
    write_requests,
    write_undone,
)


@dataclass(frozen=True, slots=True)
class RefundChange:
    """A refund that somebody wants to call back or to approve."""

    order_number: str
    reference: str
    place: str = ""


def request_refunds(
    actor: Actor, requests: Sequence[RefundRequest], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Ask for refunds. A seller's is held for the policy's minutes, or waits for a second person above its limit; the
    marketplace's own goes at once.

    Outcome "drafted", "pending" or "released" with facts reference, total, currency, left, release_at, settles_from,
    settles_until (aware), fee, completes (rma or ""), warnings, version. Refusals are those of
    `refund_decisions.refund` and `check_refund`, and ORDER_NOT_FOUND, FORBIDDEN, BUSY. Requests build on each other.
    """

    def work(seller_id: int) -> list[Outcome]:
        known = lock_money(seller_id, {request.order_number for request in requests})
        how = how_to_decide(actor.party, known.values(), now)
        outcomes, decisions = [], []
        for request in requests:
            try:
                facts = known.get(request.order_number)
                if facts is None:
                    raise refuse(Code.ORDER_NOT_FOUND, order_number=request.order_number)
                decision = refund(facts, request, how(facts, request.rma))
                check_refund(decision)
            except Refusal as refusal:
                outcomes.append(refused(request.order_number, refusal, request.place))
                continue
            known[request.order_number] = decision.after
            decisions.append(decision)
            outcomes.append(_outcome(request, decision))
        write_requests(actor, seller_id, [one for one in decisions if one.state is not _GONE], now)
        write_at_once(actor, seller_id, [one for one in decisions if one.state is _GONE], now)
        return outcomes

    return run_batch(actor, Permission.REFUNDS_MAKE, requests, work, once)


def undo_refunds(
    actor: Actor, requests: Sequence[RefundChange], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Call refunds back before their hold ends; the buyer never hears of them (T16).

    Outcome "cancelled" with facts reference, total, currency. Refusals: HOLD_OVER, REFUND_STATE, REFUND_NOT_FOUND,
    ORDER_NOT_FOUND, FORBIDDEN, BUSY.
    """

    def decide(held: HeldRefund) -> HeldChange:
        return HeldChange(held, refunds.undo(held, now=now), "refund_undone")

    def work(seller_id: int) -> list[Outcome]:
        outcomes, changes = _change(seller_id, requests, decide)
        write_undone(actor, seller_id, changes, now)
        return outcomes

    return run_batch(actor, Permission.REFUNDS_MAKE, requests, work, once)


def approve_refunds(
    actor: Actor, requests: Sequence[RefundChange], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Agree to refunds above the limit, as somebody else than who asked for them; their hold starts now.

    Outcome "pending" with facts reference, total, currency, release_at. Refusals:
    APPROVAL_NEEDED (by the author), REFUND_STATE, REFUND_NOT_FOUND, ORDER_NOT_FOUND, FORBIDDEN, BUSY.
    """

    def decide(held: HeldRefund) -> HeldChange:
        end = refunds.approve(held, by=actor.identity, now=now)
        said = {"release_at": end, "author": held.author}
        return HeldChange(held, RefundState.PENDING, "refund_approved", end, said)

    def work(seller_id: int) -> list[Outcome]:
        outcomes, changes = _change(seller_id, requests, decide)
        write_approved(actor, seller_id, changes, now)
        return outcomes

    return run_batch(actor, Permission.REFUNDS_APPROVE, requests, work, once)


def _change(
    seller_id: int, requests: Sequence[RefundChange], decide: Callable[[HeldRefund], HeldChange]
) -> tuple[list[Outcome], list[HeldChange]]:
    orders = lock_by_number(seller_id, {request.order_number for request in requests})
    known = held_by_reference(seller_id, {request.reference for request in requests})
    outcomes, changes = [], []
    for request in requests:
        try:
            held = known.get(request.reference)
            if request.order_number not in orders:
                raise refuse(Code.ORDER_NOT_FOUND, order_number=request.order_number)
            if held is None or held.order_number != request.order_number:
                said = {"order_number": request.order_number, "reference": request.reference}
                raise refuse(Code.REFUND_NOT_FOUND, **said)
            change = decide(held)
        except Refusal as refusal:
            outcomes.append(refused(request.order_number, refusal, request.place))
            continue
        known[request.reference] = replace(held, state=change.state, release_at=change.release_at)
        changes.append(change)
        facts = {"reference": held.reference, "total": held.total, "currency": held.currency}
        state = change.state.value.lower()
        facts |= {"release_at": change.release_at} if change.release_at else {}
        outcomes.append(Outcome(request.order_number, state, place=request.place, facts=facts))
    return outcomes, changes


_GONE = RefundState.RELEASED
_STATES = {
    RefundState.DRAFT: "drafted",
    RefundState.PENDING: "pending",
    RefundState.RELEASED: "released",
}


def _outcome(request: RefundRequest, decision: RefundDecision) -> Outcome:
    facts = {
        "reference": decision.reference,
        "total": decision.total,
        "currency": decision.facts.order.currency,
        "left": decision.after.left,
        "fee": decision.fee,
        "release_at": decision.release_at,
        "settles_from": decision.settles[0],
        "settles_until": decision.settles[1],
        "completes": decision.linked.rma if decision.linked and decision.covers else "",
        "warnings": [one.value for one in decision.warnings],
        "version": decision.after.order.version,
    }
    return Outcome(request.order_number, _STATES[decision.state], place=request.place, facts=facts)
