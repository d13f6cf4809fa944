"""Finances v0: groups of events between payouts, and events by time, group or order (spapi 9)."""

from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.postings import Group
from sellerdesk.interfaces.spapi.errors import not_found
from sellerdesk.interfaces.spapi.finances import Pages, Window, read_window
from sellerdesk.interfaces.spapi.orders_v0 import check_id
from sellerdesk.interfaces.spapi.protocol import Answer, Call, Operation, answer
from sellerdesk.queries.spapi_finances import Span, groups, knows_order, posted
from sellerdesk.wire import finances

GROUPS_A_PAGE, EVENTS_A_PAGE, MOST = 10, 100, 100
_SIZE, _TOKEN = "MaxResultsPerPage", "NextToken"
_AFTER, _BEFORE = "PostedAfter", "PostedBefore"


def list_groups(call: Call) -> Answer:
    """The periods between payouts, the oldest first."""
    query = call.query
    size = query.whole(_SIZE, low=1, high=MOST) or GROUPS_A_PAGE
    names = ("FinancialEventGroupStartedAfter", "FinancialEventGroupStartedBefore")
    pages = Pages("listFinancialEventGroups", call.seller_id, query, _TOKEN)
    window, (_, since) = read_window(query, *names, call.now), pages.place()
    found = [one for one in groups(call.seller_id) if _opened(one, window)]
    first = since[1] if since else 0
    page = found[first : first + size]
    payload: dict[str, Any] = {"FinancialEventGroupList": [finances.encode_group(one) for one in page]}
    if first + size < len(found):
        payload["NextToken"] = pages.token((call.now, first + size))
    return answer({"payload": payload})


def _opened(one: Group, window: Window) -> bool:
    return not window.too_long and (window.after or one.start) <= one.start < window.before


def list_events(call: Call) -> Answer:
    """Events by the time when they were posted; without a beginning, those of the last 180 days."""
    return _events(call, "listFinancialEvents", Span())


def list_events_of_group(call: Call, event_group_id: str) -> Answer:
    """Events of one period."""
    group = next((one for one in groups(call.seller_id) if one.id == event_group_id), None)
    if group is None:
        raise not_found()
    span = Span(after=None if group.first else group.start, before=group.end, currency=group.currency)
    return _events(call, f"listFinancialEventsByGroupId.{event_group_id}", span)


def list_events_of_order(call: Call, order_id: str) -> Answer:
    """Events of one order."""
    check_id(order_id)
    if not knows_order(call.seller_id, order_id):
        raise not_found()
    return _events(call, f"listFinancialEventsByOrderId.{order_id}", Span(order_number=order_id), timed=False)


def _events(call: Call, operation: str, span: Span, *, timed: bool = True) -> Answer:
    query = call.query
    size = query.whole(_SIZE, low=1, high=MOST) or EVENTS_A_PAGE
    pages = Pages(operation, call.seller_id, query, _TOKEN)
    held, since = pages.place()
    window = read_window(query, _AFTER, _BEFORE, call.now) if timed else Window(None, call.now)
    if since is not None:  # the end that the first page had: later pages look no farther
        window = Window(window.after, datetime.fromisoformat(held["until"]))
    asked = span.within(window.after, window.before)
    found, end = ([], None) if window.too_long else posted(call.seller_id, asked, since=since, limit=size)
    payload: dict[str, Any] = {"FinancialEvents": finances.encode_events(found)}
    if end is not None:
        payload["NextToken"] = pages.token(end, until=window.before.isoformat())
    return answer({"payload": payload})


_READ = Permission.MONEY_READ
GET_GROUPS = Operation("financesV0.listFinancialEventGroups", list_groups, _READ)
GET_EVENTS = Operation("financesV0.listFinancialEvents", list_events, _READ)
GET_EVENTS_OF_GROUP = Operation("financesV0.listFinancialEventsByGroupId", list_events_of_group, _READ)
GET_EVENTS_OF_ORDER = Operation("financesV0.listFinancialEventsByOrderId", list_events_of_order, _READ)
