"""What asking buyers for reviews rests on, and writing it down."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.solicitations import Delivery, Window
from sellerdesk.models import journal_writes
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.sql import record_set, rows, run
from sellerdesk.models.terms import policy_book

# A parcel of which no carrier says anything counts from the promised delivery; one on its way is not delivered.
_DELIVERIES = """
SELECT o.id,
       coalesce(
         (SELECT CASE WHEN bool_and(k.delivered_at IS NOT NULL) THEN max(k.delivered_at) END FROM packages k
           WHERE k.seller_id = o.seller_id AND k.order_id = o.id AND k.status <> 'CANCELLED'),
         CASE WHEN NOT EXISTS (SELECT 1 FROM packages k JOIN parcel_events e
                                 ON e.seller_id = k.seller_id AND e.package_id = k.id
                                WHERE k.seller_id = o.seller_id AND k.order_id = o.id)
              THEN o.latest_delivery_at END),
       s.at, coalesce(p.opted_out_at IS NOT NULL, false)
  FROM orders o
  LEFT JOIN solicitations s ON s.seller_id = o.seller_id AND s.order_id = o.id
  LEFT JOIN buyer_contacts b ON b.seller_id = o.seller_id AND b.order_id = o.id
  LEFT JOIN buyer_preferences p ON p.email = lower(b.email)
 WHERE o.seller_id = %s AND o.id = ANY(ARRAY(SELECT unnest(%s::bigint[])))"""

_WRITE = f"""
WITH asked AS (
  INSERT INTO solicitations (seller_id, order_id, at, delivered_at)
  SELECT %(seller)s, s.order_id, %(now)s, s.delivered_at
    FROM jsonb_to_recordset(%(asked)s::jsonb) AS s(order_id bigint, delivered_at timestamptz))
{journal_writes.INSERT}"""


def read_deliveries(seller_id: int, order_ids: Collection[int]) -> dict[int, Delivery]:
    """When these orders were delivered, and whether their buyers were asked; by order id."""
    return {order_id: Delivery(*said) for order_id, *said in rows(_DELIVERIES, [seller_id, list(order_ids)])}


def read_windows(marketplace_ids: Collection[str], now: datetime) -> dict[str, Window]:
    """The windows that hold in these marketplaces today, each in its own zone."""
    book = policy_book(marketplace_ids)
    windows = {}
    for one in marketplace_ids:
        day = now.astimezone(ZoneInfo(by_id(one).zone)).date()
        windows[one] = Window(**{key: book.value(one, key, day) for key in Window.__dataclass_fields__})
    return windows


def write_solicitations(
    actor: Actor, seller_id: int, asked: Sequence[tuple[OrderFacts, Delivery]], now: datetime
) -> None:
    """Write that the buyers of these locked orders were asked, and journal each."""
    if not asked:
        return
    records: list[Mapping[str, Any]] = [
        {"order_id": facts.id, "delivered_at": delivery.delivered_at} for facts, delivery in asked
    ]
    entries = [Entry(facts.id, "solicitation_sent") for facts, _ in asked]
    run(_WRITE, journal_writes.params(actor, seller_id, entries, now) | {"asked": record_set(records)})
