"""Refunds for pages: those of one order with its money, and the seller's list by keyset (screens 1.3, 1.9).

An order's panel is one statement more, a page of the list two, whatever they hold.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sellerdesk.domain.refunds import RefundState
from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped

COUNTED_REFUNDS = 999  # nor do the tabs of the list count further


@dataclass(frozen=True, slots=True)
class RefundView:
    """One refund. Amounts in minor units of `currency`; `fee` was kept back of `total`'s parts; `rma` "" without a
    return. `note` is private to the seller.
    """

    id: int
    order_number: str
    marketplace_id: str
    reference: str
    state: RefundState
    reason: str
    mode: str
    party: str
    author: str
    author_id: str
    approved_by: str
    currency: str
    total: int
    return_shipping: int
    goodwill: int
    fee: int
    rma: str
    note: str
    requested_at: datetime
    release_at: datetime | None
    released_at: datetime | None
    settles_from: datetime
    settles_until: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """What an order's buyer paid, got back, will get back, and got by claims; what is left to give back.

    Concessions come besides. Minor units.
    """

    charged: int = 0
    refunded: int = 0
    pending: int = 0
    claimed: int = 0
    given: int = 0  # concessions
    given_pending: int = 0
    refunds: tuple[RefundView, ...] = ()

    @property
    def left(self) -> int:
        return max(0, self.charged - self.refunded - self.pending - self.claimed)


class RefundTab(StrEnum):
    """The tabs of the list, in their order."""

    HELD = "held"
    WAITING = "waiting"
    ON_THE_WAY = "on_the_way"
    ALL = "all"


TAB_STATES = {
    RefundTab.HELD: RefundState.PENDING,
    RefundTab.WAITING: RefundState.DRAFT,
    RefundTab.ON_THE_WAY: RefundState.RELEASED,
}
OLDEST_FIRST = frozenset({RefundTab.HELD, RefundTab.WAITING})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the list begins: after the refund of that moment and id."""

    at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class RefundPage:
    """A page of refunds, how many there are by tab (at most COUNTED_REFUNDS + 1), where the next page begins."""

    lines: tuple[RefundView, ...]
    counts: dict[RefundTab, int]
    older: Place | None


_COLUMNS = """
       r.id, o.order_number, o.marketplace_id, r.reference, r.state, r.reason, r.mode, r.party, r.author, r.author_id,
       r.approved_by, r.currency, r.total, r.return_shipping, r.goodwill,
       (SELECT coalesce(sum(l.deduction), 0)::bigint FROM refund_lines l
         WHERE l.seller_id = r.seller_id AND l.refund_id = r.id),
       coalesce((SELECT q.rma FROM return_requests q
                  WHERE q.seller_id = r.seller_id AND q.id = r.return_request_id), ''),
       r.note, r.requested_at, r.release_at, r.released_at, r.settles_from, r.settles_until, r.closed_at"""

_OF_ORDER = f"""
SELECT {_COLUMNS}
  FROM orders o JOIN refunds r ON r.seller_id = o.seller_id AND r.order_id = o.id
 WHERE o.seller_id = %(seller)s AND o.order_number = %(number)s ORDER BY r.id DESC"""

_MONEY = """
SELECT coalesce(sum(c.charged), 0)::bigint, coalesce(sum(c.refunded), 0)::bigint,
       coalesce(sum(c.refund_pending), 0)::bigint, coalesce(sum(c.claimed), 0)::bigint,
       coalesce(max(a.given), 0), coalesce(max(a.pending), 0)
  FROM orders o
  JOIN order_items i ON i.seller_id = o.seller_id AND i.order_id = o.id
  JOIN charges c ON c.seller_id = i.seller_id AND c.item_id = i.id
  LEFT JOIN concessions a ON a.seller_id = o.seller_id AND a.order_id = o.id
 WHERE o.seller_id = %(seller)s AND o.order_number = %(number)s"""

_PAGE = f"""
SELECT {_COLUMNS}
  FROM (SELECT * FROM refunds r WHERE r.seller_id = %(seller)s {{where}} ORDER BY {{order}} LIMIT %(limit)s::int) r
  JOIN orders o ON o.seller_id = r.seller_id AND o.id = r.order_id
 ORDER BY {{order}}"""

_COUNTS = """
SELECT (SELECT count(*) FROM (SELECT 1 FROM refunds
                               WHERE seller_id = %(seller)s AND state = 'PENDING' LIMIT %(most)s) held),
       (SELECT count(*) FROM (SELECT 1 FROM refunds
                               WHERE seller_id = %(seller)s AND state = 'DRAFT' LIMIT %(most)s) waiting),
       (SELECT count(*) FROM (SELECT 1 FROM refunds
                               WHERE seller_id = %(seller)s AND state = 'RELEASED' LIMIT %(most)s) underway),
       (SELECT count(*) FROM (SELECT 1 FROM refunds WHERE seller_id = %(seller)s LIMIT %(most)s) every)"""


def order_money(seller_id: int, order_number: str) -> OrderMoney:
    """The money of one order with its refunds, the newest first; noughts for an order that the seller has not."""
    given = {"seller": seller_id, "number": order_number}
    with scoped(seller_id):
        columns: tuple[Any, ...] = (
            *rows(_MONEY, given)[0],
            tuple(_view(row) for row in rows(_OF_ORDER, given)),
        )
        return OrderMoney(*columns)


def refund_page(seller_id: int, tab: RefundTab, *, after: Place | None, size: int) -> RefundPage:
    """Refunds of one tab: what is held or waits by age, the oldest first; the others the newest first."""
    state = TAB_STATES.get(tab)
    oldest = tab in OLDEST_FIRST
    where = f"AND r.state = '{state.value}'" if state else ""
    if after:
        where += " AND " + (
            "(r.requested_at, r.id) > (%(at)s::timestamptz, %(id)s)" if oldest else "r.id < %(id)s"
        )
    given = {"seller": seller_id, "limit": size + 1} | ({"at": after.at, "id": after.id} if after else {})
    order = "r.requested_at, r.id" if oldest else "r.id DESC"
    with scoped(seller_id):
        found = rows(_PAGE.format(where=where, order=order), given)
        counts = rows(_COUNTS, {"seller": seller_id, "most": COUNTED_REFUNDS + 1})[0]
    lines = tuple(_view(row) for row in found[:size])
    older = Place(lines[-1].requested_at, lines[-1].id) if len(found) > size else None
    return RefundPage(lines, dict(zip(RefundTab, counts, strict=True)), older)


def _view(row: tuple[Any, ...]) -> RefundView:
    values: list[Any] = [*row[:4], RefundState(row[4]), *row[5:]]
    return RefundView(*values)
