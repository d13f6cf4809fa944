"""Order reports as Amazon writes them, in both layouts, whole and damaged."""

import io
from datetime import UTC, datetime

import pytest

from sellerdesk.domain.orders import Component, OrderDocument, Status
from sellerdesk.domain.refusals import Refusal
from sellerdesk.wire import orders_2026, orders_v0
from sellerdesk.wire.readers import read

NOW = datetime(2026, 11, 21, tzinfo=UTC)
UNSHIPPED = {
    "order-id": "111-1111111-1111111",
    "order-item-id": "12345678901234",
    "purchase-date": "2025-09-24T12:02:50+00:00",
    "payments-date": "2025-09-24T12:05:00+00:00",
    "reporting-date": "2025-09-24T13:00:00+00:00",
    "promise-date": "2025-09-26T06:59:59+00:00",
    "days-past-promise": "-2",
    "buyer-email": "x@marketplace.example.com",
    "buyer-name": "Ann Lee",
    "buyer-phone-number": "+1 206 555 0100",
    "sku": "MUG-1",
    "product-name": 'Mug "Blue" 12"',
    "quantity-purchased": "3",
    "quantity-shipped": "1",
    "quantity-to-ship": "2",
    "ship-service-level": "Standard",
    "recipient-name": "山田 太郎",
    "ship-address-1": "1 Main St",
    "ship-address-2": "",
    "ship-address-3": "",
    "ship-city": "Seattle",
    "ship-state": "WA",
    "ship-postal-code": "98101",
    "ship-country": "US",
    "is-business-order": "true",
    "purchase-order-number": "PO-1",
    "price-designation": "BusinessPrice",
    "is-prime": "false",
    "sales-channel": "Amazon.com",
    "is-buyer-requested-cancellation": "true",
    "buyer-requested-cancel-reason": "changed my mind",
    "verge-of-cancellation": "false",
    "verge-of-lateShipment": "true",
    "cpf": "123.456.789-00",
}
PRICED = {
    "order-id": "222-2222222-2222222",
    "order-item-id": "22345678901234",
    "purchase-date": "2025-09-24T12:02:50+00:00",
    "payments-date": "2025-09-24T12:05:00+00:00",
    "buyer-email": "y@marketplace.example.com",
    "buyer-name": "Bo",
    "sku": "CUP-1",
    "product-name": "Cup",
    "quantity-purchased": "2",
    "currency": "USD",
    "item-price": "20.00",
    "item-tax": "1.60",
    "shipping-price": "5",
    "shipping-tax": "0.40",
    "gift-wrap-price": "3.99",
    "gift-wrap-tax": "0.00",
    "item-promotion-discount": "-2.00",
    "item-promotion-id": "SUMMER",
    "gift-message-text": "Enjoy",
    "gift-wrap-type": "Classic",
    "recipient-name": "Bo",
    "ship-country": "US",
    "Address-Type": "residential",
    "Number-of-items": "1",
}


def report(*rows: dict[str, str], columns: list[str] | None = None, encoding: str = "utf-8") -> bytes:
    names = columns or list(rows[0])
    lines = ["\t".join(names), *("\t".join(row.get(name, "") for name in names) for row in rows)]
    return "\r\n".join(lines).encode(encoding)


def one(data: bytes, **options: str) -> OrderDocument:
    [(_, found)] = list(read(io.BytesIO(data), **options))
    assert isinstance(found, OrderDocument), found
    return found


def test_the_layout_of_unshipped_orders() -> None:
    doc = one(report(UNSHIPPED))
    assert (doc.order_number, doc.place, doc.source) == ("111-1111111-1111111", "line 2", "report")
    assert (doc.marketplace_id, doc.currency, doc.status) == (
        "ATVPDKIKX0DER",
        "USD",
        Status.PARTIALLY_SHIPPED,
    )
    assert doc.latest_ship_at == datetime(2025, 9, 26, 6, 59, 59, tzinfo=UTC)
    assert doc.items
    item = doc.items[0]
    assert (item.ordered, item.shipped, item.cancelled, item.title) == (3, 1, 0, 'Mug "Blue" 12"')
    assert doc.buyer
    assert doc.address
    assert (doc.buyer.purchase_order, doc.address.name) == ("PO-1", "山田 太郎")
    assert "123.456" not in str(doc.published)
    assert doc.published["report"]["verge-of-lateshipment"] == "true"


def test_the_layout_with_prices() -> None:
    doc = one(report(PRICED), marketplace_id="ATVPDKIKX0DER")
    assert doc.status is Status.UNSHIPPED
    assert doc.items
    assert doc.items[0].amounts == {
        Component.PRINCIPAL: 2000,
        Component.TAX: 160,
        Component.SHIPPING: 500,
        Component.SHIPPING_TAX: 40,
        Component.GIFT_WRAP: 399,
        Component.GIFT_WRAP_TAX: 0,
        Component.PROMOTION_DISCOUNT: -200,
    }
    v0 = orders_v0.encode_items(doc, buyer_info=True)["OrderItems"][0]
    assert (v0["PromotionIds"], v0["IsGift"]) == (["SUMMER"], "true")
    assert v0["BuyerInfo"]["GiftMessageText"] == "Enjoy"
    new = orders_2026.encode_order(doc, now=NOW)
    assert new["orderItems"][0]["proceeds"]["proceedsTotal"] == {"currencyCode": "USD", "amount": "28.99"}
    assert new["proceeds"]["grandTotal"]["amount"] == "28.99"
    assert new["recipient"]["deliveryAddress"]["addressType"] == "RESIDENTIAL"


