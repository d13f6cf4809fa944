"""The operator's mailbox: what the platform wrote to whom, what waits, and what could not be sent."""

from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.generic import RedirectView

from sellerdesk.config import clock
from sellerdesk.flows.notices import send_again
from sellerdesk.flows.notices.codes import CODE, shows_codes, with_code
from sellerdesk.flows.notices.letters import write
from sellerdesk.looks.when import moment
from sellerdesk.queries.mails import MailboxRow, letter_facts, mail_counts
from sellerdesk.queries.mails import mailbox as mails_of

ROWS = 50
STATES: Final = {
    "queued": (gettext_lazy("Waiting"), "info"),
    "sent": (gettext_lazy("Sent"), "ok"),
    "dead": (gettext_lazy("Could not be sent"), "bad"),
    "void": (gettext_lazy("Nobody to write to"), "warn"),
}
KINDS: Final = {
    "sold": gettext_lazy("Sold, ship now"),
    "ship_by_reminder": gettext_lazy("Reminder to ship"),
    "auto_cancel_warning": gettext_lazy("Warning before automatic cancellation"),
    "auto_cancelled": gettext_lazy("Cancelled automatically"),
    "cancelled": gettext_lazy("Order cancelled"),
    "shipped": gettext_lazy("On its way"),
    "delivered": gettext_lazy("Delivered"),
    "portal_code": gettext_lazy("Sign-in code"),
    "message_to_buyer": gettext_lazy("Message to the buyer"),
    "message_to_seller": gettext_lazy("Message from the buyer"),
    "message_blocked": gettext_lazy("Message not delivered"),
    "mail_refused": gettext_lazy("Mail not passed on"),
    "cancel_requested": gettext_lazy("Cancellation requested"),
    "cancel_answer_reminder": gettext_lazy("Cancellation request waits for an answer"),
    "guide_unanswered": gettext_lazy("Buyer has not filed the cancellation"),
    "you_cancelled": gettext_lazy("Cancelled by the seller"),
    "seller_cancelled": gettext_lazy("Cancelled by the seller"),
    "buyer_cancelled": gettext_lazy("Cancelled by the buyer"),
    "your_cancellation": gettext_lazy("Cancelled by the buyer"),
    "marketplace_cancelled": gettext_lazy("Cancelled by the marketplace"),
    "work_cancelled": gettext_lazy("Cancelled by the marketplace"),
    "cancel_declined": gettext_lazy("Cancellation declined"),
    "shipped_anyway": gettext_lazy("Shipped although cancellation was requested"),
    "review_request": gettext_lazy("Request for a review"),
    "return_requested": gettext_lazy("Return requested"),
    "return_request_received": gettext_lazy("Return requested"),
    "return_kept": gettext_lazy("Buyer keeps the goods"),
    "return_authorized": gettext_lazy("Return authorised"),
    "return_closed": gettext_lazy("Return request closed by the seller"),
    "return_closed_auto": gettext_lazy("Return request closed itself"),
    "your_return_withdrawn": gettext_lazy("Return withdrawn"),
    "return_withdrawn": gettext_lazy("Return withdrawn"),
    "return_unanswered": gettext_lazy("Return request was not answered in time"),
    "return_method_missed": gettext_lazy("No way back was given in time"),
    "return_on_its_way": gettext_lazy("Return on its way back"),
    "return_arrived": gettext_lazy("Return received"),
    "return_refund_due": gettext_lazy("Return received, refund due"),
    "return_refund_overdue": gettext_lazy("Refund after a return is overdue"),
    "refund_to_approve": gettext_lazy("Refund waits for a second person"),
    "refund_sent": gettext_lazy("Refund on its way"),
    "refund_failed": gettext_lazy("Refund could not be paid out"),
    "refund_rejected": gettext_lazy("Refund could not be paid out"),
    "payment_break": gettext_lazy("Books of the payment side differ"),
    "claim_filed": gettext_lazy("Claim filed"),
    "your_claim_filed": gettext_lazy("Claim filed"),
    "claim_action_required": gettext_lazy("Claim waits for an answer"),
    "claim_granted": gettext_lazy("Claim granted"),
    "your_claim_granted": gettext_lazy("Claim granted"),
    "claim_denied": gettext_lazy("Claim denied"),
    "your_claim_denied": gettext_lazy("Claim denied"),
    "claim_withdrawn": gettext_lazy("Claim withdrawn"),
    "your_claim_withdrawn": gettext_lazy("Claim withdrawn"),
    "your_claim_refunded": gettext_lazy("Claim settled by a refund"),
    "claim_appeal_info_required": gettext_lazy("Appeal waits for an answer"),
    "claim_reversed": gettext_lazy("Appeal granted"),
    "claim_appeal_denied": gettext_lazy("Appeal denied"),
}
READERS: Final = {"seller": gettext_lazy("Seller"), "buyer": gettext_lazy("Buyer")}
STAFF: Final = gettext_lazy("Staff")
PLATFORM: Final = gettext_lazy("None: a matter of the platform")


