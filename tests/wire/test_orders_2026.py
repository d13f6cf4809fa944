"""Orders 2026-01-01: what comes in goes out again, and only what was asked for."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.data import published
from tests.wire.test_orders_v0 import UNKNOWN, same, stored

from sellerdesk.domain.orders import Component, ItemDocument, OrderDocument, Status
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.wire import orders_2026

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def back(raw: dict[str, Any]) -> dict[str, Any]:
    return orders_2026.encode_order(stored(orders_2026.decode_order(raw)), now=NOW)


def sample(number: str) -> dict[str, Any]:
    return next(order for order in published.orders_2026() if order["orderId"].startswith(number))


UK, JP, BR, PICKUP, TR = sample("202"), sample("250"), sample("171-2345678"), sample("114"), sample("028")


@pytest.mark.parametrize("raw", published.orders_2026(), ids=lambda raw: raw["orderId"])
def test_every_published_order_comes_back_with_the_same_values_and_types(raw: dict[str, Any]) -> None:
    assert same(back(raw), raw)


def test_only_the_parts_asked_for_are_given() -> None:
    doc = orders_2026.decode_order(UK)
    bare = orders_2026.encode_order(doc, frozenset(), now=NOW)
    assert bare.keys() == {
        "orderId", "orderAliases", "createdTime", "lastUpdatedTime", "programs", "salesChannel", "orderItems",
    }  # fmt: skip
    assert bare["orderItems"][0].keys() == {"orderItemId", "quantityOrdered", "measurement", "product"}
    parts = orders_2026.encode_order(doc, frozenset({"PACKAGES", "PROCEEDS"}), now=NOW)
    assert parts.keys() - bare.keys() == {"packages", "proceeds"}
    assert parts["packages"] == UK["packages"]


def test_personal_members_can_be_left_out() -> None:
    doc = orders_2026.decode_order(TR)
    out = orders_2026.encode_order(doc, now=NOW, personal=False)
    assert not {"buyer", "recipient"} & out.keys()
    assert "taxRegistrations" not in out["tax"]
    gift = orders_2026.decode_order(sample("171-9876543"))
    item = orders_2026.encode_order(gift, now=NOW, personal=False)["orderItems"][0]
    assert item["fulfillment"]["packing"] == {"giftOption": {"giftWrapLevel": "STANDARD"}}


def test_tax_registrations_of_buyer_and_marketplace_keep_their_order_and_their_places() -> None:
    doc = orders_2026.decode_order(BR)
    assert doc.buyer
    assert "1234567890" not in str(doc.published)
    assert [entry["entityType"] for _, entry in doc.buyer.published["2026"]["taxRegistrations"]] == ["BUYER"]
    erased = orders_2026.encode_order(replace(doc, buyer=None, address=None), now=NOW)
    assert [e["entityType"] for e in erased["tax"]["taxRegistrations"]] == ["MARKETPLACE", "MERCHANT"]


def test_quantities_packages_and_amounts_are_read() -> None:
    doc = orders_2026.decode_order(UK)
    assert doc.items
    assert (doc.items[0].ordered, doc.items[0].shipped, doc.items[0].cancelled) == (1, 1, 0)
    assert doc.items[0].amounts == {Component.PRINCIPAL: 3499}
    package = doc.packages[0]
    assert (package.carrier_code, package.tracking, package.lines) == (
        "DPD",
        "15501234567890123456",
        {"20276543210987": 1},
    )
    assert package.published["2026"]["transparencyCodes"] == {"20276543210987": ["T98765ZYXWV43210UK"]}
    assert orders_2026.decode_order(JP).total == 19940
    assert orders_2026.decode_order(PICKUP).latest_ship_at is None


def test_what_is_neither_fulfilled_nor_unfulfilled_was_cancelled() -> None:
    raw = _item(quantityOrdered=5, fulfillment={"quantityFulfilled": 2, "quantityUnfulfilled": 0})
    items = orders_2026.decode_order(raw).items
    assert items
    assert (items[0].shipped, items[0].cancelled) == (2, 3)
    assert same(back(raw), raw)


def test_what_happened_here_wins_over_what_was_published() -> None:
    doc = stored(orders_2026.decode_order(BR))
    assert doc.items
    item = replace(doc.items[0], shipped=1)
    out = orders_2026.encode_order(
        replace(doc, status=Status.SHIPPED, items=(item,), updated_at=NOW), now=NOW
    )
    assert out["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert out["orderItems"][0]["fulfillment"] == {"quantityFulfilled": 1, "quantityUnfulfilled": 0}
    assert out["lastUpdatedTime"] == "2026-11-21T00:00:00Z"
    assert out["programs"] == ["AMAZON_BUSINESS", "DELIVERY_BY_AMAZON"]
    plain = orders_2026.encode_order(replace(doc, is_business=False), now=NOW)
    assert plain["programs"] == ["DELIVERY_BY_AMAZON"]


def test_pending_orders_hide_prices_buyer_and_recipient() -> None:
    out = orders_2026.encode_order(replace(orders_2026.decode_order(BR), status=Status.PENDING), now=NOW)
    assert not {"buyer", "recipient", "proceeds"} & out.keys()
    assert "deliverByWindow" not in out["fulfillment"]
    assert "proceeds" not in out["orderItems"][0]


def _order(**changes: Any) -> dict[str, Any]:
    return BR | changes


def _item(**changes: Any) -> dict[str, Any]:
    base = TR["orderItems"][0] | changes
    return TR | {"orderItems": [base]}


def _proceeds(kind: str, amount: str, **more: Any) -> dict[str, Any]:
    money = {"amount": amount, "currencyCode": "TRY"}
    return _item(proceeds={"proceedsTotal": money, "breakdowns": [{"type": kind, "subtotal": money, **more}]})


@pytest.mark.parametrize(
    ("kind", "amount", "more", "amounts"),
    [
        ("OTHER", "1.00", {}, {Component.PRINCIPAL: 12500}),
        ("DISCOUNT", "1.00", {}, {Component.PRINCIPAL: 12500, Component.PROMOTION_DISCOUNT: -100}),
        ("DISCOUNT", "-1.00", {}, {Component.PRINCIPAL: 12500, Component.PROMOTION_DISCOUNT: -100}),
        ("TAX", "1.00", {}, {Component.PRINCIPAL: 12500, Component.TAX: 100}),
        (
            "TAX",
            "1.00",
            {
                "detailedBreakdowns": [
                    {"subtype": "SHIPPING", "value": {"amount": "0.40", "currencyCode": "TRY"}}
                ]
            },
            {Component.PRINCIPAL: 12500, Component.SHIPPING_TAX: 40, Component.TAX: 60},
        ),
    ],
)
def test_proceeds_are_read_by_kind_and_come_back(kind: str, amount: str, more: Any, amounts: Any) -> None:
    raw = _proceeds(kind, amount, **more)
    items = orders_2026.decode_order(raw).items
    assert items
    assert items[0].amounts == amounts
    assert same(back(raw), raw)


def _packed(**changes: Any) -> dict[str, Any]:
    package = UK["packages"][0]
    return UK | {"packages": [package | {"packageItems": [package["packageItems"][0] | changes]}]}


STATUS = "fulfillment.fulfillmentStatus"
TOO_MANY = {"quantityFulfilled": 2, "quantityUnfulfilled": 1}


@pytest.mark.parametrize(
    ("raw", "code", "place"),
    [
        (_order(fulfillment={}), Code.MISSING_VALUE, STATUS),
        (_order(fulfillment={"fulfillmentStatus": "Shipped"}), Code.INVALID_VALUE, STATUS),
        (_order(fulfillment={"fulfillmentStatus": "SHIPPED"}), Code.INVALID_VALUE, STATUS),
        (_order(createdTime=None), Code.MISSING_VALUE, "createdTime"),
        (_order(packages=[{}]), Code.MISSING_VALUE, "package 1: packageReferenceId"),
        (_order(packages=[UK["packages"][0]] * 2), Code.DUPLICATE_REQUEST, "package 2: packageReferenceId"),
        (_packed(quantity=2), Code.INVALID_VALUE, "package 1: packageItems"),
        (_packed(quantity=0), Code.INVALID_VALUE, "package 1: quantity"),
        (_packed(orderItemId="9"), Code.INVALID_VALUE, "package 1: packageItems"),
        (_item(fulfillment=TOO_MANY), Code.INVALID_VALUE, "item 1: fulfillment"),
        (_item(quantityOrdered=-2), Code.INVALID_VALUE, "item 1: quantityOrdered"),
        (_proceeds("SHIPPING", "-1.00"), Code.INVALID_VALUE, "item 1: subtotal.amount"),
        (_proceeds("SHIPPING", "1.001"), Code.MONEY_PRECISION, "item 1: subtotal.amount"),
        (_item(product=5), Code.INVALID_VALUE, "item 1: product"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_place(raw: dict[str, Any], code: Code, place: str) -> None:
    with pytest.raises(Refusal) as caught:
        orders_2026.decode_order(raw, place="order 3")
    assert (caught.value.code, caught.value.facts["place"]) == (code, f"order 3: {place}")


OPTIONAL = [
    "buyer", "recipient", "proceeds", "programs", "orderAliases", "tax", "payment", "packages",
    "associatedOrders",
]  # fmt: skip


@given(st.sampled_from(published.orders_2026()), UNKNOWN, UNKNOWN, st.sets(st.sampled_from(OPTIONAL)))
def test_nothing_is_lost_whatever_is_there_or_missing(
    raw: Any, more: Any, item_more: Any, without: set[str]
) -> None:
    items = [item | item_more for item in raw["orderItems"]]
    raw = {key: value for key, value in (raw | more).items() if key not in without} | {"orderItems": items}
    assert same(back(raw), raw)


def test_who_cancelled_an_order_here_and_why_stands_on_its_lines() -> None:
    line = ItemDocument("12345678901234", "SKU", "Lantern", 2, cancelled=2)
    order = OrderDocument(
        "111-2222222-3333333",
        "ATVPDKIKX0DER",
        datetime(2026, 3, 2, tzinfo=UTC),
        "USD",
        (line,),
        status=Status.CANCELED,
        updated_at=datetime(2026, 4, 2, tzinfo=UTC),
        cancelled_by="AMAZON",
        cancel_reason="ship_confirmation_missing",
    )

    (said,) = orders_2026.encode_order(order, now=datetime(2026, 4, 3, tzinfo=UTC))["orderItems"]

    execution = {"cancelledBy": "AMAZON", "cancelReason": "SHIP_CONFIRMATION_MISSING"}
    assert said["cancellation"] == {"cancellationExecution": execution}
