"""Confirm a shipment, and re-confirm one (S0-09, S4-09, S4-15; screens 1.4)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, re_path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sellerdesk.commands.shipments import confirm_shipments
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.lifecycle import actions
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.domain.shipments import PackageRequest, ShipmentRequest
from sellerdesk.domain.tracking import tracking_key
from sellerdesk.interfaces.web import refusals
from sellerdesk.interfaces.web.effects import Effect, confirmation_effect, tracking_notes
from sellerdesk.interfaces.web.formats import money
from sellerdesk.interfaces.web.forms import shipment as form
from sellerdesk.interfaces.web.forms.typed import FieldError, typed
from sellerdesk.interfaces.web.order_access import NUMBER, missing, order_url, origin, read_order, reader_of
from sellerdesk.interfaces.web.shipment_view import changes_since, form_context, package_errors, package_lines
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.queries.order_detail import OrderDetail
from sellerdesk.queries.shipment_preview import preview_confirmation, shipping_facts, tracking_uses

# What a second click, a reload or a colleague's faster hand lead to.
_TOO_LATE = (Code.STALE_VERSION, Code.ALREADY_SHIPPED)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.ORDERS_SHIP)
def confirm(request: DeskRequest, order_number: str) -> HttpResponseBase:
    """The form, and what is sent with it."""
    order = read_order(request, order_number)
    facts = shipping_facts(request.desk.seller.seller_id, order_number)
    if order is None or facts is None:
        return missing(request, order_number)
    desk = request.desk
    if request.method != "POST":
        draft = form.first_draft(facts, seen=order.last_entry, zone=desk.zone, now=desk.now)
        return _answer(request, order, facts, draft)
    draft = form.read_draft(request.POST, facts)
    do, _sep, detail = request.POST.get("do", "confirm").partition(":")
    if do != "confirm":
        return _answer(request, order, facts, _changed(draft, facts, do, detail))
    reading = form.understand(draft, facts, zone=desk.zone, now=desk.now)
    if reading.request is None and _is_current(draft, facts):
        return _answer(request, order, facts, draft, errors=reading.errors, status=422)
    if reading.request is None:
        return _stale(request, order, facts, draft)
    if order.is_held and not typed(request.POST, "ship_anyway"):
        return _answer(request, order, facts, draft, status=422, extra={"is_hold_open": True})
    [outcome] = confirm_shipments(desk.actor, [reading.request], now=desk.now)
    if outcome.refusal is not None:
        return _refused(request, reading.request, draft, outcome.refusal)
    messages.success(request, _success(outcome, reader_of(request).sees_money), extra_tags="ok")
    return redirect(order_url(order_number, origin(request)))


@require_POST
@staff(Permission.ORDERS_SHIP)
def preview(request: DeskRequest, order_number: str) -> HttpResponseBase:
    """The effect line and the notes about tracking numbers, for what is typed at this moment."""
    order = read_order(request, order_number)
    facts = shipping_facts(request.desk.seller.seller_id, order_number)
    if order is None or facts is None:
        return missing(request, order_number)
    draft = form.read_draft(request.POST, facts)
    context = {
        "effect": _effect(request, order, draft, facts),
        "packages": _packages(request, facts, draft, ()),
    }
    return render(request, "web/order/confirm_effect.html", context)


def _is_current(draft: form.ShipmentDraft, facts: OrderFacts) -> bool:
    return draft.version == str(facts.version)


def _changed(draft: form.ShipmentDraft, facts: OrderFacts, do: str, detail: str) -> form.ShipmentDraft:
    """The form after one of its small buttons."""
    index, _sep, rest = detail.partition(":")
    position = int(index) if index.isascii() and index.isdigit() else -1
    if do == "add":
        return form.with_package(draft, facts)
    if do == "remove":
        return form.without_package(draft, position)
    if do == "use":
        return form.with_carrier(draft, position, rest)
    return draft


def _answer(
    request: DeskRequest,
    order: OrderDetail,
    facts: OrderFacts,
    draft: form.ShipmentDraft,
    *,
    errors: Sequence[FieldError] = (),
    status: int = 200,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page with the form as it is typed."""
    context = form_context(request, order, facts, draft, errors) | {
        "effect": _effect(request, order, draft, facts),
        "packages": _packages(request, facts, draft, errors),
        "ship_anyway": bool(typed(request.POST, "ship_anyway")),
        "can_add": len(draft.packages) < form.MOST_PACKAGES,
        "can_confirm": "confirm_shipment" in actions(facts.status, facts.channel) and facts.items_known,
    }
    for package in context["packages"]:
        package["lines"] = package_lines(context["items"], package["draft"], package["errors"])
    return render(request, "web/order/confirm.html", context | (extra or {}), status=status)


