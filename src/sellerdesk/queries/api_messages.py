"""The thread of one order as programs read it: without internal notes, which are among staff only."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sellerdesk.domain.message_threads import Kind
from sellerdesk.domain.messages import allowed_reasons
from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.contact_options import read_contact


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of a message. `kind` is the content type as sniffed; `position` counts from 1."""

    position: int
    name: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message. `text` is personal, and empty once it was erased."""

    id: int
    at: datetime
    kind: str  # buyer | seller
    state: str  # of message_threads.MessageState
    reason: str
    critical: bool
    automatic: bool
    topic: str
    via: str
    language: str
    hint: str
    text: str
    files: tuple[FileView, ...]


@dataclass(frozen=True, slots=True)
class ThreadView:
    """An order's thread; `state` "" when nobody has written. `reasons` are those for which the seller may write now."""

    order_number: str
    language: str
    reasons: tuple[str, ...]
    state: str = ""
    version: int = 0
    due_at: datetime | None = None
    messages: tuple[MessageView, ...] = ()


_MESSAGES = """
SELECT m.id, m.at, m.kind, m.state, m.reason, m.critical, m.automatic, m.topic, m.via, m.language, m.hint,
       coalesce(t.text, ''),
       (SELECT json_agg(json_build_array(a.position, a.name, f.kind, f.size) ORDER BY a.position)
          FROM message_attachments a JOIN stored_files f ON f.seller_id = a.seller_id AND f.id = a.file_id
         WHERE a.seller_id = m.seller_id AND a.message_id = m.id)
  FROM messages m LEFT JOIN message_texts t ON t.seller_id = m.seller_id AND t.message_id = m.id
 WHERE m.seller_id = %s AND m.order_id = %s AND m.kind <> %s ORDER BY m.id"""


def thread_of(seller_id: int, order_number: str, now: datetime) -> ThreadView | None:
    """The thread of an order, with the whole of what was said; None when there is no such order."""
    with scoped(seller_id):
        found = read_contact(seller_id, order_number, now)
        if found is None:
            return None
        facts, contact, limits = found
        said = rows(_MESSAGES, [seller_id, facts.id, Kind.NOTE.value])
    reasons = tuple(one.value for one in allowed_reasons(facts, contact, limits=limits, now=now))
    view = ThreadView(order_number, contact.language, reasons, messages=tuple(map(_message, said)))
    if contact.thread is None:
        return view
    thread = contact.thread
    return replace(view, state=thread.state.value, version=thread.version, due_at=thread.due_at)


def _message(row: tuple[Any, ...]) -> MessageView:
    *head, files = row
    return MessageView(*[*head, tuple(FileView(*one) for one in decode_json(files) or ())])
