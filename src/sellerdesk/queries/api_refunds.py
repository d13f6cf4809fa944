"""Refunds as programs read them: of one order with what is left of it, and pages over all orders, newest first.

A page takes one statement however long it is. Amounts are minor units of the refund's currency; instants are aware UTC.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped


@dataclass(frozen=True, slots=True)
class RefundFilters:
    """Which refunds: all conditions hold together; an empty one holds for every refund."""

    states: tuple[str, ...] = ()
    marketplaces: tuple[str, ...] = ()
    order_number: str = ""
    rma: str = ""
    requested_after: datetime | None = None
    requested_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class PartView:
    """One component of one line: what goes back of it, net, and what was kept. A discount is negative."""

    item_number: str
    component: str
    amount: int
    deduction: int


@dataclass(frozen=True, slots=True)
class RefundHead:
    """A refund's own columns. `words` are written to the buyer; `note` and `override` are the seller's alone."""

    order_number: str
    reference: str
    rma: str
    state: str
    reason: str
    raw_reason: str
    mode: str
    party: str
    author: str
    approved_by: str
    currency: str
    total: int
    return_shipping: int
    goodwill: int
    override: str
    note: str
    words: str
    requested_at: datetime
    hold_minutes: int
    release_at: datetime | None
    released_at: datetime | None
    settles_from: datetime
    settles_until: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund with its parts and the units (item number → units) that count as refunded by it."""

    head: RefundHead
    parts: tuple[PartView, ...]
    units: dict[str, int]


@dataclass(frozen=True, slots=True)
class OrderBalance:
    """The money of an order: what was charged, what went back, is about to, or was claimed, and what is left.

    `version` is the order's. Concessions come beside the charges and are not part of `left`.
    """

    order_number: str
    currency: str
    version: int
    charged: int
    refunded: int
    pending: int
    claimed: int
    concessions_given: int
    concessions_pending: int

    @property
    def left(self) -> int:
        return max(0, self.charged - self.refunded - self.pending - self.claimed)


_OUTSIDE = {"order_number": "o.order_number", "rma": "coalesce(q.rma, '')"}
_HEAD = ", ".join(_OUTSIDE.get(one.name, f"r.{one.name}") for one in fields(RefundHead))
_REFUNDS = f"""
SELECT {_HEAD},
       (SELECT json_agg(json_build_array(i.item_number, l.component, l.amount, l.deduction) ORDER BY i.position, l.id)
          FROM refund_lines l JOIN order_items i ON i.seller_id = l.seller_id AND i.id = l.item_id
         WHERE l.seller_id = r.seller_id AND l.refund_id = r.id),
       (SELECT json_agg(json_build_array(i.item_number, (r.units ->> i.id::text)::int) ORDER BY i.position)
          FROM order_items i
         WHERE i.seller_id = r.seller_id AND i.order_id = r.order_id AND r.units ? i.id::text)
  FROM refunds r
  JOIN orders o ON o.seller_id = r.seller_id AND o.id = r.order_id
  LEFT JOIN return_requests q ON q.seller_id = r.seller_id AND q.id = r.return_request_id
 WHERE r.seller_id = %(seller)s"""
_CONDITIONS = {
    "states": "r.state = ANY(%(states)s)",
    "marketplaces": "o.marketplace_id = ANY(%(marketplaces)s)",
    "order_number": "o.order_number = %(order_number)s",
    "rma": "q.rma = %(rma)s",
    "requested_after": "r.requested_at >= %(requested_after)s",
    "requested_before": "r.requested_at < %(requested_before)s",
}
_BEYOND = "r.id < (SELECT p.id FROM refunds p WHERE p.seller_id = %(seller)s AND p.reference = %(after)s)"
_BALANCE = """
SELECT o.order_number, o.currency, o.version, coalesce(m.charged, 0), coalesce(m.refunded, 0), coalesce(m.pending, 0),
       coalesce(m.claimed, 0), coalesce(a.given, 0), coalesce(a.pending, 0)
  FROM orders o
  LEFT JOIN concessions a ON a.seller_id = o.seller_id AND a.order_id = o.id
  LEFT JOIN LATERAL (
    SELECT sum(c.charged)::bigint AS charged, sum(c.refunded)::bigint AS refunded,
           sum(c.refund_pending)::bigint AS pending, sum(c.claimed)::bigint AS claimed
      FROM order_items i JOIN charges c ON c.seller_id = i.seller_id AND c.item_id = i.id
     WHERE i.seller_id = o.seller_id AND i.order_id = o.id) m ON true
 WHERE o.seller_id = %s AND o.order_number = %s"""


def refunds_page(
    seller_id: int, filters: RefundFilters, *, after: str = "", limit: int
) -> tuple[list[RefundView], str]:
    """A page of refunds, the newest first, and the reference that it ended with if there is more ("" else).

    `after` is a reference of the page before; one of no refund of the seller finds nothing.
    """
    params: dict[str, Any] = {"seller": seller_id, "limit": limit + 1}
    conditions = []
    for name, condition in _CONDITIONS.items():
        value = getattr(filters, name)
        if value:
            params[name] = list(value) if isinstance(value, tuple) else value
            conditions.append(condition)
    if after:
        params["after"] = after
        conditions.append(_BEYOND)
    sql = "".join((_REFUNDS, *(f" AND {one}" for one in conditions), " ORDER BY r.id DESC LIMIT %(limit)s"))
    with scoped(seller_id):
        views = [_view(row) for row in rows(sql, params)]
    more = len(views) > limit
    return views[:limit], views[limit - 1].head.reference if more else ""


def refunds_of(seller_id: int, order_number: str) -> tuple[OrderBalance, list[RefundView]] | None:
    """An order's balance and its refunds, oldest first; None when there is no such order."""
    with scoped(seller_id):
        found = rows(_BALANCE, [seller_id, order_number])
        if not found:
            return None
        given = {"seller": seller_id, "order": order_number}
        made = rows(_REFUNDS + " AND o.order_number = %(order)s ORDER BY r.id", given)
    return OrderBalance(*found[0]), [_view(row) for row in made]


def one_refund(seller_id: int, order_number: str, reference: str) -> RefundView | None:
    """One refund of an order; None when there is none of this reference."""
    given = {"seller": seller_id, "order": order_number, "reference": reference}
    with scoped(seller_id):
        found = rows(_REFUNDS + " AND o.order_number = %(order)s AND r.reference = %(reference)s", given)
    return _view(found[0]) if found else None


def _view(row: tuple[Any, ...]) -> RefundView:
    *head, parts, units = row
    return RefundView(
        RefundHead(*head),
        tuple(PartView(*one) for one in decode_json(parts) or ()),
        dict(decode_json(units) or ()),
    )


def currencies_of(seller_id: int, order_numbers: list[str]) -> dict[str, str]:
    """The currency of each of these orders of the seller, by order number."""
    sql = """SELECT o.order_number, o.currency FROM orders o
              WHERE o.seller_id = %s AND o.order_number = ANY(ARRAY(SELECT unnest(%s::text[])))"""
    with scoped(seller_id):
        return dict(rows(sql, [seller_id, order_numbers]))
