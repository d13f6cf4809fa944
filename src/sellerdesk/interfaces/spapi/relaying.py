"""Buyers' addresses as programs see them: an order that was placed here shows the relay address of its thread, never
the buyer's own (S3-10); what another platform published of its orders is given back as it came.
"""

from dataclasses import replace
from functools import cache

from django.conf import settings

from sellerdesk.domain.orders import HeldOrder
from sellerdesk.domain.relay import Side, address, relay_key, resolve_address
from sellerdesk.flows.mailroom import our_host


def relayed(order: HeldOrder) -> HeldOrder:
    """The order with the buyer's relay address in place of the real one."""
    if order.source != "native" or order.buyer is None or not order.buyer.email:
        return order
    mask = address(Side.BUYER, order.id, _key(settings.SECRET_KEY), our_host())
    return replace(order, buyer=replace(order.buyer, email=mask))


def order_of(email: str) -> int | None:
    """The id of the order that a buyer's relay address belongs to; None for any other address."""
    point = resolve_address(email, _key(settings.SECRET_KEY), our_host())
    return point.order_id if point is not None and point.side is Side.BUYER else None


@cache
def _key(secret: str) -> bytes:
    return relay_key(secret)
