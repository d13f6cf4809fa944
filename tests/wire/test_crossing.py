"""An order that came in one way goes out correctly the other way, and both ways say the same."""

from datetime import UTC, datetime
from typing import Any

import jsonschema
import pytest
from tests.data import published
from tests.wire.test_orders_v0 import stored

from sellerdesk.domain.orders import OrderDocument
from sellerdesk.wire import orders_2026, orders_v0
from sellerdesk.wire.fields import dig

NOW = datetime(2026, 11, 21, tzinfo=UTC)
FULL = published.full_v0()


def documents() -> list[OrderDocument]:
    old = [orders_v0.decode_order(raw) for raw in [*published.orders_v0(), FULL]]
    return old + [orders_2026.decode_order(raw) for raw in published.orders_2026()]


def as_v0(doc: OrderDocument) -> dict[str, Any]:
    return orders_v0.encode_order(doc, now=NOW, buyer=True, address=True)


def as_2026(doc: OrderDocument) -> dict[str, Any]:
    return orders_2026.encode_order(doc, now=NOW)


def validate(value: Any, model: dict[str, Any], name: str) -> None:
    schema = {"$ref": f"#/definitions/{name}", "definitions": model["definitions"]}
    jsonschema.Draft4Validator(schema).validate(value)


@pytest.mark.parametrize("doc", documents(), ids=lambda doc: f"{doc.source} {doc.order_number}")
def test_both_forms_of_every_published_order_obey_the_models(doc: OrderDocument) -> None:
    old, new = published.model("ordersV0"), published.model("orders_2026-01-01")
    doc = stored(doc)
    validate(as_v0(doc), old, "Order")
    validate(as_2026(doc), new, "Order")
    validate(orders_v0.encode_items(doc, buyer_info=True), old, "OrderItemsList")
    validate(orders_v0.encode_address(doc, now=NOW), old, "OrderAddress")
    validate(orders_v0.encode_buyer_info(doc), old, "OrderBuyerInfo")
    validate(orders_v0.encode_items_buyer_info(doc), old, "OrderItemsBuyerInfoList")


STATUSES = {"Unshipped": "UNSHIPPED", "Shipped": "SHIPPED", "Pending": "PENDING", "Canceled": "CANCELLED"}
CHANNELS = {"MFN": "MERCHANT", "AFN": "AMAZON"}


def _upper(value: Any) -> Any:
    return value and value.upper()


AGREE = [
    (("AmazonOrderId",), ("orderId",), None),
    (("MarketplaceId",), ("salesChannel", "marketplaceId"), None),
    (("SalesChannel",), ("salesChannel", "marketplaceName"), None),
    (("OrderStatus",), ("fulfillment", "fulfillmentStatus"), STATUSES.get),
    (("FulfillmentChannel",), ("fulfillment", "fulfilledBy"), CHANNELS.get),
    (("ShipmentServiceLevelCategory",), ("fulfillment", "fulfillmentServiceLevel"), _upper),
    (("OrderTotal", "Amount"), ("proceeds", "grandTotal", "amount"), None),
    (("OrderTotal", "CurrencyCode"), ("proceeds", "grandTotal", "currencyCode"), None),
    (("EarliestShipDate",), ("fulfillment", "shipByWindow", "earliestDateTime"), None),
    (("LatestShipDate",), ("fulfillment", "shipByWindow", "latestDateTime"), None),
    (("BuyerInfo", "BuyerName"), ("buyer", "buyerName"), None),
    (("BuyerInfo", "BuyerEmail"), ("buyer", "buyerEmail"), None),
    (("BuyerInfo", "PurchaseOrderNumber"), ("buyer", "buyerPurchaseOrderNumber"), None),
    (("ShippingAddress", "Name"), ("recipient", "deliveryAddress", "name"), None),
    (("ShippingAddress", "AddressLine1"), ("recipient", "deliveryAddress", "addressLine1"), None),
    (("ShippingAddress", "City"), ("recipient", "deliveryAddress", "city"), None),
    (("ShippingAddress", "PostalCode"), ("recipient", "deliveryAddress", "postalCode"), None),
    (("ShippingAddress", "CountryCode"), ("recipient", "deliveryAddress", "countryCode"), None),
    (("ShippingAddress", "AddressType"), ("recipient", "deliveryAddress", "addressType"), _upper),
]  # fmt: skip
ITEM_AGREE = [
    (("OrderItemId",), ("orderItemId",)),
    (("ASIN",), ("product", "asin")),
    (("SellerSKU",), ("product", "sellerSku")),
    (("Title",), ("product", "title")),
    (("QuantityOrdered",), ("quantityOrdered",)),
    (("QuantityShipped",), ("fulfillment", "quantityFulfilled")),
    (("SerialNumbers",), ("product", "serialNumbers")),
    (("IossNumber",), ("fulfillment", "shipping", "internationalShipping", "iossNumber")),
    (("BuyerRequestedCancel", "BuyerCancelReason"), ("cancellation", "cancellationRequest", "cancelReason")),
    (("BuyerInfo", "GiftMessageText"), ("fulfillment", "packing", "giftOption", "giftMessage")),
    (("BuyerInfo", "GiftWrapLevel"), ("fulfillment", "packing", "giftOption", "giftWrapLevel")),
    (("BuyerInfo", "BuyerCustomizedInfo", "CustomizedURL"), ("product", "customization", "customizedUrl")),
]


