"""A return that was asked for: how far it is, where it goes, its label and photos, and giving it up (S2-15, S2-40,
S2-45).
"""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from sellerdesk.commands.returns import Close, close_returns
from sellerdesk.domain.idempotency import Once, digest_of
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.flows.notices import buyer_words
from sellerdesk.interfaces.portal.drafts import key_of, version_of
from sellerdesk.interfaces.portal.frame import missing, page
from sellerdesk.interfaces.portal.gate import BuyerRequest, actor_for, buyers, principal
from sellerdesk.interfaces.portal.order_view import Says, order_view
from sellerdesk.interfaces.portal.return_view import return_view
from sellerdesk.interfaces.portal.withdrawing import Withdrawing
from sellerdesk.looks.texts import visible
from sellerdesk.queries.portal_orders import PortalOrder, order_of
from sellerdesk.queries.portal_returns import PortalReturn, refunds_of, returns_of
from sellerdesk.queries.return_labels import label_of
from sellerdesk.queries.return_photos import photo as photo_of
from sellerdesk.queries.return_photos import photos_of

_BY_BUYER = "buyer"  # photos of the warehouse are the seller's own affair
_SAFE = "sandbox; default-src 'none'"
# What an address may say has just been done; anything else says nothing.
DONE = {
    "requested": lazy("Your return request has been sent. The seller has to approve it."),
    "authorized": lazy("Your return is approved. You can send it back now."),
    "refunded": lazy("Keep it: you get your money back without sending anything."),
}


def _found(
    request: BuyerRequest, seller: str, number: str, place: int
) -> tuple[PortalOrder, PortalReturn] | None:
    order = order_of(request.buyer, seller, number, now=request.now)
    if order is None:
        return None
    one = next((one for one in returns_of(order.seller_id, number) if one.place == place), None)
    return (order, one) if one else None


@require_safe
@buyers
def status(request: BuyerRequest, seller: str, number: str, place: int) -> HttpResponseBase:
    """One return: its state, what happens next, and what the buyer has to do."""
    found = _found(request, seller, number, place)
    if found is None:
        return missing(request)
    order, one = found
    refunds = refunds_of(order.seller_id, number)
    photos = [shot for shot in photos_of(order.seller_id, one.rma) if shot.by == _BY_BUYER]
    context: dict[str, Any] = {
        "order": order_view(order, request.now),
        "one": return_view(one, refunds, Says(order.marketplace_id, request.now)),
        "photos": [(shot.id, visible(shot.name), shot.width, shot.height) for shot in photos],
        "done": str(DONE.get(request.GET.get("done", ""), "")),
    }
    return page(request, "return_status", context)


@require_http_methods(["GET", "HEAD", "POST"])
@buyers
def withdraw(request: BuyerRequest, seller: str, number: str, place: int) -> HttpResponseBase:
    """Ask whether the buyer means it, and then give it up."""
    return _WITHDRAWING.answer(request, _found(request, seller, number, place))


def _withdraw(request: BuyerRequest, order: PortalOrder, one: PortalReturn) -> Outcome:
    step = Close(order.order_number, one.rma, version=version_of(request.POST))
    body = digest_of({"order": order.order_number, "return": one.place})
    once = Once(principal(request), "portal.withdraw", key_of(request.POST), body, request.now)
    return close_returns(actor_for(order.seller_id), [step], now=request.now, once=once)[0]


def _says(request: BuyerRequest, order: PortalOrder, one: PortalReturn) -> dict[str, Any]:
    refunds = refunds_of(order.seller_id, order.order_number)
    shown = return_view(one, refunds, Says(order.marketplace_id, request.now))
    return {"one": shown, "not_stopped": str(buyer_words.NOT_STOPPED)}


_WITHDRAWING = Withdrawing("return_withdraw", "portal:return", _withdraw, _says)


@require_safe
@buyers
def photo(request: BuyerRequest, seller: str, number: str, place: int, photo: int) -> HttpResponseBase:
    """A photo that the buyer sent along. It was drawn anew before it was kept; still it can do nothing here."""
    found = _found(request, seller, number, place)
    kept = photo_of(found[0].seller_id, found[1].rma, photo) if found and photo < 2**63 else None
    if kept is None or kept.by != _BY_BUYER or kept.order_number != number:
        return missing(request)
    return _file(kept.content, kept.kind, kept.name, download=False)


@require_safe
@buyers
def label(request: BuyerRequest, seller: str, number: str, place: int) -> HttpResponseBase:
    """The seller's label, to be saved and printed."""
    found = _found(request, seller, number, place)
    kept = label_of(found[0].seller_id, found[1].rma) if found else None
    if kept is None or kept.order_number != number:
        return missing(request)
    return _file(kept.content, kept.kind, kept.name, download=True)


def _file(content: bytes, kind: str, name: str, *, download: bool) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = content_disposition_header(download, name) or "attachment"
    answer.headers["Content-Security-Policy"] = _SAFE
    return answer


_RETURN = "orders/<slug:seller>/<slug:number>/returns/<int:place>"
urls: list[URLPattern] = [
    path(f"{_RETURN}/", status, name="return"),
    path(f"{_RETURN}/withdraw/", withdraw, name="return_withdraw"),
    path(f"{_RETURN}/label/", label, name="return_label"),
    path(f"{_RETURN}/photos/<int:photo>/", photo, name="return_photo"),
]
