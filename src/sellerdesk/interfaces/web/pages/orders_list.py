"""Manage Orders."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from sellerdesk.interfaces.web.staff import DeskRequest, staff


@require_safe
@staff()
def orders(request: DeskRequest) -> HttpResponseBase:
    """The list."""
    return render(request, "web/orders.html")


urls: list[URLPattern] = [path("orders/", orders, name="orders")]
