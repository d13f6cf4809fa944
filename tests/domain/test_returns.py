"""Returns as rules: windows, automatic authorisation, quantities, steps, advice (rulebook 2.7, 3.4; T14)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
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
from sellerdesk.domain.return_goods import (
    Inspection,
    LineChange,
    grade,
    is_graded,
    receive,
    stock_moves,
)
from sellerdesk.domain.return_settings import Automatic, Effect, Rule, Wanted, effect_of
from sellerdesk.domain.return_ways import crosses_border
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
            returns.close(waiting, reason, comment, facts().order)
    state, values = returns.close(waiting, "out_of_policy", "Too late.", facts().order)
    assert state is ReturnState.CLOSED_BY_SELLER
    assert values["wrongly_rejected"]
    assert not returns.close(waiting, "solved", "It works now.", facts().order)[1]["wrongly_rejected"]
    with pytest.raises(Refusal) as caught:
        returns.close(a_return(ReturnState.COMPLETED), "solved", "x", facts().order)
    assert caught.value.code is Code.RETURN_STATE


def why_not(known: ReturnFacts, reason: str, left: int = 1) -> Code | None:
    try:
        returns.close(known, reason, "Sorry.", facts().order, left=left)
    except Refusal as refusal:
        return refusal.code
    return None


def test_nobody_keeps_goods_and_money() -> None:
    back = a_return(ReturnState.PENDING_REFUND, lines=(ReturnLine(1, "1", 3, 3),))
    agreed = {reason for reason in returns.CloseReason if why_not(back, reason) is None}
    assert agreed == {returns.CloseReason.SOLVED, returns.CloseReason.BUYER_KEEPS}
    assert why_not(back, "not_returnable") is Code.RETURN_GOODS_HERE
    paid = replace(back, lines=(ReturnLine(1, "1", 3, 3, refunded=3),))
    kept = replace(back, lines=(ReturnLine(1, "1", 3),), returnless=True)
    assert why_not(paid, "other") is why_not(kept, "other") is why_not(back, "other", left=0) is None


def test_money_on_its_way_is_waited_for() -> None:
    held = a_return(ReturnState.PENDING_REFUND, lines=(ReturnLine(1, "1", 3, 3, refunded=3),), underway="F1")
    assert why_not(held, "solved") is Code.REFUND_UNDERWAY
    with pytest.raises(Refusal):
        returns.closable(held, NUMBER)


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


# --- Goods, ways back, scans ------------------------------------------------------------------------------------------


@given(
    quantity=st.integers(1, 9),
    steps=st.lists(
        st.one_of(
            st.tuples(st.just("receive"), st.integers(1, 4)),
            st.tuples(st.sampled_from(list(Grade)), st.none() | st.integers(0, 9)),
        ),
        max_size=12,
    ),
    refunded=st.booleans(),
)
def test_goods_are_never_more_than_came_and_the_stock_follows(
    quantity: int, steps: list[tuple[Any, Any]], refunded: bool
) -> None:
    """However goods come and are graded, the movements sum to what the lines say, and nothing is refunded twice."""
    state = ReturnState.COMPLETED if refunded else ReturnState.AUTHORIZED
    known = a_return(state, lines=(ReturnLine(1, "1", quantity),))
    stock = {"returned": 0, "unsellable": 0}
    for verb, number in steps:
        (line,) = known.lines
        try:
            if verb == "receive":
                state, changes, units = receive(known, {"1": number}, NUMBER)
                assert changes[1].received == line.received + units
            else:
                sellable = {} if number is None else {"1": number}
                state, changes = grade(known, Inspection({"1": verb}, {}, sellable), NUMBER)
                for _, kind, units in stock_moves(known, changes):
                    stock[kind] += units
        except Refusal:  # nothing has changed
            continue
        change = changes[1]
        line = ReturnLine(
            1, "1", quantity, change.received, change.grade, 0, change.sellable, change.unsellable
        )
        known = replace(known, state=state, lines=(line,), received_at=NOW)
        assert 0 <= line.sellable + line.unsellable <= line.received <= quantity
        assert stock == {"returned": line.sellable, "unsellable": line.unsellable}
        assert (state is ReturnState.COMPLETED) == refunded
        assert state is not ReturnState.PENDING_REFUND or is_graded(line)


def test_what_the_buyer_keeps_never_comes() -> None:
    kept = replace(a_return(ReturnState.PENDING_REFUND), returnless=True)
    for step in (
        lambda: receive(kept, {}, NUMBER),
        lambda: grade(kept, saying(Grade.SELLABLE), NUMBER),
    ):
        with pytest.raises(Refusal) as caught:
            step()
        assert caught.value.code is Code.RETURN_STATE


def test_notes_have_an_end() -> None:
    with pytest.raises(Refusal) as caught:
        grade(received(1), saying(Grade.DAMAGED, notes={"1": "x" * 256}), NUMBER)
    assert caught.value.code is Code.INVALID_VALUE


@pytest.mark.parametrize(
    ("buyer", "address", "based", "crosses"),
    [
        ("US", {"country": "US"}, "CN", False),
        ("US", {"country": "cn"}, "US", True),
        ("us", {}, "US", False),
        ("US", {}, "CN", True),
        ("", {}, "CN", False),
        ("US", {}, "", False),
    ],
)
def test_when_a_return_crosses_a_border(
    buyer: str, address: dict[str, str], based: str, crosses: bool
) -> None:
    assert crosses_border(buyer, address, based) == crosses


@pytest.mark.parametrize(
    ("other", "state", "kinds"),
    [
        ({"foreign_keep": True}, ReturnState.PENDING_REFUND, set()),
        (
            {"automatic": Automatic.ALL},
            ReturnState.PENDING_AUTHORIZATION,
            {DeadlineKind.RETURN_ANSWER, DeadlineKind.RETURN_METHOD, DeadlineKind.RETURN_IDLE},
        ),
    ],
)
def test_requests_over_a_border(other: dict[str, Any], state: ReturnState, kinds: set[DeadlineKind]) -> None:
    decision = returns.request(facts(), asked(), how(international=True, **other))
    assert (decision.state, {due.kind for due in decision.dues}) == (state, kinds)
    assert decision.payer is Payer.SELLER


def test_thirty_days_are_days_of_the_wall_across_a_change_of_the_clocks() -> None:
    autumn = datetime(2026, 10, 30, 19, 0, tzinfo=UTC)  # noon in Los Angeles; the clocks change on 1 November
    decision = returns.request(facts(), asked(), how(now=autumn, delivered_at=None, international=True))
    due = {one.kind: one.due_at for one in decision.dues}
    assert due[DeadlineKind.RETURN_METHOD] == autumn + timedelta(days=5, hours=1)
    assert due[DeadlineKind.RETURN_ANSWER] == autumn + timedelta(hours=24)
