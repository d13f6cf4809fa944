"""Transfers to the payment side: claimed for a call, and what came of it, by set (trust P4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.transfers import Booked, TransferRow, TransferState
from sellerdesk.models import journal_writes
from sellerdesk.models.claim_refunds import reopen_refunded
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.sql import record_set, rows, run
from sellerdesk.models.transfer_subjects import SUBJECT

_ROW = """SELECT t.id, t.refund_id, s.order_id, o.order_number, s.reference, t.key, t.amount, t.currency, t.before,
       t.attempts, o.payment_reference, t.claim_id"""
_OF = f"FROM claimed t {SUBJECT} ORDER BY t.id"
_CLAIM = f"""
WITH due AS MATERIALIZED (
  SELECT id, state FROM payment_transfers
   WHERE seller_id = %(seller)s AND next_at <= %(now)s AND state IN ('queued', 'calling', 'unknown')
   ORDER BY next_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED),
claimed AS (
  UPDATE payment_transfers t SET state = CASE WHEN due.state = 'queued' THEN 'calling' ELSE t.state END,
         attempts = least(t.attempts + 1, 32767), next_at = %(lease)s
    FROM due WHERE t.seller_id = %(seller)s AND t.id = due.id
  RETURNING t.*, due.state AS before)
{_ROW} {_OF}"""


def claim_due(seller_id: int, now: datetime, lease: datetime, limit: int) -> list[TransferRow]:
    """Take transfers that are due, so that nobody else calls for them before `lease`."""
    found = rows(_CLAIM, {"seller": seller_id, "now": now, "lease": lease, "limit": limit})
    return [_transfer(row) for row in found]


def _transfer(row: tuple[Any, ...]) -> TransferRow:
    values: list[Any] = [*row[:8], TransferState(row[8]), *row[9:12]]
    return TransferRow(*values)


_HURRY = f"""
UPDATE payment_transfers SET next_at = %(now)s
 WHERE seller_id = %(seller)s AND state IN ('queued', 'unknown') AND id IN (
   SELECT t.id FROM payment_transfers t {SUBJECT}
    WHERE t.seller_id = %(seller)s AND t.state IN ('queued', 'unknown')
      AND (%(all)s OR s.reference = ANY(ARRAY(SELECT unnest(%(refs)s::text[])))))"""


def hurry(seller_id: int, references: Sequence[str] | None, now: datetime) -> int:
    """Make open transfers of refunds (None: of all) due now; answers how many."""
    return run(
        _HURRY,
        {"seller": seller_id, "now": now, "all": references is None, "refs": list(references or ())},
    )


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
         closed_at = CASE WHEN e.state IN ('done', 'failed') THEN %(now)s END,
         check_at = CASE WHEN e.state = 'done' THEN %(check_at)s::timestamptz END
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
mended AS (
  UPDATE payment_breaks b SET resolved_at = %(now)s, resolved_by = %(actor)s, reason = 'ended: ' || e.state
    FROM ends e
   WHERE b.seller_id = %(seller)s AND b.transfer_id = e.id AND b.kind = 'not_settled' AND b.resolved_at IS NULL
     AND e.state IN ('done', 'failed')),
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


def write_ends(
    actor: Actor, seller_id: int, ends: Sequence[TransferEnd], now: datetime, check_at: datetime
) -> None:
    """Record what came of calls: paid settles the refund, to be compared at `check_at`; failed for good takes it back
    with a movement of its own, whether it was on its way or settled. Either ends the break that nothing came of it.
    """
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
    given = journal_writes.params(actor, seller_id, entries, now)
    run(_RECORD, given | {"ends": record_set(records), "check_at": check_at})
    failed = [one.row.order_id for one in ends if one.state is TransferState.FAILED and one.row.refund_id]
    reopen_refunded(actor, seller_id, failed, now)


def _said(one: TransferEnd) -> dict[str, Any]:
    row = one.row
    return {"reference": row.reference, "total": row.amount, "currency": row.currency, "error": one.error}


_CHECK = f"""
WITH due AS MATERIALIZED (
  SELECT id FROM payment_transfers
   WHERE seller_id = %(seller)s AND state = 'done' AND check_at <= %(now)s
   ORDER BY check_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED),
