"""Mails: whether there is anything to do, what a letter must know, and the operator's mailbox."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.letter_aftersales import (
    AHEAD,
    NOTHING,
    SENT,
    AfterSales,
    after_sales,
    after_sales_ahead,
)

TEXT_LENGTH_MOST = 4000  # of a person's words in a letter, in characters: the rest is on the page

_PLACE = "SELECT txid::text, entry_id FROM journal_readers WHERE name = %s"
# The reader's place goes in as values and the next entry is asked for in the order of the index, so that the look stays
# one step in the index however long the journal is.
_UNREAD = """
SELECT 1 FROM journal
 WHERE txid >= %(txid)s::text::xid8 AND (txid > %(txid)s::text::xid8 OR id > %(entry)s)
   AND txid < pg_snapshot_xmin(pg_current_snapshot())
 ORDER BY txid, id LIMIT 1"""
_WAITING = "SELECT EXISTS (SELECT FROM mails WHERE state = 'queued' AND next_at <= %s)"


def is_journal_unread(reader: str) -> bool:
    """Whether a reader of the journal has something before it. A step in an index, no locks."""
    with scoped(None):
        place = rows(_PLACE, [reader])
        txid, entry = place[0] if place else ("0", 0)
        return bool(rows(_UNREAD, {"txid": txid, "entry": entry}))


def is_mail_due(now: datetime) -> bool:
    """Whether a mail waits to be sent."""
    with scoped(None):
        return bool(rows(_WAITING, [now])[0][0])


@dataclass(frozen=True, slots=True)
class LetterItem:
    number: str
    title: str
    sku: str
    ordered: int
    shipped: int
    cancelled: int


@dataclass(frozen=True, slots=True)
class LetterParcel:
    reference: str
    carrier: str
    service: str
    tracking: str


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """Everything that a letter about an order may say, read when it is sent. Personal: not to be logged or kept."""

    mail_id: int
    message_id: str
    kind: str
    reader: str  # seller | buyer | one of the seller's people
    order_id: int
    at: datetime  # when it happened
    order_number: str
    marketplace_id: str
    placed_at: datetime
    latest_ship_at: datetime | None
    auto_cancel_at: datetime | None
    cancelled_at: datetime | None
    total: int | None
    currency: str
    ship_service: str
    seller_name: str
    seller_language: str  # of the person, where the reader is one
    buyer_language: str  # "": the marketplace's
    buyer_name: str
    message: str  # what the message says that the letter is about
    wish: str  # the buyer's own words about cancelling
    to: tuple[str, ...]  # addresses; empty: nobody is known
    facts: Mapping[str, Any]  # of the journal entry
    items: tuple[LetterItem, ...]
    parcels: tuple[LetterParcel, ...]
    after: AfterSales = NOTHING  # where it is about a return, a refund or a claim


_LETTER = """
SELECT m.id, m.message_id, m.kind, m.reader, o.id, j.at, o.order_number, o.marketplace_id, o.placed_at,
       o.latest_ship_at, o.auto_cancel_at, o.cancelled_at, o.total, o.currency, o.ship_service, s.name,
       coalesce(u.language, s.language), coalesce(w.language, ''), coalesce(b.name, ''),
       coalesce((SELECT t.text FROM message_texts t
                  WHERE t.seller_id = m.seller_id AND t.message_id = (j.facts->>'message')::bigint), ''),
       coalesce((SELECT r.words FROM cancellation_requests r
                  WHERE j.kind = 'cancellation_requested' AND r.seller_id = m.seller_id AND r.order_id = m.order_id
                    AND r.kind = 'formal' ORDER BY r.id DESC LIMIT 1), ''),
       CASE WHEN m.reader = 'buyer' THEN array_remove(ARRAY[b.email::text], '')
            WHEN m.reader <> 'seller' THEN array_remove(ARRAY[u.email::text], NULL)
            WHEN s.email <> '' THEN ARRAY[s.email::text]
            ELSE ARRAY(SELECT u.email::text FROM memberships k JOIN users u ON u.id = k.user_id
                        WHERE k.seller_id = m.seller_id AND k.role = 'owner' AND u.is_active ORDER BY u.id) END,
       j.facts,
       (SELECT json_agg(json_build_array(i.item_number, i.title, i.sku, i.ordered, i.shipped, i.cancelled)
                        ORDER BY i.position)
          FROM order_items i WHERE i.seller_id = m.seller_id AND i.order_id = m.order_id),
       (SELECT json_agg(json_build_array(p.reference, coalesce(nullif(p.carrier_name, ''), p.carrier_code), p.service,
                                         p.tracking) ORDER BY p.id)
          FROM packages p WHERE p.seller_id = m.seller_id AND p.order_id = m.order_id)
  FROM {source}
  JOIN orders o ON o.seller_id = m.seller_id AND o.id = m.order_id
  JOIN sellers s ON s.id = m.seller_id
  LEFT JOIN buyer_contacts b ON b.seller_id = m.seller_id AND b.order_id = m.order_id
  LEFT JOIN buyer_preferences w ON w.email = lower(b.email)
  LEFT JOIN memberships g ON g.seller_id = m.seller_id AND m.reader = 'u' || g.user_id
  LEFT JOIN users u ON u.id = g.user_id AND u.is_active"""
_LETTERS = _LETTER.format(source=f"{SENT} AND m.id = ANY(%(ids)s)")
_AHEAD = _LETTER.format(source=AHEAD)

_FILES = """
SELECT a.name, f.kind, f.content
  FROM mails m JOIN journal j ON j.id = m.entry_id
  JOIN message_attachments a ON a.seller_id = m.seller_id AND a.message_id = (j.facts->>'message')::bigint
  JOIN stored_files f ON f.seller_id = a.seller_id AND f.id = a.file_id
 WHERE m.id = %s ORDER BY a.position"""


def letter_facts(mail_ids: Sequence[int]) -> dict[int, LetterFacts]:
    """What letters must know, by mail id, in a constant number of queries."""
    with scoped(None):
        found = rows(_LETTERS, {"ids": list(mail_ids)})
        after = after_sales(mail_ids, TEXT_LENGTH_MOST + 1)
    return {row[0]: replace(_letter(row), after=after.get(row[0], NOTHING)) for row in found}


def letter_ahead(
    seller_id: int, order_number: str, kind: str, facts: Mapping[str, Any], *, at: datetime
) -> LetterFacts | None:
    """What the buyer's letter of a kind would know if the order's journal said `facts` at this moment; None when the
    seller has no such order.
    """
    given = {"seller": seller_id, "order": order_number, "kind": kind, "at": at, "facts": json.dumps(facts)}
    with scoped(seller_id):
        found = rows(_AHEAD, given)
        after = after_sales_ahead(given, TEXT_LENGTH_MOST + 1)
    return replace(_letter(found[0]), after=after) if found else None


@dataclass(frozen=True, slots=True)
class LetterFile:
    """A file of the message that a letter carries. `kind` is the content type as sniffed."""

    name: str
    kind: str
    content: bytes


def letter_files(mail_id: int) -> list[LetterFile]:
    """The files of the message that a mail is about; asked for one mail at a time, because they may be large."""
    with scoped(None):
        return [LetterFile(name, kind, bytes(content)) for name, kind, content in rows(_FILES, [mail_id])]


def _letter(row: tuple[Any, ...]) -> LetterFacts:
    to, facts, items, parcels = row[-4:]
    values: list[Any] = [
        *row[:-4],
        tuple(one for one in to if one),
        decode_json(facts) or {},
        tuple(LetterItem(*item) for item in decode_json(items) or ()),
        tuple(LetterParcel(*parcel) for parcel in decode_json(parcels) or ()),
    ]
    return LetterFacts(*values)


@dataclass(frozen=True, slots=True)
class MailboxRow:
    """A mail as the operator sees it in the list."""

    id: int
    message_id: str
    state: str  # queued | sent | dead | void
    kind: str
    reader: str
    seller_name: str
    order_number: str
    attempts: int
    queued_at: datetime
    next_at: datetime
    sent_at: datetime | None
    error: str


_MAILBOX = """
SELECT m.id, m.message_id, m.state, m.kind, m.reader, s.name, coalesce(o.order_number, ''), m.attempts, j.at, m.next_at,
       m.sent_at, m.error
  FROM mails m JOIN journal j ON j.id = m.entry_id JOIN sellers s ON s.id = m.seller_id
  LEFT JOIN orders o ON o.seller_id = m.seller_id AND o.id = m.order_id
 WHERE m.id < %(before)s AND (%(state)s = '' OR m.state = %(state)s) ORDER BY m.id DESC LIMIT %(limit)s"""


def mailbox(*, state: str = "", before: int | None = None, limit: int = 50) -> list[MailboxRow]:
    """The newest mails of all sellers, newest first, before a given id; for the operator alone."""
    given = {"state": state, "before": before or 2**63 - 1, "limit": limit}
    with scoped(None):
        return [MailboxRow(*row) for row in rows(_MAILBOX, given)]


def mail_counts() -> dict[str, int]:
    """How many mails are in which state."""
    with scoped(None):
        return dict(rows("SELECT state, count(*) FROM mails GROUP BY state"))
