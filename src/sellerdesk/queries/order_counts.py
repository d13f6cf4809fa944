"""How many orders stand under each tab of the list: capped, so that it costs the same however many there are."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sellerdesk.domain.orders import OPEN, WAITING, Channel, Status
from sellerdesk.models.sql import rows

COUNTED = 10_000  # counts stop here: "10,000+"
OPEN_SQL = "o.status IN ('PartiallyShipped', 'Unshipped')"  # word for word the index's own condition
WISHES_SQL = f"NOT o.cancel_request = '' AND {OPEN_SQL}"  # the first part likewise


class Tab(StrEnum):
    PENDING = "pending"
    UNSHIPPED = "unshipped"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    ALL = "all"


TAB_STATUSES: dict[Tab, frozenset[Status]] = {
    Tab.PENDING: WAITING,
    Tab.UNSHIPPED: OPEN,
    Tab.SHIPPED: frozenset({Status.SHIPPED, Status.INVOICE_UNCONFIRMED}),
    Tab.CANCELLED: frozenset({Status.CANCELED, Status.UNFULFILLABLE}),
    Tab.ALL: frozenset(Status),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many orders each tab has in its own range; COUNTED + 1 means more than COUNTED."""

    tabs: dict[Tab, int] = field(default_factory=dict)
    late: int = 0
    due_soon: int = 0
    requested: int = 0  # open orders that the buyer has filed a request to cancel for
    said: int = 0  # open orders that the buyer only said so of, in a message


@dataclass(frozen=True, slots=True)
class CountQuery:
    """What the tabs count: the list's switches, and from when on an order counts (Unshipped counts from ever)."""

    channel: Channel | None
    marketplaces: tuple[str, ...]
    placed_from: datetime | None
    soon: timedelta


def count_tabs(seller_id: int, asked: CountQuery, now: datetime) -> Counts:
    """The counts, in one query, under the scope that the caller has set."""
    values: dict[str, Any] = {
        "seller": seller_id,
        "channel": asked.channel and asked.channel.value,
        "marketplaces": list(asked.marketplaces),
        "from": asked.placed_from,
        "now": now,
        "soon": now + asked.soon,
        "most": COUNTED + 1,
    }
    switches = "o.seller_id = %(seller)s"
    if asked.channel:
        switches += " AND o.channel = %(channel)s"
    if asked.marketplaces:
        switches += " AND o.marketplace_id = ANY(%(marketplaces)s::text[])"
    recent = " AND o.placed_at >= %(from)s" if asked.placed_from else ""
    parts = [
        _capped(f"{switches}{recent} AND o.status = '{status.value}'")
        for tab in (Tab.PENDING, Tab.SHIPPED, Tab.CANCELLED, Tab.UNSHIPPED)
        for status in sorted(TAB_STATUSES[tab])
    ]
    parts += [
        _capped(f"{switches} AND {OPEN_SQL}"),
        _capped(f"{switches} AND {OPEN_SQL} AND o.latest_ship_at < %(now)s"),
        _capped(f"{switches} AND {OPEN_SQL} AND o.latest_ship_at >= %(now)s AND o.latest_ship_at < %(soon)s"),
        _capped(f"{switches} AND {WISHES_SQL} AND o.cancel_request = 'requested_formal'"),
        _capped(f"{switches} AND {WISHES_SQL} AND o.cancel_request <> 'requested_formal'"),
    ]
    (found,) = rows(f"SELECT {', '.join(parts)}", values)
    pending, shipped, cancelled, recent_open = (sum(found[at : at + 2]) for at in (0, 2, 4, 6))
    unshipped, late, due_soon, requested, said = found[8:]
    tabs = {
        Tab.PENDING: pending,
        Tab.UNSHIPPED: unshipped,
        Tab.SHIPPED: shipped,
        Tab.CANCELLED: cancelled,
        Tab.ALL: pending + shipped + cancelled + recent_open,
    }
    return Counts(
        {tab: min(number, COUNTED + 1) for tab, number in tabs.items()}, late, due_soon, requested, said
    )


def _capped(where: str) -> str:
    return f"(SELECT count(*) FROM (SELECT 1 FROM orders o WHERE {where} LIMIT %(most)s) c)"
