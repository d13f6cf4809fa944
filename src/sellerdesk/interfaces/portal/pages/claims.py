"""Asking the marketplace to step in: when the clock allows it, what became of it, and taking it back (rulebook 2.9,
3.6; T17; screens 1.18).
"""

import secrets
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from sellerdesk.commands.claims import file_claims, withdraw_claims
from sellerdesk.domain.claim_facts import ClaimKind
from sellerdesk.domain.claims import ClaimStep, FileClaim
from sellerdesk.domain.idempotency import Once, digest_of
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.interfaces.portal.claim_view import claim_choices, claim_view, filed_claims, shut_kinds
from sellerdesk.interfaces.portal.drafts import key_of, new_key, version_of
from sellerdesk.interfaces.portal.frame import missing, page
from sellerdesk.interfaces.portal.gate import BuyerRequest, actor_for, buyers, principal
from sellerdesk.interfaces.portal.order_view import Says, order_view
from sellerdesk.interfaces.portal.refusals import status_of, word
from sellerdesk.interfaces.portal.return_drafts import shown_again
from sellerdesk.interfaces.portal.withdrawing import Withdrawing
from sellerdesk.looks.typed import tidy
from sellerdesk.queries.claims import claim_options
from sellerdesk.queries.portal_claims import PortalClaim, portal_claims
from sellerdesk.queries.portal_orders import PortalOrder, order_of

TEXT_MAX = 2000
# What an address may say has just been done; anything else says nothing.
DONE = {"filed": lazy("Your claim has been filed.")}


@require_http_methods(["GET", "HEAD", "POST"])
@buyers
def claim(request: BuyerRequest, seller: str, number: str) -> HttpResponseBase:
    """The kinds that can be claimed now, or why not and from when; and filing one."""
    order = order_of(request.buyer, seller, number, now=request.now)
    if order is None:
        return missing(request)
    if request.method != "POST":
        return _form(request, order, new_key())
    key = key_of(request.POST)
    kind, text = request.POST.get("kind", ""), request.POST.get("text", "").replace("\r\n", "\n")
    try:
        if kind not in set(ClaimKind):
            raise refuse(Code.INVALID_VALUE, place="kind")
        asked = FileClaim(number, ClaimKind(kind), tidy(text, place="text", longest=TEXT_MAX))
    except Refusal as refusal:
        return _form(request, order, key, (kind, text), refusal)
    outcome = _file(request, order, asked, key)
    if outcome.refusal is not None:
        key = new_key() if outcome.refusal.code is Code.KEY_REUSED else key
        return _form(request, order, key, (kind, text), outcome.refusal)
    return _filed(order, str(outcome.facts["reference"]))


def _file(request: BuyerRequest, order: PortalOrder, asked: FileClaim, key: str) -> Outcome:
    body = digest_of({"order": order.order_number, "kind": asked.kind.value, "text": asked.text})
    once = Once(principal(request), "portal.claim", key, body, request.now)
    actor, source = actor_for(order.seller_id), secrets.SystemRandom()
    return file_claims(actor, [asked], now=request.now, randomness=source, once=once)[0]


def _filed(order: PortalOrder, reference: str) -> HttpResponseBase:
    known = portal_claims(order.seller_id, order.order_number)
    place = next(one.place for one in known if one.reference == reference)
    answer = redirect("portal:claim", order.seller, order.order_number, place)
    answer.headers["Location"] += "?done=filed"
    return answer


def _form(
    request: BuyerRequest,
    order: PortalOrder,
    key: str,
    said: tuple[str, str] = ("", ""),
    refusal: Refusal | None = None,
) -> HttpResponse:
    says = Says(order.marketplace_id, request.now)
    options = claim_options(order.seller_id, order.order_number, now=request.now)
    place = str(refusal.facts.get("place", "")) if refusal else ""
    context: dict[str, Any] = {
        "order": order_view(order, request.now),
        "open": claim_choices(options),
        "shut": shut_kinds(options, says),
        "key": key,
        "kind": said[0],
        "text": shown_again(said[1]),
        "text_max": TEXT_MAX,
        "refusal": word(refusal) if refusal else "",
        "amiss": place,
        "claims": filed_claims(portal_claims(order.seller_id, order.order_number), says),
    }
    return page(request, "claim", context, status_of(refusal))


def _found(
    request: BuyerRequest, seller: str, number: str, place: int
) -> tuple[PortalOrder, PortalClaim] | None:
    order = order_of(request.buyer, seller, number, now=request.now)
    known = portal_claims(order.seller_id, number) if order else ()
    one = next((one for one in known if one.place == place), None)
    return (order, one) if order and one else None


@require_safe
@buyers
def status(request: BuyerRequest, seller: str, number: str, place: int) -> HttpResponseBase:
    """One claim: how far it is, and the money that it gave."""
    found = _found(request, seller, number, place)
    if found is None:
        return missing(request)
    order, one = found
    context = {
        "order": order_view(order, request.now),
        "one": claim_view(one, Says(order.marketplace_id, request.now)),
        "done": str(DONE.get(request.GET.get("done", ""), "")),
    }
    return page(request, "claim_status", context)


@require_http_methods(["GET", "HEAD", "POST"])
@buyers
def withdraw(request: BuyerRequest, seller: str, number: str, place: int) -> HttpResponseBase:
    """Ask whether the buyer means it, and then take it back."""
    return _WITHDRAWING.answer(request, _found(request, seller, number, place))


def _withdraw(request: BuyerRequest, order: PortalOrder, one: PortalClaim) -> Outcome:
    step = ClaimStep(order.order_number, one.reference, version=version_of(request.POST))
    body = digest_of({"order": order.order_number, "claim": one.place})
    once = Once(principal(request), "portal.claim_withdraw", key_of(request.POST), body, request.now)
    return withdraw_claims(actor_for(order.seller_id), [step], now=request.now, once=once)[0]


def _says(request: BuyerRequest, order: PortalOrder, one: PortalClaim) -> dict[str, Any]:
    return {"one": claim_view(one, Says(order.marketplace_id, request.now))}


_WITHDRAWING = Withdrawing("claim_withdraw", "portal:claim", _withdraw, _says)
_ORDER = "orders/<slug:seller>/<slug:number>"
urls: list[URLPattern] = [
    path(f"{_ORDER}/claim/", claim, name="file_claim"),
    path(f"{_ORDER}/claims/<int:place>/", status, name="claim"),
    path(f"{_ORDER}/claims/<int:place>/withdraw/", withdraw, name="claim_withdraw"),
]
