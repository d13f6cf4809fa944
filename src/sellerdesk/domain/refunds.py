"""Refunds: what goes back, when, and who must say yes (S0-27 to S0-32, S2-09 to S2-11, S4-18 to S4-22; rulebook 3.5).

Facts and a request go in; a decision comes out, or a Refusal is raised. The refund page's panel and the command ask the
same functions, so what is shown before the click is what happens after it. Units that were not shipped were never
charged, so there is nothing to give back for them: they are cancelled instead (C27).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sellerdesk.domain import refund_amounts as amounts
from sellerdesk.domain.actors import Party
from sellerdesk.domain.calendars import BusinessCalendar
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.machine import Machine, Move
from sellerdesk.domain.money import exponent
from sellerdesk.domain.policies import PolicyBook
from sellerdesk.domain.refund_amounts import MoneyFacts, Part
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.domain.return_facts import Grade, ReturnFacts

NOTE_LENGTH_MOST = 255
OVERRIDE_LENGTH_MOST = 500
WORDS_LENGTH_MOST = 2000  # to the buyer


class RefundState(StrEnum):
    DRAFT = "DRAFT"  # waits for a second person
    PENDING = "PENDING"  # held: can be called back
    RELEASED = "RELEASED"  # the money is on its way
    SETTLED = "SETTLED"  # the payment side says that it went
    CANCELLED = "CANCELLED"
    REJECTED = "REJECTED"  # the payment side says that it never will


_S = RefundState


def _at(*states: str) -> frozenset[str]:
    return frozenset(states)


REFUND = Machine(
    "refund",
    start=_at(_S.DRAFT, _S.PENDING, _S.RELEASED),  # the marketplace's own are released at once
    moves={
        "approve": Move(_at(_S.DRAFT), _S.PENDING),
        "undo": Move(_at(_S.DRAFT, _S.PENDING), _S.CANCELLED),
        "release": Move(_at(_S.PENDING), _S.RELEASED),
        "settle": Move(_at(_S.RELEASED), _S.SETTLED),
        "reject": Move(_at(_S.RELEASED, _S.SETTLED), _S.REJECTED),  # a bank may send it back after it went
    },
)
RESERVED = frozenset({_S.DRAFT, _S.PENDING})
"""States whose amounts are set aside, so that nothing else can take them."""


class Warn(StrEnum):
    """What the asker should know; none of these stops a refund."""

    GOODS_NOT_BACK = "goods_not_back"  # the seller may lose both goods and money (S2-11)
    BUYER_KEEPS = "buyer_keeps"  # a return was asked for, and nothing will come back
    COMPLETES_RETURN = "completes_return"
    CLAIM_OPEN = "claim_open"  # refunded after filing: it still counts as a defect
    NEEDS_APPROVAL = "needs_approval"
    FEE_KEPT = "fee_kept"


@dataclass(frozen=True, slots=True)
class LineRefund:
    """What goes back of one line: `units` of it, or `amounts` by component, or by group (`product`, `shipping`)."""

    item_number: str
    units: int = 0
    amounts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """Give money back. `lines` and `amount` both None: everything that is left of the order, or of `rma`'s units.

    `amount` names no line and falls upon all that is left, in proportion. Concessions come besides; they are all there
    is with `only_concessions`. `fee` is a restocking fee to keep. `override` is the reason for refunding before the
    goods are back. `expects_left` is what the asker was shown as refundable; `version` the order's.
    """

    order_number: str
    reason: RefundReason
    mode: Mode = Mode.GOODWILL
    lines: tuple[LineRefund, ...] | None = None
    amount: int | None = None
    only_concessions: bool = False
    return_shipping: int = 0
    goodwill: int = 0
    fee: int = 0
    rma: str = ""
    override: str = ""
    currency: str = ""
    version: int | None = None
    expects_left: int | None = None
    note: str = ""  # private to the seller
    words: str = ""  # to the buyer
    raw_reason: str = ""  # a feed's own code
    place: str = ""


@dataclass(frozen=True, slots=True)
class ConcessionFacts:
    """The order's concession account: return shipping and goodwill, beyond what was charged."""

    given: int = 0
    pending: int = 0


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """An order with its money and its returns. `refunded_units`: item id → units refunded or about to be."""

    order: OrderFacts
    money: tuple[MoneyFacts, ...]
    concessions: ConcessionFacts = ConcessionFacts()
    returns: tuple[ReturnFacts, ...] = ()
    refunded_units: Mapping[int, int] = field(default_factory=dict)
    refunds: int = 0  # made so far, whatever became of them
    claim_open: bool = False

    @property
    def left(self) -> int:
        """What can still be given back of what was charged, in minor units; never below zero."""
        return max(0, amounts.net(self.money))

    @property
    def worth(self) -> int:
        """The order's total: what concessions are measured by."""
        return sum(one.amount for one in self.money)


