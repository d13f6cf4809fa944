"""A claim in a list, and on its order's page: worded for one reader."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.claim_facts import OPEN, WAITS_FOR_SELLER, ClaimFacts, ClaimState
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.return_facts import ReturnState
from sellerdesk.interfaces.web import claim_words, return_words
from sellerdesk.interfaces.web.formats import Moment, language, moment, money, visible
from sellerdesk.interfaces.web.staff import Desk
from sellerdesk.looks import when
from sellerdesk.queries.claim_prospects import ClaimExtra
from sellerdesk.queries.claims import ClaimLine

_SOON = 24 * 3600  # a day before the end, a countdown turns to a warning


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline: what it is for, its instant in both zones, how long there is, and how pressing it is."""

    label: str
    at: Moment
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One line. `defect` is worded with its tone; `back` what came of return and refunds."""

    url: str
    reference: str
    order_number: str
    marketplace: str
    kind: str
    state: str
    icon: str
    tone: str
    buyer: str
    words: str
    amount: str
    debited: str
    filed: Moment
    due: Due | None
    defect: tuple[str, str]
    back: tuple[str, ...]


def sees_money(desk: Desk) -> bool:
    """Whoever answers claims must know what is at stake."""
    return desk.may(Permission.MONEY_READ) or desk.may(Permission.CLAIMS_HANDLE)


def claim_row(line: ClaimLine, extra: ClaimExtra, desk: Desk) -> ClaimRow:
    """A line of the list."""
    label, tone = claim_words.STATES[line.state]
    shown = sees_money(desk)
    return ClaimRow(
        reverse("desk:claim", args=[line.reference]),
        line.reference,
        line.order_number,
        by_id(line.marketplace_id).label,
        str(claim_words.KINDS[line.kind]),
        str(label),
        claim_words.ICONS[line.state],
        tone,
        visible(extra.buyer),
        visible(" ".join(extra.words.split())),
        money(line.amount, line.currency) if shown else "",
        money(line.debited, line.currency) if shown and line.debited else "",
        moment(line.filed_at, line.marketplace_id, desk.zone, desk.now),
        due_of(line, desk),
        defect_of(line),
        _back(line, extra, shown=shown),
    )


def due_of(claim: ClaimLine | ClaimFacts, desk: Desk) -> Due | None:
    """The deadline that the seller has, if any: to answer, or to appeal."""
    if claim.state in WAITS_FOR_SELLER and claim.due_at is not None:
        label, at = _("Answer before"), claim.due_at
    elif claim.state is ClaimState.GRANTED and claim.appeal_until and claim.appeal_until > desk.now:
        label, at = _("Appeal until"), claim.appeal_until
    else:
        return None
    left = (at - desk.now).total_seconds()
    tone = "bad" if left < 0 else ("warn" if left < _SOON else "ok")
    shown = moment(at, claim.marketplace_id, desk.zone, desk.now)
    return Due(label, shown, when.countdown(at, desk.now, language()), tone)


def defect_of(claim: ClaimLine | ClaimFacts) -> tuple[str, str]:
    """Whether it counts in the order defect rate, or may: words and tone."""
    if claim.state in OPEN:
        return _("Counts if you lose it"), "warn"
    if claim.defect:
        return _("Counts"), "bad"
    if claim.defect_reversed:
        return _("Counts no more"), "ok"
    return _("Does not count"), "ok"


def _back(line: ClaimLine, extra: ClaimExtra, *, shown: bool) -> tuple[str, ...]:
    said = []
    if extra.return_state in set(ReturnState):
        state = return_words.STATES[ReturnState(extra.return_state)][0]
        said.append(_("Return: %(state)s") % {"state": state})
    if extra.refunded:
        amount = money(extra.refunded, line.currency) if shown else ""
        said.append(_("%(amount)s refunded") % {"amount": amount} if shown else _("Refunded"))
    if extra.held:
        amount = money(extra.held, line.currency)
        said.append(_("%(amount)s held") % {"amount": amount} if shown else _("Refund held"))
    return tuple(said)


@dataclass(frozen=True, slots=True)
class ClaimBanner:
    """What an order's page says about one of its claims."""

    url: str
    tone: str
    icon: str
    text: str
    due: Due | None


def claim_banners(claims: Sequence[ClaimFacts], desk: Desk) -> list[ClaimBanner]:
    """Claims that are open, or that can still be appealed against; what is over is in the timeline."""
    found = []
    for one in claims:
        due = due_of(one, desk)
        if due is None and one.state not in OPEN and one.state is not ClaimState.APPEALED:
            continue
        label, tone = claim_words.STATES[one.state]
        facts = {"claim": one.reference, "kind": claim_words.KINDS[one.kind], "state": label}
        text = _("A-to-z claim %(claim)s (%(kind)s): %(state)s") % facts
        shown = "warn" if one.state is ClaimState.GRANTED else tone
        url = reverse("desk:claim", args=[one.reference])
        found.append(ClaimBanner(url, shown, claim_words.ICONS[one.state], text, due))
    return found
