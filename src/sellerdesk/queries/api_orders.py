"""Orders as storefronts read them: pages in a steady order, one order with all that is known, its timeline.

A page takes the same number of queries however long it is; nothing is read that the caller may not see.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, Literal

from sellerdesk.models.sql import decode_json, instant, rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.api_cancellations import CancellationView, WishView, carried_out, last_wishes

Sort = Literal["placed", "updated"]


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ended: the instant that it is sorted by, and the order that it belongs to."""

    at: datetime
    order_number: str


@dataclass(frozen=True, slots=True)
class Filters:
    """Which orders: all conditions hold together; an empty one holds for every order. Instants are aware UTC.

    `sort` "placed" runs from the newest to the oldest and never shifts. "updated" runs from the oldest change to the
    newest, so that an order that changes meanwhile comes again and none is lost.
    """

    statuses: tuple[str, ...] = ()
    marketplaces: tuple[str, ...] = ()
    placed_after: datetime | None = None
    placed_before: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    sort: Sort = "placed"


@dataclass(frozen=True, slots=True)
class Sight:
    """What the caller may see beside the order itself."""

    buyers: bool
    money: bool


@dataclass(frozen=True, slots=True)
class OrderHead:
    """The order's own columns. Amounts are minor units of `currency`."""

    id: int
    order_number: str
    marketplace_id: str
    seller_order_id: str
    channel: str
    order_type: str
    sales_channel: str
    status: str
    payment_state: str
    pending_reason: str
    source: str
    placed_at: datetime
    ready_at: datetime | None
    updated_at: datetime
    earliest_ship_at: datetime | None
    latest_ship_at: datetime | None
    earliest_delivery_at: datetime | None
    latest_delivery_at: datetime | None
    confirmed_at: datetime | None
    is_late: bool | None
    auto_cancel_at: datetime | None
    warned_at: datetime | None
    cancelled_at: datetime | None
    cancelled_by: str
    cancel_reason: str
    currency: str
    total: int | None
    ship_service: str
    service_category: str
    is_business: bool
    is_prime: bool
    items_known: bool
    units_ordered: int
    units_shipped: int
    units_cancelled: int
    cancel_requested_at: datetime | None
    counts_in_cr: bool | None
    version: int


@dataclass(frozen=True, slots=True)
class ItemView:
    item_number: str
    sku: str
    asin: str
    title: str
    condition: str
    is_gift: bool
    ordered: int
    shipped: int
    cancelled: int
    cancel_requested_at: datetime | None
    amounts: dict[str, int] = field(default_factory=dict)  # component → minor units for the whole line
    charged: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PackageView:
    reference: str
    version: int
    carrier_code: str
    carrier_name: str
    service: str
    tracking: str
    is_late: bool
    status: str
    detailed_status: str
    memo: str
    shipped_at: datetime | None
    confirmed_at: datetime | None
    delivered_at: datetime | None
    lines: tuple[tuple[str, int, tuple[str, ...]], ...]  # item number, quantity, transparency codes
    events: tuple[
        tuple[str, datetime | None, datetime | None, str, str], ...
    ]  # kind, at, told at, place, raw


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order. `buyer` and `address` are None when there is none or the caller may not see them. `wish` is the
    buyer's last one to cancel.
    """

    head: OrderHead
    items: tuple[ItemView, ...] = ()
    packages: tuple[PackageView, ...] = ()
    buyer: dict[str, str] | None = None
    address: dict[str, str] | None = None
    wish: WishView | None = None
    cancellations: tuple[CancellationView, ...] = ()


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """What happened: `number` counts the order's entries from 1."""

    number: int
    at: datetime
    kind: str
    party: str
    actor: str
    door: str
    facts: dict[str, Any]


_HEAD = ", ".join(f"o.{one.name}" for one in fields(OrderHead))
_LAST = "(SELECT p.id FROM orders p WHERE p.seller_id = %(seller)s AND p.order_number = %(number)s)"
_SORTS: dict[Sort, tuple[str, str]] = {
    "placed": (
        "o.placed_at DESC, o.id DESC",
        f"(o.placed_at, o.id) < (%(at)s, {_LAST})",
    ),
    "updated": (
        "o.updated_at, o.id",
        f"(o.updated_at, o.id) > (%(at)s, {_LAST})",
    ),
}
_CONDITIONS = {
    "statuses": "o.status = ANY(%(statuses)s)",
    "marketplaces": "o.marketplace_id = ANY(%(marketplaces)s)",
    "placed_after": "o.placed_at >= %(placed_after)s",
    "placed_before": "o.placed_at < %(placed_before)s",
    "updated_after": "o.updated_at >= %(updated_after)s",
    "updated_before": "o.updated_at < %(updated_before)s",
}
_ITEMS = """
SELECT i.order_id, i.item_number, i.sku, i.asin, i.title, i.condition, i.is_gift, i.ordered, i.shipped, i.cancelled,
       i.cancel_requested_at {money}
  FROM order_items i WHERE i.seller_id = %s AND i.order_id = ANY(%s) ORDER BY i.order_id, i.position"""
_MONEY = """,
       (SELECT json_agg(json_build_array(c.component, c.amount, c.charged) ORDER BY c.id)
          FROM charges c WHERE c.seller_id = i.seller_id AND c.item_id = i.id)"""
