"""Sending something back: what and why, then what it means and the buyer's own words, then it is asked (S2-36, S2-43 to
S2-45; T14; screens 1.18).

Both steps live at one address and every form of them carries the same key, so that whichever of them is sent again
asks once. The second step has an address of its own while nothing was written on it, so that the browser's way back
leads to a page; words never stand in an address. What the second step promises is decided by the rule that the command
asks; the command decides again.
"""

import secrets
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from sellerdesk.commands.return_requests import request_returns
from sellerdesk.domain.attachments import MEGABYTE
from sellerdesk.domain.idempotency import Once, digest_of
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.photos import PHOTO_BYTES_MAX, PHOTOS_MAX
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.return_facts import ReturnReason, ReturnState, payer_of
from sellerdesk.domain.returns import ReturnAsked, ReturnDecision
from sellerdesk.flows.notices import buyer_words
from sellerdesk.flows.photos import clean_photos
from sellerdesk.interfaces.portal import return_drafts, return_words
from sellerdesk.interfaces.portal.frame import missing, page
from sellerdesk.interfaces.portal.gate import BuyerRequest, actor_for, buyers, principal
from sellerdesk.interfaces.portal.order_view import Says, order_view
from sellerdesk.interfaces.portal.refusals import status_of, word
from sellerdesk.interfaces.portal.return_drafts import COMMENT_MAX, ReturnDraft
from sellerdesk.interfaces.portal.return_view import ReturnPlace, return_place, window_words
from sellerdesk.looks.texts import visible
from sellerdesk.queries.portal_orders import PortalItem, PortalOrder, order_of
from sellerdesk.queries.portal_returns import ReturnOffer, return_offer, return_preview, returns_of

_LISTED = 20  # quantities up to this are chosen from a list; greater ones are typed
_OF_WORDS = ("comment", "photos")  # parts of the second step
_OF_PHOTOS = (Code.PHOTO_REFUSED, Code.TOO_MANY_ATTACHMENTS, Code.ATTACHMENT_TOO_BIG)
_WAYS = {
    ReturnState.AUTHORIZED: "authorized",
    ReturnState.PENDING_REFUND: "refunded",
}


@require_http_methods(["GET", "HEAD", "POST"])
@buyers
def ask(request: BuyerRequest, seller: str, number: str) -> HttpResponseBase:
    """Show the step that is due, or do what the last one says."""
    order = order_of(request.buyer, seller, number, now=request.now)
    if order is None:
        return missing(request)
    posted = request.method == "POST"
    if not posted and request.GET.get("do") != "continue":
        offer = return_offer(order.seller_id, number, request.now)
        return _choose(request, order, offer, return_drafts.blank(_first(offer, request.GET.get("item", ""))))
    items = [item.item_number for item in order.items]
    data = request.POST if posted else request.GET
    draft = return_drafts.read(data, request.FILES.getlist("photos"), items)
    do = data.get("do")
    if do == "change" or (draft.problem is not None and draft.place not in _OF_WORDS):
        problem = None if do == "change" else draft.problem
        return _choose(request, order, return_offer(order.seller_id, number, request.now), draft, problem)
    if do != "submit" or draft.problem is not None:
        return _review(request, order, draft, draft.problem if do == "submit" else None)
    try:
        outcome = _submit(request, order, draft)
    except Refusal as refusal:
        return _review(request, order, draft, refusal)
    if outcome.refusal is not None:
        return _review(request, order, draft, outcome.refusal)
    return _asked(order, outcome)


def _first(offer: ReturnOffer, wanted: str) -> dict[str, int]:
    """What is picked at the start: the item whose button was pressed, or the only one that can go back."""
    left = {number: units for number, units in offer.left.items() if units}
    if wanted in left:
        return {wanted: left[wanted]}
    return left if len(left) == 1 else {}


def _submit(request: BuyerRequest, order: PortalOrder, draft: ReturnDraft) -> Outcome:
    """Ask, once for each form. Raises the Refusal of a photo that cannot be used."""
    photos = clean_photos(draft.photos)
    asked = ReturnAsked(
        order.order_number,
        ReturnReason(draft.reason),
        dict(draft.units),
        comment=draft.comment,
        wish=draft.wish,
        photos=photos,
    )
    body = digest_of({"order": order.order_number, "form": draft.digest})
    once = Once(principal(request), "portal.return", draft.key, body, request.now)
    actor = actor_for(order.seller_id)
    return request_returns(actor, [asked], now=request.now, randomness=secrets.SystemRandom(), once=once)[0]


def _asked(order: PortalOrder, outcome: Outcome) -> HttpResponseBase:
    """To the page of the request, which says what has just been done."""
    rma = outcome.facts["rma"]
    place = next((one.place for one in returns_of(order.seller_id, order.order_number) if one.rma == rma), 0)
    if not place:  # the form was sent again after the seller had given the return another number
        return redirect("portal:order", order.seller, order.order_number)
    answer = redirect("portal:return", order.seller, order.order_number, place)
    answer.headers["Location"] += f"?done={outcome.state}"
    return answer


