"""What cancelling decides: who may, whether it counts, stock, money, the rate (S3-23 to S3-34; C3, C10, C26 to C28)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sellerdesk.domain.cancellations import (
    RESTOCKED,
    BuyerCancelRequest,
    CancelDecision,
    CancelReason,
    CancelRequest,
    PlatformCancelRequest,
    PlatformReason,
    Why,
    cancel,
    cancel_automatically,
    cancel_by_buyer,
    cancel_by_marketplace,
    check_cancel,
    questions,
)
from sellerdesk.domain.facts import ChargeFacts, ItemFacts, OrderFacts, PackageFacts
from sellerdesk.domain.orders import Channel, Status
from sellerdesk.domain.rates import CancellationRate, RatePolicy
from sellerdesk.domain.refusals import Code, Refusal

NOW = datetime(2026, 3, 10, 18, tzinfo=UTC)
NUMBER = "111-2222222-3333333"
BUYER, STOCK = CancelReason.BUYER_CANCELLED, CancelReason.NO_INVENTORY


def item(number: str = "A", ordered: int = 2, shipped: int = 0, cancelled: int = 0, **more: Any) -> ItemFacts:
    asked = more.pop("asked", False)
    charges = (
        ChargeFacts("principal", more.pop("amount", 1001), 0),
        ChargeFacts("promotion_discount", -101, 0),
    )
    return ItemFacts(ord(number), number, ordered, shipped, cancelled, charges, asked)


def order(*items: ItemFacts, **changes: Any) -> OrderFacts:
    facts = OrderFacts(
        id=1, order_number=NUMBER, marketplace_id="ATVPDKIKX0DER", channel=Channel.MFN, status=Status.UNSHIPPED,
        payment_state="authorized", pending_reason="", currency="USD", placed_at=NOW - timedelta(days=1),
        latest_ship_at=None, confirmed_at=None, is_late=None, version=4, items_known=True, items=items or (item(),),
    )  # fmt: skip
    return replace(facts, **changes)


def rate(orders: int = 100, counted: int = 0, left: int = 0) -> CancellationRate:
    return CancellationRate("ATVPDKIKX0DER", NOW, orders, counted, left, RatePolicy(250, 7, "strict"))


def ask(reason: CancelReason = STOCK, **more: Any) -> CancelRequest:
    return CancelRequest(NUMBER, reason, **more)


def refusal_of(facts: OrderFacts, request: CancelRequest) -> Code:
    with pytest.raises(Refusal) as caught:
        cancel(facts, request)
    return caught.value.code


WISHED = {"cancel_request": "requested_formal", "cancel_requested_at": NOW}


@pytest.mark.parametrize(
    ("reason", "asked", "counts", "why"),
    [
        (BUYER, True, False, Why.FORMAL_REQUEST),
        (BUYER, False, True, Why.NO_FORMAL_REQUEST),
        *((one, False, True, Why.SELLER_REASON) for one in CancelReason if one is not BUYER),
        *((one, True, True, Why.OTHER_REASON) for one in CancelReason if one is not BUYER),
    ],
)
def test_only_a_filed_request_and_the_reason_that_says_so_do_not_count(
    reason: CancelReason, asked: bool, counts: bool, why: Why
) -> None:
    decision = cancel(order(item(asked=asked)), ask(reason))
    assert (decision.counting.counts, decision.counting.why) == (counts, why)
    assert decision.leaves is not counts
    assert decision.after.counts_in_cr is counts
    assert decision.restocked is (reason in RESTOCKED)
    assert (STOCK in RESTOCKED, len(RESTOCKED)) == (False, 5)


@pytest.mark.parametrize(
    ("wish", "counts"),
    [("requested_informal", True), ("guided", True), ("requested_formal", True)],
)
def test_what_the_order_says_of_a_wish_does_not_matter_only_the_lines_do(wish: str, counts: bool) -> None:
    decision = cancel(order(item(), cancel_request=wish), ask(BUYER))
    assert decision.counting.counts is counts


def test_every_line_concerned_must_have_been_filed() -> None:
    facts = order(item("A", asked=True), item("B"), **WISHED)
    assert cancel(facts, ask(BUYER)).counting.counts
    only = cancel(facts, ask(BUYER, lines={"A": 2}))
    assert (only.counting.counts, only.leaves, only.whole) == (False, False, False)
    assert only.after.cancel_request == ""  # what was wished is done
    part = cancel(facts, ask(BUYER, lines={"A": 1}))
    assert part.after.cancel_request == "requested_formal"  # one unit is still wished away


def test_an_order_is_counted_once_and_then_never_leaves() -> None:
    facts = order(item("A"), item("B", asked=True), **WISHED)
    first = cancel(facts, ask(STOCK, lines={"A": 2}), rate=rate(counted=1))
    assert first.after_rate == rate(counted=2)
    second = cancel(first.after, ask(BUYER), rate=first.after_rate)
    assert (second.counting.counts, second.leaves, second.status) == (False, False, Status.CANCELED)
    assert second.after_rate == first.after_rate
    again = cancel(first.after, ask(STOCK), rate=first.after_rate)
    assert again.counting.counts
    assert again.after_rate == first.after_rate


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"channel": Channel.AFN}, Code.WAREHOUSE_ORDER),
        ({"status": Status.PENDING}, Code.ORDER_PENDING),
        ({"status": Status.PENDING_AVAILABILITY}, Code.ORDER_PENDING),
        ({"status": Status.CANCELED}, Code.ORDER_CANCELLED),
        ({"status": Status.SHIPPED}, Code.ALREADY_SHIPPED),
        ({"status": Status.INVOICE_UNCONFIRMED}, Code.ALREADY_SHIPPED),
        ({"status": Status.UNFULFILLABLE}, Code.WRONG_STATUS),
        ({"items_known": False, "items": ()}, Code.ITEMS_UNKNOWN),
        ({"items": (item(ordered=0),)}, Code.ITEMS_UNKNOWN),
        ({"version": 5}, Code.STALE_VERSION),
    ],
)
def test_refusals_by_the_state(changes: dict[str, Any], code: Code) -> None:
    assert refusal_of(order(**changes), ask(version=4)) is code


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ({}, Code.MISSING_VALUE),
        ({"Z": 1}, Code.ITEM_NOT_FOUND),
        ({"A": 0}, Code.INVALID_VALUE),
        ({"A": -1}, Code.INVALID_VALUE),
        ({"A": 3}, Code.QUANTITY_EXCEEDED),
    ],
)
def test_refusals_by_the_lines(lines: dict[str, int], code: Code) -> None:
    assert refusal_of(order(), ask(lines=lines)) is code


def test_parts_of_an_order_and_its_rest() -> None:
    facts = order(item("A", ordered=3), item("B", ordered=1))
    part = cancel(facts, ask(lines={"A": 1}))
    assert (part.status, part.units, part.whole, part.leaves) == (Status.UNSHIPPED, 1, False, False)
    sent = replace(facts.items[0], shipped=1)
    some = order(sent, facts.items[1], status=Status.PARTIALLY_SHIPPED)
    rest = cancel(some, ask())
    assert (rest.status, rest.units, rest.whole) == (Status.SHIPPED, 3, True)
    assert cancel(order(item(asked=True), **WISHED), ask(BUYER)).leaves


def test_money_that_will_not_be_charged_is_taken_from_the_end() -> None:
    """Shipments take a line's shares from its front, so that both together never exceed the line."""
    three = item(ordered=3, amount=1001)
    assert cancel(order(three), ask()).released == 900
    one = cancel(order(three), ask(lines={"A": 1}))
    two = cancel(one.after, ask())
    assert one.released + two.released == 900
    assert [one.released, two.released] == [333 - 33, 334 + 334 - 34 - 34]
    sent = order(replace(three, shipped=1), status=Status.PARTIALLY_SHIPPED)
    assert cancel(sent, ask()).released == 900 - (334 - 34)


