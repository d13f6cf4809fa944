"""What an order shows in which state, the same in both Orders APIs (spapi 2.4)."""

from datetime import datetime

from sellerdesk.domain.orders import WAITING, Channel, OrderDocument, Status
from sellerdesk.wire import contacts, wording

WITH_ADDRESS = frozenset(
    {Status.UNSHIPPED, Status.PARTIALLY_SHIPPED, Status.SHIPPED, Status.INVOICE_UNCONFIRMED}
)
ALL_SHIPPED = frozenset({Status.SHIPPED, Status.INVOICE_UNCONFIRMED})


def order_total(doc: OrderDocument) -> int | None:
    """The order's total in minor units: as published, else the sum of its lines.

    None when neither is known.
    """
    if not doc.currency:
        return None
    if doc.total is None and doc.items and any(item.amounts for item in doc.items):
        return sum(sum(item.amounts.values()) for item in doc.items)
    return doc.total


def address_visible(doc: OrderDocument) -> bool:
    """Addresses go with orders that can be or have been shipped, or as the platform published them."""
    return doc.address is not None and (
        doc.status in WITH_ADDRESS or _as_published(doc.address.published, doc.status)
    )


def buyer_visible(doc: OrderDocument) -> bool:
    """Buyers are hidden while the order waits for its payment, unless the platform published them."""
    return doc.buyer is not None and (
        doc.status not in WAITING or _as_published(doc.buyer.published, doc.status)
    )


def phone_visible(doc: OrderDocument, now: datetime) -> bool:
    """Not for the marketplace's warehouse; not once all is shipped and the last delivery date has passed.

    An import that carried the phone in such a state gives it back.
    """
    if doc.address is not None and contacts.phone_as_published(doc.address):
        return True
    past = doc.latest_delivery_at is not None and now > doc.latest_delivery_at
    return doc.channel is not Channel.AFN and not (doc.status in ALL_SHIPPED and past)


def _as_published(published: dict[str, dict[str, object]], status: Status) -> bool:
    return any(rest.get(wording.AT) == status.value for rest in published.values())
