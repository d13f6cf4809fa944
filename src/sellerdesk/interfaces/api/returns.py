"""Returns: ask for one on a buyer's behalf, carry it through, and read it (rulebook 2.7, 3.4; S2-01 to S2-17)."""

import random
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from ninja import Body, Router

from sellerdesk.commands.return_requests import request_returns
from sellerdesk.commands.return_scans import report_return_scans
from sellerdesk.commands.returns import (
    Authorize,
    Close,
    Inspect,
    Receive,
    authorize_returns,
    close_returns,
    grade_returns,
    receive_returns,
)
from sellerdesk.config import clock
from sellerdesk.domain.actors import Party, Permission
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.domain.return_facts import Grade, Payer, ReturnKind, ReturnReason, ReturnState
from sellerdesk.domain.return_scans import ReturnScan
from sellerdesk.domain.return_ways import Label
from sellerdesk.domain.returns import ReturnAsked
from sellerdesk.interfaces.api import cursors, filters, return_answers, return_files
from sellerdesk.interfaces.api.calls import (
    answer,
    expected_version,
    key_parameter,
    known_form,
    once,
    one_outcome,
    principal,
    return_version_parameter,
    sight_of,
)
from sellerdesk.interfaces.api.describing import KEYED, WRITING, described
from sellerdesk.interfaces.api.requests import minor as minor_units
from sellerdesk.interfaces.api.return_answers import ReturnAnswer, ReturnOutcomeAnswer, ReturnsAnswer
from sellerdesk.interfaces.api.return_shapes import (
    Authorization,
    Closing,
    GradedLine,
    Inspection,
    NewReturn,
    NewReturnScan,
    Receipt,
    ReturnedLine,
    ReturnNote,
)
from sellerdesk.interfaces.api.shapes import Money
from sellerdesk.queries.api_refunds import currencies_of
from sellerdesk.queries.api_returns import ReturnFilters, ReturnPosition, one_return, returns_page
from sellerdesk.queries.return_photos import photos_of

router = Router(tags=["Returns"], by_alias=True)
lists = Router(tags=["Returns"], by_alias=True)
_RANDOM = random.SystemRandom()
_C = Code
_STEPPING = WRITING | KEYED | {_C.RETURN_NOT_FOUND, _C.RETURN_STATE, _C.STALE_VERSION}
_FILES = frozenset({_C.TOO_MANY_ATTACHMENTS, _C.ATTACHMENT_TOO_BIG, _C.PHOTO_REFUSED})
_KEY, _MAYBE_KEY = key_parameter(required=True), key_parameter(required=False)
_VERSION = return_version_parameter()


@router.post(
    "/{order_number}/returns",
    response={201: ReturnOutcomeAnswer},
    operation_id="requestReturn",
    openapi_extra=described(
        WRITING
        | KEYED
        | {_C.NOT_SHIPPED, _C.ITEMS_UNKNOWN, _C.ITEM_NOT_FOUND, _C.RETURN_QUANTITY, _C.DUPLICATE_REQUEST}
        | _FILES,
        _KEY,
    ),
)
def ask(request: HttpRequest, order_number: str, payload: Body[NewReturn]) -> HttpResponse:
    """Ask for a return on the buyer's behalf. The seller's settings and rules decide whether it waits (`requested`), is
    `authorized` at once, or is `refunded` while the buyer keeps it: then money moves. A delivery that was `refused` is
    `returning` already.
    """
    who = principal(request)
    who.demand(Permission.RETURNS_REQUEST)
    key = once(request, "returns.request")
    kind = ReturnKind(payload.kind)
    asked = ReturnAsked(
        known_form(order_number),
        ReturnReason(payload.reason),
        _units(payload.lines),
        payload.comment,
        payload.wish,
        payload.raw_reason,
        kind,
        photos=return_files.cleaned(payload.photos),
    )
    actor = who.actor(key.key if key else "", Party.CARRIER if kind is ReturnKind.REFUSED else Party.BUYER)
    outcomes = request_returns(actor, [asked], now=clock.now(), randomness=_RANDOM, once=key)
    where = "/api/v1/orders/{}/returns/{rma}"
    return one_outcome(outcomes, status=201, location=where, write=return_answers.outcome)


