"""Placing and reading orders."""

import random
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Router
from pydantic import Discriminator, Tag

from sellerdesk.commands.orders import place_orders
from sellerdesk.config import clock
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.orders import OrderDocument
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.interfaces.api import answers, cursors, filters
from sellerdesk.interfaces.api.answer_shapes import (
    OrderAnswer,
    OrdersAnswer,
    OutcomeAnswer,
    OutcomesAnswer,
    TimelineAnswer,
)
from sellerdesk.interfaces.api.calls import (
    answer,
    key_parameter,
    known_form,
    many_outcomes,
    once,
    one_outcome,
    principal,
    sight_of,
)
from sellerdesk.interfaces.api.problems import of_refusal
from sellerdesk.interfaces.api.requests import order_document
from sellerdesk.interfaces.api.shapes import NewOrder, NewOrders
from sellerdesk.queries.api_orders import one_order, orders_page
from sellerdesk.queries.api_orders import timeline as order_timeline

router = Router(tags=["Orders"], by_alias=True)
ENTRIES, ENTRIES_MOST = 100, 500
_RANDOM = random.SystemRandom()
_LOCATION = "/api/v1/orders/{}"


def _kind(value: Any) -> str:
    return (
        "many" if isinstance(value, NewOrders) or (isinstance(value, dict) and "orders" in value) else "one"
    )


OneOrMany = Annotated[
    Annotated[NewOrder, Tag("one")] | Annotated[NewOrders, Tag("many")], Discriminator(_kind)
]


@router.post(
    "",
    response={201: OutcomeAnswer, 200: OutcomesAnswer},
    operation_id="placeOrders",
    openapi_extra={"parameters": [key_parameter(required=True)]},
)
def place(request: HttpRequest, payload: Body[OneOrMany]) -> HttpResponse:
    """Place one order, or several with `orders`. A call with several answers 200 with an outcome for each."""
    who = principal(request)
    who.demand(Permission.ORDERS_PLACE)
    key = once(request, "orders.place")
    several = payload.orders if isinstance(payload, NewOrders) else [payload]
    single = isinstance(payload, NewOrder)
    documents, moment = [], clock.now()
    for index, order in enumerate(several):
        documents.append(_document(order, moment, "" if single else f"orders[{index}]."))
    outcomes = place_orders(
        who.actor(key.key if key else ""), documents, now=moment, randomness=_RANDOM, once=key
    )
    return one_outcome(outcomes, status=201, location=_LOCATION) if single else many_outcomes(outcomes)


@router.get(
    "",
    response=OrdersAnswer,
    operation_id="listOrders",
    openapi_extra={"parameters": filters.parameters()},
)
def listing(request: HttpRequest) -> HttpResponse:
    """A page of orders. Sorted by `placed` (newest first) unless an `updated…` filter or `sort` says otherwise."""
    who = principal(request)
    who.demand(Permission.ORDERS_READ)
    wanted = filters.order_filters(request)
    limit = filters.whole_number(request, "limit", filters.PAGE, least=1, most=filters.PAGE_MOST)
    text = request.GET.get("cursor")
    after = cursors.read(text, who.seller_id, wanted) if text is not None else None
    views, end = orders_page(who.seller_id, wanted, sight_of(who), after=after, limit=limit)
    following = cursors.write(end, who.seller_id, wanted) if end else None
    listed = [answers.order(view, sight_of(who)) for view in views]
    return answer({"orders": listed, "nextCursor": following})


@router.get("/{order_number}", response=OrderAnswer, operation_id="getOrder")
def one(request: HttpRequest, order_number: str) -> HttpResponse:
    """One order with its items and packages. Its ETag is its version."""
    who = principal(request)
    who.demand(Permission.ORDERS_READ)
    filters.check_names(request, frozenset())
    found = one_order(who.seller_id, known_form(order_number), sight_of(who))
    if found is None:
        raise refuse(Code.ORDER_NOT_FOUND, order_number=order_number)
    return answer(answers.order(found, sight_of(who)), ETag=f'"{found.head.version}"')


@router.get(
    "/{order_number}/timeline",
    response=TimelineAnswer,
    operation_id="getTimeline",
    openapi_extra={
        "parameters": [
            filters.parameter("after", 0, 999_999_999, 0),
            filters.parameter("limit", 1, ENTRIES_MOST, ENTRIES),
        ]
    },
)
def timeline(request: HttpRequest, order_number: str) -> HttpResponse:
    """What happened to an order, oldest first; the next page begins `after` the last number of this one."""
    who = principal(request)
    who.demand(Permission.ORDERS_READ)
    filters.check_names(request, frozenset({"after", "limit"}))
    after = filters.whole_number(request, "after", 0, least=0, most=999_999_999)
    limit = filters.whole_number(request, "limit", ENTRIES, least=1, most=ENTRIES_MOST)
    found = order_timeline(who.seller_id, known_form(order_number), after=after, limit=limit + 1)
    if found is None:
        raise refuse(Code.ORDER_NOT_FOUND, order_number=order_number)
    said = [answers.entry(entry, sight_of(who)) for entry in found[:limit]]
    return answer({"entries": said, "nextAfter": said[-1]["number"] if len(found) > limit else None})


def _document(order: NewOrder, moment: Any, place: str) -> OrderDocument:
    try:
        return order_document(order, now=moment, place=place)
    except Refusal as refusal:
        raise of_refusal(refusal) from refusal