def test_the_limit_asks_for_a_second_press_and_a_permission() -> None:
    below, over = rate(1000, 3), rate(100, 2)
    fine = cancel(order(), ask(), rate=below)
    assert list(questions(fine, ask(), may_exceed=False)) == []
    crossing = cancel(order(), ask(), rate=over)
    assert crossing.exceeds
    for request, may, code in [
        (ask(), True, Code.OVER_LIMIT),
        (ask(accepts_limit=True), True, None),
        (ask(accepts_limit=True), False, Code.FORBIDDEN),
    ]:
        found = next(questions(crossing, request, may_exceed=may), None)
        assert (found.code if found else None) is code
    # What does not move the numerator asks nothing, however bad the rate is.
    filed = cancel(order(item(asked=True), **WISHED), ask(BUYER), rate=rate(100, 50))
    assert not filed.exceeds
    outside = cancel(order(placed_at=NOW - timedelta(days=7)), ask(), rate=over)
    assert (outside.after_rate, outside.exceeds) == (over, False)


def test_what_was_shown_must_still_be_true() -> None:
    decision = cancel(order(), ask(BUYER))
    with pytest.raises(Refusal) as caught:
        check_cancel(decision, ask(BUYER, expects_counting=False), may_exceed=True)
    assert caught.value.code is Code.EFFECT_CHANGED
    assert caught.value.facts["why"] == "no_formal_request"
    check_cancel(decision, ask(BUYER, expects_counting=True), may_exceed=True)