@router.get(
    "/{order_number}/returns/{rma}",
    response=ReturnAnswer,
    operation_id="getReturn",
    openapi_extra=described({_C.FORBIDDEN, _C.ORDER_NOT_FOUND, _C.RETURN_NOT_FOUND}),
)
def one(request: HttpRequest, order_number: str, rma: str) -> HttpResponse:
    """One return with its lines, grades and refunds. Its ETag is its version."""
    who = principal(request)
    who.demand(Permission.ORDERS_READ)
    filters.check_names(request, frozenset())
    found = one_return(who.seller_id, known_form(order_number), rma)
    if found is None:
        raise refuse(Code.RETURN_NOT_FOUND, order_number=order_number, rma=rma[:40])
    photos = photos_of(who.seller_id, rma) if sight_of(who).buyers else None
    said = return_answers.one_return(found, sight_of(who), photos)
    return answer(said, ETag=f'"{found.head.version}"')


@router.post(
    "/{order_number}/returns/{rma}/authorization",
    response=ReturnOutcomeAnswer,
    operation_id="authorizeReturn",
    openapi_extra=described(
        _STEPPING
        | _FILES
        | {
            *(_C.MISSING_VALUE, _C.RMA_TAKEN, _C.RETURN_METHOD_NEEDED, _C.ATTACHMENT_TYPE),
            *(_C.CURRENCY_MISMATCH, _C.MONEY_PRECISION),
        },
        _MAYBE_KEY,
        _VERSION,
    ),
)
def authorize(
    request: HttpRequest, order_number: str, rma: str, payload: Body[Authorization]
) -> HttpResponse:
    """Allow the buyer to send it back, and say where to. No money moves by it."""
    who = principal(request)
    who.demand(Permission.RETURNS_HANDLE)
    key = once(request, "returns.authorize", required=False)
    step = Authorize(
        known_form(order_number),
        rma,
        version=expected_version(request),
        address=payload.address.parts() if payload.address else {},
        label=Label(payload.label),
        carrier=payload.carrier,
        tracking=payload.tracking,
        own_rma=payload.own_rma,
        instructions=payload.instructions,
        label_file=return_files.label(payload.label_file),
        label_cost=_label_cost(who.seller_id, order_number, payload.label_cost),
        label_payer=Payer(payload.label_payer) if payload.label_payer else None,
    )
    actor = who.actor(key.key if key else "")
    outcomes = authorize_returns(actor, [step], now=clock.now(), once=key)
    return one_outcome(outcomes, write=return_answers.outcome)


@router.post(
    "/{order_number}/returns/{rma}/closing",
    response=ReturnOutcomeAnswer,
    operation_id="closeReturn",
    openapi_extra=described(
        _STEPPING | {_C.MISSING_VALUE, _C.RETURN_GOODS_HERE, _C.REFUND_UNDERWAY}, _MAYBE_KEY, _VERSION
    ),
)
def close(request: HttpRequest, order_number: str, rma: str, payload: Body[Closing]) -> HttpResponse:
    """Close it as the seller. Its units can be asked for again."""
    who = principal(request)
    who.demand(Permission.RETURNS_HANDLE)
    key = once(request, "returns.close", required=False)
    step = Close(
        known_form(order_number),
        rma,
        version=expected_version(request),
        reason=payload.reason,
        comment=payload.comment,
    )
    outcomes = close_returns(who.actor(key.key if key else ""), [step], now=clock.now(), once=key)
    return one_outcome(outcomes, write=return_answers.outcome)


