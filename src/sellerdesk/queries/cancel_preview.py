"""What cancelling would do, by the same decisions that the command takes (design 2.4; screens 1.7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sellerdesk.domain import cancellations
from sellerdesk.domain.cancellations import CancelDecision, CancelRequest
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.rates import CancellationRate
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.models.facts import read_by_number
from sellerdesk.models.rates import read_rates
from sellerdesk.models.tenancy import scoped


@dataclass(frozen=True, slots=True)
class CancelPreview:
    """What `commands.cancellations.cancel_orders` would answer to one request at this moment.

    `refusal` None: it would accept, and `decision` is what it would do. With a refusal, `decision` is None when no yes
    of a person could help; otherwise it is what would happen after one, and `questions` are all that stand in its way,
    in the order in which the command asks them (LABEL_EXISTS, EFFECT_CHANGED, then OVER_LIMIT or FORBIDDEN).
    """

    facts: OrderFacts | None
    decision: CancelDecision | None = None
    refusal: Refusal | None = None
    questions: tuple[Refusal, ...] = ()


def preview_cancellations(
    seller_id: int, requests: Sequence[CancelRequest], now: datetime, *, may_exceed: bool = True
) -> list[CancelPreview]:
    """What the command would do with the batch, in its order; nothing is locked or written.

    Accepted requests build on each other, for their order and for their marketplace's rate, as in the command; refused
    ones leave no trace. `may_exceed` is whether the asker has the permission to cancel over the limit.
    """
    with scoped(seller_id):
        known = read_by_number(seller_id, {request.order_number for request in requests})
        rates = read_rates(seller_id, {facts.marketplace_id for facts in known.values()}, now)
    return [_preview(known, rates, request, may_exceed=may_exceed) for request in requests]


def current_rate(seller_id: int, marketplace_id: str, now: datetime) -> CancellationRate:
    """The marketplace's rate at `now`, with the policy that judges it."""
    with scoped(seller_id):
        return read_rates(seller_id, {marketplace_id}, now)[marketplace_id]


def _preview(
    known: dict[str, OrderFacts],
    rates: dict[str, CancellationRate],
    request: CancelRequest,
    *,
    may_exceed: bool,
) -> CancelPreview:
    facts = known.get(request.order_number)
    if facts is None:
        return CancelPreview(None, refusal=refuse(Code.ORDER_NOT_FOUND, order_number=request.order_number))
    try:
        decision = cancellations.cancel(facts, request, rate=rates[facts.marketplace_id])
    except Refusal as refusal:
        return CancelPreview(facts, refusal=refusal)
    questions = tuple(cancellations.questions(decision, request, may_exceed=may_exceed))
    if questions:
        return CancelPreview(facts, decision, questions[0], questions)
    known[request.order_number] = decision.after
    if decision.after_rate is not None:
        rates[facts.marketplace_id] = decision.after_rate
    return CancelPreview(facts, decision)
