"""Orders as the Orders APIs hand them out: pages in a stable order, and single orders."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from sellerdesk.domain.orders import HeldOrder
from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.order_json import DOCUMENT, HEAD_DOCUMENT, IS_PLAIN_V0, PLAIN_V0

_decoder = msgspec.json.Decoder(HeldOrder)

Clock = Literal["created", "updated"]
_YEAR = timedelta(days=365)
_COLUMNS: dict[Clock, str] = {"created": "placed_at", "updated": "updated_at"}


@dataclass(frozen=True, slots=True)
class OrderSearch:
    """Which orders a program asks for. Bounds are aware UTC and inclusive; empty tuples and None do not filter."""

    clock: Clock
    after: datetime
    before: datetime
    marketplaces: tuple[str, ...]
    statuses: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    payment_methods: tuple[str, ...] = ()
    buyer_email: str = ""
    buyer_order: int | None = None  # the order that the buyer's relay address belongs to
    seller_order_id: str = ""
    order_numbers: tuple[str, ...] = ()
    easy_ship_statuses: tuple[str, ...] = ()
    invoice_statuses: tuple[str, ...] = ()
    supply_source: str = ""
    store: str = ""
    is_pickup: bool | None = None
    earliest_delivery_after: datetime | None = None
    earliest_delivery_before: datetime | None = None
    latest_delivery_after: datetime | None = None
    latest_delivery_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the clock's value and the id of its last order."""

    at: datetime
    order_id: int


@dataclass(frozen=True, slots=True)
class Page:
    """The orders of a page: ready JSON of Orders v0 where nothing but our columns speaks of one, else documents."""

    orders: list[str | HeldOrder]
    next: Cursor | None  # None: this was the last page


@dataclass(frozen=True, slots=True)
class OrderHead:
    """What a door must know before it passes a request on."""

    marketplace_id: str
    status: str
    channel: str
    published: dict[str, Any]
    version: int
    cancelled_by: str
    cancel_reason: str


# Since when programs may look back, per marketplace asked for; computed once a query. The policy stands in years. It
# binds the orders that were placed here: what another platform gave out it has decided about itself.
_STARTS = """(SELECT array_agg(coalesce((
    SELECT %(now)s - make_interval(years => (p.value #>> '{}')::int) FROM policies p
     WHERE p.key = 'history_years' AND p.marketplace_id IN (m.id, '*') AND p.valid_from <= %(today)s
     ORDER BY p.marketplace_id = '*', p.valid_from DESC LIMIT 1), '-infinity') ORDER BY m.position)
  FROM unnest(%(marketplaces)s::text[]) WITH ORDINALITY AS m(id, position))"""


def _among(column: str, name: str) -> str:
    """A condition on a list. Out of a sub-select it is planned alike whatever it holds: one plan serves all calls."""
    return f"{column} = ANY(ARRAY(SELECT unnest(%({name})s::text[])))"


# Only comparisons that row-level security lets an index use stand on columns (=, <, >=, ANY); the rest looks at the
# few rows that those leave.
_FILTERS = {
    "statuses": _among("o.status", "statuses"),
    "channels": _among("o.channel", "channels"),
    "payment_methods": _among("coalesce(o.published #>> '{v0,PaymentMethod}', 'Other')", "payment_methods"),
    "buyer_email": "EXISTS (SELECT 1 FROM buyer_contacts b WHERE b.seller_id = o.seller_id AND b.order_id = o.id"
    " AND b.email = lower(%(buyer_email)s))",
    "buyer_order": "o.id = %(buyer_order)s::bigint",
    "seller_order_id": "o.seller_order_id = %(seller_order_id)s",
    "order_numbers": _among("o.order_number", "order_numbers"),
    "easy_ship_statuses": _among("o.published #>> '{v0,EasyShipShipmentStatus}'", "easy_ship_statuses"),
    "invoice_statuses": _among("o.published #>> '{v0,ElectronicInvoiceStatus}'", "invoice_statuses"),
    "supply_source": "o.published #>> '{v0,FulfillmentInstruction,FulfillmentSupplySourceId}' = %(supply_source)s",
    "store": "EXISTS (SELECT 1 FROM order_items i WHERE i.seller_id = o.seller_id AND i.order_id = o.id"
    " AND i.published #>> '{v0,StoreChainStoreId}' = %(store)s)",
    "is_pickup": "coalesce((o.published #>> '{v0,IsISPU}')::boolean, false) = %(is_pickup)s",
    "earliest_delivery_after": "o.earliest_delivery_at >= %(earliest_delivery_after)s",
    "earliest_delivery_before": "o.earliest_delivery_at <= %(earliest_delivery_before)s",
    "latest_delivery_after": "o.latest_delivery_at >= %(latest_delivery_after)s",
    "latest_delivery_before": "o.latest_delivery_at <= %(latest_delivery_before)s",
}


