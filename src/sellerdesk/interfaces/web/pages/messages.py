"""The inbox of buyer–seller messages: who waits for a reply, and everything else (screens 1.11)."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.message_hints import Hint
from sellerdesk.domain.message_threads import ThreadState
from sellerdesk.domain.orders import Status
from sellerdesk.interfaces.web import message_words, when, words
from sellerdesk.interfaces.web.formats import language, moment, visible
from sellerdesk.interfaces.web.message_view import countdown
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.queries.messages import COUNTED_TABS, InboxLine, Place, inbox

SIZE = 50
# What `?show=` may say, in the order of the tabs; needs-reply is the default.
TABS: dict[str, ThreadState | None] = {
    "needs": ThreadState.OPEN_NEEDS_RESPONSE,
    "all": None,
    "answered": ThreadState.ANSWERED,
    "none": ThreadState.NO_RESPONSE_NEEDED,
}


@require_safe
@staff(Permission.MESSAGES_READ)
def messages_inbox(request: DeskRequest) -> HttpResponseBase:
    """Threads, most urgent first."""
    desk = request.desk
    shown = request.GET.get("show", "")
    shown = shown if shown in TABS else "needs"
    personal = desk.may(Permission.BUYERS_READ)
    after = read_place(request.GET.get("after", ""))
    found = inbox(desk.seller.seller_id, TABS[shown], after=after, size=SIZE, personal=personal)
    context = {
        "tabs": _tabs(shown, found.counts),
        "rows": [_row(line, request) for line in found.lines],
        "older": _url(shown, found.older) if found.older else "",
        "first": _url(shown) if after else "",
        "shown": shown,
        "countdown": json.dumps(when.countdown_patterns(desk.language), ensure_ascii=False),
        "now": when.iso(desk.now),
    }
    return render(request, "web/messages/inbox.html", context)


def _tabs(shown: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    labels = {
        name: str(message_words.THREADS[state][0]) if state else _("All messages")
        for name, state in TABS.items()
    }
    return [
        {
            "label": labels[name],
            "url": _url(name),
            "count": _count(counts.get(state.value, 0) if state else sum(counts.values())),
            "current": name == shown,
        }
        for name, state in TABS.items()
    ]


def _count(number: int) -> str:
    return f"{COUNTED_TABS}+" if number > COUNTED_TABS else str(number)


def _row(line: InboxLine, request: DeskRequest) -> dict[str, Any]:
    desk = request.desk
    label, icon, tone = message_words.THREADS[line.state]
    status, status_icon, status_tone = words.STATUSES[Status(line.status)]
    return {
        "url": reverse("desk:thread", args=[line.order_number]),
        "order_number": line.order_number,
        "marketplace": by_id(line.marketplace_id).label,
        "status": status,
        "status_icon": status_icon,
        "status_tone": status_tone,
        "state": label,
        "icon": icon,
        "tone": tone,
        "due": countdown(line.due_at, desk.now),
        "hint": message_words.HINTS[Hint(line.hint)] if line.hint and line.due_at else "",
        "buyer": visible(line.buyer),
        "excerpt": visible(" ".join(line.excerpt.split())),
        "mine": line.last_kind == "seller",
        "blocked": line.last_state == "blocked_opt_out",
        "at": moment(line.last_at, line.marketplace_id, desk.zone, desk.now),
        "age": when.age(line.last_at, desk.now, language()),
        "count": line.count,
    }


def _url(shown: str, place: Place | None = None) -> str:
    query: dict[str, str] = {} if shown == "needs" else {"show": shown}
    if place:
        query["after"] = f"{place.key.isoformat()}~{place.id}"
    url = reverse("desk:messages")
    return f"{url}?{urlencode(query)}" if query else url


def read_place(text: str) -> Place | None:
    """Where a page begins, from its address; anything else is the first page."""
    moment_text, _sep, number = text.partition("~")
    try:
        key = datetime.fromisoformat(moment_text)
    except ValueError:
        return None
    if key.tzinfo is None or not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return Place(key, int(number))


urls: list[URLPattern] = [path("messages/", messages_inbox, name="messages")]
