"""Manage Returns: the requests of buyers, what to do about each, and the list as a file (S2-01 to S2-08, S4-16)."""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_safe

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.interfaces.web import return_words
from sellerdesk.interfaces.web.return_cells import ReturnCells
from sellerdesk.interfaces.web.return_filter import FILTERS, ORDER, Asked, read, write_cursor
from sellerdesk.interfaces.web.return_rows import Cards
from sellerdesk.interfaces.web.return_sheet import COLUMNS, cells
from sellerdesk.interfaces.web.staff import Desk, DeskRequest, staff
from sellerdesk.looks import when
from sellerdesk.queries.return_advice import situations
from sellerdesk.queries.returns_list import SIZES, ReturnsPage, returns_page
from sellerdesk.queries.returns_query import COUNTED, FACET_STATES, WORK, Facet

SORTS = {"oldest": lazy("Oldest first"), "newest": lazy("Newest first")}
_SHEET_PAGE = 500  # rows of the file that are read at once
_SHEET_MOST = 50_000  # rows of one file


@require_safe
@staff()
def returns(request: DeskRequest) -> HttpResponseBase:
    """The list. An address that says more than it must (a form sent as it is) is led to the tidy one."""
    desk = request.desk
    asked = read(request.GET, desk)
    if any(name in ORDER and name not in asked.params for name in request.GET):
        return redirect(asked.to(asked.whole))
    page = returns_page(desk.seller.seller_id, asked.query, personal=desk.may(Permission.BUYERS_READ))
    if not page.lines and (asked.query.after or asked.query.before):
        return redirect(asked.url())  # what stood beyond this place has gone
    return render(request, "web/returns/list.html", _context(request, asked, page))


def _context(request: DeskRequest, asked: Asked, page: ReturnsPage) -> dict[str, Any]:
    desk = request.desk
    known = situations(desk.seller.seller_id, [one.id for one in page.lines], desk.now)
    cards = Cards(desk, asked.whole, with_place=len(desk.around.marketplaces) > 1)
    found = [cards.card(one, known.get(one.id)) for one in page.lines]
    waiting = sum(page.waiting.values())
    bulk = desk.may(Permission.RETURNS_HANDLE) and any(card.bulk for card in found)
    cells_ = ReturnCells(static("looks/icons.svg"), selects=bulk, sees_words=desk.may(Permission.BUYERS_READ))
    return {
        "asked": asked,
        "facets": _facets(asked, page),
        "shown": return_words.FACETS[asked.query.facet],
        "cards": [cells_.html(card) for card in found],
        "bulk": bulk,
        "controls": _controls(desk, asked),
        "kept": [(name, asked.get(name)) for name in ("show",) if asked.get(name)],
        "newer": asked.url(before=write_cursor(page.newer)) if page.newer else "",
        "older": asked.url(after=write_cursor(page.older)) if page.older else "",
        # A template takes a missing "clear" for the method of the dictionary, which empties it.
        "empty": {"clear": ""} | ({} if found else _empty(asked, page)),
        "clear": _cleared(asked) if asked.filtered else "",
        "sheet": f"{reverse('desk:returns_export')}?{asked.text()}",
        "to_do": _to_do(asked, page),
        "to_do_count": waiting,
        "to_do_shown": count_text(waiting),
        "narrowed": sum(name in asked.params for name in FILTERS),
        "may_set": desk.may(Permission.RETURN_SETTINGS),
        "may_receive": desk.may(Permission.RETURNS_RECEIVE),
        "countdown": json.dumps(when.countdown_patterns(desk.language), ensure_ascii=False),
        "now": when.iso(desk.now),
    }


def _facets(asked: Asked, page: ReturnsPage) -> list[dict[str, Any]]:
    """The guides' filters, with how many there are of each (S2-02)."""
    return [
        {
            "label": label,
            "url": asked.url(show="" if facet is Facet.REQUIRED else facet.value, state="", sort=""),
            "count": count_text(page.counts[facet]),
            "current": facet is asked.query.facet,
        }
        for facet, label in return_words.FACETS.items()
    ]


