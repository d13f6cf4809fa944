"""What packing slips show of orders: never prices (screens 1.5, S4-08)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.orders import Channel, Status
from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.personal import AddressView, address_view, gift_message


@dataclass(frozen=True, slots=True)
class SlipItem:
    sku: str
    asin: str
    title: str
    condition: str
    quantity: int  # what goes into the parcels of this order: ordered without cancelled
    gift_message: str


@dataclass(frozen=True, slots=True)
class SlipOrder:
    """One order as its packing slip shows it. `address` None: unknown, or the reader may not see it."""

    order_number: str
    marketplace_id: str
    channel: Channel
    status: Status
    placed_at: datetime
    ship_service: str
    seller_name: str
    store_name: str
    slips_printed: int
    is_held: bool  # the buyer has filed a request to cancel that is still open
    purchase_order: str
    address: AddressView | None
    items: tuple[SlipItem, ...]


_SLIPS = """
SELECT o.order_number, o.marketplace_id, o.channel, o.status, o.placed_at, o.ship_service, s.name,
       coalesce(t.store_name, ''), o.slips_printed,
       o.cancel_request = 'requested_formal',
       (SELECT json_agg(json_build_array(i.item_number, i.sku, i.asin, i.title, i.condition, i.ordered - i.cancelled)
                        ORDER BY i.position)
          FROM order_items i WHERE i.seller_id = o.seller_id AND i.order_id = o.id),
       coalesce(b.purchase_order, ''), b.item_texts, a.id, a.name, a.company, a.line1, a.line2, a.line3, a.city,
       a.district, a.county, a.state, a.municipality, a.postal_code, a.country, a.phone, a.kind
  FROM unnest(%(numbers)s::text[]) WITH ORDINALITY AS asked(number, position)
  JOIN orders o ON o.seller_id = %(seller)s AND o.order_number = asked.number
  JOIN sellers s ON s.id = o.seller_id
  LEFT JOIN participations t ON t.seller_id = o.seller_id AND t.marketplace_id = o.marketplace_id
  LEFT JOIN buyer_contacts b ON b.seller_id = o.seller_id AND b.order_id = o.id AND %(personal)s
  LEFT JOIN shipping_addresses a ON a.seller_id = o.seller_id AND a.order_id = o.id AND %(personal)s
 ORDER BY asked.position"""


def slip_orders(seller_id: int, order_numbers: Sequence[str], *, personal: bool) -> tuple[SlipOrder, ...]:
    """The orders asked for, in the order asked, without those that the seller does not have.

    `personal` says whether the reader may see buyers' data (Permission.BUYERS_READ).
    """
    with scoped(seller_id):
        asked = {"seller": seller_id, "numbers": list(order_numbers), "personal": personal}
        return tuple(_slip(row) for row in rows(_SLIPS, asked))


def _slip(row: tuple[Any, ...]) -> SlipOrder:
    number, marketplace, channel, status, placed, service, seller, store, printed, held, items, *rest = row
    purchase_order, texts, address_id, *address = rest
    messages = decode_json(texts) or {}
    lines = [
        SlipItem(sku, asin, title, condition, quantity, gift_message(messages.get(item)))
        for item, sku, asin, title, condition, quantity in decode_json(items) or ()
    ]
    return SlipOrder(
        number,
        marketplace,
        Channel(channel),
        Status(status),
        placed,
        service,
        seller,
        store,
        printed,
        held,
        purchase_order,
        address_view(address) if address_id else None,
        tuple(line for line in lines if line.quantity),
    )
