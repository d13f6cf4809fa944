"""Manage Orders (S1-04 to S1-09, S4-01 to S4-05)."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.orders import Channel
from sellerdesk.interfaces.web import words
from sellerdesk.interfaces.web.order_cells import Cells
from sellerdesk.interfaces.web.order_chips import Chip, chips
from sellerdesk.interfaces.web.order_filter import ORDER, Asked, read, to_url, write_cursor
from sellerdesk.interfaces.web.order_rows import Rows, pattern
from sellerdesk.interfaces.web.staff import Desk, DeskRequest, staff
from sellerdesk.looks import when
from sellerdesk.queries.order_counts import COUNTED, TAB_STATUSES, Counts, Tab
from sellerdesk.queries.order_list import MOST_AT_ONCE, SIZES, OrderPage, order_page
from sellerdesk.queries.order_query import Sort

TABS = {
    Tab.PENDING: lazy("Pending"),
    Tab.UNSHIPPED: lazy("Unshipped"),
    Tab.SHIPPED: lazy("Shipped"),
    Tab.CANCELLED: lazy("Cancelled"),
    Tab.ALL: lazy("All"),
}
SORTS = {
    Sort.SHIP_BY: lazy("Ship by, most urgent first"),
    Sort.NEWEST: lazy("Order date, newest first"),
    Sort.OLDEST: lazy("Order date, oldest first"),
    Sort.TOTAL: lazy("Total, greatest first"),
}
SHIP_BY_CHOICES = {
    "late": lazy("Late"),
    "soon": lazy("Due within 4 hours"),
    "today": lazy("Due today"),
    "later": lazy("Due later"),
}
WISH_CHOICES = {
    "requested": lazy("Cancellation requested"),
    "said": lazy("Cancellation only wished for in a message"),
}
WISH_OPTIONS = {"requested": lazy("Requested"), "said": lazy("Only in a message")}
RANGE_CHOICES = {
    "1": lazy("Today"),
    "7": lazy("Last 7 days"),
    "30": lazy("Last 30 days"),
    "90": lazy("Last 90 days"),
    "365": lazy("Last 365 days"),
    "all": lazy("All dates"),
}


@dataclass(frozen=True, slots=True)
class TabView:
    label: str
    url: str
    count: str
    current: bool
    dimmed: bool


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool


@require_safe
@staff()
def orders(request: DeskRequest) -> HttpResponseBase:
    """The list. An address that says more than it must (a form sent as it is) is led to the tidy one."""
    asked = read(request.GET, request.desk)
    if any(name in ORDER and name not in asked.params for name in request.GET):
        return redirect(to_url(asked.text))
    page = order_page(
        request.desk.seller.seller_id,
        asked.query,
        now=request.desk.now,
        counted=asked.counted,
        buyers=request.desk.may(Permission.BUYERS_READ),
    )
    if not page.lines and (asked.query.after or asked.query.before):
        return redirect(to_url(asked.lasting))  # what stood beyond this place has gone
    return render(request, "web/orders.html", _context(request, asked, page))


def _context(request: DeskRequest, asked: Asked, page: OrderPage) -> dict[str, object]:
    desk = request.desk
    rows = Rows(desk, asked.text, with_place=len(desk.around.marketplaces) > 1)
    bulk = _bulk(desk, asked, page)
    cells = Cells(static("looks/icons.svg"), selects=bulk is not None, shows_money=rows.shows_money)
    current_view = next((view for view in desk.around.views if view.query == asked.lasting), None)
    return {
        "asked": asked,
        "asked_q": asked.get("q"),
        "rows": [cells.html(rows.row(line)) for line in page.lines],
        "shows_money": rows.shows_money,
        "tabs": _tabs(asked, page.counts, current_view is not None),
        "views": [(view, to_url(view.query), view == current_view) for view in desk.around.views],
        "saved": current_view,
        "prompt": _prompt(asked, page.counts),
        "chips": _chips(asked),
        "kept": [(n, v) for n, vs in asked.params.items() for v in vs if n not in _OWN_CONTROLS],
        "controls": _controls(asked),
        "channels": _channels(asked),
        "newer": asked.url(before=write_cursor(page.newer)) if page.newer else "",
        "older": asked.url(after=write_cursor(page.older)) if page.older else "",
        # A template takes a missing "clear" for the method of the dictionary, which empties it.
        "empty": {"clear": ""} | _empty(asked, page.counts),
        "bulk": bulk,
        "wishes": _wishes(asked, page.counts),
        "countdown": json.dumps(when.countdown_patterns(desk.language), ensure_ascii=False),
        "now": when.iso(desk.now),
    }


@dataclass(frozen=True, slots=True)
class Bulk:
    """What the ticked rows can be sent to. `matching` is the list itself, to be sent instead of the rows; "" when one
    page holds it all."""

    slips_url: str
    cancel_url: str
    refund_url: str
    matching: str
    matching_text: str
    matching_count: str


def _bulk(desk: Desk, asked: Asked, page: OrderPage) -> Bulk | None:
    slips = pattern("desk:slips") if desk.may(Permission.BUYERS_READ) else ""
    cancel = pattern("desk:cancel_many") if desk.may(Permission.ORDERS_CANCEL) else ""
    refund = pattern("desk:refund_many") if desk.may(Permission.REFUNDS_MAKE) else ""
    if not (slips or cancel or refund):
        return None
    whole, number = bool(page.newer or page.older), min(page.matching, MOST_AT_ONCE)
    text = (
        _("Select all {n} that match")
        if page.matching <= MOST_AT_ONCE
        else _("Select the first {n} that match")
    )
    return Bulk(
        slips,
        cancel,
        refund,
        (asked.lasting or "tab=unshipped") if whole else "",
        text.format(n=f"{number:,}"),
        f"{number:,}",
    )


def _wishes(asked: Asked, counts: Counts) -> list[tuple[str, str, str]]:
    """Tone, words and address of what waits for an answer to a buyer who wants to cancel."""
    if asked.query.channel is Channel.AFN:
        return []
    bare = {"tab": "", "status": "", "days": "", "q": "", "ids": "", "from_": "", "until": "", "sort": ""}
    requested = ngettext("{n} buyer requests to cancel", "{n} buyers request to cancel", counts.requested)
    said = ngettext(
        "{n} buyer wishes to cancel in a message", "{n} buyers wish to cancel in a message", counts.said
    )
    found = [("info", requested, counts.requested, "requested"), ("warn", said, counts.said, "said")]
    return [
        (tone, text.format(n=count_text(number)), asked.url(wish=wish, ship_by="", **bare))
        for tone, text, number, wish in found
        if number
    ]


_OWN_CONTROLS = frozenset({"q", "wish", "ship_by", "days", "status", "sort", "size", "after", "before"})


def _tabs(asked: Asked, counts: Counts, in_view: bool) -> list[TabView]:
    shared = {"ship_by": "", "status": "", "sort": "", "ids": ""}
    return [
        TabView(
            str(label),
            asked.url(tab="" if tab is Tab.UNSHIPPED else tab.value, **shared),
            count_text(counts.tabs[tab]),
            current=tab is asked.query.tab and not in_view,
            dimmed=tab is Tab.PENDING,
        )
        for tab, label in TABS.items()
    ]


def count_text(number: int) -> str:
    """A capped count: "34", "1,284", "10,000+"."""
    return f"{COUNTED:,}+" if number > COUNTED else f"{number:,}"


def _prompt(asked: Asked, counts: Counts) -> dict[str, str] | None:
    """S1-08: that there are unshipped orders, how many, and which of them are urgent."""
    number = counts.tabs[Tab.UNSHIPPED]
    if not number or asked.query.channel is Channel.AFN:
        return None
    text = ngettext("{n} order is waiting to be shipped.", "{n} orders are waiting to be shipped.", number)
    bare = {"tab": "", "status": "", "days": "", "q": "", "ids": "", "from_": "", "until": "", "sort": ""}
    return {
        "text": text.format(n=count_text(number)),
        "late": ngettext("{n} is late", "{n} are late", counts.late).format(n=count_text(counts.late))
        if counts.late
        else "",
        "late_url": asked.url(ship_by="late", **bare),
        "soon": ngettext("{n} is due within 4 hours", "{n} are due within 4 hours", counts.due_soon).format(
            n=count_text(counts.due_soon)
        )
        if counts.due_soon
        else "",
        "soon_url": asked.url(ship_by="soon", **bare),
        "url": asked.url(ship_by="", **bare),
        "tone": "bad" if counts.late else "warn" if counts.due_soon else "info",
    }


def _chips(asked: Asked) -> list[Chip]:
    found = chips(asked, {"ship_by": SHIP_BY_CHOICES, "wish": WISH_CHOICES})
    if asked.query.tab is Tab.UNSHIPPED and not ("from" in asked.params or "until" in asked.params):
        found.insert(0, Chip(_("All dates: nothing unshipped is hidden"), ""))
    elif asked.limited:
        words_ = ngettext("Last {n} day", "Last {n} days", asked.days or 0).format(n=asked.days)
        found.insert(0, Chip(words_, asked.url(days="all")))
    return found


def _controls(asked: Asked) -> dict[str, object]:
    statuses = sorted(TAB_STATUSES[asked.query.tab])
    chosen_days = asked.get("days") or ("" if not asked.days else str(asked.days))
    ranges: dict[str, Any] = dict(RANGE_CHOICES)
    if str(asked.default_days) not in ranges:
        ranges = {str(asked.default_days): _("Last {n} days").format(n=asked.default_days), **ranges}
    return {
        "statuses": [
            Option(one.value, str(words.STATUSES[one][0]), one in asked.query.statuses) for one in statuses
        ]
        if len(statuses) > 1
        else [],
        "ship_by": [Option(v, str(label), v == asked.get("ship_by")) for v, label in SHIP_BY_CHOICES.items()]
        if asked.query.tab in (Tab.UNSHIPPED, Tab.ALL)
        else [],
        "wish": [Option(v, str(label), v == asked.get("wish")) for v, label in WISH_OPTIONS.items()]
        if asked.query.tab in (Tab.UNSHIPPED, Tab.ALL)
        else [],
        "days": [Option(v, str(label), v == chosen_days) for v, label in ranges.items()]
        if asked.query.tab is not Tab.UNSHIPPED and "ids" not in asked.params
        else [],
        "sort": [
            Option(one.value, str(label), one is asked.query.sort)
            for one, label in SORTS.items()
            if one is not Sort.SHIP_BY or asked.query.tab in (Tab.UNSHIPPED, Tab.ALL)
        ],
        "size": [Option(str(one), str(one), one == asked.query.size) for one in SIZES],
    }


def _channels(asked: Asked) -> list[tuple[str, str, bool]]:
    found = [
        (str(words.CHANNELS[Channel.MFN]), asked.url(channel=""), asked.query.channel is Channel.MFN),
        (str(words.CHANNELS[Channel.AFN]), asked.url(channel="afn"), asked.query.channel is Channel.AFN),
    ]
    if asked.query.channel is None:
        found.append((_("Both"), asked.url(channel="any"), True))
    return found


def _empty(asked: Asked, counts: Counts) -> dict[str, str]:
    """What would be here, why it is empty, and what to do (screens 1.0)."""
    clear = to_url("&".join(f"{n}={asked.get(n)}" for n in ("tab", "channel") if asked.get(n)))
    if asked.filtered:
        return {
            "title": _("No order matches these filters"),
            "text": _("Take a filter off, or search all dates and both ways of shipping."),
            "clear": clear,
            "all_dates": asked.url(days="all", tab="all", channel="any", from_="", until=""),
        }
    if not any(counts.tabs.values()) and asked.query.channel is not Channel.AFN:
        return {
            "title": _("No orders yet"),
            "text": "",
            "new": "yes",
            "all_dates": asked.url(tab="all", days="all"),
        }
    titles = {
        Tab.PENDING: (_("Nothing is pending"), _("Orders wait here until their payment is authorised.")),
        Tab.UNSHIPPED: (_("Everything is shipped"), _("New orders appear here as soon as they are paid.")),
        Tab.SHIPPED: (_("Nothing was shipped in this time"), ""),
        Tab.CANCELLED: (_("Nothing was cancelled in this time"), ""),
        Tab.ALL: (_("No orders in this time"), ""),
    }
    title, text = titles[asked.query.tab]
    return {"title": title, "text": text, "all_dates": asked.url(days="all") if asked.limited else ""}


urls: list[URLPattern] = [path("orders/", orders, name="orders")]
