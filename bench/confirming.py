"""L1, L2: confirmations over HTTP. L3: batches of them."""

import json
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from bench import bare, load
from bench.ground import US, Fresh, fresh_orders, raw, raw_dsn
from bench.table import ROUNDS, Result, against, percentile, rates
from sellerdesk.commands.shipments import confirm_shipments
from sellerdesk.domain.actors import Actor, Door, Party
from sellerdesk.domain.shipments import PackageRequest, ShipmentRequest

CHUNK = 1000
_WARM_UP = 40


def _tracking(order: Fresh) -> str:
    return f"1Z{order.order_number.replace('-', '')}"[:18]


def _call(order: Fresh) -> load.Call:
    body = {
        "marketplaceId": US,
        "packageDetail": {
            "packageReferenceId": "1",
            "carrierCode": "UPS",
            "shippingMethod": "Ground",
            "trackingNumber": _tracking(order),
            "shipDate": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "orderItems": [{"orderItemId": order.item_number, "quantity": 2}],
        },
    }
    return "POST", f"/orders/v0/orders/{order.order_number}/shipmentConfirmation", json.dumps(body)


def over_http(seller: int, port: int, token: str, count: int) -> Iterator[Result]:
    """L1 and L2; each beside eight statements in one transaction, with as many clients."""
    headers = {"x-amz-access-token": token, "Content-Type": "application/json", "User-Agent": "bench"}
    load.run(port, [_call(order) for order in fresh_orders(seller, _WARM_UP)], 8, headers)
    bare.rate(raw_dsn(), seller, [order.order_number for order in fresh_orders(seller, _WARM_UP)], 8)
    for name, clients, least in (("L1", 1, 0.5), ("L2", 8, 0.4)):
        ours, base, times = [], [], []
        for _ in range(ROUNDS):
            halves = fresh_orders(seller, 2 * count)
            rate, seconds = load.run(port, [_call(order) for order in halves[:count]], clients, headers)
            ours.append(count / rate)
            times += seconds
            numbers = [order.order_number for order in halves[count:]]
            base.append(count / bare.rate(raw_dsn(), seller, numbers, clients))
        p50, p99 = (percentile(times, share) * 1000 for share in (0.5, 0.99))
        work = f"confirmation over HTTP, {clients} client{'s' if clients > 1 else ''}"
        extra = f", p50 {p50:.1f} ms, p99 {p99:.1f} ms"
        yield against(name, work, *rates(count, ours, base), least=least, extra=extra)
        if clients > 1:
            met = p99 <= 6 * p50
            yield Result("L2", "its slowest: p99 to p50", f"{p99 / p50:.1f} times", goal="≤ 6 times", met=met)


def in_batches(seller: int, count: int) -> Result:
    """L3 without the feed's own codecs: commands in chunks, beside COPY to staging and one statement by set."""
    ours, base = [], []
    for _ in range(ROUNDS):
        orders = fresh_orders(seller, 2 * count)
        ours.append(_by_command(seller, orders[:count]))
        rows = [(order.order_number, order.item_number, 2, _tracking(order)) for order in orders[count:]]
        with raw() as connection:
            began = time.perf_counter()
            bare.by_set(connection, seller, rows)
            base.append(time.perf_counter() - began)
    work = f"{count:,} confirmations in chunks of {CHUNK} (command only, no feed)"
    return against("L3", work, *rates(count, ours, base), least=0.3)


def _by_command(seller: int, orders: Sequence[Fresh]) -> float:
    began = time.perf_counter()
    for first in range(0, len(orders), CHUNK):
        confirm_chunk(seller, orders[first : first + CHUNK])
    return time.perf_counter() - began


def confirm_chunk(seller: int, orders: Sequence[Fresh]) -> None:
    """Confirm orders by one command. Raises Refused when one of them is."""
    actor = Actor(Party.SELLER, "bench", Door.API, seller)
    outcomes = confirm_shipments(actor, [_request(order) for order in orders], now=datetime.now(UTC))
    if refused := [outcome for outcome in outcomes if not outcome.accepted]:
        raise load.Refused(str(refused[0]))


def _request(order: Fresh) -> ShipmentRequest:
    package = PackageRequest(
        "UPS", _tracking(order), datetime.now(UTC), lines={order.item_number: 2}, reference="1"
    )
    return ShipmentRequest(order.order_number, (package,))
