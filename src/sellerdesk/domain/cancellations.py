"""Cancelling orders and units: by the seller, the buyer alone, the marketplace, the clock (S0-22 to S0-24; S3-03, S3-23
to S3-34; S4-11 to S4-13; rulebook 2.5, 3.3; C3, C10, C26 to C28).

Facts and a request go in; a decision comes out, or a Refusal is raised. The impact panel and the command ask the same
functions, so what is shown before the click is what happens after it. Nothing was charged for units that were not
shipped, so a cancellation moves no money: it releases what would have been charged (C27).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sellerdesk.domain.cancel_requests import live_label
from sellerdesk.domain.deadlines import self_cancel_end, self_cancel_open
from sellerdesk.domain.facts import ItemFacts, OrderFacts
from sellerdesk.domain.lifecycle import ORDER
from sellerdesk.domain.money import share
from sellerdesk.domain.orders import WAITING, Channel, Status
from sellerdesk.domain.quantities import Line, derive_status
from sellerdesk.domain.rates import CancellationRate, Standing
from sellerdesk.domain.refusals import Code, Refusal, refuse


class Canceller(StrEnum):
    """Who cancelled, in the spelling of the 2026 Orders API."""

    BUYER = "BUYER"
    MERCHANT = "MERCHANT"
    AMAZON = "AMAZON"


class CancelReason(StrEnum):
    """The seller's reasons, in the order of the dialog (rulebook 2.5)."""

    BUYER_CANCELLED = "buyer_cancelled"
    NO_INVENTORY = "no_inventory"
    ADDRESS_UNDELIVERABLE = "shipping_address_undeliverable"
    CUSTOMER_EXCHANGE = "customer_exchange"
    PRICING_ERROR = "pricing_error"
    GENERAL_ADJUSTMENT = "general_adjustment"


class PlatformReason(StrEnum):
    """The marketplace's own reasons while an order waits for its payment (rulebook 3.2)."""

    PAYMENT_FAILED = "payment_failed"
    FRAUD_SUSPECTED = "fraud_suspected"


AUTOMATIC = "ship_confirmation_missing"  # the reason of an automatic cancellation (S0-16)


class Why(StrEnum):
    """Why a cancellation counts in the cancellation rate, or does not."""

    # counts
    SELLER_REASON = "seller_reason"  # any reason of the seller's own, without a buyer's request
    NO_FORMAL_REQUEST = "no_formal_request"  # "buyer cancelled", but the buyer has filed nothing (S3-30)
    OTHER_REASON = "other_reason"  # the buyer has filed, but the seller gives another reason
    CONFIRMATION_MISSING = "confirmation_missing"  # cancelled automatically
    # does not count
    FORMAL_REQUEST = "formal_request"  # S3-14, S3-33
    BUYER_ALONE = "buyer_alone"  # S3-33, C23
    MARKETPLACE = "marketplace"  # payment or fraud: the order was never the seller's to ship
    WAREHOUSE = "warehouse"  # S3-32
    UNKNOWN = "unknown"  # imported from elsewhere without saying who cancelled it


RESTOCKED = frozenset(CancelReason) - {CancelReason.NO_INVENTORY}
"""Reasons that put the units back to stock: all but the one that says there are none (rulebook 2.5)."""


@dataclass(frozen=True, slots=True)
class Counting:
    """Whether a cancellation is in the rate's numerator, and why."""

    counts: bool
    why: Why


@dataclass(frozen=True, slots=True)
class CancelRequest:
    """The seller cancels. `lines` (item number → units) None means everything that is still to ship.

    `expects_counting` is what the asker was shown; the command refuses when it is not true any more. `accepts_limit` is
    the second press, `label_override` the reason for cancelling although a label exists (C10).
    """

    order_number: str
    reason: CancelReason
    lines: Mapping[str, int] | None = None
    version: int | None = None
    expects_counting: bool | None = None
    accepts_limit: bool = False
    label_override: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class BuyerCancelRequest:
    """The buyer cancels alone, inside the window (S1-12). `lines` None means everything."""

    order_number: str
    reason: str = ""  # of cancel_requests.Reason
    lines: Mapping[str, int] | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class PlatformCancelRequest:
    """The marketplace cancels an order that waits: its payment failed, or fraud is suspected."""

    order_number: str
    reason: PlatformReason
    place: str = ""


