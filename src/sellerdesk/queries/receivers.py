"""Receivers and their deliveries, as people see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped


@dataclass(frozen=True, slots=True)
class ReceiverView:
    """A receiver, without its secrets. `address` of a chat channel is one of them: show its service alone."""

    id: int
    kind: str
    name: str
    address: str
    events: tuple[str, ...]
    language: str
    state: str  # active | disabled
    disabled_because: str
    created_at: datetime
    failing_since: datetime | None
    old_secret_until: datetime | None
    waiting: int
    dead: int
    delivered_at: datetime | None


_RECEIVERS = """
SELECT r.id, r.kind, r.name, r.address, r.language, r.state, r.disabled_because, r.created_at, r.failing_since,
       r.old_secret_until,
       (SELECT count(*) FROM deliveries d
         WHERE d.seller_id = r.seller_id AND d.receiver_id = r.id AND d.state = 'queued'),
       (SELECT count(*) FROM deliveries d
         WHERE d.seller_id = r.seller_id AND d.receiver_id = r.id AND d.state = 'dead'),
       (SELECT max(tried_at) FROM deliveries d
         WHERE d.seller_id = r.seller_id AND d.receiver_id = r.id AND d.state = 'delivered'),
       r.events
  FROM receivers r
 WHERE r.seller_id = %(seller)s AND r.kind = %(kind)s AND (%(id)s::bigint IS NULL OR r.id = %(id)s)
 ORDER BY r.id"""


def receivers(seller_id: int, kind: str) -> list[ReceiverView]:
    """A seller's receivers of a kind, the oldest first."""
    return _receivers({"seller": seller_id, "kind": kind, "id": None})


def receiver(seller_id: int, kind: str, receiver_id: int) -> ReceiverView | None:
    """One receiver, or None."""
    return next(iter(_receivers({"seller": seller_id, "kind": kind, "id": receiver_id})), None)


def _receivers(given: dict[str, Any]) -> list[ReceiverView]:
    with scoped(given["seller"]):
        found = rows(_RECEIVERS, given)
    return [
        ReceiverView(one, kind, name, address, tuple(decode_json(events) or ()), *rest)
        for one, kind, name, address, *rest, events in found
    ]


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery as people see it. `tried_at` and `status` are of the last attempt."""

    id: int
    webhook_id: str
    type: str
    order_number: str
    state: str  # queued | delivered | dead
    attempts: int
    created_at: datetime
    next_at: datetime
    tried_at: datetime | None
    status: int | None
    error: str


_DELIVERIES = """
SELECT d.id, d.webhook_id, d.type, coalesce(o.order_number, ''), d.state, d.attempts, d.created_at, d.next_at,
       d.tried_at, d.status, d.error
  FROM deliveries d LEFT JOIN orders o ON o.seller_id = d.seller_id AND o.id = d.order_id
 WHERE d.seller_id = %(seller)s AND d.receiver_id = %(receiver)s AND d.id < %(before)s
   AND (%(state)s::text = '' OR d.state = %(state)s)
 ORDER BY d.id DESC LIMIT %(limit)s"""


def deliveries(
    seller_id: int, receiver_id: int, *, state: str = "", before: int | None = None, limit: int = 50
) -> list[DeliveryView]:
    """A receiver's deliveries, newest first, before a given id."""
    given = {
        "seller": seller_id,
        "receiver": receiver_id,
        "state": state,
        "before": before or 2**63 - 1,
        "limit": limit,
    }
    with scoped(seller_id):
        return [DeliveryView(*row) for row in rows(_DELIVERIES, given)]
