"""The demonstration world has every state and trouble, once, and the books are right."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connections

from sellerdesk.demo.world import load_world

NOW = datetime(2026, 3, 18, 15, 20, tzinfo=UTC)


def ask(sql: str) -> list[tuple[Any, ...]]:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT set_config('sellerdesk.seller', '0', false)")
        cursor.execute(sql)
        return cursor.fetchall()


def count(condition: str) -> int:
    return int(ask(f"SELECT count(*) FROM orders o WHERE {condition}")[0][0])


def test_world(committed: None) -> None:
    import time

    t = time.time()
    first = load_world(NOW)
    print(time.time() - t, first)
    print(ask("select status, count(*) from orders group by 1"))
    assert not first.was_there
