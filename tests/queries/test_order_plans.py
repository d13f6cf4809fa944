"""The list and the search use indexes, as the application's role and behind row-level security (L5, L6)."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.build import a_seller, everything
from tests.conftest import owner_connection

from sellerdesk.domain.orders import Channel
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.order_counts import CountQuery, Tab
from sellerdesk.queries.order_list import neighbours, order_page
from sellerdesk.queries.order_matches import Field, Match
from sellerdesk.queries.order_query import OrderQuery, Sort
from sellerdesk.queries.order_search import search, search_pasted

NOW = datetime(2026, 3, 4, 20, 30, tzinfo=UTC)
ORDERS = 6000
BIG = {"orders", "order_items", "buyer_contacts", "shipping_addresses", "packages"}


@pytest.fixture
def many(committed: None) -> int:
    """A seller with some thousand orders beside another of the same size, written by set and analysed."""
    sellers = [a_seller("Many"), a_seller("Neighbour")]
    with owner_connection() as raw, raw.transaction():
        raw.execute("SELECT set_config('sellerdesk.seller', '0', true)")
        for seller in sellers:
            for statement in FILL:
                raw.execute(statement, {"seller": seller, "n": ORDERS, "now": NOW})
    with owner_connection() as raw:
        raw.execute("VACUUM ANALYZE")
    return sellers[0]


FILL = [
    """INSERT INTO orders (seller_id, order_number, marketplace_id, seller_order_id, channel, order_type, sales_channel,
         status, payment_state, pending_reason, source, placed_at, updated_at, latest_ship_at, currency, total,
         ship_service, service_category, is_business, is_prime, items_known, units_ordered, units_shipped,
         units_cancelled, version, slips_printed, published,
         cancelled_by, cancel_reason, upstream_digest,
         confirmed_at, is_late)
       SELECT %(seller)s, '701-0000000-' || lpad(g::text, 7, '0'), 'ATVPDKIKX0DER', 'WEB-' || g, 'MFN', 'StandardOrder',
         'Amazon.com', CASE WHEN g %% 20 = 0 THEN 'Unshipped' ELSE 'Shipped' END, 'authorized', '', 'native',
         %(now)s - g * interval '1 minute', %(now)s, %(now)s - g * interval '1 minute' + interval '2 days', 'USD', g,
         'Standard', 'Standard', false, false, true, 1, CASE WHEN g %% 20 = 0 THEN 0 ELSE 1 END, 0, 1, 0, '{}', '',
         '', '', CASE WHEN g %% 20 = 0 THEN NULL ELSE %(now)s END, CASE WHEN g %% 20 = 0 THEN NULL ELSE false END
       FROM generate_series(1, %(n)s) g""",
    """INSERT INTO order_items (seller_id, order_id, item_number, position, sku, asin, title, condition, is_gift,
         ordered, shipped, cancelled, published)
       SELECT seller_id, id, (10000000000000 + id)::text, 1, 'SKU-' || id, 'B0' || lpad(id::text, 8, '0'), 'Thing',
         'New', false, 1, units_shipped, 0, '{}' FROM orders WHERE seller_id = %(seller)s""",
    """INSERT INTO buyer_contacts (seller_id, order_id, name, email, phone, company, purchase_order, name_key,
         last_key, item_texts, published)
       SELECT seller_id, id, 'Buyer', 'b' || id || '@x.example', '', '', '', 'first' || id || ' last' || id,
         'last' || id, '{}', '{}' FROM orders WHERE seller_id = %(seller)s""",
    """INSERT INTO shipping_addresses (seller_id, order_id, name, company, line1, line2, line3, city, county, district,
         state, municipality, postal_code, country, phone, kind, published)
       SELECT seller_id, id, '', '', '', '', '', '', '', '', '', '', '', 'US', '', '', '{}'
       FROM orders WHERE seller_id = %(seller)s""",
    """INSERT INTO packages (seller_id, order_id, reference, version, carrier_code, carrier_name, service, tracking,
         tracking_key, confirmed_at, is_late, status, detailed_status, memo, ship_from, published)
       SELECT seller_id, id, '1', 1, 'UPS', '', '', '1Z' || id, '1Z' || lpad(id::text, 16, '0'), %(now)s, false,
         'IN_TRANSIT', '', '', '{}', '{}' FROM orders WHERE seller_id = %(seller)s AND status = 'Shipped'""",
]


def sequential_scans(seller: int, ask: Callable[[], Any]) -> list[str]:
    """The big tables that the queries of `ask` read from end to end."""
    with CaptureQueriesContext(connection) as captured:
        ask()
    found = []
    for query in captured.captured_queries:
        statement = query["sql"].strip()
        if not re.match(r"(SELECT|WITH)\b", statement) or "set_config" in statement:
            continue
        with scoped(seller), connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}".replace("%", "%%"), [])
            plan = cursor.fetchone()[0]
        found += _scans((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
    return found


def _scans(node: dict[str, Any]) -> list[str]:
    here = [node["Relation Name"]] if node["Node Type"] == "Seq Scan" and node["Relation Name"] in BIG else []
    return here + [table for child in node.get("Plans", ()) for table in _scans(child)]


def ask_page(seller: int, **asked: Any) -> Callable[[], object]:
    """A page of the list with its counts."""
    counted = CountQuery(Channel.MFN, (), NOW - timedelta(days=1), timedelta(hours=4))
    return lambda: order_page(seller, OrderQuery(**asked), now=NOW, counted=counted)


def test_the_list_reads_no_table_from_end_to_end(many: int) -> None:
    week = NOW - timedelta(days=1)
    for asked in (
        {"sort": Sort.SHIP_BY},
        {"tab": Tab.ALL, "placed_from": week},
        {"tab": Tab.ALL},
        {"tab": Tab.SHIPPED, "sort": Sort.OLDEST},
        {"sort": Sort.SHIP_BY, "ship_until": NOW, "open_only": True},
        {"tab": Tab.ALL, "matches": ((Match(Field.SKU, ("SKU-17",)),),)},
        {"tab": Tab.ALL, "matches": ((Match(Field.NAME, ("last17",)),),)},
        {"tab": Tab.ALL, "matches": ((Match(Field.TRACKING, ("1Z0000000000000017",)),),)},
    ):
        assert sequential_scans(many, ask_page(many, **asked)) == [], asked
    assert (
        sequential_scans(many, lambda: neighbours(many, OrderQuery(tab=Tab.ALL), "701-0000000-0000017")) == []
    )


def test_the_search_reads_no_table_from_end_to_end(many: int) -> None:
    ((item, order),) = everything(
        "SELECT item_number, order_id FROM order_items WHERE seller_id = %s LIMIT 1", [many]
    )
    tracked = "(SELECT min(order_id) FROM packages WHERE seller_id = %s)"
    ((tracking,),) = everything(f"SELECT tracking_key FROM packages WHERE order_id = {tracked}", [many])
    terms = (
        "701-0000000-0000017", item, tracking, f"SKU-{order}", f"B0{order:08d}", f"b{order}@x.example",
        f"last{order}", "WEB-17",
    )  # fmt: skip
    for term in terms:
        assert search(many, term, buyers=True), term
        assert sequential_scans(many, lambda term=term: search(many, term, buyers=True)) == [], term
    assert sequential_scans(many, lambda: search_pasted(many, terms, buyers=True)) == []


def test_a_sequential_scan_would_be_seen(many: int) -> None:
    """The check itself can fail: a comparison that leaks is not pushed into an index."""

    def ask() -> None:
        with scoped(many), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM buyer_contacts WHERE name_key LIKE 'last17%%'", [])

    assert sequential_scans(many, ask) == ["buyer_contacts"]


def test_counts_stop_at_their_cap_and_pages_are_stable(many: int) -> None:
    first = order_page(
        many,
        OrderQuery(tab=Tab.ALL, size=25),
        now=NOW,
        counted=CountQuery(Channel.MFN, (), None, timedelta(hours=4)),
    )
    assert first.counts.tabs[Tab.ALL] == ORDERS
    assert first.counts.tabs[Tab.UNSHIPPED] == ORDERS // 20
    second = order_page(
        many,
        OrderQuery(tab=Tab.ALL, size=25, after=first.older),
        now=NOW,
        counted=CountQuery(Channel.MFN, (), None, timedelta(hours=4)),
    )
    assert [line.order_number[-2:] for line in (*first.lines, *second.lines)] == [
        f"{n:02d}" for n in range(1, 51)
    ]