def _effect(request: DeskRequest, order: OrderDetail, draft: form.ShipmentDraft, facts: OrderFacts) -> Effect:
    desk = request.desk
    asked = form.preview_request(draft, facts, zone=desk.zone, now=desk.now)
    if asked is None:
        if any(item.left for item in facts.items):
            return Effect("info", _("Give the quantities to see what confirming does."))
        asked = ShipmentRequest(
            order.order_number, (PackageRequest("Other", "", desk.now, carrier_name="-"),)
        )
    found = preview_confirmation(desk.seller.seller_id, asked, now=desk.now)
    if found.decision is not None:
        return confirmation_effect(found.decision, order, reader_of(request))
    refusal = found.refusal or Refusal(Code.ORDER_NOT_FOUND)
    return Effect("bad", refusals.word(refusal, now=desk.now, zone=desk.zone))


def _packages(
    request: DeskRequest, facts: OrderFacts, draft: form.ShipmentDraft, errors: Sequence[FieldError]
) -> list[dict[str, Any]]:
    """Each package of the form with its fields, its errors and what there is to say about its number."""
    uses = tracking_uses(
        request.desk.seller.seller_id, facts.order_number, [package.tracking for package in draft.packages]
    )
    taken = {
        tracking_key(package.tracking): package.reference for package in facts.packages if package.tracking
    }
    notes = tracking_notes(draft.packages, uses, taken)
    return [
        {
            "prefix": f"p{index}",
            "index": index,
            "number": len(facts.packages) + index + 1,
            "draft": package,
            "notes": notes[index],
            "errors": package_errors(request, errors, f"p{index}"),
            "single": len(draft.packages) == 1,
        }
        for index, package in enumerate(draft.packages)
    ]


def _refused(
    request: DeskRequest, asked: ShipmentRequest, draft: form.ShipmentDraft, refusal: Refusal
) -> HttpResponseBase:
    """The command said no, although the form was sound: the order has changed, or a rule of the order speaks."""
    order = read_order(request, asked.order_number)
    facts = shipping_facts(request.desk.seller.seller_id, asked.order_number)
    if order is None or facts is None:
        return missing(request, asked.order_number)
    if refusal.code in _TOO_LATE and _is_done(facts, asked):
        text = _("This shipment was confirmed already. Nothing was done twice.")
        messages.info(request, text, extra_tags="info")
        return redirect(order_url(asked.order_number, origin(request)))
    if refusal.code in _TOO_LATE:
        return _stale(request, order, facts, draft)
    status = {Code.BUSY: 409, Code.FORBIDDEN: 403}.get(refusal.code, 422)
    return _answer(request, order, facts, draft, errors=[form.error_of(refusal)], status=status)


def _is_done(facts: OrderFacts, asked: ShipmentRequest) -> bool:
    """Whether every package that was asked for is there already, with the same number and content."""
    there = {
        (tracking_key(one.tracking), one.carrier_code, tuple(sorted(one.lines.items())))
        for one in facts.packages
    }
    return all(
        (tracking_key(one.tracking), one.carrier_code, tuple(sorted((one.lines or {}).items()))) in there
        for one in asked.packages
    )


def _stale(
    request: DeskRequest, order: OrderDetail, facts: OrderFacts, draft: form.ShipmentDraft
) -> HttpResponse:
    """409: what changed meanwhile, with everything that was typed, ready to be sent again against the new state."""
    seen = int(draft.seen) if draft.seen.isascii() and draft.seen.isdigit() else 0
    fresh = replace(draft, version=str(facts.version), seen=str(order.last_entry))
    extra = {"is_stale": True, "changes": changes_since(request, order, seen)}
    return _answer(request, order, facts, fresh, status=409, extra=extra)


def _success(outcome: Outcome, sees_money: bool) -> str:
    facts = outcome.facts
    word = _("Shipment confirmed late.") if facts["late"] else _("Shipment confirmed on time.")
    if not sees_money:
        return word
    amount = money(facts["charged"], facts["currency"])
    charged = _("Buyer charged %(amount)s") % {"amount": amount}
    return f"{word} {charged}."


urls: list[URLPattern] = [
    re_path(rf"^{NUMBER}confirm/$", confirm, name="confirm"),
    re_path(rf"^{NUMBER}confirm/preview/$", preview, name="confirm_preview"),
]
