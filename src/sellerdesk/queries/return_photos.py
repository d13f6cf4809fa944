"""Photos of returns: the buyer's, and the warehouse's. They are personal, and can be erased."""

from dataclasses import dataclass
from datetime import datetime

from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo in a list. `by` is "buyer" or "warehouse"."""

    id: int
    by: str
    name: str
    width: int
    height: int
    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PhotoContent:
    """A photo to hand out: `kind` is what it was drawn as, never what somebody called it."""

    order_number: str
    name: str
    kind: str
    content: bytes
    by: str


_LIST = """
SELECT p.id, p.by, p.name, p.width, p.height, f.size, p.at
  FROM return_requests q
  JOIN return_photos p ON p.seller_id = q.seller_id AND p.return_request_id = q.id
  JOIN stored_files f ON f.seller_id = p.seller_id AND f.id = p.file_id
 WHERE q.seller_id = %s AND q.rma = %s
 ORDER BY p.id"""

_ONE = """
SELECT o.order_number, p.name, f.kind, f.content, p.by
  FROM return_requests q
  JOIN orders o ON o.seller_id = q.seller_id AND o.id = q.order_id
  JOIN return_photos p ON p.seller_id = q.seller_id AND p.return_request_id = q.id
  JOIN stored_files f ON f.seller_id = p.seller_id AND f.id = p.file_id
 WHERE q.seller_id = %s AND q.rma = %s AND p.id = %s::bigint"""


def photos_of(seller_id: int, rma: str) -> tuple[PhotoView, ...]:
    """The photos of a return, the oldest first; none for a return that the seller does not have."""
    with scoped(seller_id):
        return tuple(PhotoView(*row) for row in rows(_LIST, [seller_id, rma]))


def photo(seller_id: int, rma: str, photo_id: int) -> PhotoContent | None:
    """One photo of a return, or None. A buyer's door asks besides whether the order is the buyer's own, and shows only
    photos `by` "buyer".
    """
    with scoped(seller_id):
        found = rows(_ONE, [seller_id, rma, photo_id])
    if not found:
        return None
    number, name, kind, content, by = found[0]
    return PhotoContent(number, name, kind, bytes(content), by)
