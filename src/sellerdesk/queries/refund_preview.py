"""What refunding would do, by the same decisions that the command takes (design 2.4; screens 1.9)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sellerdesk.domain.actors import Party
from sellerdesk.domain.refund_decisions import Deciding, questions, refund
from sellerdesk.domain.refunds import RefundDecision, RefundFacts, RefundRequest
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.models.refund_facts import read_money
from sellerdesk.models.refund_terms import how_to_decide
from sellerdesk.models.tenancy import scoped


@dataclass(frozen=True, slots=True)
class RefundPreview:
    """What `commands.refunds.request_refunds` would answer to one request at this moment.

    `refusal` None: it would accept. With a decision beside the refusal, a person's yes (`questions`) is all it needs.
    """

    facts: RefundFacts | None
    decision: RefundDecision | None = None
    refusal: Refusal | None = None
    questions: tuple[Refusal, ...] = ()


def preview_refunds(
    seller_id: int, requests: Sequence[RefundRequest], now: datetime, *, party: Party = Party.SELLER
) -> list[RefundPreview]:
    """What the command would do with the batch, in its order; nothing is locked or written."""
    with scoped(seller_id):
        known = read_money(seller_id, {request.order_number for request in requests})
        how = how_to_decide(party, known.values(), now)
    return [_preview(known, request, how) for request in requests]


def _preview(
    known: dict[str, RefundFacts], request: RefundRequest, how: Callable[[RefundFacts, str], Deciding]
) -> RefundPreview:
    facts = known.get(request.order_number)
    if facts is None:
        return RefundPreview(None, refusal=refuse(Code.ORDER_NOT_FOUND, order_number=request.order_number))
    try:
        decision = refund(facts, request, how(facts, request.rma))
    except Refusal as refusal:
        return RefundPreview(facts, refusal=refusal)
    asked = tuple(questions(decision))
    if asked:
        return RefundPreview(facts, decision, asked[0], asked)
    known[request.order_number] = decision.after
    return RefundPreview(facts, decision)
