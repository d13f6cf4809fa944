"""The label that a seller handed in for a return: personal, and a download only."""

from dataclasses import dataclass

from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped


@dataclass(frozen=True, slots=True)
class LabelContent:
    """A label to hand out; `kind` is "application/pdf" or "image/png"."""

    order_number: str
    name: str
    kind: str
    content: bytes


_LABEL = """
SELECT o.order_number, l.name, f.kind, f.content
  FROM return_requests q
  JOIN orders o ON o.seller_id = q.seller_id AND o.id = q.order_id
  JOIN return_labels l ON l.seller_id = q.seller_id AND l.return_request_id = q.id
  JOIN stored_files f ON f.seller_id = l.seller_id AND f.id = l.file_id
 WHERE q.seller_id = %s AND q.rma = %s"""


def label_of(seller_id: int, rma: str) -> LabelContent | None:
    """The label of a return, or None. A buyer's door asks besides whether the order is the buyer's own."""
    with scoped(seller_id):
        found = rows(_LABEL, [seller_id, rma])
    if not found:
        return None
    number, name, kind, content = found[0]
    return LabelContent(number, name, kind, bytes(content))
