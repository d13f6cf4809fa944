"""Feedback and chargebacks, as far as metrics need them: recorded as the marketplace saw them, and taken away."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sellerdesk.domain.refusals import Code, refuse

RATING_LEAST, RATING_MOST = 1, 5
NEGATIVE_UP_TO = 2  # 1 and 2 of 5 stars: a defect


class RemovalReason(StrEnum):
    """Why a rating does not count any more."""

    BUYER = "buyer"  # who took it back
    ABOUT_THE_PRODUCT = "about_the_product"
    PERSONAL_DATA = "personal_data"
    INDECENT = "indecent"
    WAREHOUSE = "warehouse"  # about what the marketplace's own warehouse did
    OTHER = "other"


class ChargebackKind(StrEnum):
    SERVICE = "service"  # the buyer disputes what came: a defect
    FRAUD = "fraud"  # somebody else's card


class ChargebackOutcome(StrEnum):
    WON = "won"  # by the seller
    LOST = "lost"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class FeedbackReport:
    """A buyer rated an order with 1 to 5 stars at a moment (aware)."""

    order_number: str
    rating: int
    at: datetime
    place: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackRemoval:
    order_number: str
    reason: RemovalReason
    place: str = ""


@dataclass(frozen=True, slots=True)
class ChargebackReport:
    """The buyer's bank takes money back. `reference`: the bank's, once per seller; `amount` in minor units."""

    order_number: str
    reference: str
    kind: ChargebackKind
    amount: int
    currency: str
    at: datetime
    place: str = ""


@dataclass(frozen=True, slots=True)
class ChargebackClosing:
    order_number: str
    reference: str
    outcome: ChargebackOutcome
    place: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackFacts:
    order_id: int
    rating: int
    removed: bool = False


@dataclass(frozen=True, slots=True)
class ChargebackFacts:
    """`outcome` None: still open."""

    order_id: int
    reference: str
    kind: ChargebackKind
    outcome: ChargebackOutcome | None = None


def check_feedback(known: FeedbackFacts | None, report: FeedbackReport, *, now: datetime) -> None:
    """An order is rated once. Raises Refusal INVALID_VALUE (rating, moment), ALREADY_RECORDED."""
    if isinstance(report.rating, bool) or not RATING_LEAST <= report.rating <= RATING_MOST:
        expected = f"{RATING_LEAST} to {RATING_MOST}"
        raise refuse(Code.INVALID_VALUE, place="rating", value=str(report.rating)[:40], expected=expected)
    _check_moment(report.at, now)
    if known is not None:
        raise refuse(Code.ALREADY_RECORDED, order_number=report.order_number, what="feedback")


def check_removal(known: FeedbackFacts | None, removal: FeedbackRemoval) -> None:
    """Raises Refusal NOT_RECORDED when there is none that counts."""
    if known is None or known.removed:
        raise refuse(Code.NOT_RECORDED, order_number=removal.order_number, what="feedback")


def check_chargeback(
    known: ChargebackFacts | None, report: ChargebackReport, *, currency: str, now: datetime
) -> None:
    """Raises Refusal INVALID_VALUE, CURRENCY_MISMATCH, ALREADY_RECORDED."""
    if not report.reference.strip() or len(report.reference) > REFERENCE_LENGTH_MOST:
        expected = f"1 to {REFERENCE_LENGTH_MOST} characters"
        raise refuse(Code.INVALID_VALUE, place="reference", value=report.reference[:40], expected=expected)
    if report.amount <= 0:
        raise refuse(Code.INVALID_VALUE, place="amount", value=str(report.amount), expected="above zero")
    if report.currency != currency:
        raise refuse(Code.CURRENCY_MISMATCH, place="currency", currency=report.currency, expected=currency)
    _check_moment(report.at, now)
    if known is not None:
        raise refuse(Code.ALREADY_RECORDED, order_number=report.order_number, what="chargeback")


def check_closing(known: ChargebackFacts | None, closing: ChargebackClosing) -> None:
    """Raises Refusal NOT_RECORDED when there is no open one."""
    if known is None or known.outcome is not None:
        raise refuse(Code.NOT_RECORDED, order_number=closing.order_number, what="chargeback")


REFERENCE_LENGTH_MOST = 60


def _check_moment(at: datetime, now: datetime) -> None:
    if at > now:
        raise refuse(Code.INVALID_VALUE, place="at", value=at.isoformat(), expected="not later than now")
