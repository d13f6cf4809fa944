"""Filing a claim: when a buyer may, and what is decided on the spot (rulebook 2.9, 3.6; T17, I14).

`options` answers for every kind whether it may be filed now, from when, or why not; the portal shows it, and filing
asks the same function. Windows are half-open: at `opens_at` it may be filed, at `until` it may not any more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sellerdesk.domain.claim_facts import (
    OPEN,
    ClaimCause,
    ClaimFacts,
    ClaimKind,
    ClaimState,
    Fault,
    Funding,
)
from sellerdesk.domain.claims import ClaimHow, FileClaim, Grant, answer_due, checked_text, grant_of
from sellerdesk.domain.deadlines import Due
from sellerdesk.domain.orders import WAITING, Channel, Status
from sellerdesk.domain.refunds import RefundFacts
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.return_facts import ReturnFacts, ReturnKind, ReturnState


class Why(StrEnum):
    """Why a claim may not be filed, or not yet."""

    CONTACT = "contact"  # the seller was written to, and still has time
    ESTIMATE = "estimate"  # it may still arrive
    TRANSIT = "transit"  # the goods are on their way back, and have time
    CHARGEBACK = "chargeback"
    NOTHING_LEFT = "nothing_left"  # everything was given back already
    DENIED = "denied"  # the same claim was judged before
    NO_RETURN = "no_return"  # no return was asked for
    NOT_RETURNED = "not_returned"  # nothing was sent back


@dataclass(frozen=True, slots=True)
class FilingFacts:
    """What filing needs to know of an order.

    `first_message_at`: the buyer's first message to the seller. `delivered_at`: the last parcel, by tracking.
    `refused`: a parcel was not accepted and is on its way back. `sent_back`: RMA → since when it is in transit.
    `protected`: every label was bought with claim protection and scanned on time; no label can be bought yet, so
    nobody says so.
    """

    money: RefundFacts
    latest_delivery_at: datetime | None
    first_message_at: datetime | None = None
    delivered_at: datetime | None = None
    refused: bool = False
    sent_back: Mapping[str, datetime] | None = None
    chargeback: bool = False
    claims: tuple[ClaimFacts, ...] = ()
    protected: bool = False

    @property
    def outstanding(self) -> int:
        """What was charged and is not given back for good; held refunds may still be called back."""
        return sum(one.charged - one.refunded - one.claimed for one in self.money.money)


@dataclass(frozen=True, slots=True)
class Option:
    """Whether a kind of claim may be filed. `refusal` None: now, until `until`."""

    kind: ClaimKind
    until: datetime
    refusal: Refusal | None = None

    @property
    def opens_at(self) -> datetime | None:
        """From when, if it only is too early."""
        return self.refusal.facts.get("opens_at") if self.refusal else None


@dataclass(frozen=True, slots=True)
class Filed:
    """A claim as it begins. `grant`: what was decided on the spot; `due`: of the seller's answer, if he is asked."""

    facts: FilingFacts
    kind: ClaimKind
    state: ClaimState
    amount: int
    text: str
    due: Due | None = None
    grant: Grant | None = None


def options(facts: FilingFacts, how: ClaimHow) -> tuple[Option, ...]:
    """All kinds, in the order of the enumeration."""
    return tuple(option(facts, kind, how) for kind in ClaimKind)


def option(facts: FilingFacts, kind: ClaimKind, how: ClaimHow) -> Option:
    """Whether this kind may be filed now (T17)."""
    until = how.calendar.add_calendar_days(_promised(facts), how.terms.claim_window_days)
    try:
        _check_order(facts, kind)
        if how.now >= until:
            raise refuse(Code.CLAIM_TOO_LATE, kind=kind.value, until=until, **_named(facts))
        _check_contact(facts, kind, how)
        _KINDS[kind](facts, kind, how)
    except Refusal as refusal:
        return Option(kind, until, refusal)
    return Option(kind, until)


def file(facts: FilingFacts, request: FileClaim, how: ClaimHow) -> Filed:
    """Decide a filing: granted on the spot, asked of the seller at once, or left for the marketplace to look at.

    Raises Refusal STALE_VERSION, WAREHOUSE_ORDER, ORDER_PENDING, ORDER_CANCELLED, ITEMS_UNKNOWN, CLAIM_EXISTS,
    CLAIM_CONTACT_FIRST, CLAIM_TOO_EARLY, CLAIM_TOO_LATE, CLAIM_NOT_ELIGIBLE, INVALID_VALUE.
    """
    facts.money.order.check_version(request.version)
    found = option(facts, request.kind, how)
    if found.refusal is not None:
        raise found.refusal
    text = checked_text(request.text)
    grant = _automatic(facts, request.kind, how)
    state, due = ClaimState.FILED, None
    if grant is not None:
        state = ClaimState.GRANTED
    elif how.terms.claim_asks_at_once:
        state, due = ClaimState.ACTION_REQUIRED, answer_due(how)
    return Filed(facts, request.kind, state, max(0, facts.outstanding), text, due, grant)


