"""Paying refunds outside: at most once, whatever is lost on the way, and both books agree in the end (P4)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests import build
from tests.build import PLACED, an_actor, everything

from sellerdesk.adapters.payments.base import Payments, PaymentsUnavailable, PaymentUnknown, Payout, Receipt
from sellerdesk.adapters.payments.folder import FolderPayments
from sellerdesk.commands.refunds import request_refunds
from sellerdesk.commands.transfers import LEASE, RETRY, claim_transfers
from sellerdesk.domain.actors import Party
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.refunds import RefundRequest
from sellerdesk.domain.transfers import TRANSFER, TransferState
from sellerdesk.flows.payouts import pay_refunds, reconcile
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

    def look_up(self, key: str) -> Receipt | None:
        return self.book.get(key)


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


def test_other_books_become_a_row_that_somebody_sees() -> None:
    a_released_refund()
    provider = Provider()
    pay_refunds(NOW, provider)
    ((key, receipt),) = provider.book.items()
    provider.book[key] = replace(receipt, amount=1)
    assert reconcile(NOW, provider) == 1
    assert reconcile(NOW, provider) == 0
    provider.book.clear()
    assert reconcile(NOW, provider) == 1
    assert everything("SELECT kind, theirs ->> 'amount' FROM payment_breaks ORDER BY id") == [
        ("amount", "1"), ("missing_there", None),
    ]  # fmt: skip


def test_the_folder_keeps_the_first_payout_of_a_key(tmp_path: Path) -> None:
    book = FolderPayments(tmp_path / "payments")
    assert book.look_up("refund-1") is None
    first = book.pay_back(Payout("refund-1", "1", 100, "USD"))
    assert book.pay_back(Payout("refund-1", "1", 999, "USD")) == first
    assert book.look_up("refund-1") == first
    (tmp_path / "file").touch()
    with pytest.raises(PaymentsUnavailable):
        FolderPayments(tmp_path / "file").pay_back(Payout("refund-2", "1", 1, "USD"))
