"""Bodies of SP-API notifications: ORDER_CHANGE in the shape that Amazon publishes (spapi 8).

Beware of the types: IsBuyerRequestedCancel is a boolean here, and a string in getOrderItems.
"""

from datetime import datetime
from typing import Any

import msgspec

from sellerdesk.domain.order_changes import ORDER_CHANGE, Change, ChangedOrder, ChangeType, Hearer, ItemChange
from sellerdesk.wire.times import render

_VERSION = "1.0"


def encode(
    change: Change, order: ChangedOrder, hearer: Hearer, *, at: datetime, sent: tuple[str, datetime]
) -> bytes:
    """A notification of a change at `at`; `sent` is its id and when it is published."""
    notice = {
        "NotificationLevel": "OrderLevel",
        "SellerId": hearer.seller_public_id,
        "AmazonOrderId": order.order_number,
        "OrderChangeType": change.change.value,
        "OrderChangeTrigger": {"TimeOfOrderChange": render(at), "ChangeReason": change.reason},
        "Summary": _summary(order),
    }
    notification_id, published = sent
    body = {
        "NotificationVersion": _VERSION,
        "NotificationType": ORDER_CHANGE,
        "PayloadVersion": _VERSION,
        "EventTime": render(at),
        "Payload": {"OrderChangeNotification": notice},
        "NotificationMetadata": {
            "ApplicationId": hearer.application_id,
            "SubscriptionId": hearer.subscription_id,
            "PublishTime": render(published),
            "NotificationId": notification_id,
        },
    }
    return msgspec.json.encode(body)


def _summary(order: ChangedOrder) -> dict[str, Any]:
    programs = [
        name for name, is_one in (("Business", order.is_business), ("Prime", order.is_prime)) if is_one
    ]
    return {
        "MarketplaceId": order.marketplace_id,
        "OrderStatus": order.status,
        "PurchaseDate": render(order.placed_at),
        "DestinationPostalCode": None,  # personal: read it with a restricted token
        "FulfillmentType": order.channel,
        "OrderType": order.order_type,
        "NumberOfItemsShipped": sum(item.shipped for item in order.items),
        "NumberOfItemsUnshipped": sum(_left(item) for item in order.items),
        **_known(
            EarliestDeliveryDate=order.earliest_delivery_at,
            LatestDeliveryDate=order.latest_delivery_at,
            EarliestShipDate=order.earliest_ship_at,
            LatestShipDate=order.latest_ship_at,
            CancelNotifyDate=order.cancel_requested_at,
        ),
        "OrderPrograms": programs,
        "ShippingPrograms": [],
        "OrderItems": [_item(item, order) for item in order.items],
    }


def _item(item: ItemChange, order: ChangedOrder) -> dict[str, Any]:
    return {
        "OrderItemId": item.item_number,
        "SellerSKU": item.sku,
        "SupplySourceId": None,
        "OrderItemStatus": _item_status(item),
        "Quantity": item.ordered,
        "QuantityShipped": item.shipped,
        "IsBuyerRequestedCancel": item.cancel_requested,
        **_known(
            ItemEarliestDeliveryDate=order.earliest_delivery_at,
            ItemLatestDeliveryDate=order.latest_delivery_at,
        ),
    }


def _item_status(item: ItemChange) -> str:
    """The published schema knows two words; what was cancelled was never shipped."""
    return "Shipped" if item.shipped and not _left(item) else "Unshipped"


def _left(item: ItemChange) -> int:
    return item.ordered - item.shipped - item.cancelled


def _known(**moments: datetime | None) -> dict[str, str]:
    """Members that may be absent but, in the published schema, never null."""
    return {name: render(at) for name, at in moments.items() if at is not None}


def encode_test(hearer: Hearer, type_: str, *, sent: tuple[str, datetime]) -> bytes:
    """A mock notification, for a program that wants to see whether anything arrives."""
    change = Change("", ChangeType.STATUS, "Test")
    order = ChangedOrder(
        order_number="902-1111111-1111111",
        marketplace_id="ATVPDKIKX0DER",
        channel="MFN",
        order_type="StandardOrder",
        status="Unshipped",
        placed_at=sent[1],
        earliest_ship_at=None,
        latest_ship_at=None,
        earliest_delivery_at=None,
        latest_delivery_at=None,
        cancel_requested_at=None,
        is_business=False,
        is_prime=False,
        items=(ItemChange("00000000000001", "TEST-SKU", 1, 0, 0, cancel_requested=False),),
    )
    if type_ != ORDER_CHANGE:
        raise ValueError(type_)
    return encode(change, order, hearer, at=sent[1], sent=sent)
