"""Cancel an order, or some of its units (S3-07, S3-08, S3-14, S3-22 to S3-30, S4-11 to S4-13; screens 1.7)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, re_path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from sellerdesk.commands.cancellations import cancel_orders
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.cancellations import CancelRequest
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.interfaces.web.cancel_view import cancel_context, panel_context
from sellerdesk.interfaces.web.forms import cancel as form
from sellerdesk.interfaces.web.forms.typed import FieldError
from sellerdesk.interfaces.web.order_access import NUMBER, missing, order_url, origin, read_order
from sellerdesk.interfaces.web.shipment_view import changes_since
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.queries.order_detail import OrderDetail
from sellerdesk.queries.shipment_preview import shipping_facts

OPERATION = "cancel_orders"
_FIELDS = {
    Code.LABEL_EXISTS: "label_override",
    Code.OVER_LIMIT: "accepts_limit",
    Code.QUANTITY_EXCEEDED: "units",
}
_STATUS = {Code.BUSY: 409, Code.KEY_IN_USE: 409, Code.EFFECT_CHANGED: 409, Code.FORBIDDEN: 403}


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.ORDERS_CANCEL)
def cancel(request: DeskRequest, order_number: str) -> HttpResponseBase:
    """The form, and what is sent with it."""
    desk = request.desk
    order = read_order(request, order_number)
    facts = shipping_facts(desk.seller.seller_id, order_number)
    if order is None or facts is None:
        return missing(request, order_number)
    if request.method != "POST":
        return _answer(request, order, facts, form.first_draft(facts, seen=order.last_entry))
    draft = form.read_draft(request.POST, facts)
    if _is_done(order, draft):
        messages.info(request, _("This was cancelled already. Nothing was done twice."), extra_tags="info")
        return redirect(order_url(order_number, origin(request)))
    if request.POST.get("do") == "update":
        return _answer(request, order, facts, draft)
    if draft.version != str(facts.version):
        return _stale(request, order, facts, draft)
    reading = form.understand(draft, facts)
    if reading.request is None:
        return _answer(request, order, facts, draft, errors=reading.errors, status=422)
    [outcome] = cancel_orders(
        desk.actor, [reading.request], now=desk.now, once=_once(request, draft.key, reading.request)
    )
    if outcome.refusal is not None:
        return _refused(request, order_number, draft, outcome.refusal)
    messages.success(request, _success(outcome), extra_tags="ok")
    return redirect(order_url(order_number, origin(request)))


@require_POST
@staff(Permission.ORDERS_CANCEL)
def preview(request: DeskRequest, order_number: str) -> HttpResponseBase:
    """The impact panel for what is chosen at this moment."""
    order = read_order(request, order_number)
    facts = shipping_facts(request.desk.seller.seller_id, order_number)
    if order is None or facts is None:
        return missing(request, order_number)
    draft = form.read_draft(request.POST, facts)
    context = panel_context(request, order, facts, draft) | {"is_fragment": True}
    return render(request, "web/order/cancel_panel.html", context)


def _once(request: DeskRequest, key: str, asked: CancelRequest) -> Once:
    desk = request.desk
    return Once(f"staff:{desk.user_id}", OPERATION, key, form.digest(asked), desk.now)


def _answer(
    request: DeskRequest,
    order: OrderDetail,
    facts: OrderFacts,
    draft: form.CancelDraft,
    *,
    errors: Sequence[FieldError] = (),
    status: int = 200,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page with the form as it is typed, or with what is left to do when the order cannot be cancelled."""
    context = cancel_context(request, order, facts, draft, errors) | (extra or {})
    return render(request, "web/order/cancel.html", context, status=status)


def _is_done(order: OrderDetail, draft: form.CancelDraft) -> bool:
    """Whether the last thing that happened to the order is this very form: a second click, or a reload."""
    last = order.cancellations[-1] if order.cancellations else None
    if last is None or last.by != "MERCHANT" or draft.version != str(order.version - 1):
        return False
    asked = {
        number: text for number, text in (draft.quantities or {}).items() if text.strip() not in ("", "0")
    }
    return last.reason == draft.reason and asked == {
        number: str(units) for number, units in last.lines.items()
    }


def _refused(
    request: DeskRequest, order_number: str, draft: form.CancelDraft, refusal: Refusal
) -> HttpResponseBase:
    """The command said no, although the form was sound: the order has changed, or a question waits for an answer."""
    order = read_order(request, order_number)
    facts = shipping_facts(request.desk.seller.seller_id, order_number)
    if order is None or facts is None:
        return missing(request, order_number)
    if refusal.code is Code.STALE_VERSION:
        return _stale(request, order, facts, draft)
    error = FieldError(_FIELDS.get(refusal.code, ""), refusal)
    return _answer(request, order, facts, draft, errors=[error], status=_STATUS.get(refusal.code, 422))


def _stale(
    request: DeskRequest, order: OrderDetail, facts: OrderFacts, draft: form.CancelDraft
) -> HttpResponse:
    """409: what changed meanwhile, with everything that was typed, ready to be sent again against the new state."""
    seen = int(draft.seen) if draft.seen.isascii() and draft.seen.isdigit() else 0
    fresh = replace(draft, version=str(facts.version), seen=str(order.last_entry))
    extra = {"is_stale": True, "changes": changes_since(request, order, seen)}
    return _answer(request, order, facts, fresh, status=409, extra=extra)


def _success(outcome: Outcome) -> str:
    facts = outcome.facts
    if facts["whole"]:
        done = _("Order cancelled.")
    else:
        done = ngettext("%(n)s unit cancelled.", "%(n)s units cancelled.", facts["units"]) % {
            "n": facts["units"]
        }
    if not facts["counts"]:
        effect = _("It does not count in your cancellation rate.")
    elif facts["rate"] is None:
        effect = _("It counts in your cancellation rate.")
    else:
        numbers = f"{facts['rate']['counted']}/{facts['rate']['base']}"
        effect = _("It counts in your cancellation rate, which is now %(rate)s.") % {"rate": numbers}
    return f"{done} {effect}"


urls: list[URLPattern] = [
    re_path(rf"^{NUMBER}cancel/$", cancel, name="cancel"),
    re_path(rf"^{NUMBER}cancel/preview/$", preview, name="cancel_preview"),
]
