"""The bulk path writes orders that are as right as those that commands make."""

from datetime import UTC, datetime
from typing import Any

from django.db import connections

from sellerdesk.demo.bulk import add_orders, open_big_seller
from sellerdesk.queries.verify import verify

NOW = datetime(2026, 3, 18, 15, 20, tzinfo=UTC)


def ask(sql: str) -> list[tuple[Any, ...]]:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT set_config('sellerdesk.seller', '0', false)")
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_bulk_orders_break_no_rule(committed: None) -> None:
    seller = open_big_seller(NOW)
    assert add_orders(seller.id, 2000, now=NOW, chunk=700) == 2000
    broken = {finding.rule.name: finding.violations[:2] for finding in verify() if finding.count}
    assert broken == {}
    counts = dict(ask("SELECT status, count(*) FROM orders GROUP BY 1"))
    print(counts)