@router.post(
    "/{order_number}/returns/{rma}/withdrawal",
    response=ReturnOutcomeAnswer,
    operation_id="withdrawReturn",
    openapi_extra=described(_STEPPING, _MAYBE_KEY, _VERSION),
)
def withdraw(request: HttpRequest, order_number: str, rma: str, payload: Body[ReturnNote]) -> HttpResponse:  # noqa: ARG001
    """Give it up as the buyer, at any time before it ended."""
    who = principal(request)
    who.demand(Permission.RETURNS_REQUEST)
    key = once(request, "returns.withdraw", required=False)
    step = Close(known_form(order_number), rma, version=expected_version(request))
    actor = who.actor(key.key if key else "", Party.BUYER)
    return one_outcome(close_returns(actor, [step], now=clock.now(), once=key), write=return_answers.outcome)


@router.post(
    "/{order_number}/returns/{rma}/scans",
    response=ReturnOutcomeAnswer,
    operation_id="reportReturnScan",
    openapi_extra=described(_STEPPING - {_C.STALE_VERSION}, _MAYBE_KEY),
)
def scan(request: HttpRequest, order_number: str, rma: str, payload: Body[NewReturnScan]) -> HttpResponse:
    """Say what a carrier saw of the parcel on its way back; told twice it is `unchanged`. The first scan of a label
    that the platform sold refunds at once.
    """
    who = principal(request)
    who.demand(Permission.PARCELS_REPORT)
    key = once(request, "returns.scan", required=False)
    told = ReturnScan(known_form(order_number), rma, payload.kind, payload.at)
    actor = who.actor(key.key if key else "", Party.CARRIER)
    outcomes = report_return_scans(actor, [told], now=clock.now(), once=key)
    return one_outcome(outcomes, write=return_answers.outcome)


@router.post(
    "/{order_number}/returns/{rma}/receipt",
    response=ReturnOutcomeAnswer,
    operation_id="receiveReturn",
    openapi_extra=described(
        _STEPPING | {_C.ITEM_NOT_FOUND, _C.RETURN_QUANTITY, _C.DUPLICATE_REQUEST}, _MAYBE_KEY, _VERSION
    ),
)
def receive(request: HttpRequest, order_number: str, rma: str, payload: Body[Receipt]) -> HttpResponse:
    """Say that the goods are here, all or some of them; the refund is due by `dueAt`."""
    who = principal(request)
    who.demand(Permission.RETURNS_RECEIVE)
    key = once(request, "returns.receive", required=False)
    step = Receive(
        known_form(order_number), rma, version=expected_version(request), lines=_units(payload.lines or ())
    )
    outcomes = receive_returns(who.actor(key.key if key else ""), [step], now=clock.now(), once=key)
    return one_outcome(outcomes, write=return_answers.outcome)


@router.post(
    "/{order_number}/returns/{rma}/inspection",
    response=ReturnOutcomeAnswer,
    operation_id="gradeReturn",
    openapi_extra=described(
        _STEPPING | _FILES | {_C.ITEM_NOT_FOUND, _C.MISSING_VALUE, _C.DUPLICATE_REQUEST, _C.RETURN_QUANTITY},
        _MAYBE_KEY,
        _VERSION,
    ),
)
def grade(request: HttpRequest, order_number: str, rma: str, payload: Body[Inspection]) -> HttpResponse:
    """Say in which condition the goods came. What can be sold again goes back to stock."""
    who = principal(request)
    who.demand(Permission.RETURNS_RECEIVE)
    key = once(request, "returns.grade", required=False)
    step = Inspect(
        known_form(order_number),
        rma,
        version=expected_version(request),
        grades=_grades(payload.grades),
        notes={one.item_number: one.note for one in payload.grades if one.note},
        photos=return_files.cleaned(payload.photos),
        sellable={one.item_number: one.sellable for one in payload.grades if one.sellable is not None},
    )
    outcomes = grade_returns(who.actor(key.key if key else ""), [step], now=clock.now(), once=key)
    return one_outcome(outcomes, write=return_answers.outcome)


_STATES = tuple(one.value for one in ReturnState)
_INSTANTS = ("requestedAfter", "requestedBefore", "updatedAfter", "updatedBefore")
_LISTED = frozenset(
    {*_INSTANTS, "state", "marketplaceId", "orderNumber", "withClaim", "sort", "limit", "cursor"}
)


