"""The search box."""

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from sellerdesk.interfaces.web.staff import DeskRequest, staff


@require_safe
@staff()
def search(request: DeskRequest) -> HttpResponseBase:
    """Find."""
    return redirect("desk:orders")


urls: list[URLPattern] = [path("search/", search, name="search")]
