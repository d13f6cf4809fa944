"""The cancellation rate of the seller's marketplaces, explained (S3-31 to S3-34; C22)."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from sellerdesk.config import clock
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.rates import Denominator
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.interfaces.api import cancel_answers, filters
from sellerdesk.interfaces.api.answer_shapes import Answer, PolicyAnswer
from sellerdesk.interfaces.api.calls import answer, principal
from sellerdesk.interfaces.api.cancel_answers import RateAnswer
from sellerdesk.interfaces.api.problems import malformed, utc
from sellerdesk.interfaces.api.shapes import parse_instant
from sellerdesk.queries.cancellation_rate import CountedOrder, PlaceRate, cancellation_rates
from sellerdesk.queries.participations import participations

router = Router(tags=["Cancellations"], by_alias=True)
_PARAMETERS = [
    {
        "in": "query",
        "name": "marketplaceId",
        "schema": {"type": "string"},
        "description": "all of the seller's when absent",
    },
    {
        "in": "query",
        "name": "at",
        "schema": {"type": "string", "format": "date-time"},
        "description": "a past moment: what had happened by then, under the rules of that day",
    },
]


class CountedOrderAnswer(Answer):
    """An order that counts, by its first cancellation that does; `leavesAt`: when it is out of the window."""

    order_number: str
    placed_at: datetime
    cancelled_at: datetime
    by: str
    reason: str
    why: str
    policy: PolicyAnswer | None
    leaves_at: datetime


class PlaceRateAnswer(Answer):
    """The rate of one marketplace. `bases` are both denominators; the policy `cr_denominator` says which one holds.

    `countedOrders` are the newest that count, all of them unless `more`. `tomorrow` is the rate a day later if nothing
    happens until then: `leavingOrders` orders leave the window, `leavingCounted` of which count.
    """

    rate: RateAnswer
    bases: dict[str, int]
    tomorrow: RateAnswer
    leaving_orders: int
    leaving_counted: int
    counted_orders: list[CountedOrderAnswer]
    more: bool


class RatesAnswer(Answer):
    rates: list[PlaceRateAnswer]


@router.get(
    "", response=RatesAnswer, operation_id="getCancellationRate", openapi_extra={"parameters": _PARAMETERS}
)
def read(request: HttpRequest) -> HttpResponse:
    """The cancellation rate now or at a past moment: its value, what counts and why, and how much more it bears."""
    who = principal(request)
    who.demand(Permission.ORDERS_READ)
    filters.check_names(request, frozenset({"marketplaceId", "at"}))
    found = cancellation_rates(who.seller_id, _places(request, who.seller_id), _moment(request))
    return answer({"rates": [_place(one) for one in found]})


def _places(request: HttpRequest, seller_id: int) -> list[str]:
    held = [one.marketplace_id for one in participations(seller_id)]
    wanted = request.GET.get("marketplaceId")
    if wanted is None:
        return held
    if wanted not in held:
        raise refuse(Code.NOT_PARTICIPATING, marketplace_id=wanted[:20])
    return [wanted]


def _moment(request: HttpRequest) -> datetime:
    now, text = clock.now(), request.GET.get("at")
    if text is None:
        return now
    try:
        at = parse_instant(text.replace(" ", "+"))  # a plus that was not encoded arrives as a blank
    except ValueError as error:
        raise malformed("at", str(error)) from None
    if at > now:
        raise refuse(Code.INVALID_VALUE, place="at", value=text[:40], expected="not later than now")
    return at


def _place(one: PlaceRate) -> dict[str, Any]:
    return {
        "rate": cancel_answers.rate(one.rate),
        "bases": {kind.value: one.rate.base_of(kind) for kind in Denominator},
        "tomorrow": cancel_answers.rate(one.tomorrow),
        "leavingOrders": one.leaving_orders,
        "leavingCounted": one.leaving_counted,
        "countedOrders": [_counted(order) for order in one.counted],
        "more": one.more,
    }


def _counted(one: CountedOrder) -> dict[str, Any]:
    return {
        "orderNumber": one.order_number,
        "placedAt": utc(one.placed_at),
        "cancelledAt": utc(one.cancelled_at),
        "by": one.by,
        "reason": one.reason,
        "why": one.why,
        "policy": {"key": one.policy_key, "value": one.policy_value} if one.policy_key else None,
        "leavesAt": utc(one.leaves_at),
    }
