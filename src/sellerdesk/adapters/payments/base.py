"""What every payment side takes and promises (design 2.12; trust P4)."""

from abc import ABC, abstractmethod
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Payout:
    """A refund to pay: `key` stays the same for ever, `amount` in minor units. `payment` is the other side's name for
    the buyer's payment; "" when we were never told it: then `order_number` finds it.
    """

    key: str
    order_number: str
    amount: int
    currency: str
    payment: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the other side holds of a payout. `state`: done | failed | underway; `error` without personal data."""

    key: str
    amount: int
    currency: str
    state: str
    reference: str
    error: str = ""


class PaymentsUnavailable(Exception):
    """Nothing was asked of the other side; the same payout may be tried later."""


class PaymentUnknown(Exception):
    """It was asked, and the answer was lost: look it up, never pay it under another key."""


class Payments(ABC):
    """A payment side. The same key takes effect once, however often it is sent."""

    @abstractmethod
    def pay_back(self, payout: Payout) -> Receipt:
        """Pay a refund. :raises PaymentsUnavailable: for sure not paid. :raises PaymentUnknown: perhaps paid."""

    @abstractmethod
    def look_up(self, payout: Payout) -> Receipt | None:
        """What became of a payout's key; None: it was never heard of. :raises PaymentsUnavailable: ask later."""
