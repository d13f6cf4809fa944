"""The search box: one term or a pasted list (screens 1.0). One exact hit opens itself."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.identifiers import split_terms
from sellerdesk.interfaces.web import words
from sellerdesk.interfaces.web.order_filter import to_url
from sellerdesk.interfaces.web.order_rows import pattern
from sellerdesk.interfaces.web.staff import Desk, DeskRequest, staff
from sellerdesk.looks import when
from sellerdesk.looks.texts import visible
from sellerdesk.queries.order_matches import Field
from sellerdesk.queries.order_search import Found, Group, search, search_pasted

LONGEST = 4000
TITLES = {
    Field.ORDER_NUMBER: lazy("Order ID"),
    Field.SELLER_ORDER: lazy("Your own order ID"),
    Field.ITEM_NUMBER: lazy("Order item ID"),
    Field.TRACKING: lazy("Tracking ID"),
    Field.SKU: lazy("SKU"),
    Field.ASIN: lazy("ASIN"),
    Field.EMAIL: lazy("Buyer's e-mail"),
    Field.NAME: lazy("Buyer's name"),
}
# What a hit must be found in to open itself: things that mean one order. A name may mean another buyer tomorrow.
EXACT = frozenset({Field.ORDER_NUMBER, Field.SELLER_ORDER, Field.ITEM_NUMBER, Field.TRACKING})
_LIST_FILTERS = {Field.SKU: "sku", Field.ASIN: "asin", Field.EMAIL: "buyer", Field.NAME: "buyer"}


@dataclass(frozen=True, slots=True)
class Result:
    number: str
    url: str
    status: str
    icon: str
    tone: str
    text: str
    placed: str


@dataclass(frozen=True, slots=True)
class ResultGroup:
    title: str
    results: tuple[Result, ...]
    more_url: str


@require_safe
@staff()
def find(request: DeskRequest) -> HttpResponseBase:
    """Find orders by anything that identifies them."""
    desk = request.desk
    q = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    buyers = desk.may(Permission.BUYERS_READ)
    terms = split_terms(q) if q else ()
    if len(terms) > 1:
        return _pasted(request, terms)
    groups = search(desk.seller.seller_id, q, buyers=buyers) if q else ()
    if single := _single(groups):
        opened = pattern("desk:order", _SAMPLE).replace(_SAMPLE, single)
        return redirect(opened or to_url(urlencode({"tab": "all", "channel": "any", "ids": single})))
    context = {"q": q, "groups": [_group(desk, group, q) for group in groups]}
    return render(request, "web/search.html", context)


_SAMPLE = "000-0000000-0000000"


def _single(groups: tuple[Group, ...]) -> str:
    """The one order that all groups mean, when an exact one of them says so; else ""."""
    numbers = {found.order_number for group in groups for found in group.found}
    exact = any(group.field in EXACT and not group.more for group in groups)
    return numbers.pop() if exact and len(numbers) == 1 else ""


def _pasted(request: DeskRequest, terms: tuple[str, ...]) -> HttpResponseBase:
    desk = request.desk
    pasted = search_pasted(desk.seller.seller_id, terms, buyers=desk.may(Permission.BUYERS_READ))
    numbers = pasted.order_numbers
    if len(numbers) == 1 and not pasted.unknown and pattern("desk:order", _SAMPLE):
        return redirect(pattern("desk:order", _SAMPLE).replace(_SAMPLE, numbers[0]))
    listed = to_url(urlencode({"channel": "any", "tab": "all", "ids": " ".join(numbers)})) if numbers else ""
    if numbers and not pasted.unknown:
        return redirect(listed)
    context = {"q": " ".join(terms), "pasted": pasted, "found_count": len(numbers), "listed": listed}
    return render(request, "web/search.html", context)


def _group(desk: Desk, group: Group, q: str) -> ResultGroup:
    name = _LIST_FILTERS.get(group.field, "q")
    more = urlencode({"tab": "all", "channel": "any", "days": "all", name: q}) if group.more else ""
    return ResultGroup(
        str(TITLES[group.field]),
        tuple(_result(desk, found) for found in group.found),
        to_url(more) if more else "",
    )


def _result(desk: Desk, found: Found) -> Result:
    label, icon, tone = words.STATUSES[found.status]
    zone = when.marketplace_zone(found.marketplace_id)
    page = pattern("desk:order", _SAMPLE).replace(_SAMPLE, found.order_number)
    return Result(
        number=found.order_number,
        url=page or to_url(urlencode({"tab": "all", "channel": "any", "ids": found.order_number})),
        status=str(label),
        icon=icon,
        tone=tone,
        text=visible(" · ".join(filter(None, (found.buyer, found.title)))),
        placed=when.day(found.placed_at, zone, desk.now, desk.language),
    )


urls: list[URLPattern] = [path("search/", find, name="search")]