@dataclass(frozen=True)
class Row:
    """A mail in words. `at`: when it was sent, or when it is tried next. `order` and `seller`: what it is about; a
    sign-in code opens all orders of an address, so that it is no single seller's.
    """

    mail: MailboxRow
    kind: str
    reader: str
    order: str
    seller: str
    state: str
    tone: str
    at: str


@dataclass(frozen=True)
class Tab:
    """A state to look at, with how many mails are in it."""

    label: str
    count: int
    url: str
    current: bool


def inbox(request: HttpRequest) -> HttpResponseBase:
    """The list, newest first, by state."""
    if (other := _not_an_operator(request)) is not None:
        return other
    state = request.GET.get("state", "")
    before = request.GET.get("before", "")
    if state not in ("", *STATES) or (
        before and not (before.isascii() and before.isdigit() and len(before) < 19)
    ):
        raise Http404
    found = mails_of(state=state, before=int(before) if before else None, limit=ROWS + 1)
    older = f"?state={state}&before={found[ROWS - 1].id}" if len(found) > ROWS else ""
    context = {"rows": [_row(request, one) for one in found[:ROWS]], "tabs": _tabs(state), "older": older}
    return render(request, "web/mailbox.html", context)


def letter(request: HttpRequest, mail_id: int) -> HttpResponseBase:
    """One mail as its reader gets it, from what is known of the order now."""
    if (other := _not_an_operator(request)) is not None:
        return other
    found = mails_of(before=mail_id + 1, limit=1)
    facts = letter_facts([mail_id]).get(mail_id)
    if facts is None or not found or found[0].id != mail_id:
        raise Http404
    if request.method == "POST":
        if send_again(mail_id, now=clock.now()):
            messages.success(request, _("The mail is queued again."))
        return redirect("letter", mail_id)
    if facts.kind == CODE and shows_codes():
        facts = with_code(facts, settings.SECRET_KEY.encode(), clock.now())
    context = {"row": _row(request, found[0]), "facts": facts, "words": write(facts)}
    return render(request, "web/letter.html", context)


def _not_an_operator(request: HttpRequest) -> HttpResponseBase | None:
    user: Any = request.user
    if not user.is_authenticated:
        return redirect("account_login")
    return None if user.is_operator else render(request, "web/forbidden.html", status=403)


def _tabs(state: str) -> list[Tab]:
    counts = mail_counts()
    url = reverse("mailbox")
    every = Tab(_("All"), sum(counts.values()), url, state == "")
    return [
        every,
        *(
            Tab(str(label), counts.get(name, 0), f"{url}?state={name}", state == name)
            for name, (label, _tone) in STATES.items()
        ),
    ]


def _row(request: HttpRequest, mail: MailboxRow) -> Row:
    user: Any = request.user
    label, tone = STATES[mail.state]
    at = moment(mail.sent_at or mail.next_at, ZoneInfo(user.zone), clock.now(), get_language() or "en")
    is_code = mail.kind == CODE
    return Row(
        mail=mail,
        kind=str(KINDS.get(mail.kind, mail.kind)),
        reader=str(READERS.get(mail.reader, STAFF)),
        order="" if is_code else mail.order_number,
        seller=str(PLATFORM) if is_code else mail.seller_name,
        state=str(label),
        tone=tone,
        at=at,
    )


urls: list[URLPattern] = [
    path("mailbox", require_http_methods(["GET", "HEAD"])(inbox), name="mailbox"),
    path("mailbox/", RedirectView.as_view(pattern_name="mailbox", query_string=True), name="mailbox-slash"),
    path("mailbox/<int:mail_id>", require_http_methods(["GET", "HEAD", "POST"])(letter), name="letter"),
]
