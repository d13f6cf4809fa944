"""A-to-z claims: what may be said of one when, and what each step does (rulebook 2.9, 3.6; T17; P24).

Filing, with its clock and its automatic decisions, is `claim_filing`. Here is everything after it. Facts and a request
go in, a decision comes out or a Refusal is raised; the operator's page and the command ask the same functions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sellerdesk.domain import refund_amounts as amounts
from sellerdesk.domain.calendars import BusinessCalendar
from sellerdesk.domain.claim_facts import (
    OPEN,
    ClaimCause,
    ClaimFacts,
    ClaimKind,
    ClaimState,
    Fault,
    Funding,
)
from sellerdesk.domain.deadlines import DeadlineKind, Due
from sellerdesk.domain.machine import Machine, Move
from sellerdesk.domain.message_lint import clean
from sellerdesk.domain.policies import PolicyBook
from sellerdesk.domain.refund_amounts import MoneyFacts, Part
from sellerdesk.domain.refusals import Code, refuse

TEXT_LENGTH_MOST = 5_000  # technical: what a page and an evidence pack can show of one person's words
APPEAL_LENGTH_LEAST = 10  # technical: there is one appeal, and a slip of the finger must not be it

_S = ClaimState


def _at(*states: str) -> frozenset[str]:
    return frozenset(states)


CLAIM = Machine(
    "claim",
    # The seller is asked at once, unless a policy says otherwise; some claims are decided as they are filed.
    start=_at(_S.FILED, _S.ACTION_REQUIRED, _S.GRANTED),
    moves={
        "ask": Move(_at(_S.FILED, _S.UNDER_REVIEW), _S.ACTION_REQUIRED),
        "answer": Move(_at(_S.ACTION_REQUIRED), _S.UNDER_REVIEW),
        "expire": Move(_at(_S.ACTION_REQUIRED), _S.GRANTED),  # silence
        # A seller who was asked has his time: nothing is granted before it is over.
        "grant": Move(_at(_S.FILED, _S.UNDER_REVIEW), _S.GRANTED),
        "deny": Move(frozenset(OPEN), _S.DENIED),
        "withdraw": Move(frozenset(OPEN), _S.WITHDRAWN),
        "refund": Move(frozenset(OPEN), _S.REFUNDED_BY_SELLER),
        "reopen": Move(_at(_S.REFUNDED_BY_SELLER), _S.UNDER_REVIEW),  # that money never arrived
        "appeal": Move(_at(_S.GRANTED), _S.APPEALED),
        "ask_appeal": Move(_at(_S.APPEALED), _S.APPEAL_INFO_REQUIRED),
        "answer_appeal": Move(_at(_S.APPEAL_INFO_REQUIRED), _S.APPEALED),
        "expire_appeal": Move(_at(_S.APPEAL_INFO_REQUIRED), _S.APPEAL_DENIED),
        "reverse": Move(_at(_S.APPEALED), _S.REVERSED),
        "deny_appeal": Move(_at(_S.APPEALED), _S.APPEAL_DENIED),
    },
)


@dataclass(frozen=True, slots=True)
class FileClaim:
    """The buyer claims. `text`: the buyer's own words (personal). `version`: the order's, as the buyer saw it."""

    order_number: str
    kind: ClaimKind
    text: str = ""
    version: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class ClaimStep:
    """A step of a claim that takes at most words: ask, answer, withdraw, appeal … `version`: the claim's."""

    order_number: str
    reference: str
    text: str = ""  # personal
    version: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """The marketplace decides. `expects`: the debit that the decider was shown, in minor units; None: any."""

    order_number: str
    reference: str
    granted: bool
    fault: Fault
    funding: Funding = Funding.SELLER
    text: str = ""
    expects: int | None = None
    version: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class AppealVerdict:
    """The marketplace decides an appeal: the money, the defect, both, or neither (then the appeal is denied)."""

    order_number: str
    reference: str
    money: bool
    defect: bool
    text: str = ""
    version: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class ClaimTerms:
    """The policy values that claims rest on; fields are named like their policy keys."""

    claim_contact_hours: int
    claim_answer_hours: int
    claim_appeal_days: int
    claim_window_days: int
    claim_not_received_days: int
    claim_transit_days: int
    claim_asks_at_once: bool
    claim_appeal_info_hours: int

    @classmethod
    def of(cls, book: PolicyBook, marketplace_id: str, on: date) -> "ClaimTerms":
        """The terms of a marketplace on a local day. Raises LookupError when a policy is missing."""
        return cls(**{key: book.value(marketplace_id, key, on) for key in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class ClaimHow:
    """When, and by which terms. `money`: what is left of the order's charges, drafts of refunds not counted as gone:
    nobody agreed to those.
    """

    now: datetime
    terms: ClaimTerms
    calendar: BusinessCalendar
    money: tuple[MoneyFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """What granting does: `parts` go to the buyer, `debit` is taken from the seller (0: the marketplace pays)."""

    cause: ClaimCause
    fault: Fault
    funding: Funding
    defect: bool
    parts: tuple[Part, ...]
    appeal_until: datetime | None  # None: nothing was taken, so there is nothing to appeal against
    appeal_days: int

    @property
    def paid(self) -> int:
        return sum(part.amount for part in self.parts)

    @property
    def debit(self) -> int:
        return self.paid if self.funding is Funding.SELLER else 0


@dataclass(frozen=True, slots=True)
class Stepped:
    """A claim's next state with what comes of it."""

    claim: ClaimFacts
    state: ClaimState
    text: str = ""
    due: Due | None = None
    grant: Grant | None = None
    fault: Fault | None = None  # of a claim that was denied
    money_back: bool = False
    defect_off: bool = False


def grant_of(how: ClaimHow, cause: ClaimCause, fault: Fault, funding: Funding, *, defect: bool) -> Grant:
    """A grant gives the buyer all that is left, per item and component; held refunds go their own way."""
    parts = tuple(amounts.everything(how.money)) if amounts.net(how.money) > 0 else ()
    taken = bool(parts) and funding is Funding.SELLER
    days = how.terms.claim_appeal_days
    until = how.calendar.add_calendar_days(how.now, days) if taken or defect else None
    return Grant(cause, fault, funding, defect, parts, until, days)


def ask(claim: ClaimFacts, step: ClaimStep, how: ClaimHow) -> Stepped:
    """Ask the seller, who has the policy's hours. Raises Refusal STALE_VERSION, CLAIM_STATE, INVALID_VALUE."""
    state = _moved(claim, "ask", step.version)
    return Stepped(claim, state, _text(step.text), answer_due(how))


def answer(claim: ClaimFacts, step: ClaimStep, how: ClaimHow) -> Stepped:
    """The seller's answer, before the instant at which silence grants.

    Raises Refusal STALE_VERSION, CLAIM_STATE, CLAIM_ANSWER_OVER, MISSING_VALUE, INVALID_VALUE.
    """
    state = _moved(claim, "answer", step.version)
    _check_time(claim, how.now)
    return Stepped(claim, state, _text(step.text, needed=True))


def withdraw(claim: ClaimFacts, step: ClaimStep) -> Stepped:
    """The buyer takes it back. Raises Refusal STALE_VERSION, CLAIM_STATE, INVALID_VALUE."""
    return Stepped(claim, _moved(claim, "withdraw", step.version), _text(step.text))


def expire(claim: ClaimFacts, how: ClaimHow) -> Stepped:
    """Silence grants: the seller pays, and it is a defect. Raises Refusal CLAIM_STATE."""
    state = _moved(claim, "expire", None)
    grant = grant_of(how, ClaimCause.SILENCE, Fault.SELLER, Funding.SELLER, defect=True)
    return Stepped(claim, state, grant=grant)


def decide(claim: ClaimFacts, verdict: ClaimVerdict, how: ClaimHow) -> Stepped:
    """The marketplace's decision. It is a defect when it is granted and the seller is at fault.

    Raises Refusal STALE_VERSION, CLAIM_STATE, LEFT_CHANGED (another debit than was shown), INVALID_VALUE.
    """
    state = _moved(claim, "grant" if verdict.granted else "deny", verdict.version)
    text = _text(verdict.text)
    if not verdict.granted:
        return Stepped(claim, state, text, fault=verdict.fault)
    at_fault = verdict.fault is Fault.SELLER
    grant = grant_of(how, ClaimCause.OPERATOR, verdict.fault, verdict.funding, defect=at_fault)
    if verdict.expects is not None and verdict.expects != grant.debit:
        said = {"expected": verdict.expects, "left": grant.debit, "currency": claim.currency}
        raise refuse(Code.LEFT_CHANGED, order_number=claim.order_number, **said)
    return Stepped(claim, state, text, grant=grant)


def appeal(claim: ClaimFacts, step: ClaimStep, how: ClaimHow) -> Stepped:
    """The seller appeals, once, before the window ends.

    Raises Refusal STALE_VERSION, CLAIM_STATE, APPEAL_OVER, MISSING_VALUE, INVALID_VALUE.
    """
    state = _moved(claim, "appeal", step.version)
    if claim.appeal_until is None or how.now >= claim.appeal_until:
        raise refuse(Code.APPEAL_OVER, ended=claim.appeal_until, **_named(claim))
    return Stepped(claim, state, appeal_text(step.text))


def appeal_text(text: str) -> str:
    """The words of an appeal, cleaned. Raises Refusal MISSING_VALUE, INVALID_VALUE (too short or too long)."""
    cleaned = _text(text, needed=True)
    if len(cleaned) < APPEAL_LENGTH_LEAST:
        expected = f"at least {APPEAL_LENGTH_LEAST} characters"
        raise refuse(Code.INVALID_VALUE, place="text", value=f"{len(cleaned)} characters", expected=expected)
    return cleaned


def ask_appeal(claim: ClaimFacts, step: ClaimStep, how: ClaimHow) -> Stepped:
    """Ask for more about an appeal. Raises Refusal STALE_VERSION, CLAIM_STATE, INVALID_VALUE."""
    state = _moved(claim, "ask_appeal", step.version)
    hours = how.terms.claim_appeal_info_hours
    until = how.now + timedelta(hours=hours)
    due = Due(DeadlineKind.CLAIM_APPEAL_ANSWER, until, "claim_appeal_info_hours", hours)
    return Stepped(claim, state, _text(step.text), due)


def answer_appeal(claim: ClaimFacts, step: ClaimStep, how: ClaimHow) -> Stepped:
    """The seller's answer about an appeal.

    Raises Refusal STALE_VERSION, CLAIM_STATE, CLAIM_ANSWER_OVER, MISSING_VALUE, INVALID_VALUE.
    """
    state = _moved(claim, "answer_appeal", step.version)
    _check_time(claim, how.now)
    return Stepped(claim, state, _text(step.text, needed=True))


def decide_appeal(claim: ClaimFacts, verdict: AppealVerdict) -> Stepped:
    """Money and defect go back each for itself; with neither, the appeal is denied. The buyer keeps the money.

    Raises Refusal STALE_VERSION, CLAIM_STATE, INVALID_VALUE (there is nothing of that kind to take back).
    """
    won = verdict.money or verdict.defect
    state = _moved(claim, "reverse" if won else "deny_appeal", verdict.version)
    for wanted, there, place in (
        (verdict.money, claim.debited > 0, "money"),
        (verdict.defect, claim.defect, "defect"),
    ):
        if wanted and not there:
            raise refuse(Code.INVALID_VALUE, place=place, value="true", expected="false: nothing was taken")
    return Stepped(claim, state, _text(verdict.text), money_back=verdict.money, defect_off=verdict.defect)


def expire_appeal(claim: ClaimFacts) -> Stepped:
    """Silence ends an appeal. Raises Refusal CLAIM_STATE."""
    return Stepped(claim, _moved(claim, "expire_appeal", None))


def answer_due(how: ClaimHow) -> Due:
    """When the seller's answer must be here: hours on the clock, as the marketplace's policy says."""
    hours = how.terms.claim_answer_hours
    return Due(DeadlineKind.CLAIM_ANSWER, how.now + timedelta(hours=hours), "claim_answer_hours", hours)


def _moved(claim: ClaimFacts, verb: str, version: int | None) -> ClaimState:
    if version is not None and version != claim.version:
        said = {"expected": version, "actual": claim.version}
        raise refuse(Code.STALE_VERSION, order_number=claim.order_number, **said)
    if claim.state not in CLAIM.moves[verb].sources:
        raise refuse(Code.CLAIM_STATE, state=claim.state.value, verb=verb, **_named(claim))
    return ClaimState(CLAIM.after(claim.state, verb))


def _check_time(claim: ClaimFacts, now: datetime) -> None:
    # Half-open: at the instant itself silence has won, whether or not the clock has fired yet (I12).
    if claim.due_at is not None and now >= claim.due_at:
        raise refuse(Code.CLAIM_ANSWER_OVER, ended=claim.due_at, **_named(claim))


def _named(claim: ClaimFacts) -> Mapping[str, str]:
    return {"order_number": claim.order_number, "reference": claim.reference}


def _text(text: str, *, needed: bool = False) -> str:
    return checked_text(text, needed=needed)


def checked_text(text: str, *, needed: bool = False, place: str = "text") -> str:
    """A person's words, cleaned. Raises Refusal MISSING_VALUE (when needed), INVALID_VALUE when they are too long."""
    cleaned = clean(text)
    if needed and not cleaned:
        raise refuse(Code.MISSING_VALUE, place=place)
    if len(cleaned) > TEXT_LENGTH_MOST:
        expected = f"at most {TEXT_LENGTH_MOST} characters"
        raise refuse(Code.INVALID_VALUE, place=place, value=f"{len(cleaned)} characters", expected=expected)
    return cleaned
