"""Reading the journal: any number of readers, each with its own place, none of which can pass a gap (design 2.5).

A reader says what follows from a stretch of the journal in SQL; that is written in the transaction that moves its place
on, so that nothing is lost and nothing is owed twice.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from sellerdesk.models.sql import rows, run
from sellerdesk.models.tenancy import scope_transaction

MAIL, APP, DELIVERIES = "mail", "app", "deliveries"
READERS = (MAIL, APP, DELIVERIES)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one step through the journal did: entries read and rows owed. `read` None: another worker is at it."""

    read: int | None
    owed: int = 0


_LOCK_READER = "SELECT txid, entry_id FROM journal_readers WHERE name = %s FOR UPDATE SKIP LOCKED"

# Entries become visible when their transaction commits, not in the order of their ids. Below the oldest transaction
# that is still running everything has been decided, so a reader that stays below it can never pass a gap.
_READ = """
WITH batch AS MATERIALIZED (
  SELECT txid, id, seller_id, order_id, at, kind, facts, door FROM journal
   WHERE txid >= %(txid)s::text::xid8 AND (txid > %(txid)s::text::xid8 OR id > %(entry)s)
     AND txid < pg_snapshot_xmin(pg_current_snapshot())
   ORDER BY txid, id LIMIT %(limit)s),
{owing}
SELECT (SELECT count(*) FROM batch), (SELECT count(*) FROM owed), txid::text, id
  FROM batch ORDER BY txid DESC, id DESC LIMIT 1"""


@contextmanager
def for_all_sellers() -> Iterator[None]:
    """A transaction that sees all sellers' rows, for what acts for the platform."""
    with transaction.atomic(durable=True):
        scope_transaction(None)
        yield


def read_on(reader: str, owing: str, given: Mapping[str, Any], *, limit: int) -> Reading:
    """Let a reader go on by at most `limit` entries.

    `owing` are common table expressions over `batch` (txid, id, seller_id, order_id, at, kind, facts, door), of which
    one is called `owed`; `given` are their parameters.
    """
    with for_all_sellers():
        run(
            "INSERT INTO journal_readers (name, txid, entry_id) VALUES (%s, 0, 0) ON CONFLICT DO NOTHING",
            [reader],
        )
        place = rows(_LOCK_READER, [reader])
        if not place:
            return Reading(None)
        txid, entry = place[0]
        found = rows(_READ.format(owing=owing), {"txid": str(txid), "entry": entry, "limit": limit, **given})
        if not found:
            return Reading(0)
        read, owed, last_txid, last_entry = found[0]
        run(
            "UPDATE journal_readers SET txid = %s, entry_id = %s WHERE name = %s",
            [int(last_txid), last_entry, reader],
        )
        return Reading(read, owed)


def pass_over() -> None:
    """Put every reader's place at the end of what the journal holds so far."""
    with for_all_sellers():
        run(
            "INSERT INTO journal_readers (name, txid, entry_id)"
            " SELECT r.name, j.txid::text::bigint, j.id FROM unnest(%s::text[]) AS r(name),"
            " (SELECT txid, id FROM journal ORDER BY txid DESC, id DESC LIMIT 1) j"
            " ON CONFLICT (name) DO UPDATE SET txid = excluded.txid, entry_id = excluded.entry_id",
            [list(READERS)],
        )
