"""Writing messages by set: threads, messages, texts, files, the deadline of the answer, journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.attachments import CheckedFile
from sellerdesk.domain.message_threads import ThreadState
from sellerdesk.models import journal_writes
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.sql import record_set, rows, run

_WRITE = f"""
WITH threads AS (
  INSERT INTO message_threads AS t
         (id, seller_id, order_id, state, due_at, last_at, last_buyer_at, last_seller_at, hint, count, version)
  SELECT x.id, %(seller)s, x.order_id, x.state, x.due_at, %(now)s, x.last_buyer_at, x.last_seller_at,
         coalesce(x.hint, ''), x.count, 1
    FROM jsonb_to_recordset(%(threads)s::jsonb)
           AS x(id bigint, order_id bigint, state text, due_at timestamptz, last_buyer_at timestamptz,
                last_seller_at timestamptz, hint text, count integer)
  ON CONFLICT (seller_id, order_id) DO UPDATE
     SET state = excluded.state, due_at = excluded.due_at, last_at = excluded.last_at,
         last_buyer_at = coalesce(excluded.last_buyer_at, t.last_buyer_at),
         last_seller_at = coalesce(excluded.last_seller_at, t.last_seller_at),
         hint = CASE WHEN excluded.last_buyer_at IS NULL THEN t.hint ELSE excluded.hint END,
         count = t.count + excluded.count, version = t.version + 1),
said AS (
  INSERT INTO messages (id, seller_id, thread_id, order_id, kind, state, reason, critical, automatic, topic, via,
                        author, language, hint, files, at, external_id)
  SELECT m.id, %(seller)s, m.thread_id, m.order_id, m.kind, m.state, m.reason, m.critical, m.automatic, m.topic, m.via,
         m.author, m.language, m.hint, m.files, %(now)s, m.external_id
    FROM jsonb_to_recordset(%(messages)s::jsonb)
           AS m(id bigint, thread_id bigint, order_id bigint, kind text, state text, reason text, critical boolean,
                automatic boolean, topic text, via text, author text, language text, hint text, files integer,
                external_id text)),
texts AS (
  INSERT INTO message_texts (seller_id, message_id, text)
  SELECT %(seller)s, m.id, m.text FROM jsonb_to_recordset(%(messages)s::jsonb) AS m(id bigint, text text)
   WHERE m.text <> ''),
opened AS (
  INSERT INTO deadlines (seller_id, order_id, kind, due_at, policy_key, policy_value, state, was_late)
  SELECT %(seller)s, d.order_id, 'message_answer', d.due_at, 'message_answer_hours', d.hours, 'open', false
    FROM jsonb_to_recordset(%(opened)s::jsonb) AS d(order_id bigint, due_at timestamptz, hours jsonb)
  ON CONFLICT (seller_id, order_id, kind, subject) DO UPDATE
     SET due_at = excluded.due_at, policy_value = excluded.policy_value, state = 'open', closed_at = NULL,
         was_late = false),
closed AS (
  UPDATE deadlines d SET state = 'void', closed_at = %(now)s
   WHERE d.seller_id = %(seller)s AND d.kind = 'message_answer' AND d.state = 'open'
     AND d.order_id = ANY(ARRAY(SELECT unnest(%(closed)s::bigint[]))))
{journal_writes.INSERT}"""

_FILES = """
WITH stored AS (
  INSERT INTO stored_files (id, seller_id, sha256, size, kind, content, at)
  SELECT f.id, %(seller)s, f.sha256, f.size, f.kind, f.content, %(now)s
    FROM unnest(%(ids)s::bigint[], %(hashes)s::text[], %(sizes)s::integer[], %(kinds)s::text[], %(contents)s::bytea[])
           AS f(id, sha256, size, kind, content))
