"""The operator's claims: what waits for the marketplace, and one claim to ask about, grant, deny, or judge on appeal.

A decision takes two steps: choosing it leads to its effect, by the rule that the command asks, and only then to the
button. Everything is done for the seller of the claim alone.
"""

import json
import secrets
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sellerdesk.commands.claims import ask_appeals, ask_claims, decide_appeals, decide_claims
from sellerdesk.config import clock
from sellerdesk.domain.actors import Actor, Door, Party
from sellerdesk.domain.claim_facts import ClaimState
from sellerdesk.domain.claims import TEXT_LENGTH_MOST, ClaimStep
from sellerdesk.domain.idempotency import Once, digest_of
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.interfaces.web import refusals
from sellerdesk.interfaces.web.claim_evidence import evidence_file
from sellerdesk.interfaces.web.claim_words import ICONS, KINDS, STATES, TABS
from sellerdesk.interfaces.web.formats import Moment, language, moment, money
from sellerdesk.interfaces.web.operator_claim_view import Due, OperatorClaim, due_of
from sellerdesk.interfaces.web.operator_decision import Decision, appeal_of, verdict_of, whole
from sellerdesk.interfaces.web.staff import person_name
from sellerdesk.interfaces.web.timeline import Reader
from sellerdesk.looks import when
from sellerdesk.queries.claim_prospects import claim_terms, record_of
from sellerdesk.queries.claims import (
    ClaimDetail,
    ClaimLine,
    Tab,
    claim_detail,
    operator_claims,
    seller_of_claim,
)
from sellerdesk.queries.defect_count import defect_count

_KEY_LENGTH = 64
_STATUS = {Code.STALE_VERSION: 409, Code.CLAIM_STATE: 409, Code.BUSY: 409, Code.KEY_IN_USE: 409}


@dataclass(frozen=True)
class Row:
    """A claim in words."""

    line: ClaimLine
    marketplace: str
    kind: str
    state: str
    icon: str
    tone: str
    amount: str
    filed: Moment
    due: Due | None


def listing(request: HttpRequest) -> HttpResponseBase:
    """Claims of all sellers, the oldest first, by who is waited for."""
    if (other := _not_an_operator(request)) is not None:
        return other
    text = request.GET.get("tab", Tab.UNDER_REVIEW.value)
    if text not in set(Tab):
        raise Http404
    tab = Tab(text)
    tabs = [
        (str(label), f"{reverse('operator:claims')}?tab={one}", one is tab) for one, label in TABS.items()
    ]
    rows = [_row(request, line) for line in operator_claims(tab, now=clock.now())]
    return render(request, "web/operator_claims.html", {"rows": rows, "tabs": tabs} | _countdowns())


def one(request: HttpRequest, reference: str) -> HttpResponseBase:
    """A claim with what bears on it; with a choice in the address, what that decision does. POST does it."""
    if (other := _not_an_operator(request)) is not None:
        return other
    seller_id = seller_of_claim(reference)
    if seller_id is None:
        raise Http404
    if request.method != "POST":
        return _page(request, seller_id, reference, request.GET)
    outcome = _act(request, seller_id, reference)
    if outcome.refusal is not None:
        return _page(request, seller_id, reference, request.POST, outcome.refusal)
    state = STATES[ClaimState(outcome.state.upper())][0]
    messages.success(request, _("Done: the claim is now “%(state)s”.") % {"state": state})
    return redirect("operator:claim", reference)


