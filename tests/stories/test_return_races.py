"""A return that several people reach for at the same instant: exactly one wins, nobody is paid twice, and the stock is
right each time (trust P1; I13, I15).
"""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from tests import build
from tests.build import an_actor, everything
from tests.commands.test_returns import NOW, WAREHOUSE, a_delivered_order, asked, automatic, nothing_is_wrong

from sellerdesk.commands.refunds import request_refunds
from sellerdesk.commands.return_scans import report_return_scans
from sellerdesk.commands.returns import (
    Authorize,
    Close,
    Inspect,
    Receive,
    authorize_returns,
    close_returns,
    grade_returns,
    receive_returns,
)
from sellerdesk.domain.actors import Party
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import RefundRequest
from sellerdesk.domain.refusals import Code
from sellerdesk.domain.return_facts import Grade
from sellerdesk.domain.return_scans import ReturnScan
from sellerdesk.domain.return_ways import Label

pytestmark = [pytest.mark.usefixtures("committed")]
Parallel = Callable[[int, Callable[[int], Any]], list[Any]]
Known = tuple[str, str, str]  # order, item, RMA
Move = Callable[[int, Known], Outcome]
ROUNDS = 6


def authorize(seller: int, known: Known) -> Outcome:
    number, _, rma = known
    return authorize_returns(an_actor(seller), [Authorize(number, rma, address=WAREHOUSE)], now=NOW)[0]


def close(seller: int, known: Known) -> Outcome:
    number, _, rma = known
    step = Close(number, rma, version=1, reason="solved", comment="It works now.")
    return close_returns(an_actor(seller), [step], now=NOW)[0]


def withdraw(seller: int, known: Known) -> Outcome:
    number, _, rma = known
    buyer = an_actor(seller, party=Party.BUYER)
    return close_returns(buyer, [Close(number, rma, version=1)], now=NOW)[0]


def refund(seller: int, known: Known) -> Outcome:
    number, _, rma = known
    request = RefundRequest(number, RefundReason.BUYER_RETURN, Mode.RETURNLESS, rma=rma)
    return request_refunds(an_actor(seller, party=Party.AMAZON), [request], now=NOW)[0]


def race(run_parallel: Parallel, seller: int, known: Sequence[Known], *moves: Move) -> list[list[Outcome]]:
    """Each return is one round; answers what each mover got, round by round."""
    gate = threading.Barrier(len(moves), timeout=60)

    def work(mover: int) -> list[Outcome]:
        outcomes = []
        for one in known:
            gate.wait()
            outcomes.append(moves[mover](seller, one))
        return outcomes

    return [list(one) for one in zip(*run_parallel(len(moves), work), strict=True)]


def waiting(seller: int) -> list[Known]:
    automatic(seller, "manual")
    found = []
    for _ in range(ROUNDS):
        number, item = a_delivered_order(seller)
        found.append((number, item, asked(seller, number, item).facts["rma"]))
    return found


@pytest.mark.parametrize("moves", [(close, withdraw, refund), (authorize, withdraw, close)])
def test_exactly_one_ends_it(run_parallel: Parallel, moves: tuple[Move, ...]) -> None:
    """Who ends a request names the version that was seen; authorising first leaves the others stale."""
    seller = build.a_seller()
    known = waiting(seller)
    for outcomes in race(run_parallel, seller, known, *moves):
        assert sum(one.accepted for one in outcomes) == 1, outcomes
        lost = {one.refusal.code for one in outcomes if one.refusal}
        assert lost <= {Code.RETURN_STATE, Code.STALE_VERSION}
    nothing_is_wrong()


def test_goods_are_taken_in_and_graded_once(run_parallel: Parallel) -> None:
    seller = build.a_seller()
    known = waiting(seller)
    for one in known:
        assert authorize(seller, one).accepted

    def receive(seller: int, one: Known) -> Outcome:
        return receive_returns(an_actor(seller), [Receive(one[0], one[2], {one[1]: 2})], now=NOW)[0]

    for outcomes in race(run_parallel, seller, known, receive, receive, receive):
        assert sum(one.accepted for one in outcomes) == 1

    def grade(seller: int, one: Known) -> Outcome:
        return grade_returns(an_actor(seller), [Inspect(one[0], one[2], {one[1]: Grade.SELLABLE})], now=NOW)[
            0
        ]

    for outcomes in race(run_parallel, seller, known, grade, grade):
        assert sorted(one.facts["restocked"] for one in outcomes) == [0, 2]
    assert everything("SELECT sum(units) FROM stock_movements") == [(2 * ROUNDS,)]
    nothing_is_wrong()


def test_a_first_scan_and_a_refund_pay_once(run_parallel: Parallel) -> None:
    seller = build.a_seller()
    known = waiting(seller)
    label = {"address": WAREHOUSE, "label": Label.PREPAID, "tracking": "1Z 5"}
    steps = [Authorize(number, rma, **label) for number, _, rma in known]
    build.all_well(authorize_returns(an_actor(seller), steps, now=NOW))

    def scan(seller: int, one: Known) -> Outcome:
        told = ReturnScan(one[0], one[2], "IN_TRANSIT", NOW)
        return report_return_scans(an_actor(seller, party=Party.CARRIER), [told], now=NOW)[0]

    race(run_parallel, seller, known, scan, scan, refund)
    assert everything("SELECT count(*), sum(total) FROM refunds") == [(ROUNDS, ROUNDS * 4318)]
    assert everything("SELECT count(*) FROM return_requests WHERE state = 'COMPLETED'") == [(ROUNDS,)]
    nothing_is_wrong()


def test_one_number_of_ones_own_for_two_returns(run_parallel: Parallel) -> None:
    seller = build.a_seller()
    automatic(seller, "manual")
    pairs = []
    for _ in range(ROUNDS):
        both = [a_delivered_order(seller, at=build.PLACED + timedelta(minutes=n)) for n in range(2)]
        pairs.append([(number, item, asked(seller, number, item).facts["rma"]) for number, item in both])

    def naming(which: int) -> Move:
        def move(seller: int, one: Known) -> Outcome:
            number, _, rma = next(pair for pair in pairs if pair[0] == one)[which]
            step = Authorize(number, rma, address=WAREHOUSE, own_rma=f"SHOP-{one[0]}")
            return authorize_returns(an_actor(seller), [step], now=NOW)[0]

        return move

    for outcomes in race(run_parallel, seller, [pair[0] for pair in pairs], naming(0), naming(1)):
        assert sorted(one.refusal.code if one.refusal else "" for one in outcomes) == ["", Code.RMA_TAKEN]
    nothing_is_wrong()
