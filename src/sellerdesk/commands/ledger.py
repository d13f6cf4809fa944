"""Fees that the marketplace takes, and payouts of what it owes its sellers (rulebook 2.8; I07, I08)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sellerdesk.commands import run_batch
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.ledger import (
    FeeReport,
    HeldPayout,
    PayoutReport,
    check_fee,
    check_period,
    check_reference,
)
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.models.facts import lock_by_number
from sellerdesk.models.ledger_writes import (
    cause_of_fee,
    known_fees,
    lock_payouts,
    owed,
    write_fees,
    write_payout,
)


def record_fees(
    actor: Actor, reports: Sequence[FeeReport], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Take fees of orders from the seller's balance, each reference of an order once.

    Outcome "recorded" or, when it is there already, "unchanged", with fact reference. Refusals: those of
    `ledger.check_fee`, KEY_REUSED (the reference with other content), ORDER_NOT_FOUND, FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        orders = lock_by_number(seller_id, {one.order_number for one in reports})
        causes = {
            cause_of_fee(orders[one.order_number].id, one.reference)
            for one in reports
            if one.order_number in orders
        }
        known = known_fees(seller_id, causes)
        outcomes, fees = [], defaultdict(list)
        for one in reports:
            try:
                if one.order_number not in orders:
                    raise refuse(Code.ORDER_NOT_FOUND, order_number=one.order_number)
                facts = orders[one.order_number]
                check_fee(facts, one)
                cause, content = (
                    cause_of_fee(facts.id, one.reference),
                    (one.kind.value, one.amount, one.currency),
                )
                if known.get(cause, content) != content:
                    raise refuse(Code.KEY_REUSED, key=one.reference)
            except Refusal as refusal:
                outcomes.append(refused(one.order_number, refusal, one.place))
                continue
            if cause not in known:
                fees[facts.id].append(one)
            state = "unchanged" if cause in known else "recorded"
            known[cause] = content
            outcomes.append(
                Outcome(one.order_number, state, place=one.place, facts={"reference": one.reference})
            )
        write_fees(actor, seller_id, fees, now)
        return outcomes

    return run_batch(actor, Permission.PAYMENTS_REPORT, reports, work, once)


def record_payouts(
    actor: Actor, reports: Sequence[PayoutReport], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Pay the seller what it is owed: the balance of a period that follows the last one's.

    Outcome "paid", "unchanged" (the reference is there already) or "nothing" (nothing is owed) with facts reference,
    amount, currency, period_from (None: from the beginning), period_until. Refusals: those of `ledger.check_period`,
    KEY_REUSED (the reference with another currency or period), FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        known = lock_payouts(seller_id, {one.reference for one in reports})
        outcomes = []
        for one in reports:
            try:
                state, payout = _pay(actor, seller_id, one, known.get(one.reference), now)
            except Refusal as refusal:
                outcomes.append(refused("", refusal, one.place))
                continue
            if state == "paid":
                known[one.reference] = payout
            facts = {
                "reference": payout.reference,
                "amount": payout.amount,
                "currency": payout.currency,
                "period_from": payout.period_from,
                "period_until": payout.period_until,
            }
            outcomes.append(Outcome("", state, place=one.place, facts=facts))
        return outcomes

    return run_batch(actor, Permission.PAYMENTS_REPORT, reports, work, once)


def _pay(
    actor: Actor, seller_id: int, told: PayoutReport, held: HeldPayout | None, now: datetime
) -> tuple[str, HeldPayout]:
    check_reference(told.reference)
    if held is not None:
        if (held.currency, held.period_until) != (told.currency, told.until or held.period_until):
            raise refuse(Code.KEY_REUSED, key=told.reference)
        return "unchanged", held
    until = told.until or now
    due = owed(seller_id, told.currency, until)
    check_period(until, due, now=now)
    start = due.last.period_until if due.last else None
    payout = HeldPayout(told.reference, told.currency, due.payable, start, until)
    if not due.payable:
        return "nothing", payout
    write_payout(actor, seller_id, payout, now)
    return "paid", payout