@pytest.mark.parametrize("doc", documents(), ids=lambda doc: f"{doc.source} {doc.order_number}")
def test_both_forms_say_the_same(doc: OrderDocument) -> None:
    old, new = as_v0(doc), as_2026(doc)
    for here, there, turn in AGREE:
        mine, theirs = dig(old, here), dig(new, there)
        assert (turn(mine) if turn else mine) == theirs or not (mine or theirs), (here, there)
    assert old["PurchaseDate"][:19] == new["createdTime"][:19]
    programs = new.get("programs", [])
    for key, program in (
        ("IsPrime", "PRIME"),
        ("IsBusinessOrder", "AMAZON_BUSINESS"),
        ("IsISPU", "IN_STORE_PICK_UP"),
    ):
        assert old.get(key, False) == (program in programs)
    alias = new.get("orderAliases", [{"aliasId": None}])[0]["aliasId"]
    assert old.get("SellerOrderId") == alias
    lines = orders_v0.encode_items(doc, buyer_info=True)["OrderItems"]
    assert len(lines) == len(new["orderItems"])
    for mine, theirs in zip(lines, new["orderItems"], strict=True):
        for here, there in ITEM_AGREE:
            assert dig(mine, here) == dig(theirs, there) or not (dig(mine, here) or dig(theirs, there)), here


def test_everything_with_a_counterpart_crosses_to_2026() -> None:
    item = as_2026(stored(orders_v0.decode_order(FULL)))["orderItems"][0]
    money = lambda amount: {"currencyCode": "USD", "amount": amount}  # noqa: E731
    assert item["product"]["condition"] == {
        "conditionType": "USED",
        "conditionSubtype": "VERY_GOOD",
        "conditionNote": "as new",
    }
    assert item["product"]["price"] == {"unitPrice": money("15.00"), "priceDesignation": "BUSINESS_PRICE"}
    assert item["proceeds"] == {
        "proceedsTotal": money("41.07"),
        "breakdowns": [
            {"type": "ITEM", "subtotal": money("30.00")},
            {"type": "SHIPPING", "subtotal": money("5.00")},
            {"type": "GIFT_WRAP", "subtotal": money("3.99")},
            {"type": "COD_FEE", "subtotal": money("1.50")},
            {
                "type": "TAX",
                "subtotal": money("3.83"),
                "detailedBreakdowns": [
                    {"subtype": "ITEM", "value": money("3.00")},
                    {"subtype": "SHIPPING", "value": money("0.50")},
                    {"subtype": "GIFT_WRAP", "value": money("0.43")},
                    {"subtype": "DISCOUNT", "value": money("0.10")},
                ],
            },
            {
                "type": "DISCOUNT",
                "subtotal": money("3.25"),
                "detailedBreakdowns": [
                    {"subtype": "ITEM", "value": money("2.00")},
                    {"subtype": "SHIPPING", "value": money("1.00")},
                    {"subtype": "COD_FEE", "value": money("0.25")},
                ],
            },
        ],
    }
    assert item["programs"] == ["TRANSPARENCY", "SUBSCRIBE_AND_SAVE"]
    assert item["promotion"] == {"breakdowns": [{"promotionId": "SUMMER"}, {"promotionId": "SHIP"}]}
    assert item["cancellation"] == {
        "cancellationRequest": {"requester": "BUYER", "cancelReason": "Found cheaper somewhere else."}
    }
    assert item["tax"]["taxCollections"] == [
        {"model": "MARKETPLACE_FACILITATOR", "responsibleParty": "Amazon Services, Inc."}
    ]
    assert item["measurement"] == {"unit": "OUNCES", "value": 1.5}
    assert item["expense"]["pointsCost"]["pointsGranted"]["pointsMonetaryValue"] == money("0.03")


