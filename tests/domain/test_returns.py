"""Returns as rules: windows, automatic authorisation, quantities, steps, advice (rulebook 2.7, 3.4; T14)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.domain.test_refunds import BOOK, NOW, NUMBER, a_return, deciding, facts

from sellerdesk.domain import returns
from sellerdesk.domain.calendars import BusinessCalendar
from sellerdesk.domain.deadlines import DeadlineKind
from sellerdesk.domain.marketplaces import by_country
from sellerdesk.domain.policies import check_value
from sellerdesk.domain.refund_decisions import propose
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.domain.return_advice import Advice, Risk, Situation, advise
from sellerdesk.domain.return_facts import (
    Grade,
    Payer,
    ReturnFacts,
    ReturnKind,
    ReturnLine,
    ReturnReason,
    ReturnState,
    payer_of,
)
from sellerdesk.domain.return_goods import Inspection, LineChange, grade, receive
from sellerdesk.domain.return_settings import Automatic, Effect, Rule, Wanted, effect_of
from sellerdesk.domain.returns import RETURN, ReturnAsked, ReturnHow, ReturnTerms, Verdict

US = by_country("US")
CALENDAR = BusinessCalendar(US.zone, US.weekend)
TERMS = ReturnTerms.of(BOOK, US.id, date(2026, 3, 10))


def how(**other: Any) -> ReturnHow:
    return replace(ReturnHow(NOW, TERMS, CALENDAR, NOW - timedelta(days=5)), **other)


def asked(units: int = 1, **other: Any) -> ReturnAsked:
    return ReturnAsked(NUMBER, other.pop("reason", ReturnReason.NOT_NEEDED), {"1": units}, **other)


def refused(known: Any, request: ReturnAsked) -> Code:
    with pytest.raises(Refusal) as caught:
        returns.request(known, request, how())
    return caught.value.code


def test_the_machine_reaches_every_state() -> None:
    assert RETURN.states == set(ReturnState)
    assert not RETURN.unreachable()
    assert RETURN.verbs("COMPLETED") == ("receive", "grade")  # goods that come after their refund
    for ended in ("CLOSED_BY_SELLER", "CLOSED_BY_BUYER", "CLOSED_AUTO"):
        assert RETURN.verbs(ended) == ()


def test_quantities_that_are_left() -> None:  # T14
    known = facts(returns=(a_return(ReturnState.COMPLETED, lines=(ReturnLine(1, "1", 2),)),))
    assert returns.request(known, asked(1), how()).lines == {1: 1}
    assert refused(known, asked(2)) is Code.RETURN_QUANTITY
    closed = facts(returns=(a_return(ReturnState.CLOSED_BY_SELLER),))
    assert returns.request(closed, asked(3), how()).lines == {1: 3}


def test_only_what_was_shipped_can_come_back() -> None:
    assert refused(facts(shipped=0), asked()) is Code.NOT_SHIPPED
    assert refused(facts(shipped=1), asked(2)) is Code.RETURN_QUANTITY
    assert refused(facts(), asked(0)) is Code.INVALID_VALUE
    assert refused(facts(), replace(asked(), lines={})) is Code.MISSING_VALUE


def test_the_window_and_its_season() -> None:
    delivered = datetime(2023, 11, 10, 20, tzinfo=UTC)
    plain = how(terms=ReturnTerms.of(BOOK, US.id, date(2023, 10, 31)))
    november = how(terms=ReturnTerms.of(BOOK, US.id, date(2023, 11, 5)))
    placed = datetime(2023, 11, 5, 20, tzinfo=UTC)
    local = CALENDAR.local
    assert local(returns.window_end(delivered, placed, plain)).date() == date(2023, 12, 10)
    assert local(returns.window_end(delivered, placed, november)).date() == date(2024, 1, 31)
    ends = returns.window_end(delivered, placed, plain)
    decided = [
        returns.request(facts(), asked(), replace(plain, now=now, delivered_at=delivered)).verdict
        for now in (ends, ends + timedelta(seconds=1))
    ]
    assert decided == [Verdict.IN_POLICY, Verdict.WINDOW_OVER]


@pytest.mark.parametrize(
    ("other", "state"),
    [
        ({}, ReturnState.PENDING_AUTHORIZATION),
        ({"automatic": Automatic.ALL}, ReturnState.AUTHORIZED),
        ({"automatic": Automatic.IN_POLICY}, ReturnState.AUTHORIZED),
        ({"automatic": Automatic.ALL, "effect": Effect.MANUAL}, ReturnState.PENDING_AUTHORIZATION),
        ({"effect": Effect.AUTHORIZE}, ReturnState.AUTHORIZED),
        ({"effect": Effect.RETURNLESS}, ReturnState.PENDING_REFUND),
        (
            {"automatic": Automatic.IN_POLICY, "delivered_at": NOW - timedelta(days=40)},
            ReturnState.PENDING_AUTHORIZATION,
        ),
        ({"automatic": Automatic.IN_POLICY, "delivered_at": None}, ReturnState.AUTHORIZED),
    ],
)
def test_where_a_request_begins(other: dict[str, Any], state: ReturnState) -> None:
    decision = returns.request(facts(), asked(), how(**other))
    assert decision.state is state
    kinds = {due.kind for due in decision.dues}
    assert (DeadlineKind.RETURN_ANSWER in kinds) == (state is ReturnState.PENDING_AUTHORIZATION)
    assert (DeadlineKind.RETURN_IDLE in kinds) == (state is not ReturnState.PENDING_REFUND)


def test_a_refused_delivery_is_on_its_way_already() -> None:  # S0-31
    decision = returns.request(facts(), asked(3, kind=ReturnKind.REFUSED), how())
    assert decision.state is ReturnState.IN_TRANSIT_BACK


def test_who_pays_the_way_back() -> None:
    assert payer_of(ReturnReason.TOO_SMALL) is Payer.BUYER
    assert payer_of(ReturnReason.TOO_SMALL, international=True) is Payer.SELLER
    assert payer_of(ReturnReason.DEFECTIVE) is Payer.SELLER


def test_rules_as_of_the_order() -> None:
    rule = Rule(Effect.RETURNLESS, NOW, NOW + timedelta(days=1), price_to=2500, currency="USD")
    line = Wanted(US.id, "SKU-1", "", "too_small", 2500, "USD", NOW)
    assert effect_of((rule,), (line,)) is Effect.RETURNLESS
    assert effect_of((rule,), (line, replace(line, price=2501))) is None
    assert effect_of((rule,), (replace(line, ordered_at=NOW + timedelta(days=1)),)) is None
    assert effect_of((rule,), (replace(line, currency="EUR"),)) is None
    exempt = Rule(Effect.MANUAL, NOW, sku="SKU-1")
    assert effect_of((rule, exempt), (line,)) is Effect.MANUAL


def test_receipt_grades_and_the_refund_that_is_due() -> None:
    known = a_return(ReturnState.AUTHORIZED)
    assert receive(known, {}, NUMBER) == (ReturnState.RECEIVED, {1: LineChange(3, "", 0, 0)}, 3)
    with pytest.raises(Refusal):
        receive(known, {"1": 4}, NUMBER)
    friday = datetime(2026, 3, 13, 18, tzinfo=UTC)
    due = returns.refund_due(friday, TERMS, CALENDAR)
    assert CALENDAR.local(due.due_at).date() == date(2026, 3, 17)  # two business days
    came = received(3)
    assert grade(came, saying(Grade.REPACK), NUMBER) == (
        ReturnState.PENDING_REFUND, {1: LineChange(3, "repack", 3, 0)},
    )  # fmt: skip
    graded = replace(came, lines=(ReturnLine(1, "1", 3, 3, "repack", 0, 3),))
    assert propose(facts(returns=(graded,)), graded, deciding()) == (1100, 500)


def saying(one: Grade, **other: Any) -> Inspection:
    return Inspection({"1": one}, other.get("notes", {}), other.get("sellable", {}))


def received(units: int) -> ReturnFacts:
    return a_return(ReturnState.RECEIVED, lines=(ReturnLine(1, "1", 3, units),))


def test_closing_needs_words_and_is_flagged_when_wrong() -> None:  # S2-13
    waiting = a_return(ReturnState.PENDING_AUTHORIZATION)
    for reason, comment in (("", "x"), ("other", " "), ("because", "x")):
        with pytest.raises(Refusal):
            returns.close(waiting, reason, comment, NUMBER)
    state, values = returns.close(waiting, "out_of_policy", "Too late.", NUMBER)
    assert state is ReturnState.CLOSED_BY_SELLER
    assert values["wrongly_rejected"]
    assert not returns.close(waiting, "solved", "It works now.", NUMBER)[1]["wrongly_rejected"]
    with pytest.raises(Refusal) as caught:
        returns.close(a_return(ReturnState.COMPLETED), "solved", "x", NUMBER)
    assert caught.value.code is Code.RETURN_STATE


@pytest.mark.parametrize(
    ("known", "best"),
    [
        (Situation(), [Advice.CONTACT_BUYER, Advice.SHIP_ANYWAY, Advice.REFUND_NOW]),
        (Situation(contacted=True, confirmed=False), [Advice.CANCEL]),
        (Situation(contacted=True, insists=True), [Advice.REFUND_NOW]),
        (Situation(contacted=True, warehouse=True), [Advice.WAREHOUSE_HANDLES]),
        (
            Situation(contacted=True, sent=True, stoppable=True, value=5000),
            [Advice.INTERCEPT, Advice.WAIT_AND_SEE, Advice.REFUSE_DELIVERY],
        ),
        (
            Situation(contacted=True, sent=True, insists=True, value=900, keep_limit=1000),
            [Advice.KEEP_IT, Advice.REFUSE_DELIVERY],
        ),
        (
            Situation(contacted=True, sent=True, insists=True, value=9000, cost=4000),
            [Advice.REFUSE_DELIVERY, Advice.PARTIAL_REFUND, Advice.REFUND_EARLY],
        ),
        (
            Situation(contacted=True, sent=True, delivered=True, value=1500, way_back=2000),
            [Advice.KEEP_IT, Advice.RETURN_GOODS],
        ),
        (
            Situation(contacted=True, sent=True, delivered=True, value=9000),
            [Advice.RETURN_GOODS, Advice.REFUND_EARLY],
        ),
    ],
)
def test_advice(known: Situation, best: list[Advice]) -> None:
    hints = advise(known)
    assert [hint.advice for hint in hints] == best
    if hints[-1].advice is Advice.REFUND_EARLY:
        assert hints[-1].risks == (Risk.GOODS_AND_MONEY,)


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ([], True),
        ([{"placed_from": "2025-11-01", "placed_until": "2025-12-31", "until": "2026-01-31"}], True),
        ([{"placed_from": "2025-11-01", "placed_until": "2025-10-31", "until": "2026-01-31"}], False),
        ([{"placed_from": "2025-11-01", "until": "2026-01-31"}], False),
        ("x", False),
    ],
)
def test_what_an_extension_looks_like(value: object, fits: bool) -> None:
    assert (check_value("return_extensions", value) is None) == fits
