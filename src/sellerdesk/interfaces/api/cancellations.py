"""Cancelling: the buyer alone, the buyer's request, the seller, the marketplace (rulebook 3.3; S1-12, S3-03 on)."""

from django.http import HttpRequest, HttpResponse
from ninja import Body, Router

from sellerdesk.commands.cancel_requests import decline_requests, file_requests
from sellerdesk.commands.cancellations import cancel_for_buyers, cancel_for_marketplace, cancel_orders
from sellerdesk.config import clock
from sellerdesk.domain.actors import Party, Permission
from sellerdesk.domain.cancel_requests import DeclineCause, FilingRequest, MoveRequest, Reason
from sellerdesk.domain.cancellations import (
    BuyerCancelRequest,
    CancelReason,
    CancelRequest,
    PlatformCancelRequest,
    PlatformReason,
)
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.interfaces.api import answers, cancel_answers, filters
from sellerdesk.interfaces.api.answer_shapes import OutcomeAnswer, OutcomesAnswer, WishAnswer
from sellerdesk.interfaces.api.calls import (
    answer,
    expected_version,
    key_parameter,
    known_form,
    many_outcomes,
    once,
    one_outcome,
    principal,
    sight_of,
    version_parameter,
)
from sellerdesk.interfaces.api.cancel_answers import CancelPreviewAnswer, CancelPreviewsAnswer
from sellerdesk.interfaces.api.cancel_shapes import (
    BuyerCancellation,
    Decline,
    Items,
    MarketplaceCancellation,
    NewCancellation,
    NewCancellationRequest,
    OrderCancellations,
)
from sellerdesk.interfaces.api.problems import simple
from sellerdesk.queries.api_orders import one_order
from sellerdesk.queries.cancel_preview import preview_cancellations

router = Router(tags=["Cancellations"], by_alias=True)
bulk = Router(tags=["Cancellations"], by_alias=True)
_KEYED = {"parameters": [key_parameter(required=True)]}
_MAYBE_KEYED = {"parameters": [key_parameter(required=False)]}
_VERSIONED = {"parameters": [version_parameter()]}
_KEYED_AND_VERSIONED = {"parameters": [key_parameter(required=True), version_parameter()]}
_MAYBE_KEYED_AND_VERSIONED = {"parameters": [key_parameter(required=False), version_parameter()]}


@router.post(
    "/{order_number}/buyer-cancellation",
    response=OutcomeAnswer,
    operation_id="cancelAsBuyer",
    openapi_extra=_KEYED,
)
def cancel_as_buyer(
    request: HttpRequest, order_number: str, payload: Body[BuyerCancellation]
) -> HttpResponse:
    """Cancel as the buyer, who needs no consent for some minutes. Afterwards, `self_cancel_over`, file a request."""
    who = principal(request)
    who.demand(Permission.CANCELLATIONS_FILE)
    key = once(request, "cancellations.buyer")
    asked = BuyerCancelRequest(known_form(order_number), payload.reason or "", _lines(payload.items))
    actor = who.actor(key.key if key else "", Party.BUYER)
    return one_outcome(cancel_for_buyers(actor, [asked], now=clock.now(), once=key))


@router.post(
    "/{order_number}/cancellation-request",
    response={201: OutcomeAnswer},
    operation_id="requestCancellation",
    openapi_extra=_MAYBE_KEYED,
)
def request_cancellation(
    request: HttpRequest, order_number: str, payload: Body[NewCancellationRequest]
) -> HttpResponse:
    """File the buyer's request to cancel. A cancellation that answers it does not count against the seller."""
    who = principal(request)
    who.demand(Permission.CANCELLATIONS_FILE)
    key = once(request, "cancellations.request", required=False)
    items = tuple(payload.item_numbers or ())
    asked = FilingRequest(known_form(order_number), Reason(payload.reason), payload.words, items)
    actor = who.actor(key.key if key else "", Party.BUYER)
    return one_outcome(file_requests(actor, [asked], now=clock.now(), once=key), status=201)


@router.get(
    "/{order_number}/cancellation-request", response=WishAnswer, operation_id="getCancellationRequest"
)
def read_request(request: HttpRequest, order_number: str) -> HttpResponse:
    """The buyer's last wish to cancel, open or closed. 404 when there was none."""
    who = principal(request)
    who.demand(Permission.ORDERS_READ)
    filters.check_names(request, frozenset())
    view = one_order(who.seller_id, known_form(order_number), sight_of(who))
    if view is None:
        raise refuse(Code.ORDER_NOT_FOUND, order_number=order_number)
    if view.wish is None:
        raise simple(404, "not_found", "Nobody has asked to cancel this order.")
    return answer(answers.wish(view.wish, sight_of(who)))


