"""Return requests as programs read them: pages in a steady order, and one with all that is known of it.

A page takes one statement however long it is. Amounts are minor units; instants are aware UTC.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from sellerdesk.domain.deadlines import DeadlineKind
from sellerdesk.models.sql import decode_json, instant, rows
from sellerdesk.models.tenancy import scoped

Sort = Literal["requested", "updated"]


@dataclass(frozen=True, slots=True)
class ReturnPosition:
    """Where a page ended: the instant that it is sorted by, and the RMA that it belongs to."""

    at: datetime
    rma: str


@dataclass(frozen=True, slots=True)
class ReturnFilters:
    """Which returns: all conditions hold together; an empty one holds for every return. Instants are aware UTC.

    `sort` "requested" runs from the newest to the oldest and never shifts. "updated" runs from the oldest step to the
    newest, so that a return that moves on meanwhile comes again and none is lost.
    """

    states: tuple[str, ...] = ()
    marketplaces: tuple[str, ...] = ()
    order_number: str = ""
    with_claim: bool | None = None
    requested_after: datetime | None = None
    requested_before: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    sort: Sort = "requested"


@dataclass(frozen=True, slots=True)
class ReturnHead:
    """A return's own columns. `comment` is the buyer's, `close_comment` and `instructions` are written to the buyer."""

    order_number: str
    marketplace_id: str
    currency: str
    rma: str
    kind: str
    state: str
    reason: str
    raw_reason: str
    comment: str
    wish: str
    in_policy: bool
    verdict: str
    window_ends_at: datetime | None
    payer: str
    returnless: bool
    with_claim: bool
    requested_at: datetime
    authorized_at: datetime | None
    in_transit_at: datetime | None
    received_at: datetime | None
    inspected_at: datetime | None
    partial_at: datetime | None
    ended_at: datetime | None
    label: str
    carrier: str
    tracking: str
    instructions: str
    close_reason: str
    close_comment: str
    wrongly_rejected: bool
    version: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ReturnLineView:
    """`refunded`: units refunded for this return, or about to be. `grade` "" until inspected."""

    item_number: str
    sku: str
    title: str
    quantity: int
    received: int
    grade: str
    note: str
    refunded: int


@dataclass(frozen=True, slots=True)
class ReturnRefundView:
    """A refund that was made for the return."""

    reference: str
    state: str
    total: int


@dataclass(frozen=True, slots=True)
class ReturnView:
    """One return. `dues`: kind of an open deadline → when it is due."""

    head: ReturnHead
    address: dict[str, Any]
    lines: tuple[ReturnLineView, ...]
    refunds: tuple[ReturnRefundView, ...]
    dues: dict[str, datetime | None]


# The last step that was taken; GREATEST passes over what has not happened. An index of this very expression exists.
_UPDATED = (
    "GREATEST(q.requested_at, q.authorized_at, q.in_transit_at, q.received_at, q.inspected_at, q.partial_at,"
    " q.ended_at)"
)
_OUTSIDE = {"order_number": "o.order_number", "currency": "o.currency", "updated_at": _UPDATED}
_HEAD = ", ".join(_OUTSIDE.get(one.name, f"q.{one.name}") for one in fields(ReturnHead))
_KINDS = ", ".join(
    f"'{one.value}'"
    for one in (DeadlineKind.RETURN_ANSWER, DeadlineKind.RETURN_IDLE, DeadlineKind.RETURN_REFUND)
)
_LINES = """
       (SELECT json_agg(json_build_array(i.item_number, i.sku, i.title, l.quantity, l.received, l.grade, l.note,
                 (SELECT coalesce(sum((f.units ->> l.item_id::text)::int), 0) FROM refunds f
                   WHERE f.seller_id = q.seller_id AND f.return_request_id = q.id
                     AND f.state NOT IN ('CANCELLED', 'REJECTED'))) ORDER BY i.position)
          FROM return_lines l JOIN order_items i ON i.seller_id = l.seller_id AND i.id = l.item_id
         WHERE l.seller_id = q.seller_id AND l.return_request_id = q.id)"""
_RETURNS = f"""
SELECT {_HEAD}, q.address, {_LINES},
       (SELECT json_agg(json_build_array(f.reference, f.state, f.total) ORDER BY f.id) FROM refunds f
         WHERE f.seller_id = q.seller_id AND f.order_id = q.order_id AND f.return_request_id = q.id),
       (SELECT json_agg(json_build_array(d.kind, d.due_at)) FROM deadlines d
         WHERE d.seller_id = q.seller_id AND d.order_id = q.order_id AND d.subject = q.id AND d.state = 'open'
           AND d.kind IN ({_KINDS}))
  FROM return_requests q JOIN orders o ON o.seller_id = q.seller_id AND o.id = q.order_id
 WHERE q.seller_id = %(seller)s"""
_LAST = "(SELECT p.id FROM return_requests p WHERE p.seller_id = %(seller)s AND p.rma = %(rma)s)"
_SORTS: dict[Sort, tuple[str, str]] = {
    "requested": ("q.requested_at DESC, q.id DESC", f"(q.requested_at, q.id) < (%(at)s, {_LAST})"),
    "updated": (f"{_UPDATED}, q.id", f"({_UPDATED}, q.id) > (%(at)s, {_LAST})"),
}
_CONDITIONS = {
    "states": "q.state = ANY(%(states)s)",
    "marketplaces": "q.marketplace_id = ANY(%(marketplaces)s)",
    "order_number": "o.order_number = %(order_number)s",
    "with_claim": "q.with_claim = %(with_claim)s",
    "requested_after": "q.requested_at >= %(requested_after)s",
    "requested_before": "q.requested_at < %(requested_before)s",
    "updated_after": f"{_UPDATED} >= %(updated_after)s",
    "updated_before": f"{_UPDATED} < %(updated_before)s",
}


def returns_page(
    seller_id: int, filters: ReturnFilters, *, after: ReturnPosition | None = None, limit: int
) -> tuple[list[ReturnView], ReturnPosition | None]:
    """A page of returns, and where it ended if there is more. An `after` of no return of the seller finds nothing."""
    order, beyond = _SORTS[filters.sort]
    params: dict[str, Any] = {"seller": seller_id, "limit": limit + 1}
    conditions = []
    for name, condition in _CONDITIONS.items():
        value = getattr(filters, name)
        if value not in ("", (), None):
            params[name] = list(value) if isinstance(value, tuple) else value
            conditions.append(condition)
    if after is not None:
        params |= {"at": after.at, "rma": after.rma}
        conditions.append(beyond)
    found = "".join((_RETURNS, *(f" AND {one}" for one in conditions), f" ORDER BY {order} LIMIT %(limit)s"))
    with scoped(seller_id):
        views = [_view(row) for row in rows(found, params)]
    if len(views) <= limit:
        return views, None
    last = views[limit - 1].head
    at = last.requested_at if filters.sort == "requested" else last.updated_at
    return views[:limit], ReturnPosition(at, last.rma)


def one_return(seller_id: int, order_number: str, rma: str) -> ReturnView | None:
    """One return of an order; None when there is none of this RMA."""
    given = {"seller": seller_id, "order": order_number, "rma": rma}
    with scoped(seller_id):
        found = rows(_RETURNS + " AND o.order_number = %(order)s AND q.rma = %(rma)s", given)
    return _view(found[0]) if found else None


def order_of(seller_id: int, rma: str) -> str:
    """The number of the order that a return belongs to; "" when there is no such return."""
    sql = """SELECT o.order_number FROM return_requests q
               JOIN orders o ON o.seller_id = q.seller_id AND o.id = q.order_id
              WHERE q.seller_id = %s AND q.rma = %s"""
    with scoped(seller_id):
        found = rows(sql, [seller_id, rma])
    return str(found[0][0]) if found else ""


def _view(row: tuple[Any, ...]) -> ReturnView:
    *head, address, lines, refunds, dues = row
    return ReturnView(
        ReturnHead(*head),
        decode_json(address) or {},
        tuple(ReturnLineView(*one) for one in decode_json(lines) or ()),
        tuple(ReturnRefundView(*one) for one in decode_json(refunds) or ()),
        {kind: instant(at) for kind, at in decode_json(dues) or ()},
    )
