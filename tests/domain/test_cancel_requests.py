"""Buyers' wishes to cancel: filed, noted, guided, declined, let rest (S3-03 to S3-08, S3-28; T07; rulebook 3.3)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sellerdesk.domain.cancel_requests import (
    OPEN,
    REQUEST,
    WORDS_MAX,
    DeclineCause,
    FilingRequest,
    MoveRequest,
    Reason,
    RequestDecision,
    State,
    decline,
    dismiss,
    file,
    guide,
    note,
)
from sellerdesk.domain.facts import ItemFacts, OrderFacts, PackageFacts
from sellerdesk.domain.orders import Channel, Status
from sellerdesk.domain.refusals import Code, Refusal

NOW = datetime(2026, 3, 10, 18, tzinfo=UTC)
NUMBER = "111-2222222-3333333"
LABEL = PackageFacts(1, "7", 1, "PENDING", "UPS", "", "", "1Z", None, "", {"A": 1})


def item(number: str = "A", ordered: int = 2, shipped: int = 0, cancelled: int = 0) -> ItemFacts:
    return ItemFacts(ord(number), number, ordered, shipped, cancelled)


def order(*items: ItemFacts, **changes: Any) -> OrderFacts:
    facts = OrderFacts(
        id=1, order_number=NUMBER, marketplace_id="ATVPDKIKX0DER", channel=Channel.MFN, status=Status.UNSHIPPED,
        payment_state="authorized", pending_reason="", currency="USD", placed_at=NOW - timedelta(minutes=30),
        latest_ship_at=None, confirmed_at=None, is_late=None, version=4, items_known=True, items=items or (item(),),
    )  # fmt: skip
    return replace(facts, **changes)


def filed(facts: OrderFacts, *, minutes: int = 30, now: datetime = NOW, **more: Any) -> RequestDecision:
    request = FilingRequest(NUMBER, more.pop("reason", Reason.FOUND_CHEAPER), **more)
    return file(facts, request, self_cancel_minutes=minutes, now=now)


def code_of(work: Callable[[], object]) -> Code:
    with pytest.raises(Refusal) as caught:
        work()
    return caught.value.code


def test_filing_begins_where_cancelling_alone_ends() -> None:
    """T07: at the last moment of the window there is no need to ask, at its end there is."""
    assert filed(order()).state is State.REQUESTED_FORMAL
    tick = timedelta(microseconds=1)
    assert code_of(lambda: filed(order(), now=NOW - tick)) is Code.SELF_CANCEL_OPEN
    assert filed(order(), minutes=5, now=NOW - tick).begins
    sent = order(item(shipped=1), status=Status.PARTIALLY_SHIPPED)
    assert filed(sent, now=NOW - tick).begins  # nobody can cancel that alone


def test_filing_marks_the_lines_that_are_left() -> None:
    facts = order(item("A"), item("B", shipped=2), item("C", cancelled=2), status=Status.PARTIALLY_SHIPPED)
    decision = filed(facts, words="please")
    assert decision.item_numbers == ("A",)
    assert [one.cancel_requested for one in decision.after.items] == [True, False, False]
    assert (decision.after.cancel_request, decision.after.cancel_requested_at) == ("requested_formal", NOW)
    some = filed(order(item("A"), item("B")), item_numbers=("B", "B"))
    assert some.item_numbers == ("B",)


@pytest.mark.parametrize(
    ("changes", "more", "code"),
    [
        ({"channel": Channel.AFN}, {}, Code.WAREHOUSE_ORDER),
        ({"status": Status.CANCELED}, {}, Code.ORDER_CANCELLED),
        ({"status": Status.SHIPPED}, {}, Code.ALREADY_SHIPPED),
        ({"items_known": False, "items": ()}, {}, Code.ITEMS_UNKNOWN),
        ({"items": (item(ordered=0),)}, {}, Code.ITEMS_UNKNOWN),
        ({"cancel_request": "requested_formal"}, {}, Code.ALREADY_REQUESTED),
        ({}, {"item_numbers": ("Z",)}, Code.ITEM_NOT_FOUND),
        ({"items": (item("A"), item("B", shipped=2))}, {"item_numbers": ("B",)}, Code.ALREADY_SHIPPED),
        ({}, {"words": "x" * (WORDS_MAX + 1)}, Code.INVALID_VALUE),
    ],
)
def test_refusals_to_file(changes: dict[str, Any], more: dict[str, Any], code: Code) -> None:
    assert code_of(lambda: filed(order(**changes), **more)) is code


@pytest.mark.parametrize("before", ["requested_informal", "guided"])
def test_a_wish_that_was_only_said_becomes_the_filed_one(before: str) -> None:
    assert not filed(order(cancel_request=before)).begins


def test_noting_and_guiding_mark_no_line() -> None:
    ask = MoveRequest(NUMBER, version=4)
    noted = note(order(), ask)
    assert (noted.state, noted.begins, noted.after.cancel_request) == (
        State.REQUESTED_INFORMAL,
        True,
        "requested_informal",
    )
    guided = guide(noted.after, MoveRequest(NUMBER))
    assert (guided.state, guided.begins) == (State.GUIDED, False)
    assert guide(order(), ask).begins
    assert not any(one.cancel_requested for decision in (noted, guided) for one in decision.after.items)
    for move in (note, guide):
        assert code_of(lambda m=move: m(order(), MoveRequest(NUMBER, version=3))) is Code.STALE_VERSION  # type: ignore[misc]
        formal = order(cancel_request="requested_formal")
        assert code_of(lambda m=move, f=formal: m(f, ask)) is Code.ALREADY_REQUESTED  # type: ignore[misc]
        assert code_of(lambda m=move: m(order(status=Status.SHIPPED), ask)) is Code.ALREADY_SHIPPED  # type: ignore[misc]


@pytest.mark.parametrize(
    ("cause", "facts", "founded"),
    [
        (DeclineCause.LABEL, order(packages=(LABEL,)), True),
        (DeclineCause.LABEL, order(), False),
        (DeclineCause.SHIPPED, order(item(shipped=1), status=Status.PARTIALLY_SHIPPED), True),
        (DeclineCause.SHIPPED, order(packages=(LABEL,)), False),
        (None, order(packages=(LABEL,)), False),
    ],
)
def test_declining_needs_a_fact(cause: DeclineCause | None, facts: OrderFacts, founded: bool) -> None:
    """S3-07, S3-08."""
    wished = replace(facts, cancel_request="requested_formal")
    request = MoveRequest(NUMBER, cause=cause)
    if founded:
        decision = decline(wished, request)
        assert (decision.state, decision.after.cancel_request, decision.cause) == (State.DECLINED, "", cause)
    else:
        assert code_of(lambda: decline(wished, request)) is Code.DECLINE_UNFOUNDED
    assert code_of(lambda: decline(facts, request)) is Code.NO_CANCEL_REQUEST


@pytest.mark.parametrize(
    ("before", "state"),
    [("requested_informal", True), ("guided", True), ("requested_formal", False), ("", False)],
)
def test_only_what_was_just_said_can_rest(before: str, state: bool) -> None:
    facts = order(cancel_request=before)
    if state:
        assert dismiss(facts, MoveRequest(NUMBER)).state is State.EXPIRED
    else:
        assert code_of(lambda: dismiss(facts, MoveRequest(NUMBER))) is Code.NO_CANCEL_REQUEST


def test_the_table_of_moves_fits_the_decisions() -> None:
    assert set().union(*(move.sources for move in REQUEST.moves.values())) <= OPEN
