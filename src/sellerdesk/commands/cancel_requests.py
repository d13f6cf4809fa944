"""Buyers' wishes to cancel: file them, note them, decline them, let them rest (rulebook 3.3; S3-03 to S3-08)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from sellerdesk.commands import run_batch
from sellerdesk.domain import cancel_requests
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.cancel_requests import FilingRequest, MoveRequest, RequestDecision
from sellerdesk.domain.deadlines import Due
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.policies import PolicyBook
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.models.cancel_request_writes import cancel_answer_due, write_requests
from sellerdesk.models.facts import lock_by_number
from sellerdesk.models.terms import policy_book

Asked = TypeVar("Asked", FilingRequest, MoveRequest)
Decided = tuple[RequestDecision, Due | None]


def file_requests(
    actor: Actor, requests: Sequence[FilingRequest], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """File buyers' formal requests (S3-05): the order is held, LastUpdateDate moves, an answer falls due.

    Outcome "requested" with facts items (numbers), answer_by (ISO, UTC), version. Refusals are those of
    `domain.cancel_requests.file`, and ORDER_NOT_FOUND, FORBIDDEN, BUSY.
    SELF_CANCEL_OPEN says that there is no need to ask.
    """

    def work(seller_id: int) -> list[Outcome]:
        known = lock_by_number(seller_id, {request.order_number for request in requests})
        book = policy_book({facts.marketplace_id for facts in known.values()})

        def decide(facts: OrderFacts, request: FilingRequest) -> Decided:
            minutes = _policy(book, facts, "self_cancel_minutes")
            hours = _policy(book, facts, "cancel_answer_hours")
            decision = cancel_requests.file(facts, request, self_cancel_minutes=minutes, now=now)
            return decision, cancel_answer_due(hours, now + timedelta(hours=hours))

        return _decide(actor, seller_id, known, requests, decide, now=now)

    return run_batch(actor, Permission.CANCELLATIONS_FILE, requests, work, once)


def note_requests(
    actor: Actor, requests: Sequence[MoveRequest], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Note that a message is a wish to cancel: nothing counts differently by it (S3-06). Outcome "noted"."""
    return _move(actor, requests, cancel_requests.note, now, once)


def decline_requests(
    actor: Actor, requests: Sequence[MoveRequest], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Decline wishes because goods or label are on their way (S3-07, S3-08). Outcome "declined"."""
    return _move(actor, requests, cancel_requests.decline, now, once)


def dismiss_requests(
    actor: Actor, requests: Sequence[MoveRequest], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Let wishes rest that were only said in a message. Outcome "dismissed"."""
    return _move(actor, requests, cancel_requests.dismiss, now, once)


def _move(
    actor: Actor,
    requests: Sequence[MoveRequest],
    rule: Callable[[OrderFacts, MoveRequest], RequestDecision],
    now: datetime,
    once: Once | None,
) -> list[Outcome]:
    def work(seller_id: int) -> list[Outcome]:
        known = lock_by_number(seller_id, {request.order_number for request in requests})
        return _decide(actor, seller_id, known, requests, lambda f, r: (rule(f, r), None), now=now)

    return run_batch(actor, Permission.ORDERS_CANCEL, requests, work, once)


_STATES = {"file": "requested", "note": "noted", "decline": "declined", "expire": "dismissed"}


def _decide(
    actor: Actor,
    seller_id: int,
    known: Mapping[str, OrderFacts],
    requests: Sequence[Asked],
    decide: Callable[[OrderFacts, Asked], Decided],
    *,
    now: datetime,
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    decisions: dict[str, Decided] = {}
    for request in requests:
        number = request.order_number
        try:
            if number in decisions:
                raise refuse(Code.DUPLICATE_REQUEST, place=request.place or number)
            if number not in known:
                raise refuse(Code.ORDER_NOT_FOUND, order_number=number)
            decisions[number] = decide(known[number], request)
        except Refusal as refusal:
            outcomes.append(refused(number, refusal, request.place))
            continue
        outcomes.append(_outcome(request, *decisions[number]))
    write_requests(actor, seller_id, list(decisions.values()), now)
    return outcomes


def _outcome(request: Asked, decision: RequestDecision, due: Due | None) -> Outcome:
    facts = {
        "items": list(decision.item_numbers),
        "answer_by": due.due_at.isoformat() if due else None,
        "version": decision.after.version,
    }
    return Outcome(request.order_number, _STATES[decision.verb], place=request.place, facts=facts)


def _policy(book: PolicyBook, facts: OrderFacts, key: str) -> int:
    placed = by_id(facts.marketplace_id).day(facts.placed_at)
    value: int = book.value(facts.marketplace_id, key, placed)
    return value
