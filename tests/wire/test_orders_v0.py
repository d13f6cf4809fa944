"""Orders v0: what comes in goes out again, and what has changed since wins."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.data import published

from sellerdesk.domain.orders import Channel, Component, OrderDocument, Status
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.wire import orders_v0

NOW = datetime(2026, 11, 21, tzinfo=UTC)
NUMBER = "902-1845936-5435065"


def stored(doc: OrderDocument) -> OrderDocument:
    """The document with its remainders as a database gives them back."""
    again = lambda value: json.loads(json.dumps(value))  # noqa: E731
    items = doc.items and tuple(
        replace(item, published=again(item.published), personal=again(item.personal)) for item in doc.items
    )
    buyer = doc.buyer and replace(doc.buyer, published=again(doc.buyer.published))
    address = doc.address and replace(doc.address, published=again(doc.address.published))
    return replace(doc, published=again(doc.published), items=items, buyer=buyer, address=address)


def back(raw: dict[str, Any]) -> dict[str, Any]:
    doc = stored(orders_v0.decode_order(raw))
    out = orders_v0.encode_order(doc, now=NOW, buyer=True, address=True)
    if doc.items:
        out["OrderItems"] = orders_v0.encode_items(doc, buyer_info=True)["OrderItems"]
    return out


def same(one: Any, other: Any) -> bool:
    """Equal with the same JSON types."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@pytest.mark.parametrize("raw", published.orders_v0(), ids=lambda raw: raw["AmazonOrderId"])
def test_every_published_order_comes_back_with_the_same_values_and_types(raw: dict[str, Any]) -> None:
    assert same(back(raw), raw)


def test_an_order_that_says_everything_comes_back() -> None:
    raw = published.full_v0()
    assert same(back(raw), raw)


def test_buyer_and_address_answers_come_back() -> None:
    doc = stored(orders_v0.decode_order(published.joined_v0()))
    assert (
        orders_v0.encode_buyer_info(doc)
        == published.load(published.V0 / "getOrderBuyerInfo-1.json")["payload"]
    )
    assert (
        orders_v0.encode_address(doc, now=NOW)
        == published.load(published.V0 / "getOrderAddress-1.json")["payload"]
    )


def test_item_buyer_info_is_given_by_item() -> None:
    doc = orders_v0.decode_order(published.full_v0())
    row = orders_v0.encode_items_buyer_info(doc)["OrderItems"][0]
    assert row == {"OrderItemId": "05015851154158", **published.full_v0()["OrderItems"][0]["BuyerInfo"]}


def test_restricted_members_need_asking_for() -> None:
    doc = orders_v0.decode_order(published.full_v0())
    plain = orders_v0.encode_order(doc, now=NOW)
    assert not {"BuyerInfo", "BuyerTaxInformation", "ShippingAddress"} & plain.keys()
    assert "BuyerInfo" not in orders_v0.encode_items(doc)["OrderItems"][0]
    impersonal = json.dumps([doc.published, [item.published for item in doc.items or ()]])
    assert not [
        word for word in ("Et toi", "z.zip", "WESTLAKE AVE 1", "fzyrv6", "Acme") if word in impersonal
    ]


@pytest.mark.parametrize(
    "text",
    ["2019-05-07T15:42:57.058Z", "2019-05-07T15:42:57+02:00", "2019-05-07T15:42:57", "2019-05-07"],
)
def test_the_spelling_of_an_instant_lasts_as_long_as_the_instant(text: str) -> None:
    raw = published.orders_v0()[0] | {"LastUpdateDate": text}
    assert back(raw)["LastUpdateDate"] == text
    later = replace(orders_v0.decode_order(raw), updated_at=NOW)
    assert orders_v0.encode_order(later, now=NOW)["LastUpdateDate"] == "2026-11-21T00:00:00Z"


@pytest.mark.parametrize("amount", ["11", "11.0", "11.010", "0011.01"])
def test_the_spelling_of_an_amount_lasts(amount: str) -> None:
    raw = published.orders_v0()[0] | {"OrderTotal": {"CurrencyCode": "USD", "Amount": amount}}
    assert back(raw)["OrderTotal"]["Amount"] == amount