def _automatic(facts: FilingFacts, kind: ClaimKind, how: ClaimHow) -> Grant | None:
    order = facts.money.order
    if kind is not ClaimKind.NOT_RECEIVED:
        return None
    if facts.refused:
        return grant_of(how, ClaimCause.REFUSED_DELIVERY, Fault.BUYER, Funding.SELLER, defect=False)
    late = order.latest_ship_at is not None and how.now > order.latest_ship_at
    if order.confirmed_at is None and late:  # nothing was charged, so nothing is debited
        return grant_of(how, ClaimCause.NOT_CONFIRMED, Fault.SELLER, Funding.SELLER, defect=True)
    if facts.protected:
        return grant_of(how, ClaimCause.PROTECTED_LABEL, Fault.CARRIER, Funding.MARKETPLACE, defect=False)
    return None


def _check_order(facts: FilingFacts, kind: ClaimKind) -> None:
    order = facts.money.order
    for wrong, code in (
        (order.channel is not Channel.MFN, Code.WAREHOUSE_ORDER),
        (order.status in WAITING, Code.ORDER_PENDING),
        (order.status is Status.CANCELED, Code.ORDER_CANCELLED),
        (not order.items_known, Code.ITEMS_UNKNOWN),
    ):
        if wrong:
            raise refuse(code, order_number=order.order_number, reason=order.pending_reason)
    is_open = next((one for one in facts.claims if one.state in OPEN), None)
    if is_open is not None:
        raise refuse(Code.CLAIM_EXISTS, reference=is_open.reference, **_named(facts))
    charged = any(one.charged for one in facts.money.money)
    judged = any(one.kind is kind and one.state is ClaimState.DENIED for one in facts.claims)
    # What was never confirmed was never charged; then an earlier grant is all that can be had.
    had = not charged and any(one.cause is ClaimCause.NOT_CONFIRMED for one in facts.claims)
    for wrong, why in (
        (facts.chargeback, Why.CHARGEBACK),
        ((charged and facts.outstanding <= 0) or had, Why.NOTHING_LEFT),
        (judged, Why.DENIED),
    ):
        if wrong:
            raise _not(facts, kind, why)


def _check_contact(facts: FilingFacts, kind: ClaimKind, how: ClaimHow) -> None:
    asked = [one.requested_at for one in _asked_for(facts)]
    first = min([*asked, *([facts.first_message_at] if facts.first_message_at else [])], default=None)
    hours = how.terms.claim_contact_hours
    if first is None:
        raise refuse(Code.CLAIM_CONTACT_FIRST, kind=kind.value, hours=hours, **_named(facts))
    _not_before(first + timedelta(hours=hours), Why.CONTACT, facts, kind, how)


def _not_received(facts: FilingFacts, kind: ClaimKind, how: ClaimHow) -> None:
    if facts.delivered_at is not None or facts.refused:
        return  # tracking says so, and the buyer has nothing; or it is on its way back
    opens_at = how.calendar.add_calendar_days(_promised(facts), how.terms.claim_not_received_days)
    _not_before(opens_at, Why.ESTIMATE, facts, kind, how)


def _not_as_described(facts: FilingFacts, kind: ClaimKind, how: ClaimHow) -> None:  # noqa: ARG001
    if not any(one.state is not ReturnState.CLOSED_BY_BUYER for one in _asked_for(facts)):
        raise _not(facts, kind, Why.NO_RETURN)


def _not_refunded(facts: FilingFacts, kind: ClaimKind, how: ClaimHow) -> None:
    if any(one.received_at is not None for one in facts.money.returns):
        return
    since = facts.sent_back or {}
    begun = [since[one.rma] for one in facts.money.returns if one.rma in since]
    if not begun:
        raise _not(facts, kind, Why.NOT_RETURNED)
    opens_at = how.calendar.add_calendar_days(min(begun), how.terms.claim_transit_days)
    _not_before(opens_at, Why.TRANSIT, facts, kind, how)


_KINDS = {
    ClaimKind.NOT_RECEIVED: _not_received,
    ClaimKind.NOT_AS_DESCRIBED: _not_as_described,
    ClaimKind.NOT_REFUNDED: _not_refunded,
}


def _not_before(opens_at: datetime, why: Why, facts: FilingFacts, kind: ClaimKind, how: ClaimHow) -> None:
    if how.now < opens_at:
        said = {"kind": kind.value, "opens_at": opens_at, "why": why.value}
        raise refuse(Code.CLAIM_TOO_EARLY, **said, **_named(facts))


def _not(facts: FilingFacts, kind: ClaimKind, why: Why) -> Refusal:
    return refuse(Code.CLAIM_NOT_ELIGIBLE, kind=kind.value, why=why.value, **_named(facts))


def _asked_for(facts: FilingFacts) -> list[ReturnFacts]:
    return [one for one in facts.money.returns if one.kind is ReturnKind.CUSTOMER]


def _promised(facts: FilingFacts) -> datetime:
    """The latest promised delivery; of an order that came without one, the last moment that it does name."""
    order = facts.money.order
    return facts.latest_delivery_at or order.latest_ship_at or order.placed_at


def _named(facts: FilingFacts) -> Mapping[str, str]:
    return {"order_number": facts.money.order.order_number}
