"""Manage Returns: requests with everything that decides them, a page at a time (S2-01 to S2-04; screens 1.10).

A page is two statements, whatever it holds; `queries.return_advice` adds one for the advice. Comments are personal.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.refunds import RESERVED
from sellerdesk.domain.return_facts import ReturnKind, ReturnReason, ReturnState
from sellerdesk.models.sql import decode_json, instant, rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.returns_query import (
    COUNTED,
    FACET_STATES,
    TO_DO,
    Cursor,
    Facet,
    ReturnsQuery,
    counts_sql,
    with_page,
)

SIZES = (25, 50)
MOST_AT_ONCE = 200  # requests that are worked on with one click
COMMENT_IN_LISTS = (
    601  # characters of a comment that lists read: one more than cards show, to know that there is more
)
_WHOLE = 1_000_000  # more than any comment has


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of a request: how many units were asked for, came back and were refunded or are about to be."""

    item_id: int
    item_number: str
    title: str
    sku: str
    asin: str
    quantity: int
    received: int
    grade: str
    note: str
    ordered: int


@dataclass(frozen=True, slots=True)
class DueView:
    """A promise in time about a return that is still open."""

    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund that was made for a return. `total` is minor units."""

    reference: str
    state: str
    total: int
    release_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReturnView:
    """A request as cards show it. Times are aware UTC; `comment` is "" without the right to see it."""

    id: int
    rma: str
    order_id: int
    order_number: str
    marketplace_id: str
    currency: str
    channel: str
    kind: ReturnKind
    state: ReturnState
    reason: ReturnReason
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
    ended_at: datetime | None
    label: str
    carrier: str
    tracking: str
    close_reason: str
    close_comment: str
    version: int
    placed_at: datetime
    delivered_at: datetime | None
    contacted: bool
    lines: tuple[LineView, ...]
    photos: tuple[int, ...]  # ids; empty without the right to see them
    dues: tuple[DueView, ...]
    refunds: tuple[RefundView, ...]

    @property
    def missing(self) -> int:
        """Units that were asked back and are not here; none when the buyer keeps them."""
        return 0 if self.returnless else sum(line.quantity - line.received for line in self.lines)

    @property
    def ungraded(self) -> int:
        """Units that came and that nobody has looked at."""
        return sum(line.received for line in self.lines if not line.grade)

    @property
    def underway(self) -> RefundView | None:
        """The refund for it that is held, or waits for a second person."""
        return next((one for one in self.refunds if one.state in RESERVED), None)

    @property
    def due(self) -> DueView | None:
        """The next thing that falls due; a refund does not once it is underway."""
        dues = [one for one in self.dues if one.kind != "return_refund" or self.underway is None]
        return min(dues, key=lambda one: one.at, default=None)


@dataclass(frozen=True, slots=True)
class ReturnsPage:
    """A page. `counts`, and `waiting` (what the seller has to do next, by state), stop at COUNTED + 1; `newer` and
    `older` are the places of its first and last row, None at the ends of the list.
    """

    lines: tuple[ReturnView, ...]
    counts: dict[Facet, int]
    waiting: dict[ReturnState, int]
    newer: Cursor | None
    older: Cursor | None


# A deadline that has passed stays on the card while what it asked for is still to be done.
_OWED = """VALUES ('return_answer', 'PENDING_AUTHORIZATION'), ('return_method', 'PENDING_AUTHORIZATION'),
                  ('return_refund', 'RECEIVED'), ('return_refund', 'INSPECTED'), ('return_refund', 'PENDING_REFUND')"""
_COLUMNS = f"""
SELECT q.id, q.rma, q.order_id, o.order_number, q.marketplace_id, o.currency, o.channel, q.kind, q.state, q.reason,
       q.raw_reason, CASE WHEN %(personal)s::boolean THEN left(q.comment, %(chars)s::int) ELSE '' END, q.wish,
       q.in_policy, q.verdict, q.window_ends_at, q.payer, q.returnless, q.with_claim, q.requested_at, q.authorized_at,
       q.in_transit_at,
       q.received_at, q.inspected_at, q.ended_at, q.label, q.carrier, q.tracking, q.close_reason, q.close_comment,
       q.version, o.placed_at,
       (SELECT CASE WHEN bool_and(p.delivered_at IS NOT NULL) THEN max(p.delivered_at) END FROM packages p
         WHERE p.seller_id = q.seller_id AND p.order_id = q.order_id AND p.status <> 'CANCELLED'),
       EXISTS (SELECT 1 FROM message_threads t JOIN messages m ON m.seller_id = t.seller_id AND m.thread_id = t.id
                WHERE t.seller_id = q.seller_id AND t.order_id = q.order_id AND m.kind = 'seller'),
       (SELECT json_agg(json_build_array(i.id, i.item_number, i.title, i.sku, i.asin, l.quantity, l.received, l.grade,
                                         l.note, i.ordered) ORDER BY i.position)
          FROM return_lines l JOIN order_items i ON i.seller_id = l.seller_id AND i.id = l.item_id
         WHERE l.seller_id = q.seller_id AND l.return_request_id = q.id),
       CASE WHEN %(personal)s::boolean THEN
         (SELECT json_agg(f.id ORDER BY f.id) FROM return_photos f
           WHERE f.seller_id = q.seller_id AND f.return_request_id = q.id) END,
       (SELECT json_agg(json_build_array(d.kind, d.due_at)) FROM deadlines d
         WHERE d.seller_id = q.seller_id AND d.order_id = q.order_id AND d.subject = q.id
           AND d.kind LIKE 'return_%%' AND (d.state = 'open' OR d.state = 'fired' AND (d.kind, q.state) IN ({_OWED}))),
       (SELECT json_agg(json_build_array(r.reference, r.state, r.total, r.release_at) ORDER BY r.id) FROM refunds r
         WHERE r.seller_id = q.seller_id AND r.order_id = q.order_id AND r.return_request_id = q.id) """
_FROM = """return_requests q JOIN orders o ON o.seller_id = q.seller_id AND o.id = q.order_id
 WHERE q.seller_id = %(seller)s"""


def returns_page(seller_id: int, asked: ReturnsQuery, *, personal: bool, counted: bool = True) -> ReturnsPage:
    """One page with the counts of all facets. `personal`: whether buyers' words may be shown; not `counted`: a page
    of a file, without counts and with comments in full.
    """
    with scoped(seller_id):
        counts, waiting = _counts(seller_id, asked) if counted else ({}, {})
        chars = COMMENT_IN_LISTS if counted else _WHOLE
        found, more = _page(seller_id, asked, {"personal": personal, "chars": chars})
    backward = asked.before is not None
    first, last = (_cursor(found[0]), _cursor(found[-1])) if found else (None, None)
    return ReturnsPage(
        found,
        counts,
        waiting,
        first if (more if backward else asked.after is not None) else None,
        last if backward or more else None,
    )


def _page(seller_id: int, asked: ReturnsQuery, shown: dict[str, Any]) -> tuple[tuple[ReturnView, ...], bool]:
    clause, given = with_page(seller_id, asked)
    # The page's ids come first: the planner must not look for them by way of the orders.
    sql = f"{clause} {_COLUMNS} FROM page, {_FROM} AND q.id = page.id ORDER BY q.requested_at, q.id"
    heads = rows(sql, given | shown)
    views = [_view(head) for head in heads]
    more = len(views) > asked.size
    descending = asked.oldest_first == (asked.before is not None)
    if descending:
        views.reverse()
    views = views[: asked.size]
    if asked.before is not None:
        views.reverse()
    return tuple(views), more


def returns_by_rma(seller_id: int, rmas: Collection[str], *, personal: bool) -> tuple[ReturnView, ...]:
    """Requests by their numbers, the oldest first."""
    given = {"seller": seller_id, "personal": personal, "chars": _WHOLE, "rmas": list(rmas)}
    sql = f"{_COLUMNS} FROM {_FROM} AND q.rma = ANY(ARRAY(SELECT unnest(%(rmas)s::text[])))"
    with scoped(seller_id):
        return tuple(_view(row) for row in rows(f"{sql} ORDER BY q.requested_at, q.id", given))


def returns_of_order(seller_id: int, order_number: str) -> tuple[ReturnView, ...]:
    """All requests of an order, the oldest first, without the buyer's words."""
    given = {"seller": seller_id, "personal": False, "chars": 0, "number": order_number}
    with scoped(seller_id):
        sql = f"{_COLUMNS} FROM {_FROM} AND o.order_number = %(number)s ORDER BY q.requested_at, q.id"
        return tuple(_view(row) for row in rows(sql, given))


