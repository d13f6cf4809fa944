"""Writing what a protocol publishes about an order beside our own columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Actor
from sellerdesk.models import journal_writes
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.sql import decode_json, record_set, rows, run

# Two statements, so that what is read was committed when the lock was got.
_LOCK = "SELECT id FROM orders WHERE seller_id = %s AND order_number = ANY(%s) ORDER BY id FOR UPDATE"
_READ = """
SELECT order_number, id, marketplace_id, status, channel, published
  FROM orders WHERE seller_id = %s AND id = ANY(%s)"""

_WRITE = f"""
WITH moved AS (
  UPDATE orders o SET published = o.published || m.part, updated_at = %(now)s, version = o.version + 1
    FROM jsonb_to_recordset(%(parts)s::jsonb) AS m(id bigint, part jsonb)
   WHERE o.seller_id = %(seller)s AND o.id = m.id)
{journal_writes.INSERT}"""


@dataclass(frozen=True, slots=True)
class PublishedOrder:
    """An order with what protocols publish of it."""

    id: int
    marketplace_id: str
    status: str
    channel: str
    published: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PublishedPart:
    """One top-level part of `Order.published` to replace, and what the journal says of it."""

    part: dict[str, Any]
    entry: Entry


def lock_published(seller_id: int, order_numbers: Sequence[str]) -> dict[str, PublishedOrder]:
    """Lock orders by number and read them."""
    ids = [row[0] for row in rows(_LOCK, [seller_id, sorted(order_numbers)])]
    if not ids:
        return {}
    found = rows(_READ, [seller_id, ids])
    return {
        number: PublishedOrder(order_id, place, status, channel, decode_json(published))
        for number, order_id, place, status, channel, published in found
    }


def write_published(actor: Actor, seller_id: int, parts: Sequence[PublishedPart], now: datetime) -> None:
    """Replace the parts and journal it; programs that poll for changes will see the orders again."""
    entries = [part.entry for part in parts]
    records = [{"id": part.entry.order_id, "part": part.part} for part in parts]
    run(_WRITE, journal_writes.params(actor, seller_id, entries, now) | {"parts": record_set(records)})
