"""What the rules of messages need to know: threads and buyers' wishes of locked orders, and how much was sent."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sellerdesk.domain.marketplaces import MARKETPLACES, by_id
from sellerdesk.domain.message_threads import ContactFacts, Limits, ThreadFacts, ThreadState
from sellerdesk.models.sql import rows
from sellerdesk.models.terms import policy_book

_CONTACTS = """
SELECT o.id, o.marketplace_id, coalesce(p.language, ''), p.opted_out_at IS NOT NULL,
       CASE WHEN o.status IN ('Shipped', 'InvoiceUnconfirmed') THEN coalesce(
         (SELECT max(coalesce(k.delivered_at, k.confirmed_at)) FROM packages k
           WHERE k.seller_id = o.seller_id AND k.order_id = o.id AND k.status <> 'CANCELLED'),
         o.confirmed_at, o.latest_ship_at, o.placed_at) END,
       t.id, t.state, t.version, t.last_buyer_at, t.due_at
  FROM orders o
  LEFT JOIN buyer_contacts b ON b.seller_id = o.seller_id AND b.order_id = o.id
  LEFT JOIN buyer_preferences p ON p.email = lower(b.email)
  LEFT JOIN message_threads t ON t.seller_id = o.seller_id AND t.order_id = o.id
 WHERE o.seller_id = %s AND o.id = ANY(ARRAY(SELECT unnest(%s::bigint[])))"""


def read_contacts(seller_id: int, order_ids: Collection[int]) -> dict[int, ContactFacts]:
    """What there is to know of writing to these orders' buyers, by order id; a thread changes under its order's lock
    only.
    """
    return {row[0]: _contact(row) for row in rows(_CONTACTS, [seller_id, list(order_ids)])}


def _contact(row: tuple[Any, ...]) -> ContactFacts:
    _, marketplace_id, language, opted_out, completed_at, thread_id, state, *thread = row
    place = MARKETPLACES.get(marketplace_id)
    return ContactFacts(
        language=language or (place.language if place else "en"),
        opted_out=opted_out,
        completed_at=completed_at,
        thread=ThreadFacts(thread_id, ThreadState(state), *thread) if thread_id else None,
    )


def sent_since(seller_id: int, since: datetime) -> int:
    """How many messages the seller has sent since then. Others of the same seller wait until this transaction ends, so
    that two of them cannot both take the last place under the cap.
    """
    rows("SELECT pg_advisory_xact_lock(hashtextextended('messages:' || %s::text, 0))", [seller_id])
    found = rows(
        "SELECT count(*) FROM messages WHERE seller_id = %s AND at > %s AND kind = 'seller'"
        " AND state <> 'blocked_opt_out'",
        [seller_id, since],
    )
    return int(found[0][0])


def orders_since(seller_id: int, since: datetime) -> int:
    """How many orders were placed with the seller since then."""
    found = rows("SELECT count(*) FROM orders WHERE seller_id = %s AND placed_at > %s", [seller_id, since])
    return int(found[0][0])


def read_limits(marketplace_ids: Collection[str], now: datetime) -> dict[str, Limits]:
    """The policy values of messages that hold in these marketplaces today, each in its own zone."""
    book = policy_book(marketplace_ids)
    limits = {}
    for one in marketplace_ids:
        day = now.astimezone(ZoneInfo(by_id(one).zone)).date()
        limits[one] = Limits(**{key: book.value(one, key, day) for key in Limits.__dataclass_fields__})
    return limits


def known_external(seller_id: int, external_ids: Collection[str]) -> dict[str, int]:
    """Messages that came before under these ids: external id → message id."""
    wanted = [one for one in external_ids if one]
    if not wanted:
        return {}
    found = rows(
        "SELECT external_id, id FROM messages WHERE seller_id = %s AND external_id <> ''"
        " AND external_id = ANY(ARRAY(SELECT unnest(%s::text[])))",
        [seller_id, wanted],
    )
    return dict(found)
