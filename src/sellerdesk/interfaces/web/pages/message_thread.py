"""One order's messages: read, answer, note, mark; fetch files (screens 1.11; S3-06 to S3-12, S3-28, S3-29)."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, re_path, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sellerdesk.commands import messages as commands
from sellerdesk.commands.cancel_requests import note_requests
from sellerdesk.domain import cancel_requests
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.attachments import SENDABLE, STORED_MAX, Attachment, too_big
from sellerdesk.domain.cancel_requests import MoveRequest
from sellerdesk.domain.message_hints import Hint
from sellerdesk.domain.message_reasons import ContactReason, fits
from sellerdesk.domain.messages import SellerMessage, ThreadRequest
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.interfaces.web import message_view, message_words, refusals
from sellerdesk.interfaces.web.formats import visible
from sellerdesk.interfaces.web.message_view import Draft
from sellerdesk.interfaces.web.order_access import missing, read_order, reader_of
from sellerdesk.interfaces.web.order_view import OrderView
from sellerdesk.interfaces.web.return_rows import Card, Cards
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.looks import when
from sellerdesk.queries.messages import ThreadView, attached_file, own_templates, thread
from sellerdesk.queries.order_detail import OrderDetail
from sellerdesk.queries.returns_list import returns_by_rma

NUMBER = r"messages/(?P<order_number>[0-9]{3}-[0-9]{7}-[0-9]{7})/"
# The small buttons beside the form → the reason for writing and its ready text, sent as it stands.
AT_ONCE = {
    "guide": (ContactReason.CANCEL_GUIDANCE, "cancel_guidance"),
    "important": (ContactReason.CANCEL_IMPORTANT, "cancel_important"),
}
_STATUS = {Code.STALE_VERSION: 409, Code.BUSY: 409, Code.FORBIDDEN: 403}


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.MESSAGES_READ)
def message_thread(request: DeskRequest, order_number: str) -> HttpResponseBase:
    """The page, and everything that its forms do."""
    order = read_order(request, order_number)
    found = thread(request.desk.seller.seller_id, order_number, now=request.desk.now)
    if order is None or found is None:
        return missing(request, order_number)
    if request.method != "POST":
        draft = message_view.first_draft(found)
        if (reason := request.GET.get("reason", "")) in found.reasons:
            draft = Draft(ContactReason(reason), version=draft.version)
        return _page(request, order, found, draft)
    draft = message_view.read_draft(request.POST, found)
    do = request.POST.get("do", "send")
    if do == "insert":
        own = own_templates(request.desk.seller.seller_id)
        values = message_view.values_for(found, order)
        return _page(request, order, found, message_view.with_template(draft, found, own, values))
    if do in ("send", *AT_ONCE):
        return _send(request, order, found, draft, do)
    return _act(request, order, found, draft, do)


@require_POST
@staff(Permission.MESSAGES_SEND)
def lint(request: DeskRequest, order_number: str) -> HttpResponseBase:
    """What the lint says of what is typed at this moment."""
    found = thread(request.desk.seller.seller_id, order_number, now=request.desk.now)
    if found is None:
        return missing(request, order_number)
    draft = message_view.read_draft(request.POST, found)
    return render(request, "web/messages/lint.html", {"verdict": message_view.verdict(draft, found)})


@require_safe
@staff(Permission.MESSAGES_READ)
def attached(request: DeskRequest, order_number: str, message_id: str, position: str) -> HttpResponseBase:
    """A file, always as a download and never as anything a browser would run."""
    found = attached_file(request.desk.seller.seller_id, order_number, int(message_id), int(position))
    if found is None:
        raise Http404
    kind = found.kind if found.kind in SENDABLE else "application/octet-stream"
    answer = HttpResponse(found.content, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _send(
    request: DeskRequest, order: OrderDetail, found: ThreadView, draft: Draft, do: str
) -> HttpResponseBase:
    reason, text = draft.reason, draft.text
    if do in AT_ONCE:
        reason, key = AT_ONCE[do]
        text = message_view.ready_text(key, found, message_view.values_for(found, order))
    if (size := sum(one.size or 0 for one in request.FILES.getlist("files"))) > STORED_MAX:
        # Not worth reading: no policy allows more than the table holds.
        return _page(request, order, found, draft, refusal=too_big(size, STORED_MAX))
    asked = SellerMessage(
        order.order_number,
        reason,
        text,
        attachments=() if do in AT_ONCE else _files(request),
        version=int(draft.version) if draft.version.isascii() and draft.version.isdigit() else None,
    )
    [outcome] = commands.send_messages(request.desk.actor, [asked], now=request.desk.now)
    if outcome.accepted:
        messages.success(request, _said(outcome), extra_tags="ok")
        return redirect(_url(order.order_number))
    refusal = outcome.refusal or Refusal(Code.BUSY)
    if refusal.code is Code.BLOCKED_OPT_OUT:
        messages.warning(request, _worded(request, refusal), extra_tags="warn")
        return redirect(_url(order.order_number))
    if refusal.code is Code.STALE_VERSION and _is_last(found, text):
        messages.info(request, _("This message was sent already. Nothing was sent twice."))
        return redirect(_url(order.order_number))
    return _page(request, order, found, draft, refusal=refusal)


def _act(
    request: DeskRequest, order: OrderDetail, found: ThreadView, draft: Draft, do: str
) -> HttpResponseBase:
    """Note, mark, reopen, take for a wish to cancel."""
    desk, number = request.desk, order.order_number
    if do == "note":
        asked = ThreadRequest(number, request.POST.get("note", ""))
        [outcome] = commands.add_notes(desk.actor, [asked], now=desk.now)
    elif do == "mark":
        [outcome] = commands.mark_no_response_needed(desk.actor, [ThreadRequest(number)], now=desk.now)
    elif do == "reopen":
        [outcome] = commands.reopen_threads(desk.actor, [ThreadRequest(number)], now=desk.now)
    elif do == "wish":
        [outcome] = note_requests(desk.actor, [MoveRequest(number)], now=desk.now)
    else:
        return _page(request, order, found, draft)
    if outcome.refusal is not None:
        return _page(request, order, found, draft, refusal=outcome.refusal)
    messages.success(request, _said(outcome), extra_tags="ok")
    return redirect(reverse("desk:messages") if do == "mark" else _url(number))


def _page(
    request: DeskRequest,
    order: OrderDetail,
    found: ThreadView,
    draft: Draft,
    *,
    refusal: Refusal | None = None,
) -> HttpResponse:
    desk, reader = request.desk, reader_of(request)
    contact = found.contact.thread
    errors = _errors(request, refusal)
    context: dict[str, Any] = {
        "order": order,
        "view": OrderView(order, reader),
        "lines": message_view.lines(found, reader, order.buyer.name if order.buyer else ""),
        "state": message_words.THREADS[contact.state] if contact and found.messages else None,
        "due": message_view.countdown(contact.due_at if contact else None, desk.now),
        "waits": found.waits,
        "can_reopen": contact is not None and contact.last_buyer_at is not None and not found.waits,
        "hint": _hint(found),
        "offers": _offers(request, found, message_view.values_for(found, order)),
        "can_wish": _can_wish(request, found),
        "opted_out": found.contact.opted_out,
        "may_send": desk.may(Permission.MESSAGES_SEND),
        "draft": Draft(draft.reason, draft.text, draft.template, str(found.version)),
        "reasons": message_view.reason_options(found, draft),
        "templates": message_view.template_groups(found, own_templates(desk.seller.seller_id), draft),
        "verdict": message_view.verdict(draft, found) if draft.text else None,
        "problem": _worded(request, refusal) if refusal and not errors else "",
        "errors": errors,
        "most_mb": found.limits.message_attachments_mb,
        "note_typed": request.POST.get("note", "")[:2000] if refusal else "",
        "buyer_language": message_view.language_name(found.contact.language),
        "returned": _return(request, order.order_number),
        "countdown": json.dumps(when.countdown_patterns(desk.language), ensure_ascii=False),
        "now": when.iso(desk.now),
        "clock": when.iso(desk.now),
    }
    status = _STATUS.get(refusal.code, 422) if refusal else 200
    return render(request, "web/messages/thread.html", context, status=status)


def _return(request: DeskRequest, order_number: str) -> Card | None:
    """The return that the message is about: the page was reached from it (S2-06)."""
    rma, desk = request.GET.get("return", "")[:60], request.desk
    if not rma or "\x00" in rma:
        return None
    found = returns_by_rma(desk.seller.seller_id, [rma], personal=desk.may(Permission.BUYERS_READ))
    ours = [one for one in found if one.order_number == order_number]
    return Cards(desk).card(ours[0], None) if ours else None


def _errors(request: DeskRequest, refusal: Refusal | None) -> dict[str, str]:
    """What was left out, by the field that it is to be said at."""
    if refusal is None or refusal.code is not Code.MISSING_VALUE:
        return {}
    place = str(refusal.facts.get("place", ""))
    field = "note" if request.POST.get("do") == "note" else place
    return {field: _worded(request, refusal)} if field in ("text", "attachments", "note") else {}


def _hint(found: ThreadView) -> dict[str, str] | None:
    """What the buyer's last message seems to ask for, while it waits."""
    if not found.hint or not found.waits:
        return None
    return {"kind": found.hint, "text": str(message_words.HINTS[Hint(found.hint)])}


