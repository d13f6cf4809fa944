"""Ask buyers for reviews and feedback, in the marketplace's own words (spapi 6)."""

from collections.abc import Sequence
from datetime import datetime

from sellerdesk.commands import run_batch
from sellerdesk.domain import solicitations
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.solicitations import Delivery, SolicitationRequest
from sellerdesk.models.facts import lock_by_number
from sellerdesk.models.solicitation_writes import read_deliveries, read_windows, write_solicitations


def solicit(
    actor: Actor, requests: Sequence[SolicitationRequest], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Ask the buyers of these orders, each once. Outcome "asked".

    Refusals are those of `domain.solicitations.solicit`, and DUPLICATE_REQUEST, ORDER_NOT_FOUND, FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        known = lock_by_number(seller_id, {request.order_number for request in requests})
        deliveries = read_deliveries(seller_id, [one.id for one in known.values()])
        windows = read_windows({one.marketplace_id for one in known.values()}, now)
        asked: dict[str, tuple[OrderFacts, Delivery]] = {}
        outcomes = []
        for request in requests:
            number = request.order_number
            try:
                if number in asked:
                    raise refuse(Code.DUPLICATE_REQUEST, place=request.place or number)
                if number not in known:
                    raise refuse(Code.ORDER_NOT_FOUND, order_number=number)
                facts, delivery = known[number], deliveries[known[number].id]
                solicitations.solicit(facts, delivery, window=windows[facts.marketplace_id], now=now)
            except Refusal as refusal:
                outcomes.append(refused(number, refusal, request.place))
                continue
            asked[number] = facts, delivery
            outcomes.append(Outcome(number, "asked", place=request.place))
        write_solicitations(actor, seller_id, list(asked.values()), now)
        return outcomes

    return run_batch(actor, Permission.MESSAGES_SEND, requests, work, once)
