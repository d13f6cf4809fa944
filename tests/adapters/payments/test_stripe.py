"""Refunds at the provider: what each of its answers means, and that a lost one is looked up (P4)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.adapters.payments.provider import KEY, Book, provider

from sellerdesk.adapters.payments.base import PaymentsUnavailable, PaymentUnknown, Payout, Receipt
from sellerdesk.adapters.payments.folder import FolderPayments
from sellerdesk.adapters.payments.stripe import StripeAccount, StripePayments

PAYOUT = Payout("refund-A-111-1111111-1111111-R1", "111-1111111-1111111", 1250, "USD", "pi_1")
UNNAMED = Payout(PAYOUT.key, PAYOUT.order_number, 1250, "USD")


@pytest.fixture
def book() -> Iterator[Book]:
    with provider() as book:
        book.payments["pi_1"] = {"order_number": PAYOUT.order_number}
        yield book


def side(book: Book, *, key: str = KEY, seconds: float = 10) -> StripePayments:
    return StripePayments(StripeAccount(key, book.url, seconds))


def test_a_refund_carries_our_key_twice(book: Book) -> None:
    receipt = side(book).pay_back(PAYOUT)
    assert receipt == Receipt(PAYOUT.key, 1250, "USD", "done", "re_1")
    assert list(book.answers) == [PAYOUT.key]
    assert book.refunds[0]["metadata"] == {
        "sellerdesk_key": PAYOUT.key,
        "order_number": PAYOUT.order_number,
    }
    assert side(book).look_up(PAYOUT) == receipt


def test_the_same_key_takes_effect_once(book: Book) -> None:
    assert side(book).pay_back(PAYOUT) == side(book).pay_back(PAYOUT)
    assert book.total(PAYOUT.key) == 1250
    with pytest.raises(PaymentUnknown):  # the key with another amount: somebody has to look
        side(book).pay_back(Payout(PAYOUT.key, PAYOUT.order_number, 900, "USD", "pi_1"))


def test_a_payment_that_nobody_named_is_found_by_its_order(book: Book) -> None:
    assert side(book).pay_back(UNNAMED).state == "done"
    book.payments["pi_2"] = {"order_number": PAYOUT.order_number}
    with pytest.raises(PaymentsUnavailable, match="several_payments"):
        side(book).pay_back(UNNAMED)
    book.payments.clear()
    with pytest.raises(PaymentsUnavailable, match="no_payment"):
        side(book).look_up(UNNAMED)


@pytest.mark.parametrize("trick", ["cut before", "cut after", "500 after", "409", "no JSON", "slow"])
def test_a_lost_answer_is_unknown_and_then_looked_up(book: Book, trick: str) -> None:
    book.tricks.append(trick)
    with pytest.raises(PaymentUnknown):
        side(book, seconds=0.2 if trick == "slow" else 10).pay_back(PAYOUT)
    found = side(book).look_up(PAYOUT)
    assert (found is None) == (trick in ("cut before", "409"))


@pytest.mark.parametrize(
    ("trick", "error"), [("no", "CardError 402 expired"), ("never", "charge_already_refunded")]
)
def test_what_can_never_be_paid_has_failed(book: Book, trick: str, error: str) -> None:
    book.tricks.append(trick)
    receipt = side(book).pay_back(PAYOUT)
    assert receipt.state == "failed"
    assert error in receipt.error
    assert "Ada" not in receipt.error


@pytest.mark.parametrize("trick", ["429", "bad"])
def test_what_the_provider_did_not_do_may_be_asked_again(book: Book, trick: str) -> None:
    book.tricks.append(trick)
    with pytest.raises(PaymentsUnavailable) as error:
        side(book).pay_back(PAYOUT)
    assert "Ada" not in str(error.value)
    assert error.value.__cause__ is None


def test_no_secret_is_in_what_is_said(book: Book) -> None:
    wrong = "sk_test_AnotherSecret"
    with pytest.raises(PaymentsUnavailable) as error:
        side(book, key=wrong).pay_back(PAYOUT)
    assert str(error.value) == "AuthenticationError 401"
    assert wrong not in repr(StripeAccount(wrong))


def test_a_provider_that_is_away_says_nothing_of_a_refund(book: Book) -> None:
    book.away = True
    with pytest.raises(PaymentsUnavailable):
        side(book).look_up(PAYOUT)
    with pytest.raises(PaymentUnknown):
        side(book).pay_back(PAYOUT)


def test_one_under_way_and_one_that_failed_later(book: Book) -> None:
    book.tricks.append("pending")
    assert side(book).pay_back(PAYOUT).state == "underway"
    book.refunds[0] |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}
    found = side(book).look_up(PAYOUT)
    assert found is not None
    assert (found.state, found.error, found.amount) == ("failed", "lost_or_stolen_card", 1250)


def test_several_under_one_key_count_together_on_every_page(book: Book) -> None:
    book.forgets_keys = True
    for _ in range(3):
        side(book).pay_back(PAYOUT)
    book.refunds[0] |= {"status": "canceled"}
    found = side(book).look_up(PAYOUT)
    assert found is not None
    assert found.amount == 2500


@pytest.mark.parametrize(
    ("currency", "ours", "theirs"), [("JPY", 500, 500), ("KWD", 1250, 1250), ("ISK", 500, 50_000)]
)
def test_currencies_are_counted_as_the_provider_counts(
    book: Book, currency: str, ours: int, theirs: int
) -> None:
    book.payments["pi_1"]["currency"] = currency.lower()
    receipt = side(book).pay_back(Payout("k", PAYOUT.order_number, ours, currency, "pi_1"))
    assert book.refunds[0]["amount"] == theirs
    assert (receipt.amount, receipt.currency) == (ours, currency)


def test_a_third_decimal_that_the_provider_does_not_know(book: Book) -> None:
    receipt = side(book).pay_back(Payout("k", PAYOUT.order_number, 1251, "KWD", "pi_1"))
    assert (receipt.state, receipt.error, book.refunds) == ("failed", "amount_not_possible", [])


def test_a_folder_keeps_the_first_one_under_a_key(tmp_path: Path) -> None:
    folder = FolderPayments(tmp_path / "payments")
    assert folder.look_up(PAYOUT) is None
    first = folder.pay_back(PAYOUT)
    assert folder.pay_back(Payout(PAYOUT.key, PAYOUT.order_number, 9, "USD")) == first
    assert folder.look_up(PAYOUT) == first
