"""L5: the order list. L6: search. L7: getOrders. L12: packing slips."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import load
from bench.ground import fresh_orders, now, raw, raw_dsn
from bench.table import ROUNDS, Result, against, percentile, rates, within
from sellerdesk.config.wsgi import settle
from sellerdesk.domain.marketplaces import by_country
from sellerdesk.flows import processes

_REPEATS = 60
_DEEP = 20  # pages that are turned to get to a deep one
_PLACES = [by_country(one).id for one in ("US", "CA", "DE", "GB")]


class Console:
    """Somebody who has signed in and looks at pages, in process."""

    def __init__(self, email: str) -> None:
        self.client = Client()
        self.client.force_login(get_user_model().objects.get(email=email))
        self.client.get("/desk/orders/")
        settle()  # as the server's processes do

    def get(self, url: str) -> Any:
        answer = self.client.get(url)
        if answer.status_code != 200:
            raise load.Refused(f"{url}: {answer.status_code}")
        return answer

    def tidy(self, url: str) -> str:
        """The address that a page leads to when it says more than it must."""
        answer = self.client.get(url)
        return str(answer["Location"]) if answer.status_code == 302 else url

    def times(self, urls: list[str]) -> list[float]:
        """Milliseconds of each page, warm."""
        for url in urls[:5]:
            self.get(url)
        found = []
        for url in urls:
            began = time.perf_counter()
            self.get(url)
            found.append((time.perf_counter() - began) * 1000)
        return found

    def queries(self, url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            self.get(url)
        return len(captured)


def order_list(console: Console) -> Iterator[Result]:
    """L5: the first page of several lists, and a page deep inside the longest one."""
    lists = {
        "to do": "/desk/orders/?size=50",
        "all": "/desk/orders/?tab=all&days=all&size=50",
        "filtered": f"/desk/orders/?tab=shipped&days=90&marketplace={_PLACES[2]}&size=50",
    }
    lists = {name: console.tidy(url) for name, url in lists.items()}
    lists["deep"] = _deep(console, lists["all"])
    for name, url in lists.items():
        times = console.times([url] * _REPEATS)
        measured = {"p50": percentile(times, 0.5), "p95": percentile(times, 0.95)}
        yield within("L5", f"Manage Orders, {name}, 50 rows", measured, {"p50": 25, "p95": 60})
    counts = {name: float(console.queries(url)) for name, url in lists.items()}
    yield within("L5", "its queries", counts, dict.fromkeys(counts, 10.0), unit="")


def _deep(console: Console, url: str) -> str:
    """The address of a page some way down, found by turning pages as people do."""
    for _ in range(_DEEP):
        text = console.get(url).content.decode()
        at = text.find("after=")
        if at < 0:
            break
        begin = text.rfind('"', 0, at) + 1
        found = text[begin : text.find('"', at)].replace("&amp;", "&")
        url = found if found.startswith("/") else f"/desk/orders/{found}"
    return url


def searching(console: Console, seller: int) -> Iterator[Result]:
    """L6: one search box, with a different order each time."""
    with raw() as link:
        rows = link.execute(
            "SELECT o.order_number, p.tracking, i.sku, b.name FROM orders o"
            " JOIN packages p ON p.seller_id = o.seller_id AND p.order_id = o.id"
            " JOIN order_items i ON i.seller_id = o.seller_id AND i.order_id = o.id AND i.position = 1"
            " JOIN buyer_contacts b ON b.seller_id = o.seller_id AND b.order_id = o.id"
            " WHERE o.seller_id = %s AND o.id %% 97 = 5 LIMIT %s",
            [seller, _REPEATS],
        ).fetchall()
    for position, name in enumerate(("order id", "tracking", "SKU", "buyer")):
        asked = [("/desk/search/?" + urlencode({"q": row[position]}), row[0]) for row in rows]
        exact = name in ("order id", "tracking")
        times = [_search(console, url, number, exact=exact) for url, number in [*asked[:5], *asked]][5:]
        yield within("L6", f"search by {name}", {"p95": percentile(times, 0.95)}, {"p95": 60})


def _search(console: Console, url: str, number: str, *, exact: bool) -> float:
    """Milliseconds of a search. Raises Refused when it does not find what is there: nothing is found quickly."""
    began = time.perf_counter()
    answer = console.client.get(url)
    took = (time.perf_counter() - began) * 1000
    found = number in answer.headers.get("Location", "") if exact else b"/desk/orders/7" in answer.content
    if not found:
        raise load.Refused(f"{url} does not find {number}: {answer.status_code}")
    return took


def get_orders(seller: int, port: int, token: str, count: int) -> Result:
    """L7: a page of 100 orders for eight clients, beside a bare WSGI function under the same server."""
    since = (now() - timedelta(days=300)).strftime("%Y-%m-%dT%H:%M:%SZ")
    query = urlencode({"MarketplaceIds": ",".join(_PLACES), "CreatedAfter": since, "MaxResultsPerPage": 100})
    headers = {"x-amz-access-token": token, "User-Agent": "bench"}
    calls: list[load.Call] = [("GET", f"/orders/v0/orders?{query}", "")] * count
    load.run(port, calls[:32], 8, headers)
    words = processes.web_server("127.0.0.1", port + 1)[:-1]
    extra = {
        "BENCH_DSN": raw_dsn(),
        "BENCH_SELLER": str(seller),
        "BENCH_SINCE": since,
        "BENCH_PLACES": " ".join(_PLACES),
    }
    server = subprocess.Popen(
        [sys.executable, *words, "bench.bare_wsgi:application"], env={**os.environ, **extra}
    )
    try:
        _wait(port + 1)
        bare_calls: list[load.Call] = [("GET", "/", "")] * count
        load.run(port + 1, bare_calls[:32], 8, {})
        ours, base, times = [], [], []
        for _ in range(ROUNDS):
            rate, seconds = load.run(port, calls, 8, headers)
            ours.append(count / rate)
            times += seconds
            base.append(count / load.run(port + 1, bare_calls, 8, {})[0])
    finally:
        server.terminate()
        server.wait()
    extra_words = f", p50 {percentile(times, 0.5) * 1000:.1f} ms"
    return against(
        "L7", "getOrders of 100, 8 clients", *rates(count, ours, base), least=0.5, extra=extra_words
    )


def _wait(port: int) -> None:
    for _ in range(200):
        if not processes.is_free("127.0.0.1", port):
            return
        time.sleep(0.05)
    raise load.Refused(f"nothing listens on {port}")


def slips(console: Console, seller: int) -> Result:
    """L12: a hundred packing slips with Chinese beside English, as PDF."""
    numbers = [order.order_number for order in fresh_orders(seller, 100)]
    form = {"order": numbers, "format": "pdf", "language": "en", "second": "zh-hans"}
    if "zh-hans" not in dict(settings.LANGUAGES):
        raise load.Refused("no Chinese")
    times = []
    for _ in range(4):
        began = time.perf_counter()
        answer = console.client.post("/desk/orders/slips/", form)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        times.append(time.perf_counter() - began)
        if not body.startswith(b"%PDF"):
            raise load.Refused(f"slips: {answer.status_code} {body[:80]!r}")
    seconds = sorted(times[1:])[1]
    return within("L12", "100 packing slips as PDF, two languages", {"": seconds}, {"": 1.5}, unit="s")