def _offers(request: DeskRequest, found: ThreadView, values: dict[str, str]) -> dict[str, Any]:
    """What can be done about a wish to cancel with one press, with the text that would go out."""
    wish = cancel_requests.state_of(found.facts)
    formal = wish is cancel_requests.State.REQUESTED_FORMAL
    guided = wish is cancel_requests.State.GUIDED
    may_send = request.desk.may(Permission.MESSAGES_SEND)
    asked = found.hint == Hint.CANCEL or wish is not None
    offers: dict[str, Any] = {"formal": formal, "guided": guided, "noted": wish is not None and not formal}
    if may_send and asked and not formal and ContactReason.CANCEL_GUIDANCE in found.reasons:
        offers["guide"] = message_view.ready_text("cancel_guidance", found, values)
        offers["silent"] = message_view.is_silent(found, request.desk.now)
        offers["important"] = message_view.ready_text("cancel_important", found, values) if guided else ""
        offers["wish"] = wish is None and request.desk.may(Permission.ORDERS_CANCEL)
    return offers


def _can_wish(request: DeskRequest, found: ThreadView) -> bool:
    """Whether the buyer's message may be taken for a wish to cancel, whatever words it uses."""
    wrote = found.contact.thread is not None and found.contact.thread.last_buyer_at is not None
    fitting = fits(found.facts, ContactReason.CANCEL_GUIDANCE) and not found.facts.cancel_request
    return wrote and fitting and request.desk.may(Permission.ORDERS_CANCEL)


