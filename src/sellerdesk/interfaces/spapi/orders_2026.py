"""Orders 2026-01-01: searchOrders and getOrder (spapi 3). No restricted tokens: what the program may see decides."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.orders import Channel, HeldOrder, Status
from sellerdesk.interfaces.spapi import paging
from sellerdesk.interfaces.spapi.errors import invalid, not_found
from sellerdesk.interfaces.spapi.orders_v0 import check_id
from sellerdesk.interfaces.spapi.parameters import Query
from sellerdesk.interfaces.spapi.protocol import Answer, Call, Operation, answer
from sellerdesk.interfaces.spapi.relaying import relayed
from sellerdesk.interfaces.spapi.search_v0 import MOST_ORDERS, known_marketplaces
from sellerdesk.interfaces.spapi.windows import V2026, Window, read_window
from sellerdesk.queries.spapi_orders import Cursor, OrderSearch, Portion, read_order, search_orders
from sellerdesk.wire import orders_2026, times

TOKEN = "paginationToken"  # noqa: S105  (a parameter's name)
TOKEN_LIVES = timedelta(hours=24)
_OPERATION = "orders2026.searchOrders"
_STATUSES: dict[str, tuple[Status, ...]] = {
    "PENDING_AVAILABILITY": (Status.PENDING_AVAILABILITY,),
    "PENDING": (Status.PENDING,),
    "UNSHIPPED": (Status.UNSHIPPED,),
    "PARTIALLY_SHIPPED": (Status.PARTIALLY_SHIPPED,),
    "SHIPPED": (Status.SHIPPED, Status.INVOICE_UNCONFIRMED),  # this version has no word for a missing invoice
    "CANCELLED": (Status.CANCELED,),
    "UNFULFILLABLE": (Status.UNFULFILLABLE,),
}
_CHANNELS = {"MERCHANT": Channel.MFN, "AMAZON": Channel.AFN}


@dataclass(frozen=True, slots=True)
class _Asked:
    search: OrderSearch
    size: int
    included: frozenset[str]
    mark: str  # of all parameters as they were said: a token continues only the very same request
    since: Cursor | None = None


def search(call: Call) -> Answer:
    """A page of orders, oldest first, with their lines."""
    asked = _read(call.query, call.seller_id, call.now)
    portion = Portion(asked.size, asked.since, lines=True)
    page = search_orders(call.seller_id, asked.search, portion, now=call.now)
    orders = [_order(call, one, asked.included) for one in page.orders if isinstance(one, HeldOrder)]
    named = "createdBefore" if asked.search.clock == "created" else "lastUpdatedBefore"
    out: dict[str, Any] = {"orders": orders, named: times.render(asked.search.before)}
    if page.next is not None:
        out["pagination"] = {"nextToken": _next_token(call, asked, page.next)}
    return answer(out)


def get_order(call: Call, order_id: str) -> Answer:
    """One order with its lines, and the parts that includedData names."""
    included = _included(call.query)
    check_id(order_id)
    found = read_order(call.seller_id, order_id)
    if found is None:
        raise not_found()
    return answer({"order": _order(call, found, included)})


def _order(call: Call, document: HeldOrder, included: frozenset[str]) -> dict[str, Any]:
    personal = call.access.may(Permission.BUYERS_READ)
    return orders_2026.encode_order(relayed(document), included, now=call.now, personal=personal)


def _included(query: Query) -> frozenset[str]:
    return frozenset(query.listing("includedData", allowed=orders_2026.INCLUDED))


def _read(query: Query, seller_id: int, now: datetime) -> _Asked:
    window = read_window(query, V2026, now)
    given = OrderSearch(
        clock=window.clock,
        after=window.after,
        before=window.before,
        marketplaces=known_marketplaces(query.listing("marketplaceIds", most=50)) or tuple(MARKETPLACES),
        statuses=tuple(
            status
            for word in query.listing("fulfillmentStatuses", allowed=_STATUSES)
            for status in _STATUSES[word]
        ),
        channels=tuple(_CHANNELS[word] for word in query.listing("fulfilledBy", allowed=_CHANNELS)),
    )
    size = query.whole("maxResultsPerPage", low=1, high=MOST_ORDERS) or MOST_ORDERS
    included = _included(query)
    asked = _Asked(given, size, included, _mark(given, window, size, included))
    token = query.text(TOKEN, most=8192)
    return _continued(asked, token, seller_id, now) if token else asked


def _mark(search: OrderSearch, window: Window, size: int, included: frozenset[str]) -> str:
    # The end that we chose ourselves is not part of what was said; the token fixes it.
    said = [
        search.clock,
        search.after,
        window.given_before,
        sorted(search.marketplaces),
        sorted(search.statuses),
        sorted(search.channels),
        size,
        sorted(included),
    ]
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:32]


def _next_token(call: Call, asked: _Asked, cursor: Cursor) -> str:
    content = {
        "m": asked.mark,
        "b": asked.search.before.isoformat(),
        "c": [cursor.at.isoformat(), cursor.order_id],
        "t": call.now.isoformat(),
    }
    return paging.seal(_OPERATION, call.seller_id, content)


def _continued(asked: _Asked, token: str, seller_id: int, now: datetime) -> _Asked:
    content = paging.unseal(token, _OPERATION, seller_id, name=TOKEN)
    if datetime.fromisoformat(content["t"]) + TOKEN_LIVES <= now:
        raise invalid(f"{TOKEN} has expired.")
    if content["m"] != asked.mark:
        raise invalid(f"{TOKEN} must be used with the same parameters as the request that it continues.")
    at, order_id = content["c"]
    search = replace(asked.search, before=datetime.fromisoformat(content["b"]))
    return replace(asked, search=search, since=Cursor(datetime.fromisoformat(at), order_id))


SEARCH_ORDERS = Operation(_OPERATION, search, Permission.ORDERS_READ)
GET_ORDER = Operation("orders2026.getOrder", get_order, Permission.ORDERS_READ)
