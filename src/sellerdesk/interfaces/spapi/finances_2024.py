"""Finances 2024-06-19: transactions (spapi 9)."""

from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.postings import Group, Posted
from sellerdesk.interfaces.spapi.errors import invalid
from sellerdesk.interfaces.spapi.finances import Pages, Window, read_window
from sellerdesk.interfaces.spapi.orders_v0 import check_id
from sellerdesk.interfaces.spapi.parameters import Query
from sellerdesk.interfaces.spapi.protocol import Answer, Call, Operation, answer
from sellerdesk.queries.spapi_finances import Span, groups, merchant_token, posted
from sellerdesk.wire import finances

PAGE = 100
STATUSES = ("DEFERRED", "RELEASED", "DEFERRED_RELEASED")
BY_ORDER, BY_GROUP = "ORDER_ID", "FINANCIAL_EVENT_GROUP_ID"


def list_transactions(call: Call) -> Answer:
    """Movements of the seller's money. Nothing is ever deferred here: a movement is released when it is made."""
    query, every = call.query, groups(call.seller_id)
    pages = Pages("listTransactions", call.seller_id, query, "nextToken")
    held, since = pages.place()
    span, window = _asked(query, every, call.now)
    if since is not None:
        window = Window(window.after, datetime.fromisoformat(held["until"]))
    asked = span and span.within(window.after, window.before)
    found, end = posted(call.seller_id, asked, since=since, limit=PAGE) if asked else ([], None)
    seller = merchant_token(call.seller_id)
    payload: dict[str, Any] = {
        "transactions": [finances.encode_transaction(one, seller, _group(every, one)) for one in found]
    }
    if end is not None:
        payload["nextToken"] = pages.token(end, until=window.before.isoformat())
    return answer({"payload": payload})


def _asked(query: Query, every: list[Group], now: datetime) -> tuple[Span | None, Window]:
    """What is asked for; None: nothing can be found."""
    status, place = query.text("transactionStatus"), query.text("marketplaceId")
    name, value = query.text("relatedIdentifierName"), query.text("relatedIdentifierValue")
    if status and status not in STATUSES:
        raise invalid("transactionStatus has an invalid value.")
    if place and place not in MARKETPLACES:
        raise invalid("marketplaceId has an invalid value.")
    if bool(name) != bool(value):
        raise invalid("relatedIdentifierName and relatedIdentifierValue must be specified together.")
    if name and name not in (BY_ORDER, BY_GROUP):
        raise invalid("relatedIdentifierName has an invalid value.")
    window = read_window(query, "postedAfter", "postedBefore", now)
    if not name and window.after is None:
        raise invalid("postedAfter must be specified unless a related identifier is.")
    span = Span(marketplace_id=place, payouts=True)
    if name == BY_ORDER:
        check_id(value)
        span = Span(marketplace_id=place, order_number=value)
    if name == BY_GROUP:
        group = next((one for one in every if one.id == value), None)
        if group is None:
            return None, window
        start = None if group.first else group.start
        span = Span(start, group.end, currency=group.currency, marketplace_id=place, payouts=True)
    nothing = window.too_long or status in ("DEFERRED", "DEFERRED_RELEASED")
    return (None if nothing else span), window


def _group(every: list[Group], one: Posted) -> str:
    return next((group.id for group in every if group.holds(one)), "")


LIST_TRANSACTIONS = Operation("finances2024.listTransactions", list_transactions, Permission.MONEY_READ)
