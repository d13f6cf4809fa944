"""Breaks between our books and the payment side's, for whoever settles them (P4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.models.transfer_subjects import SUBJECT


@dataclass(frozen=True, slots=True)
class BreakView:
    """A break. `ours` and `theirs`: amount, currency, state, reference, as either side says; {}: it says nothing."""

    id: int
    seller_id: int
    seller_name: str
    order_number: str
    reference: str
    key: str
    kind: str
    ours: dict[str, Any]
    theirs: dict[str, Any]
    found_at: datetime
    resolved_at: datetime | None
    resolved_by: str
    reason: str


_BREAKS = f"""
SELECT b.id, b.seller_id, m.name, o.order_number, s.reference, t.key, b.kind, b.ours, b.theirs, b.found_at,
       b.resolved_at, b.resolved_by, b.reason
  FROM payment_breaks b
  JOIN payment_transfers t ON t.seller_id = b.seller_id AND t.id = b.transfer_id {SUBJECT}
  JOIN sellers m ON m.id = b.seller_id
 WHERE (%(seller)s::bigint IS NULL OR b.seller_id = %(seller)s::bigint)
   AND (b.resolved_at IS NULL) = %(open)s
   AND (%(before)s::bigint IS NULL OR b.id < %(before)s::bigint)
 ORDER BY b.id DESC LIMIT %(limit)s"""


def payment_breaks(
    seller_id: int | None, *, settled: bool = False, before: int | None = None, limit: int
) -> list[BreakView]:
    """Breaks of one seller (None: of all), newest first: open ones, or those that were settled."""
    given = {"seller": seller_id, "open": not settled, "before": before, "limit": limit}
    with scoped(seller_id):
        found = rows(_BREAKS, given)
    return [_view(row) for row in found]


def _view(row: tuple[Any, ...]) -> BreakView:
    values: list[Any] = [*row[:7], decode_json(row[7]) or {}, decode_json(row[8]) or {}, *row[9:]]
    return BreakView(*values)