def _files(request: HttpRequest) -> tuple[Attachment, ...]:
    return tuple(_attachment(one) for one in request.FILES.getlist("files"))


def _attachment(one: Any) -> Attachment:
    return Attachment(one.name or "", one.content_type or "", one.read())


def _is_last(found: ThreadView, text: str) -> bool:
    sent = [one for one in found.messages if one.kind == "seller"]
    return bool(sent) and (sent[-1].text or "") == text.strip()


def _worded(request: DeskRequest, refusal: Refusal) -> str:
    if refusal.code is Code.STALE_VERSION:
        return _(
            "Somebody wrote meanwhile. Your text is still below: read the new messages, then send it again."
        )
    if refusal.code is Code.REASON_NOT_ALLOWED:
        return _("Nobody may write for this reason in the state that the order is in now.")
    return refusals.word(refusal, now=request.desk.now, zone=request.desk.zone)


def _said(outcome: Outcome) -> str:
    return {
        "sent": _("Message sent."),
        "noted": _("Saved."),
        "marked": _("Marked: no response needed for order %(order)s.") % {"order": outcome.order_number},
        "reopened": _("The message waits for a reply again."),
    }.get(outcome.state, _("Saved."))


def _url(order_number: str) -> str:
    return reverse("desk:thread", args=[visible(order_number)])


urls: list[URLPattern] = [
    re_path(rf"^{NUMBER}$", message_thread, name="thread"),
    re_path(rf"^{NUMBER}lint/$", lint, name="thread_lint"),
    re_path(
        rf"^{NUMBER}files/(?P<message_id>[0-9]{{1,18}})/(?P<position>[0-9]{{1,4}})/$",
        attached,
        name="thread_file",
    ),
]
