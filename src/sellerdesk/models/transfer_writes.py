"""Transfers to the payment side: claimed for a call, and what came of it, by set (trust P4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.transfers import Booked, BreakKind, TransferRow, TransferState
from sellerdesk.models import journal_writes
from sellerdesk.models.claim_refunds import reopen_refunded
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.sql import record_set, rows, run

_CLAIM = """
WITH due AS MATERIALIZED (
  SELECT id, state FROM payment_transfers
   WHERE seller_id = %(seller)s AND next_at <= %(now)s AND state IN ('queued', 'calling', 'unknown')
   ORDER BY next_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED),
claimed AS (
  UPDATE payment_transfers t SET state = CASE WHEN due.state = 'queued' THEN 'calling' ELSE t.state END,
         attempts = t.attempts + 1, next_at = %(lease)s
    FROM due WHERE t.seller_id = %(seller)s AND t.id = due.id
  RETURNING t.*, due.state AS before)
SELECT c.id, c.refund_id, o.id, o.order_number, coalesce(r.reference, k.reference), c.key, c.amount, c.currency,
       c.before, c.attempts, c.claim_id
  FROM claimed c
  LEFT JOIN refunds r ON r.seller_id = c.seller_id AND r.id = c.refund_id
  LEFT JOIN claims k ON k.seller_id = c.seller_id AND k.id = c.claim_id
  JOIN orders o ON o.seller_id = c.seller_id AND o.id = coalesce(r.order_id, k.order_id) ORDER BY c.id"""


def claim_due(seller_id: int, now: datetime, lease: datetime, limit: int) -> list[TransferRow]:
    """Take transfers that are due, so that nobody else calls for them before `lease`."""
    found = rows(_CLAIM, {"seller": seller_id, "now": now, "lease": lease, "limit": limit})
    values: list[list[Any]] = [[*row[:8], TransferState(row[8]), *row[9:]] for row in found]
    return [TransferRow(*one) for one in values]


_STATES = """
SELECT key, state FROM payment_transfers
 WHERE seller_id = %s AND key = ANY(ARRAY(SELECT unnest(%s::text[]))) ORDER BY id FOR UPDATE"""


def lock_states(seller_id: int, keys: Sequence[str]) -> dict[str, TransferState]:
    """The states of transfers by key, locked."""
    return {key: TransferState(state) for key, state in rows(_STATES, [seller_id, list(keys)])}


@dataclass(frozen=True, slots=True)
class TransferEnd:
    """What came of a call: the transfer's new state; `next_at` when it is to be looked at again."""

    row: TransferRow
    state: TransferState
    provider_reference: str = ""
    error: str = ""
    next_at: datetime | None = None


_RECORD = f"""
WITH ends AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset(%(ends)s::jsonb)
    AS e(id bigint, refund_id bigint, order_id bigint, state text, provider_reference text, error text,
         next_at timestamptz)),
recorded AS (
  UPDATE payment_transfers t SET state = e.state, error = e.error, next_at = coalesce(e.next_at, t.next_at),
         provider_reference = coalesce(nullif(e.provider_reference, ''), t.provider_reference),
         closed_at = CASE WHEN e.state IN ('done', 'failed') THEN %(now)s END
    FROM ends e WHERE t.seller_id = %(seller)s AND t.id = e.id),
ended AS (
  UPDATE refunds r SET state = CASE e.state WHEN 'done' THEN 'SETTLED' ELSE 'REJECTED' END, closed_at = %(now)s
    FROM ends e WHERE r.seller_id = %(seller)s AND r.id = e.refund_id AND e.state IN ('done', 'failed')
  RETURNING r.id),
back AS MATERIALIZED (
  SELECT r.id, r.order_id, r.currency, r.units, r.return_shipping, r.goodwill
    FROM refunds r JOIN ends e ON e.refund_id = r.id AND e.state = 'failed' WHERE r.seller_id = %(seller)s),
lines AS MATERIALIZED (
  SELECT l.item_id, l.component, l.amount, b.id AS refund_id
    FROM back b JOIN refund_lines l ON l.seller_id = %(seller)s AND l.refund_id = b.id WHERE l.amount <> 0),
charged AS (
  UPDATE charges c SET refunded = c.refunded - s.amount
    FROM (SELECT item_id, component, sum(amount) AS amount FROM lines GROUP BY 1, 2) s
   WHERE c.seller_id = %(seller)s AND c.item_id = s.item_id AND c.component = s.component),
account AS (
  UPDATE concessions a SET given = a.given - x.amount
    FROM (SELECT order_id, sum(return_shipping + goodwill) AS amount FROM back GROUP BY 1) x
   WHERE a.seller_id = %(seller)s AND a.order_id = x.order_id AND x.amount <> 0),
units AS (
  UPDATE order_items i SET refunded = i.refunded - u.units
    FROM (SELECT k.key::bigint AS item_id, sum(k.value::int) AS units
            FROM back b CROSS JOIN LATERAL jsonb_each_text(b.units) k GROUP BY 1) u
   WHERE i.seller_id = %(seller)s AND i.id = u.item_id),
touched AS (
  UPDATE orders o SET version = o.version + t.times FROM (SELECT order_id, count(*) AS times FROM back GROUP BY 1) t
   WHERE o.seller_id = %(seller)s AND o.id = t.order_id),
movements AS (
  INSERT INTO ledger_transactions (seller_id, order_id, kind, at, cause)
  SELECT %(seller)s, b.order_id, 'refund_reversal', %(now)s, 'refund:' || b.id || ':reversed' FROM back b
  RETURNING id, cause),
sides AS (
  INSERT INTO ledger_entries (seller_id, transaction_id, account, item_id, component, currency, amount)
  SELECT %(seller)s, t.id, old.account, old.item_id, old.component, old.currency, -old.amount
    FROM back b
    JOIN movements t ON t.cause = 'refund:' || b.id || ':reversed'
    JOIN ledger_transactions was ON was.seller_id = %(seller)s AND was.cause = 'refund:' || b.id
    JOIN ledger_entries old ON old.seller_id = %(seller)s AND old.transaction_id = was.id)
{journal_writes.INSERT}"""

