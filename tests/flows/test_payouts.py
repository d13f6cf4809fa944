"""Paying refunds outside: at most once, whatever is lost on the way, and both books agree in the end (P4)."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests import build
from tests.adapters.payments.provider import KEY
from tests.adapters.payments.provider import provider as provider_at_work
from tests.build import PLACED, an_actor, everything

from sellerdesk.adapters.payments.base import Payments, PaymentsUnavailable, PaymentUnknown, Payout, Receipt
from sellerdesk.adapters.payments.folder import FolderPayments
from sellerdesk.adapters.payments.stripe import StripeAccount, StripePayments
from sellerdesk.commands.payment_breaks import SettleBreak, settle_breaks
from sellerdesk.commands.payments import report_payments
from sellerdesk.commands.refunds import request_refunds
from sellerdesk.commands.transfers import (
    CHECK_AFTER,
    CHECK_AGAIN,
    LEASE,
    RETRY,
    claim_transfers,
    hurry_transfers,
)
from sellerdesk.domain.actors import Party
from sellerdesk.domain.orders import PaymentState
from sellerdesk.domain.payments import PaymentReport
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.refunds import RefundRequest
from sellerdesk.domain.refusals import Code
from sellerdesk.domain.transfers import TRANSFER, TransferState
from sellerdesk.flows.payouts import compare_all, miss_unsettled, pay_refunds, reconcile
from sellerdesk.flows.sweep import sweep
from sellerdesk.queries.verify import verify

pytestmark = pytest.mark.usefixtures("committed")
NOW = PLACED + timedelta(days=3)


class Provider(Payments):
    """A provider that may do the effect and lose the answer."""

    def __init__(self, *tricks: str) -> None:
        self.tricks = list(tricks)
        self.book: dict[str, Receipt] = {}
        self.paid = 0
        self.forgets_keys = False  # as providers do after a day

    def pay_back(self, payout: Payout) -> Receipt:
        trick = self.tricks.pop(0) if self.tricks else ""
        if trick == "away":
            raise PaymentsUnavailable("away")
        if trick == "lost before":
            raise PaymentUnknown("line cut")
        state = "failed" if trick == "no" else "done"
        if payout.key not in self.book or self.forgets_keys:
            self.paid += 1
            self.book[payout.key] = Receipt(payout.key, payout.amount, payout.currency, state, "re_1", trick)
        if trick == "lost after":
            raise PaymentUnknown("line cut")
        if trick == "crash":
            raise RuntimeError("bug")
        return self.book[payout.key]

    def look_up(self, payout: Payout) -> Receipt | None:
        return self.book.get(payout.key)


def a_released_refund(goodwill: int = 0) -> int:
    seller = build.a_seller()
    number = build.a_shipped_order(seller)
    actor = an_actor(seller, party=Party.AMAZON)
    request = RefundRequest(number, RefundReason.NOT_RECEIVED, goodwill=goodwill)
    build.all_well(request_refunds(actor, [request], now=NOW))
    return seller


def transfers() -> list[tuple[str, str]]:
    return everything("SELECT t.state, r.state FROM payment_transfers t JOIN refunds r ON r.id = t.refund_id")


def nothing_is_wrong() -> None:
    assert [violation for finding in verify() for violation in finding.violations] == []


def test_the_machine_is_whole() -> None:
    assert TRANSFER.states == set(TransferState)
    assert not TRANSFER.unreachable()


@pytest.mark.parametrize("trick", ["", "away", "lost before", "lost after", "crash"])
def test_whatever_is_lost_it_is_paid_once(trick: str) -> None:
    a_released_refund()
    provider = Provider(trick)
    for times in range(4):
        pay_refunds(NOW + times * RETRY, provider)
    assert provider.paid == 1
    assert transfers() == [("done", "SETTLED")]
    assert reconcile(NOW + timedelta(hours=1), provider) == 0
    nothing_is_wrong()


def test_a_worker_that_died_in_the_call_is_looked_up_after() -> None:
    seller = a_released_refund()
    provider = Provider()
    (row,) = claim_transfers(an_actor(seller), now=NOW, limit=9)
    provider.pay_back(Payout(row.key, row.order_number, row.amount, row.currency))  # and died
    assert pay_refunds(NOW + LEASE - timedelta(seconds=1), provider) == {}
    assert pay_refunds(NOW + LEASE, provider) == {"done": 1}
    assert provider.paid == 1


def test_a_lost_answer_is_looked_up_though_the_key_is_forgotten() -> None:
    a_released_refund()
    provider = Provider("lost after")
    provider.forgets_keys = True
    pay_refunds(NOW, provider)
    assert transfers() == [("unknown", "RELEASED")]
    assert pay_refunds(NOW + RETRY - timedelta(seconds=1), provider) == {}
    pay_refunds(NOW + timedelta(days=2), provider)
    assert provider.paid == 1
    assert transfers() == [("done", "SETTLED")]


def test_a_refund_that_can_never_be_paid_is_taken_back() -> None:
    a_released_refund(goodwill=50)
    pay_refunds(NOW, Provider("no"))
    assert transfers() == [("failed", "REJECTED")]
    assert everything("SELECT sum(refunded)::int, sum(refund_pending)::int FROM charges") == [(0, 0)]
    assert everything("SELECT given, pending FROM concessions") == [(0, 0)]
    assert everything("SELECT kind FROM journal ORDER BY id DESC LIMIT 1") == [("refund_rejected",)]
    nothing_is_wrong()


def breaks() -> list[tuple[str, str | None]]:
    return everything("SELECT kind, theirs ->> 'amount' FROM payment_breaks ORDER BY id")


def journalled(kind: str) -> list[dict[str, Any]]:
    found = everything("SELECT facts FROM journal WHERE kind = %s ORDER BY id", [kind])
    return [json.loads(one) if isinstance(one, str) else one for (one,) in found]


def test_other_books_become_a_row_that_somebody_sees() -> None:
    a_released_refund()
    provider = Provider()
    pay_refunds(NOW, provider)
    ((key, receipt),) = provider.book.items()
    provider.book[key] = replace(receipt, amount=1)
    assert reconcile(NOW + CHECK_AFTER - timedelta(seconds=1), provider) == 0  # not its turn yet
    assert reconcile(NOW + CHECK_AFTER, provider) == 1
    assert reconcile(NOW + CHECK_AFTER + CHECK_AGAIN, provider) == 0  # known already
    provider.book.clear()
    assert reconcile(NOW + CHECK_AFTER + 2 * CHECK_AGAIN, provider) == 1
    assert breaks() == [("amount", "1"), ("missing_there", None)]
    assert [one["kind"] for one in journalled("payment_break_found")] == ["amount", "missing_there"]
    assert transfers() == [("done", "SETTLED")]


def test_a_wrong_amount_is_seen_at_once() -> None:
    a_released_refund()

    class Generous(Provider):
        def pay_back(self, payout: Payout) -> Receipt:
            return replace(super().pay_back(payout), amount=payout.amount + 1)

    pay_refunds(NOW, Generous())
    assert [kind for kind, _ in breaks()] == ["amount"]


def test_what_a_bank_sends_back_days_later_is_refundable_again() -> None:
    a_released_refund(goodwill=50)
    provider = Provider()
    pay_refunds(NOW, provider)
    ((key, receipt),) = provider.book.items()
    provider.book[key] = replace(receipt, state="failed")
    assert compare_all(NOW + timedelta(days=3), provider) == 1
    assert breaks()[0][0] == "failed_there"
    assert transfers() == [("failed", "REJECTED")]
    assert everything("SELECT sum(refunded)::int, sum(refund_pending)::int FROM charges") == [(0, 0)]
    assert everything("SELECT given, pending FROM concessions") == [(0, 0)]
    assert len(journalled("refund_rejected")) == 1
    assert compare_all(NOW + timedelta(days=9), provider) == 0  # once
    nothing_is_wrong()


def test_a_payment_side_that_is_away_proves_nothing() -> None:
    a_released_refund()
    provider = Provider()
    pay_refunds(NOW, provider)

    class Away(Provider):
        def look_up(self, payout: Payout) -> Receipt | None:
            raise PaymentsUnavailable("away")

    later = NOW + timedelta(days=1)
    assert compare_all(later, Away()) == 0
    assert breaks() == []
    provider.book.clear()
    assert compare_all(later + LEASE, provider) == 1  # soon again, not only after a day


def test_books_are_compared_for_a_month() -> None:
    a_released_refund()
    provider = Provider()
    pay_refunds(NOW, provider)
    moment, times = NOW, 0
    while everything("SELECT 1 FROM payment_transfers WHERE check_at IS NOT NULL") and times < 99:
        moment, times = moment + timedelta(days=1), times + 1
        compare_all(moment, provider)
    assert times == 30


def test_a_refund_that_nobody_pays_is_seen_by_somebody() -> None:
    a_released_refund()
    days = timedelta(days=3)  # payment_unsettled_days
    assert miss_unsettled(NOW + days - timedelta(seconds=1)) == 0
    assert miss_unsettled(NOW + days) == 1
    assert miss_unsettled(NOW + days) == 0
    assert breaks() == [("not_settled", None)]
    pay_refunds(NOW + days, Provider())
    assert everything("SELECT reason, resolved_at IS NOT NULL FROM payment_breaks") == [("ended: done", True)]
    nothing_is_wrong()


def test_a_break_is_settled_with_a_reason_once() -> None:
    seller = a_released_refund()
    miss_unsettled(NOW + timedelta(days=4))
    ((number,),) = everything("SELECT id FROM payment_breaks")
    asked = [SettleBreak(number, " "), SettleBreak(number, "x" * 501), SettleBreak(number + 1, "x")]
    actor = an_actor(seller)
    refused = settle_breaks(actor, asked, now=NOW)
    assert [one.refusal and one.refusal.code for one in refused] == [
        Code.MISSING_VALUE, Code.INVALID_VALUE, Code.BREAK_NOT_FOUND,
    ]  # fmt: skip
    two = [SettleBreak(number, "paid  by hand"), SettleBreak(number, "again")]
    first, second = settle_breaks(actor, two, now=NOW)
    assert (first.state, second.state) == ("settled", "refused")
    assert journalled("payment_break_settled")[0]["reason"] == "paid by hand"
    (other,) = settle_breaks(an_actor(build.a_seller()), [SettleBreak(number, "x")], now=NOW)
    assert not other.accepted


def test_all_refunds_of_one_order_that_fall_due_at_once_go() -> None:
    seller = build.a_seller()
    number = build.a_shipped_order(seller)
    actor = an_actor(seller)
    for _ in range(3):
        build.all_well(
            request_refunds(actor, [RefundRequest(number, RefundReason.NOT_RECEIVED, amount=500)], now=NOW)
        )
    report = sweep(NOW + timedelta(days=2))
    assert report.fired == {"refund_release": 3}
    provider = Provider()
    assert pay_refunds(NOW + timedelta(days=2), provider) == {"done": 3}
    assert provider.paid == 3
    assert {state for _, state in transfers()} == {"SETTLED"}
    nothing_is_wrong()


def test_a_round_is_shared_among_the_sellers_that_wait() -> None:
    for _ in range(3):
        a_released_refund()
    provider = Provider()
    assert pay_refunds(NOW, provider, most=2) == {"done": 2}
    assert pay_refunds(NOW, provider, most=2) == {"done": 1}


def test_an_open_transfer_can_be_hurried_by_whoever_may() -> None:
    seller = a_released_refund()
    pay_refunds(NOW, Provider("away"))
    assert pay_refunds(NOW, Provider()) == {}
    assert hurry_transfers(replace(an_actor(seller), permissions=frozenset()), None, now=NOW) == 0
    assert hurry_transfers(an_actor(seller), ["nonsense"], now=NOW) == 0
    assert hurry_transfers(an_actor(seller), None, now=NOW) == 1
    assert pay_refunds(NOW, Provider()) == {"done": 1}


@pytest.mark.parametrize(
    "trick", ["", "cut before", "cut after", "500 after", "409", "429", "bad", "no JSON", "pending"]
)
@pytest.mark.parametrize("forgets", [False, True])
def test_both_ledgers_agree_whatever_the_provider_does(trick: str, forgets: bool) -> None:
    """The provider does the effect, then cuts the line; after reconciliation both ledgers agree."""
    seller = build.a_seller()
    number = build.a_shipped_order(seller)
    report = PaymentReport(number, PaymentState.AUTHORIZED, reference="pi_7")
    build.all_well(report_payments(an_actor(seller), [report], now=NOW))
    build.all_well(
        request_refunds(
            an_actor(seller, party=Party.AMAZON), [RefundRequest(number, RefundReason.NOT_RECEIVED)], now=NOW
        )
    )
    with provider_at_work(trick) as book:
        book.payments["pi_7"] = {}
        book.forgets_keys = forgets
        side = StripePayments(StripeAccount(KEY, book.url))
        for times in range(5):
            pay_refunds(NOW + times * RETRY, side)
            for refund in book.refunds:
                refund["status"] = "succeeded"
        assert compare_all(NOW + timedelta(hours=2), side) == 0
        ((key, ours),) = everything("SELECT key, amount FROM payment_transfers")
        assert book.total(key) == ours == everything("SELECT total FROM refunds")[0][0]
    assert transfers() == [("done", "SETTLED")]
    nothing_is_wrong()


def test_the_folder_keeps_the_first_payout_of_a_key(tmp_path: Path) -> None:
    book = FolderPayments(tmp_path / "payments")
    asked = Payout("refund-1", "1", 100, "USD")
    assert book.look_up(asked) is None
    first = book.pay_back(asked)
    assert book.pay_back(Payout("refund-1", "1", 999, "USD")) == first
    assert book.look_up(asked) == first
    (tmp_path / "file").touch()
    with pytest.raises(PaymentsUnavailable):
        FolderPayments(tmp_path / "file").pay_back(Payout("refund-2", "1", 1, "USD"))
