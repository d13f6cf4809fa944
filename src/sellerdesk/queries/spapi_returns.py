"""Return requests as external fulfilment programs read them: one row a returned line (spapi 9)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped


@dataclass(frozen=True, slots=True)
class ReturnSearch:
    """Which returned lines; "" and None ask for everything. `states`: of ReturnState; None: any."""

    rma: str = ""
    states: tuple[str, ...] | None = None
    tracking_key: str = ""
    created_from: datetime | None = None
    created_before: datetime | None = None
    changed_from: datetime | None = None
    changed_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """One line of a request. `received` units of `quantity` are back; `grade` "" before they were looked at."""

    id: int
    rma: str
    kind: str
    state: str
    reason: str
    marketplace_id: str
    order_number: str
    item_number: str
    sku: str
    quantity: int
    received: int
    grade: str
    requested_at: datetime
    changed_at: datetime
    in_transit_at: datetime | None
    received_at: datetime | None
    carrier: str
    tracking: str
    forward_carrier: str
    forward_tracking: str
    parcel: str


_LINES = """
SELECT * FROM (
  SELECT l.id, q.rma, q.kind, q.state, q.reason, q.marketplace_id, o.order_number, i.item_number, i.sku, l.quantity,
         l.received, l.grade, q.requested_at,
         greatest(q.requested_at, q.authorized_at, q.in_transit_at, q.received_at, q.inspected_at, q.partial_at,
                  q.ended_at) AS changed_at,
         q.in_transit_at, q.received_at, q.carrier, q.tracking, coalesce(p.carrier_code, '') AS sent_by,
         coalesce(p.tracking, '') AS sent_as, coalesce(p.reference, '') AS parcel
    FROM return_requests q
    JOIN return_lines l ON l.seller_id = q.seller_id AND l.return_request_id = q.id
    JOIN orders o ON o.seller_id = q.seller_id AND o.id = q.order_id
    JOIN order_items i ON i.seller_id = l.seller_id AND i.id = l.item_id
    LEFT JOIN LATERAL (
      SELECT p.carrier_code, p.tracking, p.reference FROM packages p
        JOIN package_items pi ON pi.seller_id = p.seller_id AND pi.package_id = p.id AND pi.item_id = l.item_id
       WHERE p.seller_id = q.seller_id AND p.order_id = q.order_id ORDER BY p.id LIMIT 1) p ON true
   WHERE q.seller_id = %(seller)s AND (%(id)s::bigint IS NULL OR l.id = %(id)s::bigint)
     AND (%(rma)s::text = '' OR q.rma = %(rma)s::text)
     AND (%(states)s::text[] IS NULL OR q.state = ANY(%(states)s::text[]))
     AND (%(key)s::text = '' OR q.tracking_key = %(key)s::text)
     AND (%(from)s::timestamptz IS NULL OR q.requested_at >= %(from)s::timestamptz)
     AND (%(before)s::timestamptz IS NULL OR q.requested_at < %(before)s::timestamptz)
     AND (%(at)s::timestamptz IS NULL OR (q.requested_at, l.id) > (%(at)s::timestamptz, %(after)s::bigint))) x
 WHERE (%(changed_from)s::timestamptz IS NULL OR x.changed_at >= %(changed_from)s::timestamptz)
   AND (%(changed_before)s::timestamptz IS NULL OR x.changed_at < %(changed_before)s::timestamptz)
 ORDER BY x.requested_at, x.id LIMIT %(limit)s"""


def returned_lines(
    seller_id: int, search: ReturnSearch, *, since: tuple[datetime, int] | None, limit: int
) -> tuple[list[ReturnedLine], tuple[datetime, int] | None]:
    """A page of returned lines, the oldest request first, and where the next one begins; None at the end."""
    found = _find(seller_id, search, None, since, limit + 1)
    page = found[:limit]
    return page, (page[-1].requested_at, page[-1].id) if len(found) > limit else None


def returned_line(seller_id: int, line_id: int) -> ReturnedLine | None:
    """One returned line of the seller."""
    found = _find(seller_id, ReturnSearch(), line_id, None, 1)
    return found[0] if found else None


def _find(
    seller_id: int, search: ReturnSearch, line_id: int | None, since: tuple[datetime, int] | None, limit: int
) -> list[ReturnedLine]:
    at, after = since or (None, None)
    given: dict[str, Any] = {
        "seller": seller_id,
        "id": line_id,
        "rma": search.rma,
        "states": list(search.states) if search.states is not None else None,
        "key": search.tracking_key,
        "from": search.created_from,
        "before": search.created_before,
        "changed_from": search.changed_from,
        "changed_before": search.changed_before,
        "at": at,
        "after": after,
        "limit": limit,
    }
    with scoped(seller_id):
        return [ReturnedLine(*row) for row in rows(_LINES, given)]
