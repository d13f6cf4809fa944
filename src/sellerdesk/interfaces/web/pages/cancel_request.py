"""Answer a buyer's wish to cancel in another way than by cancelling: decline it (S3-07, S3-08), or let it rest."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, re_path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sellerdesk.commands.cancel_requests import decline_requests, dismiss_requests
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.cancel_requests import DeclineCause, MoveRequest
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.refusals import Refusal
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
from sellerdesk.queries.shipment_preview import shipping_facts


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
    [outcome] = decline_requests(request.desk.actor, [asked], now=request.desk.now)
    if outcome.refusal is not None:
        order, facts = read_order(request, order_number) or order, facts
        return _answer(request, order, facts, refusal=outcome.refusal)
    messages.success(request, _("The request is declined."), extra_tags="ok")
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


def told(cause: DeclineCause) -> str:
    """What the buyer is told, in the reader's language."""
    if cause is DeclineCause.SHIPPED:
        return _(
            "Your order is on its way to you and can no longer be cancelled. If you do not want it any more, please "
            "send it back for a refund when it has arrived."
        )
    return _(
        "Your order is already being handed to the carrier and cannot be cancelled at this stage. If you do not want "
        "it any more, please send it back for a refund when it has arrived."
    )


def _answer(
    request: DeskRequest, order: OrderDetail, facts: OrderFacts, *, refusal: Refusal | None = None
) -> HttpResponse:
    causes = founded_causes(facts) if facts.cancel_request else []
    context: dict[str, Any] = {
        "order": order,
        "view": OrderView(order, reader_of(request)),
        "wish": wish_view(order, reader_of(request)),
        "version": order.version,
        "causes": [(cause.value, str(cancel_words.DECLINES[cause]), told(cause)) for cause in causes],
        "problems": [("", "", _sentence(request, refusal))] if refusal else [],
        "origin": origin(request),
    }
    status = 409 if refusal else 200
    return render(request, "web/order/decline.html", context, status=status)


urls: list[URLPattern] = [
    re_path(rf"^{NUMBER}cancel/decline/$", decline, name="decline"),
    re_path(rf"^{NUMBER}cancel/dismiss/$", dismiss, name="dismiss"),
]
