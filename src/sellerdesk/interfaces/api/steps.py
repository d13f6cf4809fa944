"""What happens to an order after it was placed: payments, shipments, parcels."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Router
from pydantic import Discriminator, Tag

from sellerdesk.commands.parcels import report_parcel_events
from sellerdesk.commands.payments import report_payments
from sellerdesk.commands.shipments import confirm_shipments, edit_shipments, ship_warehouse_orders
from sellerdesk.config import clock
from sellerdesk.domain.actors import Permission
from sellerdesk.interfaces.api.answer_shapes import OutcomeAnswer, OutcomesAnswer
from sellerdesk.interfaces.api.calls import (
    expected_version,
    key_parameter,
    known_form,
    many_outcomes,
    once,
    one_outcome,
    principal,
    version_parameter,
)
from sellerdesk.interfaces.api.requests import edit_request, parcel_report, payment_report, shipment_request
from sellerdesk.interfaces.api.shapes import (
    NewParcelEvent,
    NewParcelEvents,
    NewPayment,
    NewShipment,
    ShipmentEdit,
)

router = Router(tags=["Orders"], by_alias=True)
_KEYED = {"parameters": [key_parameter(required=True)]}
_KEYED_AND_VERSIONED = {"parameters": [key_parameter(required=True), version_parameter()]}
_VERSIONED = {"parameters": [key_parameter(required=False), version_parameter()]}
_MAYBE_KEYED = {"parameters": [key_parameter(required=False)]}


def _kind(value: Any) -> str:
    return (
        "many"
        if isinstance(value, NewParcelEvents) or (isinstance(value, dict) and "events" in value)
        else "one"
    )


OneOrMany = Annotated[
    Annotated[NewParcelEvent, Tag("one")] | Annotated[NewParcelEvents, Tag("many")], Discriminator(_kind)
]


@router.post(
    "/{order_number}/payments", response=OutcomeAnswer, operation_id="reportPayment", openapi_extra=_KEYED
)
def pay(request: HttpRequest, order_number: str, payload: Body[NewPayment]) -> HttpResponse:
    """Say what the payment side says: authorized makes a seller's order Unshipped and starts its deadlines."""
    who = principal(request)
    who.demand(Permission.PAYMENTS_REPORT)
    key, moment = once(request, "payments.report"), clock.now()
    report = payment_report(known_form(order_number), payload, now=moment)
    return one_outcome(report_payments(who.actor(key.key if key else ""), [report], now=moment, once=key))


@router.post(
    "/{order_number}/shipments",
    response={201: OutcomeAnswer},
    operation_id="confirmShipment",
    openapi_extra=_KEYED_AND_VERSIONED,
)
def ship(request: HttpRequest, order_number: str, payload: Body[NewShipment]) -> HttpResponse:
    """Confirm parcels of a seller's order: the buyer is charged now. All of them, or none."""
    who = principal(request)
    who.demand(Permission.ORDERS_SHIP)
    key = once(request, "shipments.confirm")
    asked = shipment_request(known_form(order_number), payload, expected_version(request))
    actor = who.actor(key.key if key else "")
    return one_outcome(confirm_shipments(actor, [asked], now=clock.now(), once=key), status=201)


@router.patch(
    "/{order_number}/shipments/{reference}",
    response=OutcomeAnswer,
    operation_id="editShipment",
    openapi_extra=_VERSIONED,
)
def edit(
    request: HttpRequest, order_number: str, reference: str, payload: Body[ShipmentEdit]
) -> HttpResponse:
    """Say anew what is in a parcel. Lateness never changes by it, and earlier versions are kept."""
    who = principal(request)
    who.demand(Permission.ORDERS_SHIP)
    key = once(request, "shipments.edit", required=False)
    asked = edit_request(known_form(order_number), reference, payload, expected_version(request))
    return one_outcome(edit_shipments(who.actor(key.key if key else ""), [asked], now=clock.now(), once=key))


@router.post(
    "/{order_number}/warehouse-shipments",
    response={201: OutcomeAnswer},
    operation_id="shipFromWarehouse",
    openapi_extra=_KEYED_AND_VERSIONED,
)
def ship_from_warehouse(request: HttpRequest, order_number: str, payload: Body[NewShipment]) -> HttpResponse:
    """Say that the marketplace's warehouse shipped parcels of its own order."""
    who = principal(request)
    who.demand(Permission.PARCELS_REPORT)
    key = once(request, "shipments.warehouse")
    asked = shipment_request(known_form(order_number), payload, expected_version(request))
    actor = who.actor(key.key if key else "")
    return one_outcome(ship_warehouse_orders(actor, [asked], now=clock.now(), once=key), status=201)


@router.post(
    "/{order_number}/parcel-events",
    response=OutcomeAnswer | OutcomesAnswer,
    operation_id="reportParcelEvents",
    openapi_extra=_MAYBE_KEYED,
)
def follow(request: HttpRequest, order_number: str, payload: Body[OneOrMany]) -> HttpResponse:
    """Say what a carrier saw: one event, or several with `events`. The same event told twice is one."""
    who = principal(request)
    who.demand(Permission.PARCELS_REPORT)
    number, key = known_form(order_number), once(request, "parcels.report", required=False)
    actor = who.actor(key.key if key else "")
    if isinstance(payload, NewParcelEvent):
        reports = [parcel_report(number, payload)]
        return one_outcome(report_parcel_events(actor, reports, now=clock.now(), once=key))
    reports = [parcel_report(number, event, f"events[{index}]") for index, event in enumerate(payload.events)]
    return many_outcomes(report_parcel_events(actor, reports, now=clock.now(), once=key))
