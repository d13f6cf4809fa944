"""Cancelling: alone while the window is open, by asking the seller afterwards, at the same address (S1-12, S1-13, S3-03
to S3-05, C15, C26, T07).

The page shows the way that is open when it is asked for; the server's clock decides again when the form comes in. A
click that comes too late, or too early, gets the other form with everything kept, and no error.
"""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from sellerdesk.commands.cancel_requests import file_requests
from sellerdesk.commands.cancellations import cancel_for_buyers
from sellerdesk.domain.cancel_requests import WORDS_MAX, FilingRequest, Reason
from sellerdesk.domain.cancellations import BuyerCancelRequest
from sellerdesk.domain.idempotency import Once, digest_of
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.interfaces.portal import drafts, words
from sellerdesk.interfaces.portal.drafts import Draft
from sellerdesk.interfaces.portal.frame import missing, page
from sellerdesk.interfaces.portal.gate import BuyerRequest, actor_for, buyers, principal
from sellerdesk.interfaces.portal.order_view import order_view
from sellerdesk.interfaces.portal.refusals import status_of, word
from sellerdesk.looks import when
from sellerdesk.looks.texts import visible
from sellerdesk.queries.portal_orders import PortalOrder, order_of

_DONE = {"cancelled": "cancelled", "requested": "requested"}  # outcome → what the order page says
_LISTED = 20  # quantities up to this are chosen from a list; greater ones are typed


@require_http_methods(["GET", "HEAD", "POST"])
@buyers
def cancel(request: BuyerRequest, seller: str, number: str) -> HttpResponseBase:
    """Show the form, or do what it says."""
    order = order_of(request.buyer, seller, number, now=request.now)
    if order is None:
        return missing(request)
    if request.method != "POST":
        return _form(request, order, drafts.blank(order))
    draft = drafts.read(request.POST, order)
    alone = request.POST.get("do") == "cancel"
    if not alone and draft.problem is None and not draft.reason:
        return _form(request, order, draft, refuse(Code.INVALID_VALUE, place="reason"))
    if draft.problem is not None:
        return _form(request, order, draft, draft.problem)
    outcome = _cancel_alone(request, order, draft) if alone else _ask(request, order, draft)
    if outcome.refusal is None:
        return redirect(f"{reverse('portal:order', args=[seller, number])}?done={_DONE[outcome.state]}")
    fresh = order_of(request.buyer, seller, number, now=request.now) or order
    return _form(request, fresh, draft, outcome.refusal)


def _once(request: BuyerRequest, order: PortalOrder, draft: Draft, operation: str) -> Once:
    body = digest_of({"order": order.order_number, "form": draft.digest})
    return Once(principal(request), f"portal.{operation}", draft.key, body, request.now)


def _cancel_alone(request: BuyerRequest, order: PortalOrder, draft: Draft) -> Outcome:
    asked = BuyerCancelRequest(order.order_number, draft.reason, dict(draft.units))
    once = _once(request, order, draft, "cancel")
    return cancel_for_buyers(actor_for(order.seller_id), [asked], now=request.now, once=once)[0]


def _ask(request: BuyerRequest, order: PortalOrder, draft: Draft) -> Outcome:
    asked = FilingRequest(order.order_number, Reason(draft.reason), draft.words, tuple(draft.units))
    once = _once(request, order, draft, "request")
    return file_requests(actor_for(order.seller_id), [asked], now=request.now, once=once)[0]


_TURNS = (Code.SELF_CANCEL_OVER, Code.SELF_CANCEL_OPEN)  # the other form, not an error


def _form(
    request: BuyerRequest, order: PortalOrder, draft: Draft, refusal: Refusal | None = None
) -> HttpResponse:
    """The form of the way that is open now, with what was filled in before."""
    if refusal is not None and refusal.code is Code.KEY_REUSED:
        draft = draft.with_new_key()
    turned = refusal.code if refusal is not None and refusal.code in _TURNS else None
    status = 200 if turned else status_of(refusal)
    context: dict[str, Any] = {
        "order": order_view(order, request.now),
        "way": order.offer.way.value,
        "rows": [_row(item, draft) for item in order.items if item.left],
        "reasons": [(one.value, str(words.REASONS[one])) for one in Reason],
        "draft": draft,
        "words_max": WORDS_MAX,
        "turned": turned.value if turned else "",
        "refusal": word(refusal) if refusal and not turned else "",
        "reason_missing": refusal is not None and refusal.facts.get("place") == "reason",
        "why_not": word(refuse(order.offer.why)) if order.offer.why else "",
        "now_iso": when.iso(request.now),
    }
    return page(request, "cancel", context, status)


def _row(item: Any, draft: Draft) -> dict[str, Any]:
    chosen = draft.units.get(item.item_number, 0)
    return {
        "name": f"q-{item.item_number}",
        "title": visible(item.title),
        "left": item.left,
        "chosen": min(chosen, item.left),
        "choices": range(item.left + 1) if item.left <= _LISTED else None,
    }


urls: list[URLPattern] = [path("orders/<slug:seller>/<slug:number>/cancel/", cancel, name="cancel")]
