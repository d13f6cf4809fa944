"""A-to-z claims: file, ask, answer, withdraw, decide, appeal (rulebook 2.9, 3.6; T17; I06, I13, I14).

The clock grants in silence (`commands.deadlines`). A claim is settled as refunded with the release of the refund that
gives back all that is left, not with its request: a held refund can be called back, and then nothing was settled.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sellerdesk.commands import run_batch
from sellerdesk.domain import claim_filing, claims
from sellerdesk.domain.actors import Actor, Party, Permission
from sellerdesk.domain.claim_facts import ClaimFacts, TextKind
from sellerdesk.domain.claim_filing import Filed, FilingFacts
from sellerdesk.domain.claims import AppealVerdict, ClaimHow, ClaimStep, ClaimVerdict, FileClaim, Stepped
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.identifiers import Randomness, new_claim_reference
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.models.claim_facts import ClaimWorld, claims_by_reference, filing_facts
from sellerdesk.models.claim_writes import ClaimChange, NewClaim, said_of, write_filed, write_steps

BUYERS = frozenset({Party.BUYER, Party.AMAZON, Party.SYSTEM})
SELLERS = frozenset({Party.SELLER})
JUDGES = frozenset({Party.AMAZON, Party.SYSTEM})
"""Who may decide besides holding the permission: no seller judges a claim against itself."""

R = TypeVar("R", ClaimStep, ClaimVerdict, AppealVerdict)


@dataclass(frozen=True, slots=True)
class _Verb:
    """A step: who may say it, what the journal calls it, and which texts belong to it."""

    permission: Permission
    parties: Collection[Party]
    kind: str
    text_kind: TextKind


_ASK = _Verb(Permission.CLAIMS_DECIDE, JUDGES, "claim_action_required", TextKind.QUESTION)
_ANSWER = _Verb(Permission.CLAIMS_HANDLE, SELLERS, "claim_answered", TextKind.ANSWER)
_WITHDRAW = _Verb(Permission.CLAIMS_FILE, BUYERS, "claim_withdrawn", TextKind.FILED)
_DECIDE = _Verb(Permission.CLAIMS_DECIDE, JUDGES, "", TextKind.DECISION)
_APPEAL = _Verb(Permission.CLAIMS_HANDLE, SELLERS, "claim_appealed", TextKind.APPEAL)
_ASK_APPEAL = _Verb(Permission.CLAIMS_DECIDE, JUDGES, "claim_appeal_info_required", TextKind.APPEAL_QUESTION)
_ANSWER_APPEAL = _Verb(Permission.CLAIMS_HANDLE, SELLERS, "claim_appeal_answered", TextKind.APPEAL_ANSWER)
_DECIDE_APPEAL = _Verb(Permission.CLAIMS_DECIDE, JUDGES, "", TextKind.APPEAL_DECISION)
# The journal's word where the decision makes it.
_DECIDED = {
    "GRANTED": "claim_granted",
    "DENIED": "claim_denied",
    "REVERSED": "claim_reversed",
    "APPEAL_DENIED": "claim_appeal_denied",
}


def file_claims(
    actor: Actor,
    requests: Sequence[FileClaim],
    *,
    now: datetime,
    randomness: Randomness,
    once: Once | None = None,
) -> list[Outcome]:
    """File claims for buyers (CLAIMS_FILE; not as the seller).

    Outcome "granted", "action_required" or "filed" with facts reference, kind, amount, currency, due_at (aware or
    None), cause, debited, defect, version (of the claim). Refusals are those of `claim_filing.file`, ORDER_NOT_FOUND,
    FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        world = ClaimWorld.lock(seller_id, {one.order_number for one in requests}, now)
        known = filing_facts(seller_id, world)
        outcomes, new = [], []
        for request in requests:
            try:
                facts = known.get(request.order_number)
                if facts is None:
                    raise refuse(Code.ORDER_NOT_FOUND, order_number=request.order_number)
                filed = claim_filing.file(facts, request, world.how(facts.money))
            except Refusal as refusal:
                outcomes.append(refused(request.order_number, refusal, request.place))
                continue
            reference = new_claim_reference(randomness)
            known[request.order_number] = _with_claim(facts, filed, reference, now)
            new.append(NewClaim(filed, reference, world.drafts.get(facts.money.order.id, ())))
            outcomes.append(_filed_outcome(request, filed, reference))
        write_filed(actor, seller_id, new, now)
        return outcomes

    return run_batch(_as(actor, _WITHDRAW), Permission.CLAIMS_FILE, requests, work, once)


