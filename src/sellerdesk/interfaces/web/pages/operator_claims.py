"""The operator's claims: what waits for the marketplace, and one claim to ask about, grant, deny, or judge on appeal.

A decision takes two steps: choosing it leads to its effect, by the rule that the command asks, and only then to the
button. Everything is done for the seller of the claim alone.
"""

import secrets
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sellerdesk.commands.claims import ask_appeals, ask_claims, decide_appeals, decide_claims
from sellerdesk.config import clock
from sellerdesk.domain.actors import Actor, Door, Party
from sellerdesk.domain.claim_facts import OPEN, ClaimFacts, ClaimState, Fault, Funding
from sellerdesk.domain.claims import CLAIM, AppealVerdict, ClaimStep, ClaimVerdict, Stepped
from sellerdesk.domain.idempotency import Once, digest_of
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refusals import Refusal
from sellerdesk.interfaces.web import refusals
from sellerdesk.interfaces.web.claim_evidence import evidence_file, record_words
from sellerdesk.interfaces.web.claim_words import (
    CAUSES,
    FAULTS,
    FUNDINGS,
    KINDS,
    PAYOUTS,
    STATES,
    STEPS,
    TABS,
)
from sellerdesk.interfaces.web.formats import money
from sellerdesk.interfaces.web.staff import person_name
from sellerdesk.interfaces.web.timeline import Reader
from sellerdesk.looks.texts import visible
from sellerdesk.looks.when import moment
from sellerdesk.queries.claims import (
    ClaimDetail,
    ClaimLine,
    Tab,
    claim_detail,
    operator_claims,
    preview_verdict,
    seller_of_claim,
)

_CHOICES = ("grant", "deny", "appeal")
_KEY_LENGTH = 64


@dataclass(frozen=True)
class Row:
    """A claim in words."""

    line: ClaimLine
    kind: str
    state: str
    tone: str
    amount: str
    filed: str
    due: str


@dataclass(frozen=True)
class Effect:
    """What the chosen decision does, in lines; or why it cannot be."""

    lines: tuple[str, ...]
    problem: str = ""
    expects: int | None = None


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
    return render(request, "web/operator_claims.html", {"rows": rows, "tabs": tabs})


def one(request: HttpRequest, reference: str) -> HttpResponseBase:
    """A claim with what bears on it; with a choice in the address, what that decision does. POST does it."""
    if (other := _not_an_operator(request)) is not None:
        return other
    seller_id = seller_of_claim(reference)
    if seller_id is None:
        raise Http404
    if request.method == "POST":
        outcome = _act(request, seller_id, reference)
        if outcome.refusal is None:
            messages.success(request, _("Done: the claim is now “%(state)s”.") % {"state": _state(outcome)})
        else:
            messages.error(request, _worded(request, outcome.refusal))
        return redirect("operator:claim", reference)
    found = claim_detail(seller_id, reference, now=clock.now(), personal=True)
    if found is None:
        raise Http404
    return render(request, "web/operator_claim.html", _context(request, seller_id, found))


