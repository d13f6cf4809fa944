"""One claim as its seller sees it: what is asked, what is at stake, what speaks for them, where each step leads."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.claim_facts import OPEN, ClaimState, TextKind
from sellerdesk.domain.claim_proof import Point, Record, Standing, checklist
from sellerdesk.domain.orders import Status
from sellerdesk.domain.refunds import RefundState
from sellerdesk.domain.return_facts import ReturnReason, ReturnState
from sellerdesk.interfaces.web import claim_words, defect_words, order_words, refund_words, return_words
from sellerdesk.interfaces.web.claim_rows import defect_of, due_of, sees_money
from sellerdesk.interfaces.web.formats import Moment, moment, money, visible
from sellerdesk.interfaces.web.order_view import OrderView
from sellerdesk.interfaces.web.staff import Desk
from sellerdesk.interfaces.web.timeline import Reader
from sellerdesk.queries.claim_prospects import Prospects
from sellerdesk.queries.claims import ClaimDetail, RefundView, ReturnView
from sellerdesk.queries.defect_count import DefectCount

_ICONS = {Standing.YES: "circle-check", Standing.NO: "circle-dashed", Standing.ASK: "circle-help"}
_TONES = {Standing.YES: "ok", Standing.NO: "warn", Standing.ASK: "info"}
_S = ClaimState


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote. `side` is buyer, seller or marketplace."""

    side: str
    who: str
    at: Moment
    text: str


@dataclass(frozen=True, slots=True)
class Ticked:
    """A line of the checklist. `hint` "" when it stands."""

    text: str
    hint: str
    icon: str
    tone: str


