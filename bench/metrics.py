"""L8: the cancellation rate and what cancelling would do to it. L9: what journal, deadlines and metrics cost."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from bench.confirming import CHUNK, confirm_chunk
from bench.ground import fresh_orders, new_seller, now
from bench.table import Result, percentile, within
from sellerdesk.commands.cancellations import cancel_orders
from sellerdesk.demo.bulk import add_orders
from sellerdesk.domain.actors import Actor, Door, Party
from sellerdesk.domain.cancellations import CancelReason, CancelRequest
from sellerdesk.domain.marketplaces import by_country
from sellerdesk.models.sql import decode_json
from sellerdesk.queries.cancel_preview import preview_cancellations
from sellerdesk.queries.cancellation_rate import cancellation_rates

_PLACES = [by_country(one).id for one in ("US", "CA", "DE", "GB")]
_REPEATS = 200
_CANCELLED = 40
_SMALL = 20_000
_TABLES = ("journal", "deadlines", "order_tallies")


def health(seller: int, orders: int) -> Iterator[Result]:
    """All that the health page reads, for four marketplaces; one preview; and both for a seller of few orders."""
    small = new_seller("Bench, few orders")
    few = min(_SMALL, max(200, orders // 10))
    add_orders(small, few, now=now())
    times = {name: _health(one) for name, one in (("big", seller), ("small", small))}
    for n, work in enumerate(
        ("rates, history, lists and what-if of 4 marketplaces", "preview of a cancellation")
    ):
        big, little = times["big"][n], times["small"][n]
        measured = {"p50": percentile(big, 0.5), "p95": percentile(big, 0.95)}
        yield within("L8", f"{work}, {orders:,} orders", measured, {"p95": 20})
        ratio = percentile(big, 0.5) / percentile(little, 0.5)
        goal = f"≤ 1.5 times that of {few:,}"
        yield Result(
            "L8", "  beside a seller of few orders", f"{ratio:.2f} times", goal=goal, met=ratio <= 1.5
        )


def _health(seller: int) -> tuple[list[float], list[float]]:
    numbers = [order.order_number for order in fresh_orders(seller, _CANCELLED + 1)]
    actor = Actor(Party.SELLER, "bench", Door.API, seller)
    requests = [CancelRequest(one, CancelReason.NO_INVENTORY, accepts_limit=True) for one in numbers]
    cancel_orders(actor, requests[1:], now=datetime.now(UTC))

    def rates() -> None:
        for one in cancellation_rates(seller, _PLACES, now()):
            one.rate.what_if(cancellations=1, orders=10)

    return _timed(rates), _timed(lambda: preview_cancellations(seller, requests[:1], now()))


def _timed(work: Callable[[], object]) -> list[float]:
    """Milliseconds of each repetition, warm."""
    times = []
    for _ in range(_REPEATS + 10):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return times[10:]


def shares(seller: int) -> Result:
    """How much of confirming in batches goes into journal, deadlines and tallies: their parts of the one statement that
    writes, as the server measures them, with the foreign keys that they check.
    """
    orders = fresh_orders(seller, 3 * CHUNK)
    confirm_chunk(seller, orders[:CHUNK])
    spent: Counter[str] = Counter()

    def measured(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "INSERT INTO journal" not in sql:
            return execute(sql, params, many, context)
        answer = execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql, params, many, context)
        (plan,) = decode_json(context["cursor"].fetchone()[0])
        spent.update(_parts(plan["Plan"]))
        for trigger in plan.get("Triggers", []):
            if trigger["Relation"] in _TABLES:
                spent[trigger["Relation"]] += trigger["Time"]
        return answer

    began = time.perf_counter()
    with connection.execute_wrapper(measured):
        for first in (CHUNK, 2 * CHUNK):
            confirm_chunk(seller, orders[first : first + CHUNK])
    whole = (time.perf_counter() - began) * 1000
    percents = {name: 100 * spent[name] / whole for name in _TABLES if spent[name]}
    words = ", ".join(f"{name} {share:.0f} %" for name, share in percents.items())
    total = sum(percents.values())
    work = "journal, deadlines and metrics in the time of L3"
    return Result("L9", work, f"{total:.0f} % ({words})", goal="≤ 35 %", met=total <= 35)


def _parts(node: dict[str, Any]) -> Counter[str]:
    """Milliseconds of every write to one of the tables."""
    found: Counter[str] = Counter()
    if node["Node Type"] == "ModifyTable" and node["Relation Name"] in _TABLES:
        found[node["Relation Name"]] += node["Actual Total Time"] * node["Actual Loops"]
    for child in node.get("Plans", []):
        found += _parts(child)
    return found