def _to_do(asked: Asked, page: ReturnsPage) -> list[tuple[str, str]]:
    """What the number beside Returns in the navigation is made of; nothing while a filter narrows the list."""
    if asked.filtered:
        return []
    found = []
    for state, number in page.waiting.items():
        if number:
            facet = Facet.REQUIRED if state in FACET_STATES[Facet.REQUIRED] else Facet.AUTHORISED
            narrowed = state.value if facet is Facet.AUTHORISED else ""
            shown = "" if facet is Facet.REQUIRED else facet.value
            text = return_words.WAITING[state] % {"n": count_text(number)}
            found.append((text, asked.to(urlencode({"show": shown, "state": narrowed}) if shown else "")))
    return found


def count_text(number: int) -> str:
    """A capped count: "34", "1,000+"."""
    return f"{COUNTED:,}+" if number > COUNTED else f"{number:,}"


def _controls(desk: Desk, asked: Asked) -> dict[str, Any]:
    states = FACET_STATES[asked.query.facet]
    places = desk.around.marketplaces
    usual = "oldest" if asked.query.facet in WORK else "newest"
    return {
        "states": [(one.value, str(return_words.STATES[one][0]), one is asked.query.state) for one in states]
        if len(states) > 1
        else [],
        "places": [(one, by_id(one).name, one == asked.get("marketplace")) for one in places]
        if len(places) > 1
        else [],
        "sorts": [
            (value, str(label), value == (asked.get("sort") or usual)) for value, label in SORTS.items()
        ],
        "sizes": [(str(one), str(one), one == asked.query.size) for one in SIZES],
    }


def _empty(asked: Asked, page: ReturnsPage) -> dict[str, str]:
    """What would be here, why it is empty, and what to do (screens 1.0)."""
    elsewhere = page.counts[Facet.ALL] if asked.query.facet is not Facet.ALL else 0
    if asked.filtered:
        return {
            "title": _("No return matches these filters"),
            "text": _("Take a filter off, or look through all returns."),
            "clear": _cleared(asked),
            "all": asked.url(show=Facet.ALL.value, state="") if elsewhere else "",
        }
    if not page.counts[Facet.ALL]:
        return {
            "title": _("No returns yet"),
            "text": _("When a buyer asks to send something back, the request stands here with its reason."),
        }
    if asked.query.facet is Facet.REQUIRED:
        return {
            "title": _("No returns waiting"),
            "text": _("Every request has its answer."),
            "all": asked.url(show=Facet.AUTHORISED.value),
        }
    return {"title": _("Nothing here"), "text": "", "all": asked.url(show=Facet.ALL.value)}


def _cleared(asked: Asked) -> str:
    return asked.url(state="", marketplace="", from_="", until="", q="")


class _Echo:
    """Hands each row that csv writes straight on."""

    def write(self, text: str) -> str:
        return text


@require_safe
@staff()
def export(request: DeskRequest) -> HttpResponseBase:
    """The list as a CSV file, as it is narrowed, at most _SHEET_MOST rows; nothing in it is ever a formula."""
    asked = read(request.GET, request.desk)
    answer = StreamingHttpResponse(_sheet(request.desk, asked), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="returns.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _sheet(desk: Desk, asked: Asked) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"  # so that spreadsheets read the letters right
    yield writer.writerow([str(label) for label in COLUMNS])
    query = replace(asked.query, size=_SHEET_PAGE, before=None, after=None)
    personal, written = desk.may(Permission.BUYERS_READ), 0
    while True:
        page = returns_page(desk.seller.seller_id, query, personal=personal, counted=False)
        for one in page.lines:
            for row in cells(one, desk):
                yield writer.writerow(row)
        written += len(page.lines)
        if page.older is None or written >= _SHEET_MOST:
            return
        query = replace(query, after=page.older)


urls: list[URLPattern] = [
    path("returns/", returns, name="returns"),
    path("returns/export/", export, name="returns_export"),
]
