"""What the rules of returns need besides an order's money: deliveries, messages, and what the seller has set."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sellerdesk.domain.return_settings import Automatic, Effect, Rule
from sellerdesk.models.sql import decode_json, rows

_ORDERS = """
SELECT o.id,
       CASE WHEN bool_and(p.delivered_at IS NOT NULL) THEN max(p.delivered_at) END,
       EXISTS (SELECT 1 FROM message_threads h JOIN messages m ON m.seller_id = h.seller_id AND m.thread_id = h.id
                WHERE h.seller_id = o.seller_id AND h.order_id = o.id AND m.kind = 'seller'),
       (SELECT json_agg(json_build_array(i.id, i.sku, i.ordered, coalesce(c.amount, 0)))
          FROM order_items i
          LEFT JOIN charges c ON c.seller_id = i.seller_id AND c.item_id = i.id AND c.component = 'principal'
         WHERE i.seller_id = o.seller_id AND i.order_id = o.id),
       (SELECT a.country FROM shipping_addresses a WHERE a.seller_id = o.seller_id AND a.order_id = o.id LIMIT 1),
       (SELECT s.country FROM sellers s WHERE s.id = o.seller_id)
  FROM orders o
  LEFT JOIN packages p ON p.seller_id = o.seller_id AND p.order_id = o.id AND p.status <> 'CANCELLED'
 WHERE o.seller_id = %s AND o.id = ANY(ARRAY(SELECT unnest(%s::bigint[])))
 GROUP BY o.seller_id, o.id"""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Of one order: when the last parcel was delivered (None: not all were), whether the seller wrote to the buyer,
    item id → (SKU, price of one piece in minor units), the buyer's country ("" once it was erased) and the seller's.
    """

    delivered_at: datetime | None
    contacted: bool
    items: dict[int, tuple[str, int]]
    buyer_country: str = ""
    based_in: str = ""


def read_surroundings(seller_id: int, order_ids: Collection[int]) -> dict[int, Surroundings]:
    """The surroundings of locked orders, by order id."""
    found = {}
    for order_id, delivered_at, contacted, items, *countries in rows(_ORDERS, [seller_id, list(order_ids)]):
        known = {item: (sku, price // max(1, of)) for item, sku, of, price in decode_json(items) or ()}
        buyer_country, based_in = ((one or "").upper() for one in countries)
        found[order_id] = Surroundings(delivered_at, contacted, known, buyer_country, based_in)
    return found


@dataclass(frozen=True, slots=True)
class SellerSetting:
    """What a seller has set for a marketplace; without a row, what is in policy is authorised by itself."""

    automatic: Automatic = Automatic.IN_POLICY
    address: dict[str, Any] = field(default_factory=dict)
    instructions: str = ""


def read_settings(seller_id: int) -> dict[str, SellerSetting]:
    """The seller's settings by marketplace."""
    found = rows(
        "SELECT marketplace_id, automatic, address, instructions FROM return_settings WHERE seller_id = %s",
        [seller_id],
    )
    return {
        place: SellerSetting(Automatic(automatic), decode_json(address), instructions)
        for place, automatic, address, instructions in found
    }


def read_rules(seller_id: int) -> tuple[Rule, ...]:
    """All rules of the seller, also those that hold only for older orders."""
    found = rows(
        "SELECT effect, active_from, active_until, marketplace_id, sku, category, reason, price_from, price_to,"
        " currency FROM return_rules WHERE seller_id = %s ORDER BY id",
        [seller_id],
    )
    return tuple(Rule(Effect(effect), *rest) for effect, *rest in found)


def lock_rmas(seller_id: int, wanted: Sequence[str]) -> set[str]:
    """Which of these numbers the seller's returns have already; until the transaction ends nobody else can take one."""
    if not wanted:
        return set()
    # In one order, so that two batches that want the same numbers cannot wait for each other.
    rows(
        "SELECT pg_advisory_xact_lock(hashtextextended('rma:' || %s::text || ':' || n, 0))"
        " FROM (SELECT DISTINCT n FROM unnest(%s::text[]) AS n ORDER BY n) wanted",
        [seller_id, list(wanted)],
    )
    found = rows(
        "SELECT rma FROM return_requests WHERE seller_id = %s AND rma = ANY(ARRAY(SELECT unnest(%s::text[])))",
        [seller_id, list(wanted)],
    )
    return {rma for (rma,) in found}
