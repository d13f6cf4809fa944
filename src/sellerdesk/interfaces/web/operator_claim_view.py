"""One claim as the marketplace judges it: what is claimed, what the seller said, what is on record, what it would cost.

Nothing here speaks to the seller, and nothing is hidden: the operator sees both sides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sellerdesk.domain.claim_facts import OPEN, ClaimState, TextKind
from sellerdesk.domain.claim_proof import Record, Standing, checklist
from sellerdesk.domain.claims import ClaimTerms
from sellerdesk.domain.refunds import RefundState
from sellerdesk.domain.transfers import TransferState
from sellerdesk.interfaces.web import claim_words, defect_words, record_words, refund_words
from sellerdesk.interfaces.web.claim_view import Said
from sellerdesk.interfaces.web.formats import Moment, language, moment, money, visible
from sellerdesk.interfaces.web.order_view import OrderView
from sellerdesk.interfaces.web.timeline import Reader
from sellerdesk.looks import when
from sellerdesk.queries.claims import ClaimDetail, RefundView, ReturnView
from sellerdesk.queries.defect_count import DefectCount

_SENT = frozenset({RefundState.RELEASED, RefundState.SETTLED})
_HELD = frozenset({RefundState.PENDING, RefundState.DRAFT})
_SIDES = {"BUYER": "buyer", "SELLER": "seller"}
_STANDINGS = {
    Standing.YES: ("circle-check", "ok"),
    Standing.NO: ("circle-dashed", "warn"),
    Standing.ASK: ("circle-help", "info"),
}
_SOON = 24 * 3600
_S = ClaimState


@dataclass(frozen=True, slots=True)
class Due:
    """Until when somebody has time."""

    label: str
    at: Moment
    text: str
    tone: str


class OperatorClaim:
    """A claim in words, for the operator. `terms` are the policies that it is judged by."""

    def __init__(
        self, found: ClaimDetail, record: Record, terms: ClaimTerms, count: DefectCount, reader: Reader
    ) -> None:
        self.found, self.record, self.terms, self.count, self.reader = found, record, terms, count, reader
        self.claim, self.order = found.claim, found.order
        self.order_view = OrderView(found.order, reader)
        label, self.tone = claim_words.STATES[self.claim.state]
        self.state = str(label)
        self.icon = claim_words.ICONS[self.claim.state]
        self.kind = str(claim_words.KINDS[self.claim.kind])
        self.headline = str(claim_words.OPERATOR_SAYS[self.claim.state])
        self.filed = self.at(self.claim.filed_at)
        self.payout_failed = found.payout == TransferState.FAILED

    def at(self, instant: datetime) -> Moment:
        """An instant of this claim for the page."""
        return moment(instant, self.claim.marketplace_id, self.reader.zone, self.reader.now)

    def _money(self, amount: int) -> str:
        return money(amount, self.claim.currency)

    @property
    def due(self) -> Due | None:
        return due_of(self.claim, self.reader.zone, self.reader.now)

    @property
    def lines(self) -> list[str]:
        """What was decided, and what it did."""
        return list(self._decided())

    def _decided(self) -> Iterator[str]:
        claim = self.claim
        if claim.cause is not None:
            # Translators: a sentence that wants its full stop.
            yield _("%(sentence)s.") % {"sentence": claim_words.CAUSES[claim.cause]}
        if claim.fault is not None and claim.state not in OPEN:
            yield _("At fault: %(who)s.") % {"who": claim_words.FAULTS[claim.fault]}
        if claim.paid:
            payout = claim_words.PAYOUTS.get(self.found.payout, self.found.payout)
            said = {"amount": self._money(claim.paid), "payout": payout}
            yield (
                _("The buyer was granted %(amount)s; payment: %(payout)s.") % said
                if payout
                else (_("The buyer got %(amount)s.") % said)
            )
            yield (
                _("The seller was debited %(amount)s.") % {"amount": self._money(claim.debited)}
                if claim.debited
                else _("The seller was debited nothing.")
            )
        yield from self._reversed()

    def _reversed(self) -> Iterator[str]:
        claim = self.claim
        if claim.money_reversed:
            amount = {"amount": self._money(claim.debited)}
            yield _("Given back on appeal: %(amount)s. The buyer keeps the money.") % amount
        if claim.defect_reversed:
            yield _("Taken back on appeal: the defect.")
        elif claim.defect:
            yield _("It counts in the seller's order defect rate.")

    @property
    def banner_tone(self) -> str:
        return self.due.tone if self.due is not None and self.due.tone != "ok" else "info"

    @property
    def buyers_words(self) -> str:
        texts = [one.text for one in self.found.texts if one.kind is TextKind.FILED]
        return visible(texts[0]) if texts else ""

    @property
    def talk(self) -> list[Said]:
        """What was said about the claim after the filing, oldest first."""
        rest = [one for one in self.found.texts if one.text and one.kind is not TextKind.FILED]
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
        """Messages between the two, oldest first."""
        names = {"buyer": _("Buyer"), "seller": _("Seller")}
        return [
            Said(one.kind, names.get(one.kind, one.kind), self.at(one.at), visible(one.text))
            for one in self.found.letters
        ]

    @property
    def packages(self) -> list[dict[str, Any]]:
        return self.order_view.packages

    @property
    def dates(self) -> list[tuple[str, Moment]]:
        """The order's own times: what was promised, and what was kept."""
        order = self.order
        known = (
            (_("Placed"), order.placed_at),
            (_("Ship by"), order.latest_ship_at),
            (_("Shipment confirmed"), order.confirmed_at),
            (_("Promised until"), order.latest_delivery_at),
        )
        return [(label, self.at(at)) for label, at in known if at]

    @property
    def address(self) -> list[str]:
        return record_words.address_lines(self.order.address) if self.order.address else []

    @property
    def returns(self) -> list[dict[str, Any]]:
        return [self._return(one, place) for place, one in enumerate(self.found.returns)]

    def _return(self, one: ReturnView, place: int) -> dict[str, Any]:
        photos = self.record.returns[place].photos
        items = {item.item_number: item.title or item.sku for item in self.order.items}
        steps = (
            (_("Requested"), one.requested_at),
            (_("Authorised"), one.authorized_at),
            (_("On its way back"), one.in_transit_at),
            (_("Received"), one.received_at),
        )
        return {
            "rma": visible(one.rma),
            "state": record_words.return_state(one.state),
            "reason": record_words.return_reason(one.reason),
            "comment": visible(one.comment),
            "tracking": visible(one.tracking),
            "steps": [(label, self.at(at)) for label, at in steps if at],
            "photos": ngettext("%(n)s photo", "%(n)s photos", photos) % {"n": photos} if photos else "",
            "lines": [
                " · ".join(
                    part
                    for part in (
                        visible(items.get(number, number)),
                        _("%(received)s of %(quantity)s came back")
                        % {"received": received, "quantity": quantity},
                        record_words.grade(grade) if grade else "",
                    )
                    if part
                )
                for number, quantity, received, grade in one.lines
            ],
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
            "amount": money(one.total, one.currency),
            "reason": record_words.refund_reason(one.reason),
            "at": self.at(one.released_at or one.requested_at),
        }

    @property
    def checks(self) -> list[tuple[str, str, str]]:
        """What speaks for the seller in such a claim: words, icon, tone."""
        return [
            (str(claim_words.PROOFS[point.proof][0]), *_STANDINGS[point.standing])
            for point in checklist(self.claim.kind, self.record)
        ]

    @property
    def stakes(self) -> list[tuple[str, str, str]]:
        """The money, line by line: label, amount, kind ("sum" for the last)."""
        claim = self.claim
        lines = [(_("Claimed amount"), self._money(claim.amount), "")]
        for states, label in ((_SENT, _("Already refunded")), (_HELD, _("Refunds held"))):
            amount = sum(one.total for one in self.found.refunds if one.state in states)
            if amount:
                lines.append((label, self._money(amount), ""))
        if claim.state in OPEN:
            lines.append((_("Left to give the buyer"), self._money(self.found.left), "sum"))
        else:
            lines.append((_("Granted to the buyer"), self._money(claim.paid), ""))
            lines.append((_("Debited from the seller"), self._money(claim.debited), "sum"))
        if claim.money_reversed:
            lines.append((_("Given back on appeal"), self._money(claim.debited), "sum"))
        return lines

    @property
    def rules(self) -> list[str]:
        """The policies that bear on it, with their numbers."""
        terms = self.terms
        answered = _("The seller has %(n)s hours to answer; silence grants the claim.")
        appeal = _("After a grant the seller can appeal once, for %(n)s days.")
        return [
            answered % {"n": terms.claim_answer_hours},
            _("A grant gives the buyer everything that is left of the order, never a part."),
            _("Granted counts as a defect when the seller is at fault, whoever pays."),
            appeal % {"n": terms.claim_appeal_days},
        ]

    @property
    def rate(self) -> list[str]:
        """The seller's order defect rate as it stands."""
        count = self.count
        return [defect_words.standing(count, self.claim.marketplace_id), defect_words.target(count)]


def due_of(claim: Any, zone: ZoneInfo, now: datetime) -> Due | None:
    """The seller's deadline in a claim or a line of the list: to answer, or to appeal."""
    if claim.due_at is not None and claim.state in (_S.ACTION_REQUIRED, _S.APPEAL_INFO_REQUIRED):
        label, at = _("The seller answers before"), claim.due_at
    elif claim.state is _S.GRANTED and claim.appeal_until and claim.appeal_until > now:
        label, at = _("The seller can appeal until"), claim.appeal_until
    else:
        return None
    left = (at - now).total_seconds()
    tone = "bad" if left < 0 else ("warn" if left < _SOON else "ok")
    shown = moment(at, claim.marketplace_id, zone, now)
    return Due(label, shown, when.countdown(at, now, language()), tone)
