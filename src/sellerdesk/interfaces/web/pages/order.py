"""One order: what it is, what can be done, what happened (screens 1.3)."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, re_path
from django.views.decorators.http import require_safe

from sellerdesk.domain.actors import Permission
from sellerdesk.interfaces.web.cancel_view import (
    can_decline,
    can_hand_over,
    cancelled_view,
    guides,
    is_hinted,
    wish_view,
)
from sellerdesk.interfaces.web.order_access import NUMBER, missing, order_url, origin, read_order, reader_of
from sellerdesk.interfaces.web.order_filter import from_text
from sellerdesk.interfaces.web.order_view import OrderView
from sellerdesk.interfaces.web.refund_rows import money_rows, refund_row
from sellerdesk.interfaces.web.return_rows import of_order
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.interfaces.web.timeline import timeline
from sellerdesk.looks import when
from sellerdesk.queries.order_list import neighbours
from sellerdesk.queries.refund_list import order_money


@require_safe
@staff(Permission.ORDERS_READ)
def order(request: DeskRequest, order_number: str) -> HttpResponseBase:
    """The page of an order. Another seller's order looks like none."""
    detail = read_order(request, order_number)
    if detail is None:
        return missing(request, order_number)
    reader = reader_of(request)
    given_back = order_money(request.desk.seller.seller_id, order_number)
    context = {
        "view": OrderView(detail, reader),
        "order": detail,
        "timeline": timeline(detail, reader),
        "wish": wish_view(detail, reader),
        "guides": guides(request.desk, detail) if detail.cancel_request else [],
        "cancelled": cancelled_view(detail, reader),
        "returned": of_order(request.desk, order_number) if detail.units_shipped else [],
        "declines": can_decline(detail),
        "is_hinted": is_hinted(detail),
        "hands_over": can_hand_over(request.desk, detail),
        "may_cancel": request.desk.may(Permission.ORDERS_CANCEL),
        "may_ship": request.desk.may(Permission.ORDERS_SHIP),
        "may_refund": request.desk.may(Permission.REFUNDS_MAKE),
        "sees_refunds": reader.sees_money or request.desk.may(Permission.REFUNDS_MAKE),
        "refunds": [refund_row(one, request.desk) for one in given_back.refunds],
        "refund_sums": money_rows(given_back, detail.currency),
        "may_see_buyer": request.desk.may(Permission.BUYERS_READ),
        "may_see_money": reader.sees_money,
        "may_see_messages": request.desk.may(Permission.MESSAGES_READ),
        "may_write": request.desk.may(Permission.MESSAGES_SEND),
        "origin": origin(request),
        "neighbours": _neighbours(request, order_number),
        "clock": when.iso(reader.now),
    }
    return render(request, "web/order/detail.html", context)


def _neighbours(request: DeskRequest, order_number: str) -> dict[str, str]:
    """Where ‹ and › lead: the orders before and after this one in the list that the person came from."""
    listed = origin(request)
    before, after = neighbours(
        request.desk.seller.seller_id, from_text(listed, request.desk).query, order_number
    )
    found = {"previous": before, "next": after}
    return {name: order_url(number, listed) for name, number in found.items() if number}


urls: list[URLPattern] = [re_path(rf"^{NUMBER}$", order, name="order")]
