"""Return requests: who may send what back, until when, and what each step leads to (S2-01 to S2-17, S4-16, S4-17,
S4-23; S0-31; rulebook 2.7, 3.4; T14).

Facts and a request go in; a decision comes out, or a Refusal is raised. Authorising moves no money (S2-17).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sellerdesk.domain.calendars import BusinessCalendar
from sellerdesk.domain.deadlines import DeadlineKind, Due
from sellerdesk.domain.facts import ItemFacts, OrderFacts
from sellerdesk.domain.lengths import check_words
from sellerdesk.domain.machine import Machine, Move
from sellerdesk.domain.message_lint import check_note
from sellerdesk.domain.photos import Photo, check_kept
from sellerdesk.domain.policies import PolicyBook
from sellerdesk.domain.refunds import RefundFacts
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.domain.return_facts import (
    BACK,
    CLOSED,
    OPEN,
    Payer,
    ReturnFacts,
    ReturnKind,
    ReturnLine,
    ReturnReason,
    ReturnState,
    payer_of,
)
from sellerdesk.domain.return_settings import Automatic, Effect
from sellerdesk.domain.return_ways import Label as Label  # part of what every return knows

COMMENT_LENGTH_MOST = 2000  # of the buyer, and of the seller who closes
_S = ReturnState


def _at(*states: str) -> frozenset[str]:
    return frozenset(states)


RETURN = Machine(
    "return",
    # What the buyer may keep waits for its refund alone; what was refused is on its way already.
    start=_at(_S.PENDING_AUTHORIZATION, _S.AUTHORIZED, _S.PENDING_REFUND, _S.IN_TRANSIT_BACK),
    moves={
        "authorize": Move(_at(_S.PENDING_AUTHORIZATION), _S.AUTHORIZED),
        "depart": Move(_at(_S.AUTHORIZED), _S.IN_TRANSIT_BACK),
        # The parcel turned round with the units in it, whether or not the seller had said yes.
        "turn_round": Move(_at(_S.PENDING_AUTHORIZATION, _S.AUTHORIZED), _S.IN_TRANSIT_BACK),
        # In parts, too; and goods that were refunded before they came are taken in without opening the return again.
        "receive": Move(
            _at(_S.AUTHORIZED, _S.IN_TRANSIT_BACK, *BACK, _S.COMPLETED),
            outcomes=_at(_S.RECEIVED, _S.COMPLETED),
        ),
        # When every line has its grade, only the refund is left to do. Graded anew, the last word counts.
        "grade": Move(_at(*BACK, _S.COMPLETED), outcomes=_at(_S.INSPECTED, _S.PENDING_REFUND, _S.COMPLETED)),
        "complete": Move(_at(*OPEN), _S.COMPLETED),
        "close": Move(_at(_S.PENDING_AUTHORIZATION, _S.AUTHORIZED, _S.PENDING_REFUND), _S.CLOSED_BY_SELLER),
        "withdraw": Move(_at(*OPEN), _S.CLOSED_BY_BUYER),
        "expire": Move(_at(_S.PENDING_AUTHORIZATION, _S.AUTHORIZED), _S.CLOSED_AUTO),
    },
)


class Verdict(StrEnum):
    """Whether a request is within the marketplace's policy, and why not."""

    IN_POLICY = "in_policy"
    NOT_DELIVERED = "not_delivered"  # within it too: nobody knows of a delivery, so no window runs
    WINDOW_OVER = "window_over"


class CloseReason(StrEnum):
    """The seller's reasons for closing a request (S2-12, S4-23)."""

    NOT_RETURNABLE = "not_returnable"
    OUT_OF_POLICY = "out_of_policy"
    SOLVED = "solved"  # a technical problem was solved
    REFUNDED_WITHOUT_RETURN = "refunded_without_return"
    BUYER_KEEPS = "buyer_keeps"  # the buyer gave it up
    OTHER = "other"


PAYS_NOTHING = frozenset({CloseReason.SOLVED, CloseReason.BUYER_KEEPS})
"""Reasons that both sides agree upon: with them the seller may close what came back without a refund."""


