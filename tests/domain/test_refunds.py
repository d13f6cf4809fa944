"""Refunds as rules: amounts, modes, holds, second persons (S2-11, S4-20 to S4-22; rulebook 2.8, 3.5; T12, T13, T16)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellerdesk.domain import refund_amounts as amounts
from sellerdesk.domain.actors import Party
from sellerdesk.domain.calendars import BusinessCalendar
from sellerdesk.domain.facts import ItemFacts, OrderFacts
from sellerdesk.domain.marketplaces import by_country
from sellerdesk.domain.money import parse_amount
from sellerdesk.domain.orders import Channel, Status
from sellerdesk.domain.policies import PolicyBook
from sellerdesk.domain.policy_seed import seed_rows
from sellerdesk.domain.refund_amounts import MoneyFacts
from sellerdesk.domain.refund_decisions import Deciding, check_refund, questions, refund
from sellerdesk.domain.refund_reasons import FEED_REASONS, Mode, RefundReason
from sellerdesk.domain.refunds import (
    REFUND,
    HeldRefund,
    LineRefund,
    RefundDecision,
    RefundFacts,
    RefundRequest,
    RefundState,
    RefundTerms,
    Warn,
    approve,
    undo,
)
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.domain.return_facts import (
    BUYERS_FAULT,
    Grade,
    ReturnFacts,
    ReturnKind,
    ReturnLine,
    ReturnReason,
    ReturnState,
)

NOW = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)  # a Tuesday
BOOK = PolicyBook(seed_rows())
NUMBER = "111-1111111-1111111"


def terms(country: str = "US", **other: Any) -> RefundTerms:
    return replace(RefundTerms.of(BOOK, by_country(country).id, date(2026, 3, 10)), **other)


def deciding(country: str = "US", party: Party = Party.SELLER, **other: Any) -> Deciding:
    late = other.pop("late", False)
    place = by_country(country)
    calendar = BusinessCalendar(place.zone, place.weekend)
    return Deciding(party, NOW, terms(country, **other), calendar, late)


def facts(
    *lines: Mapping[str, int],
    ordered: int = 3,
    shipped: int | None = None,
    currency: str = "USD",
    **other: Any,
) -> RefundFacts:
    """An order whose lines have these charges for `ordered` units each, `shipped` of them charged."""
    sent = ordered if shipped is None else shipped
    lines = lines or ({"principal": 1000, "tax": 100},)
    items = tuple(ItemFacts(i, str(i), ordered, sent, 0) for i, _ in enumerate(lines, 1))
    money = tuple(
        MoneyFacts(i, component, amount, amount * sent // ordered)
        for i, line in enumerate(lines, 1)
        for component, amount in line.items()
    )
    status = other.pop("status", Status.SHIPPED if sent else Status.UNSHIPPED)
    channel = other.pop("channel", Channel.MFN)
    order = OrderFacts(
        1, NUMBER, by_country("US").id, channel, status, "authorized", "", currency, NOW, None, None, None, 1, True,
        items,
    )  # fmt: skip
    return RefundFacts(order, money, **other)


def ask(**said: Any) -> RefundRequest:
    return RefundRequest(NUMBER, said.pop("reason", RefundReason.GENERAL_ADJUSTMENT), **said)


def refusal(known: RefundFacts, request: RefundRequest, how: Deciding | None = None) -> Refusal:
    with pytest.raises(Refusal) as caught:
        check_refund(refund(known, request, how or deciding()))
    return caught.value


def a_return(state: ReturnState = ReturnState.AUTHORIZED, **other: Any) -> ReturnFacts:
    lines = other.pop("lines", (ReturnLine(1, "1", 3, grade=other.pop("grade", "")),))
    reason = other.pop("reason", ReturnReason.NOT_NEEDED)
    return ReturnFacts(7, "RMA7", ReturnKind.CUSTOMER, state, reason, True, False, NOW, lines, **other)


def test_the_machine_reaches_every_state() -> None:
    assert REFUND.states == set(RefundState)
    assert not REFUND.unreachable()
    assert REFUND.verbs(RefundState.CANCELLED) == ()


def test_full_gives_back_all_that_is_left() -> None:
    known = facts({"principal": 1000, "tax": 100, "shipping": 399, "promotion_discount": -50})
    decision = refund(known, ask(mode=Mode.GOODWILL, return_shipping=500, goodwill=100), deciding())
    assert {part.component: part.amount for part in decision.parts} == {
        "principal": 1000, "tax": 100, "shipping": 399, "promotion_discount": -50,
    }  # fmt: skip
    assert decision.total == 1449 + 600
    assert decision.after.left == 0
    assert refusal(decision.after, ask()).code is Code.NOTHING_TO_REFUND


def test_three_units_one_by_one_give_the_line_exactly() -> None:  # T12
    known, seen = facts(), []
    for _ in range(3):
        decision = refund(known, ask(lines=(LineRefund("1", units=1),)), deciding())
        seen.append([part.amount for part in decision.parts])
        known = decision.after
    assert seen == [[334, 34], [333, 33], [333, 33]]
    assert known.left == 0
    assert refusal(known, ask(lines=(LineRefund("1", units=1),))).code is Code.NOTHING_TO_REFUND


def test_yen_have_no_decimals() -> None:  # T13
    with pytest.raises(Refusal) as caught:
        parse_amount("0.5", "JPY", place="amount")
    assert caught.value.code is Code.MONEY_PRECISION
    known = facts({"principal": 999}, currency="JPY")
    assert refusal(known, ask(amount=1000), deciding("JP")).facts["left"] == "999"
    assert refund(known, ask(amount=998), deciding("JP")).after.left == 1


EXPECTED = {Code.REFUND_EXCEEDED, Code.NOTHING_TO_REFUND, Code.QUANTITY_EXCEEDED, Code.INVALID_VALUE}


def decided(known: RefundFacts, request: RefundRequest) -> RefundDecision | Refusal:
    try:
        return refund(known, request, deciding(refund_approval_limit=0))
    except Refusal as told:
        return told


@settings(max_examples=300)
@given(data=st.data(), currency=st.sampled_from(["USD", "JPY", "KWD"]))
def test_random_partial_refunds_never_exceed_to_the_last_coin(data: st.DataObject, currency: str) -> None:
    coins = st.integers(1, 10**7)
    lines = [
        {"principal": data.draw(coins), "tax": data.draw(st.integers(0, 5000)),
         "promotion_discount": -data.draw(st.integers(0, 1)), "shipping": data.draw(st.integers(0, 2000))}
        for _ in range(data.draw(st.integers(1, 3)))
    ]  # fmt: skip
    known = facts(*lines, ordered=data.draw(st.integers(1, 7)), currency=currency)
    charged, given_back = known.left, 0
    for _ in range(data.draw(st.integers(1, 12))):
        request = data.draw(_asked(known))
        decision = decided(known, request)
        if isinstance(decision, Refusal):
            assert decision.code in EXPECTED
            continue
        assert decision.total > 0
        given_back += decision.total
        known = decision.after
        for one in known.money:
            assert 0 <= one.pending * (1 if one.charged >= 0 else -1) <= abs(one.charged)
        for item in known.order.items:
            for members in amounts.GROUPS.values():
                rest = [m for m in known.money if m.item_id == item.id and m.component in members]
                assert amounts.net(rest) >= 0
        assert known.left == charged - given_back
    if known.left:
        given_back += refund(known, ask(), deciding(refund_approval_limit=0)).total
    assert given_back == charged


def _asked(known: RefundFacts) -> st.SearchStrategy[RefundRequest]:
    numbers = st.sampled_from([item.item_number for item in known.order.items])
    some = st.integers(1, max(2, known.left // 2))
    by_units = st.builds(lambda n, u: ask(lines=(LineRefund(n, units=u),)), numbers, st.integers(1, 4))
    names = st.sampled_from(["principal", "tax", "promotion_discount", "shipping", "product", "gift_wrap"])
    by_part = st.builds(lambda n, k, a: ask(lines=(LineRefund(n, amounts={k: a}),)), numbers, names, some)
    by_amount = st.builds(lambda a: ask(amount=a), some)
    return st.one_of(by_units, by_part, by_amount)


def test_an_amount_falls_upon_all_that_is_left_in_proportion() -> None:
    known = facts({"principal": 900, "tax": 100}, {"principal": 2000, "promotion_discount": -1000})
    parts = refund(known, ask(amount=1000), deciding()).parts
    assert [(p.item_id, p.component, p.amount) for p in parts] == [
        (1, "principal", 450), (1, "tax", 50), (2, "principal", 1000), (2, "promotion_discount", -500),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"amount": 0}, Code.INVALID_VALUE),
        ({"amount": -1}, Code.INVALID_VALUE),
        ({"amount": 1101}, Code.REFUND_EXCEEDED),
        ({"lines": (LineRefund("1", amounts={"principal": 1001}),)}, Code.REFUND_EXCEEDED),
        ({"lines": (LineRefund("1", amounts={"principal": -5}),)}, Code.INVALID_VALUE),
        ({"lines": (LineRefund("1", amounts={"shipping": 5}),)}, Code.REFUND_EXCEEDED),
        ({"lines": (LineRefund("1", units=4),)}, Code.QUANTITY_EXCEEDED),
        ({"lines": (LineRefund("9", units=1),)}, Code.ITEM_NOT_FOUND),
        ({"lines": (LineRefund("1"),)}, Code.INVALID_VALUE),
        ({"goodwill": 1101}, Code.CONCESSION_EXCEEDED),
        ({"goodwill": -1}, Code.INVALID_VALUE),
        ({"only_concessions": True}, Code.MISSING_VALUE),
        ({"currency": "EUR"}, Code.CURRENCY_MISMATCH),
        ({"version": 2}, Code.STALE_VERSION),
        ({"expects_left": 1000}, Code.LEFT_CHANGED),
        ({"rma": "RMA9"}, Code.RETURN_NOT_FOUND),
        ({"fee": 1}, Code.DEDUCTION_NOT_ALLOWED),
        ({"note": "x" * 256}, Code.INVALID_VALUE),
    ],
)
def test_what_is_refused(asked: dict[str, Any], code: Code) -> None:
    assert refusal(facts(), ask(**asked)).code is code


def test_a_price_does_not_go_back_without_its_discount() -> None:
    known = facts({"principal": 1000, "promotion_discount": -100})
    told = refusal(known, ask(lines=(LineRefund("1", amounts={"principal": 1000}),)))
    assert (told.code, told.facts["left"]) == (Code.REFUND_EXCEEDED, "9.00")


@pytest.mark.parametrize(
    ("known", "code"),
    [
        (facts(shipped=0), Code.NOT_SHIPPED),
        (facts(shipped=0, status=Status.CANCELED), Code.NOT_SHIPPED),
        (facts(shipped=0, status=Status.PENDING), Code.ORDER_PENDING),
        (facts(channel=Channel.AFN), Code.WAREHOUSE_ORDER),
    ],
)
def test_which_orders_take_no_refund(known: RefundFacts, code: Code) -> None:  # C27
    assert refusal(known, ask()).code is code


def test_only_shipped_units_were_charged() -> None:
    assert refund(facts(shipped=1), ask(), deciding()).total == 333 + 33


def test_money_before_goods_needs_a_reason_of_its_own() -> None:  # S2-11, C8
    known = facts(returns=(a_return(),))
    request = ask(mode=Mode.ADVANCE, reason=RefundReason.BUYER_RETURN)
    decision = refund(known, request, deciding())
    assert [one.code for one in questions(decision)] == [Code.OVERRIDE_NEEDED]
    assert Warn.GOODS_NOT_BACK in decision.warnings
    check_refund(refund(known, replace(request, override="regular buyer"), deciding()))


def test_on_receipt_means_that_something_was_received() -> None:
    request = ask(mode=Mode.ON_RECEIPT, reason=RefundReason.BUYER_RETURN)
    assert refusal(facts(returns=(a_return(),)), request).code is Code.GOODS_NOT_BACK
    back = facts(returns=(a_return(ReturnState.RECEIVED),))
    decision = refund(back, request, deciding())
    assert decision.covers
    assert decision.warnings == (Warn.COMPLETES_RETURN,)


@pytest.mark.parametrize("mode", [Mode.RETURNLESS, Mode.INTERCEPT_FAILED, Mode.GOODWILL])
def test_other_modes_only_warn(mode: Mode) -> None:
    decision = refund(facts(returns=(a_return(),)), ask(mode=mode), deciding())
    check_refund(decision)
    assert {Warn.GOODS_NOT_BACK, Warn.BUYER_KEEPS} & set(decision.warnings)


@pytest.mark.parametrize(
    ("reason", "grade", "late", "most"),
    [
        (ReturnReason.NOT_NEEDED, Grade.SELLABLE, False, None),
        (ReturnReason.NOT_NEEDED, Grade.SELLABLE, True, 200),
        (ReturnReason.NOT_NEEDED, Grade.REPACK, False, 500),
        (ReturnReason.NOT_NEEDED, Grade.OPENED_MEDIA, False, 1000),
        (ReturnReason.NOT_NEEDED, "", False, None),
        (ReturnReason.DEFECTIVE, Grade.DAMAGED, True, None),
    ],
)
def test_what_may_be_kept_back(reason: ReturnReason, grade: str, late: bool, most: int | None) -> None:
    known = facts(returns=(a_return(ReturnState.INSPECTED, grade=grade, reason=reason),))
    how = deciding(late=late)
    if most is None:
        assert refusal(known, ask(fee=1, rma="RMA7"), how).code is Code.DEDUCTION_NOT_ALLOWED
        return
    decision = refund(known, ask(fee=most, rma="RMA7"), how)
    assert (decision.fee, decision.total) == (most, 1100 - most)
    assert Warn.FEE_KEPT in decision.warnings
    assert refusal(known, ask(fee=most + 1, rma="RMA7"), how).code is Code.DEDUCTION_EXCEEDED


def test_a_return_of_two_units_takes_two_thirds() -> None:
    known = facts(returns=(a_return(ReturnState.RECEIVED, lines=(ReturnLine(1, "1", 2),)),))
    decision = refund(known, ask(rma="RMA7", mode=Mode.ON_RECEIPT), deciding())
    assert (decision.total, decision.units, decision.covers) == (667 + 67, {1: 2}, True)
    one = refund(known, ask(rma="RMA7", lines=(LineRefund("1", units=1),)), deciding())
    assert not one.covers


def test_the_hold_of_each_marketplace() -> None:
    assert refund(facts(), ask(), deciding()).release_at == NOW + timedelta(hours=2)
    japan = refund(facts(currency="JPY"), ask(), deciding("JP", refund_approval_limit=0))
    assert (japan.state, japan.release_at) == (RefundState.RELEASED, NOW)
    amazon = refund(facts(), ask(), deciding(party=Party.AMAZON))
    assert amazon.state is RefundState.RELEASED


def test_the_window_in_which_the_buyer_has_it() -> None:  # S0-32: Tuesday afternoon → Friday to Tuesday
    first, last = refund(facts(), ask(), deciding()).settles
    assert [one.astimezone(UTC).date() for one in (first, last)] == [date(2026, 3, 14), date(2026, 3, 18)]


def test_above_the_limit_a_second_person_must_agree() -> None:
    known = facts({"principal": 60_000})
    draft = refund(known, ask(), deciding())
    assert (draft.state, draft.release_at) == (RefundState.DRAFT, None)
    assert Warn.NEEDS_APPROVAL in draft.warnings
    assert refund(known, ask(amount=50_000), deciding()).state is RefundState.PENDING
    assert refund(known, ask(), deciding(refund_approval_limit=0)).state is RefundState.PENDING


def held(state: RefundState = RefundState.PENDING, **other: Any) -> HeldRefund:
    end = other.pop("release_at", NOW + timedelta(hours=2))
    return HeldRefund(
        1, 1, NUMBER, f"{NUMBER}-R1", state, "Ann", 500, "USD", end, by_country("US").id, 120, "", "user:1"
    )


def test_undo_until_the_hold_ends() -> None:  # T16
    assert undo(held(), now=NOW + timedelta(hours=1, minutes=59, seconds=59)) is RefundState.CANCELLED
    with pytest.raises(Refusal) as caught:
        undo(held(), now=NOW + timedelta(hours=2))
    assert caught.value.code is Code.HOLD_OVER
    with pytest.raises(Refusal) as caught:
        undo(held(RefundState.RELEASED), now=NOW)
    assert caught.value.code is Code.REFUND_STATE


def test_the_author_does_not_approve() -> None:
    draft = held(RefundState.DRAFT, release_at=None)
    assert undo(draft, now=NOW) is RefundState.CANCELLED
    assert approve(draft, by="user:2", now=NOW) == NOW + timedelta(minutes=120)
    with pytest.raises(Refusal) as caught:
        approve(draft, by="user:1", now=NOW)
    assert caught.value.code is Code.APPROVAL_NEEDED


def test_every_feed_code_means_a_reason() -> None:
    assert len(FEED_REASONS) == 18
    assert len(RefundReason) == 12
    assert len(ReturnReason) == 22
    assert len(BUYERS_FAULT) == 7
