"""Buyers' wishes through the commands: filed, noted, declined, let rest, overtaken (rulebook 3.3; S3-03 to S3-08)."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from tests import build
from tests.build import (
    PLACED,
    a_paid_order,
    a_placed_order,
    a_seller,
    all_well,
    an_actor,
    an_item,
    everything,
)

from sellerdesk.commands.cancel_requests import (
    decline_requests,
    dismiss_requests,
    file_requests,
    note_requests,
)
from sellerdesk.commands.cancellations import cancel_orders
from sellerdesk.domain.cancel_requests import DeclineCause, FilingRequest, MoveRequest, Reason
from sellerdesk.domain.cancellations import CancelReason, CancelRequest
from sellerdesk.domain.orders import Channel
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refusals import Code
from sellerdesk.flows.sweep import sweep
from sellerdesk.queries.verify import verify

pytestmark = pytest.mark.usefixtures("committed")
NOW = PLACED + timedelta(hours=3)


def codes(outcomes: Sequence[Outcome]) -> list[Any]:
    return [one.refusal.code if one.refusal else one.state for one in outcomes]


def item_of(number: str) -> str:
    sql = "SELECT item_number FROM order_items i JOIN orders o ON o.id = i.order_id WHERE order_number = %s"
    return str(everything(sql, [number])[0][0])


def head(number: str) -> dict[str, Any]:
    sql = "SELECT cancel_request, updated_at FROM orders WHERE order_number = %s"
    return dict(zip(("cancel_request", "updated_at"), everything(sql, [number])[0], strict=True))


@pytest.fixture(autouse=True)
def books(committed: None) -> Iterator[None]:
    """Whatever a test does, the books must be right afterwards."""
    yield
    assert [violation for finding in verify() for violation in finding.violations] == []


def test_each_refusal_of_a_filing() -> None:
    seller = a_seller()
    actor = an_actor(seller)
    filed, early = a_paid_order(seller), a_paid_order(seller, at=NOW - timedelta(minutes=10))
    all_well(file_requests(actor, [FilingRequest(filed, Reason.OTHER)], now=NOW))
    expected = {
        "000-0000000-0000000": Code.ORDER_NOT_FOUND,
        filed: Code.ALREADY_REQUESTED,
        early: Code.SELF_CANCEL_OPEN,
        a_paid_order(seller, channel=Channel.AFN): Code.WAREHOUSE_ORDER,
        build.a_shipped_order(seller, shipped_at=NOW): Code.ALREADY_SHIPPED,
        a_placed_order(seller): "requested",  # also while the payment is open
    }
    requests = [FilingRequest(number, Reason.OTHER) for number in expected]
    assert codes(file_requests(actor, requests, now=NOW)) == list(expected.values())


def test_wishes_are_written_and_journalled() -> None:
    seller = a_seller()
    actor, number = an_actor(seller), a_paid_order(seller)
    assert codes(note_requests(actor, [MoveRequest(number), MoveRequest(number)], now=NOW)) == [
        "noted",
        Code.DUPLICATE_REQUEST,
    ]
    untouched = head(number)["updated_at"]
    assert untouched < NOW  # a wish that was only said is nobody's news
    assert codes(dismiss_requests(actor, [MoveRequest(number, version=2)], now=NOW)) == [Code.STALE_VERSION]
    assert codes(dismiss_requests(actor, [MoveRequest(number)], now=NOW)) == ["dismissed"]
    filing = FilingRequest(number, Reason.NOT_NEEDED, words="I found one in the cellar")
    (filed,) = file_requests(actor, [filing], now=NOW)
    assert filed.facts["answer_by"] == (NOW + timedelta(hours=24)).isoformat()
    assert (head(number)["cancel_request"], head(number)["updated_at"]) == ("requested_formal", NOW)
    assert "cellar" not in str(everything("SELECT facts FROM journal"))
    for cause in (None, *DeclineCause):
        assert codes(decline_requests(actor, [MoveRequest(number, cause=cause)], now=NOW)) == [
            Code.DECLINE_UNFOUNDED
        ]
    build.ship(seller, number, at=NOW + timedelta(hours=1))
    assert everything("SELECT state FROM cancellation_requests ORDER BY id") == [
        ("expired",),
        ("superseded",),
    ]
    assert everything("SELECT state FROM deadlines WHERE kind = 'cancel_answer'") == [("void",)]
    kinds = [row[0] for row in everything("SELECT kind FROM journal WHERE kind LIKE 'cancel%%' ORDER BY id")]
    assert kinds == [
        "cancellation_noted",
        "cancellation_dismissed",
        "cancellation_requested",
        "cancellation_superseded",
    ]


def test_an_unanswered_request_says_so_once_and_may_be_filed_again_after_its_end() -> None:
    seller = a_seller()
    actor = an_actor(seller)
    number = a_paid_order(seller, items=[an_item(ordered=2)])
    all_well(file_requests(actor, [FilingRequest(number, Reason.OTHER)], now=NOW))
    report = sweep(NOW + timedelta(hours=25))
    assert report.fired["cancel_answer"] == 1
    item = item_of(number)
    build.ship(seller, number, at=NOW + timedelta(hours=26), lines={item: 1})
    later = NOW + timedelta(hours=27)
    all_well(decline_requests(actor, [MoveRequest(number, cause=DeclineCause.SHIPPED)], now=later))
    all_well(file_requests(actor, [FilingRequest(number, Reason.OTHER)], now=later))
    assert everything("SELECT state, due_at FROM deadlines WHERE kind = 'cancel_answer'") == [
        ("open", later + timedelta(hours=24))
    ]
    (rest,) = all_well(cancel_orders(actor, [CancelRequest(number, CancelReason.BUYER_CANCELLED)], now=later))
    assert (rest.facts["counts"], rest.facts["status"]) == (False, "Shipped")
