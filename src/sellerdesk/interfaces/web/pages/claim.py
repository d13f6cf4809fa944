"""One A-to-z claim: what the buyer says, what is on record, and the seller's answer or appeal (rulebook 2.9, 3.6)."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sellerdesk.commands.claims import answer_appeals, answer_claims, appeal_claims
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.claim_facts import ClaimState
from sellerdesk.domain.claims import APPEAL_LENGTH_LEAST, TEXT_LENGTH_MOST, ClaimStep, appeal_text
from sellerdesk.domain.idempotency import KEY_LENGTH_MOST, Once, digest_of
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.interfaces.web import refusals
from sellerdesk.interfaces.web.claim_evidence import evidence_file
from sellerdesk.interfaces.web.claim_rows import sees_money
from sellerdesk.interfaces.web.claim_view import ClaimView, facts_text
from sellerdesk.interfaces.web.forms.typed import typed
from sellerdesk.interfaces.web.shipment_view import changes_since
from sellerdesk.interfaces.web.staff import DeskRequest, staff
from sellerdesk.interfaces.web.timeline import Reader
from sellerdesk.looks import when
from sellerdesk.queries.claim_prospects import prospects, record_of
from sellerdesk.queries.claims import ClaimDetail, claim_detail
from sellerdesk.queries.defect_count import defect_count

OPERATION = "claims"
Command = Callable[..., list[Outcome]]
COMMANDS: Final[dict[str, Command]] = {
    "answer": answer_claims,
    "appeal": appeal_claims,
    "answer_appeal": answer_appeals,
}
_STATUS = {
    Code.STALE_VERSION: 409,
    Code.BUSY: 409,
    Code.KEY_IN_USE: 409,
    Code.KEY_REUSED: 409,
    Code.FORBIDDEN: 403,
}
# What an appeal asks for is said in its first line; so much room is kept for that.
_WISH_ROOM = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """The form as it is typed. `money`, `defect`: what an appeal asks to be taken back."""

    key: str
    version: str
    seen: str
    text: str = ""
    money: bool = True
    defect: bool = True


@require_http_methods(["GET", "HEAD", "POST"])
@staff(Permission.ORDERS_READ)
def claim(request: DeskRequest, reference: str) -> HttpResponseBase:
    """The page; POST answers, appeals, or puts the facts of the record into the answer."""
    found = _read(request, reference)
    if found is None:
        return render(request, "web/claims/missing.html", {"reference": reference}, status=404)
    if request.method != "POST":
        return _page(request, found, _fresh(found))
    draft = _typed(request)
    do = _step(request)
    if do == "facts":
        return _page(request, found, draft, with_facts=True)
    command = COMMANDS.get(do)
    if command is None:
        return _page(request, found, draft)
    return _send(request, found, draft, command)


@require_safe
@staff(Permission.CLAIMS_HANDLE)
def evidence(request: DeskRequest, reference: str) -> HttpResponseBase:
    """Everything that is on record, as PDF."""
    found = _read(request, reference)
    if found is None or not request.desk.may(Permission.BUYERS_READ):
        raise Http404
    reader = Reader(request.desk.zone, request.desk.now, sees_money(request.desk))
    return evidence_file(request.desk.seller.seller_id, reference, found.order, reader)


def _read(request: DeskRequest, reference: str) -> ClaimDetail | None:
    desk = request.desk
    personal = desk.may(Permission.BUYERS_READ)
    return claim_detail(desk.seller.seller_id, reference, now=desk.now, personal=personal)


def _step(request: DeskRequest) -> str:
    """Which button was pressed; sent from the keyboard alone, the form says what it is for."""
    return typed(request.POST, "do") or typed(request.POST, "verb")


def _fresh(found: ClaimDetail, text: str = "") -> Draft:
    return Draft(secrets.token_urlsafe(16), str(found.claim.version), str(found.order.last_entry), text)


def _typed(request: DeskRequest) -> Draft:
    said = request.POST
    text = typed(said, "text").replace("\r\n", "\n")[: 2 * TEXT_LENGTH_MOST]
    key = typed(said, "key")[:KEY_LENGTH_MOST] or secrets.token_urlsafe(16)
    other = typed(said, "verb") != "appeal"  # only that form asks for something
    wish = (other or "money" in said, other or "defect" in said)
    return Draft(key, typed(said, "version"), typed(said, "seen"), text, *wish)


def _send(request: DeskRequest, found: ClaimDetail, draft: Draft, command: Command) -> HttpResponseBase:
    """Take the step. The same form sent again gets its first answer, and does nothing."""
    desk, one = request.desk, found.claim
    text = draft.text
    if command is appeal_claims:
        if problem := _appeal_problem(request, found, draft):
            return _page(request, found, draft, status=422, extra={"problem": problem})
        text = f"{_wish(found, draft)}\n\n{text}".strip()
    step = ClaimStep(one.order_number, one.reference, text, _whole(draft.version))
    body = digest_of([_step(request), one.reference, draft.version, draft.text, draft.money, draft.defect])
    once = Once(f"staff:{desk.user_id}", OPERATION, draft.key, body, desk.now)
    [outcome] = command(desk.actor, [step], now=desk.now, once=once)
    if outcome.refusal is not None:
        return _refused(request, one.reference, draft, outcome.refusal)
    messages.success(request, _success(_step(request)), extra_tags="ok")
    return redirect("desk:claim", one.reference)


def _appeal_problem(request: DeskRequest, found: ClaimDetail, draft: Draft) -> str:
    """What the form of an appeal lacks, or "". A claim that takes no appeal now is the command's affair."""
    if found.claim.state is not ClaimState.GRANTED:
        return ""
    if not _wish(found, draft):
        return _("Choose what should be reversed: the debit, the defect, or both.")
    try:
        appeal_text(draft.text)
    except Refusal as refusal:
        return _worded(request, refusal, least=APPEAL_LENGTH_LEAST)
    if "only" not in request.POST:
        return _("Confirm that you know that this is the only appeal.")
    return ""


