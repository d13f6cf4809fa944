"""Re-confirm a shipment: say anew what is in a package, the old record is kept (S1-16, S4-15, C9)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, re_path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sellerdesk.commands.shipments import edit_shipments
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.carriers import CARRIERS
from sellerdesk.domain.facts import OrderFacts, PackageFacts
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.domain.tracking import tracking_key
from sellerdesk.interfaces.web import refusals
from sellerdesk.interfaces.web.effects import Effect, edit_effect, tracking_notes
from sellerdesk.interfaces.web.forms.edit_shipment import draft_of, understand_edit
from sellerdesk.interfaces.web.forms.shipment import ShipmentDraft, error_of, read_draft, with_carrier
from sellerdesk.interfaces.web.forms.typed import FieldError
from sellerdesk.interfaces.web.order_access import NUMBER, missing, order_url, origin, read_order, reader_of
from sellerdesk.interfaces.web.shipment_view import changes_since, form_context, package_errors, package_lines
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.queries.order_detail import OrderDetail
from sellerdesk.queries.shipment_preview import preview_edit, shipping_facts, tracking_uses


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.ORDERS_SHIP)
def edit(request: DeskRequest, order_number: str, reference: str) -> HttpResponseBase:
    """The form as the package stands, and what is sent with it."""
    order, facts, package = _read(request, order_number, reference)
    if order is None or facts is None or package is None:
        return missing(request, order_number)
    desk = request.desk
    if request.method != "POST":
        draft = draft_of(facts, package, seen=order.last_entry, zone=desk.zone)
        return _answer(request, order, facts, package, draft)
    draft = read_draft(request.POST, facts)
    do, _sep, detail = request.POST.get("do", "confirm").partition(":")
    if do == "use":
        return _answer(request, order, facts, package, with_carrier(draft, 0, detail.partition(":")[2]))
    reading = understand_edit(draft, facts, package, zone=desk.zone, now=desk.now)
    if reading.request is None:
        return _answer(request, order, facts, package, draft, errors=reading.errors, status=422)
    [outcome] = edit_shipments(desk.actor, [reading.request], now=desk.now)
    if outcome.refusal is not None:
        return _refused(request, order_number, reference, draft, outcome.refusal)
    if outcome.state == "unchanged":
        messages.info(request, _("Nothing was changed."), extra_tags="info")
    else:
        messages.success(request, _("Shipment re-confirmed. The old record is kept."), extra_tags="ok")
    return redirect(order_url(order_number, origin(request)))


@require_POST
@staff(Permission.ORDERS_SHIP)
def preview(request: DeskRequest, order_number: str, reference: str) -> HttpResponseBase:
    """Old and new side by side, for what is typed at this moment."""
    order, facts, package = _read(request, order_number, reference)
    if order is None or facts is None or package is None:
        return missing(request, order_number)
    draft = read_draft(request.POST, facts)
    return render(
        request,
        "web/order/confirm_effect.html",
        _words(request, order, facts, package, draft=draft, errors=()),
    )


def _read(
    request: DeskRequest, order_number: str, reference: str
) -> tuple[OrderDetail | None, OrderFacts | None, PackageFacts | None]:
    order = read_order(request, order_number)
    facts = shipping_facts(request.desk.seller.seller_id, order_number)
    return order, facts, facts.package(reference) if facts else None


def _answer(
    request: DeskRequest,
    order: OrderDetail,
    facts: OrderFacts,
    package: PackageFacts,
    draft: ShipmentDraft,
    *,
    errors: Sequence[FieldError] = (),
    status: int = 200,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    context = form_context(request, order, facts, draft, errors)
    for item in context["items"]:  # what is in the package counts as available: it may stay there
        item["left"] += package.lines.get(item["number"], 0)
        item["least"] = package.lines.get(item["number"], 0)
    context |= _words(request, order, facts, package, draft=draft, errors=errors)
    for shown in context["packages"]:
        shown["lines"] = package_lines(context["items"], shown["draft"], shown["errors"])
    context |= {
        "package": package,
        "closed": package.status in ("DELIVERED", "CANCELLED"),
        "foreign_carrier": package.carrier_code if package.carrier_code not in CARRIERS else "",
    }
    return render(request, "web/order/edit.html", context | (extra or {}), status=status)


def _words(
    request: DeskRequest,
    order: OrderDetail,
    facts: OrderFacts,
    package: PackageFacts,
    *,
    draft: ShipmentDraft,
    errors: Sequence[FieldError],
) -> dict[str, Any]:
    """The effect and the notes about the tracking number."""
    desk = request.desk
    numbers = [one.tracking for one in draft.packages[:1]]
    uses = tracking_uses(desk.seller.seller_id, facts.order_number, numbers)
    others = {
        tracking_key(one.tracking): one.reference for one in facts.packages if one.tracking and one != package
    }
    shown = {
        "prefix": "p0",
        "index": 0,
        "number": package.reference,
        "draft": draft.packages[0],
        "notes": tracking_notes(draft.packages[:1], uses, others)[0],
        "errors": package_errors(request, errors, "p0"),
        "single": True,
    }
    return {"effect": _effect(request, order, facts, package, draft), "packages": [shown]}


def _effect(
    request: DeskRequest, order: OrderDetail, facts: OrderFacts, package: PackageFacts, draft: ShipmentDraft
) -> Effect:
    desk = request.desk
    reading = understand_edit(draft, facts, package, zone=desk.zone, now=desk.now)
    if reading.request is None:
        return Effect("info", _("Correct the marked fields to see what changes."))
    asked = replace(reading.request, version=None)
    found = preview_edit(desk.seller.seller_id, asked, now=desk.now)
    if found.decision is not None:
        return edit_effect(found.decision, order, reader_of(request))
    refusal = found.refusal or Refusal(Code.PACKAGE_NOT_FOUND)
    return Effect("bad", refusals.word(refusal, now=desk.now, zone=desk.zone))


def _refused(
    request: DeskRequest, order_number: str, reference: str, draft: ShipmentDraft, refusal: Refusal
) -> HttpResponseBase:
    order, facts, package = _read(request, order_number, reference)
    if order is None or facts is None or package is None:
        return missing(request, order_number)
    if refusal.code is not Code.STALE_VERSION:
        status = {Code.BUSY: 409, Code.FORBIDDEN: 403}.get(refusal.code, 422)
        return _answer(request, order, facts, package, draft, errors=[error_of(refusal)], status=status)
    seen = int(draft.seen) if draft.seen.isascii() and draft.seen.isdigit() else 0
    fresh = replace(draft, version=str(facts.version), seen=str(order.last_entry))
    extra = {"is_stale": True, "changes": changes_since(request, order, seen)}
    return _answer(request, order, facts, package, fresh, status=409, extra=extra)


urls: list[URLPattern] = [
    re_path(rf"^{NUMBER}packages/(?P<reference>.+)/edit/$", edit, name="edit_shipment"),
    re_path(rf"^{NUMBER}packages/(?P<reference>.+)/edit/preview/$", preview, name="edit_preview"),
]
