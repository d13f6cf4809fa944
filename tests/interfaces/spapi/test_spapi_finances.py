"""Finances v0 and 2024-06-19: what moved the seller's money, in the models' shapes (spapi 9)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from tests.contracts.models import violations
from tests.interfaces.spapi.conftest import Caller, Clock
from tests.interfaces.spapi.world import NOW, a_document, a_program, a_seller, an_actor, paid

from sellerdesk.commands.ledger import record_fees, record_payouts
from sellerdesk.commands.refunds import request_refunds
from sellerdesk.commands.shipments import confirm_shipments
from sellerdesk.domain.actors import Actor, Door, Party, Permission
from sellerdesk.domain.ledger import FeeKind, FeeReport, PayoutReport
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.refunds import LineRefund, RefundRequest
from sellerdesk.domain.shipments import PackageRequest, ShipmentRequest
from sellerdesk.queries.order_detail import order_detail

pytestmark = pytest.mark.usefixtures("db", "time", "plenty")
V0, NEW = "/finances/v0", "/finances/2024-06-19/transactions"
SOLD = NOW - timedelta(hours=10)
SALE = 3 * 1999 + 3 * 160 + 499 + 500 + 160 + 499  # two lines
AFTER = "PostedAfter=2026-03-01T00:00:00Z"


def sold(seller: int, **more: Any) -> str:
    (number,) = paid(seller, [a_document(**more)])
    package = PackageRequest("UPS", "1Z999AA10123456784", SOLD)
    (outcome,) = confirm_shipments(an_actor(seller), [ShipmentRequest(number, (package,))], now=SOLD)
    assert outcome.accepted, outcome.refusal
    return number


def refunded(seller: int, request: RefundRequest, hours: float = 5) -> None:
    actor = Actor(Party.AMAZON, "Test", Door.CLI, seller)
    (outcome,) = request_refunds(actor, [request], now=NOW - timedelta(hours=hours))
    assert outcome.accepted, outcome.refusal


def fee(seller: int, number: str) -> None:
    told = FeeReport(number, "f-1", FeeKind.COMMISSION, 1234, "USD")
    (outcome,) = record_fees(an_actor(seller), [told], now=NOW - timedelta(hours=4))
    assert outcome.accepted, outcome.refusal


def payload(answer: HttpResponse) -> Any:
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)["payload"]


def refusal(answer: HttpResponse) -> tuple[int, str]:
    return answer.status_code, json.loads(answer.content)["errors"][0]["message"]


@pytest.fixture
def world(call: Caller) -> tuple[int, str, str]:
    """A seller with a sale, a refund with goodwill, and a fee; the order; a token."""
    seller = a_seller()
    number = sold(seller)
    line = next(one for one in order_detail(seller, number, personal=False).items if one.sku == "SKU-1")  # type: ignore[union-attr]
    request = RefundRequest(
        number, RefundReason.NOT_RECEIVED, lines=(LineRefund(line.item_number, units=1),), goodwill=5
    )
    refunded(seller, request)
    fee(seller, number)
    return seller, number, call.token(a_program(seller))


def test_events_have_the_shapes_of_v0(call: Caller, world: tuple[int, str, str]) -> None:
    _, number, token = world
    answer = call.get(f"{V0}/financialEvents", token, AFTER)
    assert answer["x-amzn-RateLimit-Limit"]
    events = payload(answer)["FinancialEvents"]
    (shipment,), (refund,), (service,) = (
        events["ShipmentEventList"], events["RefundEventList"], events["ServiceFeeEventList"],
    )  # fmt: skip
    assert events["GuaranteeClaimEventList"] == events["ChargebackEventList"] == []
    first = shipment["ShipmentItemList"][0]
    assert (shipment["AmazonOrderId"], shipment["MarketplaceName"]) == (number, "Amazon.com")
    assert (first["SellerSKU"], first["QuantityShipped"]) == ("SKU-1", 3)
    assert {
        "ChargeType": "Principal",
        "ChargeAmount": {"CurrencyCode": "USD", "CurrencyAmount": 59.97},
    } in first["ItemChargeList"]
    (adjusted,) = refund["ShipmentItemAdjustmentList"]
    charges = {
        one["ChargeType"]: one["ChargeAmount"]["CurrencyAmount"]
        for one in adjusted["ItemChargeAdjustmentList"]
    }
    assert (charges["Principal"], charges["Tax"], adjusted["QuantityShipped"]) == (-19.99, -1.6, 1)
    assert refund["OrderChargeAdjustmentList"][0] == {
        "ChargeType": "Goodwill", "ChargeAmount": {"CurrencyCode": "USD", "CurrencyAmount": -0.05},
    }  # fmt: skip
    assert service["FeeList"][0] == {
        "FeeType": "Commission", "FeeAmount": {"CurrencyCode": "USD", "CurrencyAmount": -12.34},
    }  # fmt: skip
    total = sum(
        charge["ChargeAmount"]["CurrencyAmount"]
        for item in shipment["ShipmentItemList"]
        for charge in item["ItemChargeList"]
    )
    assert round(total * 100) == SALE


@pytest.mark.parametrize(
    ("name", "path", "query"),
    [
        ("financesV0", "/finances/v0/financialEvents", AFTER),
        ("financesV0", "/finances/v0/orders/{orderId}/financialEvents", ""),
        ("financesV0", "/finances/v0/financialEventGroups", ""),
        ("financesV0", "/finances/v0/financialEventGroups/{eventGroupId}/financialEvents", ""),
        ("finances_2024-06-19", NEW, "postedAfter=2026-03-01T00:00:00Z"),
    ],
)
def test_answers_and_errors_obey_the_models(
    call: Caller, world: tuple[int, str, str], name: str, path: str, query: str
) -> None:
    seller, number, token = world
    record_payouts(
        an_actor(seller), [PayoutReport("p-1", "USD", NOW - timedelta(hours=3))], now=NOW - timedelta(hours=3)
    )
    group = payload(call.get(f"{V0}/financialEventGroups", token))["FinancialEventGroupList"][0][
        "FinancialEventGroupId"
    ]
    asked = path.replace("{orderId}", number).replace("{eventGroupId}", group)
    body = json.loads(call.get(asked, token, query).content)
    for one in body["payload"].get("transactions", []):
        for item in one["items"]:
            assert [context.pop("contextType") for context in item["contexts"]] == ["ProductContext"]
            del item["contexts"]  # one of six shapes, which the strict schema would ask for all at once
    assert violations(name, path, "GET", 200, body) == []
    wrong = call.get(asked, token, "MaxResultsPerPage=0&NextToken=x&nextToken=x")
    assert wrong.status_code == 400
    assert violations(name, path, "GET", 400, json.loads(wrong.content)) == []


def test_pages_follow_one_another_and_belong_to_their_question(
    call: Caller, world: tuple[int, str, str]
) -> None:
    _, _, token = world
    asked, found, following = f"{AFTER}&MaxResultsPerPage=1", 0, ""
    for _ in range(3):
        page = payload(call.get(f"{V0}/financialEvents", token, asked + following))
        found += sum(len(events) for events in page["FinancialEvents"].values())
        mark = page.get("NextToken", "")
        if mark:
            kept = mark
        following = f"&NextToken={mark}"
    assert (found, mark) == (3, "")
    other = "PostedAfter=2026-03-02T00:00:00Z&MaxResultsPerPage=1"
    assert refusal(call.get(f"{V0}/financialEvents", token, f"{other}&NextToken={kept}"))[0] == 400
    stranger = call.token(a_program(a_seller()))
    assert refusal(call.get(f"{V0}/financialEvents", stranger, f"{asked}&NextToken={kept}"))[0] == 400


@pytest.mark.parametrize(
    "query",
    [
        "PostedAfter=2026-03-04T14:59:00Z",
        f"{AFTER}&PostedBefore=2026-03-04T14:59:00Z",
        "PostedBefore=2026-03-03T00:00:00Z",
        f"{AFTER}&PostedBefore=2026-02-01T00:00:00Z",
        f"{AFTER}&PostedBefore=2026-03-01T00:00:00Z",
        "PostedAfter=yesterday",
        f"{AFTER}&MaxResultsPerPage=101",
    ],
)
def test_windows_that_cannot_be(call: Caller, world: tuple[int, str, str], query: str) -> None:
    assert call.get(f"{V0}/financialEvents", world[2], query).status_code == 400


def test_more_than_180_days_are_empty(call: Caller, world: tuple[int, str, str]) -> None:
    token = world[2]
    events = payload(call.get(f"{V0}/financialEvents", token, "PostedAfter=2025-08-01T00:00:00Z"))
    assert not any(events["FinancialEvents"].values())
    assert payload(call.get(NEW, token, "postedAfter=2025-08-01T00:00:00Z"))["transactions"] == []


def test_what_was_posted_a_moment_ago_comes_later(call: Caller, time: Clock) -> None:
    seller = a_seller()
    number = sold(seller)
    refunded(seller, RefundRequest(number, RefundReason.NOT_RECEIVED, amount=100), hours=0)
    token = call.token(a_program(seller))
    assert (
        payload(call.get(f"{V0}/financialEvents", token, AFTER))["FinancialEvents"]["RefundEventList"] == []
    )
    time.forward(minutes=3)
    assert payload(call.get(f"{V0}/financialEvents", token, AFTER))["FinancialEvents"]["RefundEventList"]


def test_groups_close_with_a_payout_and_keep_their_id(call: Caller, world: tuple[int, str, str]) -> None:
    seller, _, token = world
    (group,) = payload(call.get(f"{V0}/financialEventGroups", token))["FinancialEventGroupList"]
    assert (group["ProcessingStatus"], "FinancialEventGroupEnd" in group) == ("Open", False)
    end = NOW - timedelta(hours=3)
    (paid_out,) = record_payouts(an_actor(seller), [PayoutReport("p-1", "USD", end)], now=end)
    closed, opened = payload(call.get(f"{V0}/financialEventGroups", token))["FinancialEventGroupList"]
    assert closed["FinancialEventGroupId"] == group["FinancialEventGroupId"]
    assert closed["OriginalTotal"]["CurrencyAmount"] * 100 == paid_out.facts["amount"]
    assert (closed["TraceId"], opened["ProcessingStatus"], opened["OriginalTotal"]["CurrencyAmount"]) == (
        "p-1",
        "Open",
        0,
    )
    path = f"{V0}/financialEventGroups/{{}}/financialEvents"
    of_closed = payload(call.get(path.format(closed["FinancialEventGroupId"]), token))["FinancialEvents"]
    of_opened = payload(call.get(path.format(opened["FinancialEventGroupId"]), token))["FinancialEvents"]
    assert (len(of_closed["RefundEventList"]), any(of_opened.values())) == (1, False)
    assert call.get(path.format("USDffff"), token).status_code == 404
    page = payload(call.get(f"{V0}/financialEventGroups", token, "MaxResultsPerPage=1"))
    rest = payload(
        call.get(f"{V0}/financialEventGroups", token, f"MaxResultsPerPage=1&NextToken={page['NextToken']}")
    )
    assert rest["FinancialEventGroupList"] == [opened]


def test_transactions_by_order_and_group(call: Caller, world: tuple[int, str, str]) -> None:
    seller, number, token = world
    sold(seller)
    found = payload(call.get(NEW, token, f"relatedIdentifierName=ORDER_ID&relatedIdentifierValue={number}"))
    kinds = [(one["transactionType"], one["description"]) for one in found["transactions"]]
    assert kinds == [("Shipment", "Order Payment"), ("Refund", "Refund Order"), ("ServiceFee", "Service Fee")]
    total = sum(round(one["totalAmount"]["currencyAmount"] * 100) for one in found["transactions"])
    group = found["transactions"][0]["relatedIdentifiers"][1]["relatedIdentifierValue"]
    every = payload(
        call.get(NEW, token, f"relatedIdentifierName=FINANCIAL_EVENT_GROUP_ID&relatedIdentifierValue={group}")
    )["transactions"]
    assert len(every) == 4
    owed = payload(call.get(f"{V0}/financialEventGroups", token))["FinancialEventGroupList"][0][
        "OriginalTotal"
    ]
    assert round(owed["CurrencyAmount"] * 100) == total + SALE
    deferred = "postedAfter=2026-03-01T00:00:00Z&transactionStatus=DEFERRED"
    assert payload(call.get(NEW, token, deferred))["transactions"] == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "relatedIdentifierName=ORDER_ID",
        "relatedIdentifierName=SHIPMENT_ID&relatedIdentifierValue=1",
        "relatedIdentifierName=ORDER_ID&relatedIdentifierValue=1",
        "postedAfter=2026-03-01T00:00:00Z&transactionStatus=GONE",
        "postedAfter=2026-03-01T00:00:00Z&marketplaceId=X",
    ],
)
def test_questions_that_cannot_be(call: Caller, world: tuple[int, str, str], query: str) -> None:
    assert call.get(NEW, world[2], query).status_code == 400


def test_money_is_for_those_who_may_see_it(call: Caller, world: tuple[int, str, str]) -> None:
    seller, number, _ = world
    token = call.token(a_program(seller, permissions=[Permission.ORDERS_READ]))
    for path in (
        f"{V0}/financialEvents",
        f"{V0}/financialEventGroups",
        NEW,
        f"{V0}/orders/{number}/financialEvents",
    ):
        assert call.get(path, token, AFTER).status_code == 403
    stranger = call.token(a_program(a_seller()))
    assert call.get(f"{V0}/orders/{number}/financialEvents", stranger).status_code == 404
    assert call.get(f"{V0}/orders/1/financialEvents", stranger).status_code == 400
