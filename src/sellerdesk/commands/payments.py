"""Take payment reports: from Pending to Unshipped, and the deadlines that start then (S0-02 to S0-07)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sellerdesk.commands import run_batch
from sellerdesk.domain import payments
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.calendars import BusinessCalendar
from sellerdesk.domain.deadlines import DeadlineKind, Terms, deadlines_for, ship_by
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.orders import PaymentState
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.payments import PaymentDecision, PaymentReport
from sellerdesk.domain.policies import PolicyBook
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.models.deadline_writes import ReadyOrder, write_payments, write_references
from sellerdesk.models.directory import participating_marketplaces
from sellerdesk.models.facts import lock_by_number
from sellerdesk.models.terms import calendars, policy_book


def report_payments(
    actor: Actor, reports: Sequence[PaymentReport], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Record what the payment side says.

    Outcome "authorized", "declined", "waiting" or "unchanged" with facts status, pending_reason and, when the order is
    ready to ship, latest_ship_at and auto_cancel_at (ISO 8601, UTC). Refusals: those of `domain.payments.report`,
    ORDER_NOT_FOUND, FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        known = lock_by_number(seller_id, {one.order_number for one in reports})
        outcomes: list[Outcome] = []
        decisions: list[PaymentDecision] = []
        for told in reports:
            try:
                decision = _decide(known, told, now)
            except Refusal as refusal:
                outcomes.append(refused(told.order_number, refusal, told.place))
                continue
            if decision.changed:
                decisions.append(decision)
                known[told.order_number] = _after(decision)
            outcomes.append(_outcome(told, decision))
        ready = _ready(seller_id, decisions)
        if decisions:
            write_payments(actor, seller_id, ready, now)
        named = {
            known[one.order_number].id: one.reference
            for one, outcome in zip(reports, outcomes, strict=True)
            if one.reference and outcome.accepted
        }
        write_references(seller_id, named)
        terms = {one.decision.facts.order_number: one for one in ready}
        return [_with_terms(outcome, terms) for outcome in outcomes]

    return run_batch(actor, Permission.PAYMENTS_REPORT, reports, work, once)


def _decide(known: dict[str, OrderFacts], told: PaymentReport, now: datetime) -> PaymentDecision:
    facts = known.get(told.order_number)
    if facts is None:
        raise refuse(Code.ORDER_NOT_FOUND, order_number=told.order_number)
    return payments.report(facts, told, now=now)


def _after(decision: PaymentDecision) -> OrderFacts:
    return replace(
        decision.facts,
        status=decision.status,
        payment_state=decision.payment_state,
        pending_reason=decision.pending_reason,
        version=decision.facts.version + 1,
    )


def _outcome(told: PaymentReport, decision: PaymentDecision) -> Outcome:
    state = told.state.value if decision.changed else "unchanged"
    facts = {"status": decision.status.value, "pending_reason": decision.pending_reason}
    return Outcome(told.order_number, state, place=told.place, facts=facts)


def _ready(seller_id: int, decisions: Sequence[PaymentDecision]) -> list[ReadyOrder]:
    places = {decision.facts.marketplace_id for decision in decisions if decision.paid_at}
    if not places:
        return [ReadyOrder(decision, None, (), None) for decision in decisions]
    handling = participating_marketplaces(seller_id)
    book = policy_book(places)
    books = calendars(places, min(decision.paid_at for decision in decisions if decision.paid_at).date())
    ready = []
    for decision in decisions:
        if decision.paid_at is None:
            ready.append(ReadyOrder(decision, None, (), None))
            continue
        facts = decision.facts
        calendar = books[facts.marketplace_id]
        terms = Terms.of(book, facts.marketplace_id, calendar.local_date(facts.placed_at))
        own = handling.get(facts.marketplace_id)
        terms = terms if own is None else replace(terms, handling_days=own)
        due = facts.latest_ship_at or ship_by(decision.paid_at, terms.handling_days, terms.cutoff, calendar)
        published = facts.latest_ship_at is not None
        dues = deadlines_for(facts.placed_at, due, terms, calendar, published=published)
        kept = tuple(one for one in dues if one.kind is not DeadlineKind.SELF_CANCEL_END)
        ready.append(ReadyOrder(decision, due, kept, _delivery(book, facts, due, calendar)))
    return ready


def _delivery(
    book: PolicyBook, facts: OrderFacts, ship_by: datetime, calendar: BusinessCalendar
) -> tuple[datetime, datetime]:
    """The promised delivery window: the marketplace's transit time in business days after ship-by (rulebook 2.4)."""
    placed, shipped = calendar.local_date(facts.placed_at), calendar.local_date(ship_by)
    earliest, latest = (
        calendar.end_of_day(
            calendar.add_business_days(shipped, book.value(facts.marketplace_id, key, placed))
        )
        for key in ("transit_days_min", "transit_days_max")
    )
    return earliest, latest


def _with_terms(outcome: Outcome, ready: dict[str, ReadyOrder]) -> Outcome:
    one = ready.get(outcome.order_number)
    if (
        not outcome.accepted
        or outcome.state != PaymentState.AUTHORIZED
        or one is None
        or one.latest_ship_at is None
    ):
        return outcome
    extra = {"latest_ship_at": one.latest_ship_at.isoformat()}
    if one.auto_cancel_at:
        extra["auto_cancel_at"] = one.auto_cancel_at.isoformat()
    return replace(outcome, facts=outcome.facts | extra)
