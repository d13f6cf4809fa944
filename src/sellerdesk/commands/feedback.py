"""Feedback and chargebacks, as the marketplace saw them (rulebook 2.6): recorded, and taken away again.

All four need FEEDBACK_REPORT, which no seller's role has, and a party that is not the seller.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from sellerdesk.commands import run_batch
from sellerdesk.domain import feedback
from sellerdesk.domain.actors import Actor, Party, Permission
from sellerdesk.domain.defects import is_negative
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.feedback import (
    ChargebackClosing,
    ChargebackFacts,
    ChargebackReport,
    FeedbackFacts,
    FeedbackRemoval,
    FeedbackReport,
)
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.models.facts import lock_by_number
from sellerdesk.models.feedback_writes import Told, chargebacks_of, feedback_of, write_told
from sellerdesk.models.journal_writes import Entry

R = TypeVar("R", FeedbackReport, FeedbackRemoval, ChargebackReport, ChargebackClosing)
_Decide = Callable[[OrderFacts, R], tuple[str, str, dict[str, Any]]]


def record_feedback(
    actor: Actor, reports: Sequence[FeedbackReport], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Record ratings: "recorded" with facts rating, negative. Once per order (ALREADY_RECORDED)."""

    def prepare(seller_id: int, orders: dict[str, OrderFacts]) -> _Decide[FeedbackReport]:
        known = feedback_of(seller_id, [one.id for one in orders.values()])

        def decide(order: OrderFacts, report: FeedbackReport) -> tuple[str, str, dict[str, Any]]:
            feedback.check_feedback(known.get(order.id), report, now=now)
            known[order.id] = FeedbackFacts(order.id, report.rating)
            said = {"rating": report.rating, "negative": is_negative(known[order.id])}
            return "recorded", "feedback_received", said

        return decide

    return _tell(actor, reports, prepare, now=now, once=once)


def remove_feedback(
    actor: Actor, removals: Sequence[FeedbackRemoval], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Take ratings out of the metrics: "removed" with fact reason; NOT_RECORDED when there is none."""

    def prepare(seller_id: int, orders: dict[str, OrderFacts]) -> _Decide[FeedbackRemoval]:
        known = feedback_of(seller_id, [one.id for one in orders.values()])

        def decide(order: OrderFacts, removal: FeedbackRemoval) -> tuple[str, str, dict[str, Any]]:
            feedback.check_removal(known.get(order.id), removal)
            known[order.id] = replace(known[order.id], removed=True)
            return "removed", "feedback_removed", {"reason": removal.reason.value}

        return decide

    return _tell(actor, removals, prepare, now=now, once=once)


def record_chargebacks(
    actor: Actor, reports: Sequence[ChargebackReport], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Record chargebacks: "recorded" with facts reference, kind, amount, currency. The order cannot be claimed for any
    more.
    """

    def prepare(seller_id: int, orders: dict[str, OrderFacts]) -> _Decide[ChargebackReport]:  # noqa: ARG001
        known = chargebacks_of(seller_id, {one.reference for one in reports})

        def decide(order: OrderFacts, report: ChargebackReport) -> tuple[str, str, dict[str, Any]]:
            feedback.check_chargeback(known.get(report.reference), report, currency=order.currency, now=now)
            known[report.reference] = ChargebackFacts(order.id, report.reference, report.kind)
            said = {"reference": report.reference, "kind": report.kind.value}
            return (
                "recorded",
                "chargeback_opened",
                said | {"amount": report.amount, "currency": report.currency},
            )

        return decide

    return _tell(actor, reports, prepare, now=now, once=once)


def close_chargebacks(
    actor: Actor, closings: Sequence[ChargebackClosing], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Record how chargebacks ended: "closed" with facts reference, outcome."""

    def prepare(seller_id: int, orders: dict[str, OrderFacts]) -> _Decide[ChargebackClosing]:  # noqa: ARG001
        known = chargebacks_of(seller_id, {one.reference for one in closings})

        def decide(order: OrderFacts, closing: ChargebackClosing) -> tuple[str, str, dict[str, Any]]:
            found = known.get(closing.reference)
            feedback.check_closing(found if found and found.order_id == order.id else None, closing)
            if found is not None:
                known[closing.reference] = replace(found, outcome=closing.outcome)
            said = {"reference": closing.reference, "outcome": closing.outcome.value}
            return "closed", "chargeback_closed", said

        return decide

    return _tell(actor, closings, prepare, now=now, once=once)


def _tell(
    actor: Actor,
    requests: Sequence[R],
    prepare: Callable[[int, dict[str, OrderFacts]], _Decide[R]],
    *,
    now: datetime,
    once: Once | None,
) -> list[Outcome]:
    def work(seller_id: int) -> list[Outcome]:
        orders = lock_by_number(seller_id, {one.order_number for one in requests})
        decide = prepare(seller_id, orders)
        outcomes, told = [], []
        for request in requests:
            try:
                order = orders.get(request.order_number)
                if order is None:
                    raise refuse(Code.ORDER_NOT_FOUND, order_number=request.order_number)
                state, kind, said = decide(order, request)
            except Refusal as refusal:
                outcomes.append(refused(request.order_number, refusal, request.place))
                continue
            told.append(Told(order.id, request, Entry(order.id, kind, said)))
            outcomes.append(Outcome(request.order_number, state, place=request.place, facts=said))
        write_told(actor, seller_id, told, now)
        return outcomes

    if actor.party is Party.SELLER:
        actor = replace(actor, permissions=actor.permissions - {Permission.FEEDBACK_REPORT})
    return run_batch(actor, Permission.FEEDBACK_REPORT, requests, work, once)