def _wish(found: ClaimDetail, draft: Draft) -> str:
    """What the appeal asks for, as its first line."""
    view_money = draft.money and found.claim.debited > 0
    asked = [
        *([_("the debit")] if view_money else []),
        *([_("the effect on the order defect rate")] if draft.defect and found.claim.defect else []),
    ]
    return _("We ask to reverse: %(what)s.") % {"what": ", ".join(asked)} if asked else ""


def _refused(request: DeskRequest, reference: str, draft: Draft, refusal: Refusal) -> HttpResponseBase:
    """The command said no: the page as it stands now, with everything that was typed."""
    found = _read(request, reference)
    if found is None:
        raise Http404
    status = _STATUS.get(refusal.code, 422)
    fresh = Draft(
        _fresh(found).key,
        str(found.claim.version),
        str(found.order.last_entry),
        draft.text,
        draft.money,
        draft.defect,
    )
    extra: dict[str, Any] = {"problem": _worded(request, refusal)}
    if refusal.code is Code.STALE_VERSION:
        extra["changes"] = changes_since(request, found.order, _whole(draft.seen) or 0)
    return _page(request, found, fresh, status=status, extra=extra)


def _page(
    request: DeskRequest,
    found: ClaimDetail,
    draft: Draft,
    *,
    with_facts: bool = False,
    status: int = 200,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    desk = request.desk
    seller = desk.seller.seller_id
    ahead = prospects(seller, found.claim, now=desk.now)
    count = defect_count(seller, found.claim, found.order, at=desk.now)
    view = ClaimView(found, ahead, record_of(found, seller_id=seller), count, desk)
    text = draft.text
    if with_facts:
        text = "\n\n".join(part for part in (text.strip(), facts_text(view)) if part)
    context: dict[str, Any] = {
        "view": view,
        "claim": found.claim,
        "order": found.order,
        "draft": draft,
        "text": text,
        "with_facts": with_facts,
        "most": TEXT_LENGTH_MOST - (_WISH_ROOM if view.verb == "appeal" else 0),
        "may_see_buyer": desk.may(Permission.BUYERS_READ),
        "may_handle": desk.may(Permission.CLAIMS_HANDLE),
        "may_write": desk.may(Permission.MESSAGES_SEND),
        "may_see_messages": desk.may(Permission.MESSAGES_READ),
        "countdown": json.dumps(when.countdown_patterns(desk.language), ensure_ascii=False),
        "now": when.iso(desk.now),
    }
    answer = render(request, "web/claims/detail.html", context | (extra or {}), status=status)
    # Going back must bring the very form that was sent, with its key.
    answer.headers["Cache-Control"] = "private, max-age=0"
    return answer


def _worded(request: DeskRequest, refusal: Refusal, *, least: int = 0) -> str:
    if refusal.code is Code.MISSING_VALUE:
        return _("Write an answer first: it was empty.")
    if refusal.code is Code.INVALID_VALUE and str(refusal.facts["expected"]).startswith("at least"):
        return _("Say why the decision is wrong: at least %(n)s characters.") % {"n": least}
    if refusal.code is Code.INVALID_VALUE:
        return _("The text is too long: at most %(n)s characters.") % {"n": TEXT_LENGTH_MOST}
    if refusal.code is Code.STALE_VERSION:
        return _("The claim changed while you were writing. Nothing of yours was sent.")
    return refusals.word(refusal, now=request.desk.now, zone=request.desk.zone)


def _success(do: str) -> str:
    return {
        "answer": _("Your answer is with the marketplace. The claim is under review."),
        "appeal": _("Your appeal is with the marketplace."),
    }.get(do, _("Your answer about the appeal is with the marketplace."))


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


urls: list[URLPattern] = [
    path("claims/<slug:reference>/", claim, name="claim"),
    path("claims/<slug:reference>/evidence.pdf", evidence, name="claim_evidence"),
]
