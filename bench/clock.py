"""L10: the sweep. L13: the cold start."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta

from bench.ground import fresh_orders, now, raw
from bench.load import Refused
from bench.table import Result, percentile, within
from sellerdesk.flows import processes
from sellerdesk.flows.sweep import sweep

_START_MOST = 60.0


def sweeping(seller: int, count: int) -> Iterator[Result]:
    """Nothing due among all the deadlines there are; then so many due at once."""
    sweep(now())
    times = []
    for _ in range(50):
        began = time.perf_counter()
        sweep(now())
        times.append((time.perf_counter() - began) * 1000)
    yield within(
        "L10",
        f"sweep, nothing due, {_open(seller):,} deadlines open",
        {"p50": percentile(times, 0.5)},
        {"p50": 5},
    )
    fresh_orders(seller, count, ship_by=now() - timedelta(minutes=3))
    began = time.perf_counter()
    report = sweep(now())
    rate = report.done / (time.perf_counter() - began)
    yield Result(
        "L10",
        f"sweep, {report.done:,} ship-by instants due",
        f"{rate:,.0f}/s",
        goal="≥ 3,000/s",
        met=rate >= 3000,
    )
    yield _cancelling(seller, count // 4)


def _cancelling(seller: int, count: int) -> Result:
    """Automatic cancellations, the heaviest deadlines: each takes the whole decision of a cancellation."""
    fresh_orders(seller, count, ship_by=now() - timedelta(days=40))
    late = sweep(now() - timedelta(days=34))  # what goes before them
    began = time.perf_counter()
    report = sweep(now())
    rate = report.fired["auto_cancel"] / (time.perf_counter() - began)
    work = f"sweep, {report.fired['auto_cancel']:,} automatic cancellations due"
    return Result("L10", work, f"{rate:,.0f}/s", goal="≥ 3,000/s", met=rate >= 3000 and late.failed == 0)


def _open(seller: int) -> int:
    with raw() as link:
        query = "SELECT count(*) FROM deadlines WHERE seller_id = %s AND state = 'open'"
        return int(link.execute(query, [seller]).fetchone()[0])  # type: ignore[index]


def cold_start(port: int) -> Result:
    """`sellerdesk up` with the database that is there, to the first good answer."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        child = subprocess.Popen(
            [sys.executable, "-m", "sellerdesk", "up", "--port", str(port), "--no-demo"],
            stdout=subprocess.DEVNULL,
            env=os.environ,
        )
        try:
            while not processes.answers(f"http://127.0.0.1:{port}/readyz"):
                if time.perf_counter() - began > _START_MOST or child.poll() is not None:
                    raise Refused("it does not start")
                time.sleep(0.01)
            times.append(time.perf_counter() - began)
        finally:
            child.terminate()
            child.wait()
    return within("L13", "cold start to the first answer", {"": sorted(times)[1]}, {"": 5}, unit="s")
