"""What confirming or editing a shipment would do, by the same decisions that the commands take (design 2.4)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sellerdesk.domain import shipments
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.shipments import EditDecision, EditRequest, ShipmentDecision, ShipmentRequest
from sellerdesk.domain.tracking import tracking_key
from sellerdesk.models.facts import read_by_number
from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped


@dataclass(frozen=True, slots=True)
class Preview:
    """Either a decision or the refusal that the command would answer at this moment."""

    facts: OrderFacts | None
    decision: ShipmentDecision | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class EditPreview:
    facts: OrderFacts | None
    decision: EditDecision | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class TrackingUse:
    """A tracking number (its compared form) that stands on a parcel of another order already."""

    key: str
    order_number: str
    reference: str


_USES = """
SELECT p.tracking_key, o.order_number, p.reference
  FROM packages p JOIN orders o ON o.seller_id = p.seller_id AND o.id = p.order_id
 WHERE p.seller_id = %s AND p.tracking_key = ANY(%s) AND p.tracking_key <> '' AND o.order_number <> %s
 ORDER BY p.id DESC LIMIT 20"""


def shipping_facts(seller_id: int, order_number: str) -> OrderFacts | None:
    """What the rules of shipping know of an order, or None when the seller has no such order."""
    with scoped(seller_id):
        return read_by_number(seller_id, [order_number]).get(order_number)


def preview_confirmation(seller_id: int, request: ShipmentRequest, *, now: datetime) -> Preview:
    """What `commands.shipments.confirm_shipments` would do with the request now. Nothing is locked or written."""
    facts = shipping_facts(seller_id, request.order_number)
    if facts is None:
        return Preview(None, refusal=refuse(Code.ORDER_NOT_FOUND, order_number=request.order_number))
    try:
        return Preview(facts, shipments.confirm(facts, request, now=now))
    except Refusal as refusal:
        return Preview(facts, refusal=refusal)


def preview_edit(seller_id: int, request: EditRequest, *, now: datetime) -> EditPreview:
    """The same for `commands.shipments.edit_shipments`."""
    facts = shipping_facts(seller_id, request.order_number)
    if facts is None:
        return EditPreview(None, refusal=refuse(Code.ORDER_NOT_FOUND, order_number=request.order_number))
    try:
        return EditPreview(facts, shipments.edit(facts, request, now=now))
    except Refusal as refusal:
        return EditPreview(facts, refusal=refusal)


def tracking_uses(seller_id: int, order_number: str, numbers: Collection[str]) -> tuple[TrackingUse, ...]:
    """Which of these tracking numbers the seller has on parcels of other orders, the newest first."""
    keys = sorted({key for number in numbers if (key := tracking_key(number))})
    if not keys:
        return ()
    with scoped(seller_id):
        return tuple(TrackingUse(*row) for row in rows(_USES, [seller_id, keys, order_number]))
