"""A buyer's wish to cancel: filed in the account or only said in a message (S3-03 to S3-08, S3-28; rulebook 3.3).

Only a wish that was filed in the account ("formal") keeps a cancellation out of the seller's rate; words in a message
("informal") change nothing until the buyer has filed. Facts and a request go in; a decision comes out, or a Refusal.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sellerdesk.domain.deadlines import self_cancel_end, self_cancel_open
from sellerdesk.domain.facts import ItemFacts, OrderFacts
from sellerdesk.domain.machine import Machine, Move
from sellerdesk.domain.orders import OPEN as OPEN_ORDERS
from sellerdesk.domain.orders import WAITING, Channel, Status
from sellerdesk.domain.refusals import Code, refuse

WORDS_MAX = 500


class State(StrEnum):
    """States of rulebook 3.3; NONE there means that there is no row."""

    REQUESTED_FORMAL = "requested_formal"
    REQUESTED_INFORMAL = "requested_informal"
    GUIDED = "guided"  # the buyer was told how to file it
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SUPERSEDED = "superseded"  # shipped, or cancelled in another way
    EXPIRED = "expired"


_S = State
OPEN = frozenset({_S.REQUESTED_FORMAL, _S.REQUESTED_INFORMAL, _S.GUIDED})
_INFORMAL = frozenset({_S.REQUESTED_INFORMAL, _S.GUIDED})

REQUEST = Machine(
    "cancellation_request",
    start=frozenset({_S.REQUESTED_FORMAL, _S.REQUESTED_INFORMAL}),
    moves={
        "guide": Move(_INFORMAL, _S.GUIDED),
        "file": Move(_INFORMAL, _S.REQUESTED_FORMAL),
        "accept": Move(OPEN, _S.ACCEPTED),
        "decline": Move(OPEN, _S.DECLINED),
        "supersede": Move(OPEN, _S.SUPERSEDED),
        "expire": Move(_INFORMAL, _S.EXPIRED),
    },
)


class Reason(StrEnum):
    """Why a buyer wants to cancel: the portal's list."""

    ORDERED_BY_MISTAKE = "ordered_by_mistake"
    ARRIVES_TOO_LATE = "arrives_too_late"
    FOUND_CHEAPER = "found_cheaper"
    SHIPPING_TOO_EXPENSIVE = "shipping_too_expensive"
    CHANGE_ADDRESS = "change_address"
    CHANGE_PAYMENT = "change_payment"
    NOT_NEEDED = "not_needed"
    OTHER = "other"


class DeclineCause(StrEnum):
    """Why a seller may decline: facts, not wishes (S3-07, S3-08)."""

    SHIPPED = "shipped"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class FilingRequest:
    """The buyer asks in the account. `item_numbers` empty means everything that is still to ship."""

    order_number: str
    reason: Reason
    words: str = ""  # personal
    item_numbers: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """The seller does something about a wish: notes it, guides the buyer, declines it, lets it rest."""

    order_number: str
    cause: DeclineCause | None = None
    version: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class RequestDecision:
    """What becomes of the order's wish: its state after it, and whether a row begins with it."""

    facts: OrderFacts
    verb: str  # file | note | guide | decline | expire
    state: State
    begins: bool
    item_numbers: tuple[str, ...]
    after: OrderFacts
    reason: str = ""
    words: str = ""
    cause: str = ""


def state_of(facts: OrderFacts) -> State | None:
    """The open wish of an order, or None."""
    return State(facts.cancel_request) if facts.cancel_request else None


def file(
    facts: OrderFacts, request: FilingRequest, *, self_cancel_minutes: int, now: datetime
) -> RequestDecision:
    """Decide a buyer's formal request (S3-05).

    Raises Refusal: SELF_CANCEL_OPEN (the buyer can still cancel alone: T07), WAREHOUSE_ORDER, ORDER_CANCELLED,
    ALREADY_SHIPPED, ITEMS_UNKNOWN, ITEM_NOT_FOUND, ALREADY_REQUESTED, INVALID_VALUE.
    """
    _check_wishable(facts)
    if self_cancel_open(facts.placed_at, now, self_cancel_minutes) and not _any_shipped(facts):
        until = self_cancel_end(facts.placed_at, self_cancel_minutes)
        raise refuse(Code.SELF_CANCEL_OPEN, order_number=facts.order_number, until=until)
    if len(request.words) > WORDS_MAX:
        expected = f"at most {WORDS_MAX} characters"
        raise refuse(Code.INVALID_VALUE, place="words", value=request.words[:40], expected=expected)
    items = _wished(facts, request.item_numbers)
    state = state_of(facts)
    if state is State.REQUESTED_FORMAL:
        raise refuse(Code.ALREADY_REQUESTED, order_number=facts.order_number, at=facts.cancel_requested_at)
    flagged = {item.item_number for item in items}
    after = replace(
        facts,
        cancel_request=State.REQUESTED_FORMAL.value,
        cancel_requested_at=now,
        items=tuple(
            replace(i, cancel_requested=True) if i.item_number in flagged else i for i in facts.items
        ),
        version=facts.version + 1,
    )
    return RequestDecision(
        facts,
        "file",
        State.REQUESTED_FORMAL,
        begins=state is None,
        item_numbers=tuple(item.item_number for item in items),
        after=after,
        reason=request.reason.value,
        words=request.words,
    )