claimed AS (
  UPDATE payment_transfers t SET check_at = %(lease)s FROM due WHERE t.seller_id = %(seller)s AND t.id = due.id
  RETURNING t.*, t.state AS before)
{_ROW}, t.provider_reference {_OF}"""


def claim_checks(
    seller_id: int, now: datetime, lease: datetime, limit: int
) -> list[tuple[TransferRow, Booked]]:
    """Take transfers that we hold as done and whose turn to be compared has come; nobody else does before `lease`."""
    found = rows(_CHECK, {"seller": seller_id, "now": now, "lease": lease, "limit": limit})
    taken = []
    for row in found:
        one = _transfer(row)
        taken.append((one, Booked(one.key, one.amount, one.currency, TransferState.DONE.value, row[12])))
    return taken


_CHECKED = """
UPDATE payment_transfers SET check_at = CASE WHEN closed_at > %(since)s THEN %(again)s::timestamptz END
 WHERE seller_id = %(seller)s AND id = ANY(ARRAY(SELECT unnest(%(ids)s::bigint[]))) AND state = 'done'"""


def write_checked(seller_id: int, ids: Sequence[int], since: datetime, again: datetime) -> None:
    """Note that transfers were compared; those done after `since` are compared again."""
    run(_CHECKED, {"seller": seller_id, "ids": list(ids), "since": since, "again": again})


_FAILED = f"""
SELECT t.id, s.order_id, o.order_number, s.reference, t.key, t.amount, t.currency
  FROM payment_transfers t {SUBJECT}
 WHERE t.seller_id = %s AND t.claim_id IS NOT NULL AND t.state = 'failed'
   AND s.reference = ANY(ARRAY(SELECT unnest(%s::text[])))
 ORDER BY t.id FOR UPDATE OF t"""


@dataclass(frozen=True, slots=True)
class FailedPayout:
    """A claim's transfer that failed for good."""

    id: int
    order_id: int
    order_number: str
    reference: str
    key: str
    amount: int
    currency: str


def lock_failed(seller_id: int, references: Sequence[str]) -> dict[str, FailedPayout]:
    """The failed transfers of claims, locked, by the claims' references."""
    return {row[3]: FailedPayout(*row) for row in rows(_FAILED, [seller_id, list(references)])}


_RETRY = f"""
WITH again AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(%(again)s::jsonb) AS a(id bigint, key text)),
queued AS (
  UPDATE payment_transfers t SET state = 'queued', key = a.key, next_at = %(now)s, closed_at = NULL, check_at = NULL,
         error = '', provider_reference = ''
    FROM again a WHERE t.seller_id = %(seller)s AND t.id = a.id AND t.state = 'failed'),
looked_into AS (
  UPDATE payment_breaks b SET resolved_at = %(now)s, resolved_by = %(actor)s, reason = 'tried again: ' || a.key
    FROM again a
   WHERE b.seller_id = %(seller)s AND b.transfer_id = a.id AND b.kind = 'failed_there' AND b.resolved_at IS NULL)
{journal_writes.INSERT}"""


def write_retries(
    actor: Actor, seller_id: int, again: Sequence[tuple[FailedPayout, str]], now: datetime
) -> None:
    """Queue failed transfers once more, each under its next key; what the failure left open is settled by it."""
    if not again:
        return
    entries = [
        Entry(
            one.order_id,
            "claim_payout_retried",
            {"reference": one.reference, "total": one.amount, "currency": one.currency},
        )
        for one, _key in again
    ]
    given = journal_writes.params(actor, seller_id, entries, now)
    run(_RETRY, given | {"again": record_set([{"id": one.id, "key": key} for one, key in again])})