_PACKAGES = """
SELECT p.order_id, p.reference, p.version, p.carrier_code, p.carrier_name, p.service, p.tracking, p.is_late, p.status,
       p.detailed_status, p.memo, p.shipped_at, p.confirmed_at, p.delivered_at,
       (SELECT json_agg(json_build_array(i.item_number, l.quantity, l.transparency_codes) ORDER BY i.position)
          FROM package_items l JOIN order_items i ON i.seller_id = l.seller_id AND i.id = l.item_id
         WHERE l.seller_id = p.seller_id AND l.package_id = p.id),
       (SELECT json_agg(json_build_array(e.kind, e.at, e.told_at, e.place, e.raw) ORDER BY e.at, e.id)
          FROM parcel_events e WHERE e.seller_id = p.seller_id AND e.package_id = p.id)
  FROM packages p WHERE p.seller_id = %s AND p.order_id = ANY(%s) ORDER BY p.order_id, p.id"""
_BUYER = ("name", "email", "phone", "company", "purchase_order")
_ADDRESS = (
    *("name", "company", "line1", "line2", "line3", "city", "county", "district", "state", "municipality"),
    *("postal_code", "country", "phone", "kind"),
)
_TIMELINE = """
SELECT n, at, kind, party, actor, door, facts
  FROM (SELECT row_number() OVER (ORDER BY j.id) AS n, j.* FROM journal j
         WHERE j.seller_id = %s AND j.order_id = %s) numbered
 WHERE n > %s ORDER BY n LIMIT %s"""


def orders_page(
    seller_id: int, filters: Filters, sight: Sight, *, after: Position | None, limit: int
) -> tuple[list[OrderView], Position | None]:
    """A page of orders, and where it ended if there is more. An `after` of no order of the seller finds nothing."""
    order, beyond = _SORTS[filters.sort]
    params: dict[str, Any] = {"seller": seller_id, "limit": limit + 1}
    conditions = ["o.seller_id = %(seller)s"]
    for name, condition in _CONDITIONS.items():
        value = getattr(filters, name)
        if value:
            params[name] = list(value) if isinstance(value, tuple) else value
            conditions.append(condition)
    if after is not None:
        params |= {"at": after.at, "number": after.order_number}
        conditions.append(beyond)
    sql = f"SELECT {_HEAD} FROM orders o WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT %(limit)s"
    with scoped(seller_id):
        heads = [OrderHead(*row) for row in rows(sql, params)]
        views = _complete(seller_id, heads[:limit], sight)
    if len(heads) <= limit:
        return views, None
    last = heads[limit - 1]
    at = last.placed_at if filters.sort == "placed" else last.updated_at
    return views, Position(at, last.order_number)


def one_order(seller_id: int, order_number: str, sight: Sight) -> OrderView | None:
    """One order of the seller with all that the caller may see."""
    sql = f"SELECT {_HEAD} FROM orders o WHERE o.seller_id = %s AND o.order_number = %s"
    with scoped(seller_id):
        heads = [OrderHead(*row) for row in rows(sql, [seller_id, order_number])]
        return _complete(seller_id, heads, sight)[0] if heads else None


def timeline(seller_id: int, order_number: str, *, after: int, limit: int) -> list[TimelineEntry] | None:
    """What happened to an order, from entry `after` + 1 on; None when there is no such order."""
    with scoped(seller_id):
        found = rows(
            "SELECT id FROM orders WHERE seller_id = %s AND order_number = %s", [seller_id, order_number]
        )
        if not found:
            return None
        said = rows(_TIMELINE, [seller_id, found[0][0], after, limit])
    return [TimelineEntry(*[*head, decode_json(facts) or {}]) for *head, facts in said]


def _complete(seller_id: int, heads: Sequence[OrderHead], sight: Sight) -> list[OrderView]:
    ids = [head.id for head in heads]
    if not ids:
        return []
    items: dict[int, list[ItemView]] = {}
    for order_id, *values in rows(_ITEMS.format(money=_MONEY if sight.money else ""), [seller_id, ids]):
        items.setdefault(order_id, []).append(_item(values, money=sight.money))
    packages: dict[int, list[PackageView]] = {}
    for order_id, *values in rows(_PACKAGES, [seller_id, ids]):
        packages.setdefault(order_id, []).append(_package(values))
    buyers = _personal("buyer_contacts", _BUYER, seller_id, ids) if sight.buyers else {}
    addresses = _personal("shipping_addresses", _ADDRESS, seller_id, ids) if sight.buyers else {}
    wishes, cancelled = last_wishes(seller_id, ids), carried_out(seller_id, ids)
    return [
        OrderView(
            head if sight.money else replace(head, total=None),
            tuple(items.get(head.id, ())),
            tuple(packages.get(head.id, ())),
            buyers.get(head.id),
            addresses.get(head.id),
            wishes.get(head.id),
            tuple(cancelled.get(head.id, ())),
        )
        for head in heads
    ]


def _item(values: list[Any], *, money: bool) -> ItemView:
    parts = decode_json(values.pop()) or () if money else ()
    amounts = {component: amount for component, amount, _ in parts}
    return ItemView(*[*values, amounts, {component: charged for component, _, charged in parts}])


def _package(values: list[Any]) -> PackageView:
    *head, lines, events = values
    packed = tuple((number, units, tuple(codes)) for number, units, codes in decode_json(lines) or ())
    seen = tuple(
        (kind, instant(at), instant(told_at), place, raw)
        for kind, at, told_at, place, raw in decode_json(events) or ()
    )
    return PackageView(*[*head, packed, seen])


def _personal(table: str, names: Sequence[str], seller_id: int, ids: list[int]) -> dict[int, dict[str, str]]:
    columns = ", ".join(names)
    found = rows(
        f"SELECT order_id, {columns} FROM {table} WHERE seller_id = %s AND order_id = ANY(%s)",
        [seller_id, ids],
    )
    return {order_id: dict(zip(names, values, strict=True)) for order_id, *values in found}
