"""A-to-z claims: file and withdraw as the buyer, answer and appeal as the seller, decide as the marketplace (3.6)."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from ninja import Body, Router

from sellerdesk.commands import claims as commands
from sellerdesk.config import clock
from sellerdesk.domain.actors import Party, Permission
from sellerdesk.domain.claim_facts import ClaimFacts, ClaimKind, Fault, Funding
from sellerdesk.domain.claim_filing import Option
from sellerdesk.domain.claims import AppealVerdict, ClaimStep, ClaimVerdict, FileClaim
from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.interfaces.api import filters
from sellerdesk.interfaces.api.answer_shapes import OutcomeAnswer
from sellerdesk.interfaces.api.answers import money
from sellerdesk.interfaces.api.body import check_text
from sellerdesk.interfaces.api.calls import (
    answer,
    key_parameter,
    known_form,
    once,
    one_outcome,
    principal,
    sight_of,
)
from sellerdesk.interfaces.api.claim_shapes import (
    AppealDecision,
    ClaimDecision,
    ClaimDetailAnswer,
    ClaimListAnswer,
    ClaimOptionsAnswer,
    ClaimsAnswer,
    ClaimWords,
    NewClaim,
    VerdictAnswer,
)
from sellerdesk.interfaces.api.problems import camel_name, malformed, utc
from sellerdesk.interfaces.api.requests import minor
from sellerdesk.queries.api_orders import Sight
from sellerdesk.queries.claims import (
    ClaimDetail,
    ClaimLine,
    Place,
    Tab,
    claim_detail,
    claim_options,
    claims_of_order,
    claims_page,
    preview_verdict,
)

router = Router(tags=["Claims"], by_alias=True)
listed = Router(tags=["Claims"], by_alias=True)
_KEYED = {"parameters": [key_parameter(required=True)]}
_MAYBE_KEYED = {"parameters": [key_parameter(required=False)]}
_RANDOM = random.SystemRandom()
_MONEY = ("amount", "paid", "debited")
_PLAIN = (
    "reference",
    "order_number",
    "marketplace_id",
    "kind",
    "state",
    "filed_at",
    "due_at",
    "appeal_until",
    "cause",
    "defect",
    "money_reversed",
    "defect_reversed",
)
_MORE = ("version", "fault", "funding", "decided_at", "appealed_at")
_OF_CLAIM = "/{order_number}/claims/{reference}"
_LIST_PARAMETERS = [
    {"in": "query", "name": "tab", "schema": {"type": "string", "enum": list(Tab), "default": Tab.ALL.value}},
    {"in": "query", "name": "marketplaceId", "schema": {"type": "array", "items": {"type": "string"}}},
    filters.parameter("limit", 1, filters.PAGE_MOST, filters.PAGE),
    {"in": "query", "name": "cursor", "schema": {"type": "string"}},
]
_Command = Callable[..., list[Outcome]]


@listed.get(
    "", response=ClaimsAnswer, operation_id="listClaims", openapi_extra={"parameters": _LIST_PARAMETERS}
)
def listing(request: HttpRequest) -> HttpResponse:
    """A page of claims: those that wait for the seller by when they fall due, the others newest first."""
    who = principal(request)
    who.demand(Permission.ORDERS_READ)
    filters.check_names(
        request, frozenset({"tab", "marketplaceId", "limit", "cursor"}), several=("marketplaceId",)
    )
    text = request.GET.get("tab", Tab.ALL.value)
    if text not in set(Tab):
        raise malformed("tab", f"expected one of {', '.join(Tab)}")
    tab, places = Tab(text), _places(request)
    limit = filters.whole_number(request, "limit", filters.PAGE, least=1, most=filters.PAGE_MOST)
    salt = f"api.claims:{who.seller_id}:{tab}:{','.join(places)}"
    after = _place(request.GET.get("cursor"), salt)
    page = claims_page(who.seller_id, tab, now=clock.now(), marketplace_ids=places, after=after, size=limit)
    older = page.older
    following = signing.dumps([older.key.isoformat(), older.id], salt=salt) if older else None
    said = [_claim(line, sight_of(who)) for line in page.lines]
    return answer({"claims": said, "counts": page.counts, "nextCursor": following})


@router.get("/{order_number}/claim-options", response=ClaimOptionsAnswer, operation_id="getClaimOptions")
def possible(request: HttpRequest, order_number: str) -> HttpResponse:
    """For every kind of claim: may the buyer file it now, from when, or why not."""
    who = principal(request)
    who.demand(Permission.ORDERS_READ)
    filters.check_names(request, frozenset())
    found = claim_options(who.seller_id, known_form(order_number), now=clock.now())
    if not found:
        raise refuse(Code.ORDER_NOT_FOUND, order_number=order_number)
    return answer({"options": [_option(one) for one in found]})


@router.get("/{order_number}/claims", response=ClaimListAnswer, operation_id="getClaimsOfOrder")
def of_order(request: HttpRequest, order_number: str) -> HttpResponse:
    """All claims of an order, the oldest first."""
    who = principal(request)
    who.demand(Permission.ORDERS_READ)
    filters.check_names(request, frozenset())
    found = claims_of_order(who.seller_id, known_form(order_number))
    return answer({"claims": [_claim(one, sight_of(who)) for one in found]})


@router.post(
    "/{order_number}/claims",
    response={201: OutcomeAnswer},
    operation_id="fileClaim",
    openapi_extra=_KEYED,
)
def file(request: HttpRequest, order_number: str, payload: Body[NewClaim]) -> HttpResponse:
    """File the buyer's claim. Too early, the refusal's `opens_at` says from when. Some are decided at once."""
    who = principal(request)
    who.demand(Permission.CLAIMS_FILE)
    key = once(request, "claims.file")
    asked = FileClaim(known_form(order_number), ClaimKind(payload.kind), payload.text)
    actor = who.actor(key.key if key else "", Party.BUYER)
    moment = clock.now()
    outcomes = commands.file_claims(actor, [asked], now=moment, randomness=_RANDOM, once=key)
    return one_outcome(outcomes, status=201)


@router.get(_OF_CLAIM, response=ClaimDetailAnswer, operation_id="getClaim")
def read(request: HttpRequest, order_number: str, reference: str) -> HttpResponse:
    """One claim; what people wrote stands in it with the scope buyers.read."""
    who = principal(request)
    who.demand(Permission.ORDERS_READ)
    filters.check_names(request, frozenset())
    number, sight = known_form(order_number), sight_of(who)
    found = claim_detail(who.seller_id, _known(reference), now=clock.now(), personal=sight.buyers)
    if found is None or found.claim.order_number != number:
        raise refuse(Code.CLAIM_NOT_FOUND, order_number=number, reference=reference[:40])
    return answer(_detail(found, sight), ETag=f'"{found.claim.version}"')


def _step(
    path: str, operation: str, permission: Permission, *, party: Party, command: _Command, words: str
) -> None:
    """Add an operation that takes words and moves a claim on."""

    def view(
        request: HttpRequest, order_number: str, reference: str, payload: Body[ClaimWords]
    ) -> HttpResponse:
        who = principal(request)
        who.demand(permission)
        key = once(request, f"claims.{operation}", required=False)
        asked = ClaimStep(known_form(order_number), _known(reference), payload.text, payload.version)
        actor = who.actor(key.key if key else "", party)
        return one_outcome(command(actor, [asked], now=clock.now(), once=key))

    view.__doc__ = words
    view.__name__ = operation
    router.post(_OF_CLAIM + path, response=OutcomeAnswer, operation_id=operation, openapi_extra=_MAYBE_KEYED)(
        view
    )


_P = Permission
_step(
    "/ask",
    "askAboutClaim",
    _P.CLAIMS_DECIDE,
    party=Party.AMAZON,
    command=commands.ask_claims,
    words="Ask the seller, as the marketplace: silence until `dueAt` grants the claim.",
)
_step(
    "/answer",
    "answerClaim",
    _P.CLAIMS_HANDLE,
    party=Party.SELLER,
    command=commands.answer_claims,
    words="Answer as the seller, before `dueAt`.",
)
_step(
    "/withdrawal",
    "withdrawClaim",
    _P.CLAIMS_FILE,
    party=Party.BUYER,
    command=commands.withdraw_claims,
    words="Take the claim back, as the buyer.",
)
_step(
    "/appeal",
    "appealClaim",
    _P.CLAIMS_HANDLE,
    party=Party.SELLER,
    command=commands.appeal_claims,
    words="Appeal as the seller, once, before `appealUntil`.",
)
_step(
    "/appeal/ask",
    "askAboutAppeal",
    _P.CLAIMS_DECIDE,
    party=Party.AMAZON,
    command=commands.ask_appeals,
    words="Ask the seller about the appeal, as the marketplace: silence until `dueAt` ends it.",
)
_step(
    "/appeal/answer",
    "answerAppeal",
    _P.CLAIMS_HANDLE,
    party=Party.SELLER,
    command=commands.answer_appeals,
    words="Answer about the appeal, as the seller, before `dueAt`.",
)


@router.post(
    _OF_CLAIM + "/decision", response=OutcomeAnswer, operation_id="decideClaim", openapi_extra=_KEYED
)
def decide(
    request: HttpRequest, order_number: str, reference: str, payload: Body[ClaimDecision]
) -> HttpResponse:
    """Grant or deny, as the marketplace. A grant pays the buyer all that is left; the preview says how much."""
    who = principal(request)
    who.demand(Permission.CLAIMS_DECIDE)
    key = once(request, "claims.decide")
    asked = _verdict(who.seller_id, known_form(order_number), _known(reference), payload)
    actor = who.actor(key.key if key else "", Party.AMAZON)
    return one_outcome(commands.decide_claims(actor, [asked], now=clock.now(), once=key))


@router.post(_OF_CLAIM + "/decision/preview", response=VerdictAnswer, operation_id="previewClaimDecision")
def preview(
    request: HttpRequest, order_number: str, reference: str, payload: Body[ClaimDecision]
) -> HttpResponse:
    """What `POST …/decision` with the same body would do now."""
    who = principal(request)
    who.demand(Permission.CLAIMS_DECIDE)
    asked = _verdict(who.seller_id, known_form(order_number), _known(reference), payload)
    found = preview_verdict(who.seller_id, asked, now=clock.now())
    if found.step is None:
        raise found.refusal or refuse(Code.CLAIM_NOT_FOUND, order_number=order_number, reference=reference)
    step, grant = found.step, found.step.grant
    paid, debited = (grant.paid, grant.debit) if grant else (0, 0)
    currency = step.claim.currency
    return answer(
        {
            "state": step.state,
            "defect": grant.defect if grant else False,
            "appealUntil": utc(grant.appeal_until) if grant and grant.appeal_until else None,
            "paid": money(paid, currency),
            "debited": money(debited, currency),
        }
    )


@router.post(
    _OF_CLAIM + "/appeal/decision",
    response=OutcomeAnswer,
    operation_id="decideAppeal",
    openapi_extra=_KEYED,
)
def decide_appeal(
    request: HttpRequest, order_number: str, reference: str, payload: Body[AppealDecision]
) -> HttpResponse:
    """Decide an appeal, as the marketplace: money and defect each for itself, neither denies it."""
    who = principal(request)
    who.demand(Permission.CLAIMS_DECIDE)
    key = once(request, "claims.appeal")
    asked = AppealVerdict(
        known_form(order_number),
        _known(reference),
        payload.money,
        payload.defect,
        payload.text,
        payload.version,
    )
    actor = who.actor(key.key if key else "", Party.AMAZON)
    return one_outcome(commands.decide_appeals(actor, [asked], now=clock.now(), once=key))


def _verdict(seller_id: int, number: str, reference: str, said: ClaimDecision) -> ClaimVerdict:
    expects = None
    if said.expects is not None:
        currency = next(
            (one.currency for one in claims_of_order(seller_id, number) if one.reference == reference),
            said.expects.currency_code,
        )
        expects = minor(said.expects, currency, place="expects")
    return ClaimVerdict(
        number,
        reference,
        said.granted,
        Fault(said.fault),
        Funding(said.funding),
        said.text,
        expects,
        said.version,
    )


def _known(reference: str) -> str:
    check_text(reference, place="path")
    return reference[:40]


def _places(request: HttpRequest) -> tuple[str, ...]:
    given = [word for text in request.GET.getlist("marketplaceId") for word in text.split(",")]
    for word in given:
        if word not in MARKETPLACES:
            raise malformed("marketplaceId", "expected ids of marketplaces")
    return tuple(dict.fromkeys(given))


def _place(text: str | None, salt: str) -> Place | None:
    if text is None:
        return None
    try:
        key, id_ = signing.loads(text, salt=salt)
    except signing.BadSignature:
        raise malformed("cursor", "it does not belong to this list") from None
    return Place(datetime.fromisoformat(key), id_)


def _claim(one: ClaimLine | ClaimFacts, sight: Sight) -> dict[str, Any]:
    said = _named(one, _PLAIN) | {"cause": one.cause or ""}
    if sight.money:
        said |= {name: money(getattr(one, name), one.currency) for name in _MONEY}
    return said


def _detail(found: ClaimDetail, sight: Sight) -> dict[str, Any]:
    claim = found.claim
    said = _claim(claim, sight) | _named(claim, _MORE) | {"payout": found.payout}
    said["returns"] = [one.rma for one in found.returns]
    said["refunds"] = [one.reference for one in found.refunds]
    if sight.money:
        said["left"] = money(found.left, claim.currency)
    if sight.buyers:
        said["texts"] = [
            {"step": one.kind, "party": one.party, "text": one.text, "at": utc(one.at)} for one in found.texts
        ]
    return said


def _option(one: Option) -> dict[str, Any]:
    refusal = one.refusal
    return {
        "kind": one.kind,
        "possible": refusal is None,
        "opensAt": utc(one.opens_at) if one.opens_at else None,
        "until": utc(one.until),
        "code": refusal.code if refusal else None,
        "why": refusal.facts.get("why") if refusal else None,
    }


def _named(one: object, names: Sequence[str]) -> dict[str, Any]:
    values = {camel_name(name): getattr(one, name) for name in names}
    return {name: utc(value) if isinstance(value, datetime) else value for name, value in values.items()}