@dataclass(frozen=True, slots=True)
class CancelDecision:
    """What cancelling does, before and after the click: units, status, stock, money, the rate, and the buyer's wish."""

    facts: OrderFacts
    by: Canceller
    reason: str
    lines: dict[int, int]  # item id → units
    status: Status
    counting: Counting
    leaves: bool  # the whole order leaves the strict denominator
    restocked: bool
    released: int  # minor units that will not be charged
    label: str | None  # the live label in the way, if any
    after: OrderFacts
    policy: tuple[str, Any]  # key and value of the policy row that decided
    before_rate: CancellationRate | None = None
    after_rate: CancellationRate | None = None

    @property
    def units(self) -> int:
        return sum(self.lines.values())

    @property
    def whole(self) -> bool:
        """Whether nothing of the order is left to ship after it."""
        return not any(item.left for item in self.after.items)

    @property
    def answers_request(self) -> bool:
        """Whether it is the answer to the buyer's open wish."""
        return bool(self.facts.cancel_request) and self.reason == CancelReason.BUYER_CANCELLED

    @property
    def exceeds(self) -> bool:
        """Whether it moves the rate up to a value at or over the limit: the second press (screens 1.7)."""
        if self.before_rate is None or self.after_rate is None:
            return False
        moved = self.after_rate.counted > self.before_rate.counted
        return moved and self.after_rate.standing is Standing.AT_RISK


def cancel(
    facts: OrderFacts, request: CancelRequest, *, rate: CancellationRate | None = None
) -> CancelDecision:
    """Decide a seller's cancellation; `rate` is the marketplace's at this moment, None where nobody asks.

    Raises Refusal WAREHOUSE_ORDER, ORDER_PENDING, ORDER_CANCELLED, ALREADY_SHIPPED, WRONG_STATUS, ITEMS_UNKNOWN,
    ITEM_NOT_FOUND, QUANTITY_EXCEEDED, INVALID_VALUE, MISSING_VALUE,
    STALE_VERSION. What can be overridden is `check_cancel`'s affair.
    """
    if request.version is not None and request.version != facts.version:
        said = {"expected": request.version, "actual": facts.version}
        raise refuse(Code.STALE_VERSION, order_number=facts.order_number, **said)
    _check_sellers_turn(facts)
    lines = _lines(facts, request.lines)
    whole = _empties(facts, lines)
    verb = (
        ("cancel_rest" if facts.status is Status.PARTIALLY_SHIPPED else "cancel") if whole else "cancel_items"
    )
    ORDER.after(facts.status, verb, order_number=facts.order_number)
    counting = counting_of(facts, request.reason, lines)
    restocked = request.reason in RESTOCKED
    decision = _decision(facts, Canceller.MERCHANT, request.reason.value, lines, counting)
    return _with_rate(replace(decision, restocked=restocked), rate)


def check_cancel(decision: CancelDecision, request: CancelRequest, *, may_exceed: bool) -> None:
    """Raises the first of `questions` as a Refusal."""
    for question in questions(decision, request, may_exceed=may_exceed):
        raise question


def questions(decision: CancelDecision, request: CancelRequest, *, may_exceed: bool) -> Iterator[Refusal]:
    """What stands in the way although the order could be cancelled: what a person can answer with a yes, as refusals.

    LABEL_EXISTS without `label_override` (S3-08, C10); EFFECT_CHANGED when the asker was shown something else than what
    would happen now; OVER_LIMIT without the second press; FORBIDDEN without the permission to exceed.
    """
    number = decision.facts.order_number
    if decision.label is not None and not request.label_override.strip():
        yield refuse(Code.LABEL_EXISTS, order_number=number, reference=decision.label)
    counts = decision.counting.counts
    if request.expects_counting is not None and request.expects_counting != counts:
        yield refuse(Code.EFFECT_CHANGED, order_number=number, counts=counts, why=decision.counting.why.value)
    if not decision.exceeds or decision.after_rate is None:
        return
    after = decision.after_rate
    if not may_exceed:
        yield refuse(Code.FORBIDDEN, permission="cancel.over_limit", order_number=number)
    elif not request.accepts_limit:
        said = {"counted": after.counted, "base": after.base, "target": after.policy.cr_target}
        yield refuse(Code.OVER_LIMIT, order_number=number, **said)