INSERT INTO message_attachments (seller_id, message_id, file_id, position, name, claimed)
SELECT %(seller)s, a.message_id, a.file_id, a.position, a.name, a.claimed
  FROM jsonb_to_recordset(%(attachments)s::jsonb)
         AS a(message_id bigint, file_id bigint, position integer, name text, claimed text)"""


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message to write. `id` and `thread_id` come from `new_ids`."""

    id: int
    thread_id: int
    order_id: int
    kind: str
    state: str
    text: str
    via: str
    reason: str = ""
    critical: bool = False
    automatic: bool = False
    topic: str = ""
    author: str = ""
    language: str = ""
    hint: str = ""
    external_id: str = ""
    files: tuple[CheckedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A thread as it stands after the batch; `count` is how many messages it gains."""

    id: int
    order_id: int
    state: ThreadState
    due_at: datetime | None
    count: int = 0
    last_buyer_at: datetime | None = None
    last_seller_at: datetime | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """The clock of an answer starts: until when, after how many hours by policy."""

    order_id: int
    due_at: datetime
    hours: int


@dataclass(frozen=True, slots=True)
class MessageWrites:
    """Everything that a batch of messages changes. The orders are locked by the caller."""

    threads: Sequence[ThreadRow]
    messages: Sequence[MessageRow]
    entries: Sequence[Entry]
    opened: Sequence[Opening] = ()
    closed: Sequence[int] = ()  # order ids whose answer is not waited for any more


def new_ids(table: str, count: int) -> list[int]:
    """Ids for rows that will be written; `table` is "messages", "message_threads" or "stored_files"."""
    if not count:
        return []
    return [
        row[0] for row in rows(f"SELECT nextval('{table}_id_seq') FROM generate_series(1, %s::int)", [count])
    ]


def write_messages(actor: Actor, seller_id: int, writes: MessageWrites, now: datetime) -> None:
    """Write and journal it, in one statement, and one more when there are files."""
    run(
        _WRITE,
        journal_writes.params(actor, seller_id, writes.entries, now)
        | {
            "threads": record_set([_thread(one) for one in writes.threads]),
            "messages": record_set([_message(one) for one in writes.messages]),
            "opened": record_set([_opening(one) for one in writes.opened]),
            "closed": list(writes.closed),
        },
    )
    files = [
        (one.id, position, file) for one in writes.messages for position, file in enumerate(one.files, 1)
    ]
    if files:
        _write_files(seller_id, files, now)


def write_preference(email: str, opted_out_at: datetime | None, now: datetime) -> None:
    """Keep whether a buyer, by address in lower case, wants messages that are not critical."""
    run(
        "INSERT INTO buyer_preferences (email, opted_out_at, language, updated_at)"
        " VALUES (%s, %s::timestamptz, '', %s)"
        " ON CONFLICT (email) DO UPDATE SET opted_out_at = excluded.opted_out_at, updated_at = excluded.updated_at",
        [email, opted_out_at, now],
    )


def _write_files(seller_id: int, files: Sequence[tuple[int, int, CheckedFile]], now: datetime) -> None:
    ids = new_ids("stored_files", len(files))
    attachments = [
        {
            "message_id": message,
            "file_id": id_,
            "position": position,
            "name": file.name,
            "claimed": file.claimed,
        }
        for id_, (message, position, file) in zip(ids, files, strict=True)
    ]
    run(
        _FILES,
        {
            "seller": seller_id,
            "now": now,
            "ids": ids,
            "hashes": [file.sha256 for *_, file in files],
            "sizes": [file.size for *_, file in files],
            "kinds": [file.kind for *_, file in files],
            "contents": [file.content for *_, file in files],
            "attachments": record_set(attachments),
        },
    )


def _thread(one: ThreadRow) -> dict[str, Any]:
    return {
        "id": one.id,
        "order_id": one.order_id,
        "state": one.state.value,
        "due_at": one.due_at,
        "last_buyer_at": one.last_buyer_at,
        "last_seller_at": one.last_seller_at,
        "hint": one.hint,
        "count": one.count,
    }


def _message(one: MessageRow) -> dict[str, Any]:
    plain = {name: getattr(one, name) for name in MessageRow.__dataclass_fields__ if name != "files"}
    return plain | {"files": len(one.files), "author": one.author[:100]}


def _opening(one: Opening) -> dict[str, Any]:
    return {"order_id": one.order_id, "due_at": one.due_at, "hours": one.hours}
