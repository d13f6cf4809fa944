"""Files of orders become orders: every sound one, once, with an outcome for each."""

import io
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests import build
from tests.data import published

from sellerdesk.domain.outcomes import Outcome
from sellerdesk.flows.imports import import_orders

NOW = datetime(2026, 11, 21, tzinfo=UTC)
COUNTRIES = ("US", "DE", "JP", "GB", "BR", "TR")
ANSWERS = sorted(published.V0.glob("getOrder*-?.json")) + sorted(published.V2026.glob("*.json"))


@pytest.fixture
def seller(committed: None) -> int:
    return build.a_seller(countries=COUNTRIES)


def run(seller: int, data: bytes, **options: Any) -> list[Outcome]:
    return list(import_orders(io.BytesIO(data), actor=build.an_actor(seller), now=NOW, **options))


def states(seller: int, data: bytes, **options: Any) -> list[str]:
    return [outcome.state for outcome in run(seller, data, **options)]


def lines(*orders: dict[str, Any]) -> bytes:
    return b"\n".join(json.dumps(order).encode() for order in orders)


def test_all_published_orders_come_in_and_again_change_nothing(seller: int) -> None:
    orders = published.orders_v0()[1:] + published.orders_2026()
    joined = orders.pop(published.orders_v0().index(published.joined_v0()) - 1)
    orders = [order for order in orders if order.get("AmazonOrderId") != joined["AmazonOrderId"]] + [joined]
    unique = {order.get("AmazonOrderId") or order["orderId"]: order for order in orders}
    first = run(seller, lines(*unique.values()))
    assert {outcome.state for outcome in first} == {"imported"}, [o.refusal for o in first]
    assert set(states(seller, lines(*unique.values()))) == {"unchanged"}
    assert build.everything("SELECT count(*) FROM orders") == [(len(unique),)]


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_published_answer_is_taken_as_a_file(seller: int, path: Path) -> None:
    found = states(seller, path.read_bytes())
    is_orders = path.name.startswith(("getOrders-", "getOrder-", "searchOrders-"))
    assert set(found) == {"imported" if is_orders else "refused"}


def test_one_bad_order_leaves_every_sound_one_imported(seller: int) -> None:
    good = [published.orders_v0()[1] | {"AmazonOrderId": f"902-0000000-000000{i}"} for i in range(6)]
    bad = [
        good[1] | {"MarketplaceId": "NOWHERE"},
        good[2] | {"OrderTotal": {"CurrencyCode": "USD", "Amount": "1.234"}},
        good[3] | {"NumberOfItemsShipped": -1},
    ]
    outcomes = run(seller, lines(good[0], *bad, good[4], good[5]), chunk=2)
    assert [outcome.state for outcome in outcomes] == ["imported", *["refused"] * 3, "imported", "imported"]
    assert [outcome.place for outcome in outcomes] == [f"line {i}" for i in range(1, 7)]
    codes = [outcome.refusal and outcome.refusal.code for outcome in outcomes]
    assert codes == [None, "unknown_marketplace", "money_precision", "invalid_value", None, None]
    assert [outcome.order_number for outcome in outcomes] == [order["AmazonOrderId"] for order in good]


def test_the_same_order_with_other_content_is_refused_and_with_a_later_update_taken(seller: int) -> None:
    order = published.orders_v0()[0]
    other = order | {"ShipServiceLevel": "Exp US"}
    later = other | {"LastUpdateDate": "1970-01-20T03:58:32Z"}
    assert states(seller, lines(order, order, other)) == ["imported", "unchanged", "refused"]
    assert states(seller, lines(other)) == ["refused"]
    assert states(seller, lines(later, order)) == ["updated", "refused"]


def test_a_report_comes_in(seller: int) -> None:
    row = {
        "order-id": "111-1111111-1111111",
        "order-item-id": "12345678901234",
        "purchase-date": "2026-11-19T12:02:50+00:00",
        "promise-date": "2026-11-23T06:59:59+00:00",
        "sku": "MUG-1",
        "product-name": "Mug",
        "quantity-purchased": "3",
        "quantity-shipped": "0",
        "quantity-to-ship": "3",
        "recipient-name": "Ann",
    }
    data = "\n".join(["\t".join(row), "\t".join(row.values())]).encode()
    assert states(seller, data) == ["refused"]  # nothing says where it was sold
    assert states(seller, data, marketplace_id="ATVPDKIKX0DER") == ["imported"]
    assert states(seller, data, marketplace_id="ATVPDKIKX0DER") == ["unchanged"]


@pytest.mark.parametrize(
    "changes",
    [
        {"SellerOrderId": "x" * 5000},
        {"SalesChannel": "x" * 5000},
        {"ShipServiceLevel": "x" * 5000},
        {"ShipmentServiceLevelCategory": "x" * 5000},
        {"MarketplaceId": "x" * 5000},
        {"BuyerInfo": {"BuyerName": "x" * 5000}},
        {"BuyerInfo": {"BuyerEmail": "x" * 5000}},
        {"ShippingAddress": {"PostalCode": "x" * 5000}},
        {"ShippingAddress": {"CountryCode": "x" * 5000}},
        {"PurchaseDate": "0001-01-01T00:00:00Z"},
        {"PurchaseDate": "9999-12-31T23:59:59Z"},
        {"LatestShipDate": "9999-12-31T23:59:59Z"},
        {"OrderTotal": {"CurrencyCode": "USD", "Amount": "999999999999999.99"}},
        {"OrderTotal": {"CurrencyCode": "KWD", "Amount": "999999999999999.999"}},
    ],
    ids=lambda changes: str(changes)[:50],
)
def test_extreme_values_disturb_no_other_order(seller: int, changes: dict[str, Any]) -> None:
    good = [published.orders_v0()[1] | {"AmazonOrderId": f"902-0000000-000000{i}"} for i in range(3)]
    found = states(seller, lines(good[0], good[1] | changes, good[2]))
    assert [found[0], found[2]] == ["imported", "imported"]
    assert found[1] in ("imported", "refused")


def test_chunks_and_progress(seller: int) -> None:
    orders = [published.orders_v0()[1] | {"AmazonOrderId": f"902-0000000-00000{i:02}"} for i in range(25)]
    told: list[int] = []
    assert Counter(states(seller, lines(*orders), chunk=10, progress=told.append)) == {"imported": 25}
    assert told == [10, 20, 25]