def test_columns_may_stand_in_any_order_and_case() -> None:
    turned = dict(reversed(list({key.upper(): value for key, value in UNSHIPPED.items()}.items())))
    assert one(report(turned)).order_number == "111-1111111-1111111"
    assert one(b"\xef\xbb\xbf" + report(UNSHIPPED)).order_number == "111-1111111-1111111"
    assert one(report(UNSHIPPED, encoding="utf-16")).order_number == "111-1111111-1111111"


def test_rows_that_stand_together_are_one_order() -> None:
    second = UNSHIPPED | {"order-item-id": "2", "quantity-shipped": "0", "quantity-to-ship": "1"}
    third = UNSHIPPED | {"order-id": "333-3333333-3333333"}
    found = [found for _, found in read(io.BytesIO(report(UNSHIPPED, second, third)))]
    assert [isinstance(f, OrderDocument) and len(f.items or ()) for f in found] == [2, 1]
    assert isinstance(found[0], OrderDocument)
    assert found[0].items
    assert (found[0].items[1].cancelled, found[0].units_unshipped) == (2, 3)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"quantity-purchased": "-1"}, "line 3: quantity-purchased"),
        ({"quantity-purchased": "1.5"}, "line 3: quantity-purchased"),
        ({"quantity-purchased": "١"}, "line 3: quantity-purchased"),
        ({"quantity-purchased": ""}, "line 3: quantity-purchased"),
        ({"quantity-to-ship": "9"}, "line 3: quantity-purchased"),
        ({"purchase-date": "yesterday"}, "line 3: purchase-date"),
        ({"order-id": "1"}, "line 3: order-id"),
        ({"is-prime": "maybe"}, "line 3: is-prime"),
        ({"product-name": "a\x00b"}, "line 3: product-name"),
        ({"product-name": "a\x85b"}, "line 3: product-name"),
        ({"product-name": "extra\tcell"}, "line 3"),
    ],
)
def test_one_bad_row_disturbs_no_other(changes: dict[str, str], place: str) -> None:
    rows = [UNSHIPPED | {"order-id": f"11{i}-1111111-1111111"} for i in range(3)]
    rows[1] |= changes
    first, bad, last = [found for _, found in read(io.BytesIO(report(*rows)))]
    assert isinstance(first, OrderDocument)
    assert isinstance(last, OrderDocument)
    assert isinstance(bad, Refusal)
    assert bad.facts["place"] == place


def test_a_bad_row_refuses_the_whole_of_its_order() -> None:
    rows = [UNSHIPPED, UNSHIPPED | {"order-item-id": "2", "quantity-purchased": "x"}]
    [(place, found)] = list(read(io.BytesIO(report(*rows))))
    assert isinstance(found, Refusal)
    assert (place, found.facts["place"], found.facts["order_number"]) == (
        "line 2",
        "line 3: quantity-purchased",
        "111-1111111-1111111",
    )


def test_a_line_in_another_encoding_is_named_by_line_and_byte_with_its_candidates() -> None:
    rows = [UNSHIPPED | {"recipient-name": "Ann"}, UNSHIPPED | {"order-id": "444-4444444-4444444"}]
    data = report(*rows, encoding="cp932")
    good, bad = [found for _, found in read(io.BytesIO(data))]
    assert isinstance(good, OrderDocument)
    assert isinstance(bad, Refusal)
    at = data.index("山田".encode("cp932"))
    assert (bad.facts["place"], bad.facts["byte"]) == ("line 3", at)
    assert "山" in bad.facts["readings"]["cp932"]
    again = [found for _, found in read(io.BytesIO(data), encoding="cp932")]
    assert isinstance(again[1], OrderDocument)
    assert again[1].address
    assert again[1].address.name == "山田 太郎"


def test_a_cut_off_report_keeps_the_rows_before() -> None:
    data = report(UNSHIPPED, UNSHIPPED | {"order-id": "444-4444444-4444444"})
    good, bad = [found for _, found in read(io.BytesIO(data[:-150]))]
    assert isinstance(good, OrderDocument)
    assert isinstance(bad, Refusal)
    assert bad.facts["expected"] == f"{len(UNSHIPPED)} cells, as in the header row"


@pytest.mark.parametrize("missing", ["order-item-id", "sku", "quantity-purchased", "purchase-date"])
def test_a_header_without_a_needed_column_says_which(missing: str) -> None:
    columns = [name for name in UNSHIPPED if name != missing]
    [(_, found)] = list(read(io.BytesIO(report(UNSHIPPED, columns=columns))))
    assert isinstance(found, Refusal)
    assert found.facts["place"] == f"line 1: column {missing}"


@pytest.mark.parametrize(
    ("amount", "code"), [("1.001", "money_precision"), ("-1", "invalid_value"), ("1,5", "invalid_value")]
)
def test_impossible_money_is_refused(amount: str, code: str) -> None:
    [(_, found)] = list(read(io.BytesIO(report(PRICED | {"item-price": amount}))))
    assert isinstance(found, Refusal)
    assert (found.code, found.facts["place"].split(".")[0]) == (code, "line 2: item-price")
