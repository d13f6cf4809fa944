"""My orders, and one of them."""

from datetime import UTC, datetime, timedelta

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from sellerdesk.interfaces.portal.claim_view import claim_place
from sellerdesk.interfaces.portal.frame import missing, page
from sellerdesk.interfaces.portal.gate import BuyerRequest, buyers
from sellerdesk.interfaces.portal.order_view import Says, line_view, order_view
from sellerdesk.interfaces.portal.return_view import return_place
from sellerdesk.looks import when
from sellerdesk.queries.claims import claim_options
from sellerdesk.queries.portal_claims import portal_claims
from sellerdesk.queries.portal_orders import order_of, orders_of
from sellerdesk.queries.portal_returns import refunds_of, return_offer, returns_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# What an address may say has just been done; anything else says nothing.
DONE = {
    "cancelled": lazy("Cancelled. You pay nothing for what was cancelled."),
    "requested": lazy("Your request has been sent to the seller."),
}


@require_safe
@buyers
def my_orders(request: BuyerRequest) -> HttpResponseBase:
    """All orders of the address, newest first; a guest has one, and is led to it."""
    found = orders_of(request.buyer, read_place(request.GET.get("after", "")))
    if request.buyer.only_order and found.lines:
        only = found.lines[0]
        return redirect("portal:order", only.seller, only.order_number)
    lines = [line_view(line, request.now) for line in found.lines]
    older = f"?after={write_place(found.after)}" if found.after else ""
    return page(request, "orders", {"lines": lines, "older": older, "paged": "after" in request.GET})


@require_safe
@buyers
def one_order(request: BuyerRequest, seller: str, number: str) -> HttpResponseBase:
    """One order: how far it is, what happens next, and what can be done."""
    order = order_of(request.buyer, seller, number, now=request.now)
    if order is None:
        return missing(request)
    done = str(DONE.get(request.GET.get("done", ""), ""))
    says = Says(order.marketplace_id, request.now)
    options = claim_options(order.seller_id, number, now=request.now)
    asked = returns_of(order.seller_id, number)
    offer = return_offer(order.seller_id, number, request.now)
    context = {
        "order": order_view(order, request.now),
        "done": done,
        "now_iso": when.iso(request.now),
        "returns": return_place(order, offer, asked, refunds_of(order.seller_id, number), request.now),
        "claims": claim_place(options, portal_claims(order.seller_id, number), says),
    }
    return page(request, "order", context)


def write_place(place: tuple[datetime, int]) -> str:
    """A place in the list as text for an address."""
    return f"{(place[0] - _EPOCH) // _MICROSECOND}-{place[1]}"


def read_place(text: str) -> tuple[datetime, int] | None:
    """The place that such a text names; None when it names none."""
    moment, _, order_id = text.partition("-")
    if not all(part.isascii() and part.isdigit() and len(part) <= 17 for part in (moment, order_id)):
        return None
    return _EPOCH + int(moment) * _MICROSECOND, int(order_id)


urls: list[URLPattern] = [
    path("", my_orders, name="orders"),
    path("orders/<slug:seller>/<slug:number>/", one_order, name="order"),
]
