"""Writing to the seller of an order, and reading what came back (S3-10, screens 1.18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from sellerdesk.commands.messages import receive_messages
from sellerdesk.domain.attachments import MEGABYTE, STORED_MAX, Attachment
from sellerdesk.domain.idempotency import Once, digest_of, parse_key
from sellerdesk.domain.message_threads import Via
from sellerdesk.domain.messages import BuyerMessage
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.interfaces.portal.drafts import new_key
from sellerdesk.interfaces.portal.frame import missing, page
from sellerdesk.interfaces.portal.gate import BuyerRequest, actor_for, buyers, principal
from sellerdesk.interfaces.portal.order_view import Says, order_view
from sellerdesk.interfaces.portal.refusals import word
from sellerdesk.interfaces.portal.return_drafts import shown_again
from sellerdesk.looks.texts import visible
from sellerdesk.looks.typed import tidy
from sellerdesk.queries.portal_messages import PortalMessage, file_of, thread_of
from sellerdesk.queries.portal_orders import PortalOrder, order_of

TEXT_MAX = 4000


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message as the page shows it. `files`: position, name, size in words."""

    id: int
    mine: bool
    at: str
    text: str
    erased: bool
    language: str
    files: tuple[tuple[int, str, str], ...]


@require_http_methods(["GET", "HEAD", "POST"])
@buyers
def thread(request: BuyerRequest, seller: str, number: str) -> HttpResponseBase:
    """Show the thread with a form below it, or take what was written."""
    order = order_of(request.buyer, seller, number, now=request.now)
    if order is None:
        return missing(request)
    if request.method != "POST":
        return _page(request, order, new_key())
    key, text = _key(request.POST.get("key", "")), request.POST.get("text", "").replace("\r\n", "\n")
    try:
        said = BuyerMessage(
            number, tidy(text, place="text", longest=TEXT_MAX), _files(request), via=Via.PORTAL
        )
        _receive(request, order, said, key)
    except Refusal as refusal:
        return _page(request, order, new_key(), text, refusal)
    return redirect(f"{reverse('portal:messages', args=[seller, number])}?done=sent#latest")


def _key(text: str) -> str:
    try:
        return parse_key(text, place="key")
    except Refusal:
        return new_key()


def _files(request: BuyerRequest) -> tuple[Attachment, ...]:
    """The files of the form; they are weighed before anything of them is read."""
    given: Sequence[UploadedFile[Any]] = request.FILES.getlist("files")
    size = sum(file.size or 0 for file in given)
    if size > STORED_MAX:
        raise refuse(Code.ATTACHMENT_TOO_BIG, size=size, most=STORED_MAX, most_mb=STORED_MAX // MEGABYTE)
    return tuple(Attachment(file.name or "", file.content_type or "", file.read()) for file in given)


def _receive(request: BuyerRequest, order: PortalOrder, said: BuyerMessage, key: str) -> None:
    """Hand it to the thread, once for each form. Raises the Refusal, if there is one."""
    files = [[file.name, sha256(file.content).hexdigest()] for file in said.attachments]
    body = digest_of({"order": order.order_number, "text": said.text, "files": files})
    once = Once(principal(request), "portal.message", key, body, request.now)
    outcome = receive_messages(actor_for(order.seller_id), [said], now=request.now, once=once)[0]
    if outcome.refusal is not None:
        raise outcome.refusal


def _page(
    request: BuyerRequest, order: PortalOrder, key: str, text: str = "", refusal: Refusal | None = None
) -> HttpResponse:
    says = Says(order.marketplace_id, request.now)
    context: dict[str, Any] = {
        "order": order_view(order, request.now),
        "bubbles": [_bubble(one, says) for one in thread_of(order.seller_id, order.order_number)],
        "key": key,
        "text": shown_again(text)[:TEXT_MAX],
        "text_max": TEXT_MAX,
        "most_mb": STORED_MAX // MEGABYTE,
        "refusal": word(refusal) if refusal else "",
        "empty": refusal is not None and refusal.code is Code.MISSING_VALUE,
        "sent": request.GET.get("done") == "sent",
    }
    return page(request, "messages", context, 422 if refusal else 200)


def _bubble(message: PortalMessage, says: Says) -> Bubble:
    return Bubble(
        message.id,
        message.mine,
        says.moment(message.at),
        visible(message.text or ""),
        message.text is None,
        message.language,
        tuple((file.position, visible(file.name), _weight(file.size)) for file in message.files),
    )


def _weight(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE else f"{max(1, size // 1024)} KB"


@require_safe
@buyers
def attachment(
    request: BuyerRequest, seller: str, number: str, message: int, position: int
) -> HttpResponseBase:
    """Hand a file out: always to be saved, never shown, whatever it says it is."""
    order = order_of(request.buyer, seller, number, now=request.now)
    within = message < 2**63 and position < 2**15
    found = file_of(order.seller_id, number, message, position) if order and within else None
    if found is None:
        return missing(request)
    answer = HttpResponse(found.content, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


_ORDER = "orders/<slug:seller>/<slug:number>"
urls: list[URLPattern] = [
    path(f"{_ORDER}/messages/", thread, name="messages"),
    path(f"{_ORDER}/messages/<int:message>/<int:position>/", attachment, name="attachment"),
]
