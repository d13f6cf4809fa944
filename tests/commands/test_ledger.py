"""Fees, payouts and balances: every movement balances, each reference counts once, and a replay agrees (I07, I08)."""

import random
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections
from tests import build
from tests.build import PLACED, all_well, an_actor, everything

from sellerdesk.commands.ledger import record_fees, record_payouts
from sellerdesk.commands.refunds import request_refunds
from sellerdesk.domain.actors import Party
from sellerdesk.domain.ledger import FeeKind, FeeReport, PayoutReport
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.refunds import RefundRequest
from sellerdesk.domain.refusals import Code
from sellerdesk.flows.payouts import pay_refunds
from sellerdesk.queries.ledger import order_ledger, seller_balances, statement
from sellerdesk.queries.verify import verify

pytestmark = pytest.mark.usefixtures("committed")
NOW = PLACED + timedelta(days=3)
SALE = 2 * 1999 + 2 * 160


def a_sale() -> tuple[int, str]:
    seller = build.a_seller()
    return seller, build.a_shipped_order(seller)


def fee(
    number: str, reference: str = "f-1", amount: int = 500, currency: str = "USD", **more: Any
) -> FeeReport:
    return FeeReport(number, reference, more.get("kind", FeeKind.COMMISSION), amount, currency)


def pay(seller: int, reference: str = "p-1", **more: Any) -> Outcome:
    now = more.pop("now", NOW)
    (outcome,) = record_payouts(an_actor(seller), [PayoutReport(reference, "USD", **more)], now=now)
    return outcome


def owed(seller: int) -> dict[str, int]:
    return {one.currency: one.owed for one in seller_balances(seller)}


def nothing_is_wrong() -> None:
    assert [violation for finding in verify() for violation in finding.violations] == []


def test_a_fee_is_taken_once_and_may_be_given_back() -> None:
    seller, number = a_sale()
    assert owed(seller) == {"USD": SALE}
    first = record_fees(an_actor(seller), [fee(number), fee(number)], now=NOW)
    assert [one.state for one in first] == ["recorded", "unchanged"]
    assert record_fees(an_actor(seller), [fee(number)], now=NOW)[0].state == "unchanged"
    assert owed(seller) == {"USD": SALE - 500}
    all_well(record_fees(an_actor(seller), [fee(number, "f-2", -200)], now=NOW))
    assert owed(seller) == {"USD": SALE - 300}
    assert everything("SELECT count(*)::int FROM journal WHERE kind = 'fee_recorded'") == [(2,)]
    nothing_is_wrong()


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"amount": 0}, Code.INVALID_VALUE),
        ({"currency": "EUR"}, Code.CURRENCY_MISMATCH),
        ({"reference": ""}, Code.MISSING_VALUE),
        ({"reference": "x" * 41}, Code.INVALID_VALUE),
        ({"reference": "a b"}, Code.INVALID_VALUE),
        ({"reference": "known", "amount": 501}, Code.KEY_REUSED),
        ({"reference": "known", "kind": FeeKind.OTHER}, Code.KEY_REUSED),
    ],
)
def test_fees_that_cannot_be(asked: dict[str, Any], code: Code) -> None:
    seller, number = a_sale()
    all_well(record_fees(an_actor(seller), [fee(number, "known")], now=NOW))
    (outcome,) = record_fees(an_actor(seller), [fee(number, **asked)], now=NOW)
    assert outcome.refusal is not None
    assert outcome.refusal.code is code
    assert owed(seller) == {"USD": SALE - 500}


def test_a_fee_of_another_sellers_order() -> None:
    _, number = a_sale()
    (outcome,) = record_fees(an_actor(build.a_seller()), [fee(number)], now=NOW)
    assert outcome.refusal is not None
    assert outcome.refusal.code is Code.ORDER_NOT_FOUND


def test_periods_are_paid_one_after_the_other() -> None:
    seller, number = a_sale()
    first = pay(seller)
    assert (first.state, first.facts["amount"], first.facts["period_from"]) == ("paid", SALE, None)
    assert pay(seller).state == "unchanged"
    assert owed(seller) == {"USD": 0}
    assert pay(seller, "p-2", now=NOW + timedelta(days=1)).state == "nothing"
    all_well(record_fees(an_actor(seller), [fee(number, amount=-70)], now=NOW + timedelta(days=1)))
    second = pay(seller, "p-2", now=NOW + timedelta(days=2))
    assert (second.state, second.facts["amount"], second.facts["period_from"]) == ("paid", 70, NOW)
    nothing_is_wrong()


