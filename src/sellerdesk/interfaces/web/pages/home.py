"""The front door: `/` leads people to the right place."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from sellerdesk.domain.actors import Permission
from sellerdesk.interfaces.web.staff import desk_of
from sellerdesk.queries.sellers import all_sellers


@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    """Staff to their orders, operators to their overview, strangers to the sign-in page."""
    user: Any = request.user
    if not user.is_authenticated:
        return redirect("account_login")
    desk = desk_of(request)
    if desk is not None and desk.may(Permission.ORDERS_READ):
        return redirect("desk:orders")
    if user.is_operator:
        return redirect("operator:home")
    return render(request, "web/nowhere.html")


@require_safe
def operator(request: HttpRequest) -> HttpResponseBase:
    """The marketplace's own people: which sellers there are, and where mail landed."""
    user: Any = request.user
    if not user.is_authenticated:
        return redirect("account_login")
    if not user.is_operator:
        return render(request, "web/forbidden.html", status=403)
    return render(request, "web/operator.html", {"sellers": all_sellers()})
