"""Take returned goods in: scan a parcel, count what came (S2-40, S4-18; screens 1.10, Receive)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from sellerdesk.commands.returns import Receive, receive_returns
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.refusals import Code
from sellerdesk.domain.return_actions import Action, actions
from sellerdesk.interfaces.web.formats import moment, visible
from sellerdesk.interfaces.web.forms import returns as form
from sellerdesk.interfaces.web.forms.typed import FieldError
from sellerdesk.interfaces.web.order_access import missing, origin, read_order
from sellerdesk.interfaces.web.return_access import kept, no_return, once_of, read_return, return_url
from sellerdesk.interfaces.web.return_rows import Cards, titles
from sellerdesk.interfaces.web.return_view import form_context
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.queries.order_detail import OrderDetail
from sellerdesk.queries.return_detail import ReturnDetail
from sellerdesk.queries.returns_list import returns_page
from sellerdesk.queries.returns_query import Facet, ReturnsQuery

OPERATION = "receive_returns"
_STATUS = {Code.BUSY: 409, Code.KEY_IN_USE: 409, Code.RETURN_STATE: 409, Code.FORBIDDEN: 403}
_LONGEST_SCAN = 200


@require_safe
@staff(Permission.RETURNS_RECEIVE)
def scan(request: DeskRequest) -> HttpResponseBase:
    """A box for a scanner. One return that fits opens at once; several are shown to choose from."""
    desk = request.desk
    code = request.GET.get("code", "").replace("\x00", "").strip()[:_LONGEST_SCAN]
    found: Sequence[Any] = ()
    if code:
        query = ReturnsQuery(Facet.ALL, term=code, oldest_first=True)
        found = returns_page(desk.seller.seller_id, query, personal=False, counted=False).lines
        open_ = [one for one in found if Action.RECEIVE in actions(one.state, missing=one.missing)]
        if len(open_) == 1 or len(found) == 1:
            one = (open_ or list(found))[0]
            url = reverse("desk:return_receive", args=[one.rma])
            return redirect(f"{url}?{urlencode({'scanned': '1'})}")
    cards = Cards(desk)
    rows = [(card := cards.card(one, None), titles(card.items)) for one in found]
    context = {"code": visible(code), "rows": rows, "typed": code}
    return render(request, "web/returns/scan.html", context, status=404 if code and not found else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.RETURNS_RECEIVE)
def receive(request: DeskRequest, rma: str) -> HttpResponseBase:
    """How many of each line came, and what is sent with it."""
    detail = read_return(request, rma)
    if detail is None:
        return no_return(request, rma)
    order = read_order(request, detail.view.order_number)
    if order is None:
        return missing(request, detail.view.order_number)
    desk, view = request.desk, detail.view
    left = {line.item_number: line.quantity - line.received for line in view.lines}
    if request.method != "POST":
        units = {number: str(count) for number, count in left.items()}
        draft = form.LinesDraft(form.first_head(detail, order.last_entry), units=units)
        return _answer(request, detail, order, draft)
    draft = form.read_lines(request.POST, list(left))
    if draft.head.number != view.version:
        return _stale(request, detail, order, draft)
    units_, errors = form.check_units(draft, left)
    if errors:
        return _answer(request, detail, order, draft, errors=errors, status=422)
    step = Receive(view.order_number, view.rma, lines=units_, version=draft.head.number)
    once = once_of(request, OPERATION, draft.head.key, [view.rma, draft.head.version, units_])
    [outcome] = receive_returns(desk.actor, [step], now=desk.now, once=once)
    if outcome.refusal is not None:
        fresh = read_return(request, rma) or detail
        if outcome.refusal.code is Code.STALE_VERSION:
            return _stale(request, fresh, read_order(request, view.order_number) or order, draft)
        status = _STATUS.get(outcome.refusal.code, 422)
        return _answer(request, fresh, order, draft, errors=[FieldError("", outcome.refusal)], status=status)
    _say(request, detail, sum(units_.values()))
    if request.POST.get("next") == "scan":
        return redirect("desk:returns_scan")
    listed = origin(request)
    url = reverse("desk:return_grade", args=[rma])
    return redirect(f"{url}?{urlencode({'from': listed})}" if listed else url)


def _say(request: DeskRequest, detail: ReturnDetail, count: int) -> None:
    """What was taken in, and until when the refund is due (C8)."""
    text = ngettext("%(n)s unit received.", "%(n)s units received.", count) % {"n": count}
    fresh = read_return(request, detail.view.rma)
    due = next((one for one in fresh.view.dues if one.kind == "return_refund"), None) if fresh else None
    if due is not None:
        desk = request.desk
        at = moment(due.at, detail.view.marketplace_id, desk.zone, desk.now)
        text += " " + _("The refund is due until %(date)s.") % {"date": at.market}
    messages.success(request, text, extra_tags="ok")


def _stale(
    request: DeskRequest, detail: ReturnDetail, order: OrderDetail, draft: form.LinesDraft
) -> HttpResponseBase:
    """409; unless it is the same form once more, after it was accepted."""
    if draft.head.number == detail.view.version - 1 and _is_done(detail, draft):
        messages.info(request, _("These goods were received already. Nothing was done twice."))
        return redirect(return_url(request, detail.view.rma))
    head = form.Head(str(detail.view.version), str(order.last_entry), draft.head.key)
    fresh = replace(draft, head=head)
    return _answer(request, detail, order, fresh, status=409, stale=draft.head.seen or "0")


def _is_done(detail: ReturnDetail, draft: form.LinesDraft) -> bool:
    typed = {number: text.strip() for number, text in draft.units.items() if text.strip() not in ("", "0")}
    return typed == {line.item_number: str(line.received) for line in detail.view.lines if line.received}


def _answer(
    request: DeskRequest,
    detail: ReturnDetail,
    order: OrderDetail,
    draft: form.LinesDraft,
    *,
    errors: Sequence[FieldError] = (),
    status: int = 200,
    stale: str = "",
) -> HttpResponse:
    view = detail.view
    context: dict[str, Any] = form_context(request, detail, order, errors, stale=stale)
    wrong = context["errors"]
    lines = [
        {
            "item": item,
            "number": line.item_number,
            "left": line.quantity - line.received,
            "received": line.received,
            "value": draft.units.get(line.item_number, ""),
            "error": wrong.get(f"units-{line.item_number}", ""),
        }
        for item, line in zip(context["card"].items, view.lines, strict=True)
    ]
    context |= {
        "draft": draft,
        "lines": lines,
        "can": Action.RECEIVE in actions(view.state, missing=view.missing),
        "scanned": request.GET.get("scanned") == "1",
    }
    return kept(render(request, "web/returns/receive.html", context, status=status))


urls: list[URLPattern] = [
    path("returns/scan/", scan, name="returns_scan"),
    path("returns/<path:rma>/receive/", receive, name="return_receive"),
]
