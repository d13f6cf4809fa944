"""Owe mail because of the journal, reserve what is due, and record what became of it (design 2.5; trust P5, P6).

A mail is owed in the transaction that moves the reader on, so that none is lost and none is owed twice. Sending
happens between two transactions of ours: `reserve_mails` and `record_mails`. Whoever is killed in between leaves a
reservation that runs out; the repeat then carries the same Message-ID.

These commands act for the platform, not for one seller, so they open all sellers' rows to their transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sellerdesk.domain.notices import NOTICES, roles_that_hear
from sellerdesk.models.journal_reading import MAIL, Reading, for_all_sellers, pass_over, read_on
from sellerdesk.models.sql import record_set, rows, run

READER = MAIL
ERROR_LENGTH_MAX = 300

# Seller and buyer hear what the table of notices says; one of the seller's people hears what the seller hears, as the
# nearest of that person's settings wishes it (marketplace before kind), and never twice at one address.
_OWE = """
asked AS MATERIALIZED (
  SELECT b.txid, b.id, b.seller_id, b.order_id, b.kind AS event, n.letter, n.reader, n.roles, b.facts
    FROM batch b
    JOIN jsonb_to_recordset(%(notices)s::jsonb)
           AS n(event text, reader text, letter text, condition jsonb, exception jsonb, roles text[])
      ON n.event = b.kind AND b.facts @> n.condition AND NOT (n.exception <> '{}' AND b.facts @> n.exception)
   WHERE b.door <> 'demo'),
told AS (
  SELECT a.txid, a.id, a.seller_id, a.order_id, a.letter,
         CASE WHEN a.reader <> 'writer' THEN a.reader ELSE coalesce('u' || (a.facts->>'user'), 'seller') END AS reader
    FROM asked a
   UNION
  SELECT a.txid, a.id, a.seller_id, a.order_id, a.letter, 'u' || k.user_id
    FROM asked a
    JOIN memberships k ON k.seller_id = a.seller_id AND k.role = ANY(a.roles)
    JOIN users u ON u.id = k.user_id AND u.is_active
    JOIN sellers s ON s.id = a.seller_id
    LEFT JOIN orders o ON o.seller_id = a.seller_id AND o.id = a.order_id
   WHERE a.reader = 'seller' AND lower(u.email) <> lower(s.email) AND NOT (s.email = '' AND k.role = 'owner')
     AND (SELECT w.is_on FROM notice_settings w
           WHERE w.seller_id = a.seller_id AND w.user_id = k.user_id AND w.channel = 'mail'
             AND w.marketplace_id IN ('*', o.marketplace_id) AND w.kind IN ('*', a.event, a.letter)
           ORDER BY w.marketplace_id = '*', w.kind = '*' LIMIT 1)),
owed AS (
  INSERT INTO mails (seller_id, entry_id, order_id, kind, reader, message_id, state, attempts, next_at, error)
  SELECT t.seller_id, t.id, t.order_id, t.letter, t.reader, gen_random_uuid() || '@' || %(host)s, 'queued', 0,
         %(now)s, ''
    FROM told t
   ORDER BY t.txid, t.id, t.reader
  ON CONFLICT (seller_id, entry_id, reader) DO NOTHING
  RETURNING 1)"""


def owe_mails(*, now: datetime, host: str, limit: int) -> Reading:
    """Read on in the journal and owe the mails that follow from it, at most `limit` entries.

    Each mail gets its Message-ID here, under `host`, and keeps it. History that a demonstration made up owes nothing.
    """
    notices = [
        {
            "event": one.event,
            "reader": one.reader,
            "letter": one.letter,
            "condition": one.when,
            "exception": one.unless,
            "roles": roles_that_hear(one),
        }
        for one in NOTICES
    ]
    given = {"host": host, "now": now, "notices": record_set(notices)}
    return read_on(READER, _OWE, given, limit=limit)


def pass_over_journal() -> None:
    """Owe nothing for what the journal holds so far: for loaders of history that nobody waits for."""
    pass_over()


@dataclass(frozen=True, slots=True)
class Reserved:
    """A mail that this process may send now. `attempts` counts this attempt."""

    id: int
    attempts: int


_RESERVE = """
WITH due AS (
  SELECT id, next_at FROM mails WHERE state = 'queued' AND next_at <= %(now)s
   ORDER BY next_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
UPDATE mails m SET attempts = m.attempts + 1, next_at = %(until)s FROM due WHERE m.id = due.id
RETURNING m.id, m.attempts, due.next_at"""


def reserve_mails(*, now: datetime, lease: timedelta, limit: int) -> list[Reserved]:
    """Take up to `limit` mails that are due, oldest first; nobody else takes them until `lease` is over."""
    with for_all_sellers():
        taken = rows(_RESERVE, {"now": now, "until": now + lease, "limit": limit})
    return [
        Reserved(mail, attempts) for mail, attempts, due_at in sorted(taken, key=lambda row: (row[2], row[0]))
    ]


@dataclass(frozen=True, slots=True)
class MailResult:
    """What became of an attempt. `state`: sent, queued (again at `next_at`), dead, or void (nobody to write to)."""

    id: int
    state: str
    next_at: datetime | None = None
    error: str = ""


_RECORD = """
UPDATE mails m SET state = r.state, next_at = coalesce(r.next_at, m.next_at), error = r.error,
       sent_at = CASE WHEN r.state = 'sent' THEN %(now)s END
  FROM jsonb_to_recordset(%(results)s::jsonb) AS r(id bigint, state text, next_at timestamptz, error text)
 WHERE m.id = r.id AND m.state = 'queued'"""


def record_mails(results: Sequence[MailResult], *, now: datetime) -> None:
    """Record attempts. A mail that another process has settled meanwhile stays as that one left it."""
    records = [
        {"id": one.id, "state": one.state, "next_at": one.next_at, "error": one.error[:ERROR_LENGTH_MAX]}
        for one in results
    ]
    with for_all_sellers():
        run(_RECORD, {"now": now, "results": record_set(records)})


def revive_mails(mail_ids: Sequence[int], *, now: datetime) -> int:
    """Queue dead mails again, after a person has looked; answers how many were dead."""
    with for_all_sellers():
        return run(
            "UPDATE mails SET state = 'queued', attempts = 0, next_at = %s, error = ''"
            " WHERE id = ANY(%s) AND state = 'dead'",
            [now, list(mail_ids)],
        )
