"""Making deliveries by set: from the journal as it is read on, and again from its past for one receiver."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sellerdesk.domain.events import EVENTS
from sellerdesk.domain.notifications import NEWS
from sellerdesk.domain.order_changes import CHANGES
from sellerdesk.domain.receivers import ReceiverKind
from sellerdesk.models.sql import record_set

_Wish = tuple[str, str, str, str, Mapping[str, Any]]

# Chat that fails must not make more chat.
_NEVER_IN_CHAT = frozenset({"receiver_disabled", "delivery_given_up"})


def _wishes() -> str:
    """Journal kind → who may want it: the receivers' kind, the type of the delivery, and what their choice names."""
    webhooks: list[_Wish] = [(e.kind, ReceiverKind.WEBHOOK, e.type, e.type, {}) for e in EVENTS]
    chats: list[_Wish] = [
        (n.kind, ReceiverKind.CHAT, n.kind, n.kind, n.when) for n in NEWS if n.kind not in _NEVER_IN_CHAT
    ]
    changes: list[_Wish] = [
        (c.kind, ReceiverKind.SPAPI, "ORDER_CHANGE", c.change.value, c.when) for c in CHANGES
    ]
    names = ("kind", "sort", "type", "choice", "condition")
    return record_set([dict(zip(names, one, strict=True)) for one in (*webhooks, *chats, *changes)])


# Expects `source`: rows of the journal (seller_id, id, order_id, at, kind, facts, door) in the order of its columns
# `first` and `id`, and `hearers`: receivers. History that a demonstration made up is told to nobody.
_OWED = """
owed AS (
  INSERT INTO deliveries (seller_id, receiver_id, entry_id, order_id, type, webhook_id, state, attempts, created_at,
                          next_at, error)
  SELECT s.seller_id, r.id, s.id, s.order_id, w.type,
         CASE WHEN r.kind = 'spapi' THEN '' ELSE 'msg_' END || gen_random_uuid(), 'queued', 0, %(now)s, %(now)s, ''
    FROM {source} s
    JOIN jsonb_to_recordset(%(wishes)s::jsonb)
         AS w(kind text, sort text, type text, choice text, condition jsonb)
      ON w.kind = s.kind AND s.facts @> w.condition
    JOIN receivers r ON r.seller_id = s.seller_id AND r.kind = w.sort AND {hearer}
    LEFT JOIN orders o ON o.seller_id = s.seller_id AND o.id = s.order_id
   WHERE s.door <> 'demo'
     AND (r.events = '[]' OR r.events @> to_jsonb(w.choice))
     AND (r.marketplaces = '[]' OR r.marketplaces @> to_jsonb(o.marketplace_id))
   ORDER BY {order}, r.id
  ON CONFLICT (seller_id, entry_id, receiver_id) DO {conflict}
  RETURNING seller_id, receiver_id),
woken AS (
  UPDATE receivers r SET due_at = least(r.due_at, %(now)s::timestamptz)
    FROM (SELECT DISTINCT seller_id, receiver_id FROM owed) w
   WHERE r.seller_id = w.seller_id AND r.id = w.receiver_id)"""

# For `journal_reading.read_on`. A receiver hears of what happened since it was made, while it is switched on.
OWE = _OWED.format(
    source="batch",
    hearer="r.state = 'active' AND s.at >= r.created_at",
    order="s.txid, s.id",
    conflict="NOTHING",
)
# Everything since a moment for one receiver: what it got is sent again under its id, what it missed while it was
# switched off gets one.
AGAIN = (
    "WITH past AS (SELECT * FROM journal WHERE seller_id = %(seller)s AND at >= %(since)s),"
    + _OWED.format(
        source="past",
        hearer="r.id = %(receiver)s",
        order="s.id",
        conflict="UPDATE SET state = 'queued', attempts = 0, next_at = excluded.next_at, error = ''",
    )
    + " SELECT count(*) FROM owed"
)


def owe_params(now: datetime) -> dict[str, Any]:
    """The parameters that both need."""
    return {"now": now, "wishes": _wishes()}
