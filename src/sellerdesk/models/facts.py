"""Orders as facts for the rules: locked for a command, or just read for a preview."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.facts import ChargeFacts, ItemFacts, OrderFacts, PackageFacts
from sellerdesk.domain.orders import Channel, Status
from sellerdesk.domain.placing import KnownOrder
from sellerdesk.models.sql import decode_json, instant, rows

# An array that comes out of a sub-select is planned the same whatever it holds, so that PostgreSQL settles for one plan
# instead of planning every call anew.
_TEXTS = "ANY(ARRAY(SELECT unnest(%s::text[])))"
_IDS = "ANY(ARRAY(SELECT unnest(%s::bigint[])))"

_FACTS = """o.id, o.order_number, o.marketplace_id, o.channel, o.status, o.payment_state, o.pending_reason, o.currency,
       o.placed_at, o.latest_ship_at, o.confirmed_at, o.is_late, o.version, o.items_known, o.cancel_request,
       o.cancel_requested_at, o.counts_in_cr,
       (SELECT json_agg(json_build_array(i.id, i.item_number, i.ordered, i.shipped, i.cancelled,
                 i.cancel_requested_at IS NOT NULL,
                 (SELECT json_agg(json_build_array(c.component, c.amount, c.charged) ORDER BY c.id)
                    FROM charges c WHERE c.seller_id = i.seller_id AND c.item_id = i.id)) ORDER BY i.position)
          FROM order_items i WHERE i.seller_id = o.seller_id AND i.order_id = o.id),
       (SELECT json_agg(json_build_array(p.id, p.reference, p.version, p.status, p.carrier_code, p.carrier_name,
                 p.service, p.tracking, p.shipped_at, p.memo,
                 (SELECT json_agg(json_build_array(i.item_number, l.quantity, l.transparency_codes) ORDER BY i.position)
                    FROM package_items l JOIN order_items i ON i.seller_id = l.seller_id AND i.id = l.item_id
                   WHERE l.seller_id = p.seller_id AND l.package_id = p.id)) ORDER BY p.id)
          FROM packages p WHERE p.seller_id = o.seller_id AND p.order_id = o.id)"""

_LOCK = f"""
WITH locked AS MATERIALIZED (
  SELECT id, version FROM orders WHERE seller_id = %s AND order_number = {_TEXTS} ORDER BY id FOR UPDATE)
SELECT locked.version, o.version, {_FACTS} FROM locked JOIN orders o ON o.id = locked.id"""


def lock_by_number(seller_id: int, order_numbers: Collection[str]) -> dict[str, OrderFacts]:
    """Lock the orders in id order and read them.

    One statement as a rule. When a lock had to be waited for, the rest of that statement still looks at what was there
    before; the version of the order, which every change of what is read here moves on, tells so, and the orders, ours
    by then, are read once more.
    """
    locked = rows(_LOCK, [seller_id, list(order_numbers)])
    if any(now != then for now, then, *_ in locked):
        return _read(f"o.id = {_IDS}", seller_id, [row[2] for row in locked])
    return _by_number(row[2:] for row in locked)


def read_by_id(seller_id: int, order_ids: Collection[int]) -> dict[str, OrderFacts]:
    """Read orders that the caller has locked, by their number."""
    return _read(f"o.id = {_IDS}", seller_id, list(order_ids))


def read_by_number(seller_id: int, order_numbers: Collection[str]) -> dict[str, OrderFacts]:
    """The same without locking, for previews."""
    return _read(f"o.order_number = {_TEXTS}", seller_id, list(order_numbers))


def _read(condition: str, seller_id: int, keys: list[Any]) -> dict[str, OrderFacts]:
    return _by_number(
        rows(f"SELECT {_FACTS} FROM orders o WHERE o.seller_id = %s AND {condition}", [seller_id, keys])
    )


def _by_number(found: Iterable[tuple[Any, ...]]) -> dict[str, OrderFacts]:
    return {facts.order_number: facts for facts in map(_order, found)}


def _order(row: tuple[Any, ...]) -> OrderFacts:
    order_id, number, marketplace, channel, status, *rest, request, requested_at, counts, items, packages = (
        row
    )
    lines = tuple(_item(item) for item in decode_json(items) or ())
    parcels = tuple(_package(package) for package in decode_json(packages) or ())
    wish = (request, requested_at, counts)
    values = (order_id, number, marketplace, Channel(channel), Status(status), *rest, lines, parcels, *wish)
    return OrderFacts(*values)


def _item(values: list[Any]) -> ItemFacts:
    *head, cancel_requested, charges = values
    found = (*head, tuple(ChargeFacts(*charge) for charge in charges or ()), cancel_requested)
    return ItemFacts(*found)


def _package(values: list[Any]) -> PackageFacts:
    *head, shipped_at, memo, lines = values
    quantities = {number: quantity for number, quantity, _ in lines or ()}
    codes = {number: tuple(given) for number, _, given in lines or () if given}
    found = (*head, instant(shipped_at), memo, quantities, codes)
    return PackageFacts(*found)


def known_orders(seller_id: int, order_numbers: Collection[str]) -> dict[str, KnownOrder]:
    """Lock the orders and read them together with what their platform last said of them."""
    facts = lock_by_number(seller_id, order_numbers)
    found = rows(
        "SELECT order_number, source, upstream_updated_at, upstream_digest FROM orders"
        " WHERE seller_id = %s AND id = ANY(%s)",
        [seller_id, [one.id for one in facts.values()]],
    )
    return {number: KnownOrder(facts[number], *said) for number, *said in found}


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """What the clock needs to know of an order. `left`: units neither shipped nor cancelled."""

    id: int
    channel: Channel
    status: Status
    latest_ship_at: datetime | None
    warned_at: datetime | None
    left: int


_LOCK_FREE = f"""
SELECT id, channel, status, latest_ship_at, warned_at, units_ordered - units_shipped - units_cancelled
  FROM orders WHERE seller_id = %s AND id = {_IDS} ORDER BY id FOR UPDATE SKIP LOCKED"""


def lock_free_by_id(seller_id: int, order_ids: Collection[int]) -> dict[int, ClockFacts]:
    """Lock the orders that nobody else holds at the moment, in id order, and read them by id; others are left out."""
    found = rows(_LOCK_FREE, [seller_id, list(order_ids)])
    return {row[0]: ClockFacts(row[0], Channel(row[1]), Status(row[2]), *row[3:]) for row in found}