def test_what_happened_here_wins_over_what_was_published() -> None:
    doc = stored(orders_v0.decode_order(published.joined_v0()))
    assert doc.items
    shipped = replace(
        doc,
        status=Status.SHIPPED,
        units_shipped=1,
        units_unshipped=0,
        items=(replace(doc.items[0], shipped=1),),
        updated_at=NOW,
    )
    out = orders_v0.encode_order(shipped, now=NOW)
    assert (out["OrderStatus"], out["NumberOfItemsShipped"], out["NumberOfItemsUnshipped"]) == (
        "Shipped",
        1,
        0,
    )
    assert out["LastUpdateDate"] == "2026-11-21T00:00:00Z"
    assert orders_v0.encode_items(shipped)["OrderItems"][0]["QuantityShipped"] == 1
    assert out["EasyShipShipmentStatus"] == "PendingPickUp"


def test_pending_orders_hide_prices_buyer_and_address() -> None:
    doc = replace(orders_v0.decode_order(published.full_v0()), status=Status.PENDING)
    out = orders_v0.encode_order(doc, now=NOW, buyer=True, address=True)
    assert not {"OrderTotal", "BuyerInfo", "ShippingAddress", "LatestDeliveryDate"} & out.keys()
    item = orders_v0.encode_items(doc, buyer_info=True)["OrderItems"][0]
    assert not {"ItemPrice", "ItemTax", "ShippingPrice", "IsGift", "PromotionIds", "BuyerInfo"} & item.keys()


def test_what_a_pending_order_published_all_the_same_comes_back_until_its_status_changes() -> None:
    raw = published.orders_v0()[2] | {
        "LatestDeliveryDate": "2017-02-01T00:00:00Z",
        "OrderTotal": {"CurrencyCode": "USD", "Amount": "5.00"},
        "BuyerInfo": {"BuyerName": "Ann"},
        "ShippingAddress": {"City": "Seattle"},
    }
    assert raw["OrderStatus"] == "Pending"
    assert same(back(raw), raw)
    cancelled = replace(orders_v0.decode_order(raw), status=Status.CANCELED)
    out = orders_v0.encode_order(cancelled, now=NOW, address=True)
    assert not {"LatestDeliveryDate", "ShippingAddress"} & out.keys()


def test_the_phone_goes_when_all_is_shipped_and_delivery_is_over() -> None:
    doc = orders_v0.decode_order(published.joined_v0())
    over = doc.latest_delivery_at
    assert over
    shipped = replace(doc, status=Status.SHIPPED)
    phone = lambda order, at: "Phone" in orders_v0.encode_address(order, now=at)["ShippingAddress"]  # noqa: E731
    assert phone(shipped, over)
    assert not phone(shipped, over + timedelta(seconds=1))
    assert phone(doc, over + timedelta(days=1))
    assert not phone(replace(doc, channel=Channel.AFN), over)


def test_an_order_without_items_keeps_its_counts() -> None:
    doc = orders_v0.decode_order(published.orders_v0()[0])
    assert (doc.items, doc.units_shipped, doc.units_unshipped) == (None, 0, 1)
    assert doc.currency == "USD"
    assert orders_v0.decode_order(published.orders_v0()[2]).currency == "USD"  # Pending: the marketplace's


def test_amounts_are_minor_units_and_discounts_negative() -> None:
    doc = orders_v0.decode_order(published.full_v0())
    assert doc.items
    amounts = doc.items[0].amounts
    assert (amounts[Component.PRINCIPAL], amounts[Component.GIFT_WRAP_TAX]) == (3000, 43)
    assert (amounts[Component.PROMOTION_DISCOUNT], amounts[Component.COD_FEE_DISCOUNT]) == (-200, -25)
    assert sum(amounts.values()) == doc.total == 4107


def test_a_cancelled_order_cancels_what_was_not_shipped() -> None:
    raw = published.joined_v0() | {"OrderStatus": "Canceled", "NumberOfItemsUnshipped": 0}
    items = orders_v0.decode_order(raw).items
    assert items
    assert (items[0].shipped, items[0].cancelled) == (0, 1)


def _usd(amount: Any) -> dict[str, Any]:
    return {"CurrencyCode": "USD", "Amount": amount}


def _order(**changes: Any) -> dict[str, Any]:
    return published.joined_v0() | changes


def _item(**changes: Any) -> dict[str, Any]:
    raw = published.joined_v0()
    raw["OrderItems"][0] |= changes
    return raw


TWICE = published.joined_v0()["OrderItems"] * 2