def evidence(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The record of a claim as PDF."""
    if (other := _not_an_operator(request)) is not None:
        return other
    seller_id, now = seller_of_claim(reference), clock.now()
    found = claim_detail(seller_id, reference, now=now, personal=True) if seller_id else None
    if seller_id is None or found is None:
        raise Http404
    return evidence_file(seller_id, reference, found.order, Reader(_zone(request), now, sees_money=True))


def _page(
    request: HttpRequest, seller_id: int, reference: str, said: QueryDict, refusal: Refusal | None = None
) -> HttpResponse:
    """The claim as it stands now, with what was chosen and typed. `refusal`: what the command answered."""
    now = clock.now()
    found = claim_detail(seller_id, reference, now=now, personal=True)
    if found is None:
        raise Http404
    count = defect_count(seller_id, found.claim, found.order, at=now)
    reader = Reader(_zone(request), now, sees_money=True)
    terms = claim_terms(seller_id, found.claim, now=now)
    view = OperatorClaim(found, record_of(found, seller_id=seller_id), terms, count, reader)
    decision = Decision(seller_id, found.claim, found.left, count, said)
    effect = decision.effect(now)
    asks = "ask" if "ask" in decision.verbs else "ask_appeal" if "ask_appeal" in decision.verbs else ""
    context = {
        "view": view,
        "claim": found.claim,
        "order": found.order,
        "marketplace": by_id(found.claim.marketplace_id).label,
        "decision": decision,
        "effect": effect,
        "impossible": _worded(request, effect.refusal) if effect and effect.refusal else "",
        "problem": _worded(request, refusal) if refusal else "",
        "asks": asks,
        "text": said.get("text", ""),
        "question": said.get("text", "") if asks and said.get("do") == asks else "",
        "most": TEXT_LENGTH_MOST,
        "key": secrets.token_urlsafe(16),
    }
    status = _STATUS.get(refusal.code, 422) if refusal else 200
    return render(request, "web/operator_claim.html", context | _countdowns(), status=status)


def _act(request: HttpRequest, seller_id: int, reference: str) -> Outcome:
    user: Any = request.user
    said, now = request.POST, clock.now()
    found = claim_detail(seller_id, reference, now=now, personal=False)
    if found is None:
        raise Http404
    actor = Actor(Party.AMAZON, person_name(user), Door.WEB, seller_id)
    body = digest_of({name: said.getlist(name) for name in said if name != "csrfmiddlewaretoken"})
    key = said.get("key", "")[:_KEY_LENGTH] or secrets.token_urlsafe(16)
    return _do(actor, found, said, Once(f"operator:{user.pk}", "operator.claims", key, body, now))


def _do(actor: Actor, found: ClaimDetail, said: QueryDict, once: Once) -> Outcome:
    claim, now = found.claim, once.at
    step = ClaimStep(claim.order_number, claim.reference, said.get("text", ""), whole(said, "version"))
    match said.get("do"):
        case "ask":
            return ask_claims(actor, [step], now=now, once=once)[0]
        case "ask_appeal":
            return ask_appeals(actor, [step], now=now, once=once)[0]
        case "grant" | "deny" as do:
            verdict = verdict_of(claim, said, granted=do == "grant")
            return decide_claims(actor, [verdict], now=now, once=once)[0]
        case "appeal":
            return decide_appeals(actor, [appeal_of(claim, said)], now=now, once=once)[0]
    raise Http404


def _row(request: HttpRequest, line: ClaimLine) -> Row:
    label, tone = STATES[line.state]
    now, zone = clock.now(), _zone(request)
    return Row(
        line,
        by_id(line.marketplace_id).label,
        str(KINDS[line.kind]),
        str(label),
        ICONS[line.state],
        tone,
        money(line.amount, line.currency),
        moment(line.filed_at, line.marketplace_id, zone, now),
        due_of(line, zone, now),
    )


def _countdowns() -> dict[str, str]:
    """What the script needs that counts deadlines down."""
    patterns = json.dumps(when.countdown_patterns(language()), ensure_ascii=False)
    return {"countdown": patterns, "now": when.iso(clock.now())}


def _worded(request: HttpRequest, refusal: Refusal) -> str:
    return refusals.word(refusal, now=clock.now(), zone=_zone(request))


def _zone(request: HttpRequest) -> ZoneInfo:
    user: Any = request.user
    return ZoneInfo(user.zone)


def _not_an_operator(request: HttpRequest) -> HttpResponseBase | None:
    user: Any = request.user
    if not user.is_authenticated:
        return redirect("account_login")
    return None if user.is_operator else render(request, "web/forbidden.html", status=403)


urls: list[URLPattern] = [
    path("claims/", require_safe(listing), name="claims"),
    path("claims/<slug:reference>/", require_http_methods(["GET", "HEAD", "POST"])(one), name="claim"),
    path("claims/<slug:reference>/evidence.pdf", require_safe(evidence), name="claim_evidence"),
]