def label(*, status: str = "PENDING", units: int = 1) -> PackageFacts:
    return PackageFacts(1, "7", 1, status, "UPS", "", "", "1Z", None, "", {"A": units})


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (order(packages=(label(),)), "7"),
        (order(packages=(label(status="CANCELLED"),)), None),
        (order(packages=(label(status="IN_TRANSIT"),)), None),
        (
            order(item(shipped=1), status=Status.PARTIALLY_SHIPPED, packages=(label(),)),
            None,
        ),  # confirmed by it
        (order(item(shipped=1), status=Status.PARTIALLY_SHIPPED, packages=(label(units=2),)), "7"),
    ],
)
def test_a_live_label_wants_a_reason(facts: OrderFacts, found: str | None) -> None:
    """S3-08, C10."""
    decision = cancel(facts, ask())
    assert decision.label == found
    codes = [one.code for one in questions(decision, ask(), may_exceed=True)]
    assert codes == ([Code.LABEL_EXISTS] if found else [])
    for override, wanted in [("  ", bool(found)), ("The label was voided by hand", False)]:
        asked = list(questions(decision, ask(label_override=override), may_exceed=True))
        assert bool(asked) is wanted


def buyers(facts: OrderFacts, *, minutes: int = 30, now: datetime = NOW, **more: Any) -> CancelDecision:
    return cancel_by_buyer(facts, BuyerCancelRequest(NUMBER, **more), minutes=minutes, now=now)


def test_the_buyer_cancels_alone_before_the_boundary_and_not_at_it() -> None:
    """T07, C26."""
    facts = order(placed_at=NOW - timedelta(minutes=30))
    tick = timedelta(microseconds=1)
    decision = buyers(facts, now=NOW - tick)
    assert (decision.counting.why, decision.leaves, decision.restocked) == (Why.BUYER_ALONE, True, True)
    assert decision.policy == ("self_cancel_minutes", 30)
    with pytest.raises(Refusal) as caught:
        buyers(facts, now=NOW)
    assert caught.value.code is Code.SELF_CANCEL_OVER
    assert caught.value.facts["ended"] == NOW


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": Status.CANCELED}, Code.ORDER_CANCELLED),
        ({"items": (item(shipped=1),), "status": Status.PARTIALLY_SHIPPED}, Code.ALREADY_SHIPPED),
        ({"items_known": False, "items": ()}, Code.ITEMS_UNKNOWN),
        ({"status": Status.UNFULFILLABLE}, Code.WRONG_STATUS),
    ],
)
def test_refusals_to_buyers(changes: dict[str, Any], code: Code) -> None:
    with pytest.raises(Refusal) as caught:
        buyers(order(placed_at=NOW, **changes))
    assert caught.value.code is code


def test_a_buyer_may_take_some_units_of_a_waiting_order() -> None:
    facts = order(item(ordered=3), status=Status.PENDING, placed_at=NOW)
    decision = buyers(facts, lines={"A": 1})
    assert (decision.status, decision.leaves) == (Status.PENDING, False)
    assert buyers(order(channel=Channel.AFN, placed_at=NOW)).counting.why is Why.WAREHOUSE


def test_the_marketplace_cancels_what_waits() -> None:
    request = PlatformCancelRequest(NUMBER, PlatformReason.FRAUD_SUSPECTED)
    decision = cancel_by_marketplace(order(status=Status.PENDING), request)
    assert (decision.by, decision.counting.why, decision.counting.counts) == (
        "AMAZON",
        Why.MARKETPLACE,
        False,
    )
    assert not decision.leaves  # nobody's wish: it stays in the denominator
    for status, code in [(Status.UNSHIPPED, Code.WRONG_STATUS), (Status.CANCELED, Code.ORDER_CANCELLED)]:
        with pytest.raises(Refusal) as caught:
            cancel_by_marketplace(order(status=status), request)
        assert caught.value.code is code


def test_the_clock_cancels_what_is_left_and_it_counts() -> None:
    rule = ("auto_cancel", {"kind": "hours_after_ship_by", "n": 24})
    whole = cancel_automatically(order(item(asked=True), **WISHED), rule)
    assert (whole.status, whole.counting.why, whole.leaves) == (
        Status.CANCELED,
        Why.CONFIRMATION_MISSING,
        False,
    )
    assert (whole.counting.counts, whole.policy, whole.after.cancel_request) == (True, rule, "")
    rest = cancel_automatically(order(item(shipped=1), status=Status.PARTIALLY_SHIPPED), rule)
    assert (rest.status, rest.units) == (Status.SHIPPED, 1)
    for status in (Status.PENDING, Status.SHIPPED, Status.CANCELED):
        with pytest.raises(Refusal):
            cancel_automatically(order(status=status), rule)
