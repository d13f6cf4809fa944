"""What a step of a return would do, by the same decisions that the commands take (design 2.4; screens 1.10).

Nothing is locked or written. Each answer holds the refusal that the command would give at this moment, or None.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sellerdesk.domain import return_goods, return_ways, returns
from sellerdesk.domain.actors import Party
from sellerdesk.domain.refund_decisions import propose
from sellerdesk.domain.refunds import RefundFacts
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.return_facts import Payer, ReturnFacts, ReturnState
from sellerdesk.domain.return_goods import Inspection
from sellerdesk.domain.return_ways import WayBack
from sellerdesk.domain.returns import ReturnAsked, ReturnDecision, returnable
from sellerdesk.models.refund_terms import how_to_decide
from sellerdesk.models.return_facts import SellerSetting
from sellerdesk.models.return_terms import ReturnWorld
from sellerdesk.models.tenancy import scoped


@dataclass(frozen=True, slots=True)
class RequestPreview:
    """Asking for a return: `left` says how many units of each line can be asked for. With a decision: its verdict,
    window_ends_at, payer, state (AUTHORIZED: at once; PENDING_REFUND: the buyer keeps it), international.
    """

    left: Mapping[str, int] = field(default_factory=dict)
    decision: ReturnDecision | None = None
    refusal: Refusal | None = None


def preview_request(seller_id: int, asked: ReturnAsked, now: datetime) -> RequestPreview:
    """What `request_returns` would answer."""
    world = _world(seller_id, asked.order_number, now)
    facts = world.known.get(asked.order_number)
    if facts is None:
        return RequestPreview(refusal=refuse(Code.ORDER_NOT_FOUND, order_number=asked.order_number))
    left = {item.item_number: max(0, returnable(facts, item)) for item in facts.order.items}
    try:
        return RequestPreview(left, returns.request(facts, asked, world.how(facts, asked)))
    except Refusal as refusal:
        return RequestPreview(left, refusal=refusal)


@dataclass(frozen=True, slots=True)
class AuthorizePreview:
    """Authorising: what the mail to the buyer will say. `international`: the goods would cross a border."""

    rma: str = ""
    address: Mapping[str, str] = field(default_factory=dict)
    instructions: str = ""
    payer: Payer | None = None
    international: bool = False
    buyer_country: str = ""
    refusal: Refusal | None = None


def preview_authorize(
    seller_id: int, order_number: str, rma: str, way: WayBack, now: datetime
) -> AuthorizePreview:
    """What `authorize_returns` would answer; an empty address means the seller's setting. Whether a number of the
    seller's own is taken is only known at the click.
    """
    world, facts, known, refusal = _found(seller_id, order_number, rma, now)
    if facts is None or known is None:
        return AuthorizePreview(refusal=refusal)
    around = world.around[facts.order.id]
    setting = world.settings.get(facts.order.marketplace_id, SellerSetting())
    given: dict[str, Any] = dict(way.address or setting.address)
    crosses = return_ways.crosses_border(around.buyer_country, given, around.based_in)
    if not way.address:
        way = replace(way, address=given)
    shown = AuthorizePreview(
        way.own_rma or rma, given, setting.instructions, None, crosses, around.buyer_country
    )
    try:
        returns.after(known, "authorize", order_number)
        done = return_ways.authorize(known, way, facts.order, around.buyer_country)
    except Refusal as said:
        return AuthorizePreview(
            shown.rma, given, shown.instructions, None, crosses, around.buyer_country, said
        )
    return AuthorizePreview(
        done.rma, done.address, shown.instructions, done.payer, crosses, around.buyer_country
    )


@dataclass(frozen=True, slots=True)
class ClosePreview:
    """Closing as the seller. `contacted`: somebody has written to the buyer (S2-16). `wrongly_rejected`: it is in
    policy, so closing it as not returnable or out of policy counts against the seller.
    """

    contacted: bool = False
    in_policy: bool = True
    wrongly_rejected: bool = False
    refusal: Refusal | None = None


def preview_close(seller_id: int, order_number: str, rma: str, reason: str, now: datetime) -> ClosePreview:
    """What `close_returns` would answer; without a reason, whether it may be closed at all."""
    world, facts, known, refusal = _found(seller_id, order_number, rma, now)
    if facts is None or known is None:
        return ClosePreview(refusal=refusal)
    contacted = world.around[facts.order.id].contacted
    try:
        if not reason:
            returns.closable(known, order_number)
            return ClosePreview(contacted, known.in_policy)
        _, values = returns.close(known, reason, "-", facts.order, left=facts.left)
    except Refusal as said:
        return ClosePreview(contacted, known.in_policy, refusal=said)
    return ClosePreview(contacted, known.in_policy, values["wrongly_rejected"])


@dataclass(frozen=True, slots=True)
class ReceivePreview:
    """Receiving: how many units come, what the state will be, and when the refund is due (None: none is owed)."""

    units: int = 0
    state: ReturnState | None = None
    refund_due_at: datetime | None = None
    missing: Mapping[str, int] = field(default_factory=dict)
    refusal: Refusal | None = None


def preview_receive(
    seller_id: int, order_number: str, rma: str, lines: Mapping[str, int], now: datetime
) -> ReceivePreview:
    """What `receive_returns` would answer; `lines` empty: all that is missing."""
    world, facts, known, refusal = _found(seller_id, order_number, rma, now)
    if facts is None or known is None:
        return ReceivePreview(refusal=refusal)
    missing = {line.item_number: line.quantity - line.received for line in known.lines}
    try:
        state, _, units = return_goods.receive(known, lines, order_number)
    except Refusal as said:
        return ReceivePreview(missing=missing, refusal=said)
    if state is ReturnState.COMPLETED:
        return ReceivePreview(units, state, None, missing)
    calendar = world.calendars[facts.order.marketplace_id]
    due = returns.refund_due(now, world.terms[facts.order.id], calendar)
    return ReceivePreview(units, state, due.due_at, missing)


@dataclass(frozen=True, slots=True)
class GradePreview:
    """Grading: units back to stock and units that cannot be sold (changes, so below zero for a correction), what is
    proposed as refund, and the most that may be kept of it (minor units of `currency`).
    """

    state: ReturnState | None = None
    restocked: int = 0
    unsellable: int = 0
    refund: int = 0
    fee_most: int = 0
    currency: str = ""
    refusal: Refusal | None = None


def preview_grade(
    seller_id: int, order_number: str, rma: str, said: Inspection, now: datetime
) -> GradePreview:
    """What `grade_returns` would answer, and what the refund could be then."""
    _, facts, known, refusal = _found(seller_id, order_number, rma, now)
    if facts is None or known is None:
        return GradePreview(refusal=refusal)
    currency = facts.order.currency
    try:
        state, changes = return_goods.grade(known, said, order_number)
    except Refusal as no:
        return GradePreview(currency=currency, refusal=no)
    moved = {"returned": 0, "unsellable": 0}
    for _item, kind, units in return_goods.stock_moves(known, changes):
        moved[kind] += units
    with scoped(seller_id):
        how = how_to_decide(Party.SELLER, [facts], now)
    refund, fee = propose(facts, return_goods.graded(known, changes), how(facts, rma))
    return GradePreview(state, moved["returned"], moved["unsellable"], refund, fee, currency)


def _world(seller_id: int, order_number: str, now: datetime) -> ReturnWorld:
    with scoped(seller_id):
        return ReturnWorld.read(seller_id, {order_number}, now, lock=False)


_Found = tuple[ReturnWorld, RefundFacts | None, ReturnFacts | None, Refusal | None]


def _found(seller_id: int, order_number: str, rma: str, now: datetime) -> _Found:
    world = _world(seller_id, order_number, now)
    facts = world.known.get(order_number)
    if facts is None:
        return world, None, None, refuse(Code.ORDER_NOT_FOUND, order_number=order_number)
    known = next((one for one in facts.returns if one.rma == rma), None)
    if known is None:
        return world, facts, None, refuse(Code.RETURN_NOT_FOUND, order_number=order_number, rma=rma)
    return world, facts, known, None