@dataclass(frozen=True, slots=True)
class RefundTerms:
    """The policy values that refunds rest on; fields are named like their policy keys."""

    refund_hold_minutes: int
    refund_settle_days_min: int
    refund_settle_days_max: int
    refund_approval_limit: int  # major units of the marketplace's currency; 0: nobody else need agree
    concession_cap: int  # basis points of the order's total
    restocking_sellable: int  # basis points of the item price …
    restocking_sellable_late: int
    restocking_repack: int
    restocking_damaged: int
    restocking_opened_media: int

    @classmethod
    def of(cls, book: PolicyBook, marketplace_id: str, on: date) -> "RefundTerms":
        """The terms of a marketplace on a local day. Raises LookupError when a policy is missing."""
        return cls(**{key: book.value(marketplace_id, key, on) for key in cls.__dataclass_fields__})

    def limit(self, currency: str) -> int | None:
        """From above this amount, in minor units, a second person must agree; None: never."""
        return self.refund_approval_limit * 10 ** exponent(currency) if self.refund_approval_limit else None

    def fee_points(self, grade: str, *, late: bool) -> int:
        """The most of the item price, in basis points, that may be kept back for a grade."""
        sellable = self.restocking_sellable_late if late else self.restocking_sellable
        points = {
            Grade.SELLABLE: sellable,
            Grade.REPACK: self.restocking_repack,
            Grade.DAMAGED: self.restocking_damaged,
            Grade.WRONG_ITEM: self.restocking_damaged,
            Grade.OPENED_MEDIA: self.restocking_opened_media,
        }
        return points[Grade(grade)]


@dataclass(frozen=True, slots=True)
class RefundDecision:
    """What refunding does, before and after the click."""

    facts: RefundFacts
    request: RefundRequest
    reference: str
    state: RefundState
    parts: tuple[Part, ...]
    units: Mapping[int, int]  # item id → units that count as refunded by it
    linked: ReturnFacts | None
    covers: bool  # it refunds all that the linked return asks for
    total: int  # what the buyer gets, concessions included
    hold_minutes: int
    release_at: datetime | None  # None while a draft
    settles: tuple[datetime, datetime]  # when the buyer has it, as things stand
    warnings: tuple[Warn, ...]
    policy: tuple[str, Any]
    cap: int  # of concessions, in minor units
    after: RefundFacts

    @property
    def fee(self) -> int:
        """What is kept back."""
        return sum(part.deduction for part in self.parts)


@dataclass(frozen=True, slots=True)
class HeldRefund:
    """A refund as it stands in the tables. `author`: the name of who asked for it; `author_id`: the identity."""

    id: int
    order_id: int
    order_number: str
    reference: str
    state: RefundState
    author: str
    total: int
    currency: str
    release_at: datetime | None
    marketplace_id: str
    hold_minutes: int
    claim: str = ""  # reference of a claim that was granted while this was held: it counts on the money going
    author_id: str = ""


def settle_window(
    released: datetime, terms: RefundTerms, calendar: BusinessCalendar
) -> tuple[datetime, datetime]:
    """When the buyer should have the money: from and until, ends of business days after the release (S0-32)."""
    day = calendar.local_date(released)
    first, last = (
        calendar.end_of_day(calendar.add_business_days(day, days))
        for days in (terms.refund_settle_days_min, terms.refund_settle_days_max)
    )
    return first, last


def undo(held: HeldRefund, *, now: datetime) -> RefundState:
    """Decide that a refund is called back: while it waits for approval, or before its hold ends (T16, half-open).

    Raises Refusal HOLD_OVER, REFUND_STATE, CLAIM_RELIES_ON_REFUND.
    """
    after = move(held, "undo")
    if held.claim:
        said = {"order_number": held.order_number, "reference": held.reference, "claim": held.claim}
        raise refuse(Code.CLAIM_RELIES_ON_REFUND, **said)
    if held.release_at is not None and now >= held.release_at:
        raise refuse(
            Code.HOLD_OVER, order_number=held.order_number, reference=held.reference, ended=held.release_at
        )
    return after


def approve(held: HeldRefund, *, by: str, now: datetime) -> datetime:
    """Decide a second person's yes; answers when the hold, which starts now, ends. `by` is an identity, not a name.

    Raises Refusal APPROVAL_NEEDED when the author asks, REFUND_STATE.
    """
    move(held, "approve")
    if by == held.author_id:
        said = {"order_number": held.order_number, "reference": held.reference, "author": held.author}
        raise refuse(Code.APPROVAL_NEEDED, **said)
    return now + timedelta(minutes=held.hold_minutes)


def move(held: HeldRefund, verb: str) -> RefundState:
    """The state after a verb. Raises Refusal REFUND_STATE where it may not be said."""
    if held.state not in REFUND.moves[verb].sources:
        raise refuse(
            Code.REFUND_STATE,
            order_number=held.order_number,
            reference=held.reference,
            state=held.state.value,
            verb=verb,
        )
    return RefundState(REFUND.after(held.state, verb))


def set_aside(facts: RefundFacts, decision: "RefundDecision") -> RefundFacts:
    """The facts as the next request of the same batch finds them."""
    units = dict(facts.refunded_units)
    for item_id, more in decision.units.items():
        units[item_id] = units.get(item_id, 0) + more
    extra = decision.request.return_shipping + decision.request.goodwill
    return replace(
        facts,
        order=replace(facts.order, version=facts.order.version + 1),
        money=amounts.with_pending(facts.money, decision.parts),
        concessions=replace(facts.concessions, pending=facts.concessions.pending + extra),
        refunded_units=units,
        refunds=facts.refunds + 1,
    )


SELLERS = frozenset({Party.SELLER})
"""Parties whose refunds are held and may need a second person; the marketplace's own go at once (rulebook 3.5)."""
