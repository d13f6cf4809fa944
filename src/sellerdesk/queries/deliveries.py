"""Deliveries: whether there is anything to do, and what their bodies must know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.order_changes import ChangedOrder, Hearer, ItemChange
from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped

# Driven by the index of turns, which holds only receivers with something to get.
_DUE = """
SELECT EXISTS (SELECT FROM receivers WHERE state = 'active' AND due_at <= %(now)s AND busy_until <= %(now)s)"""


def is_delivery_due(now: datetime) -> bool:
    """Whether some receiver has something to get."""
    with scoped(None):
        return bool(rows(_DUE, {"now": now})[0][0])


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """What the body of a delivery is made of. `kind` is the journal entry's, "" for a test."""

    id: int
    webhook_id: str
    type: str
    created_at: datetime
    seller_public_id: str
    kind: str
    at: datetime
    party: str
    facts: Mapping[str, Any]
    order_number: str
    marketplace_id: str
    sequence: int


_FACTS = """
SELECT d.id, d.webhook_id, d.type, d.created_at, s.public_id, coalesce(j.kind, ''), coalesce(j.at, d.created_at),
       coalesce(j.party, ''), j.facts, coalesce(o.order_number, ''), coalesce(o.marketplace_id, ''),
       (SELECT count(*) FROM journal e
         WHERE e.seller_id = d.seller_id AND e.order_id = d.order_id AND e.id <= d.entry_id)
  FROM deliveries d
  JOIN sellers s ON s.id = d.seller_id
  LEFT JOIN journal j ON j.seller_id = d.seller_id AND j.id = d.entry_id
  LEFT JOIN orders o ON o.seller_id = d.seller_id AND o.id = d.order_id
 WHERE d.seller_id = %(seller)s AND d.id = ANY(ARRAY(SELECT unnest(%(ids)s::bigint[])))"""


def delivery_facts(seller_id: int, delivery_ids: Sequence[int]) -> dict[int, DeliveryFacts]:
    """What bodies must know, by delivery id, in one query."""
    with scoped(seller_id):
        found = rows(_FACTS, {"seller": seller_id, "ids": list(delivery_ids)})
    return {row[0]: _facts(row) for row in found}


def _facts(row: tuple[Any, ...]) -> DeliveryFacts:
    values: list[Any] = [*row[:8], decode_json(row[8]) or {}, *row[9:]]
    return DeliveryFacts(*values)


_HEARER = """
SELECT c.client_id, u.subscription_id, s.public_id
  FROM spapi_subscriptions u JOIN api_clients c ON c.id = u.client_id JOIN sellers s ON s.id = u.seller_id
 WHERE u.seller_id = %s AND u.receiver_id = %s"""


def hearer(seller_id: int, receiver_id: int) -> Hearer | None:
    """The subscription behind a receiver of SP-API notifications."""
    with scoped(seller_id):
        found = rows(_HEARER, [seller_id, receiver_id])
    return Hearer(*found[0]) if found else None


_CHANGED = """
SELECT d.id, o.order_number, o.marketplace_id, o.channel, o.order_type, coalesce(j.facts->>'status', o.status),
       o.placed_at, o.earliest_ship_at, o.latest_ship_at, o.earliest_delivery_at, o.latest_delivery_at,
       o.cancel_requested_at, o.is_business, o.is_prime,
       (SELECT json_agg(json_build_array(i.item_number, i.sku, i.ordered, i.shipped, i.cancelled,
                                         i.cancel_requested_at IS NOT NULL) ORDER BY i.position)
          FROM order_items i WHERE i.seller_id = o.seller_id AND i.order_id = o.id)
  FROM deliveries d
  JOIN journal j ON j.seller_id = d.seller_id AND j.id = d.entry_id
  JOIN orders o ON o.seller_id = d.seller_id AND o.id = d.order_id
 WHERE d.seller_id = %(seller)s AND d.id = ANY(ARRAY(SELECT unnest(%(ids)s::bigint[])))"""


def changed_orders(seller_id: int, delivery_ids: Sequence[int]) -> dict[int, ChangedOrder]:
    """The orders of notifications, by delivery id, in one query. The status is the one that the change led to."""
    with scoped(seller_id):
        found = rows(_CHANGED, {"seller": seller_id, "ids": list(delivery_ids)})
    return {row[0]: _changed(row) for row in found}


def _changed(row: tuple[Any, ...]) -> ChangedOrder:
    items = tuple(ItemChange(*item) for item in decode_json(row[-1]) or ())
    values: list[Any] = [*row[1:-1], items]
    return ChangedOrder(*values)
