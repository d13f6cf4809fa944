"""What programs see of cancelling, and cancelOrder (spapi 2.3, 3; S3-18 to S3-20)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from tests.contracts.models import violations
from tests.interfaces.spapi.conftest import Caller, Clock
from tests.interfaces.spapi.world import (
    NOW,
    US,
    a_document,
    a_program,
    a_seller,
    a_warehouse_order,
    an_actor,
    paid,
    placed,
)

from sellerdesk.commands.cancel_requests import file_requests
from sellerdesk.commands.cancellations import cancel_for_buyers, cancel_for_marketplace, cancel_orders
from sellerdesk.commands.imports import import_orders
from sellerdesk.commands.shipments import confirm_shipments
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.cancel_requests import FilingRequest, Reason
from sellerdesk.domain.cancellations import (
    BuyerCancelRequest,
    CancelReason,
    CancelRequest,
    PlatformCancelRequest,
    PlatformReason,
)
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.shipments import PackageRequest, ShipmentRequest
from sellerdesk.interfaces.spapi.cancel_2026 import MEMBERS
from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.wire import orders_2026, orders_v0
from sellerdesk.wire.cancellations import CANCEL_REASONS, NAMES

pytestmark = pytest.mark.usefixtures("committed", "time", "plenty")
V0, NEW = "/orders/v0/orders", "/orders/2026-01-01/orders"
NOTHING_ASKED = {"IsBuyerRequestedCancel": "false", "BuyerCancelReason": ""}


def well(outcomes: list[Outcome]) -> None:
    assert [one.refusal for one in outcomes] == [None] * len(outcomes)


class Desk:
    """A seller with a program."""

    def __init__(self, call: Caller) -> None:
        self.call, self.seller = call, a_seller()
        self.token = call.token(a_program(self.seller))

    def order(self, **more: Any) -> str:
        (number,) = paid(self.seller, [a_document(**more)])
        return number

    def items(self, number: str) -> list[dict[str, Any]]:
        body = json.loads(self.call.get(f"{V0}/{number}/orderItems", self.token).content)
        assert violations("ordersV0", f"{V0}/{{orderId}}/orderItems", "GET", 200, body) == []
        return list(body["payload"]["OrderItems"])

    def lines(self, number: str, parts: str = "CANCELLATION") -> list[dict[str, Any]]:
        body = json.loads(self.call.get(f"{NEW}/{number}", self.token, f"includedData={parts}").content)
        assert violations("orders_2026-01-01", f"{NEW}/{{orderId}}", "GET", 200, body) == []
        return list(body["order"]["orderItems"])

    def file(self, number: str, reason: Reason, words: str = "", items: tuple[str, ...] = ()) -> None:
        well(file_requests(an_actor(self.seller), [FilingRequest(number, reason, words, items)], now=NOW))

    def cancel(self, number: str, body: Any, token: str = "") -> HttpResponse:
        return self.call.send("PUT", f"{NEW}/{number}/cancellation", token or self.token, body=body)

    def state(self, number: str) -> tuple[Any, ...]:
        columns = "status, cancelled_by, cancel_reason, counts_in_cr"
        with scoped(self.seller):
            found = rows(
                f"SELECT {columns} FROM orders WHERE seller_id = %s AND order_number = %s",
                [self.seller, number],
            )
        return tuple(found[0])


@pytest.fixture
def desk(call: Caller) -> Desk:
    return Desk(call)


def message(answer: HttpResponse) -> str:
    return str(json.loads(answer.content)["errors"][0]["message"])


# -- what is shown -----------------------------------------------------------------------------------------------------


def test_a_filed_request_shows_on_its_lines_with_the_buyers_words(desk: Desk) -> None:
    number = desk.order()
    assert [one["BuyerRequestedCancel"] for one in desk.items(number)] == [NOTHING_ASKED] * 2
    first = desk.items(number)[0]["OrderItemId"]

    desk.file(number, Reason.FOUND_CHEAPER, "I found it next door.", (first,))

    asked = {"IsBuyerRequestedCancel": "true", "BuyerCancelReason": "I found it next door."}
    assert [one["BuyerRequestedCancel"] for one in desk.items(number)] == [asked, NOTHING_ASKED]
    request = {"cancellationRequest": {"requester": "BUYER", "cancelReason": "I found it next door."}}
    assert [one.get("cancellation") for one in desk.lines(number)] == [request, None]
    assert all("cancellation" not in one for one in desk.lines(number, "FULFILLMENT"))


def test_without_words_the_reason_is_named_in_english(desk: Desk) -> None:
    number = desk.order()
    desk.file(number, Reason.SHIPPING_TOO_EXPENSIVE)
    asked = {"IsBuyerRequestedCancel": "true", "BuyerCancelReason": NAMES[Reason.SHIPPING_TOO_EXPENSIVE]}
    assert [one["BuyerRequestedCancel"] for one in desk.items(number)] == [asked] * 2


def test_every_reason_of_a_buyer_has_an_english_name() -> None:
    assert set(NAMES) == set(Reason)


def test_a_request_moves_the_last_update_so_that_polls_find_the_order(desk: Desk, time: Clock) -> None:
    quiet, asked = desk.order(), desk.order()
    desk.file(asked, Reason.OTHER)
    since = (NOW - timedelta(minutes=1)).isoformat().replace("+00:00", "Z")
    time.forward(minutes=5)
    old = desk.call.get(V0, desk.token, f"MarketplaceIds={US}&LastUpdatedAfter={since}")
    new = desk.call.get(NEW, desk.token, f"lastUpdatedAfter={since}&includedData=CANCELLATION")
    assert [one["AmazonOrderId"] for one in json.loads(old.content)["payload"]["Orders"]] == [asked]
    (found,) = json.loads(new.content)["orders"]
    assert found["orderId"] == asked != quiet
    assert found["orderItems"][0]["cancellation"]["cancellationRequest"]["requester"] == "BUYER"


def test_each_line_says_who_cancelled_it_and_why_also_in_part(desk: Desk) -> None:
    number = desk.order()
    first, second = (one["OrderItemId"] for one in desk.items(number))
    actor = an_actor(desk.seller)
    part = CancelRequest(number, CancelReason.PRICING_ERROR, {first: 1}, accepts_limit=True)
    well(cancel_orders(actor, [part], now=NOW))

    def executed() -> list[Any]:
        return [one.get("cancellation", {}).get("cancellationExecution") for one in desk.lines(number)]

    pricing = {"cancelledBy": "MERCHANT", "cancelReason": "PRICING_ERROR"}
    assert executed() == [pricing, None]
    gone = CancelRequest(number, CancelReason.NO_INVENTORY, {second: 1}, accepts_limit=True)
    well(cancel_orders(actor, [gone], now=NOW))
    assert executed() == [pricing, {"cancelledBy": "MERCHANT", "cancelReason": "NO_INVENTORY"}]


def test_buyer_and_marketplace_are_told_apart(desk: Desk) -> None:
    (waiting,) = placed(desk.seller, [a_document()])
    (fresh,) = placed(desk.seller, [a_document(at=NOW - timedelta(minutes=2))], now=NOW)
    actor = an_actor(desk.seller)
    failed = PlatformCancelRequest(waiting, PlatformReason.PAYMENT_FAILED)
    well(cancel_for_marketplace(actor, [failed], now=NOW))
    well(cancel_for_buyers(actor, [BuyerCancelRequest(fresh)], now=NOW))
    said = {number: desk.lines(number)[0]["cancellation"] for number in (waiting, fresh)}
    assert said == {
        waiting: {"cancellationExecution": {"cancelledBy": "AMAZON", "cancelReason": "PAYMENT_FAILED"}},
        fresh: {"cancellationExecution": {"cancelledBy": "BUYER", "cancelReason": "BUYER_CANCELLED"}},
    }


def imported(desk: Desk, *documents: Any) -> None:
    well(import_orders(an_actor(desk.seller), list(documents), now=NOW))


def test_an_import_keeps_what_it_said_until_something_happens_here(desk: Desk) -> None:
    number = desk.order()
    raw = json.loads(desk.call.get(f"{V0}/{number}", desk.token).content)["payload"]
    raw["AmazonOrderId"] = other = "902-1845936-5435065"
    lines = desk.items(number)
    lines[0]["BuyerRequestedCancel"] = {"IsBuyerRequestedCancel": "false"}
    lines[1].pop("BuyerRequestedCancel")
    imported(desk, orders_v0.decode_order(raw | {"OrderItems": lines}))
    assert desk.items(other) == lines
    desk.file(other, Reason.OTHER, "Please stop it.")
    flags = [one["BuyerRequestedCancel"]["IsBuyerRequestedCancel"] for one in desk.items(other)]
    assert flags == ["true", "true"]


def test_an_import_of_2026_keeps_its_cancellation(desk: Desk) -> None:
    number = desk.order()
    parts = ",".join(sorted(orders_2026.INCLUDED))
    raw = json.loads(desk.call.get(f"{NEW}/{number}", desk.token, f"includedData={parts}").content)["order"]
    raw["orderId"] = other = "902-1845936-5435066"
    raw["orderItems"][0]["cancellation"] = {
        "cancellationRequest": {"requester": "BUYER", "cancelReason": "changed my mind"},
        "cancellationExecution": {"cancelledBy": "MERCHANT", "cancelReason": "as spelt elsewhere"},
    }
    imported(desk, orders_2026.decode_order(raw))
    assert desk.lines(other, parts) == raw["orderItems"]
    asked = {"IsBuyerRequestedCancel": "true", "BuyerCancelReason": "changed my mind"}
    assert desk.items(other)[0]["BuyerRequestedCancel"] == asked


# -- cancelOrder -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("member", MEMBERS)
def test_the_reason_is_taken_under_every_plausible_name(desk: Desk, member: str) -> None:
    number = desk.order()
    answer = desk.cancel(number, {member: "NO_INVENTORY", "unknown": 1})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["x-amzn-RateLimit-Limit"]
    assert desk.state(number) == ("Canceled", "MERCHANT", "no_inventory", True)


@pytest.mark.parametrize("reason", CANCEL_REASONS)
def test_every_documented_reason_is_taken(desk: Desk, reason: str) -> None:
    number = desk.order()
    assert desk.cancel(number, {"reasonCode": reason}).status_code == 204
    assert desk.state(number)[2] == CANCEL_REASONS[reason]
    execution = {"cancelledBy": "MERCHANT", "cancelReason": reason}
    assert desk.lines(number)[0]["cancellation"]["cancellationExecution"] == execution


def test_a_filed_request_that_a_program_answers_does_not_count(desk: Desk) -> None:
    number = desk.order()
    desk.file(number, Reason.OTHER)
    assert desk.cancel(number, {"cancelReasonCode": "BUYER_CANCELLED"}).status_code == 204
    assert desk.state(number) == ("Canceled", "MERCHANT", "buyer_cancelled", False)


def test_the_same_call_again_is_a_success_and_does_nothing(desk: Desk) -> None:
    number = desk.order()
    body = {"reasonCode": "NO_INVENTORY"}
    assert [desk.cancel(number, body).status_code for _ in range(2)] == [204, 204]
    other = desk.cancel(number, {"reasonCode": "PRICING_ERROR"})
    assert (other.status_code, "cancelled already" in message(other)) == (400, True)
    with scoped(desk.seller):
        ((count,),) = rows("SELECT count(*) FROM cancellations WHERE seller_id = %s", [desk.seller])
    assert count == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"reasonCode": "GENERAL_ADJUSTMENT"},
        {"reasonCode": 3},
        {"reason": "NO_INVENTORY", "cancelReason": "PRICING_ERROR"},
    ],
)
def test_a_body_without_one_good_reason_is_refused(desk: Desk, body: Any) -> None:
    number = desk.order()
    answer = desk.cancel(number, body)
    assert (answer.status_code, json.loads(answer.content)["errors"][0]["code"]) == (400, "InvalidInput")
    assert desk.state(number)[0] == "Unshipped"


def test_what_cannot_be_cancelled_whole_is_refused_in_words_of_cancelling(desk: Desk) -> None:
    (waiting,) = placed(desk.seller, [a_document()])
    warehouse, part, gone = a_warehouse_order(desk.seller), desk.order(), desk.order()
    first = desk.items(part)[0]["OrderItemId"]
    for number, lines in ((part, {first: 1}), (gone, None)):
        package = PackageRequest("UPS", "1Z999AA10123456784", NOW - timedelta(hours=1), lines)
        well(confirm_shipments(an_actor(desk.seller), [ShipmentRequest(number, (package,))], now=NOW))
    said = {
        number: desk.cancel(number, {"reason": "NO_INVENTORY"}) for number in (waiting, warehouse, part, gone)
    }
    assert [answer.status_code for answer in said.values()] == [400] * 4
    assert [message(answer).partition(" ")[2].split(" ", 1)[1] for answer in said.values()] == [
        "cannot be cancelled: it is Pending.",
        "cannot be cancelled: it is fulfilled by Amazon (AFN).",
        "is partially shipped. Partial cancellations are not supported.",
        "cannot be cancelled: it has been shipped.",
    ]
    assert desk.cancel("111-1111111-1111111", {"reason": "NO_INVENTORY"}).status_code == 404
    assert desk.cancel("1", {"reason": "NO_INVENTORY"}).status_code == 400


def test_the_permission_decides_and_the_one_for_passing_the_limit_too(desk: Desk) -> None:
    number, body = desk.order(), {"reason": "NO_INVENTORY"}
    assert desk.cancel(number, body, "Atza|none").status_code == 403
    for held, status in (
        ([Permission.ORDERS_READ, Permission.CANCEL_OVER_LIMIT], 403),
        ([Permission.ORDERS_CANCEL], 403),  # one of one order is more than any limit
        ([Permission.ORDERS_CANCEL, Permission.CANCEL_OVER_LIMIT], 204),
    ):
        token = desk.call.token(a_program(desk.seller, permissions=held))
        assert desk.cancel(number, body, token).status_code == status


def test_the_plan_is_one_a_second_with_a_burst_of_five(desk: Desk, settings: Any) -> None:
    settings.RATE_LIMIT_SCALE = 1
    answers = [desk.cancel("111-1111111-1111111", {"reason": "NO_INVENTORY"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [404] * 5 + [429]
    assert answers[0]["x-amzn-RateLimit-Limit"] == "1.0"