@dataclass(frozen=True, slots=True)
class Portion:
    """How much to read: the number of orders, where to go on, and which form of them."""

    size: int
    since: Cursor | None = None
    ready: bool = False  # plain orders as ready JSON of Orders v0, without personal data
    lines: bool = False  # documents with lines and parcels


def search_orders(seller_id: int, search: OrderSearch, portion: Portion, *, now: datetime) -> Page:
    """One page, oldest first by the search's clock.

    Pages follow each other by (clock, id): while orders are added or changed, an order that keeps its place is on
    exactly one page. An order that changes while its changes are being paged through leaves the window, whose end
    is fixed, and belongs to the next one.
    """
    params = {name: _plain(getattr(search, name)) for name in OrderSearch.__dataclass_fields__}
    params |= {"seller": seller_id, "now": now, "today": now.date(), "limit": portion.size + 1}
    if portion.since is not None:
        params |= {"since": portion.since.at, "since_id": portion.since.order_id}
    with scoped(seller_id):
        found = rows(_page_sql(search, portion, now), params)
        last = found[portion.size - 1] if len(found) > portion.size else None
        page = found[: portion.size]
        documents = _documents(seller_id, [row[1] for row in page if row[2] is None], portion)
    # An order that is gone between the two statements is left out; orders are never deleted in daily life.
    orders = [one for _, order_id, ready in page if (one := ready or documents.get(order_id)) is not None]
    # The moment travels as text because only the last one of a page is wanted; connections speak UTC.
    return Page(orders, Cursor(datetime.fromisoformat(last[0]), last[1]) if last else None)


def _documents(seller_id: int, order_ids: list[int], portion: Portion) -> dict[int, HeldOrder]:
    if not order_ids:
        return {}
    document = DOCUMENT if portion.lines else HEAD_DOCUMENT
    sql = f"SELECT o.id, ({document})::text FROM orders o WHERE o.seller_id = %s AND o.id = ANY(%s)"
    return {order_id: _decoder.decode(text) for order_id, text in rows(sql, [seller_id, order_ids])}


def _page_sql(search: OrderSearch, portion: Portion, now: datetime) -> str:
    column = _COLUMNS[search.clock]
    ready = f"CASE WHEN {IS_PLAIN_V0} THEN {PLAIN_V0} END" if portion.ready else "NULL::text"
    conditions = [
        "o.seller_id = %(seller)s",
        f"o.{column} >= %(after)s",
        f"o.{column} <= %(before)s",
        _among("o.marketplace_id", "marketplaces"),
    ]
    # The policy stands in whole years, so it cannot cut anything off a window that lies within the last one.
    if search.clock != "created" or search.after < now - _YEAR:
        conditions.append(
            "(o.source <> 'native' OR o.placed_at >="
            f" ({_STARTS})[array_position(%(marketplaces)s::text[], o.marketplace_id::text)])"
        )
    conditions += [text for name, text in _FILTERS.items() if getattr(search, name) not in ((), "", None)]
    if portion.since is not None:
        conditions.append(f"(o.{column}, o.id) > (%(since)s, %(since_id)s)")
    return f"""
SELECT o.{column}::text, o.id, {ready}
  FROM orders o WHERE {" AND ".join(conditions)}
 ORDER BY o.{column}, o.id LIMIT %(limit)s"""


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def read_order(seller_id: int, order_number: str, *, lines: bool = True) -> HeldOrder | None:
    """One order by its number, if it is the seller's. `lines` False leaves out lines and parcels."""
    found = _one(seller_id, order_number, f"({DOCUMENT if lines else HEAD_DOCUMENT})::text")
    return None if found is None else _decoder.decode(found[0])


def read_head(seller_id: int, order_number: str) -> OrderHead | None:
    """Marketplace, status, channel, published members, version and who cancelled, of one order."""
    columns = "o.marketplace_id, o.status, o.channel, o.published, o.version, o.cancelled_by, o.cancel_reason"
    found = _one(seller_id, order_number, columns)
    return None if found is None else OrderHead(*[*found[:3], decode_json(found[3]), *found[4:]])


def _one(seller_id: int, order_number: str, columns: str) -> tuple[Any, ...] | None:
    sql = f"SELECT {columns} FROM orders o WHERE o.seller_id = %s AND o.order_number = %s"
    with scoped(seller_id):
        found = rows(sql, [seller_id, order_number])
    return found[0] if found else None
