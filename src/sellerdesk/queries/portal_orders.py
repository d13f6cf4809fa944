"""A buyer's own orders, with whichever sellers they lie, and nothing that is the seller's own affair (S2-42).

These queries open all sellers' rows and then ask by the exact e-mail address, or by the one order of a guest; what is
not the buyer's answers like what does not exist.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.buyer_view import Offer, Stage, offer, stage_of
from sellerdesk.domain.cancel_requests import State
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.orders import Channel, Status
from sellerdesk.models.facts import read_by_number
from sellerdesk.models.sql import decode_json, instant, rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.models.terms import policy_book
from sellerdesk.queries.personal import address_view
from sellerdesk.queries.portal_access import Buyer

SIZE = 10


@dataclass(frozen=True, slots=True)
class PortalLine:
    """An order in the list. `titles` are its first items; `total` is minor units."""

    id: int
    order_number: str
    seller: str  # public id
    seller_name: str
    marketplace_id: str
    stage: Stage
    placed_at: datetime
    latest_delivery_at: datetime | None
    currency: str
    total: int | None
    titles: tuple[tuple[str, int], ...]
    item_count: int
    asked: bool  # a formal request to cancel is open


@dataclass(frozen=True, slots=True)
class PortalPage:
    """One page of the list, newest first. `after`: where the next one begins, None on the last."""

    lines: tuple[PortalLine, ...]
    after: tuple[datetime, int] | None


_MINE = """
  FROM buyer_contacts b
  JOIN orders o ON o.seller_id = b.seller_id AND o.id = b.order_id
  JOIN sellers s ON s.id = o.seller_id
  LEFT JOIN participations t ON t.seller_id = o.seller_id AND t.marketplace_id = o.marketplace_id
 WHERE b.email = %(address)s AND b.email <> ''
   AND (%(seller)s::bigint IS NULL OR (o.seller_id = %(seller)s AND o.id = %(order)s))"""

_STORE = "coalesce(nullif(t.store_name, ''), s.name)"

_LIST = f"""
SELECT o.id, o.order_number, s.public_id, {_STORE}, o.marketplace_id, o.status, o.pending_reason, o.placed_at,
       o.latest_delivery_at, o.currency, o.total, o.cancel_request,
       (SELECT json_agg(p.status) FROM packages p WHERE p.seller_id = o.seller_id AND p.order_id = o.id),
       (SELECT json_agg(json_build_array(i.title, i.ordered) ORDER BY i.position) FROM order_items i
         WHERE i.seller_id = o.seller_id AND i.order_id = o.id)
{_MINE}
   AND (%(placed)s::timestamptz IS NULL OR (o.placed_at, o.id) < (%(placed)s::timestamptz, %(id)s::bigint))
 ORDER BY o.placed_at DESC, o.id DESC LIMIT %(limit)s"""
_SHOWN = 3


def orders_of(buyer: Buyer, after: tuple[datetime, int] | None = None, *, size: int = SIZE) -> PortalPage:
    """A page of a buyer's orders, after a place in the list (when it was placed, and its id)."""
    placed, order_id = after or (None, None)
    with scoped(None):
        found = rows(_LIST, _whose(buyer) | {"placed": placed, "id": order_id, "limit": size + 1})
    lines = tuple(_line(row) for row in found[:size])
    return PortalPage(lines, (lines[-1].placed_at, lines[-1].id) if len(found) > size else None)


def _whose(buyer: Buyer) -> dict[str, Any]:
    seller_id, order_id = buyer.only_order or (None, None)
    return {"address": buyer.address, "seller": seller_id, "order": order_id}


def _line(row: tuple[Any, ...]) -> PortalLine:
    order_id, number, seller, store, place, status, reason, placed, arrives, currency, total, wish, *rest = (
        row
    )
    parcels, items = (decode_json(one) or () for one in rest)
    titles = tuple((title, ordered) for title, ordered in items[:_SHOWN])
    stage = stage_of(Status(status), reason, parcels)
    asked = wish == State.REQUESTED_FORMAL
    money = (currency, total, titles, len(items), asked)
    return PortalLine(order_id, number, seller, store, place, stage, placed, arrives, *money)


@dataclass(frozen=True, slots=True)
class PortalItem:
    item_number: str
    title: str
    ordered: int
    shipped: int
    cancelled: int
    wanted: bool  # the buyer asked for it to be cancelled

    @property
    def left(self) -> int:
        return self.ordered - self.shipped - self.cancelled


@dataclass(frozen=True, slots=True)
class PortalParcel:
    """A parcel on its way. `events`: kind, instant, place; the newest first."""

    carrier_code: str
    carrier_name: str
    tracking: str
    status: str
    shipped_at: datetime | None
    delivered_at: datetime | None
    events: tuple[tuple[str, datetime, str], ...]
    lines: tuple[tuple[str, int], ...]  # title, quantity