@dataclass(frozen=True, slots=True)
class ReturnTerms:
    """The policy values of a return; fields are named like their policy keys."""

    return_window_days: int
    return_extensions: list[dict[str, str]]
    return_answer_hours: int
    return_idle_close_days: int
    return_method_days: int
    foreign_keep_limit: int  # whole units of the currency; 0: nothing
    refund_after_receipt_days: int
    refund_overdue_by: str  # "marketplace" | "nobody"
    refund_first_scan_by: str

    @classmethod
    def of(cls, book: PolicyBook, marketplace_id: str, on: date) -> "ReturnTerms":
        """The terms of a marketplace on the order's local day. Raises LookupError when a policy is missing."""
        return cls(**{key: book.value(marketplace_id, key, on) for key in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class ReturnAsked:
    """A buyer wants to send units back: item number → units."""

    order_number: str
    reason: ReturnReason
    lines: Mapping[str, int]
    comment: str = ""
    wish: str = ""
    raw_reason: str = ""
    kind: ReturnKind = ReturnKind.CUSTOMER
    place: str = ""
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnHow:
    """What a request is decided by. `delivered_at` None: nobody knows. `effect`: what the seller's rules do to it."""

    now: datetime
    terms: ReturnTerms
    calendar: BusinessCalendar
    delivered_at: datetime | None = None
    automatic: Automatic = Automatic.MANUAL
    effect: Effect | None = None
    international: bool = False  # it would cross a border
    foreign_keep: bool = False  # and is worth so little that the marketplace leaves it with the buyer


@dataclass(frozen=True, slots=True)
class ReturnDecision:
    """What asking leads to."""

    facts: RefundFacts
    asked: ReturnAsked
    state: ReturnState
    lines: dict[int, int]  # item id → units
    verdict: Verdict
    window_ends_at: datetime | None
    payer: Payer
    returnless: bool
    dues: tuple[Due, ...] = field(default=())
    international: bool = False

    @property
    def in_policy(self) -> bool:
        return self.verdict is not Verdict.WINDOW_OVER


def window_end(delivered_at: datetime, placed_at: datetime, how: ReturnHow) -> datetime:
    """The last second of the window: days after the delivery, or a season's later day for orders placed in it."""
    calendar = how.calendar
    last = calendar.local_date(delivered_at) + timedelta(days=how.terms.return_window_days)
    placed = calendar.local_date(placed_at)
    for one in how.terms.return_extensions:
        first, until = date.fromisoformat(one["placed_from"]), date.fromisoformat(one["placed_until"])
        if first <= placed <= until:
            last = max(last, date.fromisoformat(one["until"]))
    return calendar.end_of_day(last)


def returnable(facts: RefundFacts, item: ItemFacts) -> int:
    """Units of a line that nobody has asked to return yet (T14): a closed request gives its units back."""
    asked = sum(one.units.get(item.id, 0) for one in facts.returns if one.state not in CLOSED)
    return item.shipped - asked


def request(facts: RefundFacts, asked: ReturnAsked, how: ReturnHow) -> ReturnDecision:
    """Decide a request.

    Raises Refusal NOT_SHIPPED, ITEMS_UNKNOWN, MISSING_VALUE (no line), ITEM_NOT_FOUND, INVALID_VALUE, RETURN_QUANTITY,
    TOO_MANY_ATTACHMENTS, PHOTO_REFUSED.
    """
    order = facts.order
    if not order.items_known:
        raise refuse(Code.ITEMS_UNKNOWN, order_number=order.order_number)
    if not any(item.shipped for item in order.items):
        raise refuse(Code.NOT_SHIPPED, order_number=order.order_number)
    lines = _lines(facts, asked)
    check_words(asked.comment, place="comment", most=COMMENT_LENGTH_MOST)
    check_kept(asked.photos)
    ends = window_end(how.delivered_at, order.placed_at, how) if how.delivered_at else None
    verdict = Verdict.NOT_DELIVERED
    if ends is not None:
        verdict = Verdict.IN_POLICY if how.now <= ends else Verdict.WINDOW_OVER
    state = _start(asked.kind, verdict, how)
    returnless = state is ReturnState.PENDING_REFUND
    payer = payer_of(asked.reason, international=how.international)
    dues = tuple(_dues_of(state, how))
    return ReturnDecision(
        facts, asked, state, lines, verdict, ends, payer, returnless, dues, how.international
    )


def _lines(facts: RefundFacts, asked: ReturnAsked) -> dict[int, int]:
    number = facts.order.order_number
    if not asked.lines:
        raise refuse(Code.MISSING_VALUE, place="lines", order_number=number)
    lines = {}
    for item_number, quantity in asked.lines.items():
        item = facts.order.item(item_number)
        if quantity < 1:
            expected = "a whole number above zero"
            raise refuse(Code.INVALID_VALUE, place=item_number, value=str(quantity), expected=expected)
        left = returnable(facts, item)
        if quantity > left:
            said = {"order_number": number, "item_number": item_number, "asked": quantity, "left": left}
            raise refuse(Code.RETURN_QUANTITY, **said)
        lines[item.id] = quantity
    return lines


def _start(kind: ReturnKind, verdict: Verdict, how: ReturnHow) -> ReturnState:
    if kind is ReturnKind.REFUSED:
        return _S.IN_TRANSIT_BACK
    if how.effect is Effect.RETURNLESS or (how.international and how.foreign_keep):
        return _S.PENDING_REFUND
    if how.effect is Effect.MANUAL or how.international:  # a border needs a way back that somebody chose
        return _S.PENDING_AUTHORIZATION
    in_policy = verdict is not Verdict.WINDOW_OVER
    automatic = how.automatic is Automatic.ALL or (how.automatic is Automatic.IN_POLICY and in_policy)
    return _S.AUTHORIZED if automatic or how.effect is Effect.AUTHORIZE else _S.PENDING_AUTHORIZATION


def _dues_of(state: ReturnState, how: ReturnHow) -> list[Due]:
    dues = []
    if state is _S.PENDING_AUTHORIZATION:
        hours = how.terms.return_answer_hours
        at = how.now + timedelta(hours=hours)
        dues.append(Due(DeadlineKind.RETURN_ANSWER, at, "return_answer_hours", hours))
        if how.international:
            days = how.terms.return_method_days
            at = how.calendar.add_calendar_days(how.now, days)
            dues.append(Due(DeadlineKind.RETURN_METHOD, at, "return_method_days", days))
    if state in (_S.PENDING_AUTHORIZATION, _S.AUTHORIZED):
        days = how.terms.return_idle_close_days
        at = how.calendar.add_calendar_days(how.now, days)
        dues.append(Due(DeadlineKind.RETURN_IDLE, at, "return_idle_close_days", days))
    return dues


def with_return(decision: ReturnDecision, rma: str, now: datetime) -> RefundFacts:
    """The facts as the next request of the same batch finds them."""
    numbers = {item.id: item.item_number for item in decision.facts.order.items}
    fresh = ReturnFacts(
        0,
        rma,
        decision.asked.kind,
        decision.state,
        decision.asked.reason,
        decision.in_policy,
        decision.returnless,
        now,
        tuple(ReturnLine(item, numbers[item], units) for item, units in decision.lines.items()),
    )
    return replace(decision.facts, returns=(*decision.facts.returns, fresh))


def refund_due(received_at: datetime, terms: ReturnTerms, calendar: BusinessCalendar) -> Due:
    """When the refund is due after the goods came: the end of the n-th business day (C8)."""
    days = terms.refund_after_receipt_days
    at = calendar.end_of_day(calendar.add_business_days(calendar.local_date(received_at), days))
    return Due(DeadlineKind.RETURN_REFUND, at, "refund_after_receipt_days", days)


def after(facts: ReturnFacts, verb: str, order_number: str) -> ReturnState:
    """The state after a verb. Raises Refusal RETURN_STATE where it may not be said."""
    if facts.state not in RETURN.moves[verb].sources:
        said = {"rma": facts.rma, "state": facts.state.value, "verb": verb}
        raise refuse(Code.RETURN_STATE, order_number=order_number, **said)
    return ReturnState(RETURN.after(facts.state, verb))


def closable(facts: ReturnFacts, order_number: str) -> ReturnState:
    """The state after closing. A refund that is held would still go out, so it has to be called back or gone before.

    Raises Refusal RETURN_STATE, REFUND_UNDERWAY.
    """
    state = after(facts, "close", order_number)
    if facts.underway:
        said = {"rma": facts.rma, "reference": facts.underway}
        raise refuse(Code.REFUND_UNDERWAY, order_number=order_number, **said)
    return state


def close(
    facts: ReturnFacts,
    reason: str,
    comment: str,
    order: OrderFacts,
    *,
    left: int = 1,
    by_seller: bool = True,
) -> tuple[ReturnState, dict[str, Any]]:
    """Decide that the seller closes: with a reason and a comment (S2-13). Closing what is in policy is flagged.

    Goods that came back are paid for, unless buyer and seller agree; `left` is what can still be refunded of the order.
    The buyer reads the comment: `by_seller`, it is looked at like a message.
    Raises Refusal MISSING_VALUE, INVALID_VALUE, LINT_REFUSED, RETURN_STATE, REFUND_UNDERWAY, RETURN_GOODS_HERE.
    """
    if not reason:
        raise refuse(Code.MISSING_VALUE, place="close_reason", order_number=order.order_number)
    if reason not in {one.value for one in CloseReason}:
        raise refuse(
            Code.INVALID_VALUE, place="close_reason", value=reason[:40], expected=", ".join(CloseReason)
        )
    if not comment.strip():
        raise refuse(Code.MISSING_VALUE, place="close_comment", order_number=order.order_number)
    check_words(comment, place="close_comment", most=COMMENT_LENGTH_MOST)
    if by_seller:
        check_note(comment, "close_comment", order, (facts.rma,))
    state = closable(facts, order.order_number)
    if left and facts.goods_unpaid and reason not in PAYS_NOTHING:
        raise refuse(Code.RETURN_GOODS_HERE, order_number=order.order_number, rma=facts.rma)
    rejected = facts.state is _S.PENDING_AUTHORIZATION and facts.in_policy
    wrongly = rejected and reason in (CloseReason.NOT_RETURNABLE, CloseReason.OUT_OF_POLICY)
    return state, {"close_reason": reason, "close_comment": comment, "wrongly_rejected": wrongly}
