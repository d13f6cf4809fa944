"""Messages for pages: the inbox by keyset, one order's thread, its files, the seller's templates (screens 1.11).

A page of the inbox is two statements, a thread three, whatever they hold. Texts are personal: callers read them only
for who may read messages.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.message_reasons import ContactReason
from sellerdesk.domain.message_threads import ContactFacts, Limits, ThreadState
from sellerdesk.domain.messages import allowed_reasons
from sellerdesk.models.facts import read_by_number
from sellerdesk.models.message_facts import read_contacts, read_limits
from sellerdesk.models.sql import decode_json, instant, rows
from sellerdesk.models.tenancy import scoped

SHOWN = 160  # characters of the last message that the inbox shows
COUNTED = 99  # the navigation counts no further
COUNTED_TABS = 9_999  # nor do the tabs of the inbox


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the inbox begins: after the thread with this key and id."""

    key: datetime
    id: int


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A thread in the list. `due_at` is set while the buyer waits; `last_kind` says who wrote `excerpt`."""

    id: int
    order_number: str
    marketplace_id: str
    status: str
    state: ThreadState
    due_at: datetime | None
    last_at: datetime
    hint: str
    count: int
    cancel_request: str
    buyer: str
    excerpt: str
    last_kind: str
    last_state: str


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of threads, how many there are by state (at most COUNTED_TABS + 1), and where the next page begins."""

    lines: tuple[InboxLine, ...]
    counts: dict[str, int]
    older: Place | None


_PAGE = """
SELECT t.id, o.order_number, o.marketplace_id, o.status, t.state, t.due_at, t.last_at, t.hint, t.count,
       o.cancel_request, CASE WHEN %(personal)s::boolean THEN coalesce(b.name, '') ELSE '' END,
       coalesce(left(x.text, %(shown)s::int), ''), coalesce(m.kind, ''), coalesce(m.state, '')
  FROM (SELECT * FROM message_threads t WHERE t.seller_id = %(seller)s AND t.count > 0 {where}
         ORDER BY {order} LIMIT %(limit)s::int) t
  JOIN orders o ON o.seller_id = %(seller)s AND o.id = t.order_id
  LEFT JOIN buyer_contacts b ON b.seller_id = %(seller)s AND b.order_id = t.order_id
  LEFT JOIN LATERAL (SELECT m.id, m.kind, m.state FROM messages m
                      WHERE m.seller_id = %(seller)s AND m.thread_id = t.id AND m.kind <> 'note'
                      ORDER BY m.id DESC LIMIT 1) m ON true
  LEFT JOIN message_texts x ON x.seller_id = %(seller)s AND x.message_id = m.id
 ORDER BY {order}"""

# Each count stops at a number that nobody works through, so that the tabs cost the same for every seller.
_COUNTS = """
SELECT s.state, (SELECT count(*) FROM (SELECT 1 FROM message_threads t
                                        WHERE t.seller_id = %s AND t.state = s.state AND t.count > 0 LIMIT %s) found)
  FROM unnest(%s::text[]) AS s(state)"""


def inbox(
    seller_id: int, state: ThreadState | None, *, after: Place | None, size: int, personal: bool
) -> Inbox:
    """Threads in one state, or all of them. Who waits comes first by when the answer falls due, the others by the
    last message. `personal`: with the buyers' names.
    """
    waiting = state is ThreadState.OPEN_NEEDS_RESPONSE
    key, order, sign = (
        ("due_at", "t.due_at, t.id", ">") if waiting else ("last_at", "t.last_at DESC, t.id DESC", "<")
    )
    where = "AND t.state = %(state)s" if state else ""
    if after:
        where += f" AND (t.{key}, t.id) {sign} (%(key)s, %(id)s)"
    given = {
        "seller": seller_id,
        "state": state.value if state else "",
        "personal": personal,
        "shown": SHOWN,
        "limit": size + 1,
        "key": after.key if after else None,
        "id": after.id if after else None,
    }
    with scoped(seller_id):
        found = rows(_PAGE.format(where=where, order=order), given)
        counts: dict[str, int] = dict(rows(_COUNTS, [seller_id, COUNTED_TABS + 1, list(ThreadState)]))
    lines = tuple(_line(row) for row in found[:size])
    older = None
    if len(found) > size:
        last = lines[-1]
        older = Place((last.due_at if waiting else None) or last.last_at, last.id)
    return Inbox(lines, counts, older)


def _line(row: tuple[Any, ...]) -> InboxLine:
    values: list[Any] = [*row[:4], ThreadState(row[4]), *row[5:]]
    return InboxLine(*values)


