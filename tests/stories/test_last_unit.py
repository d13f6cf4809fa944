"""32 connections confirm the last unit of the same orders at the same moment: each unit leaves once (I03, I05; P1)."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests import build

from sellerdesk.commands.shipments import confirm_shipments
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refusals import Code
from sellerdesk.domain.shipments import ShipmentRequest
from sellerdesk.queries.verify import verify

CONNECTIONS, ORDERS = 32, 50
NOW = build.PLACED + timedelta(days=1)
CLEAR = {Code.ALREADY_SHIPPED, Code.QUANTITY_EXCEEDED, Code.PACKAGE_EXISTS, Code.BUSY, Code.STALE_VERSION}
Parallel = Callable[[int, Callable[[int], Any]], list[Any]]


def broken_rules() -> list[object]:
    return [violation for finding in verify() for violation in finding.violations]


def one_left(seller: int) -> list[tuple[str, str]]:
    """Orders of three units, two of which are shipped: (order number, item number)."""
    documents = [
        build.a_document(items=[build.an_item(ordered=3, price=1001, tax=100)]) for _ in range(ORDERS)
    ]
    build.paid_orders(seller, documents)
    pairs = build.everything(
        "SELECT o.order_number, i.item_number FROM orders o JOIN order_items i ON i.order_id = o.id ORDER BY o.id"
    )
    parcels = [
        ShipmentRequest(number, (build.a_package(at=NOW, lines={item: 2}, reference="first"),))
        for number, item in pairs
    ]
    build.all_well(confirm_shipments(build.an_actor(seller), parcels, now=NOW))
    return pairs


@pytest.mark.serial
@pytest.mark.parametrize("way", ["one by one", "all in one batch"])
def test_each_last_unit_is_shipped_once(run_parallel: Parallel, way: str) -> None:
    seller = build.a_seller()
    pairs = one_left(seller)
    later = NOW + timedelta(hours=1)

    def confirm(number: int) -> list[Outcome]:
        mine = pairs[number % ORDERS :] + pairs[: number % ORDERS]
        requests = [
            ShipmentRequest(
                order,
                (build.a_package(at=NOW, lines={item: 1}, reference="last", tracking=f"TRACK{number}"),),
            )
            for order, item in mine
        ]
        actor = build.an_actor(seller, name=f"Staff {number}")
        if way == "all in one batch":
            return confirm_shipments(actor, requests, now=later)
        return [outcome for one in requests for outcome in confirm_shipments(actor, [one], now=later)]

    outcomes = [outcome for answers in run_parallel(CONNECTIONS, confirm) for outcome in answers]

    assert len(outcomes) == CONNECTIONS * ORDERS
    won = Counter(outcome.order_number for outcome in outcomes if outcome.accepted)
    assert won == Counter(order for order, _ in pairs)
    lost = [outcome.refusal for outcome in outcomes if outcome.refusal]
    assert {refusal.code for refusal in lost} <= CLEAR
    assert all(refusal.facts["order_number"] for refusal in lost)

    assert build.everything("SELECT DISTINCT status, units_shipped FROM orders") == [("Shipped", 3)]
    assert build.everything("SELECT count(*), sum(quantity) FROM package_items") == [(2 * ORDERS, 3 * ORDERS)]
    assert build.everything("SELECT account, sum(amount) FROM ledger_entries GROUP BY 1 ORDER BY 1") == [
        ("buyer", ORDERS * 3 * 1101),
        ("seller", -ORDERS * 3 * 1101),
    ]
    assert build.everything("SELECT count(*) FROM journal WHERE kind = 'shipment_confirmed'") == [
        (2 * ORDERS,)
    ]
    assert broken_rules() == []


@pytest.mark.serial
def test_a_confirmation_and_the_automatic_cancellation_never_both_win(run_parallel: Parallel) -> None:
    """The clock and the seller reach for the same orders at once; each order goes one way."""
    from sellerdesk.flows.sweep import sweep

    seller = build.a_seller()
    numbers = build.paid_orders(seller, [build.a_document() for _ in range(ORDERS)])
    late = build.PLACED + timedelta(days=40)

    def work(number: int) -> Any:
        if number % 2:
            return sweep(late)
        requests = [ShipmentRequest(order, (build.a_package(at=late),)) for order in numbers]
        return [confirm_shipments(build.an_actor(seller), [one], now=late)[0] for one in requests[number::8]]

    run_parallel(8, work)
    sweep(late)
    assert {row[0] for row in build.everything("SELECT status FROM orders")} <= {"Shipped", "Canceled"}
    assert build.everything("SELECT count(*) FROM deadlines WHERE state = 'open'") == [(0,)]
    assert broken_rules() == []
