"""The JSON that PostgreSQL writes for plain orders is what the codec of Orders v0 would have written."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from tests.interfaces.spapi.world import NOW, US, a_document, a_seller, placed

from sellerdesk.domain.orders import Channel, Status
from sellerdesk.models.sql import rows, run
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.spapi_orders import OrderSearch, Portion, search_orders
from sellerdesk.wire.orders_v0 import encode_order

ALL = (US, "A1VC38T7YXB528")
WINDOW = OrderSearch("created", datetime(2026, 1, 1, tzinfo=UTC), NOW, ALL)


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.usefixtures("db")
def test_ready_json_equals_the_codec(status: Status) -> None:
    seller = a_seller()
    odd = 'Größe "7" \\ 日本\t<&>'
    moment = NOW - timedelta(hours=5, microseconds=123456)
    placed(
        seller,
        [
            a_document(),
            a_document(country="JP", seller_order_id=odd, sales_channel=odd, ship_service=odd),
            a_document(channel=Channel.AFN, is_business=True, is_prime=True, service_category=odd),
            a_document(latest_delivery_at=moment, earliest_delivery_at=moment, latest_ship_at=moment),
            a_document(order_type="Preorder", channel=Channel.AFN, latest_delivery_at=moment),
        ],
    )
    with scoped(seller):
        # The door does not know how an order came to its status; items_known lifts the checks on quantities.
        run("UPDATE orders SET items_known = false, status = %s, updated_at = %s", [status.value, moment])
        assert rows("SELECT count(*) FROM orders WHERE published = '{}'") == [(5,)]
    ready = search_orders(seller, WINDOW, Portion(100, ready=True), now=NOW).orders
    documents = search_orders(seller, WINDOW, Portion(100), now=NOW).orders
    assert len(ready) == len(documents) == 5
    for text, document in zip(ready, documents, strict=True):
        assert isinstance(text, str)
        assert not isinstance(document, str)
        assert msgspec.json.decode(text) == encode_order(document, now=NOW)


@pytest.mark.usefixtures("db")
def test_an_order_without_a_total_is_summed_from_its_lines() -> None:
    seller = a_seller()
    placed(seller, [a_document()])
    with scoped(seller):
        run("UPDATE orders SET total = NULL, status = 'Unshipped', payment_state = 'authorized'")
    (document,) = search_orders(seller, WINDOW, Portion(100, ready=True), now=NOW).orders
    assert not isinstance(document, str)
    assert document.total == 8135