def waiting_count(seller_id: int) -> int:
    """How many threads wait for an answer, at most COUNTED + 1."""
    with scoped(seller_id):
        found = rows(
            "SELECT count(*) FROM (SELECT 1 FROM message_threads WHERE seller_id = %s"
            " AND state = 'open_needs_response' LIMIT %s) waiting",
            [seller_id, COUNTED + 1],
        )
    return int(found[0][0])


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of a message; `kind` is the content type as sniffed."""

    position: int
    name: str
    kind: str
    size: int


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message. `text` None: it was erased, or had none."""

    id: int
    kind: str
    state: str
    reason: str
    critical: bool
    automatic: bool
    topic: str
    via: str
    author: str
    hint: str
    at: datetime
    text: str | None
    files: tuple[FileView, ...]


@dataclass(frozen=True, slots=True)
class ThreadView:
    """Everything about writing to the buyer of one order. `messages` stand in the order they were written."""

    facts: OrderFacts
    contact: ContactFacts
    limits: Limits
    hint: str
    messages: tuple[MessageView, ...]
    shop: str
    reasons: tuple[ContactReason, ...]

    @property
    def version(self) -> int:
        return self.contact.thread.version if self.contact.thread else 0

    @property
    def waits(self) -> bool:
        thread = self.contact.thread
        return thread is not None and thread.state is ThreadState.OPEN_NEEDS_RESPONSE


_THREAD = """
SELECT (SELECT coalesce(nullif(p.store_name, ''), s.name) FROM sellers s
          LEFT JOIN participations p ON p.seller_id = s.id AND p.marketplace_id = %(place)s WHERE s.id = %(seller)s),
       (SELECT t.hint FROM message_threads t WHERE t.seller_id = %(seller)s AND t.order_id = %(order)s),
       (SELECT json_agg(json_build_array(m.id, m.kind, m.state, m.reason, m.critical, m.automatic, m.topic, m.via,
                 m.author, m.hint, m.at, x.text,
                 (SELECT json_agg(json_build_array(a.position, a.name, f.kind, f.size) ORDER BY a.position)
                    FROM message_attachments a JOIN stored_files f ON f.seller_id = a.seller_id AND f.id = a.file_id
                   WHERE a.seller_id = m.seller_id AND a.message_id = m.id)) ORDER BY m.id)
          FROM message_threads t
          JOIN messages m ON m.seller_id = t.seller_id AND m.thread_id = t.id
          LEFT JOIN message_texts x ON x.seller_id = m.seller_id AND x.message_id = m.id
         WHERE t.seller_id = %(seller)s AND t.order_id = %(order)s)"""


def thread(seller_id: int, order_number: str, *, now: datetime) -> ThreadView | None:
    """The thread of an order, also when nobody has written yet; None when the seller has no such order."""
    with scoped(seller_id):
        facts = read_by_number(seller_id, [order_number]).get(order_number)
        if facts is None:
            return None
        contact = read_contacts(seller_id, [facts.id])[facts.id]
        limits = read_limits([facts.marketplace_id], now)[facts.marketplace_id]
        given = {"seller": seller_id, "order": facts.id, "place": facts.marketplace_id}
        ((shop, hint, messages),) = rows(_THREAD, given)
    reasons = allowed_reasons(facts, contact, limits=limits, now=now)
    found = tuple(_message(one) for one in decode_json(messages) or ())
    return ThreadView(facts, contact, limits, hint or "", found, shop or "", reasons)


def _message(values: list[Any]) -> MessageView:
    *head, at, text, files = values
    found: list[Any] = [*head, instant(at), text, tuple(FileView(*file) for file in files or ())]
    return MessageView(*found)


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file to hand out."""

    name: str
    kind: str
    content: bytes


_FILE = """
SELECT a.name, f.kind, f.content
  FROM messages m
  JOIN orders o ON o.seller_id = m.seller_id AND o.id = m.order_id
  JOIN message_attachments a ON a.seller_id = m.seller_id AND a.message_id = m.id
  JOIN stored_files f ON f.seller_id = a.seller_id AND f.id = a.file_id
 WHERE m.seller_id = %s AND o.order_number = %s AND m.id = %s AND a.position = %s"""


def attached_file(seller_id: int, order_number: str, message_id: int, position: int) -> FileContent | None:
    """A file of a message of an order, or None."""
    with scoped(seller_id):
        found = rows(_FILE, [seller_id, order_number, message_id, position])
    return FileContent(found[0][0], found[0][1], bytes(found[0][2])) if found else None


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A template of the seller's own."""

    id: int
    name: str
    language: str
    reason: ContactReason
    text: str
    updated_at: datetime
    updated_by: str


def own_templates(seller_id: int) -> tuple[TemplateView, ...]:
    """The seller's templates by language and name."""
    with scoped(seller_id):
        found = rows(
            "SELECT id, name, language, reason, text, updated_at, updated_by FROM message_templates"
            " WHERE seller_id = %s ORDER BY language, lower(name), id",
            [seller_id],
        )
    values: list[list[Any]] = [[*row[:3], ContactReason(row[3]), *row[4:]] for row in found]
    return tuple(TemplateView(*one) for one in values)
