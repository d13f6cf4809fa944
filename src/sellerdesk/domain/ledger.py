"""The ledger's accounts and movements, fees and payouts (rulebook 2.8, I07, I08).

Each movement sums to zero per currency: debit positive, credit negative. What the marketplace owes a seller is the
other way round: what was credited to it less what was debited.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.refusals import Code, refuse

REFERENCE_LENGTH_MOST = 40


class Account(StrEnum):
    BUYER = "buyer"
    SELLER = "seller"
    CONCESSION = "concession"  # the seller's too: what it gave beyond the charges
    MARKETPLACE = "marketplace"
    BANK = "bank"


class Movement(StrEnum):
    """Why money moved."""

    CHARGE = "charge"
    REFUND = "refund"
    REFUND_REVERSAL = "refund_reversal"
    CLAIM = "claim"
    CLAIM_REVERSAL = "claim_reversal"
    FEE = "fee"
    PAYOUT = "payout"


OWN = (Account.SELLER, Account.CONCESSION)
"""The accounts whose sum, with the sign turned, is what the marketplace owes the seller."""


class FeeKind(StrEnum):
    """What the marketplace takes money for."""

    COMMISSION = "commission"
    FIXED_CLOSING = "fixed_closing"
    VARIABLE_CLOSING = "variable_closing"
    FULFILLMENT = "fulfillment"
    SHIPPING_LABEL = "shipping_label"
    REFUND_ADMINISTRATION = "refund_administration"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class FeeReport:
    """A fee of an order, in minor units; negative gives one back. `reference` names it once and for ever."""

    order_number: str
    reference: str
    kind: FeeKind
    amount: int
    currency: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class PayoutReport:
    """Pay the seller what it is owed in a currency from movements before `until` (None: now). `reference` names it
    for ever.
    """

    reference: str
    currency: str
    until: datetime | None = None
    place: str = ""

    @property
    def order_number(self) -> str:
        """A payout concerns no order."""
        return ""


@dataclass(frozen=True, slots=True)
class HeldPayout:
    """A payout that was made. `period_from` None: from the beginning."""

    reference: str
    currency: str
    amount: int
    period_from: datetime | None
    period_until: datetime


@dataclass(frozen=True, slots=True)
class Owed:
    """What a seller is owed in one currency: from movements before the period's end, and from all of them."""

    then: int
    now: int
    last: HeldPayout | None

    @property
    def payable(self) -> int:
        """No more than is owed at this moment: what was refunded since the period ended is not paid out."""
        return max(0, min(self.then, self.now))


def check_fee(facts: OrderFacts, told: FeeReport) -> None:
    """Raises Refusal CURRENCY_MISMATCH, INVALID_VALUE (nothing at all, or no reference)."""
    check_reference(told.reference)
    if told.currency != facts.currency:
        raise refuse(
            Code.CURRENCY_MISMATCH,
            place="amount.currencyCode",
            currency=told.currency,
            expected=facts.currency,
        )
    if told.amount == 0:
        raise refuse(Code.INVALID_VALUE, place="amount", value="0", expected="an amount other than zero")


def check_period(until: datetime, owed: Owed, *, now: datetime) -> None:
    """Raises Refusal INVALID_VALUE for a period that has not ended, or that was paid already."""
    after = owed.last.period_until if owed.last else None
    if until > now or (after is not None and until <= after):
        bound = f"later than {after.isoformat()}, not later than now" if after else "not later than now"
        raise refuse(Code.INVALID_VALUE, place="until", value=until.isoformat(), expected=bound)


def check_reference(text: str) -> None:
    """Raises Refusal MISSING_VALUE or INVALID_VALUE."""
    if not text:
        raise refuse(Code.MISSING_VALUE, place="reference")
    if len(text) > REFERENCE_LENGTH_MOST or not text.isascii() or not text.isprintable() or " " in text:
        expected = f"at most {REFERENCE_LENGTH_MOST} printable characters without blanks"
        raise refuse(Code.INVALID_VALUE, place="reference", value=text[:40], expected=expected)


def balance(by_movement: Mapping[str, int]) -> int:
    """What a seller is owed: charges less refunds, claims, fees and payouts, plus reversals; each as its effect."""
    return sum(by_movement.values())