def _choose(
    request: BuyerRequest,
    order: PortalOrder,
    offer: ReturnOffer,
    draft: ReturnDraft,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The first step: what, how many, and why."""
    says = Says(order.marketplace_id, request.now)
    context: dict[str, Any] = {
        "order": order_view(order, request.now),
        "step": "choose",
        "open": offer.is_open,
        "window": window_words(offer.verdict, offer.window_ends_at, says),
        "over": offer.verdict.value == "window_over",
        "rows": [_row(item, offer.left.get(item.item_number, 0), draft) for item in order.items],
        "groups": [_group(*group, offer.international) for group in return_words.GROUPS],
        "draft": draft,
        "why_not": word(refuse(offer.why)) if offer.why else "",
        "all_asked": offer.why is Code.RETURN_QUANTITY,
        "returns": _before(request, order, offer),
        **_amiss(refusal, draft.place),
    }
    return page(request, "return", context, status_of(refusal))


def _before(request: BuyerRequest, order: PortalOrder, offer: ReturnOffer) -> ReturnPlace:
    """What was asked for before: shown to whoever asks for it again."""
    return return_place(order, offer, returns_of(order.seller_id, order.order_number), (), request.now)


def _group(title: object, reasons: tuple[ReturnReason, ...], international: bool) -> dict[str, Any]:
    payer = payer_of(reasons[0], international=international)
    return {
        "title": str(title),
        "payer": str(buyer_words.PAYERS[payer]),
        "reasons": [(one.value, str(buyer_words.RETURN_REASONS[one])) for one in reasons],
    }


def _row(item: PortalItem, left: int, draft: ReturnDraft) -> dict[str, Any]:
    number = item.item_number
    return {
        "number": number,
        "title": visible(item.title),
        "left": left,
        "asked": not left and item.shipped > 0,
        "chosen": min(draft.units.get(number, left), left) or left,
        "picked": bool(left) and number in draft.units,
        "choices": range(1, left + 1) if left <= _LISTED else None,
    }


def _review(
    request: BuyerRequest, order: PortalOrder, draft: ReturnDraft, refusal: Refusal | None = None
) -> HttpResponse:
    """The second step: what asking means, and the buyer's words. Back to the first one when that has changed."""
    sent_before = refusal is not None and refusal.code is Code.KEY_REUSED
    draft = draft.with_new_key() if sent_before else draft
    offer = return_offer(order.seller_id, order.order_number, request.now)
    asked = ReturnAsked(order.order_number, ReturnReason(draft.reason), dict(draft.units))
    try:
        decision = return_preview(order.seller_id, asked, request.now)
    except Refusal as changed:
        return _choose(request, order, offer, draft, refusal or changed)
    place = "photos" if refusal is not None and refusal.code in _OF_PHOTOS else draft.place
    titles = {item.item_number: visible(item.title) for item in order.items}
    context: dict[str, Any] = {
        "order": order_view(order, request.now),
        "step": "review",
        "draft": draft,
        "lines": [(number, titles[number], units) for number, units in draft.units.items()],
        "reason": str(buyer_words.RETURN_REASONS[asked.reason]),
        "wishes": [(code, str(label)) for code, label in return_words.WISHES.items()],
        "comment_max": COMMENT_MAX,
        "photos_max": PHOTOS_MAX,
        "photo_mb": PHOTO_BYTES_MAX // MEGABYTE,
        "lost": [visible(name) for name in draft.lost],
        "returns": _before(request, order, offer) if sent_before else None,
        **_promise(order, decision, request),
        **_amiss(refusal, place),
    }
    return page(request, "return", context, status_of(refusal))


def _promise(order: PortalOrder, decision: ReturnDecision, request: BuyerRequest) -> dict[str, Any]:
    """What the decision means for the buyer."""
    says = Says(order.marketplace_id, request.now)
    return {
        "way": _WAYS.get(decision.state, "approval"),
        "payer": "" if decision.returnless else str(buyer_words.PAYERS[decision.payer]),
        "window": window_words(decision.verdict, decision.window_ends_at, says),
        "over": not decision.in_policy,
        "answer_by": says.moment(next((d.due_at for d in decision.dues if d.kind == "return_answer"), None)),
    }


def _amiss(refusal: Refusal | None, place: str) -> dict[str, Any]:
    """A refusal beside the part of the form that it is about, or above the form."""
    if refusal is None:
        return {"refusal": "", "amiss": ""}
    return {"refusal": word(refusal), "amiss": place}


urls: list[URLPattern] = [path("orders/<slug:seller>/<slug:number>/return/", ask, name="return_items")]