def cancel_by_buyer(
    facts: OrderFacts, request: BuyerCancelRequest, *, minutes: int, now: datetime
) -> CancelDecision:
    """Decide that the buyer cancels alone: inside the half-open window, with nothing shipped (T07, C26).

    Raises Refusal SELF_CANCEL_OVER after the window, ALREADY_SHIPPED, ORDER_CANCELLED, ITEMS_UNKNOWN, WRONG_STATUS,
    ITEM_NOT_FOUND, QUANTITY_EXCEEDED, INVALID_VALUE.
    """
    number = facts.order_number
    if facts.status is Status.CANCELED:
        raise refuse(Code.ORDER_CANCELLED, order_number=number)
    if not facts.items_known:
        raise refuse(Code.ITEMS_UNKNOWN, order_number=number)
    if any(item.shipped for item in facts.items):
        raise refuse(Code.ALREADY_SHIPPED, order_number=number)
    if not self_cancel_open(facts.placed_at, now, minutes):
        raise refuse(
            Code.SELF_CANCEL_OVER, order_number=number, ended=self_cancel_end(facts.placed_at, minutes)
        )
    ORDER.after(facts.status, "cancel_by_buyer", order_number=number)
    lines = _lines(facts, request.lines)
    counting = _uncounted(facts, Why.BUYER_ALONE)
    decision = _decision(facts, Canceller.BUYER, request.reason, lines, counting)
    return replace(decision, restocked=True, policy=("self_cancel_minutes", minutes))


def cancel_by_marketplace(facts: OrderFacts, request: PlatformCancelRequest) -> CancelDecision:
    """Decide that the marketplace cancels a waiting order (rulebook 3.2).

    Raises Refusal ORDER_CANCELLED, ITEMS_UNKNOWN, WRONG_STATUS.
    """
    if facts.status is Status.CANCELED:
        raise refuse(Code.ORDER_CANCELLED, order_number=facts.order_number)
    if not facts.items_known:
        raise refuse(Code.ITEMS_UNKNOWN, order_number=facts.order_number)
    ORDER.after(facts.status, "cancel_by_marketplace", order_number=facts.order_number)
    counting = _uncounted(facts, Why.MARKETPLACE)
    decision = _decision(facts, Canceller.AMAZON, request.reason.value, _lines(facts, None), counting)
    return replace(decision, restocked=True)


def cancel_automatically(facts: OrderFacts, policy: tuple[str, Any]) -> CancelDecision:
    """Decide what the clock does to an order whose shipment nobody confirmed: everything that is left is cancelled, and
    it counts (S0-16, rulebook 2.4). `policy` is the rule that the deadline was made from.

    Raises Refusal WRONG_STATUS, ITEMS_UNKNOWN: the caller closes deadlines of orders that are past them.
    """
    verb = "cancel_rest_automatically" if facts.status is Status.PARTIALLY_SHIPPED else "cancel_automatically"
    ORDER.after(facts.status, verb, order_number=facts.order_number)
    counting = Counting(counts=True, why=Why.CONFIRMATION_MISSING)
    decision = _decision(facts, Canceller.AMAZON, AUTOMATIC, _lines(facts, None), counting)
    return replace(decision, restocked=True, policy=policy)


def counting_of(facts: OrderFacts, reason: CancelReason, lines: Mapping[int, int]) -> Counting:
    """Whether a seller's cancellation counts: not if the buyer filed it for every unit concerned, and the reason says
    so (rulebook 3.3, I10). A request filed once keeps its effect, also when it was declined meanwhile.
    """
    if facts.channel is Channel.AFN:
        return Counting(counts=False, why=Why.WAREHOUSE)
    filed = all(item.cancel_requested for item in facts.items if item.id in lines)
    if reason is CancelReason.BUYER_CANCELLED:
        return Counting(not filed, Why.FORMAL_REQUEST if filed else Why.NO_FORMAL_REQUEST)
    return Counting(counts=True, why=Why.OTHER_REASON if filed else Why.SELLER_REASON)


