"""What the order list is asked, and the SQL that finds its rows: any page of it at the same cost.

A page is read by keyset. Where the sort key has an index, each status is a segment of its own that stops after one
page; a match (SKU, buyer, tracking …) is found first, through its own index, and sorted afterwards.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sellerdesk.domain.orders import OPEN, Channel, Status
from sellerdesk.queries.order_counts import OPEN_SQL, TAB_STATUSES, Tab
from sellerdesk.queries.order_matches import Match, select

SORTED = 5_000  # without an index for the sort key, that many of the newest orders are sorted
SHOWN_PACKAGES = 2


class Sort(StrEnum):
    SHIP_BY = "ship_by"  # most urgent first; orders without ship-by last
    NEWEST = "newest"
    OLDEST = "oldest"
    TOTAL = "total"  # greatest first


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the list: the sort key and id of the row that it stands after (or before). `key` None: no value."""

    key: datetime | int | None
    id: int


@dataclass(frozen=True, slots=True)
class OrderQuery:
    """What the list shows. Times are aware UTC; ranges include their beginning and exclude their end."""

    tab: Tab = Tab.UNSHIPPED
    channel: Channel | None = Channel.MFN
    marketplaces: tuple[str, ...] = ()  # empty: all
    statuses: frozenset[Status] = frozenset()  # narrows the tab; empty: all of the tab
    placed_from: datetime | None = None
    placed_until: datetime | None = None
    ship_from: datetime | None = None  # latest ship date
    ship_until: datetime | None = None
    open_only: bool = False  # a ship-by filter speaks of orders that are still to ship
    service: str = ""
    country: str = ""
    carrier: str = ""
    matches: tuple[tuple[Match, ...], ...] = ()  # all of them, each by any of its alternatives
    sort: Sort = Sort.NEWEST
    size: int = 50
    after: Cursor | None = None
    before: Cursor | None = None

    @property
    def shown_statuses(self) -> frozenset[Status]:
        """The statuses that can be on the page."""
        found = TAB_STATUSES[self.tab]
        if self.statuses:
            found &= self.statuses
        return found & OPEN if self.open_only else found


HEAD = (
    "o.id, o.order_number, o.marketplace_id, o.channel, o.status, o.pending_reason, o.placed_at, o.latest_ship_at,"
    " o.latest_delivery_at, o.auto_cancel_at, o.warned_at, o.is_late, o.cancelled_by, o.currency, o.total,"
    " o.ship_service, o.service_category, o.is_business, o.is_prime, o.cancel_reason, o.counts_in_cr, o.cancel_request"
)
KEYS = {
    Sort.SHIP_BY: ("latest_ship_at", "ASC"),
    Sort.NEWEST: ("placed_at", "DESC"),
    Sort.OLDEST: ("placed_at", "ASC"),
    Sort.TOTAL: ("total", "DESC"),
}
_KEY_TYPES = {Sort.TOTAL: "bigint"}


# --- The page --------------------------------------------------------------------------------------------------------


def _conditions(asked: OrderQuery, values: dict[str, Any]) -> list[str]:
    found: list[str] = []

    def also(condition: str, name: str, value: Any) -> None:
        if value:
            found.append(condition)
            values[name] = value

    also("o.channel = %(channel)s", "channel", asked.channel and asked.channel.value)
    # One marketplace as an equation lets the index of its own hand the rows out in order.
    if len(asked.marketplaces) == 1:
        also("o.marketplace_id = %(marketplace)s", "marketplace", asked.marketplaces[0])
    else:
        also("o.marketplace_id = ANY(%(marketplaces)s::text[])", "marketplaces", list(asked.marketplaces))
    also("o.placed_at >= %(placed_from)s", "placed_from", asked.placed_from)
    also("o.placed_at < %(placed_until)s", "placed_until", asked.placed_until)
    also("o.latest_ship_at >= %(ship_from)s", "ship_from", asked.ship_from)
    also("o.latest_ship_at < %(ship_until)s", "ship_until", asked.ship_until)
    also("(o.ship_service = %(service)s OR o.service_category = %(service)s)", "service", asked.service)
    also(
        "EXISTS (SELECT 1 FROM shipping_addresses a WHERE a.seller_id = o.seller_id AND a.order_id = o.id"
        " AND a.country = %(country)s)",
        "country",
        asked.country,
    )
    also(
        "EXISTS (SELECT 1 FROM packages k WHERE k.seller_id = o.seller_id AND k.order_id = o.id"
        " AND k.carrier_code = %(carrier)s)",
        "carrier",
        asked.carrier,
    )
    return found


def _keyset(asked: OrderQuery, values: dict[str, Any]) -> tuple[list[str], str]:
    """The conditions of each segment that the cursor leaves, and the order. Rows without a key come last."""
    key, direction = KEYS[asked.sort]
    cursor = asked.before or asked.after
    backward = asked.before is not None
    if backward:
        direction = "ASC" if direction == "DESC" else "DESC"
    nullable = key != "placed_at"
    nulls = ("NULLS FIRST" if backward else "NULLS LAST") if nullable else ""
    order = f"{key} {direction} {nulls}, id {direction}"
    with_key, without = f"o.{key} IS NOT NULL" if nullable else "", f"o.{key} IS NULL"
    if cursor is None:
        return [with_key, without] if nullable else [with_key], order
    values["cursor_id"] = cursor.id
    sign = ">" if direction == "ASC" else "<"
    if cursor.key is None:
        beyond = f"{without} AND o.id {sign} %(cursor_id)s"
        return [with_key, beyond] if backward else [beyond], order
    values["cursor_key"] = cursor.key
    kind = _KEY_TYPES.get(asked.sort, "timestamptz")
    passed = f"(o.{key}, o.id) {sign} (%(cursor_key)s::{kind}, %(cursor_id)s::bigint)"
    return [passed] if backward or not nullable else [passed, without], order


