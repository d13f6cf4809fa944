"""Claims of one order in a buyer's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from sellerdesk.domain.claim_facts import OPEN
from sellerdesk.domain.claim_filing import Option
from sellerdesk.domain.refusals import Code
from sellerdesk.flows.notices import buyer_words
from sellerdesk.interfaces.portal import claim_words
from sellerdesk.interfaces.portal.order_view import Badge, Says
from sellerdesk.looks.amounts import money
from sellerdesk.looks.texts import visible
from sellerdesk.queries.portal_claims import PortalClaim


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Everything that the page of a claim shows. `first` and `last`: days on which the money should be there,
    `late`: which are over.
    """

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
    late: bool
    words: str
    decision: str
    withdrawable: bool
    version: int


def claim_view(one: PortalClaim, says: Says) -> ClaimView:
    """A claim in words."""
    language = get_language() or "en"
    over = one.answer_by is not None and one.answer_by <= says.now
    first, last = one.settles or (None, None)
    return ClaimView(
        place=one.place,
        reference=one.reference,
        badge=state_badge(one),
        next=buyer_words.claim_next(one.state, says.moment(one.answer_by), over=over, paid=one.paid > 0),
        kind=str(buyer_words.CLAIM_KINDS[one.kind]),
        filed=says.moment(one.filed_at),
        decided=says.moment(one.decided_at),
        amount=money(one.currency, one.amount, language) if one.amount else "",
        paid=money(one.currency, one.paid, language) if one.paid else "",
        first=says.day(first),
        last=says.day(last),
        late=last is not None and last < says.now,
        words=visible(one.words),
        decision=visible(one.decision),
        withdrawable=one.state in OPEN,
        version=one.version,
    )


def state_badge(one: PortalClaim) -> Badge:
    """A claim's state as text, icon and tone."""
    label, icon, tone = claim_words.STATES[one.state]
    return Badge(str(label), icon, tone)


@dataclass(frozen=True, slots=True)
class ClaimChoice:
    """A kind of claim that can be filed now."""

    kind: str
    label: str
    help: str


@dataclass(frozen=True, slots=True)
class Shut:
    """Kinds that cannot be filed now for the same reason, said once. `labels`: empty where that is so of every kind.

    `way`: what the buyer can do about it: write, return_items, or "".
    """

    labels: tuple[str, ...]
    why: str
    way: str


def claim_choices(options: Sequence[Option]) -> tuple[ClaimChoice, ...]:
    """The kinds that can be filed now."""
    return tuple(
        ClaimChoice(one.kind.value, str(buyer_words.CLAIM_KINDS[one.kind]), str(claim_words.HELP[one.kind]))
        for one in options
        if one.refusal is None
    )


def shut_kinds(options: Sequence[Option], says: Says) -> tuple[Shut, ...]:
    """Why the others cannot, and from when."""
    groups: dict[tuple[str, str], list[str]] = {}
    for one in options:
        if one.refusal is not None:
            group = claim_words.why_not(one, says), claim_words.way_out(one.refusal)
            groups.setdefault(group, []).append(str(buyer_words.CLAIM_KINDS[one.kind]))
    return tuple(
        Shut(() if len(labels) == len(options) else tuple(labels), why, way)
        for (why, way), labels in groups.items()
    )


Filed = tuple[tuple[int, str, str, Badge], ...]
"""Claims in a list: place, kind, day, state."""


def filed_claims(claims: Sequence[PortalClaim], says: Says) -> Filed:
    """The claims of an order, oldest first."""
    return tuple(
        (one.place, str(buyer_words.CLAIM_KINDS[one.kind]), says.day(one.filed_at), state_badge(one))
        for one in claims
    )


@dataclass(frozen=True, slots=True)
class ClaimPlace:
    """What the order page says of claims. `entry`: now, later (from `opens`), ask (the page says what to do), or ""."""

    entry: str
    opens: str
    filed: Filed


def claim_place(options: Sequence[Option], claims: Sequence[PortalClaim], says: Says) -> ClaimPlace:
    """The order page's part about claims."""
    filed = filed_claims(claims, says)
    codes = {one.refusal.code if one.refusal else None for one in options}
    if not codes or codes & set(claim_words.NO_MATTER) or Code.CLAIM_EXISTS in codes:
        return ClaimPlace("", "", filed)
    opens: list[datetime] = [one.opens_at for one in options if one.opens_at]
    if None in codes:
        return ClaimPlace("now", "", filed)
    if opens:
        return ClaimPlace("later", says.moment(min(opens)), filed)
    return ClaimPlace("ask" if Code.CLAIM_CONTACT_FIRST in codes else "", "", filed)