def ask_claims(
    actor: Actor, requests: Sequence[ClaimStep], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """The marketplace asks sellers (CLAIMS_DECIDE; party AMAZON or SYSTEM): "action_required" with fact due_at.

    This and every command below also answers reference and version, and refuses with what its function in
    `domain.claims` raises, CLAIM_NOT_FOUND, ORDER_NOT_FOUND, FORBIDDEN, BUSY.
    """
    return _step(actor, _ASK, requests, claims.ask, now=now, once=once)


def answer_claims(
    actor: Actor, requests: Sequence[ClaimStep], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """The seller answers (CLAIMS_HANDLE; party SELLER): "under_review"."""
    return _step(actor, _ANSWER, requests, claims.answer, now=now, once=once)


def withdraw_claims(
    actor: Actor, requests: Sequence[ClaimStep], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """The buyer takes claims back (CLAIMS_FILE; not as the seller): "withdrawn"."""

    def withdraw(claim: ClaimFacts, request: ClaimStep, how: ClaimHow) -> Stepped:  # noqa: ARG001
        return claims.withdraw(claim, request)

    return _step(actor, _WITHDRAW, requests, withdraw, now=now, once=once)


def decide_claims(
    actor: Actor, verdicts: Sequence[ClaimVerdict], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """The marketplace decides (CLAIMS_DECIDE; AMAZON or SYSTEM): "granted" or "denied" with facts debited, paid,
    defect, fault, funding, appeal_until (aware or None).
    """
    return _step(actor, _DECIDE, verdicts, claims.decide, now=now, once=once)


def appeal_claims(
    actor: Actor, requests: Sequence[ClaimStep], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """The seller appeals, once (CLAIMS_HANDLE; party SELLER): "appealed"."""
    return _step(actor, _APPEAL, requests, claims.appeal, now=now, once=once)


def ask_appeals(
    actor: Actor, requests: Sequence[ClaimStep], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """The marketplace asks about appeals (CLAIMS_DECIDE; AMAZON or SYSTEM): "appeal_info_required" with fact due_at."""
    return _step(actor, _ASK_APPEAL, requests, claims.ask_appeal, now=now, once=once)


def answer_appeals(
    actor: Actor, requests: Sequence[ClaimStep], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """The seller answers about an appeal (CLAIMS_HANDLE; party SELLER): "appealed"."""
    return _step(actor, _ANSWER_APPEAL, requests, claims.answer_appeal, now=now, once=once)


def decide_appeals(
    actor: Actor, verdicts: Sequence[AppealVerdict], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """The marketplace decides appeals (CLAIMS_DECIDE; AMAZON or SYSTEM): "reversed" or "appeal_denied" with facts money
    and defect (what was taken back).
    """

    def decide(claim: ClaimFacts, verdict: AppealVerdict, how: ClaimHow) -> Stepped:  # noqa: ARG001
        return claims.decide_appeal(claim, verdict)

    return _step(actor, _DECIDE_APPEAL, verdicts, decide, now=now, once=once)


def _as(actor: Actor, verb: _Verb) -> Actor:
    """The actor, without the permission when it acts for a party that may not say this."""
    if actor.party in verb.parties:
        return actor
    return replace(actor, permissions=actor.permissions - {verb.permission})


def _step(
    actor: Actor,
    verb: _Verb,
    requests: Sequence[R],
    decide: Callable[[ClaimFacts, R, ClaimHow], Stepped],
    *,
    now: datetime,
    once: Once | None,
) -> list[Outcome]:
    def work(seller_id: int) -> list[Outcome]:
        world = ClaimWorld.lock(seller_id, {one.order_number for one in requests}, now)
        known = claims_by_reference(seller_id, {one.reference for one in requests})
        outcomes, changes = [], []
        for request in requests:
            try:
                facts = world.known.get(request.order_number)
                if facts is None:
                    raise refuse(Code.ORDER_NOT_FOUND, order_number=request.order_number)
                claim = _found(known, request)
                step = decide(claim, request, world.how(facts))
            except Refusal as refusal:
                outcomes.append(refused(request.order_number, refusal, request.place))
                continue
            known[request.reference] = replace(claim, state=step.state, version=claim.version + 1)
            drafts = world.drafts.get(claim.order_id, ())
            kind = verb.kind or _DECIDED[step.state]
            changes.append(ClaimChange(step, kind, verb.text_kind, drafts))
            outcomes.append(_outcome(request, changes[-1]))
        write_steps(actor, seller_id, changes, now)
        return outcomes

    return run_batch(_as(actor, verb), verb.permission, requests, work, once)


def _found(known: dict[str, ClaimFacts], request: R) -> ClaimFacts:
    claim = known.get(request.reference)
    if claim is None or claim.order_number != request.order_number:
        said = {"order_number": request.order_number, "reference": request.reference[:40]}
        raise refuse(Code.CLAIM_NOT_FOUND, **said)
    return claim


def _outcome(request: R, change: ClaimChange) -> Outcome:
    said = {name: value for name, value in said_of(change).items() if name not in ("kind", "policy")}
    version = {"version": change.claim.version + 1}
    return Outcome(request.order_number, change.step.state.lower(), place=request.place, facts=said | version)


def _with_claim(facts: FilingFacts, filed: Filed, reference: str, now: datetime) -> FilingFacts:
    """The facts as the next request of the same batch finds them."""
    fresh = ClaimFacts(0, reference, filed.kind, filed.state, filed.amount, now)
    order = replace(facts.money.order, version=facts.money.order.version + 1)
    money = replace(facts.money, order=order)
    if filed.grant is not None:
        fresh = replace(fresh, cause=filed.grant.cause)
        given = {(part.item_id, part.component): part.amount for part in filed.grant.parts}
        balances = tuple(
            replace(one, claimed=one.claimed + given.get((one.item_id, one.component), 0))
            for one in money.money
        )
        money = replace(money, money=balances)
    return replace(facts, money=money, claims=(*facts.claims, fresh))


def _filed_outcome(request: FileClaim, filed: Filed, reference: str) -> Outcome:
    facts = {
        "reference": reference,
        "kind": filed.kind.value,
        "amount": filed.amount,
        "currency": filed.facts.money.order.currency,
        "due_at": filed.due.due_at if filed.due else None,
        "cause": filed.grant.cause.value if filed.grant else "",
        "debited": filed.grant.debit if filed.grant else 0,
        "defect": filed.grant.defect if filed.grant else False,
        "version": 1,
    }
    return Outcome(request.order_number, filed.state.lower(), place=request.place, facts=facts)