def _statuses(asked: OrderQuery, values: dict[str, Any]) -> list[str]:
    """The status conditions of the segments: one a status where the index begins with it."""
    shown = asked.shown_statuses
    if asked.sort is Sort.SHIP_BY and shown <= OPEN:
        if shown == OPEN:
            return [OPEN_SQL]
        values["statuses"] = sorted(shown)
        return [f"{OPEN_SQL} AND o.status = ANY(%(statuses)s::text[])"]
    if len(shown) == len(Status):
        return [""]
    segments = []
    for number, status in enumerate(sorted(shown)):
        values[f"status{number}"] = status.value
        segments.append(f"o.status = %(status{number})s")
    return segments or ["false"]


def _is_indexed(asked: OrderQuery) -> bool:
    return asked.sort in (Sort.NEWEST, Sort.OLDEST) or (
        asked.sort is Sort.SHIP_BY and asked.shown_statuses <= OPEN
    )


def page_sql(seller_id: int, asked: OrderQuery) -> tuple[str, dict[str, Any]]:
    """The rows of a page, one more than it holds: HEAD, buyer, country, newest packages as JSON, their number."""
    picked, order, values = _picked(seller_id, asked)
    return _around(picked, order), values


def count_sql(seller_id: int, asked: OrderQuery) -> tuple[str, dict[str, Any]]:
    """How many orders the list holds, `asked.size` + 1 at most."""
    picked, _order, values = _picked(seller_id, asked)
    return f"SELECT least(count(*), %(limit)s) FROM ({picked}) picked", values


def _picked(seller_id: int, asked: OrderQuery) -> tuple[str, str, dict[str, Any]]:
    """SQL of candidates for a page (at most a page of each segment), their order, and the parameters."""
    values: dict[str, Any] = {"seller": seller_id, "limit": asked.size + 1, "sorted": SORTED}
    base = ["o.seller_id = %(seller)s", *_conditions(asked, values)]
    beyond, order = _keyset(asked, values)
    statuses = _statuses(asked, values)
    if asked.matches:
        picked, extra = _matched(asked, base, beyond)
        values |= extra
        values["statuses"] = sorted(asked.shown_statuses)
    elif _is_indexed(asked):
        inner = order.replace(" id ", " o.id ").replace(KEYS[asked.sort][0], f"o.{KEYS[asked.sort][0]}")
        segments = [
            f"(SELECT {HEAD}, o.seller_id FROM orders o WHERE {_all(*base, status, key)}"
            f" ORDER BY {inner} LIMIT %(limit)s)"
            for key in beyond
            for status in statuses
        ]
        picked = " UNION ALL ".join(segments)
    else:
        values["statuses"] = sorted(asked.shown_statuses)
        newest = (
            f"SELECT {HEAD}, o.seller_id FROM orders o WHERE {_all(*base, 'o.status = ANY(%(statuses)s::text[])')}"
            " ORDER BY o.placed_at DESC, o.id DESC LIMIT %(sorted)s"
        )
        picked = f"SELECT * FROM ({newest}) o WHERE {_any(beyond)}"
    return picked, order, values


def _matched(asked: OrderQuery, base: list[str], beyond: list[str]) -> tuple[str, dict[str, Any]]:
    """Find the matching orders first and join them: the planner must not walk a sorted index instead."""
    values: dict[str, Any] = {}
    sources = []
    for number, alternatives in enumerate(asked.matches):
        parts = []
        for other, match in enumerate(alternatives):
            sql, extra = select(match, f"m{number}_{other}_", SORTED)
            parts.append(f"({sql})")
            values |= extra
        union = " UNION ".join(parts) if parts else "SELECT 0::bigint AS order_id"
        sources.append(f"(SELECT DISTINCT order_id FROM ({union}) u{number}) s{number}")
    joined = " JOIN ".join(
        source if not number else f"{source} USING (order_id)" for number, source in enumerate(sources)
    )
    where = _all(*base, "o.status = ANY(%(statuses)s::text[])", _any(beyond))
    return (
        f"SELECT {HEAD}, o.seller_id FROM (SELECT order_id FROM {joined} OFFSET 0) found"
        f" JOIN orders o ON o.seller_id = %(seller)s AND o.id = found.order_id WHERE {where}"
    ), values


def _around(picked: str, order: str) -> str:
    """The page's rows with what stands in other tables beside them."""
    return f"""
WITH picked AS MATERIALIZED ({picked}),
     page AS MATERIALIZED (SELECT * FROM picked ORDER BY {order} LIMIT %(limit)s)
SELECT {HEAD}, b.name, a.country, k.shown, k.n
  FROM page o
  LEFT JOIN buyer_contacts b ON b.seller_id = %(seller)s AND b.order_id = o.id
  LEFT JOIN shipping_addresses a ON a.seller_id = %(seller)s AND a.order_id = o.id
  LEFT JOIN LATERAL (
       SELECT json_agg(json_build_array(reference, carrier_code, carrier_name, tracking, status) ORDER BY id DESC)
              FILTER (WHERE place <= {SHOWN_PACKAGES}) AS shown, max(place) AS n
         FROM (SELECT k.*, row_number() OVER (ORDER BY k.id DESC) AS place FROM packages k
                WHERE k.seller_id = %(seller)s AND k.order_id = o.id) k) k ON true
 ORDER BY {", ".join(f"o.{part.strip()}" for part in order.split(","))}"""


def _all(*conditions: str) -> str:
    return " AND ".join(condition for condition in conditions if condition)


def _any(conditions: list[str]) -> str:
    return "(" + " OR ".join(f"({condition or 'true'})" for condition in conditions) + ")"
