"""A cancellation and whatever else somebody does to the order at the same instant: exactly one wins, and stock, money
and metrics are right each time (issue 3, must show 3; trust P1; I01, I05).
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests import build

from sellerdesk.commands.cancellations import cancel_for_buyers, cancel_orders
from sellerdesk.commands.deadlines import DueOrder, fire_deadlines
from sellerdesk.commands.shipments import confirm_shipments
from sellerdesk.domain.cancellations import BuyerCancelRequest, CancelReason, CancelRequest
from sellerdesk.domain.deadlines import DeadlineKind
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refusals import Code
from sellerdesk.domain.shipments import ShipmentRequest
from sellerdesk.flows.sweep import sweep
from sellerdesk.queries.verify import verify

Parallel = Callable[[int, Callable[[int], Any]], list[Any]]
Move = Callable[[str], Outcome]
UNITS, PRICE = 2, 1000


def ready(seller: int, rounds: int) -> list[str]:
    item = build.an_item(ordered=UNITS, price=PRICE, tax=0)
    return build.paid_orders(seller, [build.a_document(items=[item]) for _ in range(rounds)])


def confirm(seller: int, now: datetime) -> Move:
    def move(number: str) -> Outcome:
        request = ShipmentRequest(number, (build.a_package(at=now, tracking=f"T{number}"),))
        return confirm_shipments(build.an_actor(seller), [request], now=now)[0]

    return move


def cancel(seller: int, now: datetime) -> Move:
    request = CancelReason.GENERAL_ADJUSTMENT
    return lambda number: cancel_orders(
        build.an_actor(seller), [CancelRequest(number, request, accepts_limit=True)], now=now
    )[0]


def cancel_alone(seller: int, now: datetime) -> Move:
    return lambda number: cancel_for_buyers(build.an_actor(seller), [BuyerCancelRequest(number)], now=now)[0]


def race(run_parallel: Parallel, numbers: list[str], *moves: Move) -> list[list[Outcome]]:
    """Each order is one round: all movers reach for it at the same instant. Answers what each got, mover by mover."""
    gate = threading.Barrier(len(moves), timeout=60)

    def work(mover: int) -> list[Outcome]:
        outcomes = []
        for number in numbers:
            gate.wait()
            outcomes.append(moves[mover](number))
        return outcomes

    return run_parallel(len(moves), work)


def books(rounds: int, shipped: int) -> None:
    """Units, stock and money of all rounds; and every rule that there is."""
    cancelled = rounds - shipped
    states = dict(build.everything("SELECT status, count(*) FROM orders GROUP BY 1"))
    assert states == {name: n for name, n in (("Canceled", cancelled), ("Shipped", shipped)) if n}
    assert build.everything("SELECT coalesce(sum(units), 0) FROM stock_movements") == [(cancelled * UNITS,)]
    money = build.everything("SELECT coalesce(sum(amount), 0) FROM ledger_entries WHERE account = 'buyer'")
    assert money == [(shipped * UNITS * PRICE,)]
    assert build.everything("SELECT coalesce(sum(charged), 0) FROM charges") == money
    assert build.everything("SELECT count(*), coalesce(sum(units), 0) FROM cancellations") == [
        (cancelled, cancelled * UNITS)
    ]
    assert build.everything("SELECT count(*) FROM packages") == [(shipped,)]
    assert build.everything("SELECT count(*) FROM deadlines WHERE state = 'open'") == [(0,)]
    assert [violation for finding in verify() for violation in finding.violations] == []


def one_winner(first: list[Outcome], second: list[Outcome], lost: set[Code]) -> int:
    """In every round exactly one was accepted, and the other was told why; answers how often the first one won."""
    for one, other in zip(first, second, strict=True):
        assert one.accepted is not other.accepted, (one, other)
        loser = other if one.accepted else one
        assert loser.refusal is not None
        assert loser.refusal.code in lost
    return sum(one.accepted for one in first)


@pytest.mark.serial
def test_a_confirmation_and_the_buyers_cancellation_at_the_same_instant(run_parallel: Parallel) -> None:
    rounds = 200
    seller = build.a_seller()
    numbers = ready(seller, rounds)
    now = build.PLACED + timedelta(minutes=20)
    shipped, alone = race(run_parallel, numbers, confirm(seller, now), cancel_alone(seller, now))
    books(rounds, one_winner(shipped, alone, {Code.ORDER_CANCELLED, Code.ALREADY_SHIPPED}))


@pytest.mark.serial
def test_a_confirmation_and_the_sellers_own_cancellation(run_parallel: Parallel) -> None:
    rounds = 60
    seller = build.a_seller()
    numbers = ready(seller, rounds)
    now = build.PLACED + timedelta(hours=2)
    shipped, cancelled = race(run_parallel, numbers, confirm(seller, now), cancel(seller, now))
    books(rounds, one_winner(shipped, cancelled, {Code.ORDER_CANCELLED, Code.ALREADY_SHIPPED}))


@pytest.mark.serial
def test_two_cancellations_cancel_once(run_parallel: Parallel) -> None:
    rounds = 60
    seller = build.a_seller()
    numbers = ready(seller, rounds)
    now = build.PLACED + timedelta(minutes=20)
    mine, buyers = race(run_parallel, numbers, cancel(seller, now), cancel_alone(seller, now))
    one_winner(mine, buyers, {Code.ORDER_CANCELLED})
    books(rounds, 0)


@pytest.mark.serial
def test_a_cancellation_and_the_clock(run_parallel: Parallel) -> None:
    """The clock leaves alone what somebody else holds at that moment; either of the two cancels, never both."""
    rounds = 60
    seller = build.a_seller()
    numbers = ready(seller, rounds)
    ids = dict(build.everything("SELECT order_number, id FROM orders"))
    (due,) = build.everything("SELECT max(due_at) FROM deadlines WHERE kind = 'auto_cancel'")
    sweep(due[0] - timedelta(seconds=1))

    def fire(number: str) -> Outcome:
        orders = [DueOrder(ids[number], number)]
        return fire_deadlines(build.an_actor(seller), DeadlineKind.AUTO_CANCEL, orders, now=due[0])[0]

    mine, clock = race(run_parallel, numbers, cancel(seller, due[0]), fire)
    for one, other in zip(mine, clock, strict=True):
        assert one.accepted is (other.state != "fired"), (one, other)
        assert other.state in ("fired", "skipped", "void")
    books(rounds, 0)
