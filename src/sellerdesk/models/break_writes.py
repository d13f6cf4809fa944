"""Breaks between our books and the payment side's: found once each, and settled by a person with a reason (P4)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.transfers import BreakKind
from sellerdesk.models import journal_writes
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.sql import record_set, rows, run
from sellerdesk.models.transfer_subjects import SUBJECT


@dataclass(frozen=True, slots=True)
class NewBreak:
    """A difference: what either side says of a transfer, as plain values."""

    transfer_id: int
    kind: BreakKind
    ours: dict[str, Any]
    theirs: dict[str, Any]


_BREAKS = f"""
WITH found AS (
  INSERT INTO payment_breaks (seller_id, transfer_id, kind, ours, theirs, found_at, resolved_by)
  SELECT %(seller)s, b.transfer_id, b.kind, b.ours, b.theirs, %(now)s, ''
    FROM jsonb_to_recordset(%(breaks)s::jsonb) AS b(transfer_id bigint, kind text, ours jsonb, theirs jsonb)
  ON CONFLICT (seller_id, transfer_id, kind) DO NOTHING RETURNING transfer_id, kind)
INSERT INTO journal (seller_id, order_id, at, kind, party, actor, door, key, facts)
SELECT %(seller)s, s.order_id, %(now)s, 'payment_break_found', %(party)s, %(actor)s, %(door)s, %(key)s,
       jsonb_build_object('reference', s.reference, 'kind', f.kind, 'amount', t.amount, 'currency', t.currency)
  FROM found f
  JOIN payment_transfers t ON t.seller_id = %(seller)s AND t.id = f.transfer_id {SUBJECT}
 ORDER BY f.transfer_id, f.kind"""


def write_breaks(actor: Actor, seller_id: int, breaks: Sequence[NewBreak], now: datetime) -> int:
    """Keep what differs, once each, and journal it; answers how many are new."""
    if not breaks:
        return 0
    records = [
        {"transfer_id": one.transfer_id, "kind": one.kind.value, "ours": one.ours, "theirs": one.theirs}
        for one in breaks
    ]
    return run(_BREAKS, journal_writes.params(actor, seller_id, (), now) | {"breaks": record_set(records)})


_OPEN_LONG = f"""
SELECT t.id, o.marketplace_id, s.asked_at, t.key, t.amount, t.currency, t.state, t.error
  FROM payment_transfers t {SUBJECT}
 WHERE t.seller_id = %(seller)s AND t.state IN ('queued', 'calling', 'unknown') AND s.asked_at <= %(before)s
   AND NOT EXISTS (SELECT 1 FROM payment_breaks b
                    WHERE b.seller_id = t.seller_id AND b.transfer_id = t.id AND b.kind = 'not_settled')
 ORDER BY t.id LIMIT %(limit)s"""


@dataclass(frozen=True, slots=True)
class OpenTransfer:
    """A transfer of which nobody has said yet that it went."""

    id: int
    marketplace_id: str
    asked_at: datetime
    key: str
    amount: int
    currency: str
    state: str
    error: str


def open_long(seller_id: int, before: datetime, limit: int) -> list[OpenTransfer]:
    """Transfers that were asked for before a moment, still open, and not yet shown as a break."""
    found = rows(_OPEN_LONG, {"seller": seller_id, "before": before, "limit": limit})
    return [OpenTransfer(*row) for row in found]


@dataclass(frozen=True, slots=True)
class OpenBreak:
    """A break that nobody has settled."""

    id: int
    order_id: int
    order_number: str
    reference: str
    kind: str


_LOCK = f"""
SELECT b.id, s.order_id, o.order_number, s.reference, b.kind
  FROM payment_breaks b
  JOIN payment_transfers t ON t.seller_id = b.seller_id AND t.id = b.transfer_id {SUBJECT}
 WHERE b.seller_id = %s AND b.id = ANY(ARRAY(SELECT unnest(%s::bigint[]))) AND b.resolved_at IS NULL
 ORDER BY b.id FOR UPDATE OF b"""


def lock_breaks(seller_id: int, ids: Collection[int]) -> dict[int, OpenBreak]:
    """Breaks that are open, locked, by id."""
    return {row[0]: OpenBreak(*row) for row in rows(_LOCK, [seller_id, list(ids)])}


_SETTLE = f"""
WITH settled AS (
  UPDATE payment_breaks b SET resolved_at = %(now)s, resolved_by = %(actor)s, reason = s.reason
    FROM jsonb_to_recordset(%(settled)s::jsonb) AS s(id bigint, reason text)
   WHERE b.seller_id = %(seller)s AND b.id = s.id)
{journal_writes.INSERT}"""


def write_settled(
    actor: Actor, seller_id: int, settled: Sequence[tuple[OpenBreak, str]], now: datetime
) -> None:
    """Settle breaks, each with a reason."""
    if not settled:
        return
    entries = [
        Entry(
            one.order_id,
            "payment_break_settled",
            {"reference": one.reference, "kind": one.kind, "reason": reason},
        )
        for one, reason in settled
    ]
    records = [{"id": one.id, "reason": reason} for one, reason in settled]
    given = journal_writes.params(actor, seller_id, entries, now)
    run(_SETTLE, given | {"settled": record_set(records)})
