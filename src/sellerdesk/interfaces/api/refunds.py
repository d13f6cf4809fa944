"""Refunds: preview, make, undo, approve, and read them (rulebook 3.5; S2-09 to S2-11, S4-18 to S4-22; T12, T16)."""

from django.http import HttpRequest, HttpResponse
from ninja import Body, Router

from sellerdesk.commands.refunds import RefundChange, approve_refunds, request_refunds, undo_refunds
from sellerdesk.config import clock
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.refunds import RefundState
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.interfaces.api import cursors, filters, refund_answers
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
from sellerdesk.interfaces.api.describing import KEYED, WRITING, described
from sellerdesk.interfaces.api.refund_answers import (
    OrderRefundsAnswer,
    RefundAnswer,
    RefundOutcomeAnswer,
    RefundOutcomesAnswer,
    RefundPreviewAnswer,
    RefundPreviewsAnswer,
    RefundsAnswer,
)
from sellerdesk.interfaces.api.refund_requests import placed, refund_request, refund_requests, refused_at
from sellerdesk.interfaces.api.refund_shapes import NewRefund, NewRefunds, RefundStep
from sellerdesk.queries.api_refunds import RefundFilters, one_refund, refunds_of, refunds_page
from sellerdesk.queries.refund_preview import RefundPreview, preview_refunds

router = Router(tags=["Refunds"], by_alias=True)
bulk = Router(tags=["Refunds"], by_alias=True)
_C = Code
_DECIDING = WRITING | {
    *(_C.MISSING_VALUE, _C.DUPLICATE_REQUEST, _C.MONEY_PRECISION, _C.CURRENCY_MISMATCH, _C.STALE_VERSION),
    *(_C.LEFT_CHANGED, _C.WAREHOUSE_ORDER, _C.ORDER_PENDING, _C.NOT_SHIPPED, _C.ITEMS_UNKNOWN),
    *(_C.RETURN_NOT_FOUND, _C.RETURN_STATE, _C.ITEM_NOT_FOUND, _C.QUANTITY_EXCEEDED, _C.NOTHING_TO_REFUND),
    *(_C.REFUND_EXCEEDED, _C.CONCESSION_EXCEEDED, _C.DEDUCTION_NOT_ALLOWED, _C.DEDUCTION_EXCEEDED),
    *(_C.GOODS_NOT_BACK, _C.OVERRIDE_NEEDED),
}
_CHANGING = WRITING | KEYED | {_C.REFUND_NOT_FOUND, _C.REFUND_STATE}
_KEY, _VERSION = key_parameter(required=True), version_parameter()


@router.post(
    "/{order_number}/refunds",
    response={201: RefundOutcomeAnswer},
    operation_id="makeRefund",
    openapi_extra=described(_DECIDING | KEYED, _KEY, _VERSION),
)
def make(request: HttpRequest, order_number: str, payload: Body[NewRefund]) -> HttpResponse:
    """Give money back. It is held (`pending`) until `releaseAt`, and can be undone until then; above the
    marketplace's limit it is `drafted` and waits for somebody else. Its amount is set aside at once: whoever asks for
    more than is `left` gets `refund_exceeded` with the amount that is left in `facts.left`.
    """
    who = principal(request)
    who.demand(Permission.REFUNDS_MAKE)
    key = once(request, "refunds.make")
    asked = refund_request(known_form(order_number), payload, expected_version(request))
    actor = who.actor(key.key if key else "")
    outcomes = request_refunds(actor, [asked], now=clock.now(), once=key)
    outcomes = [placed(one, payload) for one in outcomes]
    where = "/api/v1/orders/{}/refunds/{reference}"
    return one_outcome(outcomes, status=201, location=where, write=refund_answers.outcome)


