"""Which facts of the journal are order changes as SP-API notifications know them (ORDER_CHANGE)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

ORDER_CHANGE = "ORDER_CHANGE"


class ChangeType(StrEnum):
    BUYER_REQUESTED = "BuyerRequestedChange"
    STATUS = "OrderStatusChange"


# Published too, but nothing here ever changes a tip for the courier.
CHANGE_TYPES = (*(one.value for one in ChangeType), "DeliveryTipChange")


@dataclass(frozen=True, slots=True)
class Change:
    """A kind of journal entry, and what it is there. `reason` is the protocol's ChangeReason."""

    kind: str
    change: ChangeType
    reason: str = "Order Status Change"
    when: Mapping[str, Any] = field(default_factory=dict)


CHANGES = (
    Change("cancellation_requested", ChangeType.BUYER_REQUESTED, "Buyer Requested Cancel"),
    Change("order_placed", ChangeType.STATUS),
    Change("order_imported", ChangeType.STATUS),
    Change("payment_authorized", ChangeType.STATUS),
    Change("shipment_confirmed", ChangeType.STATUS),
    Change("warehouse_shipped", ChangeType.STATUS),
    Change("order_cancelled", ChangeType.STATUS),
    Change("buyer_cancelled", ChangeType.STATUS),
    Change("marketplace_cancelled", ChangeType.STATUS),
    Change("cancelled_elsewhere", ChangeType.STATUS),
    Change("order_auto_cancelled", ChangeType.STATUS),
)
BY_KIND = {one.kind: one for one in CHANGES}


@dataclass(frozen=True, slots=True)
class ItemChange:
    """A line of a changed order."""

    item_number: str
    sku: str
    ordered: int
    shipped: int
    cancelled: int
    cancel_requested: bool


@dataclass(frozen=True, slots=True)
class ChangedOrder:
    """The order of a notification as it is when the notification is sent. Nothing personal is among it."""

    order_number: str
    marketplace_id: str
    channel: str  # MFN | AFN
    order_type: str
    status: str
    placed_at: datetime
    earliest_ship_at: datetime | None
    latest_ship_at: datetime | None
    earliest_delivery_at: datetime | None
    latest_delivery_at: datetime | None
    cancel_requested_at: datetime | None
    is_business: bool
    is_prime: bool
    items: tuple[ItemChange, ...]


@dataclass(frozen=True, slots=True)
class Hearer:
    """The subscription that a notification is for. `application_id` is the program's public id."""

    application_id: str
    subscription_id: str
    seller_public_id: str