@dataclass(frozen=True, slots=True)
class Wish:
    """The buyer's last request to cancel; `answer_by` while it is open."""

    state: State
    filed_at: datetime
    closed_at: datetime | None
    because: str
    reason: str
    words: str
    item_numbers: tuple[str, ...]
    answer_by: datetime | None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Units that were cancelled: by whom (cancellations.Canceller, "" unknown), when, how many."""

    by: str
    at: datetime
    units: int


@dataclass(frozen=True, slots=True)
class PortalOrder:
    """An order as its buyer sees it. `seller_id` is for commands, not for pages."""

    seller_id: int
    order_number: str
    seller: str  # public id
    seller_name: str
    marketplace_id: str
    channel: Channel
    status: Status
    stage: Stage
    placed_at: datetime
    latest_ship_at: datetime | None
    earliest_delivery_at: datetime | None
    latest_delivery_at: datetime | None
    currency: str
    total: int | None
    ship_to: tuple[str, ...]
    items: tuple[PortalItem, ...]
    parcels: tuple[PortalParcel, ...]
    cancelled: tuple[Cancelled, ...]
    wish: Wish | None
    offer: Offer


_HEAD = f"""
SELECT o.seller_id, o.id, o.order_number, s.public_id, {_STORE}, o.marketplace_id, o.channel, o.status,
       o.pending_reason, o.placed_at, o.latest_ship_at, o.earliest_delivery_at, o.latest_delivery_at, o.currency,
       o.total
{_MINE} AND s.public_id = %(public)s AND o.order_number = %(number)s LIMIT 1"""

_ITEMS = """
SELECT item_number, title, ordered, shipped, cancelled, cancel_requested_at IS NOT NULL FROM order_items
 WHERE seller_id = %s AND order_id = %s ORDER BY position"""

_PARCELS = """
SELECT p.carrier_code, p.carrier_name, p.tracking, p.status, p.shipped_at, p.delivered_at,
       (SELECT json_agg(json_build_array(e.kind, e.at, e.place) ORDER BY e.at DESC, e.id DESC) FROM parcel_events e
         WHERE e.seller_id = p.seller_id AND e.package_id = p.id),
       (SELECT json_agg(json_build_array(i.title, l.quantity) ORDER BY i.position)
          FROM package_items l JOIN order_items i ON i.seller_id = l.seller_id AND i.id = l.item_id
         WHERE l.seller_id = p.seller_id AND l.package_id = p.id)
  FROM packages p WHERE p.seller_id = %s AND p.order_id = %s AND p.status <> 'CANCELLED' ORDER BY p.id"""

_ADDRESS = """
SELECT name, company, line1, line2, line3, city, district, county, state, municipality, postal_code, country, phone,
       kind
  FROM shipping_addresses WHERE seller_id = %s AND order_id = %s"""

_WISH = """
SELECT r.state, r.filed_at, r.closed_at, r.closed_because, r.reason, r.words, r.item_numbers,
       (SELECT d.due_at FROM deadlines d WHERE d.seller_id = r.seller_id AND d.order_id = r.order_id
           AND d.kind = 'cancel_answer' AND d.state = 'open')
  FROM cancellation_requests r
 WHERE r.seller_id = %s AND r.order_id = %s AND r.filed_at IS NOT NULL ORDER BY r.id DESC LIMIT 1"""

_CANCELLED = 'SELECT "by", at, units FROM cancellations WHERE seller_id = %s AND order_id = %s ORDER BY id'


def order_of(buyer: Buyer, seller: str, order_number: str, *, now: datetime) -> PortalOrder | None:
    """One of the buyer's own orders with a seller (public id); None for any other order, existing or not."""
    with scoped(None):
        asked = _whose(buyer) | {"public": seller, "number": order_number}
        found = rows(_HEAD, asked)
        if not found:
            return None
        seller_id, order_id, *head = found[0]
        keys = [seller_id, order_id]
        items = tuple(PortalItem(*row) for row in rows(_ITEMS, keys))
        parcels = tuple(_parcel(row) for row in rows(_PARCELS, keys))
        address = rows(_ADDRESS, keys)
        wish = rows(_WISH, keys)
        cancelled = tuple(Cancelled(*row) for row in rows(_CANCELLED, keys))
        facts = read_by_number(seller_id, [order_number])[order_number]
        can = offer(facts, minutes=_minutes(facts), now=now)
    number, public, store, place, channel, status, reason, *rest = head
    stage = stage_of(Status(status), reason, [parcel.status for parcel in parcels])
    known = [seller_id, number, public, store, place, Channel(channel), Status(status), stage, *rest]
    ship_to = address_view(address[0]).block if address else ()
    asked_for = _wish(wish[0]) if wish else None
    values: list[Any] = [*known, ship_to, items, parcels, cancelled, asked_for, can]
    return PortalOrder(*values)


def _minutes(facts: OrderFacts) -> int:
    """The window's length, as the commands read it."""
    book = policy_book({facts.marketplace_id})
    placed = by_id(facts.marketplace_id).day(facts.placed_at)
    minutes: int = book.value(facts.marketplace_id, "self_cancel_minutes", placed)
    return minutes


def _parcel(row: tuple[Any, ...]) -> PortalParcel:
    *head, events, lines = row
    happened = []
    for kind, at, where in decode_json(events) or ():
        moment = instant(at)
        if moment is not None:
            happened.append((kind, moment, where))
    packed = tuple((title, quantity) for title, quantity in decode_json(lines) or ())
    values: list[Any] = [*head, tuple(happened), packed]
    return PortalParcel(*values)


def _wish(row: tuple[Any, ...]) -> Wish:
    state, filed_at, closed_at, because, reason, words, numbers, answer_by = row
    return Wish(
        State(state), filed_at, closed_at, because, reason, words, tuple(decode_json(numbers)), answer_by
    )