@router.post(
    "/{order_number}/refunds/preview",
    response=RefundPreviewAnswer,
    operation_id="previewRefund",
    openapi_extra=described({_C.FORBIDDEN, _C.ORDER_NOT_FOUND, *_DECIDING} - {_C.BUSY}, _VERSION),
)
def preview(request: HttpRequest, order_number: str, payload: Body[NewRefund]) -> HttpResponse:
    """What `POST …/refunds` with the same body would do now: amounts by line and component, hold, warnings."""
    who = principal(request)
    who.demand(Permission.REFUNDS_MAKE)
    asked = refund_request(known_form(order_number), payload, expected_version(request))
    (found,) = preview_refunds(who.seller_id, [asked], clock.now())
    if found.facts is None and found.refusal is not None:
        raise found.refusal
    return answer(refund_answers.preview(order_number, _at(found, payload)))


@router.get(
    "/{order_number}/refunds",
    response=OrderRefundsAnswer,
    operation_id="listRefundsOfOrder",
    openapi_extra=described({_C.FORBIDDEN, _C.ORDER_NOT_FOUND}),
)
def of_order(request: HttpRequest, order_number: str) -> HttpResponse:
    """The refunds of an order, and what is left to refund of it."""
    who = principal(request)
    who.demand(Permission.ORDERS_READ)
    filters.check_names(request, frozenset())
    found = refunds_of(who.seller_id, known_form(order_number))
    if found is None:
        raise refuse(Code.ORDER_NOT_FOUND, order_number=order_number)
    balance, views = found
    return answer(refund_answers.order_refunds(balance, views, sight_of(who)), ETag=f'"{balance.version}"')


@router.get(
    "/{order_number}/refunds/{reference}",
    response=RefundAnswer,
    operation_id="getRefund",
    openapi_extra=described({_C.FORBIDDEN, _C.ORDER_NOT_FOUND, _C.REFUND_NOT_FOUND}),
)
def one(request: HttpRequest, order_number: str, reference: str) -> HttpResponse:
    """One refund."""
    who = principal(request)
    who.demand(Permission.ORDERS_READ)
    filters.check_names(request, frozenset())
    found = one_refund(who.seller_id, known_form(order_number), reference)
    if found is None:
        raise refuse(Code.REFUND_NOT_FOUND, order_number=order_number, reference=reference[:40])
    return answer(refund_answers.refund(found, sight_of(who)))


@router.post(
    "/{order_number}/refunds/{reference}/undo",
    response=RefundOutcomeAnswer,
    operation_id="undoRefund",
    openapi_extra=described(_CHANGING | {_C.HOLD_OVER}, _KEY),
)
def undo(request: HttpRequest, order_number: str, reference: str, payload: Body[RefundStep]) -> HttpResponse:  # noqa: ARG001
    """Call a refund back, while it is a draft or before its hold ends; the buyer never hears of it."""
    who = principal(request)
    who.demand(Permission.REFUNDS_MAKE)
    key = once(request, "refunds.undo")
    actor = who.actor(key.key if key else "")
    asked = [RefundChange(known_form(order_number), reference)]
    return one_outcome(undo_refunds(actor, asked, now=clock.now(), once=key), write=refund_answers.outcome)


@router.post(
    "/{order_number}/refunds/{reference}/approve",
    response=RefundOutcomeAnswer,
    operation_id="approveRefund",
    openapi_extra=described(_CHANGING | {_C.APPROVAL_NEEDED}, _KEY),
)
def approve(
    request: HttpRequest,
    order_number: str,
    reference: str,
    payload: Body[RefundStep],  # noqa: ARG001
) -> HttpResponse:
    """Agree to a draft as somebody else than its author; its hold starts now."""
    who = principal(request)
    who.demand(Permission.REFUNDS_APPROVE)
    key = once(request, "refunds.approve")
    actor = who.actor(key.key if key else "")
    asked = [RefundChange(known_form(order_number), reference)]
    return one_outcome(approve_refunds(actor, asked, now=clock.now(), once=key), write=refund_answers.outcome)


