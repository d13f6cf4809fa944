"""Claims as rules: the clock of filing, automatic decisions, grants, appeals, defects (2.9, 3.6; T09, T17)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellerdesk.domain import claim_filing, claims
from sellerdesk.domain.calendars import BusinessCalendar
from sellerdesk.domain.claim_facts import (
    OPEN,
    WAITS_FOR_SELLER,
    ClaimCause,
    ClaimFacts,
    ClaimKind,
    ClaimState,
    Fault,
    Funding,
)
from sellerdesk.domain.claim_filing import FilingFacts, Why
from sellerdesk.domain.claims import CLAIM, AppealVerdict, ClaimHow, ClaimStep, ClaimTerms, FileClaim
from sellerdesk.domain.defects import Defect, Records, defects
from sellerdesk.domain.facts import ItemFacts, OrderFacts
from sellerdesk.domain.feedback import (
    ChargebackFacts,
    ChargebackKind,
    ChargebackOutcome,
    ChargebackReport,
    FeedbackFacts,
    FeedbackReport,
    check_chargeback,
    check_feedback,
)
from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.orders import Channel, Status
from sellerdesk.domain.policies import PolicyBook
from sellerdesk.domain.policy_seed import seed_rows
from sellerdesk.domain.refund_amounts import MoneyFacts, net
from sellerdesk.domain.refunds import RefundFacts
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.domain.return_facts import ReturnFacts, ReturnKind, ReturnReason, ReturnState

PLACED = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
PROMISED = PLACED + timedelta(days=9)
WRITTEN = PLACED + timedelta(days=10)
OPENS = WRITTEN + timedelta(hours=48)
TERMS = ClaimTerms(48, 72, 30, 90, 3, 14, True, 72)
CALENDAR = BusinessCalendar("UTC", frozenset({5, 6}))
MONEY = (MoneyFacts(7, "principal", 10_000, 10_000), MoneyFacts(7, "tax", 800, 800))


def an_order(**more: Any) -> OrderFacts:
    facts = OrderFacts(
        1, "111-1111111-1111111", "US", Channel.MFN, Status.SHIPPED, "authorized", "", "USD", PLACED,
        PLACED + timedelta(days=2), PLACED + timedelta(days=1), False, 1, True, (ItemFacts(7, "1", 1, 1, 0),),
    )  # fmt: skip
    return replace(facts, **more)


def a_return(**more: Any) -> ReturnFacts:
    facts = ReturnFacts(
        3,
        "RMA-1",
        ReturnKind.CUSTOMER,
        ReturnState.AUTHORIZED,
        ReturnReason.DEFECTIVE,
        True,
        False,
        WRITTEN,
        (),
    )
    return replace(facts, **more)


def facts(order: OrderFacts | None = None, money: tuple[MoneyFacts, ...] = MONEY, **more: Any) -> FilingFacts:
    returns = more.pop("returns", ())
    head = RefundFacts(order or an_order(), money, returns=returns)
    return FilingFacts(head, PROMISED, more.pop("first_message_at", WRITTEN), **more)


def how(now: datetime = OPENS, *, money: tuple[MoneyFacts, ...] = MONEY, **terms: Any) -> ClaimHow:
    return ClaimHow(now, replace(TERMS, **terms), CALENDAR, money)


def refusal(found: FilingFacts, kind: ClaimKind, now: datetime = OPENS) -> tuple[Code, str] | None:
    said = claim_filing.option(found, kind, how(now)).refusal
    return (said.code, said.facts.get("why", "")) if said else None


def a_claim(**more: Any) -> ClaimFacts:
    base = ClaimFacts(
        5, "C-AAAA-BBBB", ClaimKind.NOT_RECEIVED, ClaimState.UNDER_REVIEW, 10_800, OPENS,
        order_id=1, order_number="111-1111111-1111111", currency="USD",
    )  # fmt: skip
    return replace(base, **more)


STEP = ClaimStep("111-1111111-1111111", "C-AAAA-BBBB", "Words about it.")
NR, NAD, NREF = ClaimKind
ESTIMATE = PROMISED + timedelta(days=3)
WITHDRAWN = a_return(state=ReturnState.CLOSED_BY_BUYER)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("found", "kind", "now", "expected"),
    [
        (facts(), NR, WRITTEN + timedelta(hours=47), (Code.CLAIM_TOO_EARLY, Why.CONTACT)),  # T17
        (facts(), NR, OPENS - SECOND, (Code.CLAIM_TOO_EARLY, Why.CONTACT)),
        (facts(), NR, OPENS, None),
        (facts(), NR, PROMISED + timedelta(days=90) - SECOND, None),
        (facts(), NR, PROMISED + timedelta(days=90), (Code.CLAIM_TOO_LATE, "")),
        (facts(), NR, PROMISED + timedelta(days=91), (Code.CLAIM_TOO_LATE, "")),  # T17
        (facts(first_message_at=None), NR, OPENS, (Code.CLAIM_CONTACT_FIRST, "")),
        (facts(first_message_at=PLACED), NR, ESTIMATE - SECOND, (Code.CLAIM_TOO_EARLY, Why.ESTIMATE)),
        (facts(first_message_at=PLACED), NR, ESTIMATE, None),
        (facts(first_message_at=PLACED, delivered_at=PLACED + timedelta(days=4)), NR, PROMISED, None),
        (facts(chargeback=True), NR, OPENS, (Code.CLAIM_NOT_ELIGIBLE, Why.CHARGEBACK)),
        (facts(an_order(channel=Channel.AFN)), NR, OPENS, (Code.WAREHOUSE_ORDER, "")),
        (facts(an_order(status=Status.PENDING)), NR, OPENS, (Code.ORDER_PENDING, "")),
        (facts(an_order(status=Status.CANCELED)), NR, OPENS, (Code.ORDER_CANCELLED, "")),
        (facts(claims=(a_claim(),)), NR, OPENS, (Code.CLAIM_EXISTS, "")),
        (facts(claims=(a_claim(state=ClaimState.DENIED),)), NR, OPENS, (Code.CLAIM_NOT_ELIGIBLE, Why.DENIED)),
        (facts(claims=(a_claim(state=ClaimState.WITHDRAWN),)), NR, OPENS, None),
        (facts(money=(replace(MONEY[0], refunded=10_000),)), NR, OPENS, (Code.CLAIM_NOT_ELIGIBLE, Why.NOTHING_LEFT)),
        (facts(money=(replace(MONEY[0], pending=10_000),)), NR, OPENS, None),  # it can still be called back
        (facts(), NAD, OPENS, (Code.CLAIM_NOT_ELIGIBLE, Why.NO_RETURN)),
        (facts(returns=(a_return(),)), NAD, OPENS, None),
        (facts(returns=(a_return(state=ReturnState.CLOSED_BY_SELLER),)), NAD, OPENS, None),
        (facts(returns=(WITHDRAWN,)), NAD, OPENS, (Code.CLAIM_NOT_ELIGIBLE, Why.NO_RETURN)),
        (facts(returns=(a_return(),), first_message_at=None), NAD, OPENS, None),  # a return is contact too
        (facts(returns=(a_return(),)), NREF, OPENS, (Code.CLAIM_NOT_ELIGIBLE, Why.NOT_RETURNED)),
        (facts(returns=(a_return(received_at=OPENS),)), NREF, OPENS, None),
        (facts(returns=(a_return(),), sent_back={"RMA-1": WRITTEN}), NREF, OPENS, (Code.CLAIM_TOO_EARLY, Why.TRANSIT)),
        (facts(returns=(a_return(),), sent_back={"RMA-1": WRITTEN}), NREF, WRITTEN + timedelta(days=14), None),
    ],
)  # fmt: skip
def test_when_a_claim_may_be_filed(
    found: FilingFacts, kind: ClaimKind, now: datetime, expected: tuple[Code, str] | None
) -> None:
    assert refusal(found, kind, now) == expected


def test_too_early_says_from_when_and_filing_then_works() -> None:
    for kind, found in ((NR, facts()), (NREF, facts(returns=(a_return(),), sent_back={"RMA-1": WRITTEN}))):
        said = claim_filing.option(found, kind, how(WRITTEN))
        while said.opens_at is not None:  # one obstacle after the other, each naming its end
            now = said.opens_at
            said = claim_filing.option(found, kind, how(now))
        assert said.refusal is None
        assert claim_filing.file(found, FileClaim("1", kind), how(now)).state in OPEN


@pytest.mark.parametrize(
    ("found", "cause", "defect", "debit"),
    [
        (facts(refused=True), ClaimCause.REFUSED_DELIVERY, False, 10_800),
        (facts(an_order(confirmed_at=None, status=Status.UNSHIPPED), ()), ClaimCause.NOT_CONFIRMED, True, 0),
        (facts(protected=True), ClaimCause.PROTECTED_LABEL, False, 0),
        (facts(refused=True, protected=True), ClaimCause.REFUSED_DELIVERY, False, 10_800),
    ],
)
def test_automatic_decisions(found: FilingFacts, cause: ClaimCause, defect: bool, debit: int) -> None:
    now = PROMISED + timedelta(days=4)
    filed = claim_filing.file(found, FileClaim("1", NR), how(now, money=found.money.money))
    assert filed.grant is not None
    assert (filed.state, filed.grant.cause) == (ClaimState.GRANTED, cause)
    assert (filed.grant.defect, filed.grant.debit) == (defect, debit)
    assert (filed.grant.appeal_until is None) == (not defect and not debit)


def test_a_policy_says_whether_the_seller_is_asked_at_once() -> None:
    asked = claim_filing.file(facts(), FileClaim("1", NR), how())
    assert (asked.state, asked.due and asked.due.due_at) == (
        ClaimState.ACTION_REQUIRED, OPENS + timedelta(hours=72),
    )  # fmt: skip
    waits = claim_filing.file(facts(), FileClaim("1", NR), how(claim_asks_at_once=False))
    assert (waits.state, waits.due) == (ClaimState.FILED, None)


def test_every_marketplace_has_its_terms() -> None:
    book = PolicyBook(seed_rows())
    hours = {
        place.country: ClaimTerms.of(book, place.id, PLACED.date()).claim_answer_hours
        for place in MARKETPLACES.values()
    }
    assert (hours["US"], hours["AU"]) == (72, 48)


def test_the_machine_has_no_dead_state() -> None:
    assert CLAIM.states == frozenset(ClaimState)
    assert CLAIM.unreachable() == frozenset()


@pytest.mark.parametrize("state", sorted(ClaimState))
def test_each_step_only_where_the_table_allows(state: ClaimState) -> None:
    claim = a_claim(
        state=state,
        due_at=OPENS + timedelta(hours=72) if state in WAITS_FOR_SELLER else None,
        appeal_until=OPENS + timedelta(days=30),
        debited=10_800,
        defect=True,
    )
    steps = {
        "ask": lambda: claims.ask(claim, STEP, how()),
        "answer": lambda: claims.answer(claim, STEP, how()),
        "withdraw": lambda: claims.withdraw(claim, STEP),
        "expire": lambda: claims.expire(claim, how()),
        "appeal": lambda: claims.appeal(claim, STEP, how()),
        "ask_appeal": lambda: claims.ask_appeal(claim, STEP, how()),
        "answer_appeal": lambda: claims.answer_appeal(claim, STEP, how()),
        "reverse": lambda: claims.decide_appeal(claim, AppealVerdict("1", "C", True, True)),
        "deny_appeal": lambda: claims.decide_appeal(claim, AppealVerdict("1", "C", False, False)),
        "expire_appeal": lambda: claims.expire_appeal(claim),
    }
    for verb, step in steps.items():
        move = CLAIM.moves[verb]
        if state in move.sources:
            assert step().state == move.target, verb
        else:
            with pytest.raises(Refusal) as caught:
                step()
            assert caught.value.code is Code.CLAIM_STATE, verb


def test_the_answer_counts_until_its_instant() -> None:
    claim = a_claim(state=ClaimState.ACTION_REQUIRED, due_at=OPENS)
    assert claims.answer(claim, STEP, how(OPENS - SECOND)).state is ClaimState.UNDER_REVIEW
    with pytest.raises(Refusal) as caught:
        claims.answer(claim, STEP, how(OPENS))
    assert caught.value.code is Code.CLAIM_ANSWER_OVER


@pytest.mark.parametrize("text", ["", " \n", "\x00\u202e", "x" * 5_001, "x" * 100_000])
def test_answers_need_words_and_are_bounded(text: str) -> None:
    claim = a_claim(state=ClaimState.ACTION_REQUIRED)
    with pytest.raises(Refusal) as caught:
        claims.answer(claim, replace(STEP, text=text), how())
    assert caught.value.code in (Code.MISSING_VALUE, Code.INVALID_VALUE)


def test_an_appeal_gives_back_only_what_was_taken() -> None:
    claim = a_claim(state=ClaimState.APPEALED, debited=0, defect=True)
    with pytest.raises(Refusal):
        claims.decide_appeal(claim, AppealVerdict("1", "C", True, True))
    assert claims.decide_appeal(claim, AppealVerdict("1", "C", False, True)).defect_off


amounts = st.integers(min_value=0, max_value=10**9)


@given(
    st.lists(st.tuples(amounts, amounts, amounts, amounts), min_size=1, max_size=6),
    st.sampled_from(list(Funding)),
)
def test_a_grant_never_gives_more_than_is_left(
    balances: list[tuple[int, int, int, int]], funding: Funding
) -> None:  # I06
    money = tuple(
        MoneyFacts(n, "principal", sum(parts), sum(parts), *parts[1:]) for n, parts in enumerate(balances)
    )
    grant = claims.grant_of(how(money=money), ClaimCause.OPERATOR, Fault.SELLER, funding, defect=True)
    assert grant.paid == net(money)
    assert grant.debit == (grant.paid if funding is Funding.SELLER else 0)
    known = {one.item_id: one for one in money}
    for part in grant.parts:
        one = known[part.item_id]
        assert part.amount > 0
        assert part.amount + one.refunded + one.pending + one.claimed <= one.charged


def test_a_discount_goes_with_its_price() -> None:
    money = (MoneyFacts(7, "principal", 1_000, 1_000), MoneyFacts(7, "promotion_discount", -100, -100))
    grant = claims.grant_of(how(money=money), ClaimCause.SILENCE, Fault.SELLER, Funding.SELLER, defect=True)
    assert grant.debit == 900
    gone = (MoneyFacts(7, "principal", 100, 100), MoneyFacts(7, "promotion_discount", -100, -100))
    nothing = claims.grant_of(how(money=gone), ClaimCause.SILENCE, Fault.SELLER, Funding.SELLER, defect=True)
    assert (nothing.parts, nothing.debit) == ((), 0)


def test_an_order_counts_once_with_all_its_reasons() -> None:  # T09
    lost = a_claim(state=ClaimState.GRANTED, defect=True)
    service, fraud = ChargebackKind.SERVICE, ChargebackKind.FRAUD
    records = Records(
        (FeedbackFacts(1, 1), FeedbackFacts(2, 3), FeedbackFacts(3, 2, removed=True), FeedbackFacts(4, 2)),
        (lost, replace(lost, order_id=2, defect=False)),
        (
            ChargebackFacts(5, "a", service),
            ChargebackFacts(6, "b", fraud),
            ChargebackFacts(7, "c", service, ChargebackOutcome.WON),
            ChargebackFacts(8, "d", service, ChargebackOutcome.LOST),
        ),
    )
    found = defects(records)
    assert found[1] == {Defect.FEEDBACK, Defect.CLAIM}
    assert found.keys() == {1, 4, 5, 8}


def test_reports_are_checked() -> None:
    now = OPENS
    for rating in (0, 6, -1, True):
        with pytest.raises(Refusal):
            check_feedback(None, FeedbackReport("1", rating, now), now=now)
    with pytest.raises(Refusal):
        check_feedback(None, FeedbackReport("1", 5, now + SECOND), now=now)
    check_feedback(None, FeedbackReport("1", 5, now), now=now)
    report = ChargebackReport("1", "CB", ChargebackKind.SERVICE, 100, "USD", now)
    check_chargeback(None, report, currency="USD", now=now)
    for wrong in (replace(report, amount=0), replace(report, reference=" "), replace(report, currency="JPY")):
        with pytest.raises(Refusal):
            check_chargeback(None, wrong, currency="USD", now=now)