def note(facts: OrderFacts, request: MoveRequest) -> RequestDecision:
    """Decide that staff take a message for a wish to cancel: on record, but with no effect on any rate (S3-06, S3-30).

    Raises Refusal as `file` does for orders that cannot be cancelled any more, and ALREADY_REQUESTED.
    """
    _check_wishable(facts)
    _check_version(facts, request.version)
    if facts.cancel_request:
        raise refuse(Code.ALREADY_REQUESTED, order_number=facts.order_number, at=facts.cancel_requested_at)
    return _moved(facts, "note", State.REQUESTED_INFORMAL, begins=True)


def guide(facts: OrderFacts, request: MoveRequest) -> RequestDecision:
    """Decide that the buyer is told how to file the request (S3-28). A wish that nobody noted is noted by it.

    Raises Refusal ALREADY_REQUESTED when the buyer has filed already, and as `note`.
    """
    _check_wishable(facts)
    _check_version(facts, request.version)
    state = state_of(facts)
    if state is State.REQUESTED_FORMAL:
        raise refuse(Code.ALREADY_REQUESTED, order_number=facts.order_number, at=facts.cancel_requested_at)
    return _moved(facts, "guide", State.GUIDED, begins=state is None)


def decline(facts: OrderFacts, request: MoveRequest) -> RequestDecision:
    """Decide that a wish is declined because the goods, or a label, are on their way (S3-07, S3-08).

    Raises Refusal NO_CANCEL_REQUEST without an open wish, DECLINE_UNFOUNDED when the facts do not bear the cause out.
    """
    _check_version(facts, request.version)
    if not facts.cancel_request:
        raise refuse(Code.NO_CANCEL_REQUEST, order_number=facts.order_number)
    founded = {DeclineCause.SHIPPED: _any_shipped(facts), DeclineCause.LABEL: live_label(facts) is not None}
    if request.cause is None or not founded[request.cause]:
        raise refuse(Code.DECLINE_UNFOUNDED, order_number=facts.order_number, cause=request.cause or "")
    decision = _moved(facts, "decline", State.DECLINED, begins=False)
    return replace(decision, cause=request.cause.value)


def dismiss(facts: OrderFacts, request: MoveRequest) -> RequestDecision:
    """Decide that an informal wish rests: it was none, or the buyer wants the goods after all.

    Raises Refusal NO_CANCEL_REQUEST without one; a formal request is accepted or declined, never dismissed.
    """
    _check_version(facts, request.version)
    if state_of(facts) not in _INFORMAL:
        raise refuse(Code.NO_CANCEL_REQUEST, order_number=facts.order_number)
    return _moved(facts, "expire", State.EXPIRED, begins=False)


def live_label(facts: OrderFacts) -> str | None:
    """The reference of a parcel that has a label, or was announced, and that no carrier has seen yet (S3-08, C10)."""
    packed: Counter[str] = Counter()
    for package in facts.packages:
        if package.status != "CANCELLED":
            packed.update(package.lines)
    ahead = {item.item_number for item in facts.items if packed[item.item_number] > item.shipped}
    waiting = (package for package in facts.packages if package.status == "PENDING")
    return next((package.reference for package in waiting if ahead & set(package.lines)), None)


def guide_follow_up_at(guided_at: datetime, hours: int) -> datetime:
    """When a buyer who stays silent after the guiding message is worth an important one (S3-29)."""
    return guided_at + timedelta(hours=hours)


def _moved(facts: OrderFacts, verb: str, state: State, *, begins: bool) -> RequestDecision:
    left = tuple(item.item_number for item in facts.items if item.left)
    word = state.value if state in OPEN else ""
    after = replace(facts, cancel_request=word, version=facts.version + 1)
    return RequestDecision(facts, verb, state, begins=begins, item_numbers=left, after=after)


def _check_wishable(facts: OrderFacts) -> None:
    if facts.channel is Channel.AFN:
        raise refuse(Code.WAREHOUSE_ORDER, order_number=facts.order_number)
    if facts.status is Status.CANCELED:
        raise refuse(Code.ORDER_CANCELLED, order_number=facts.order_number)
    if not facts.items_known:
        raise refuse(Code.ITEMS_UNKNOWN, order_number=facts.order_number)
    if facts.status not in OPEN_ORDERS | WAITING:
        raise refuse(Code.ALREADY_SHIPPED, order_number=facts.order_number)


def _check_version(facts: OrderFacts, version: int | None) -> None:
    if version is not None and version != facts.version:
        raise refuse(
            Code.STALE_VERSION, order_number=facts.order_number, expected=version, actual=facts.version
        )


def _wished(facts: OrderFacts, item_numbers: tuple[str, ...]) -> tuple[ItemFacts, ...]:
    asked = tuple(facts.item(number) for number in dict.fromkeys(item_numbers))
    items = asked or tuple(item for item in facts.items if item.left)
    if not items:  # other platforms' open orders may come with lines of nought units
        raise refuse(Code.ITEMS_UNKNOWN, order_number=facts.order_number)
    for item in items:
        if not item.left:
            raise refuse(Code.ALREADY_SHIPPED, order_number=facts.order_number)
    return items


def _any_shipped(facts: OrderFacts) -> bool:
    return any(item.shipped for item in facts.items)
