"""Orders v0: confirmShipment, which confirms and edits, and updateShipmentStatus for orders collected in a store
(spapi 2.5, 2.6).
"""

import re
from dataclasses import dataclass

from sellerdesk.commands.pickups import PickupReport, report_pickups
from sellerdesk.commands.shipments import confirm_shipments, edit_shipments
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.pickups import PICKUP
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.shipments import EditRequest, PackageRequest, ShipmentRequest
from sellerdesk.interfaces.spapi.bodies import Members
from sellerdesk.interfaces.spapi.errors import ApiError, invalid, not_found
from sellerdesk.interfaces.spapi.orders_v0 import check_id
from sellerdesk.interfaces.spapi.protocol import NO_CONTENT, Answer, Call, Operation
from sellerdesk.interfaces.spapi.refusals import worded
from sellerdesk.queries.spapi_orders import OrderHead, read_head
from sellerdesk.wire import times

_REFERENCE = re.compile(r"0*[1-9][0-9]*\Z")
_MOST_REFERENCE = 60
# The most characters that a member may have, as the tables hold them.
_LENGTHS = {"carrierCode": 60, "carrierName": 60, "shippingMethod": 100, "trackingNumber": 100}
# The confirmation is an edit where the package, or everything that could be shipped, was confirmed before.
_MEANS_EDIT = (Code.PACKAGE_EXISTS, Code.ALREADY_SHIPPED)


@dataclass(frozen=True, slots=True)
class _Asked:
    marketplace_id: str
    package: PackageRequest


def confirm_shipment(call: Call, order_id: str) -> Answer:
    """Confirm one package; one whose reference is known is edited, its earlier versions are kept."""
    check_id(order_id)
    asked = _read(Members(call.body()))
    if asked.marketplace_id not in MARKETPLACES:
        raise worded(refuse(Code.UNKNOWN_MARKETPLACE, marketplace_id=asked.marketplace_id))
    outcome = _confirm_or_edit(call, order_id, asked)
    if outcome.refusal is None:
        return NO_CONTENT
    if outcome.refusal.facts.get("place") == "marketplace_id":
        raise _other_marketplace(asked.marketplace_id, order_id)
    raise worded(outcome.refusal)


def _other_marketplace(marketplace_id: str, order_id: str) -> ApiError:
    return invalid(f"MarketplaceId {marketplace_id} does not match order {order_id}.")


def _confirm_or_edit(call: Call, order_id: str, asked: _Asked) -> Outcome:
    actor, package = call.access.actor, asked.package
    new = ShipmentRequest(order_id, (package,), marketplace_id=asked.marketplace_id)
    (confirmed,) = confirm_shipments(actor, [new], now=call.now)
    if confirmed.refusal is None or confirmed.refusal.code not in _MEANS_EDIT:
        return confirmed
    request = EditRequest(
        order_id,
        package.reference,
        carrier_code=package.carrier_code,
        carrier_name=package.carrier_name,  # it belongs to the code; what else is not said stays as it was
        service=package.service or None,
        tracking=package.tracking,
        shipped_at=package.shipped_at,
        lines=package.lines,
        transparency_codes=package.transparency_codes or None,
        marketplace_id=asked.marketplace_id,
    )
    (edited,) = edit_shipments(actor, [request], now=call.now)
    return edited


def read_matching(call: Call, order_id: str, marketplace_id: str) -> OrderHead:
    """The seller's order, if it was placed on that marketplace. Raises ApiError 400 or 404."""
    if marketplace_id not in MARKETPLACES:
        raise worded(refuse(Code.UNKNOWN_MARKETPLACE, marketplace_id=marketplace_id))
    head = read_head(call.seller_id, order_id)
    if head is None:
        raise not_found()
    if head.marketplace_id != marketplace_id:
        raise _other_marketplace(marketplace_id, order_id)
    return head


def _read(body: Members) -> _Asked:
    marketplace_id = body.text("marketplaceId", needed=True)
    cod = body.text("codCollectionMethod")
    detail = body.inner("packageDetail", needed=True)
    words = {name: detail.text(name, needed=name in ("carrierCode", "trackingNumber")) for name in _LENGTHS}
    reference = detail.text("packageReferenceId", needed=True)
    ship_date = detail.text("shipDate", needed=True)
    lines, codes = _lines(detail)
    body.check()
    if not _REFERENCE.match(reference) or len(reference) > _MOST_REFERENCE:
        raise invalid("PackageReferenceId: is invalid, must be a positive numeric value.")
    if cod not in ("", "DirectPayment"):
        raise invalid("CodCollectionMethod is invalid. Must be one of [DirectPayment].")
    for name, most in _LENGTHS.items():
        if len(words[name]) > most:
            raise invalid(f"packageDetail.{name} is too long. At most {most} characters are supported.")
    try:
        shipped_at = times.parse(ship_date, place="packageDetail.shipDate")
    except Refusal:
        raise invalid("ShipDate is invalid. It must be in ISO 8601 date/time format.") from None
    package = PackageRequest(
        carrier_code=words["carrierCode"],
        tracking=words["trackingNumber"],
        shipped_at=shipped_at,
        lines=lines,
        reference=reference,
        carrier_name=words["carrierName"],
        service=words["shippingMethod"],
        transparency_codes=codes,
        place="packageDetail",
    )
    return _Asked(marketplace_id, package)


def _lines(detail: Members) -> tuple[dict[str, int], dict[str, tuple[str, ...]]]:
    """Units and transparency codes by item; an item that is named twice counts with the sum."""
    lines: dict[str, int] = {}
    codes: dict[str, tuple[str, ...]] = {}
    for line in detail.objects("orderItems", needed=True):
        number = line.text("orderItemId", needed=True)
        quantity = line.whole("quantity", needed=True) or 0
        lines[number] = lines.get(number, 0) + quantity
        if given := line.texts("transparencyCodes"):
            codes[number] = codes.get(number, ()) + given
    return lines, codes


def update_shipment_status(call: Call, order_id: str) -> Answer:
    """Record what the store says of an order that the buyer collects."""
    check_id(order_id)
    body = Members(call.body())
    marketplace_id = body.text("marketplaceId", needed=True)
    state = body.text("shipmentStatus", needed=True)
    lines: dict[str, int] = {}
    for line in body.objects("orderItems"):
        number = line.text("orderItemId", needed=True)
        lines[number] = lines.get(number, 0) + (line.whole("quantity", needed=True) or 0)
    body.check()
    if state not in PICKUP.moves:
        raise invalid(
            f"Invalid request parameter `shipmentStatus`. Must be one of [{', '.join(PICKUP.moves)}]."
        )
    read_matching(call, order_id, marketplace_id)
    (outcome,) = report_pickups(call.access.actor, [PickupReport(order_id, state, lines)], now=call.now)
    if outcome.refusal is not None:
        raise worded(outcome.refusal)
    return NO_CONTENT


CONFIRM_SHIPMENT = Operation("ordersV0.confirmShipment", confirm_shipment, Permission.ORDERS_SHIP)
UPDATE_SHIPMENT_STATUS = Operation(
    "ordersV0.updateShipmentStatus", update_shipment_status, Permission.ORDERS_SHIP
)
