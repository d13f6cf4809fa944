"""Authorise a return: items, address, label, RMA, instructions; no money moves (S2-17, S4-16, S4-17; screens 1.10)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sellerdesk.commands.returns import Authorize, authorize_returns
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.attachments import STORED_MAX, Attachment, CheckedFile, too_big
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.domain.return_facts import ReturnState
from sellerdesk.domain.return_ways import Label
from sellerdesk.flows.return_labels import clean_label
from sellerdesk.interfaces.web import return_words
from sellerdesk.interfaces.web.authorize_letter import buyer_buys_for_us, is_ours_to_pay, letter_ahead
from sellerdesk.interfaces.web.forms import returns as form
from sellerdesk.interfaces.web.forms.typed import FieldError
from sellerdesk.interfaces.web.order_access import missing, read_order
from sellerdesk.interfaces.web.return_access import kept, no_return, once_of, read_return, return_url
from sellerdesk.interfaces.web.return_view import form_context
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.queries.order_detail import OrderDetail
from sellerdesk.queries.return_detail import ReturnDetail, rma_is_taken

OPERATION = "authorize_returns"
_STATUS = {Code.BUSY: 409, Code.KEY_IN_USE: 409, Code.RETURN_STATE: 409, Code.FORBIDDEN: 403}
_FIELDS = {Code.RMA_TAKEN: "own_rma", Code.RETURN_METHOD_NEEDED: "label"}


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.RETURNS_HANDLE)
def authorize(request: DeskRequest, rma: str) -> HttpResponseBase:
    """The form, and what is sent with it."""
    detail = read_return(request, rma)
    if detail is None:
        return no_return(request, rma)
    order = read_order(request, detail.view.order_number)
    if order is None:
        return missing(request, detail.view.order_number)
    if request.method != "POST":
        return _answer(request, detail, order, form.first_authorize(detail, order.last_entry))
    draft = form.read_authorize(request.POST)
    if request.POST.get("do") == "update":
        return _answer(request, detail, order, draft)
    if detail.view.state is ReturnState.AUTHORIZED and draft.head.number == detail.view.version - 1:
        messages.info(request, _("This return is authorised already. Nothing was done twice."))
        return redirect(return_url(request, rma))
    if draft.head.number != detail.view.version:
        return _stale(request, detail, order, draft)
    return _send(request, detail, order, draft)


def _send(
    request: DeskRequest, detail: ReturnDetail, order: OrderDetail, draft: form.AuthorizeDraft
) -> HttpResponseBase:
    desk, view = request.desk, detail.view
    file, wrong = _file(request, draft)
    asked, errors = form.check_authorize(draft, view.currency, with_file=file is not None or bool(wrong))
    errors += wrong
    own = draft.own_rma.strip()
    is_sound = bool(own) and own != view.rma and not any(error.field == "own_rma" for error in errors)
    if is_sound and rma_is_taken(desk.seller.seller_id, own):
        taken = Refusal(Code.RMA_TAKEN, {"rma": own, "order_number": view.order_number})
        errors.append(FieldError("own_rma", taken))
    if asked is None or errors:
        return _answer(request, detail, order, draft, errors=errors, status=422)
    step = Authorize(
        view.order_number,
        view.rma,
        address=asked.address,
        label=asked.label,
        carrier=asked.carrier,
        tracking=asked.tracking,
        own_rma=asked.own_rma,
        instructions=asked.instructions,
        label_file=file,
        label_cost=asked.cost,
        version=draft.head.number,
    )
    said = [view.rma, draft.head.version, asked.own_rma, asked.label, asked.tracking, asked.address]
    once = once_of(request, OPERATION, draft.head.key, said)
    [outcome] = authorize_returns(desk.actor, [step], now=desk.now, once=once)
    if outcome.refusal is not None:
        return _refused(request, view.rma, draft, outcome.refusal)
    messages.success(
        request, _("Authorised. The buyer is told where to send it. No money has moved."), extra_tags="ok"
    )
    return redirect(return_url(request, asked.own_rma or view.rma))


def _file(request: DeskRequest, draft: form.AuthorizeDraft) -> tuple[CheckedFile | None, list[FieldError]]:
    """The label that was handed in, when one is wanted."""
    given = request.FILES.get("file")
    if given is None or draft.label == Label.NONE:
        return None, []
    try:
        if (given.size or 0) > STORED_MAX:
            raise too_big(given.size or 0, STORED_MAX)
        return clean_label(Attachment(given.name or "label", given.content_type or "", given.read())), []
    except Refusal as refusal:
        return None, [FieldError("file", refusal)]


def _refused(
    request: DeskRequest, rma: str, draft: form.AuthorizeDraft, refusal: Refusal
) -> HttpResponseBase:
    detail = read_return(request, rma)
    order = read_order(request, detail.view.order_number) if detail else None
    if detail is None or order is None:
        return no_return(request, rma)
    if refusal.code is Code.STALE_VERSION:
        return _stale(request, detail, order, draft)
    place = str(refusal.facts.get("place", "")).removeprefix("address.")
    error = FieldError(_FIELDS.get(refusal.code, place), refusal)
    status = _STATUS.get(refusal.code, 422)
    return _answer(request, detail, order, draft, errors=[error], status=status)


def _stale(
    request: DeskRequest, detail: ReturnDetail, order: OrderDetail, draft: form.AuthorizeDraft
) -> HttpResponse:
    """409: what changed meanwhile, with everything that was typed, ready to be sent again."""
    head = form.Head(str(detail.view.version), str(order.last_entry), draft.head.key)
    return _answer(
        request, detail, order, replace(draft, head=head), status=409, stale=draft.head.seen or "0"
    )


def _answer(
    request: DeskRequest,
    detail: ReturnDetail,
    order: OrderDetail,
    draft: form.AuthorizeDraft,
    *,
    errors: Sequence[FieldError] = (),
    status: int = 200,
    stale: str = "",
) -> HttpResponse:
    context: dict[str, Any] = form_context(request, detail, order, errors, stale=stale)
    fields = [
        (name, context_label, draft.address.get(name, ""), context["errors"].get(name, ""), _AUTOFILL[name])
        for name, context_label in _address_labels()
    ]
    context |= {
        "draft": draft,
        "fields": fields,
        "labels": [
            (one.value, str(text), one.value == draft.label) for one, text in return_words.LABELS.items()
        ],
        "can": detail.view.state is ReturnState.PENDING_AUTHORIZATION,
        "letter": letter_ahead(request.desk, detail, draft),
        "ours_to_pay": is_ours_to_pay(detail),
        "buyer_buys": buyer_buys_for_us(detail, draft),
        "most_mb": STORED_MAX // 1024 // 1024,
        "has_setting": bool(detail.setting.address),
    }
    return kept(render(request, "web/returns/authorize.html", context, status=status))


_AUTOFILL = {
    "name": "organization",
    "line1": "address-line1",
    "line2": "address-line2",
    "line3": "address-line3",
    "city": "address-level2",
    "state": "address-level1",
    "postal_code": "postal-code",
    "country": "country",
    "phone": "tel",
}


def _address_labels() -> list[tuple[str, str]]:
    return [
        ("name", _("Name")),
        ("line1", _("Street")),
        ("line2", _("Street, second line")),
        ("line3", _("Street, third line")),
        ("city", _("City")),
        ("state", _("State or region")),
        ("postal_code", _("Postal code")),
        ("country", _("Country (two letters)")),
        ("phone", _("Phone")),
    ]


urls: list[URLPattern] = [path("returns/<path:rma>/authorize/", authorize, name="return_authorize")]
