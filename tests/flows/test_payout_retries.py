"""Claims whose buyer could not be paid are paid again by the marketplace, and never twice (P4)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests import build
from tests.build import all_well, everything
from tests.commands.test_claims import FILED, TOTAL, a_claim, a_claimable_order, judge, nothing_is_wrong
from tests.flows.test_payouts import Provider, a_released_refund, journalled

from sellerdesk.adapters.payments.base import PaymentsUnavailable, Payout, Receipt
from sellerdesk.commands.transfers import CHECK_AFTER, RETRY, RetryPayout, retry_payouts
from sellerdesk.domain.refusals import Code
from sellerdesk.flows.payouts import compare_all, pay_refunds, reconcile
from sellerdesk.flows.sweep import sweep
from sellerdesk.queries.transfers import failed_payouts

pytestmark = pytest.mark.usefixtures("committed")
GRANTED = FILED + timedelta(hours=72)
LATER = GRANTED + timedelta(days=1)


def an_unpaid_claim(provider: Provider) -> tuple[int, RetryPayout]:
    """Granted by silence, and refused by the payment side; with the request to pay it again."""
    seller = build.a_seller()
    number = a_claimable_order(seller)
    claim = a_claim(seller, number)
    sweep(GRANTED)
    provider.tricks.insert(0, "no")
    assert pay_refunds(GRANTED, provider) == {"failed": 1}
    return seller, RetryPayout(number, claim, TOTAL)


def transfer() -> tuple[Any, ...]:
    return everything("SELECT state, key, error FROM payment_transfers")[0]


def went(provider: Provider) -> int:
    """How much the provider paid, over all keys."""
    return sum(one.amount for one in provider.book.values() if one.state == "done")


@pytest.mark.parametrize("trick", ["", "away", "lost before", "lost after", "crash"])
@pytest.mark.parametrize("forgets", [False, True])
def test_whatever_is_lost_the_second_try_pays_once(trick: str, forgets: bool) -> None:
    provider = Provider()
    seller, again = an_unpaid_claim(provider)
    provider.tricks, provider.forgets_keys = [trick], forgets
    all_well(retry_payouts(judge(seller), [again], now=LATER))
    for times in range(4):
        pay_refunds(LATER + times * RETRY, provider)
    assert went(provider) == TOTAL
    assert transfer()[0] == "done"
    assert len(journalled("claim_paid")) == 1
    assert compare_all(LATER + timedelta(hours=2), provider) == 0
    nothing_is_wrong()


def test_a_first_try_that_went_after_all_is_not_paid_again() -> None:
    provider = Provider()
    seller, again = an_unpaid_claim(provider)
    ((key, receipt),) = provider.book.items()
    provider.book[key] = replace(receipt, state="done")  # the provider changed its mind
    all_well(retry_payouts(judge(seller), [again], now=LATER))
    assert transfer()[1] == f"{key}-try2"
    assert pay_refunds(LATER, provider) == {"done": 1}
    assert (provider.paid, went(provider)) == (1, TOTAL)
    assert reconcile(LATER + CHECK_AFTER, provider) == 0  # found under the key of the first try
    nothing_is_wrong()


def test_a_first_try_that_is_under_way_is_waited_for() -> None:
    provider = Provider()
    seller, again = an_unpaid_claim(provider)
    ((key, receipt),) = provider.book.items()
    provider.book[key] = replace(receipt, state="underway")
    all_well(retry_payouts(judge(seller), [again], now=LATER))
    assert pay_refunds(LATER, provider) == {"unknown": 1}
    provider.book[key] = receipt  # it failed in the end, so the second try is made
    for times in range(1, 4):
        pay_refunds(LATER + times * RETRY, provider)
    assert (transfer()[0], went(provider)) == ("done", TOTAL)


def test_while_nobody_can_look_nothing_is_paid() -> None:
    provider = Provider()
    seller, again = an_unpaid_claim(provider)
    all_well(retry_payouts(judge(seller), [again], now=LATER))

    class Blind(Provider):
        def look_up(self, payout: Payout) -> Receipt | None:
            raise PaymentsUnavailable("away")

    blind = Blind()
    assert pay_refunds(LATER, blind) == {"queued": 1}
    assert blind.paid == 0


def test_money_that_went_twice_all_the_same_is_a_break() -> None:
    provider = Provider()
    seller, again = an_unpaid_claim(provider)
    all_well(retry_payouts(judge(seller), [again], now=LATER))
    pay_refunds(LATER, provider)
    first = min(provider.book, key=len)
    provider.book[first] = replace(provider.book[first], state="done")
    assert reconcile(LATER + CHECK_AFTER, provider) == 1
    assert everything("SELECT kind, (theirs ->> 'amount')::int FROM payment_breaks") == [
        ("amount", 2 * TOTAL)
    ]


def test_many_who_try_again_at_once_make_one_try(run_parallel: Callable[..., list[Any]]) -> None:
    provider = Provider()
    seller, again = an_unpaid_claim(provider)
    answers = run_parallel(4, lambda _: retry_payouts(judge(seller), [again], now=LATER)[0].state)
    assert sorted(answers) == ["queued", "refused", "refused", "refused"]
    run_parallel(2, lambda _: pay_refunds(LATER, provider))
    assert went(provider) == TOTAL
    assert len(journalled("claim_payout_retried")) == 1
    nothing_is_wrong()


def test_it_can_fail_and_be_tried_once_more() -> None:
    provider = Provider()
    seller, again = an_unpaid_claim(provider)
    for n in (2, 3):
        all_well(retry_payouts(judge(seller), [again], now=LATER))
        provider.tricks = ["no"] if n == 2 else []
        pay_refunds(LATER, provider)
        assert transfer()[1].endswith(f"-try{n}")
    assert (transfer()[0], went(provider), len(provider.book)) == ("done", TOTAL, 3)


def test_what_a_bank_sent_back_can_be_paid_again() -> None:
    seller = build.a_seller()
    number = a_claimable_order(seller)
    again = RetryPayout(number, a_claim(seller, number))
    sweep(GRANTED)
    provider = Provider()
    pay_refunds(GRANTED, provider)
    ((key, receipt),) = provider.book.items()
    provider.book[key] = replace(receipt, state="failed", error="closed")
    assert compare_all(LATER, provider) == 1
    [(view)] = failed_payouts()
    assert (view.reference, view.amount, view.order_number) == (again.reference, TOTAL, number)
    all_well(retry_payouts(judge(seller), [again], now=LATER))
    assert failed_payouts() == []
    assert everything("SELECT reason FROM payment_breaks WHERE resolved_at IS NOT NULL") == [
        (f"tried again: {key}-try2",)
    ]
    pay_refunds(LATER, provider)
    assert went(provider) == TOTAL
    nothing_is_wrong()


def test_what_cannot_be_tried_again_is_refused() -> None:
    provider = Provider()
    seller, again = an_unpaid_claim(provider)

    def code(actor: Any, asked: RetryPayout) -> Code | None:
        (outcome,) = retry_payouts(actor, [asked], now=LATER)
        return outcome.refusal.code if outcome.refusal else None

    clerk = replace(judge(seller), permissions=frozenset())
    assert code(clerk, again) is Code.FORBIDDEN
    assert code(judge(build.a_seller()), again) is Code.CLAIM_STATE
    assert code(judge(seller), replace(again, expects=TOTAL - 1)) is Code.LEFT_CHANGED
    assert code(judge(seller), replace(again, order_number="111-1111111-1111111")) is Code.CLAIM_STATE
    assert transfer()[0] == "failed"
    all_well(retry_payouts(judge(seller), [again], now=LATER))
    assert code(judge(seller), again) is Code.CLAIM_STATE
    other = a_released_refund()
    pay_refunds(LATER, Provider("no"))
    ((reference, number),) = everything(
        "SELECT r.reference, o.order_number FROM refunds r JOIN orders o ON o.id = r.order_id"
    )
    assert code(judge(other), RetryPayout(number, reference)) is Code.CLAIM_STATE