_SAYS = {TransferState.DONE: "refund_settled", TransferState.FAILED: "refund_rejected"}
# The buyer of a granted claim is owed its money whatever the payment side says: a person must see to it.
_CLAIM_SAYS = {TransferState.DONE: "claim_paid", TransferState.FAILED: "claim_payout_failed"}


def write_ends(actor: Actor, seller_id: int, ends: Sequence[TransferEnd], now: datetime) -> None:
    """Record what came of calls: paid settles the refund, failed for good takes it back with a movement of its own."""
    if not ends:
        return
    entries = [
        Entry(one.row.order_id, (_CLAIM_SAYS if one.row.claim_id else _SAYS)[one.state], _said(one))
        for one in ends
        if one.state in _SAYS
    ]
    records = [
        {
            "id": one.row.id,
            "refund_id": one.row.refund_id,
            "order_id": one.row.order_id,
            "state": one.state.value,
            "provider_reference": one.provider_reference[:100],
            "error": one.error[:300],
            "next_at": one.next_at,
        }
        for one in ends
    ]
    run(_RECORD, journal_writes.params(actor, seller_id, entries, now) | {"ends": record_set(records)})
    failed = [one.row.order_id for one in ends if one.state is TransferState.FAILED and one.row.refund_id]
    reopen_refunded(actor, seller_id, failed, now)


def _said(one: TransferEnd) -> dict[str, Any]:
    row = one.row
    return {"reference": row.reference, "total": row.amount, "currency": row.currency, "error": one.error}


_DONE = """
SELECT id, key, amount, currency, state, provider_reference FROM payment_transfers
 WHERE seller_id = %s AND state = 'done' AND closed_at >= %s ORDER BY id LIMIT %s"""


def done_since(seller_id: int, since: datetime, limit: int) -> dict[int, Booked]:
    """Transfers that we hold as done, by id."""
    return {row[0]: Booked(*row[1:]) for row in rows(_DONE, [seller_id, since, limit])}


_BREAKS = """
INSERT INTO payment_breaks (seller_id, transfer_id, kind, ours, theirs, found_at, resolved_by)
SELECT %(seller)s, b.transfer_id, b.kind, b.ours, b.theirs, %(now)s, ''
  FROM jsonb_to_recordset(%(breaks)s::jsonb) AS b(transfer_id bigint, kind text, ours jsonb, theirs jsonb)
ON CONFLICT (seller_id, transfer_id, kind) DO NOTHING"""


def write_breaks(
    seller_id: int, breaks: Sequence[tuple[int, BreakKind, dict[str, Any], dict[str, Any]]], now: datetime
) -> int:
    """Keep what differs, once each; answers how many are new."""
    records = [
        {"transfer_id": transfer, "kind": kind.value, "ours": ours, "theirs": theirs}
        for transfer, kind, ours, theirs in breaks
    ]
    return run(_BREAKS, {"seller": seller_id, "now": now, "breaks": record_set(records)}) if records else 0
