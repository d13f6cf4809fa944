"""The bulk path writes orders that are as right as those that commands make."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connections

from sellerdesk.commands.mails import owe_mails
from sellerdesk.commands.shipments import confirm_shipments
from sellerdesk.demo.bulk import add_orders, open_big_seller
from sellerdesk.domain.actors import Actor, Door, Party
from sellerdesk.domain.shipments import PackageRequest, ShipmentRequest
from sellerdesk.flows.sweep import sweep
from sellerdesk.queries.verify import verify

NOW = datetime(2026, 3, 18, 15, 20, tzinfo=UTC)
TABLES = (
    "order_items",
    "buyer_contacts",
    "shipping_addresses",
    "packages",
    "package_versions",
    "deadlines",
    "journal",
)


def ask(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT set_config('sellerdesk.seller', '0', false)")
        cursor.execute(sql, values)
        return list(cursor.fetchall())


@pytest.fixture
def seller(committed: None) -> int:
    found = open_big_seller(NOW)
    assert add_orders(found.id, 2000, now=NOW, chunk=700) == 2000
    return found.id


def broken() -> dict[str, Any]:
    return {found.rule.name: found.violations[:2] for found in verify() if found.count}


def test_bulk_orders_break_no_rule(seller: int) -> None:
    assert broken() == {}
    shares = {status: n / 2000 for status, n in ask("SELECT status, count(*) FROM orders GROUP BY 1")}
    assert shares["Shipped"] > 0.94
    assert 0.003 < shares["Unshipped"] + shares.get("PartiallyShipped", 0) < 0.02
    assert 0 < shares["Canceled"] < 0.03
    assert 0 < shares["Pending"] < 0.01
    (lines,) = ask("SELECT count(*)::float / 2000 FROM order_items")[0]
    assert 1.3 < lines < 1.5
    for table in TABLES:
        assert ask(f"SELECT count(*) > 0, bool_and(seller_id = %s) FROM {table}", seller) == [(True, True)]


def test_ledger_balances_and_equals_what_is_charged(seller: int) -> None:
    assert ask("SELECT currency FROM ledger_entries GROUP BY 1 HAVING sum(amount) <> 0") == []
    charged = ask("SELECT currency, sum(charged)::bigint FROM charges GROUP BY 1 ORDER BY 1")
    paid = ask(
        "SELECT currency, sum(amount)::bigint FROM ledger_entries WHERE account = 'buyer' GROUP BY 1 ORDER BY 1"
    )
    assert charged == paid
    off = (
        "SELECT count(*) FROM orders o WHERE o.total <> (SELECT sum(c.amount) FROM order_items i JOIN charges c"
        " ON c.item_id = i.id WHERE i.order_id = o.id)"
    )
    assert ask(off) == [(0,)]


def test_more_orders_go_on_from_what_is_there(seller: int) -> None:
    assert add_orders(seller, 300, now=NOW) == 2300
    assert ask("SELECT count(DISTINCT order_number) FROM orders") == [(2300,)]
    assert broken() == {}


def test_life_goes_on_with_bulk_orders(seller: int) -> None:
    (number,) = ask("SELECT order_number FROM orders WHERE status = 'Unshipped' ORDER BY id LIMIT 1")[0]
    actor = Actor(Party.SELLER, "test", Door.CLI, seller)
    package = PackageRequest("UPS", "1Z8R4A120300000001", NOW)
    (outcome,) = confirm_shipments(actor, [ShipmentRequest(number, (package,))], now=NOW)
    assert outcome.state == "confirmed"
    assert sweep(NOW).done == 0  # what was due is on record as done
    assert broken() == {}


def test_history_owes_nobody_a_mail(seller: int) -> None:
    owe_mails(now=NOW, host="test.example", limit=100_000)
    assert ask("SELECT count(*) FROM mails") == [(0,)]