@pytest.mark.parametrize(
    ("raw", "code", "place"),
    [
        (_item(QuantityOrdered=-1), Code.INVALID_VALUE, "item 1: QuantityOrdered"),
        (_item(QuantityOrdered="1"), Code.INVALID_VALUE, "item 1: QuantityOrdered"),
        (_item(QuantityOrdered=True), Code.INVALID_VALUE, "item 1: QuantityOrdered"),
        (_item(QuantityOrdered=2**31), Code.INVALID_VALUE, "item 1: QuantityOrdered"),
        (_item(QuantityOrdered=1.0), Code.INVALID_VALUE, "item 1: QuantityOrdered"),
        (_item(QuantityShipped=2), Code.INVALID_VALUE, "item 1: QuantityShipped"),
        (_item(QuantityShipped=1), Code.INVALID_VALUE, "OrderStatus"),
        (_item(OrderItemId=""), Code.MISSING_VALUE, "item 1: OrderItemId"),
        (_item(ItemPrice=_usd("1.001")), Code.MONEY_PRECISION, "item 1: ItemPrice.Amount"),
        (_item(ItemPrice=_usd("-1")), Code.INVALID_VALUE, "item 1: ItemPrice.Amount"),
        (_item(ItemPrice=_usd(1)), Code.INVALID_VALUE, "item 1: ItemPrice.Amount"),
        (_item(ItemPrice=_usd("1e3")), Code.INVALID_VALUE, "item 1: ItemPrice.Amount"),
        (_item(ItemPrice=_usd("1") | {"CurrencyCode": "EUR"}), Code.CURRENCY_MISMATCH, "item 1: ItemPrice"),
        (_item(ItemPrice="1"), Code.INVALID_VALUE, "item 1: ItemPrice"),
        (_item(Title="a\x00b"), Code.INVALID_VALUE, "OrderItems[1].Title"),
        (_order(OrderStatus="Lost"), Code.INVALID_VALUE, "OrderStatus"),
        (_order(AmazonOrderId="1"), Code.INVALID_VALUE, "AmazonOrderId"),
        (_order(PurchaseDate="1.569521782042E9"), Code.INVALID_VALUE, "PurchaseDate"),
        (_order(PurchaseDate="2026-02-30T00:00:00Z"), Code.INVALID_VALUE, "PurchaseDate"),
        (_order(OrderItems=[1]), Code.INVALID_VALUE, "OrderItems[1]"),
        (_order(OrderItems=TWICE), Code.DUPLICATE_REQUEST, "item 2"),
        (_order(BuyerInfo={"BuyerName": 7}), Code.INVALID_VALUE, "BuyerName"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_place(raw: dict[str, Any], code: Code, place: str) -> None:
    with pytest.raises(Refusal) as caught:
        orders_v0.decode_order(raw, place="order 3")
    assert (caught.value.code, caught.value.facts["place"]) == (code, f"order 3: {place}")


JSON = st.recursive(
    st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text("aZ 中é"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abZ", max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
UNKNOWN = st.dictionaries(st.from_regex(r"X[A-Z][a-z]{1,6}", fullmatch=True), JSON, max_size=4)
OPTIONAL = [
    "SalesChannel", "ShipServiceLevel", "OrderTotal", "NumberOfItemsShipped", "NumberOfItemsUnshipped",
    "IsPrime",
    "OrderType", "EarliestShipDate", "LatestDeliveryDate", "IsBusinessOrder", "FulfillmentChannel",
    "MarketplaceId", "BuyerInfo", "ShippingAddress", "OrderItems", "SellerOrderId", "BuyerTaxInformation",
]  # fmt: skip


@given(
    UNKNOWN,
    UNKNOWN,
    UNKNOWN,
    st.sets(st.sampled_from(OPTIONAL)),
    st.integers(0, 10**6),
    st.sampled_from(["", "0", "00"]),
)
def test_nothing_is_lost_whatever_is_there_or_missing(
    more: Any, item_more: Any, buyer_more: Any, without: set[str], cents: int, zeros: str
) -> None:
    raw = published.full_v0()
    raw |= more
    raw["OrderItems"][0] |= item_more
    raw["BuyerInfo"] |= buyer_more
    raw["OrderTotal"]["Amount"] = f"{zeros}{cents // 100}.{cents % 100:02}"
    for key in without:
        raw.pop(key, None)
    assert same(back(raw), raw)


def test_a_document_in_our_own_words_leaves_no_differences_behind() -> None:
    doc = orders_v0.decode_order(published.full_v0())
    assert doc.items
    assert doc.buyer
    assert doc.address
    parts = [
        doc.published,
        doc.buyer.published,
        doc.address.published,
        doc.items[0].published,
        doc.items[0].personal,
    ]
    assert [part for part in parts if "~" in part["v0"]] == []
