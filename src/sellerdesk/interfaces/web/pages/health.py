"""Account health: the cancellation rate of each marketplace, explained (screens 1.13; S3-31 to S3-34, U8)."""

from dataclasses import replace
from datetime import UTC, datetime

from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from sellerdesk.domain.actors import Permission
from sellerdesk.interfaces.web.health_view import MOST, card, older_link, order_line
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.queries.cancellation_rate import cancellation_rates, counted_orders


@require_safe
@staff(Permission.ORDERS_READ)
def health(request: DeskRequest) -> HttpResponseBase:
    """All marketplaces' cards, or one's: `?marketplace=`. `?for=&cancel=&orders=` asks one card what would be if."""
    desk, asked = request.desk, request.GET
    places = list(desk.around.marketplaces)
    if chosen := asked.get("marketplace", ""):
        if chosen not in places:
            raise Http404
        places = [chosen]
    found = cancellation_rates(desk.seller.seller_id, places, desk.now)
    cards = [
        card(one, desk, _what_if(asked) if asked.get("for") == one.marketplace_id else None) for one in found
    ]
    if chosen and (after := _after(asked)) is not None:
        lines, more = counted_orders(desk.seller.seller_id, chosen, desk.now, after=after)
        shown = tuple(order_line(line, desk, chosen) for line in lines)
        cards = [replace(cards[0], lines=shown, older=older_link(chosen, lines) if more else "")]
    return render(request, "web/health.html", {"cards": cards, "most": MOST, "chosen": chosen})


def _what_if(asked: QueryDict) -> tuple[int, int]:
    return _number(asked.get("cancel", "")), _number(asked.get("orders", ""))


def _number(text: str) -> int:
    """What was typed, as a number from 0 to MOST; anything else is nought."""
    if not (text.isascii() and text.isdigit()):
        return 0
    return min(int(text), MOST) if len(text) <= 20 else MOST


def _after(asked: QueryDict) -> tuple[datetime, int] | None:
    """The place in the list that an older page begins after. Raises Http404 for what is none."""
    text = asked.get("after", "")
    if not text:
        return None
    moment, _, number = text.partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        raise Http404 from None
    if at.tzinfo is None or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    return at.astimezone(UTC), int(number)


urls: list[URLPattern] = [path("health/", health, name="health")]
