"""Hourly tallies: they say what the orders say, at every microsecond, while they are being added up (limits L8, L9)."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests import build

from sellerdesk.commands.imports import import_orders
from sellerdesk.commands.orders import place_orders
from sellerdesk.commands.tallies import add_up_tallies
from sellerdesk.domain.marketplaces import by_country
from sellerdesk.domain.orders import Channel, Status
from sellerdesk.models.rates import read_rates
from sellerdesk.models.tenancy import scoped

US, JP = by_country("US").id, by_country("JP").id
NOW = build.PLACED + timedelta(days=30)
TICK = timedelta(microseconds=1)
Parallel = Callable[[int, Callable[[int], Any]], list[Any]]


def orders_in_rate(seller: int, place: str, at: datetime) -> int:
    with scoped(seller):
        return read_rates(seller, [place], at)[place].orders


def counted(seller: int, place: str, at: datetime) -> int:
    sql = (
        "SELECT count(*) FROM orders WHERE seller_id = %s AND marketplace_id = %s AND channel = 'MFN'"
        " AND placed_at > %s AND placed_at <= %s"
    )
    return int(build.everything(sql, [seller, place, at - timedelta(days=7), at])[0][0])


def tallied() -> list[tuple[Any, ...]]:
    return build.everything(
        "SELECT seller_id, marketplace_id, channel, hour, sum(orders), count(*) FROM order_tallies"
        " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
    )


def rows_of_tallies() -> int:
    return int(build.everything("SELECT count(*) FROM order_tallies")[0][0])


def test_rates_are_exact_at_every_edge(committed: None) -> None:
    seller = build.a_seller(countries=("US", "JP"))
    hour = build.PLACED.replace(minute=0)
    moments = [hour + step for step in (-TICK, timedelta(), TICK, timedelta(minutes=59), timedelta(hours=1))]
    moments += [moment + timedelta(days=days) for moment in moments[:3] for days in (3, 7)]
    build.placed_orders(seller, [build.a_document(at=at) for at in moments], now=NOW)
    build.placed_orders(seller, [build.a_document(at=hour, country="JP")], now=NOW)
    build.placed_orders(seller, [build.a_document(at=hour, channel=Channel.AFN)], now=NOW)
    rng = random.Random(7)
    asked = [
        one + days + step
        for one in moments
        for days in (timedelta(), timedelta(days=7))
        for step in (-TICK, TICK, 0 * TICK)
    ]
    asked += [hour + timedelta(seconds=rng.random() * 15 * 86_400) for _ in range(40)]
    for at in asked:
        assert orders_in_rate(seller, US, at) == counted(seller, US, at), at
        assert orders_in_rate(seller, JP, at) == counted(seller, JP, at), at


def test_adding_up_leaves_one_row_an_hour_and_every_rate_as_it_was(committed: None) -> None:
    seller, other = build.a_seller(), build.a_seller("Other")
    for step in range(4):
        documents = [build.a_document(at=build.PLACED + timedelta(minutes=40 * n + step)) for n in range(3)]
        build.placed_orders(seller, documents, now=NOW)
        build.placed_orders(other, documents[:1], now=NOW)
    before = [row[:5] for row in tallied()]
    while add_up_tallies(limit=3):
        assert [row[:5] for row in tallied()] == before
    assert {row[5] for row in tallied()} == {1}
    build.placed_orders(seller, [build.a_document()], now=NOW)
    assert max(row[5] for row in tallied()) == 2
    assert add_up_tallies(limit=100) == 1
    assert {row[5] for row in tallied()} == {1}
    assert add_up_tallies(limit=100) == 0


def test_a_refreshed_order_is_tallied_once_and_where_it_was(committed: None) -> None:
    """A later document may not move an order to another hour, channel or marketplace under the tally."""
    seller = build.a_seller(countries=("US", "CA"))
    said: dict[str, Any] = {"status": Status.UNSHIPPED, "source": "v0"}
    one = build.a_document(items=[build.an_item()], updated_at=build.PLACED, **said)
    one = build.with_quantities(one, 1)
    items = tuple(build.replace(item, item_number="1") for item in one.items or ())
    one = build.replace(one, items=items)
    actor = build.an_actor(seller)
    build.all_well(import_orders(actor, [one], now=NOW))
    moved = build.replace(
        one,
        channel=Channel.AFN,
        placed_at=one.placed_at + timedelta(days=1),
        updated_at=NOW,
        ship_service="Std",
    )
    build.all_well(import_orders(actor, [moved], now=NOW))
    (elsewhere,) = import_orders(
        actor, [build.replace(one, marketplace_id=by_country("CA").id, updated_at=NOW + TICK)], now=NOW
    )
    assert elsewhere.refusal is not None
    assert elsewhere.refusal.facts["differs"] == "marketplace"
    assert [row[1:] for row in tallied()] == [(US, "MFN", build.PLACED.replace(minute=0), 1, 1)]
    assert build.everything("SELECT channel, placed_at, ship_service FROM orders") == [
        ("MFN", build.PLACED, "Std")
    ]


@pytest.mark.serial
def test_orders_readers_and_adding_up_do_not_disturb_each_other(run_parallel: Parallel) -> None:
    """Half the threads place orders of one hour, others add up or read: each reader sees what was true."""
    seller = build.a_seller()
    at = build.PLACED + timedelta(minutes=1)
    batches, size = 20, 3

    def work(number: int) -> list[int]:
        if number < 2:
            numbers = random.Random(number)
            for _ in range(batches):
                documents = [build.replace(build.a_document(at=at), order_number="") for _ in range(size)]
                build.all_well(place_orders(build.an_actor(seller), documents, now=NOW, randomness=numbers))
            return []
        if number < 4:
            return [add_up_tallies(limit=4) for _ in range(2 * batches)]
        return [orders_in_rate(seller, US, at + timedelta(days=1)) for _ in range(4 * batches)]

    seen = run_parallel(6, work)
    while add_up_tallies(limit=100):
        pass
    total = 2 * batches * size
    assert orders_in_rate(seller, US, at + timedelta(days=1)) == total
    for readings in seen[4:]:
        assert readings == sorted(readings)
        assert all(reading % size == 0 for reading in readings)
    assert (
        rows_of_tallies() <= 2
    )  # two workers may each have made a sum; the next order of that hour joins them