def _cursor(line: ReturnView) -> Cursor:
    return Cursor(line.requested_at, line.id)


def _counts(seller_id: int, asked: ReturnsQuery) -> tuple[dict[Facet, int], dict[ReturnState, int]]:
    found: dict[str, int] = dict(rows(*counts_sql(seller_id, asked)))
    counts = {
        facet: min(COUNTED + 1, sum(found.get(state.value, 0) for state in states))
        for facet, states in FACET_STATES.items()
    }
    waiting = {state: found.get(state.value, 0) for state in TO_DO}
    return counts | {Facet.CLAIM: found.get("claim", 0)}, waiting


def _view(row: tuple[Any, ...]) -> ReturnView:
    *head, lines, photos, dues, refunds = row
    head[7], head[8], head[9] = ReturnKind(head[7]), ReturnState(head[8]), ReturnReason(head[9])
    values: list[Any] = [
        *head,
        tuple(LineView(*one) for one in decode_json(lines) or ()),
        tuple(decode_json(photos) or ()),
        tuple(DueView(kind, _at(at)) for kind, at in decode_json(dues) or ()),
        tuple(
            RefundView(reference, state, total, instant(at))
            for reference, state, total, at in decode_json(refunds) or ()
        ),
    ]
    return ReturnView(*values)


def _at(text: str) -> datetime:
    moment = instant(text)
    if moment is None:
        raise ValueError("a moment is missing")
    return moment
