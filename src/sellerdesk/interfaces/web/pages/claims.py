"""The seller's A-to-z claims: what waits for an answer, what can be appealed, the rest (rulebook 2.9; screens 1.12)."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_safe

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.interfaces.web import claim_words
from sellerdesk.interfaces.web.claim_rows import claim_row, sees_money
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.looks import when
from sellerdesk.queries.claim_prospects import ClaimExtra, claim_extras
from sellerdesk.queries.claims import COUNTED_TABS, Place, Tab, claims_page

SIZE = 50


@require_safe
@staff(Permission.ORDERS_READ)
def claims(request: DeskRequest) -> HttpResponseBase:
    """The list: `?show=` names the tab, `?marketplace=` narrows it."""
    desk = request.desk
    tab = _tab(request.GET.get("show", ""))
    place = request.GET.get("marketplace", "")
    place = place if place in desk.around.marketplaces else ""
    after = read_place(request.GET.get("after", ""))
    seller = desk.seller.seller_id
    wanted = [place] if place else []
    found = claims_page(seller, tab, now=desk.now, marketplace_ids=wanted, after=after, size=SIZE)
    personal = desk.may(Permission.BUYERS_READ)
    extras = claim_extras(seller, [line.id for line in found.lines], personal=personal)
    heading, text = claim_words.EMPTY[tab]
    context = {
        "tabs": [
            {
                "label": label,
                "url": list_url(one, place),
                "count": _count(found.counts[one]),
                "current": one is tab,
            }
            for one, label in claim_words.SELLER_TABS.items()
        ],
        "rows": [claim_row(line, extras.get(line.id, ClaimExtra()), desk) for line in found.lines],
        "tab": tab.value,
        "places": _places(request, place),
        "place": by_id(place).name if place else "",
        "everywhere": list_url(tab, ""),
        "older": list_url(tab, place, found.older) if found.older else "",
        "first": list_url(tab, place) if after else "",
        "sees_money": sees_money(desk),
        "empty_heading": heading,
        "empty": text,
        "all_url": list_url(Tab.ALL, place),
        "countdown": json.dumps(when.countdown_patterns(desk.language), ensure_ascii=False),
        "now": when.iso(desk.now),
    }
    return render(request, "web/claims/list.html", context)


def _tab(text: str) -> Tab:
    return Tab(text) if text in set(Tab) else Tab.ACTION_REQUIRED


def _count(number: int) -> str:
    return f"{COUNTED_TABS}+" if number > COUNTED_TABS else str(number)


def _places(request: DeskRequest, chosen: str) -> list[dict[str, Any]]:
    """The seller's marketplaces, where there are several."""
    known = request.desk.around.marketplaces
    if len(known) < 2:
        return []
    return [{"id": one, "label": by_id(one).name, "chosen": one == chosen} for one in known]


def list_url(tab: Tab, marketplace_id: str, place: Place | None = None) -> str:
    """The address of a tab, narrowed to a marketplace or not, or of a later page of it."""
    query: dict[str, str] = {} if tab is Tab.ACTION_REQUIRED else {"show": tab.value}
    if marketplace_id:
        query["marketplace"] = marketplace_id
    if place:
        query["after"] = f"{place.key.isoformat()}~{place.id}"
    url = reverse("desk:claims")
    return f"{url}?{urlencode(query)}" if query else url


def read_place(text: str) -> Place | None:
    """Where a page begins, from its address; anything else is the first page."""
    at_text, _sep, number = text.partition("~")
    try:
        key = datetime.fromisoformat(at_text)
    except ValueError:
        return None
    if key.tzinfo is None or not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return Place(key, int(number))


urls: list[URLPattern] = [path("claims/", claims, name="claims")]