def evidence(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The record of a claim as PDF."""
    if (other := _not_an_operator(request)) is not None:
        return other
    seller_id, now = seller_of_claim(reference), clock.now()
    found = claim_detail(seller_id, reference, now=now, personal=True) if seller_id else None
    if seller_id is None or found is None:
        raise Http404
    return evidence_file(seller_id, reference, found.order, Reader(_zone(request), now, sees_money=True))


def _context(request: HttpRequest, seller_id: int, found: ClaimDetail) -> dict[str, Any]:
    claim = found.claim
    choice = request.GET.get("choice", "")
    incomplete = _incomplete(request.GET)
    chosen = choice if choice in _CHOICES and not incomplete else ""
    label, tone = STATES[claim.state]
    return {
        "found": found,
        "claim": claim,
        "kind": KINDS[claim.kind],
        "state": label,
        "tone": tone,
        "facts": list(_facts(request, found)),
        "texts": [(STEPS[text.kind], _at(request, text.at), visible(text.text)) for text in found.texts],
        "letters": [(letter.kind, _at(request, letter.at), visible(letter.text)) for letter in found.letters],
        "verbs": CLAIM.verbs(claim.state),
        "faults": list(FAULTS.items()),
        "fundings": list(FUNDINGS.items()),
        "choice": chosen,
        "incomplete": incomplete,
        "said": request.GET,
        "effect": _effect(request, seller_id, claim, chosen) if chosen else None,
        "key": secrets.token_urlsafe(16),
    }


def _incomplete(said: QueryDict) -> str:
    """What is missing in a decision that was asked for; nothing is chosen for the operator."""
    if "fault" not in said or said.get("choice") == "appeal":
        return ""
    missing = [
        *([_("Decision")] if said.get("choice") not in ("grant", "deny") else []),
        *([_("At fault")] if said.get("fault") not in set(Fault) else []),
        *([_("Paid by")] if said.get("funding") not in set(Funding) else []),
    ]
    return _("Choose first: %(names)s.") % {"names": ", ".join(missing)} if missing else ""


def _facts(request: HttpRequest, found: ClaimDetail) -> list[tuple[str, str]]:
    claim, order, said = found.claim, found.order, record_words()
    lines = [
        (_("Claimed amount"), money(claim.amount, claim.currency)),
        (_("Left to give the buyer"), money(found.left, claim.currency)),
        (_("Filed"), _at(request, claim.filed_at)),
    ]
    if claim.due_at:
        lines.append((_("Answer before"), _at(request, claim.due_at)))
    if claim.cause:
        lines.append((_("Decision"), str(CAUSES[claim.cause])))
    if claim.state not in OPEN and claim.paid:
        lines.append((_("Paid to the buyer"), _paid(found)))
        lines.append((_("Debited from the seller"), money(claim.debited, claim.currency)))
    if claim.state is ClaimState.REVERSED:
        lines.append((_("Given back on appeal"), _given_back(claim)))
    lines.append((_("Counts as a defect"), _("Yes") if claim.defect else _("No")))
    for package in order.packages:
        scans = ", ".join(
            f"{said.get(event.kind, event.kind)} {_at(request, event.at)}" for event in package.events
        )
        carrier = visible(package.carrier_name or package.carrier_code)
        label = _("Package %(n)s") % {"n": visible(package.reference)}
        lines.append((label, f"{carrier} {visible(package.tracking)} {scans}"))
    lines += [(_("Return"), f"{one.rma} {said.get(one.state, one.state)}") for one in found.returns]
    lines += [
        (_("Refund"), f"{one.reference} {money(one.total, one.currency)} {said.get(one.state, one.state)}")
        for one in found.refunds
    ]
    return lines


def _given_back(claim: ClaimFacts) -> str:
    """What an appeal took back: the money, the defect, or both."""
    parts = [
        *([money(claim.debited, claim.currency)] if claim.money_reversed else []),
        *([_("the defect")] if claim.defect_reversed else []),
    ]
    return " · ".join(parts)


def _paid(found: ClaimDetail) -> str:
    """What the decision gave the buyer, and whether the payment side has paid it."""
    state = str(PAYOUTS.get(found.payout, found.payout))
    return " · ".join(part for part in (money(found.claim.paid, found.claim.currency), state) if part)


def _effect(request: HttpRequest, seller_id: int, claim: ClaimFacts, choice: str) -> Effect:
    """The effect of the choice, by the same rule that the command asks."""
    said = request.GET
    verdict = _appeal(claim, said) if choice == "appeal" else _verdict(claim, said, granted=choice == "grant")
    found = preview_verdict(seller_id, verdict, now=clock.now())
    if found.step is None:
        return Effect((), _worded(request, found.refusal) if found.refusal else "")
    grant = found.step.grant
    return Effect(tuple(_effects(found.step)), expects=grant.debit if grant else None)


def _effects(step: Stepped) -> list[str]:
    currency = step.claim.currency
    lines = [_("The claim becomes “%(state)s”.") % {"state": STATES[step.state][0]}]
    if step.grant is not None:
        grant = step.grant
        lines.append(_("The buyer gets %(amount)s.") % {"amount": money(grant.paid, currency)})
        if grant.funding is Funding.SELLER:
            lines.append(_("The seller is debited %(amount)s.") % {"amount": money(grant.debit, currency)})
        else:
            lines.append(_("The marketplace pays; the seller is debited nothing."))
        lines.append(
            _("It counts in the seller's order defect rate.")
            if grant.defect
            else _("It does not count in the seller's order defect rate.")
        )
        if grant.appeal_until is not None:
            lines.append(_("The seller can appeal for %(n)s days.") % {"n": grant.appeal_days})
    if step.money_back:
        amount = {"amount": money(step.claim.debited, currency)}
        lines.append(_("The seller gets %(amount)s back; the buyer keeps the money.") % amount)
    if step.defect_off:
        lines.append(_("The claim no longer counts in the seller's order defect rate."))
    if step.state in (ClaimState.DENIED, ClaimState.APPEAL_DENIED):
        lines.append(_("No money moves."))
    return lines


def _act(request: HttpRequest, seller_id: int, reference: str) -> Outcome:
    user: Any = request.user
    said, now = request.POST, clock.now()
    found = claim_detail(seller_id, reference, now=now, personal=False)
    if found is None:
        raise Http404
    claim = found.claim
    actor = Actor(Party.AMAZON, person_name(user), Door.WEB, seller_id)
    step = ClaimStep(claim.order_number, reference, said.get("text", ""), _whole(said, "version"))
    body = digest_of({name: said.getlist(name) for name in said if name != "csrfmiddlewaretoken"})
    key = said.get("key", "")[:_KEY_LENGTH] or secrets.token_urlsafe(16)
    once = Once(f"operator:{user.pk}", "operator.claims", key, body, now)
    match said.get("do"):
        case "ask":
            return ask_claims(actor, [step], now=now, once=once)[0]
        case "ask_appeal":
            return ask_appeals(actor, [step], now=now, once=once)[0]
        case "grant" | "deny" as do:
            verdict = _verdict(claim, said, granted=do == "grant")
            return decide_claims(actor, [verdict], now=now, once=once)[0]
        case "appeal":
            return decide_appeals(actor, [_appeal(claim, said)], now=now, once=once)[0]
    raise Http404


def _verdict(claim: ClaimFacts, said: QueryDict, *, granted: bool) -> ClaimVerdict:
    fault, funding = said.get("fault", ""), said.get("funding", "")
    return ClaimVerdict(
        claim.order_number,
        claim.reference,
        granted,
        Fault(fault) if fault in set(Fault) else Fault.SELLER,
        Funding(funding) if funding in set(Funding) else Funding.SELLER,
        said.get("text", ""),
        _whole(said, "expects"),
        _whole(said, "version"),
    )


def _appeal(claim: ClaimFacts, said: QueryDict) -> AppealVerdict:
    return AppealVerdict(
        claim.order_number,
        claim.reference,
        "money" in said,
        "defect" in said,
        said.get("text", ""),
        _whole(said, "version"),
    )


def _whole(said: QueryDict, name: str) -> int | None:
    text = said.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _row(request: HttpRequest, line: ClaimLine) -> Row:
    label, tone = STATES[line.state]
    due = _at(request, line.due_at) if line.due_at else ""
    amount = money(line.amount, line.currency)
    return Row(line, str(KINDS[line.kind]), str(label), tone, amount, _at(request, line.filed_at), due)


def _state(outcome: Outcome) -> str:
    return str(STATES[ClaimState(outcome.state.upper())][0])


def _worded(request: HttpRequest, refusal: Refusal) -> str:
    return refusals.word(refusal, now=clock.now(), zone=_zone(request))


def _at(request: HttpRequest, at: Any) -> str:
    return moment(at, _zone(request), clock.now(), get_language() or "en")


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
