"""Refund an order, wholly or in part (S0-27 to S0-32, S2-09 to S2-11, S2-41, S4-18 to S4-22; screens 1.9)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, re_path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sellerdesk.commands.refunds import request_refunds
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refunds import RefundFacts, RefundRequest
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.interfaces.web import refund_words
from sellerdesk.interfaces.web.formats import money
from sellerdesk.interfaces.web.forms import refund as form
from sellerdesk.interfaces.web.forms.refund import RefundDraft
from sellerdesk.interfaces.web.forms.typed import FieldError, typed
from sellerdesk.interfaces.web.order_access import NUMBER, missing, order_url, origin, read_order
from sellerdesk.interfaces.web.refund_rows import refund_row
from sellerdesk.interfaces.web.refund_view import panel_context, refund_context, with_fee
from sellerdesk.interfaces.web.shipment_view import changes_since
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.queries.kept_answers import kept_outcomes
from sellerdesk.queries.order_detail import OrderDetail
from sellerdesk.queries.refund_list import order_money
from sellerdesk.queries.refund_preview import refund_facts

OPERATION = "request_refunds"
_STATUS = {Code.BUSY: 409, Code.KEY_IN_USE: 409, Code.FORBIDDEN: 403}
_STALE = frozenset({Code.STALE_VERSION, Code.LEFT_CHANGED})


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.REFUNDS_MAKE)
def full(request: DeskRequest, order_number: str) -> HttpResponseBase:
    """All that is left of the order, or of one of its returns."""
    return _page(request, order_number, form.FULL)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.REFUNDS_MAKE)
def partial(request: DeskRequest, order_number: str) -> HttpResponseBase:
    """Units or amounts by line, an amount without a line, or concessions alone."""
    return _page(request, order_number, form.PARTIAL)


@require_POST
@staff(Permission.REFUNDS_MAKE)
def preview(request: DeskRequest, order_number: str) -> HttpResponseBase:
    """The panel for what is typed at this moment."""
    order, facts = _read(request, order_number)
    if order is None or facts is None:
        return missing(request, order_number)
    kind = form.PARTIAL if typed(request.POST, "kind") == form.PARTIAL else form.FULL
    draft = form.read_draft(request.POST, facts, kind)
    context = panel_context(request, order, facts, draft) | {"is_fragment": True}
    return render(request, "web/refund/panel.html", context)


def _read(request: DeskRequest, order_number: str) -> tuple[OrderDetail | None, RefundFacts | None]:
    order = read_order(request, order_number)
    return order, refund_facts(request.desk.seller.seller_id, order_number)


def _page(request: DeskRequest, order_number: str, kind: str) -> HttpResponseBase:
    """The form, what its quick buttons type, and what is sent with it."""
    order, facts = _read(request, order_number)
    if order is None or facts is None:
        return missing(request, order_number)
    if request.method != "POST":
        rma = request.GET.get("rma", "")
        draft = form.first_draft(facts, kind, seen=order.last_entry, rma=rma)
        fee = (
            typed(request.GET, "fee") if draft.rma else ""
        )  # a fee is the seller's choice: none unless it is named
        return _answer(request, order, facts, replace(draft, fee="" if fee == "0" else fee))
    draft = form.read_draft(request.POST, facts, kind)
    do = typed(request.POST, "do")
    if do == "fee":
        return _answer(request, order, facts, with_fee(request.desk, draft, facts))
    if do in form.FILLS or do.startswith("max-"):
        return _answer(request, order, facts, form.filled(draft, facts, do))
    if do == "update":
        return _answer(request, order, facts, draft)
    reading = form.understand(draft, facts)
    if reading.request is None:
        return _answer(request, order, facts, draft, errors=reading.errors, status=422)
    return _send(request, order, draft, reading.request)


def _send(
    request: DeskRequest, order: OrderDetail, draft: RefundDraft, asked: RefundRequest
) -> HttpResponseBase:
    """Ask for the refund. A form that was sent before gets its first answer, and does nothing."""
    desk = request.desk
    principal = f"staff:{desk.user_id}"
    kept = kept_outcomes(desk.seller.seller_id, principal, OPERATION, draft.key)
    once = Once(principal, OPERATION, draft.key, form.digest(asked), desk.now)
    [outcome] = request_refunds(desk.actor, [asked], now=desk.now, once=once)
    if outcome.refusal is not None:
        return _refused(request, order.order_number, draft, outcome.refusal)
    if kept is not None:
        said = {"reference": outcome.facts["reference"]}
        text = _("This was sent already, as refund %(reference)s. Nothing was done twice.") % said
        messages.info(request, text, extra_tags="info")
    else:
        messages.success(request, _success(outcome), extra_tags="ok")
    return redirect(order_url(order.order_number, origin(request)))


def _refused(
    request: DeskRequest, order_number: str, draft: RefundDraft, refusal: Refusal
) -> HttpResponseBase:
    """The command said no, although the form was sound: the order has changed, or the rule does not allow it."""
    order, facts = _read(request, order_number)
    if order is None or facts is None:
        return missing(request, order_number)
    if refusal.code in _STALE:
        return _stale(request, order, facts, draft)
    if refusal.code is Code.KEY_REUSED:
        return _sent_before(request, order, facts, draft)
    error = FieldError(refund_words.place_of(refusal, partial=draft.kind == form.PARTIAL), refusal)
    status = _STATUS.get(refusal.code, 422)
    return _answer(request, order, facts, draft, errors=[error], status=status)


def _answer(
    request: DeskRequest,
    order: OrderDetail,
    facts: RefundFacts,
    draft: RefundDraft,
    *,
    errors: Sequence[FieldError] = (),
    status: int = 200,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    found = order_money(request.desk.seller.seller_id, order.order_number)
    rows = [refund_row(one, request.desk) for one in found.refunds]
    context = refund_context(request, order, facts, draft, errors) | {
        "refunds": rows,
        "is_first": request.method == "GET",
    }
    context |= extra or {}
    answer = render(request, "web/refund/form.html", context, status=status)
    # Going back must bring the very form that was sent, with its key, and not a fresh one that would refund again.
    answer.headers["Cache-Control"] = "private, max-age=0"
    return answer


def _fresh(draft: RefundDraft, order: OrderDetail, facts: RefundFacts) -> RefundDraft:
    """What was typed, against the order as it stands now."""
    return replace(draft, version=str(facts.order.version), seen=str(order.last_entry), left=str(facts.left))


def _stale(request: DeskRequest, order: OrderDetail, facts: RefundFacts, draft: RefundDraft) -> HttpResponse:
    """409: what changed meanwhile and what is left now, with everything that was typed, ready to be sent again."""
    seen = int(draft.seen) if draft.seen.isascii() and draft.seen.isdigit() else 0
    extra: dict[str, Any] = {"is_stale": True, "changes": changes_since(request, order, seen)}
    if draft.left != str(facts.left):
        extra["left_changed"] = money(facts.left, facts.order.currency)
    return _answer(request, order, facts, _fresh(draft, order, facts), status=409, extra=extra)


def _sent_before(
    request: DeskRequest, order: OrderDetail, facts: RefundFacts, draft: RefundDraft
) -> HttpResponse:
    """409: the form's key stands for another refund. With a key of its own this would be a further one."""
    desk = request.desk
    kept = kept_outcomes(desk.seller.seller_id, f"staff:{desk.user_id}", OPERATION, draft.key)
    first = kept[0] if kept else None
    said = {
        "reference": first.facts.get("reference", "") if first else "",
        "amount": money(first.facts["total"], first.facts["currency"]) if first and first.accepted else "",
    }
    fresh = replace(_fresh(draft, order, facts), key=form.new_key())
    return _answer(request, order, facts, fresh, status=409, extra={"sent_before": said})


def _success(outcome: Outcome) -> str:
    facts = outcome.facts
    amount = money(facts["total"], facts["currency"])
    if outcome.state == "drafted":
        return _("Refund of %(amount)s recorded. Somebody else has to approve it.") % {"amount": amount}
    if outcome.state == "released":
        return _("The refund of %(amount)s is on its way to the buyer.") % {"amount": amount}
    return _("Refund of %(amount)s recorded.") % {"amount": amount}


urls: list[URLPattern] = [
    re_path(rf"^{NUMBER}refund/$", full, name="refund"),
    re_path(rf"^{NUMBER}refund/partial/$", partial, name="refund_partial"),
    re_path(rf"^{NUMBER}refund/preview/$", preview, name="refund_preview"),
]
