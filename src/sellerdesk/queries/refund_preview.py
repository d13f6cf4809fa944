"""What refunding would do, by the same decisions that the command takes (design 2.4; screens 1.9)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sellerdesk.domain.actors import Party
from sellerdesk.domain.refund_decisions import Deciding, fee_most, questions, refund
from sellerdesk.domain.refunds import RefundDecision, RefundFacts, RefundRequest
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.models.refund_facts import read_money
from sellerdesk.models.refund_terms import how_to_decide
from sellerdesk.models.tenancy import scoped


@dataclass(frozen=True, slots=True)
class RefundPreview:
    """What `commands.refunds.request_refunds` would answer to one request at this moment.

    `refusal` None: it would accept. With a decision beside the refusal, a person's yes (`questions`) is all it needs.
    `fee_most` is the most that might be kept of it as a restocking fee, in minor units, whatever fee was asked for;
    `settle_days` after how many business days buyers have their money, at the earliest and the latest; `limit` from
    above which amount a second person must agree.
    """

    facts: RefundFacts | None
    decision: RefundDecision | None = None
    refusal: Refusal | None = None
    questions: tuple[Refusal, ...] = ()
    fee_most: int = 0
    settle_days: tuple[int, int] = (0, 0)
    limit: int | None = None


def preview_refunds(
    seller_id: int, requests: Sequence[RefundRequest], now: datetime, *, party: Party = Party.SELLER
) -> list[RefundPreview]:
    """What the command would do with the batch, in its order; nothing is locked or written."""
    with scoped(seller_id):
        known = read_money(seller_id, {request.order_number for request in requests})
        how = how_to_decide(party, known.values(), now)
    return [_preview(known, request, how) for request in requests]


def refund_facts(seller_id: int, order_number: str) -> RefundFacts | None:
    """An order with its money and its returns, or None when the seller has no such order."""
    with scoped(seller_id):
        return read_money(seller_id, {order_number}).get(order_number)


def _preview(
    known: dict[str, RefundFacts], request: RefundRequest, how: Callable[[RefundFacts, str], Deciding]
) -> RefundPreview:
    facts = known.get(request.order_number)
    if facts is None:
        return RefundPreview(None, refusal=refuse(Code.ORDER_NOT_FOUND, order_number=request.order_number))
    deciding = how(facts, request.rma)
    terms = deciding.terms
    found = RefundPreview(
        facts,
        fee_most=_fee_most(facts, request, deciding),
        settle_days=(terms.refund_settle_days_min, terms.refund_settle_days_max),
        limit=terms.limit(facts.order.currency),
    )
    try:
        decision = refund(facts, request, deciding)
    except Refusal as refusal:
        return replace(found, refusal=refusal)
    asked = tuple(questions(decision))
    if asked:
        return replace(found, decision=decision, refusal=asked[0], questions=asked)
    known[request.order_number] = decision.after
    return replace(found, decision=decision)


def _fee_most(facts: RefundFacts, request: RefundRequest, how: Deciding) -> int:
    try:
        plain = refund(facts, replace(request, fee=0), how)
    except Refusal:
        return 0
    return fee_most(plain.linked, plain.parts, how) if plain.linked else 0
