"""Claims of one order in a buyer's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from sellerdesk.domain.claim_facts import OPEN, ClaimState
from sellerdesk.domain.claim_filing import Option
from sellerdesk.domain.refusals import Code
from sellerdesk.interfaces.portal import claim_words
from sellerdesk.interfaces.portal.order_view import Badge, Says
from sellerdesk.looks.amounts import money
from sellerdesk.looks.texts import visible
from sellerdesk.queries.portal_claims import PortalClaim

# Of these orders nobody claims here: not a word about it on their pages.
_NO_MATTER = (Code.WAREHOUSE_ORDER, Code.ORDER_PENDING, Code.ORDER_CANCELLED, Code.ITEMS_UNKNOWN)


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Everything that the page of a claim shows. `first` and `last`: days on which the money should be there."""

    place: int
    reference: str
    badge: Badge
    next: str
    kind: str
    filed: str
    decided: str
    amount: str
    paid: str
    first: str
    last: str
    words: str
    decision: str
    withdrawable: bool
    version: int


def claim_view(one: PortalClaim, says: Says) -> ClaimView:
    """A claim in words."""
    language = get_language() or "en"
    label, icon, tone = claim_words.STATES[one.state]
    granted = claim_words.STATES[one.state] is claim_words.STATES[ClaimState.GRANTED]
    said = claim_words.NOTHING_CHARGED if granted and not one.paid else claim_words.NEXT[one.state]
    first, last = one.settles or (None, None)
    return ClaimView(
        place=one.place,
        reference=one.reference,
        badge=Badge(str(label), icon, tone),
        next=str(said).format(by=says.moment(one.answer_by)),
        kind=str(claim_words.KINDS[one.kind][0]),
        filed=says.moment(one.filed_at),
        decided=says.moment(one.decided_at),
        amount=money(one.currency, one.amount, language) if one.amount else "",
        paid=money(one.currency, one.paid, language) if one.paid else "",
        first=says.day(first),
        last=says.day(last),
        words=visible(one.words),
        decision=visible(one.decision),
        withdrawable=one.state in OPEN,
        version=one.version,
    )


@dataclass(frozen=True, slots=True)
class ClaimChoice:
    """A kind of claim on the form; `why` says why it cannot be chosen now."""

    kind: str
    label: str
    help: str
    why: str
    contact: bool  # the seller has to be written to first
    returns: bool  # a return has to be asked for first


def claim_choices(options: Sequence[Option], says: Says) -> tuple[ClaimChoice, ...]:
    """All kinds, those that can be filed now first."""
    found = []
    for one in options:
        label, help_ = claim_words.KINDS[one.kind]
        code = one.refusal.code if one.refusal else None
        needs_return = code is Code.CLAIM_NOT_ELIGIBLE and one.refusal.facts.get("why") == "no_return"  # type: ignore[union-attr]
        found.append(
            ClaimChoice(
                one.kind.value,
                str(label),
                str(help_),
                claim_words.why_not(one, says),
                code is Code.CLAIM_CONTACT_FIRST,
                needs_return,
            )
        )
    return tuple(sorted(found, key=lambda one: bool(one.why)))


@dataclass(frozen=True, slots=True)
class ClaimPlace:
    """What the order page says of claims. `entry`: now, later (from `opens`), ask (the page says what to do), or ""."""

    entry: str
    opens: str
    filed: tuple[tuple[int, str, str, Badge], ...]  # place, kind, day, state


def claim_place(options: Sequence[Option], claims: Sequence[PortalClaim], says: Says) -> ClaimPlace:
    """The order page's part about claims."""
    views = [claim_view(one, says) for one in claims]
    filed = tuple(
        (one.place, one.kind, says.day(claim.filed_at), one.badge)
        for one, claim in zip(views, claims, strict=True)
    )
    codes = {one.refusal.code if one.refusal else None for one in options}
    if not codes or codes & set(_NO_MATTER) or Code.CLAIM_EXISTS in codes:
        return ClaimPlace("", "", filed)
    opens: list[datetime] = [one.opens_at for one in options if one.opens_at]
    if None in codes:
        return ClaimPlace("now", "", filed)
    if opens:
        return ClaimPlace("later", says.moment(min(opens)), filed)
    return ClaimPlace("ask" if Code.CLAIM_CONTACT_FIRST in codes else "", "", filed)
