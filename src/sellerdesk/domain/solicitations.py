"""Asking a buyer for a review and for feedback: once for an order, some days after its delivery (spapi 6).

The text is the marketplace's own, so there is nothing to lint: a seller may not write such requests (C12).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.orders import Status
from sellerdesk.domain.refusals import Code, refuse

_SHIPPED = frozenset({Status.SHIPPED, Status.INVOICE_UNCONFIRMED})


class Why(StrEnum):
    """Why a buyer cannot be asked now."""

    NOT_DELIVERED = "not_delivered"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    OPTED_OUT = "opted_out"


@dataclass(frozen=True, slots=True)
class Window:
    """Days after delivery from which and up to which a buyer may be asked; named like the policy keys."""

    solicitation_from_days: int
    solicitation_until_days: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """What asking rests on. `delivered_at` is what carriers said of the last parcel, or the promised delivery where no
    carrier says anything; None before. `asked_at`: the buyer was asked before.
    """

    delivered_at: datetime | None = None
    asked_at: datetime | None = None
    opted_out: bool = False


@dataclass(frozen=True, slots=True)
class SolicitationRequest:
    """Ask the buyer of an order for a review of the product and for feedback."""

    order_number: str
    place: str = ""


def solicit(facts: OrderFacts, delivery: Delivery, *, window: Window, now: datetime) -> None:
    """Decide whether the buyer may be asked now.

    Raises Refusal ALREADY_SOLICITED, SOLICITATION_NOT_ALLOWED (with `why`, and the bounds where there are any).
    """
    number = facts.order_number
    if delivery.asked_at is not None:
        raise refuse(Code.ALREADY_SOLICITED, order_number=number, at=delivery.asked_at)
    if facts.status not in _SHIPPED or delivery.delivered_at is None or delivery.delivered_at > now:
        raise refuse(Code.SOLICITATION_NOT_ALLOWED, order_number=number, why=Why.NOT_DELIVERED.value)
    first = delivery.delivered_at + timedelta(days=window.solicitation_from_days)
    last = delivery.delivered_at + timedelta(days=window.solicitation_until_days)
    if not first <= now <= last:
        why = Why.TOO_EARLY if now < first else Why.TOO_LATE
        said = {"why": why.value, "from": first, "until": last}
        raise refuse(Code.SOLICITATION_NOT_ALLOWED, order_number=number, **said)
    if delivery.opted_out:
        raise refuse(Code.SOLICITATION_NOT_ALLOWED, order_number=number, why=Why.OPTED_OUT.value)