@router.post(
    "/{order_number}/cancellation-request/decline",
    response=OutcomeAnswer,
    operation_id="declineCancellationRequest",
    openapi_extra=_MAYBE_KEYED_AND_VERSIONED,
)
def decline(request: HttpRequest, order_number: str, payload: Body[Decline]) -> HttpResponse:
    """Decline the buyer's wish because the goods, or a label, are on their way. Accepting it is the cancellation."""
    who = principal(request)
    who.demand(Permission.ORDERS_CANCEL)
    key = once(request, "cancellations.decline", required=False)
    asked = MoveRequest(known_form(order_number), DeclineCause(payload.cause), expected_version(request))
    actor = who.actor(key.key if key else "")
    return one_outcome(decline_requests(actor, [asked], now=clock.now(), once=key))


@router.post(
    "/{order_number}/cancellation",
    response=OutcomeAnswer,
    operation_id="cancelOrder",
    openapi_extra=_KEYED_AND_VERSIONED,
)
def cancel(request: HttpRequest, order_number: str, payload: Body[NewCancellation]) -> HttpResponse:
    """Cancel as the seller: the order, some of its items, or some of their units. Ask the preview first."""
    who = principal(request)
    who.demand(Permission.ORDERS_CANCEL)
    key = once(request, "cancellations.seller")
    asked = _asked(known_form(order_number), payload, expected_version(request))
    return one_outcome(cancel_orders(who.actor(key.key if key else ""), [asked], now=clock.now(), once=key))


@router.post(
    "/{order_number}/cancellation/preview",
    response=CancelPreviewAnswer,
    operation_id="previewCancellation",
    openapi_extra=_VERSIONED,
)
def preview(request: HttpRequest, order_number: str, payload: Body[NewCancellation]) -> HttpResponse:
    """What `POST …/cancellation` with the same body would do now: does it count, and what becomes of the rate."""
    who = principal(request)
    who.demand(Permission.ORDERS_CANCEL)
    asked = _asked(known_form(order_number), payload, expected_version(request))
    may = who.may(Permission.CANCEL_OVER_LIMIT)
    (found,) = preview_cancellations(who.seller_id, [asked], clock.now(), may_exceed=may)
    if found.facts is None and found.refusal is not None:
        raise found.refusal
    return answer(cancel_answers.preview(order_number, found, sight_of(who)))


@router.post(
    "/{order_number}/marketplace-cancellation",
    response=OutcomeAnswer,
    operation_id="cancelAsMarketplace",
    openapi_extra=_KEYED,
)
def cancel_as_marketplace(
    request: HttpRequest, order_number: str, payload: Body[MarketplaceCancellation]
) -> HttpResponse:
    """Cancel a waiting order as the marketplace: its payment failed, or fraud is suspected. It never counts."""
    who = principal(request)
    who.demand(Permission.PAYMENTS_REPORT)
    key = once(request, "cancellations.marketplace")
    asked = PlatformCancelRequest(known_form(order_number), PlatformReason(payload.reason))
    actor = who.actor(key.key if key else "", Party.AMAZON)
    return one_outcome(cancel_for_marketplace(actor, [asked], now=clock.now(), once=key))


@bulk.post("", response=OutcomesAnswer, operation_id="cancelOrders", openapi_extra=_KEYED)
def cancel_several(request: HttpRequest, payload: Body[OrderCancellations]) -> HttpResponse:
    """Cancel several orders as the seller, each with an outcome of its own."""
    who = principal(request)
    who.demand(Permission.ORDERS_CANCEL)
    key = once(request, "cancellations.sellers")
    actor = who.actor(key.key if key else "")
    return many_outcomes(cancel_orders(actor, _all_asked(payload), now=clock.now(), once=key))


@bulk.post("/preview", response=CancelPreviewsAnswer, operation_id="previewCancellations")
def preview_several(request: HttpRequest, payload: Body[OrderCancellations]) -> HttpResponse:
    """What `POST /cancellations` with the same body would do now."""
    who = principal(request)
    who.demand(Permission.ORDERS_CANCEL)
    asked, may = _all_asked(payload), who.may(Permission.CANCEL_OVER_LIMIT)
    found = preview_cancellations(who.seller_id, asked, clock.now(), may_exceed=may)
    listed = [
        cancel_answers.preview(one.order_number, view, sight_of(who))
        for one, view in zip(asked, found, strict=True)
    ]
    return answer({"previews": listed})


def _all_asked(payload: OrderCancellations) -> list[CancelRequest]:
    return [
        _asked(one.order_number, one, one.version, f"cancellations[{index}].")
        for index, one in enumerate(payload.cancellations)
    ]


def _asked(number: str, said: NewCancellation, version: int | None, place: str = "") -> CancelRequest:
    return CancelRequest(
        number,
        CancelReason(said.reason),
        _lines(said.items, place),
        version=version,
        expects_counting=said.expects_counting,
        accepts_limit=said.accepts_limit,
        label_override=said.label_override,
        place=place.rstrip("."),
    )


def _lines(items: Items | None, place: str = "") -> dict[str, int] | None:
    """Units by item. Raises Refusal DUPLICATE_REQUEST for an item that is named twice."""
    if items is None:
        return None
    lines: dict[str, int] = {}
    for index, item in enumerate(items):
        if item.item_number in lines:
            raise refuse(Code.DUPLICATE_REQUEST, place=f"{place}items[{index}].itemNumber")
        lines[item.item_number] = item.quantity
    return lines
