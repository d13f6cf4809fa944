"""What was imported is given back: every published field with the same value and type (S3 2.2)."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.interfaces.spapi.conftest import Caller
from tests.interfaces.spapi.world import NOW, a_program, a_seller, an_actor

from sellerdesk.commands.imports import import_orders
from sellerdesk.wire import orders_2026, orders_v0

pytestmark = pytest.mark.usefixtures("db", "time", "plenty")
DATA = Path(__file__).parents[2] / "data" / "spapi"
EVERYWHERE = ("US", "JP", "CA", "MX", "GB", "DE", "BR", "TR")
LINES = {"OrderItems", "BuyerInfo"}
ALL_PARTS = ",".join(sorted(orders_2026.INCLUDED))


def answers(folder: str, prefix: str) -> list[Any]:
    found = [
        json.loads(path.read_text())
        for path in sorted((DATA / folder).glob("*.json"))
        if path.name.startswith(prefix)
    ]
    assert found
    return found


def imported(seller: int, documents: list[Any]) -> None:
    outcomes = import_orders(an_actor(seller), documents, now=NOW)
    assert all(one.accepted for one in outcomes), [one.refusal for one in outcomes]


def v0_orders() -> list[dict[str, Any]]:
    listed = [one["payload"]["Orders"] for one in answers("orders_v0", "getOrders-")]
    listed.append([one["payload"] for one in answers("orders_v0", "getOrder-")])
    unique = {json.dumps(order, sort_keys=True): order for orders in listed for order in orders}
    return list(unique.values())


@pytest.mark.parametrize("order", v0_orders(), ids=lambda order: f"{order['AmazonOrderId']}-{len(order)}")
def test_an_order_of_v0_comes_back_whole(call: Caller, order: dict[str, Any]) -> None:
    seller = a_seller(countries=EVERYWHERE)
    imported(seller, [orders_v0.decode_order(order)])
    token = call.restricted(
        call.token(a_program(seller)),
        ("/orders/v0/orders", ["buyerInfo", "shippingAddress", "buyerTaxInformation"]),
        ("/orders/v0/orders/{orderId}", ["buyerInfo", "shippingAddress", "buyerTaxInformation"]),
    )
    path = f"/orders/v0/orders/{order['AmazonOrderId']}"
    assert json.loads(call.get(path, token).content)["payload"] == order
    query = f"MarketplaceIds={order['MarketplaceId']}&CreatedAfter=1970-01-01T00:00:00Z"
    assert json.loads(call.get("/orders/v0/orders", token, query).content)["payload"]["Orders"] == [order]


def test_items_address_and_buyer_of_v0_come_back_whole(call: Caller) -> None:
    seller = a_seller(countries=EVERYWHERE)
    parts = {
        name: answers("orders_v0", f"{name}-")[0]["payload"]
        for name in ("getOrderItems", "getOrderAddress", "getOrderBuyerInfo", "getOrderItemsBuyerInfo")
    }
    order = {
        **next(one for one in v0_orders() if one["OrderStatus"] == "Unshipped"),
        "OrderItems": parts["getOrderItems"]["OrderItems"],
        "BuyerInfo": {k: v for k, v in parts["getOrderBuyerInfo"].items() if k != "AmazonOrderId"},
        "ShippingAddress": parts["getOrderAddress"]["ShippingAddress"],
    }
    document = orders_v0.decode_order(order)
    imported(seller, [document])
    number = document.order_number
    one = "/orders/v0/orders/{orderId}"
    token = call.restricted(
        call.token(a_program(seller)),
        (f"{one}/orderItems", ["buyerInfo"]),
        (f"{one}/address", []),
        (f"{one}/buyerInfo", []),
    )
    for name, path in (
        ("getOrderItems", "orderItems"),
        ("getOrderAddress", "address"),
        ("getOrderBuyerInfo", "buyerInfo"),
    ):
        got = json.loads(call.get(f"/orders/v0/orders/{number}/{path}", token).content)["payload"]
        assert got == parts[name] | {"AmazonOrderId": number}


def orders_of_2026() -> list[dict[str, Any]]:
    listed = [order for one in answers("orders_2026-01-01", "searchOrders-") for order in one["orders"]]
    listed += [one["order"] for one in answers("orders_2026-01-01", "getOrder-")]
    unique = {json.dumps(order, sort_keys=True): order for order in listed if "fulfillment" in order}
    return list(unique.values())


@pytest.mark.parametrize("order", orders_of_2026(), ids=lambda order: f"{order['orderId']}-{len(order)}")
def test_an_order_of_2026_comes_back_whole(call: Caller, order: dict[str, Any]) -> None:
    seller = a_seller(countries=EVERYWHERE)
    imported(seller, [orders_2026.decode_order(order)])
    token = call.token(a_program(seller))
    path = f"/orders/2026-01-01/orders/{order['orderId']}"
    got = json.loads(call.get(path, token, f"includedData={ALL_PARTS}").content)["order"]
    assert got == order


def test_an_address_of_mail_keeps_its_spelling(call: Caller) -> None:
    seller = a_seller(countries=EVERYWHERE)
    order = next(one for one in v0_orders() if one["OrderStatus"] == "Unshipped")
    order = {**order, "BuyerInfo": {"BuyerEmail": "Ada.Quill@Buyer.Example", "BuyerName": "Ada Quill"}}
    imported(seller, [orders_v0.decode_order(order)])
    path = f"/orders/v0/orders/{order['AmazonOrderId']}/buyerInfo"
    token = call.restricted(call.token(a_program(seller)), (path, []))
    assert json.loads(call.get(path, token).content)["payload"]["BuyerEmail"] == "Ada.Quill@Buyer.Example"


def test_what_was_cancelled_elsewhere_comes_back_as_it_was_said(call: Caller) -> None:
    """Requests and executions of another platform become rows of ours, and still the same words go out."""
    seller = a_seller(countries=EVERYWHERE)
    said = {"cancellationRequest": {"requester": "BUYER"}}
    done = {
        "cancellationExecution": {"cancelledBy": "MERCHANT", "cancelReason": "Buyer requested cancellation"}
    }
    order = next(one for one in orders_of_2026() if one["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED")
    lines = [dict(line) for line in order["orderItems"]]
    lines[0]["cancellation"] = said
    wished = {**order, "orderItems": lines}
    lines = [{**line, "cancellation": {**said, **done}} for line in order["orderItems"]]
    for line in lines:
        line["fulfillment"] = {**line["fulfillment"], "quantityUnfulfilled": 0}
    lines[-1]["cancellation"] = said
    status = {**order["fulfillment"], "fulfillmentStatus": "CANCELLED"}
    gone = {**order, "orderItems": lines, "fulfillment": status, "lastUpdatedTime": "2030-01-01T00:00:00Z"}
    token = call.token(a_program(seller))
    path = f"/orders/2026-01-01/orders/{order['orderId']}"
    for one in (wished, gone):
        imported(seller, [orders_2026.decode_order(one)])
        got = json.loads(call.get(path, token, f"includedData={ALL_PARTS}").content)["order"]
        assert [line.get("cancellation") for line in got["orderItems"]] == [
            line.get("cancellation") for line in one["orderItems"]
        ]


def test_a_request_without_words_comes_back_without_words(call: Caller) -> None:
    seller = a_seller(countries=EVERYWHERE)
    order = {
        **next(one for one in v0_orders() if one["OrderStatus"] == "Unshipped"),
        "OrderItems": [
            {**line, "BuyerRequestedCancel": {"IsBuyerRequestedCancel": "true"}}
            for line in answers("orders_v0", "getOrderItems-")[0]["payload"]["OrderItems"]
        ],
    }
    imported(seller, [orders_v0.decode_order(order)])
    path = f"/orders/v0/orders/{order['AmazonOrderId']}/orderItems"
    got = json.loads(call.get(path, call.token(a_program(seller))).content)["payload"]
    assert [line["BuyerRequestedCancel"] for line in got["OrderItems"]] == [
        {"IsBuyerRequestedCancel": "true"}
    ]