@lists.get(
    "",
    response=ReturnsAnswer,
    operation_id="listReturns",
    openapi_extra=described(
        {_C.FORBIDDEN},
        filters.choice_parameter("state", _STATES, "Only these; any number of times, or with commas."),
        filters.text_parameter("marketplaceId", "Only these; any number of times, or with commas."),
        filters.text_parameter("orderNumber", "Only of this order."),
        filters.word_parameter("withClaim", ("true", "false"), "Only with a claim, or only without."),
        *(filters.instant_parameter(name, "From, and before, this instant.") for name in _INSTANTS),
        filters.word_parameter("sort", ("requested", "updated"), "Newest first, or oldest step first."),
        *filters.page_parameters(),
    ),
)
def listing(request: HttpRequest) -> HttpResponse:
    """A page of returns. Sorted by `requested` (newest first) unless an `updated…` filter or `sort` says otherwise."""
    who = principal(request)
    who.demand(Permission.ORDERS_READ)
    wanted = _wanted(request)
    limit = filters.whole_number(request, "limit", filters.PAGE, least=1, most=filters.PAGE_MOST)
    cursor = cursors.of_list("returns", who.seller_id, wanted)
    after = None
    if "cursor" in request.GET:
        at, rma = cursor.read(request.GET["cursor"])
        after = ReturnPosition(datetime.fromisoformat(at), rma)
    views, end = returns_page(who.seller_id, wanted, after=after, limit=limit)
    following = cursor.write([end.at.isoformat(), end.rma]) if end else None
    said = [return_answers.one_return(view, sight_of(who)) for view in views]
    return answer({"returns": said, "nextCursor": following})


def _wanted(request: HttpRequest) -> ReturnFilters:
    filters.check_names(request, _LISTED, several=("state", "marketplaceId"))
    moments = {name: filters.instant(request, name) for name in _INSTANTS}
    updated = moments["updatedAfter"] or moments["updatedBefore"]
    sort = filters.word(request, "sort", ("requested", "updated"), "updated" if updated else "requested")
    claim = filters.word(request, "withClaim", ("true", "false"), "")
    return ReturnFilters(
        states=filters.several(request, "state", set(_STATES)),
        marketplaces=filters.marketplaces(request),
        order_number=request.GET.get("orderNumber", ""),
        with_claim=claim == "true" if claim else None,
        requested_after=moments["requestedAfter"],
        requested_before=moments["requestedBefore"],
        updated_after=moments["updatedAfter"],
        updated_before=moments["updatedBefore"],
        sort="updated" if sort == "updated" else "requested",
    )


def _label_cost(seller_id: int, order_number: str, cost: Money | None) -> int | None:
    """In minor units of the order's currency. Raises Refusal CURRENCY_MISMATCH, MONEY_PRECISION, INVALID_VALUE."""
    if cost is None:
        return None
    known = currencies_of(seller_id, [order_number])
    minor = minor_units(cost, known.get(order_number, cost.currency_code), place="labelCost")
    if minor < 0:
        expected = "an amount that is not below zero"
        raise refuse(Code.INVALID_VALUE, place="labelCost.amount", value=cost.amount, expected=expected)
    return minor


def _units(lines: Iterable[ReturnedLine]) -> Mapping[str, int]:
    """Units by line. Raises Refusal DUPLICATE_REQUEST for a line that is named twice."""
    found: dict[str, int] = {}
    for index, line in enumerate(lines):
        if line.item_number in found:
            raise refuse(Code.DUPLICATE_REQUEST, place=f"lines[{index}].itemNumber")
        found[line.item_number] = line.units
    return found


def _grades(lines: Iterable[GradedLine]) -> Mapping[str, Grade]:
    found: dict[str, Grade] = {}
    for index, line in enumerate(lines):
        if line.item_number in found:
            raise refuse(Code.DUPLICATE_REQUEST, place=f"grades[{index}].itemNumber")
        found[line.item_number] = Grade(line.grade)
    return found
