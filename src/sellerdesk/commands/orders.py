"""Place orders (storefronts)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sellerdesk.commands import run_batch
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.identifiers import Randomness, new_item_number, new_order_number
from sellerdesk.domain.orders import OrderDocument
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.placing import check_placed
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.models.directory import participating_marketplaces
from sellerdesk.models.facts import lock_by_number
from sellerdesk.models.order_writes import OrderRow, write_orders


def place_orders(
    actor: Actor,
    documents: Sequence[OrderDocument],
    *,
    now: datetime,
    randomness: Randomness,
    once: Once | None = None,
) -> list[Outcome]:
    """Place orders: each becomes Pending until its payment is reported (S0-02); numbers that are missing are made.

    Outcome "placed" with facts order_id, status, total, currency. Refusals: those of `domain.placing.check_placed`,
    ORDER_EXISTS, DUPLICATE_REQUEST, FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        markets = participating_marketplaces(seller_id)
        named = [_with_numbers(document, randomness) for document in documents]
        known = lock_by_number(seller_id, {document.order_number for document in named})
        outcomes: list[Outcome] = []
        accepted: dict[str, OrderRow] = {}
        for document in named:
            number = document.order_number
            try:
                if number in known:
                    raise refuse(Code.ORDER_EXISTS, order_number=number, differs="placed before")
                if number in accepted:
                    raise refuse(Code.DUPLICATE_REQUEST, place=document.place or number)
                placed = check_placed(document, participates=document.marketplace_id in markets, now=now)
            except Refusal as refusal:
                outcomes.append(refused(number, refusal, document.place))
                continue
            accepted[number] = OrderRow(
                placed, {"payment_state": "waiting", "upstream_digest": ""}, "order_placed"
            )
            outcomes.append(Outcome(number, "placed", place=document.place, facts=_facts(placed)))
        written = write_orders(actor, seller_id, list(accepted.values()), (), now) if accepted else {}
        return [_settle(outcome, written) for outcome in outcomes]

    return run_batch(actor, Permission.ORDERS_PLACE, documents, work, once)


def _with_numbers(document: OrderDocument, randomness: Randomness) -> OrderDocument:
    items = tuple(
        item if item.item_number else replace(item, item_number=new_item_number(randomness))
        for item in document.items or ()
    )
    return replace(document, order_number=document.order_number or new_order_number(randomness), items=items)


def _facts(document: OrderDocument) -> dict[str, object]:
    return {"status": document.status.value, "total": document.total, "currency": document.currency}


def _settle(outcome: Outcome, written: dict[str, int]) -> Outcome:
    if not outcome.accepted:
        return outcome
    order_id = written.get(outcome.order_number)
    if order_id is None:  # somebody else took the number between our look and our write
        refusal = refuse(Code.ORDER_EXISTS, order_number=outcome.order_number, differs="placed before")
        return refused(outcome.order_number, refusal, outcome.place)
    return replace(outcome, facts=outcome.facts | {"order_id": order_id})
