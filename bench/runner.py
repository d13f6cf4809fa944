"""Lay the ground, run the workloads one after the other, show and save what they found."""

import os
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import django

django.setup()

from bench import clock, confirming, filling, metrics, reading, returning  # noqa: E402
from bench.ground import access_token, new_login  # noqa: E402
from bench.table import Result, save, show  # noqa: E402
from sellerdesk.demo.bulk import add_orders, open_big_seller, orders_of  # noqa: E402  (Django first)
from sellerdesk.flows import processes  # noqa: E402
from sellerdesk.flows.database import database  # noqa: E402
from sellerdesk.flows.schema import migrate  # noqa: E402
from sellerdesk.flows.terms import seed_terms  # noqa: E402

Workload = Callable[[], Iterable[Result]]


def measure_all(
    orders: int, wanted: frozenset[str], port: int, folder: Path, elapsed: Callable[[], float]
) -> bool:
    """Measure the wanted workloads (all, when empty); whether every one could be run."""
    results: list[Result] = []

    def run(name: str, work: Workload) -> None:
        if wanted and not wanted & set(name.split("/")):
            return
        print(f"{elapsed():6.1f} s  {name}", file=sys.stderr, flush=True)
        try:
            results.extend(work())
        except Exception as error:
            traceback.print_exc()
            results.append(Result(name, "not available", f"{type(error).__name__}: {error}"[:120]))

    with database():
        migrate()
        seed_terms(datetime.now(UTC).date())
        seller = open_big_seller(datetime.now(UTC))
        _fill(seller.id, orders, elapsed)
        _workloads(run, seller.id, orders)
        if not wanted or wanted & {"L1", "L2", "L7"}:
            _over_http(run, seller.id, orders, port)
    run("L13", lambda: [clock.cold_start(port)])
    show(results, orders=orders, seconds=elapsed())
    print(f"Written to {save(results, folder, orders=orders)}.")
    return not any(one.work == "not available" for one in results)


def _fill(seller_id: int, orders: int, elapsed: Callable[[], float]) -> None:
    missing = orders - orders_of(seller_id)
    if missing > 0:
        print(f"{elapsed():6.1f} s  making {missing:,} orders", file=sys.stderr, flush=True)
        add_orders(seller_id, missing, now=datetime.now(UTC))


def _workloads(run: Callable[[str, Workload], None], seller: int, orders: int) -> None:
    many = max(1_000, min(20_000, orders // 10))  # rows by set
    console = reading.Console(new_login(seller))
    run("L5", lambda: reading.order_list(console))
    run("L6", lambda: reading.searching(console, seller))
    run("L12", lambda: [reading.slips(console, seller)])
    run("L3", lambda: [confirming.in_batches(seller, many)])
    run("L4", lambda: [filling.bulk_path(many)])
    run("L8", lambda: metrics.health(seller, orders))
    run("L9", lambda: [metrics.shares(seller)])
    run("L10", lambda: clock.sweeping(seller, many))
    run("L14", lambda: returning.manage_returns(max(2_000, orders // 5)))  # 200,000 beside 1,000,000 orders
    run("L15", lambda: [returning.refunding(seller, max(50, min(400, orders // 50)))])


def _over_http(run: Callable[[str, Workload], None], seller: int, orders: int, port: int) -> None:
    some = max(200, min(2_000, orders // 50))  # calls one by one
    with _server(port):
        token = access_token(f"http://127.0.0.1:{port}", seller)
        run("L1/L2", lambda: confirming.over_http(seller, port, token, some))
        run("L7", lambda: [reading.get_orders(seller, port, token, max(200, some))])


@contextmanager
def _server(port: int) -> Iterator[None]:
    """The real web server, with its usual workers."""
    log = Path(os.environ["SELLERDESK_DATA_DIR"]) / "web.log"
    extra = {"SELLERDESK_PROCESS": "web", "SELLERDESK_LOG_LEVEL": "info"}
    child = processes.start("web server", processes.web_server("127.0.0.1", port), extra, log)
    try:
        for _ in range(400):
            if processes.answers(f"http://127.0.0.1:{port}/readyz"):
                break
            time.sleep(0.05)
        yield
    finally:
        processes.stop([child])