@bulk.post(
    "",
    response=RefundOutcomesAnswer,
    operation_id="makeRefunds",
    openapi_extra=described(_DECIDING | KEYED, _KEY),
)
def make_several(request: HttpRequest, payload: Body[NewRefunds]) -> HttpResponse:
    """Refund several orders, each with an outcome of its own: 200 also when some are refused."""
    who = principal(request)
    who.demand(Permission.REFUNDS_MAKE)
    key = once(request, "refunds.makeSeveral")
    actor = who.actor(key.key if key else "")
    outcomes = request_refunds(actor, refund_requests(payload), now=clock.now(), once=key)
    named = [
        placed(one, said, f"refunds[{index}].")
        for index, (one, said) in enumerate(zip(outcomes, payload.refunds, strict=True))
    ]
    return many_outcomes(named, write=refund_answers.outcome)


@bulk.post(
    "/preview",
    response=RefundPreviewsAnswer,
    operation_id="previewRefunds",
    openapi_extra=described(_DECIDING - {_C.BUSY}),
)
def preview_several(request: HttpRequest, payload: Body[NewRefunds]) -> HttpResponse:
    """What `POST /refunds` with the same body would do now."""
    who = principal(request)
    who.demand(Permission.REFUNDS_MAKE)
    found = preview_refunds(who.seller_id, refund_requests(payload), clock.now())
    listed = [
        refund_answers.preview(said.order_number, _at(view, said, f"refunds[{index}]."))
        for index, (said, view) in enumerate(zip(payload.refunds, found, strict=True))
    ]
    return answer({"previews": listed})


_STATES = tuple(one.value for one in RefundState)
_INSTANTS = ("requestedAfter", "requestedBefore")
_LISTED = frozenset({*_INSTANTS, "state", "marketplaceId", "orderNumber", "rma", "limit", "cursor"})


@bulk.get(
    "",
    response=RefundsAnswer,
    operation_id="listRefunds",
    openapi_extra=described(
        {_C.FORBIDDEN},
        filters.choice_parameter("state", _STATES, "Only these; any number of times, or with commas."),
        filters.text_parameter("marketplaceId", "Only these; any number of times, or with commas."),
        filters.text_parameter("orderNumber", "Only of this order."),
        filters.text_parameter("rma", "Only those that answer this return."),
        *(
            filters.instant_parameter(name, "By when they were asked for; from, and before.")
            for name in _INSTANTS
        ),
        *filters.page_parameters(),
    ),
)
def listing(request: HttpRequest) -> HttpResponse:
    """A page of refunds of all orders, the newest first; pages never shift."""
    who = principal(request)
    who.demand(Permission.ORDERS_READ)
    filters.check_names(request, _LISTED, several=("state", "marketplaceId"))
    wanted = RefundFilters(
        states=filters.several(request, "state", set(_STATES)),
        marketplaces=filters.marketplaces(request),
        order_number=request.GET.get("orderNumber", ""),
        rma=request.GET.get("rma", ""),
        requested_after=filters.instant(request, "requestedAfter"),
        requested_before=filters.instant(request, "requestedBefore"),
    )
    limit = filters.whole_number(request, "limit", filters.PAGE, least=1, most=filters.PAGE_MOST)
    lists = cursors.of_list("refunds", who.seller_id, wanted)
    (after,) = lists.read(request.GET["cursor"]) if "cursor" in request.GET else ("",)
    views, end = refunds_page(who.seller_id, wanted, after=after, limit=limit)
    said = [refund_answers.refund(view, sight_of(who)) for view in views]
    return answer({"refunds": said, "nextCursor": lists.write([end]) if end else None})


def _at(found: RefundPreview, said: NewRefund, place: str = "") -> RefundPreview:
    """The preview with its refusal's place in the words of the body."""
    if found.refusal is None:
        return found
    return RefundPreview(found.facts, found.decision, refused_at(found.refusal, said, place), found.questions)
