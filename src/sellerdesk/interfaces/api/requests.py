"""From what programs send to what the commands take."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.money import parse_amount
from sellerdesk.domain.orders import (
    Address,
    Buyer,
    Channel,
    Component,
    ItemDocument,
    OrderDocument,
    PaymentState,
)
from sellerdesk.domain.parcels import ParcelReport
from sellerdesk.domain.payments import PaymentReport
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.domain.shipments import EditRequest, PackageRequest, ShipmentRequest
from sellerdesk.interfaces.api.problems import camel_name, utc
from sellerdesk.interfaces.api.shapes import (
    Money,
    NewItem,
    NewOrder,
    NewPackage,
    NewParcelEvent,
    NewPayment,
    NewShipment,
    PackedItem,
    ShipmentEdit,
)

_COMPONENTS = {component.value: component for component in Component}
# Clocks of two machines differ; a payment "in the future" beyond this is a mistake.
_CLOCK_TOLERANCE = timedelta(minutes=5)


def order_document(order: NewOrder, *, now: datetime, place: str = "") -> OrderDocument:
    """A placed order as the command takes it. Raises Refusal UNKNOWN_MARKETPLACE, CURRENCY_MISMATCH, INVALID_VALUE,
    MONEY_PRECISION.
    """
    currency = by_id(order.marketplace_id).currency
    _check_windows(order, place)
    buyer = Buyer(**order.buyer.model_dump()) if order.buyer else None
    address = Address(**order.ship_to.model_dump()) if order.ship_to else None
    items = tuple(_item(item, currency, f"{place}items[{index}]") for index, item in enumerate(order.items))
    kept = order.model_dump(
        include={
            "order_number",
            "marketplace_id",
            "seller_order_id",
            "order_type",
            "sales_channel",
            "ship_service",
            "service_category",
            "earliest_ship_at",
            "latest_ship_at",
            "earliest_delivery_at",
            "latest_delivery_at",
            "is_business",
            "is_prime",
        }
    )
    return OrderDocument(
        **kept,
        placed_at=order.placed_at or now,
        currency=currency,
        items=items,
        channel=Channel(order.channel),
        total=minor(order.total, currency, place=f"{place}total") if order.total else None,
        pending_reason=order.pending_reason or "",
        buyer=buyer,
        address=address,
        place=place.rstrip("."),
    )


def minor(money: Money, currency: str, *, place: str) -> int:
    """Money as minor units of the expected currency. Raises Refusal CURRENCY_MISMATCH, MONEY_PRECISION."""
    if money.currency_code != currency:
        raise refuse(
            Code.CURRENCY_MISMATCH,
            place=f"{place}.currencyCode",
            currency=money.currency_code,
            expected=currency,
        )
    return parse_amount(money.amount, currency, place=f"{place}.amount")


def payment_report(order_number: str, payment: NewPayment, *, now: datetime) -> PaymentReport:
    """A payment report. Raises Refusal INVALID_VALUE for a moment in the future."""
    if payment.at is not None and payment.at > now + _CLOCK_TOLERANCE:
        raise refuse(Code.INVALID_VALUE, place="at", value=utc(payment.at), expected="not later than now")
    return PaymentReport(
        order_number,
        PaymentState(payment.state),
        payment.reason or "",
        payment.at,
        reference=payment.payment_reference or "",
    )


def shipment_request(order_number: str, shipment: NewShipment, version: int | None) -> ShipmentRequest:
    """A confirmation. Raises Refusal DUPLICATE_REQUEST for an item twice in one package."""
    packages = tuple(_package(one, f"packages[{index}]") for index, one in enumerate(shipment.packages))
    return ShipmentRequest(order_number, packages, version)


def edit_request(order_number: str, reference: str, edit: ShipmentEdit, version: int | None) -> EditRequest:
    """An edit. Raises Refusal DUPLICATE_REQUEST for an item twice."""
    changed: dict[str, Any] = edit.model_dump(exclude={"items"}, exclude_unset=True)
    if edit.items is not None:
        changed |= {"lines": _lines(edit.items, "items"), "transparency_codes": _codes(edit.items)}
    return EditRequest(order_number, reference, **changed, version=version)


def parcel_report(order_number: str, event: NewParcelEvent, place: str = "") -> ParcelReport:
    return ParcelReport(order_number, event.reference, event.kind, event.at, event.where, event.raw, place)


def _item(item: NewItem, currency: str, place: str) -> ItemDocument:
    given = {name: value for name, value in item.amounts if value is not None}
    return ItemDocument(
        item_number=item.item_number,
        sku=item.sku,
        title=item.title,
        ordered=item.quantity,
        asin=item.asin,
        condition=item.condition,
        is_gift=item.is_gift,
        amounts={
            _COMPONENTS[name]: minor(value, currency, place=f"{place}.amounts.{camel_name(name)}")
            for name, value in given.items()
        },
    )


def _check_windows(order: NewOrder, place: str) -> None:
    for name in ("ship", "delivery"):
        start, end = getattr(order, f"earliest_{name}_at"), getattr(order, f"latest_{name}_at")
        if start and end and end < start:
            raise refuse(
                Code.INVALID_VALUE,
                place=f"{place}latest{name.capitalize()}At",
                value=utc(end),
                expected=f"not before {utc(start)}",
            )


def _package(package: NewPackage, place: str) -> PackageRequest:
    said = package.model_dump(exclude={"items"})
    lines = None if package.items is None else _lines(package.items, f"{place}.items")
    return PackageRequest(**said, lines=lines, transparency_codes=_codes(package.items or ()), place=place)


def _lines(items: Sequence[PackedItem], place: str) -> dict[str, int]:
    lines: dict[str, int] = {}
    for index, item in enumerate(items):
        if item.item_number in lines:
            raise refuse(Code.DUPLICATE_REQUEST, place=f"{place}[{index}].itemNumber")
        lines[item.item_number] = item.quantity
    return lines


def _codes(items: Sequence[PackedItem]) -> dict[str, tuple[str, ...]]:
    return {item.item_number: tuple(item.transparency_codes) for item in items if item.transparency_codes}