class ClaimView:
    """A claim in words, for one reader."""

    def __init__(
        self, found: ClaimDetail, ahead: Prospects, record: Record, count: DefectCount, desk: Desk
    ) -> None:
        self.found, self.ahead, self.record, self.desk = found, ahead, record, desk
        self.count = count
        self.claim, self.order = found.claim, found.order
        self.sees_money = sees_money(desk)
        self.order_view = OrderView(found.order, Reader(desk.zone, desk.now, self.sees_money))
        label, self.tone = claim_words.STATES[self.claim.state]
        self.state = str(label)
        self.icon = claim_words.ICONS[self.claim.state]
        self.kind = str(claim_words.KINDS[self.claim.kind])
        self.due = due_of(self.claim, desk)
        self.defect = defect_of(self.claim)
        self.filed = self.at(self.claim.filed_at)

    def at(self, instant: Any) -> Moment:
        """An instant of this claim for the page."""
        return moment(instant, self.claim.marketplace_id, self.desk.zone, self.desk.now)

    def _money(self, amount: int) -> str:
        return money(amount, self.claim.currency)

    @property
    def headline(self) -> str:
        return str(claim_words.SAYS[self.claim.state])

    @property
    def lines(self) -> list[str]:
        """What follows the headline: what happens by itself, or what was decided and what it cost."""
        return [*self._if_silent(), *self._decided()]

    def _if_silent(self) -> Iterator[str]:
        if self.ahead.loses_appeal:
            yield _("Without an answer in time the appeal ends and the decision stands.")
        grant = self.ahead.silence
        if grant is None:
            return
        yield _("Without an answer in time the claim is granted by itself.")
        if self.sees_money:
            amounts = {"paid": self._money(grant.paid), "debit": self._money(grant.debit)}
            yield _("The buyer then gets %(paid)s, and you are debited %(debit)s.") % amounts
        if grant.defect:
            yield _("It then counts in your order defect rate.")
            yield defect_words.then(self.count, self.count.with_it)

    def _decided(self) -> Iterator[str]:
        claim = self.claim
        if claim.cause is not None:
            # Translators: a sentence that wants its full stop.
            yield _("%(sentence)s.") % {"sentence": claim_words.CAUSES[claim.cause]}
        if claim.paid and self.sees_money:
            yield _("The buyer got %(amount)s.") % {"amount": self._money(claim.paid)}
        if claim.cause is not None and not claim.debited:
            yield _("You were debited nothing.")
        elif claim.debited and self.sees_money:
            yield self._debit_line()
        if claim.defect_reversed:
            yield _("Reversed: the defect. It counts no more in your order defect rate.")
        elif claim.defect and claim.state is _S.REVERSED:
            yield _("Not reversed: the defect. It still counts in your order defect rate.")
        elif claim.defect:
            yield _("It counts in your order defect rate.")

    def _debit_line(self) -> str:
        amount = {"amount": self._money(self.claim.debited)}
        if self.claim.money_reversed:
            return _("Reversed: the debit. You have %(amount)s back; the buyer keeps the money.") % amount
        if self.claim.state is _S.REVERSED:
            return _("Not reversed: the debit. You were debited %(amount)s.") % amount
        return _("You were debited %(amount)s.") % amount

    @property
    def rate(self) -> str:
        """The seller's order defect rate as it stands."""
        said = defect_words.standing(self.count, self.claim.marketplace_id)
        return defect_words.joined(said, defect_words.target(self.count))

    @property
    def banner_tone(self) -> str:
        """How pressing the page is: an open question is bad news only when little time is left."""
        if self.due is not None:
            return "bad" if self.due.tone == "bad" else "warn"
        return "info" if self.tone == "bad" and not self.claim.defect else self.tone

    @property
    def stakes(self) -> list[tuple[str, str, str]]:
        """Money at stake, line by line: label, amount, kind ("sum" for the last)."""
        if not self.sees_money:
            return []
        lines = [(_("Claimed amount"), self._money(self.claim.amount), "")]
        for state, label in ((_SENT, _("Already refunded")), (_HELD, _("Refunds held"))):
            amount = sum(one.total for one in self.found.refunds if one.state in state)
            if amount:
                lines.append((label, self._money(amount), ""))
        if self.claim.state in OPEN:
            lines.append((_("You lose if it is granted"), self._money(self.ahead.left), "sum"))
        elif self.claim.money_reversed:
            lines.append((_("Given back to you"), self._money(self.claim.debited), "sum"))
        else:
            lines.append((_("Debited from you"), self._money(self.claim.debited), "sum"))
        return lines

    @property
    def buyers_words(self) -> str:
        texts = [one.text for one in self.found.texts if one.kind is TextKind.FILED]
        return visible(texts[0]) if texts else ""

    @property
    def talk(self) -> list[Said]:
        """What was said about the claim after the buyer's filing, oldest first."""
        said = [one for one in self.found.texts if one.text]
        rest = said[1:] if said and said[0].kind is TextKind.FILED else said
        return [
            Said(
                _SIDES.get(one.party, "marketplace"),
                str(claim_words.STEPS[one.kind]),
                self.at(one.at),
                visible(one.text),
            )
            for one in rest
        ]

    @property
    def letters(self) -> list[Said]:
        """Messages with the buyer, oldest first."""
        names = {"buyer": _("Buyer"), "seller": _("You")}
        return [
            Said(one.kind, names.get(one.kind, one.kind), self.at(one.at), visible(one.text))
            for one in self.found.letters
        ]

    @property
    def returns(self) -> list[dict[str, Any]]:
        """Returns of the order; `photos` says how many are kept."""
        return [self._return(one, place) for place, one in enumerate(self.found.returns)]

    def _return(self, one: ReturnView, place: int) -> dict[str, Any]:
        reason = ReturnReason(one.reason) if one.reason in set(ReturnReason) else None
        state = ReturnState(one.state) if one.state in set(ReturnState) else None
        photos = self.record.returns[place].photos
        steps = (
            (_("Requested"), one.requested_at),
            (_("Authorised"), one.authorized_at),
            (_("On its way back"), one.in_transit_at),
            (_("Received"), one.received_at),
        )
        return {
            "rma": visible(one.rma),
            "url": reverse("desk:return", args=[one.rma]),
            "state": str(return_words.STATES[state][0]) if state else one.state,
            "reason": str(return_words.REASONS[reason]) if reason else visible(one.reason),
            "comment": visible(one.comment),
            "tracking": visible(one.tracking),
            "steps": [(label, self.at(at)) for label, at in steps if at],
            "photos": ngettext("%(n)s photo", "%(n)s photos", photos) % {"n": photos} if photos else "",
        }

    @property
    def refunds(self) -> list[dict[str, Any]]:
        return [self._refund(one) for one in self.found.refunds]

    def _refund(self, one: RefundView) -> dict[str, Any]:
        label, icon, tone = refund_words.STATES[RefundState(one.state)]
        return {
            "reference": one.reference,
            "state": label,
            "icon": icon,
            "tone": tone,
            "amount": money(one.total, one.currency) if self.sees_money else "",
            "reason": refund_words.reason(one.reason),
            "at": self.at(one.released_at or one.requested_at),
        }

    @property
    def packages(self) -> list[dict[str, Any]]:
        return self.order_view.packages

    @property
    def checks(self) -> list[Ticked]:
        """What wins such a claim, as far as the record goes."""
        return [_ticked(point) for point in checklist(self.claim.kind, self.record)]

    @property
    def verb(self) -> str:
        """The seller's step that this reader may take now."""
        return self.ahead.verb if self.desk.may(Permission.CLAIMS_HANDLE) else ""

    @property
    def leads_to(self) -> str:
        """The state that the step leads to."""
        return str(claim_words.STATES[self.ahead.leads_to][0]) if self.ahead.leads_to else ""

    @property
    def refundable(self) -> str:
        """What a refund that settles the claim gives back; "" when it cannot be made from here."""
        shipped = self.order.status in (Status.SHIPPED, Status.PARTIALLY_SHIPPED)
        may = self.desk.may(Permission.REFUNDS_MAKE) and self.ahead.may_refund and shipped
        return self._money(self.ahead.left) if may else ""

    @property
    def until_it_goes(self) -> str:
        """What goes on while a refund that is to settle the claim is held."""
        return str(claim_words.WHILE_HELD[self.claim.state])

    @property
    def debit(self) -> str:
        return self._money(self.claim.debited) if self.claim.debited else ""


