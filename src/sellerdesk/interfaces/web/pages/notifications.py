"""News for a seller's people: the page behind the bell."""

from dataclasses import dataclass

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from sellerdesk.commands.notifications import mark_read
from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.notifications import NEWS
from sellerdesk.flows.webhooks.words import say
from sellerdesk.interfaces.web.staff import Desk, DeskRequest, staff
from sellerdesk.interfaces.web.when import moment
from sellerdesk.queries.notifications import NewsItem, news_page

ROWS = 50
_ID_DIGITS_MAX = 18
_URGENT = frozenset(news.kind for news in NEWS if news.urgent)


@dataclass(frozen=True, slots=True)
class Row:
    """One piece of news in words."""

    words: str
    url: str
    place: str
    at: str
    unread: bool
    tone: str


@require_http_methods(["GET", "HEAD", "POST"])
@staff()
def notifications(request: DeskRequest) -> HttpResponseBase:
    """The list, newest first; POST marks it as read up to the newest that was shown."""
    desk = request.desk
    if request.method == "POST":
        mark_read(desk.actor, desk.user_id, up_to=_number(request.POST.get("up_to", "")) or 0)
        return redirect("desk:notifications")
    before = _number(request.GET.get("before", ""))
    found = news_page(desk.seller.seller_id, desk.user_id, before=before, limit=ROWS + 1)
    shown = found[:ROWS]
    context = {
        "rows": [_row(one, desk) for one in shown],
        "newest": shown[0].id if shown and not before else "",
        "any_unread": any(one.unread for one in shown),
        "older": f"?before={shown[-1].id}" if len(found) > ROWS else "",
    }
    return render(request, "web/notifications.html", context)


def _row(one: NewsItem, desk: Desk) -> Row:
    url = reverse("desk:order", args=[one.order_number]) if one.order_number else ""
    if not url and isinstance(one.facts.get("receiver"), int):
        name = "desk:channel" if one.facts.get("sort") == "chat" else "desk:webhook"
        url = reverse(name, args=[one.facts["receiver"]])
    place = MARKETPLACES.get(one.marketplace_id)
    return Row(
        say(one.kind, one.order_number, one.facts),
        url,
        place.name if place else "",
        moment(one.at, desk.zone, desk.now, get_language() or "en"),
        one.unread,
        "bad" if one.kind in _URGENT else "info",
    )


def _number(text: str) -> int | None:
    """An id of an address or form. Raises Http404 for what cannot be one."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _ID_DIGITS_MAX):
        raise Http404
    return int(text)


urls: list[URLPattern] = [path("notifications/", notifications, name="notifications")]
