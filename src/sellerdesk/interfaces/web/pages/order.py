"""One order: what it is, what can be done, what happened (screens 1.3)."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, re_path
from django.views.decorators.http import require_safe

from sellerdesk.domain.actors import Permission
from sellerdesk.interfaces.web import when
from sellerdesk.interfaces.web.order_view import OrderView
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.interfaces.web.timeline import Reader, timeline
from sellerdesk.queries.order_detail import OrderDetail, order_detail

NUMBER = r"orders/(?P<order_number>[0-9]{3}-[0-9]{7}-[0-9]{7})/"


@require_safe
@staff(Permission.ORDERS_READ)
def order(request: DeskRequest, order_number: str) -> HttpResponseBase:
    """The page of an order. Another seller's order looks like none."""
    detail = read_order(request, order_number)
    if detail is None:
        return missing(request, order_number)
    reader = reader_of(request)
    context = {
        "view": OrderView(detail, reader),
        "order": detail,
        "timeline": timeline(detail, reader),
        "may_ship": request.desk.may(Permission.ORDERS_SHIP),
        "may_see_buyer": request.desk.may(Permission.BUYERS_READ),
        "may_see_money": reader.sees_money,
        "origin": origin(request),
        "clock": when.iso(reader.now),
    }
    return render(request, "web/order/detail.html", context)


def read_order(request: DeskRequest, order_number: str) -> OrderDetail | None:
    """The order as far as the person may see it."""
    desk = request.desk
    return order_detail(desk.seller.seller_id, order_number, personal=desk.may(Permission.BUYERS_READ))


def reader_of(request: DeskRequest) -> Reader:
    """For whom the page is written."""
    desk = request.desk
    return Reader(desk.zone, desk.now, desk.may(Permission.MONEY_READ))


def missing(request: DeskRequest, order_number: str) -> HttpResponse:
    """The page for an order that this seller does not have."""
    return render(request, "web/order/missing.html", {"order_number": order_number}, status=404)


def origin(request: DeskRequest) -> str:
    """The query string of the list that the person came from (`?from=`), to go back and on in it."""
    given = request.GET.get("from") or request.POST.get("from") or ""
    return given[:1000] if given.isprintable() else ""


urls: list[URLPattern] = [re_path(rf"^{NUMBER}$", order, name="order")]
