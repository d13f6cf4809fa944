"""What every page of one order begins with: the order as its reader may see it, or the page that says there is none."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from sellerdesk.domain.actors import Permission
from sellerdesk.interfaces.web.staff import DeskRequest
from sellerdesk.interfaces.web.timeline import Reader
from sellerdesk.queries.order_detail import OrderDetail, order_detail

NUMBER = r"orders/(?P<order_number>[0-9]{3}-[0-9]{7}-[0-9]{7})/"  # the beginning of every such address


def read_order(request: DeskRequest, order_number: str) -> OrderDetail | None:
    """The order as far as the person may see it."""
    desk = request.desk
    return order_detail(desk.seller.seller_id, order_number, personal=desk.may(Permission.BUYERS_READ))


def reader_of(request: DeskRequest) -> Reader:
    """For whom the page is written."""
    desk = request.desk
    return Reader(desk.zone, desk.now, desk.may(Permission.MONEY_READ))


def missing(request: DeskRequest, order_number: str) -> HttpResponse:
    """The page for an order that this seller does not have. Another seller's order looks the same."""
    return render(request, "web/order/missing.html", {"order_number": order_number}, status=404)


def origin(request: DeskRequest) -> str:
    """The query string of the list that the person came from (`?from=`), to go back and on in it."""
    given = request.GET.get("from") or request.POST.get("from") or ""
    return given[:1000] if given.isprintable() else ""


def order_url(order_number: str, origin_query: str = "") -> str:
    """The page of an order, remembering the list it was reached from."""
    url = reverse("desk:order", args=[order_number])
    return f"{url}?{urlencode({'from': origin_query})}" if origin_query else url
