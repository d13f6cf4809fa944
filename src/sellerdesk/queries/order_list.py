"""The order list of the console (S1-04 to S1-09, S4-01 to S4-05): any page at the same cost, counts that stay cheap."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sellerdesk.domain.cancel_requests import State
from sellerdesk.domain.orders import Channel, Status
from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.models.terms import policy_book
from sellerdesk.queries.order_counts import CountQuery, Counts, count_tabs
from sellerdesk.queries.order_query import KEYS, Cursor, OrderQuery, count_sql, page_sql

SHOWN_ITEMS = 3
SIZES = (25, 50, 100)
MOST_AT_ONCE = 500  # orders that are worked on with one click


@dataclass(frozen=True, slots=True)
class ItemLine:
    title: str
    sku: str
    asin: str
    ordered: int
    is_gift: bool


@dataclass(frozen=True, slots=True)
class PackageLine:
    reference: str
    carrier_code: str
    carrier_name: str
    tracking: str
    status: str


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One row of the list. Times are aware UTC, `total` is minor units; names are empty without the right to see."""

    id: int
    order_number: str
    marketplace_id: str
    channel: Channel
    status: Status
    pending_reason: str
    placed_at: datetime
    latest_ship_at: datetime | None
    latest_delivery_at: datetime | None
    auto_cancel_at: datetime | None
    warned_at: datetime | None
    is_late: bool | None
    cancelled_by: str
    currency: str
    total: int | None
    ship_service: str
    service_category: str
    is_business: bool
    is_prime: bool
    cancel_reason: str
    counts_in_cr: bool | None  # None: nothing of it was cancelled
    cancel_request: str  # the state of the buyer's open wish to cancel, "" without one
    buyer: str
    country: str
    packages: tuple[PackageLine, ...]
    package_count: int
    items: tuple[ItemLine, ...] = ()
    item_count: int = 0

    @property
    def is_held(self) -> bool:
        """Whether the buyer's filed request keeps the order from being packed."""
        return self.cancel_request == State.REQUESTED_FORMAL

    @property
    def has_gift(self) -> bool:
        return any(item.is_gift for item in self.items)


@dataclass(frozen=True, slots=True)
class OrderPage:
    lines: tuple[OrderLine, ...]
    counts: Counts
    newer: Cursor | None  # the page before this one ends before it; None: this is the first
    older: Cursor | None  # the next page begins after it; None: this is the last
    matching: int  # orders of the whole list, however many pages; MOST_AT_ONCE + 1 means more than that


def order_page(
    seller_id: int, asked: OrderQuery, *, now: datetime, counted: CountQuery, buyers: bool = True
) -> OrderPage:
    """One page of the list with the counts of all tabs. `buyers`: whether names of buyers may be shown."""
    with scoped(seller_id):
        counts = count_tabs(seller_id, counted, now)
        lines, more = _read_lines(seller_id, asked, buyers=buyers)
        backward = asked.before is not None
        first = _cursor(asked, lines[0]) if lines else None
        last = _cursor(asked, lines[-1]) if lines else None
        newer = first if (more if backward else asked.after is not None) else None
        older = last if backward or more else None
        matching = _count_matching(seller_id, asked)
    return OrderPage(lines, counts, newer, older, matching)


def order_lines(seller_id: int, asked: OrderQuery) -> tuple[OrderLine, ...]:
    """The first rows of a list, `asked.size` at most, without names of buyers: what is worked on with one click."""
    with scoped(seller_id):
        return _read_lines(seller_id, asked, buyers=False)[0]


def _read_lines(seller_id: int, asked: OrderQuery, *, buyers: bool) -> tuple[tuple[OrderLine, ...], bool]:
    """The rows, and whether there are more beyond them."""
    heads = rows(*page_sql(seller_id, asked))
    more = len(heads) > asked.size
    heads = heads[: asked.size]
    if asked.before is not None:
        heads.reverse()
    items = _items(seller_id, [head[0] for head in heads])
    return tuple(_line(head, items.get(head[0], ((), 0)), buyers=buyers) for head in heads), more


def _count_matching(seller_id: int, asked: OrderQuery) -> int:
    whole = replace(asked, size=MOST_AT_ONCE, after=None, before=None)
    return int(rows(*count_sql(seller_id, whole))[0][0])


def _cursor(asked: OrderQuery, line: OrderLine) -> Cursor:
    return Cursor(getattr(line, KEYS[asked.sort][0]), line.id)


def _line(head: tuple[Any, ...], items: tuple[tuple[ItemLine, ...], int], *, buyers: bool) -> OrderLine:
    *plain, buyer, country, packages, package_count = head
    plain[3], plain[4] = Channel(plain[3]), Status(plain[4])
    shown = tuple(PackageLine(*one) for one in decode_json(packages) or ())
    values = [*plain, (buyer or "") if buyers else "", country or "", shown, package_count or 0, *items]
    return OrderLine(*values)


def neighbours(seller_id: int, asked: OrderQuery, order_number: str) -> tuple[str, str]:
    """The order numbers before and after an order in a list, "" at its ends; both "" for an order that is not there."""
    key = KEYS[asked.sort][0]
    with scoped(seller_id):
        here = rows(
            f"SELECT {key}, id FROM orders WHERE seller_id = %s AND order_number = %s",
            [seller_id, order_number],
        )
        if not here:
            return "", ""
        cursor = Cursor(*here[0])
        before = replace(asked, size=1, before=cursor, after=None)
        after = replace(asked, size=1, before=None, after=cursor)
        found = [rows(*page_sql(seller_id, one)) for one in (before, after)]
    previous, following = (heads[0][1] if heads else "" for heads in found)
    return previous, following


_ITEMS = """
SELECT order_id, title, sku, asin, ordered, is_gift FROM order_items
 WHERE seller_id = %(seller)s AND order_id = ANY(%(orders)s) ORDER BY order_id, position, id
"""


def _items(seller_id: int, order_ids: list[int]) -> dict[int, tuple[tuple[ItemLine, ...], int]]:
    """Order id → its first items and how many there are."""
    found: dict[int, list[ItemLine]] = {}
    for order_id, *item in rows(_ITEMS, {"seller": seller_id, "orders": order_ids}) if order_ids else ():
        found.setdefault(order_id, []).append(ItemLine(*item))
    return {order_id: (tuple(items[:SHOWN_ITEMS]), len(items)) for order_id, items in found.items()}


def list_days(marketplaces: tuple[str, ...], on: date) -> int:
    """Days that the list shows unless asked otherwise (S4-01): the longest that any of these marketplaces has."""
    book = policy_book(marketplaces)
    return max(int(book.value(one, "order_list_days", on)) for one in marketplaces or ("*",))
