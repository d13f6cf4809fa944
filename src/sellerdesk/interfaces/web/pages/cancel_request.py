"""Answer a buyer's wish to cancel in another way than by cancelling: tell the buyer how to file it (S3-28, S3-29),
decline it (S3-07, S3-08), or let it rest."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, re_path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sellerdesk.commands.cancel_requests import dismiss_requests
from sellerdesk.commands.messages import send_messages
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.cancel_requests import DeclineCause, MoveRequest
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.message_reasons import ContactReason
from sellerdesk.domain.messages import SellerMessage
from sellerdesk.domain.refusals import Refusal
from sellerdesk.flows.cancel_answers import TEMPLATES, decline_and_tell
from sellerdesk.interfaces.web import cancel_words, refusals
from sellerdesk.interfaces.web.cancel_view import founded_causes, wish_view
from sellerdesk.interfaces.web.forms.typed import typed
from sellerdesk.interfaces.web.order_access import (
    NUMBER,
    missing,
    order_url,
    origin,
    read_order,
    reader_of,
)
from sellerdesk.interfaces.web.order_view import OrderView
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.queries.order_detail import OrderDetail
from sellerdesk.queries.ready_texts import ready_texts
from sellerdesk.queries.shipment_preview import shipping_facts

# Built-in template → the reason that it is sent for.
GUIDES = {
    "cancel_guidance": ContactReason.CANCEL_GUIDANCE,
    "cancel_important": ContactReason.CANCEL_IMPORTANT,
}


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.ORDERS_CANCEL)
def decline(request: DeskRequest, order_number: str) -> HttpResponseBase:
    """Why it is declined, what the buyer is told, and what is sent."""
    order = read_order(request, order_number)
    facts = shipping_facts(request.desk.seller.seller_id, order_number)
    if order is None or facts is None:
        return missing(request, order_number)
    if request.method != "POST":
        return _answer(request, order, facts)
    cause = typed(request.POST, "cause")
    asked = MoveRequest(
        order_number, DeclineCause(cause) if cause in set(DeclineCause) else None, _version(request)
    )
    declined = decline_and_tell(request.desk.actor, asked, now=request.desk.now)
    if declined.outcome.refusal is not None:
        return _answer(request, read_order(request, order_number) or order, facts, declined.outcome.refusal)
    if declined.message is not None and declined.message.accepted:
        messages.success(request, _("The request is declined, and the buyer was told."), extra_tags="ok")
    else:
        messages.warning(
            request, _("The request is declined. The buyer still has to be told."), extra_tags="warn"
        )
    return redirect(order_url(order_number, origin(request)))


@require_POST
@staff(Permission.MESSAGES_SEND)
def guide(request: DeskRequest, order_number: str) -> HttpResponseBase:
    """Send the buyer the ready text that says how to file the request: once, however often it is pressed."""
    key = typed(request.POST, "guide")
    found = ready_texts(request.desk.seller.seller_id, order_number, GUIDES)
    if key not in GUIDES or not found:
        return missing(request, order_number)
    form_key = typed(request.POST, "key")[:64]
    asked = SellerMessage(
        order_number,
        GUIDES[key],
        found[key].text,
        language=found[key].language,
        external_id=f"{key}:{order_number}:{form_key}" if form_key else "",
    )
    [outcome] = send_messages(request.desk.actor, [asked], now=request.desk.now)
    if outcome.refusal is not None:
        messages.error(request, _sentence(request, outcome.refusal), extra_tags="bad")
    else:
        messages.success(request, _("The buyer was told how to request the cancellation."), extra_tags="ok")
    return redirect(order_url(order_number, origin(request)))


@require_POST
@staff(Permission.ORDERS_CANCEL)
def dismiss(request: DeskRequest, order_number: str) -> HttpResponseBase:
    """An informal wish rests: it was none, or the buyer wants the goods after all."""
    if read_order(request, order_number) is None:
        return missing(request, order_number)
    asked = MoveRequest(order_number, version=_version(request))
    [outcome] = dismiss_requests(request.desk.actor, [asked], now=request.desk.now)
    if outcome.refusal is not None:
        messages.error(request, _sentence(request, outcome.refusal), extra_tags="bad")
    else:
        messages.success(request, _("Noted: the buyer does not want to cancel."), extra_tags="ok")
    return redirect(order_url(order_number, origin(request)))


def _version(request: DeskRequest) -> int:
    text = typed(request.POST, "version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _sentence(request: DeskRequest, refusal: Refusal) -> str:
    return refusals.word(refusal, now=request.desk.now, zone=request.desk.zone)


def _answer(
    request: DeskRequest, order: OrderDetail, facts: OrderFacts, refusal: Refusal | None = None
) -> HttpResponse:
    causes = founded_causes(facts) if facts.cancel_request else []
    keys = [TEMPLATES[cause] for cause in causes]
    texts = ready_texts(request.desk.seller.seller_id, order.order_number, keys)
    context: dict[str, Any] = {
        "order": order,
        "view": OrderView(order, reader_of(request)),
        "wish": wish_view(order, reader_of(request)),
        "version": order.version,
        "causes": [
            (cause.value, str(cancel_words.DECLINES[cause]), texts[TEMPLATES[cause]]) for cause in causes
        ],
        "may_write": request.desk.may(Permission.MESSAGES_SEND),
        "problems": [("", "", _sentence(request, refusal))] if refusal else [],
        "origin": origin(request),
    }
    status = 409 if refusal else 200
    return render(request, "web/order/decline.html", context, status=status)


urls: list[URLPattern] = [
    re_path(rf"^{NUMBER}cancel/decline/$", decline, name="decline"),
    re_path(rf"^{NUMBER}cancel/guide/$", guide, name="guide"),
    re_path(rf"^{NUMBER}cancel/dismiss/$", dismiss, name="dismiss"),
]
