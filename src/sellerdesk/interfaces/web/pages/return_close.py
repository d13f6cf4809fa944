"""Close a return request: a reason and a comment, both for the buyer; final (S2-12 to S2-16, S4-23; screens 1.10)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sellerdesk.commands.returns import Close, close_returns
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.refusals import Code
from sellerdesk.domain.return_actions import Action
from sellerdesk.domain.return_facts import ReturnState
from sellerdesk.domain.returns import PAYS_NOTHING, RETURN, CloseReason
from sellerdesk.interfaces.web import return_words
from sellerdesk.interfaces.web.formats import money, visible
from sellerdesk.interfaces.web.forms import returns as form
from sellerdesk.interfaces.web.forms.typed import FieldError
from sellerdesk.interfaces.web.order_access import missing, read_order
from sellerdesk.interfaces.web.return_access import kept, no_return, once_of, read_return, return_url
from sellerdesk.interfaces.web.return_rows import Cards
from sellerdesk.interfaces.web.return_view import button, form_context
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.queries.order_detail import OrderDetail
from sellerdesk.queries.return_detail import ReturnDetail

OPERATION = "close_returns"
_STATUS = {Code.BUSY: 409, Code.KEY_IN_USE: 409, Code.RETURN_STATE: 409, Code.FORBIDDEN: 403}
_STATUS |= {Code.RETURN_GOODS_HERE: 409, Code.REFUND_UNDERWAY: 409}
# Reasons that say no to what the policy allows; closing so counts against the seller.
_SAYS_NO = (CloseReason.NOT_RETURNABLE, CloseReason.OUT_OF_POLICY)


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.RETURNS_HANDLE)
def close(request: DeskRequest, rma: str) -> HttpResponseBase:
    """The form, and what is sent with it."""
    detail = read_return(request, rma)
    if detail is None:
        return no_return(request, rma)
    order = read_order(request, detail.view.order_number)
    if order is None:
        return missing(request, detail.view.order_number)
    desk, view = request.desk, detail.view
    if request.method != "POST":
        return _answer(request, detail, order, form.CloseDraft(form.first_head(detail, order.last_entry)))
    draft = form.read_close(request.POST)
    if view.state is ReturnState.CLOSED_BY_SELLER and draft.head.number == view.version - 1:
        messages.info(request, _("This request is closed already. Nothing was done twice."))
        return redirect(return_url(request, rma))
    if draft.head.number != view.version:
        return _stale(request, detail, order, draft)
    comment, errors = form.check_close(draft)
    if errors:
        return _answer(request, detail, order, draft, errors=errors, status=422)
    step = Close(view.order_number, view.rma, reason=draft.reason, comment=comment, version=draft.head.number)
    said = [view.rma, draft.head.version, draft.reason, comment]
    once = once_of(request, OPERATION, draft.head.key, said)
    [outcome] = close_returns(desk.actor, [step], now=desk.now, once=once)
    if outcome.refusal is not None:
        fresh = read_return(request, rma) or detail
        if outcome.refusal.code is Code.STALE_VERSION:
            return _stale(request, fresh, read_order(request, view.order_number) or order, draft)
        status = _STATUS.get(outcome.refusal.code, 422)
        return _answer(request, fresh, order, draft, errors=[FieldError("", outcome.refusal)], status=status)
    messages.success(request, _("Request closed. The buyer is told why."), extra_tags="ok")
    return redirect(return_url(request, rma))


def _stale(
    request: DeskRequest, detail: ReturnDetail, order: OrderDetail, draft: form.CloseDraft
) -> HttpResponse:
    head = form.Head(str(detail.view.version), str(order.last_entry), draft.head.key)
    fresh = replace(draft, head=head)
    return _answer(request, detail, order, fresh, status=409, stale=draft.head.seen or "0")


def _answer(
    request: DeskRequest,
    detail: ReturnDetail,
    order: OrderDetail,
    draft: form.CloseDraft,
    *,
    errors: Sequence[FieldError] = (),
    status: int = 200,
    stale: str = "",
) -> HttpResponse:
    view = detail.view
    context: dict[str, Any] = form_context(request, detail, order, errors, stale=stale)
    waits = view.state is ReturnState.PENDING_AUTHORIZATION
    unpaid = detail.linked.goods_unpaid and detail.money.left > 0
    sees = request.desk.may(Permission.MONEY_READ)
    held = view.underway
    context |= {
        "draft": draft,
        "reasons": [
            (one.value, str(text), one.value == draft.reason, waits and view.in_policy and one in _SAYS_NO)
            for one, text in return_words.CLOSE_REASONS.items()
            if not unpaid or one in PAYS_NOTHING or one.value == draft.reason
        ],
        "can": view.state in RETURN.moves["close"].sources and held is None,
        "held": Cards(request.desk).held(view),
        "held_amount": money(held.total, view.currency) if held and sees else "",
        "unpaid": unpaid,
        "owed": money(detail.proposal.full, view.currency) if sees and detail.proposal.full else "",
        "refund": button(context["card"], Action.REFUND),
        "contact": button(context["card"], Action.CONTACT),
        "silent": not view.contacted,
        "counts": waits and view.in_policy,
        "letter_reason": dict(return_words.CLOSE_REASONS).get(draft.reason, ""),  # type: ignore[call-overload]
        "letter_comment": visible(draft.comment),
    }
    return kept(render(request, "web/returns/close.html", context, status=status))


urls: list[URLPattern] = [path("returns/<path:rma>/close/", close, name="return_close")]