_SIDES = {"BUYER": "buyer", "SELLER": "seller"}
_SENT = frozenset({RefundState.RELEASED, RefundState.SETTLED})
_HELD = frozenset({RefundState.PENDING})


def _ticked(point: Point) -> Ticked:
    text, hint = claim_words.PROOFS[point.proof]
    missing = "" if point.standing is Standing.YES else str(hint)
    return Ticked(str(text), missing, _ICONS[point.standing], _TONES[point.standing])


def facts_text(view: ClaimView) -> str:
    """The beginning of an answer, from the record alone; in English whatever the reader's language, for the marketplace
    reads it.
    """
    with override("en"):
        lines = [*_parcel_lines(view), *_return_lines(view), *_refund_lines(view)]
    if not view.record.unanswered and not view.record.missed and view.found.letters:
        lines.append("We answered every message of the buyer in time.")
    return "\n".join(lines)


def _parcel_lines(view: ClaimView) -> Iterator[str]:
    order = view.order
    if order.confirmed_at is not None:
        yield f"We confirmed shipment on {view.at(order.confirmed_at).market}."
    for one in order.packages:
        carrier = order_words.carrier(one.carrier_code, one.carrier_name)
        yield f"Package {one.reference}: {carrier}, tracking ID {one.tracking or '-'}."
        last = max(one.events, key=lambda event: event.at, default=None)
        if last is not None:
            what = str(order_words.PARCEL_EVENTS.get(last.kind, last.kind))
            parts = [what, view.at(last.at).market, last.where]
            yield f"Last scan: {', '.join(part for part in parts if part)}."


def _return_lines(view: ClaimView) -> Iterator[str]:
    for one in view.found.returns:
        if one.authorized_at:
            yield f"We authorised return {one.rma} on {view.at(one.authorized_at).market}."
        if one.received_at:
            yield f"It came back on {view.at(one.received_at).market}."
        elif one.authorized_at:
            yield "It has not come back."


def _refund_lines(view: ClaimView) -> Iterator[str]:
    for one in view.found.refunds:
        if one.released_at:
            yield f"We refunded {money(one.total, one.currency)} on {view.at(one.released_at).market}."
