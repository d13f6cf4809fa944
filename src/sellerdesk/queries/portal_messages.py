"""The thread of an order as its buyer reads it: no internal notes, and nothing that was not delivered (S3-10, I17)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped


@dataclass(frozen=True, slots=True)
class PortalFile:
    position: int
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class PortalMessage:
    """A message that the buyer wrote, or was sent. `text` None: it has been erased."""

    id: int
    mine: bool
    at: datetime
    text: str | None
    language: str
    files: tuple[PortalFile, ...]


# What the buyer may read of a thread; notes and blocked messages are left in the table.
_READABLE = "m.kind IN ('buyer', 'seller') AND m.state <> 'blocked_opt_out'"

_THREAD = f"""
SELECT m.id, m.kind = 'buyer', m.at, x.text, m.language,
       (SELECT json_agg(json_build_array(a.position, a.name, f.size) ORDER BY a.position)
          FROM message_attachments a JOIN stored_files f ON f.seller_id = a.seller_id AND f.id = a.file_id
         WHERE a.seller_id = m.seller_id AND a.message_id = m.id)
  FROM orders o
  JOIN message_threads t ON t.seller_id = o.seller_id AND t.order_id = o.id
  JOIN messages m ON m.seller_id = t.seller_id AND m.thread_id = t.id
  LEFT JOIN message_texts x ON x.seller_id = m.seller_id AND x.message_id = m.id
 WHERE o.seller_id = %s AND o.order_number = %s AND {_READABLE} ORDER BY m.id DESC LIMIT %s"""
_MOST = 200

_FILE = f"""
SELECT a.name, f.kind, f.content
  FROM orders o
  JOIN messages m ON m.seller_id = o.seller_id AND m.order_id = o.id
  JOIN message_attachments a ON a.seller_id = m.seller_id AND a.message_id = m.id
  JOIN stored_files f ON f.seller_id = a.seller_id AND f.id = a.file_id
 WHERE o.seller_id = %s AND o.order_number = %s AND m.id = %s AND a.position = %s AND {_READABLE}"""

_PREFERENCE = "SELECT opted_out_at IS NOT NULL FROM buyer_preferences WHERE email = %s"


def thread_of(seller_id: int, order_number: str) -> tuple[PortalMessage, ...]:
    """The newest messages of an order that is known to be the buyer's, oldest first."""
    with scoped(seller_id):
        found = rows(_THREAD, [seller_id, order_number, _MOST])
    return tuple(_message(row) for row in reversed(found))


def _message(row: tuple[Any, ...]) -> PortalMessage:
    *head, files = row
    values: list[Any] = [*head, tuple(PortalFile(*file) for file in decode_json(files) or ())]
    return PortalMessage(*values)


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file to hand out; `kind` is the content type as sniffed."""

    name: str
    kind: str
    content: bytes


def file_of(seller_id: int, order_number: str, message_id: int, position: int) -> FileContent | None:
    """A file of the thread of an order that is known to be the buyer's, or None."""
    with scoped(seller_id):
        found = rows(_FILE, [seller_id, order_number, message_id, position])
    return FileContent(found[0][0], found[0][1], bytes(found[0][2])) if found else None


def has_opted_out(address: str) -> bool:
    """Whether a buyer wants only messages that are critical."""
    found = rows(_PREFERENCE, [address])
    return bool(found and found[0][0])
