"""Cancel orders and units: the seller, the buyer alone, the marketplace (S0-22 to S0-24, S3-03, S3-23 to S3-34)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from sellerdesk.commands import run_batch
from sellerdesk.domain import cancellations
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.cancellations import (
    BuyerCancelRequest,
    CancelDecision,
    CancelRequest,
    PlatformCancelRequest,
)
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.models.cancellation_writes import write_cancellations
from sellerdesk.models.facts import lock_by_number
from sellerdesk.models.rates import read_rates
from sellerdesk.models.terms import policy_book

Asked = TypeVar("Asked", CancelRequest, BuyerCancelRequest, PlatformCancelRequest)
Decide = Callable[[OrderFacts, Asked], CancelDecision]


def cancel_orders(
    actor: Actor, requests: Sequence[CancelRequest], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Cancel orders of the seller's own, whole or by units.

    Outcome "cancelled" with facts status, units, whole, counts, why, restocked, released, currency, rate (counted and
    base, before and after; None outside the window), version. Refusals are those of `domain.cancellations.cancel` and
    `check_cancel`, and ORDER_NOT_FOUND, FORBIDDEN, BUSY. Requests build on each other: also the rate of a whole batch.
    """

    def work(seller_id: int) -> list[Outcome]:
        known = lock_by_number(seller_id, {request.order_number for request in requests})
        rates = read_rates(seller_id, {facts.marketplace_id for facts in known.values()}, now)
        may_exceed = actor.may(Permission.CANCEL_OVER_LIMIT)

        def decide(facts: OrderFacts, request: CancelRequest) -> CancelDecision:
            decision = cancellations.cancel(facts, request, rate=rates[facts.marketplace_id])
            cancellations.check_cancel(decision, request, may_exceed=may_exceed)
            if decision.after_rate is not None:
                rates[facts.marketplace_id] = decision.after_rate
            return decision

        return _cancel(actor, seller_id, known, requests, decide, now=now)

    return run_batch(actor, Permission.ORDERS_CANCEL, requests, work, once)


def cancel_for_buyers(
    actor: Actor, requests: Sequence[BuyerCancelRequest], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Cancel as the buyers themselves, inside the marketplace's window; `now`, the server's clock, decides (T07).

    Outcomes as `cancel_orders`; SELF_CANCEL_OVER says that the buyer can only ask now.
    """

    def work(seller_id: int) -> list[Outcome]:
        known = lock_by_number(seller_id, {request.order_number for request in requests})
        book = policy_book({facts.marketplace_id for facts in known.values()})

        def decide(facts: OrderFacts, request: BuyerCancelRequest) -> CancelDecision:
            placed = by_id(facts.marketplace_id).day(facts.placed_at)
            minutes = book.value(facts.marketplace_id, "self_cancel_minutes", placed)
            return cancellations.cancel_by_buyer(facts, request, minutes=minutes, now=now)

        return _cancel(actor, seller_id, known, requests, decide, now=now)

    return run_batch(actor, Permission.CANCELLATIONS_FILE, requests, work, once)


def cancel_for_marketplace(
    actor: Actor, requests: Sequence[PlatformCancelRequest], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Cancel waiting orders as the marketplace: payment failed, fraud suspected. Outcomes as `cancel_orders`."""

    def work(seller_id: int) -> list[Outcome]:
        known = lock_by_number(seller_id, {request.order_number for request in requests})
        return _cancel(actor, seller_id, known, requests, cancellations.cancel_by_marketplace, now=now)

    return run_batch(actor, Permission.PAYMENTS_REPORT, requests, work, once)


def _cancel(
    actor: Actor,
    seller_id: int,
    known: dict[str, OrderFacts],
    requests: Sequence[Asked],
    decide: Decide[Asked],
    *,
    now: datetime,
) -> list[Outcome]:
    outcomes, decisions = [], []
    for request in requests:
        try:
            facts = known.get(request.order_number)
            if facts is None:
                raise refuse(Code.ORDER_NOT_FOUND, order_number=request.order_number)
            decision = decide(facts, request)
        except Refusal as refusal:
            outcomes.append(refused(request.order_number, refusal, request.place))
            continue
        known[request.order_number] = decision.after
        decisions.append(decision)
        outcomes.append(_outcome(request, decision))
    write_cancellations(actor, seller_id, decisions, now)
    return outcomes


def _outcome(request: Asked, decision: CancelDecision) -> Outcome:
    before, after = decision.before_rate, decision.after_rate
    rate = None
    if before is not None and after is not None:
        rate = {"counted": after.counted, "base": after.base}
        rate |= {"counted_before": before.counted, "base_before": before.base}
    facts = {
        "status": decision.status.value,
        "units": decision.units,
        "whole": decision.whole,
        "counts": decision.counting.counts,
        "why": decision.counting.why.value,
        "restocked": decision.restocked,
        "released": decision.released,
        "currency": decision.facts.currency,
        "rate": rate,
        "version": decision.after.version,
    }
    return Outcome(request.order_number, "cancelled", place=request.place, facts=facts)