@pytest.mark.parametrize("until", [NOW - timedelta(days=9), NOW, NOW + timedelta(days=2)])
def test_a_period_that_was_paid_or_has_not_ended(until: Any) -> None:
    seller, _ = a_sale()
    pay(seller)
    outcome = pay(seller, "p-2", until=until, now=NOW + timedelta(days=1))
    assert outcome.refusal is not None
    assert outcome.refusal.code is Code.INVALID_VALUE
    again = pay(seller, until=NOW - timedelta(seconds=1))
    assert again.refusal is not None
    assert again.refusal.code is Code.KEY_REUSED


def test_what_was_refunded_after_the_period_is_not_paid_out() -> None:
    seller, number = a_sale()
    end = NOW - timedelta(hours=1)
    asked = [RefundRequest(number, RefundReason.NOT_RECEIVED, amount=1000)]
    all_well(request_refunds(an_actor(seller, party=Party.AMAZON), asked, now=NOW))
    assert pay(seller, until=end).facts["amount"] == SALE - 1000
    assert owed(seller) == {"USD": 0}


def test_payouts_at_once_pay_once() -> None:
    seller, _ = a_sale()
    barrier, found = Barrier(6), []

    def one(name: str) -> None:
        barrier.wait()
        found.append(pay(seller, name))
        connections.close_all()

    threads = [Thread(target=one, args=(f"p-{index}",)) for index in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.state for one in found).count("paid") == 1
    assert owed(seller) == {"USD": 0}
    nothing_is_wrong()


def test_balances_equal_a_replay_of_the_statement() -> None:
    seller, number = a_sale()
    other = build.a_shipped_order(seller)
    dice = random.Random(4)
    actor = an_actor(seller, party=Party.AMAZON)
    for turn in range(6):
        moment = NOW + timedelta(hours=turn)
        amount = dice.randint(100, 900)
        asked = [
            RefundRequest(
                dice.choice([number, other]), RefundReason.NOT_RECEIVED, amount=amount, goodwill=turn
            )
        ]
        all_well(request_refunds(actor, asked, now=moment))
        all_well(record_fees(actor, [fee(other, f"f-{turn}", dice.randint(-50, 50) or 1)], now=moment))
    pay_refunds(NOW + timedelta(days=1), build_failing())
    pay(seller, now=NOW + timedelta(days=1))
    lines, page, total = [], None, 0
    while True:
        more, page = statement(seller, before=page, limit=3)
        lines += more
        if page is None:
            break
    assert len({line.id for line in lines}) == len(lines)
    total = sum(line.amount for line in lines)
    ((net,),) = everything(
        "SELECT -sum(amount)::int FROM ledger_entries WHERE account IN ('seller', 'concession')"
    )
    assert owed(seller) == {"USD": total} == {"USD": net}
    assert order_ledger(seller, number)[0].kind == "charge"
    parts = seller_balances(seller)[0].parts
    assert set(parts) == {"charge", "refund", "concession", "refund_reversal", "fee", "payout"}
    nothing_is_wrong()


def build_failing() -> Any:
    """A payment side that refuses every other refund for good."""
    from sellerdesk.adapters.payments.base import Payments, Payout, Receipt

    class Moody(Payments):
        calls = 0

        def pay_back(self, payout: Payout) -> Receipt:
            self.calls += 1
            return Receipt(
                payout.key, payout.amount, payout.currency, "done" if self.calls % 2 else "failed", "re"
            )

        def look_up(self, payout: Payout) -> Receipt | None:
            return None

    return Moody()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("UPDATE payment_transfers SET amount = amount + 1", "transfer_is_its_refund"),
        ("UPDATE payment_transfers SET state = 'done'", "transfer_is_its_refund"),
        ("UPDATE concessions SET given = given + 1, cap = cap + 1", "concessions_in_ledger"),
        ("UPDATE refunds SET state = 'REJECTED'", "refund_in_ledger"),
    ],
)
def test_verify_sees_books_that_disagree(change: str, rule: str) -> None:
    seller, number = a_sale()
    asked = [RefundRequest(number, RefundReason.NOT_RECEIVED, amount=1000, goodwill=5)]
    all_well(request_refunds(an_actor(seller, party=Party.AMAZON), asked, now=NOW))
    nothing_is_wrong()
    assert build.change(change) == 1
    assert rule in {finding.rule.name for finding in verify() if finding.violations}