def _uncounted(facts: OrderFacts, why: Why) -> Counting:
    return Counting(counts=False, why=Why.WAREHOUSE if facts.channel is Channel.AFN else why)


def _check_sellers_turn(facts: OrderFacts) -> None:
    number = facts.order_number
    if facts.channel is Channel.AFN:
        raise refuse(Code.WAREHOUSE_ORDER, order_number=number)
    if facts.status in WAITING:
        raise refuse(Code.ORDER_PENDING, order_number=number, reason=facts.pending_reason)
    if facts.status is Status.CANCELED:
        raise refuse(Code.ORDER_CANCELLED, order_number=number)
    if facts.status in (Status.SHIPPED, Status.INVOICE_UNCONFIRMED):
        raise refuse(Code.ALREADY_SHIPPED, order_number=number)
    if not facts.items_known:
        raise refuse(Code.ITEMS_UNKNOWN, order_number=number)


def _lines(facts: OrderFacts, asked: Mapping[str, int] | None) -> dict[int, int]:
    if asked is None:
        everything = {item.id: item.left for item in facts.items if item.left}
        if not everything:  # other platforms' open orders may come with lines of nought units
            raise refuse(Code.ITEMS_UNKNOWN, order_number=facts.order_number)
        return everything
    lines = {}
    for number, quantity in asked.items():
        item = facts.item(number)
        said = {"order_number": facts.order_number, "item_number": number}
        _line(item).cancel(quantity, **said)
        lines[item.id] = quantity
    if not lines:
        raise refuse(Code.MISSING_VALUE, place="lines", order_number=facts.order_number)
    return lines


def _line(item: ItemFacts) -> Line:
    return Line(item.ordered, item.shipped, item.cancelled)


def _empties(facts: OrderFacts, lines: Mapping[int, int]) -> bool:
    return all(item.left == lines.get(item.id, 0) for item in facts.items)


def _decision(
    facts: OrderFacts, by: Canceller, reason: str, lines: dict[int, int], counting: Counting
) -> CancelDecision:
    items = tuple(
        replace(item, cancelled=item.cancelled + lines[item.id]) if item.id in lines else item
        for item in facts.items
    )
    open_payment = facts.status if facts.status in WAITING else None
    status = derive_status(map(_line, items), open_payment)
    counted = bool(facts.counts_in_cr) or counting.counts
    # A wish that names items is answered when none of those is left; one that was only said, by the answer itself.
    still_wanted = any(item.left and item.cancel_requested for item in items)
    answered = reason == CancelReason.BUYER_CANCELLED and not still_wanted
    done = not any(item.left for item in items)
    after = replace(
        facts,
        items=items,
        status=status,
        version=facts.version + 1,
        counts_in_cr=counted,
        cancel_request="" if answered or done else facts.cancel_request,
    )
    buyers = counting.why in (Why.FORMAL_REQUEST, Why.BUYER_ALONE)
    return CancelDecision(
        facts,
        by,
        reason,
        lines,
        status,
        counting,
        leaves=buyers and status is Status.CANCELED and not counted,
        restocked=False,
        released=sum(_released(item, lines[item.id]) for item in facts.items if item.id in lines),
        label=live_label(facts),
        after=after,
        policy=("", None),
    )


def _released(item: ItemFacts, units: int) -> int:
    """What these units would have been charged: shipments take a line's shares from the front, this from the end."""
    before = item.ordered - item.cancelled - units
    return sum(share(charge.amount, done=before, more=units, of=item.ordered) for charge in item.charges)


def _with_rate(decision: CancelDecision, rate: CancellationRate | None) -> CancelDecision:
    if rate is None:
        return decision
    decision = replace(decision, policy=("cr_denominator", rate.policy.cr_denominator), before_rate=rate)
    if not rate.covers(decision.facts.placed_at):
        return replace(decision, after_rate=rate)
    fresh = decision.counting.counts and not decision.facts.counts_in_cr
    return replace(decision, after_rate=rate.after(counts=fresh, leaves=decision.leaves))
