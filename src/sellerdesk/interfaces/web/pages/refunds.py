"""The seller's refunds: what is held, what waits for a second person, what is on its way; call back and approve
(S0-32, S4-18; screens 1.9; T16).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, re_path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from sellerdesk.commands.refunds import RefundChange, approve_refunds, undo_refunds
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refusals import Code
from sellerdesk.interfaces.web import refund_words
from sellerdesk.interfaces.web.formats import money
from sellerdesk.interfaces.web.forms.typed import typed
from sellerdesk.interfaces.web.order_access import NUMBER, missing, order_url, origin
from sellerdesk.interfaces.web.refund_rows import refund_row
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.queries.refund_list import COUNTED_REFUNDS, Place, RefundTab, refund_page

SIZE = 50
TABS = {
    RefundTab.HELD: lazy("Held"),
    RefundTab.WAITING: lazy("Waiting for approval"),
    RefundTab.ON_THE_WAY: lazy("On their way"),
    RefundTab.ALL: lazy("All"),
}
EMPTY = {
    RefundTab.HELD: lazy("Refunds that you make wait here for a while, so that you can call them back."),
    RefundTab.WAITING: lazy("Refunds above the limit wait here until somebody else has approved them."),
    RefundTab.ON_THE_WAY: lazy("Refunds that have gone are here until the payment side has paid them out."),
    RefundTab.ALL: lazy("Open a shipped order and press “Refund order” to make one."),
}


@require_safe
@staff(Permission.REFUNDS_MAKE)
def refunds(request: DeskRequest) -> HttpResponseBase:
    """The list."""
    desk = request.desk
    tab = _tab(request.GET.get("show", ""))
    after = read_place(request.GET.get("after", ""))
    found = refund_page(desk.seller.seller_id, tab, after=after, size=SIZE)
    context = {
        "tabs": [
            {"label": label, "url": tab_url(one), "count": _count(found.counts[one]), "current": one is tab}
            for one, label in TABS.items()
        ],
        "rows": [refund_row(one, desk) for one in found.lines],
        "tab": tab.value,
        "older": tab_url(tab, found.older) if found.older else "",
        "first": tab_url(tab) if after else "",
        "empty": EMPTY[tab],
    }
    return render(request, "web/refund/list.html", context)


def _tab(text: str) -> RefundTab:
    return RefundTab(text) if text in set(RefundTab) else RefundTab.HELD


def _count(number: int) -> str:
    return f"{COUNTED_REFUNDS}+" if number > COUNTED_REFUNDS else str(number)


def tab_url(tab: RefundTab, place: Place | None = None) -> str:
    """The address of a tab, or of a later page of it."""
    query: dict[str, str] = {} if tab is RefundTab.HELD else {"show": tab.value}
    if place:
        query["after"] = f"{place.at.isoformat()}~{place.id}"
    url = reverse("desk:refunds")
    return f"{url}?{urlencode(query)}" if query else url


def read_place(text: str) -> Place | None:
    """Where a page begins, from its address; anything else is the first page."""
    at_text, _sep, number = text.partition("~")
    try:
        at = datetime.fromisoformat(at_text)
    except ValueError:
        return None
    if at.tzinfo is None or not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return Place(at, int(number))


@require_POST
@staff(Permission.REFUNDS_MAKE)
def undo(request: DeskRequest, order_number: str) -> HttpResponseBase:
    """Call a refund back while it is held or waits."""

    def said(outcome: Outcome) -> str:
        facts = {"amount": money(outcome.facts["total"], outcome.facts["currency"])}
        return _("The refund of %(amount)s was called back. The buyer hears nothing of it.") % facts

    return _change(request, order_number, undo_refunds, said)


@require_POST
@staff(Permission.REFUNDS_APPROVE)
def approve(request: DeskRequest, order_number: str) -> HttpResponseBase:
    """Agree to another's refund; its hold starts now."""

    def said(outcome: Outcome) -> str:
        facts = {"amount": money(outcome.facts["total"], outcome.facts["currency"])}
        return _("The refund of %(amount)s is approved. Its hold has begun.") % facts

    return _change(request, order_number, approve_refunds, said)


def _change(
    request: DeskRequest,
    order_number: str,
    command: Callable[..., list[Outcome]],
    said: Callable[[Outcome], str],
) -> HttpResponseBase:
    """One step of one refund, then back to where it was asked for. Asked twice, the second does nothing and says so."""
    desk = request.desk
    change = RefundChange(order_number, typed(request.POST, "reference"))
    [outcome] = command(desk.actor, [change], now=desk.now)
    refusal = outcome.refusal
    if refusal is None:
        messages.success(request, said(outcome), extra_tags="ok")
    elif refusal.code is Code.ORDER_NOT_FOUND:
        return missing(request, order_number)
    else:
        text = refund_words.sentence(desk, "", refusal, currency="", names={})
        tone = "info" if refusal.code is Code.REFUND_STATE else "bad"
        messages.error(request, text, extra_tags=tone)
    return redirect(_back(request, order_number))


def _back(request: DeskRequest, order_number: str) -> Any:
    tab = typed(request.POST, "show")
    return tab_url(RefundTab(tab)) if tab in set(RefundTab) else order_url(order_number, origin(request))


urls: list[URLPattern] = [
    path("refunds/", refunds, name="refunds"),
    re_path(rf"^{NUMBER}refund/undo/$", undo, name="refund_undo"),
    re_path(rf"^{NUMBER}refund/approve/$", approve, name="refund_approve"),
]