def test_the_order_crosses_to_2026() -> None:
    order = as_2026(stored(orders_v0.decode_order(FULL)))
    assert order["programs"] == [
        "PREMIUM",
        "IN_STORE_PICK_UP",
        "INVOICE_BY_AMAZON",
        "PRIME",
        "AMAZON_BUSINESS",
    ]
    assert order["associatedOrders"] == [
        {"orderId": "902-1111111-2222222", "associationType": "REPLACEMENT_ORIGINAL_ID"}
    ]
    assert order["payment"]["paymentExecutions"] == [
        {"paymentAmount": {"currencyCode": "USD", "amount": "11.01"}, "paymentMethod": "GC"}
    ]
    kinds = [entry["entityType"] for entry in order["tax"]["taxRegistrations"]]
    assert kinds == ["BUYER", "BUYER", "MARKETPLACE", "MERCHANT"]
    assert order["tax"]["taxInvoicing"] == {
        "invoiceStatus": "PROCESSING",
        "buyerInvoicePreference": "BUSINESS",
    }


@pytest.mark.parametrize("raw", [FULL, published.joined_v0()], ids=["full", "published"])
def test_a_line_survives_the_way_there_and_back(raw: dict[str, Any]) -> None:
    new = as_2026(orders_v0.decode_order(raw))
    again = orders_v0.encode_items(orders_2026.decode_order(new), buyer_info=True)["OrderItems"][0]
    given = dict(raw["OrderItems"][0])
    for key in ("ProductInfo", "StoreChainStoreId"):  # 2026 has no word for them
        given.pop(key)
    given = {key: value for key, value in given.items() if value not in (False, "")}
    assert {key: again.get(key) for key in given} == given


def test_delivery_preferences_cross_both_ways() -> None:
    hours = [{"StartTime": {"Hour": 9, "Minute": 0}, "EndTime": {"Hour": 17, "Minute": 30}}]
    wish = {
        "DropOffLocation": "PORCH",
        "PreferredDeliveryTime": {
            "BusinessHours": [{"DayOfWeek": "MON", "OpenIntervals": hours}],
            "ExceptionDates": [{"ExceptionDate": "2026-12-24", "IsOpen": False}],
        },
        "OtherAttributes": ["HAS_ACCESS_POINT"],
        "AddressInstructions": "bell 2",
    }
    doc = orders_v0.decode_order(published.joined_v0() | {"DeliveryPreferences": wish})
    assert orders_v0.encode_address(doc, now=NOW)["DeliveryPreferences"] == wish
    new = as_2026(doc)
    assert new["recipient"]["deliveryPreference"]["deliveryTime"]["exceptionDates"] == [
        {"exceptionDate": "2026-12-24", "exceptionDateType": "CLOSED"}
    ]
    validate(new, published.model("orders_2026-01-01"), "Order")
    again = orders_2026.decode_order(new)
    assert orders_v0.encode_address(again, now=NOW)["DeliveryPreferences"] == wish
