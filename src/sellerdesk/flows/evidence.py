"""Evidence for a claim, made from the record: what was shipped and scanned, said, sent back and refunded.

A seller sends it to the marketplace with an answer or an appeal. It holds personal data, so that it is made only for
readers who may see buyers. Its codes, times and amounts are worded by the door, all in one way.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from sellerdesk.adapters.pdf.evidence import render_evidence
from sellerdesk.domain.evidence import PICTURES_MOST, Pack, Picture, section
from sellerdesk.queries.claims import ClaimDetail, ReturnView, claim_detail
from sellerdesk.queries.personal import AddressView
from sellerdesk.queries.return_photos import photo, photos_of

Photos = Callable[[str], Sequence[Picture]]
"""RMA → the photos of a return, with captions."""
Word = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Telling:
    """How a door tells a record: times and amounts in one way each, and a word for every code.

    `place`, `zone`: whose clock the times are told by; `money` takes minor units and a currency, `carrier` a code and
    the name that was given.
    """

    place: str
    zone: str
    moment: Callable[[datetime], str]
    money: Callable[[int, str], str]
    carrier: Callable[[str, str], str]
    address: Callable[[AddressView], Sequence[str]]
    event: Word
    package_status: Word
    claim_state: Word
    claim_cause: Word
    return_state: Word
    return_reason: Word
    refund_state: Word
    refund_reason: Word
    grade: Word


def evidence_pack(
    seller_id: int,
    reference: str,
    tell: Telling,
    *,
    now: datetime,
    language: str = "en",
    history: Sequence[tuple[datetime, str]] = (),
    photos: Photos | None = None,
) -> bytes | None:
    """The pack of a claim as PDF, or None when the seller has no such claim.

    `history` is the order's timeline as the door words it, oldest first; `photos` those that are kept, unless given.
    """
    found = claim_detail(seller_id, reference, now=now, personal=True)
    if found is None:
        return None
    with override(language):
        shown = photos or (lambda rma: _kept_photos(seller_id, rma, tell))
        pictures = [one for back in found.returns for one in shown(back.rma)]
        told = _Told(found, tell)
        return render_evidence(told.pack(history, pictures[:PICTURES_MOST], now, language))


def _kept_photos(seller_id: int, rma: str, tell: Telling) -> Sequence[Picture]:
    """The photos of a return as they are kept, no more than a pack shows."""
    return tuple(
        Picture(f"{rma} · {_BY[one.by]()} · {tell.moment(one.at)} · {one.name}", found.content)
        for one in photos_of(seller_id, rma)[:PICTURES_MOST]
        if (found := photo(seller_id, rma, one.id)) is not None
    )


_BY: dict[str, Callable[[], str]] = {
    "buyer": lambda: _("Photo of the buyer"),
    "warehouse": lambda: _("Photo of the warehouse"),
}
_KINDS: dict[str, Callable[[], str]] = {
    "not_received": lambda: _("The buyer says that it did not arrive"),
    "not_as_described": lambda: _("The buyer says that it is not what was ordered"),
    "not_refunded": lambda: _("The buyer sent it back and says that no refund came"),
}
_Lines = Iterator[tuple[str, str]]


class _Told:
    """A claim's record as sections of lines."""

    def __init__(self, found: ClaimDetail, tell: Telling) -> None:
        self.found, self.tell, self.at = found, tell, tell.moment

    def pack(
        self,
        history: Sequence[tuple[datetime, str]],
        pictures: Sequence[Picture],
        now: datetime,
        language: str,
    ) -> Pack:
        claim, at = self.found.claim, self.at
        title = _("Evidence for claim %(reference)s") % {"reference": claim.reference}
        foot = f"{claim.reference} · {claim.order_number} · {at(now)}"
        sections = (
            section(_("Claim"), list(self._claim())),
            section(_("Order"), list(self._order())),
            section(_("Shipment and tracking scans"), list(self._parcels())),
            section(_("What was said about the claim"), [(at(one.at), one.text) for one in self.found.texts]),
            section(_("Messages with the buyer"), list(self._letters())),
            section(_("Returns"), list(self._returns())),
            section(_("Refunds"), list(self._refunds())),
            section(_("Timeline"), [(at(moment), words) for moment, words in history]),
        )
        return Pack(title, foot, language, tuple(one for one in sections if one.lines), tuple(pictures))

    def _claim(self) -> _Lines:
        claim, tell = self.found.claim, self.tell
        yield _("Reference"), claim.reference
        yield _("Kind"), _KINDS[claim.kind.value]()
        yield _("State"), tell.claim_state(claim.state.value)
        yield _("Claimed amount"), tell.money(claim.amount, claim.currency)
        yield _("Filed"), self.at(claim.filed_at)
        if claim.due_at:
            yield _("Answer before"), self.at(claim.due_at)
        if claim.decided_at:
            yield _("Decided"), self.at(claim.decided_at)
        if claim.cause:
            yield _("Decision"), tell.claim_cause(claim.cause.value)
        if claim.paid:
            yield _("Granted to the buyer"), tell.money(claim.paid, claim.currency)
            yield _("Debited from the seller"), tell.money(claim.debited, claim.currency)
        place = {"place": tell.place, "zone": tell.zone}
        yield _("Times"), _("All times are those of %(place)s (%(zone)s).") % place

    def _order(self) -> _Lines:
        order = self.found.order
        yield _("Order number"), order.order_number
        yield _("Seller"), order.seller_name
        yield _("Placed"), self.at(order.placed_at)
        for label, moment in (
            (_("Ship by"), order.latest_ship_at),
            (_("Promised until"), order.latest_delivery_at),
            (_("Confirmed"), order.confirmed_at),
        ):
            if moment:
                yield label, self.at(moment)
        if order.total is not None:
            yield _("Order total"), self.tell.money(order.total, order.currency)
        for item in order.items:
            yield _("Item"), f"{item.ordered} × {item.title} ({item.sku})"
        if order.address:
            yield _("Ship to"), "\n".join(self.tell.address(order.address))

    def _parcels(self) -> _Lines:
        for one in self.found.order.packages:
            carrier = self.tell.carrier(one.carrier_code, one.carrier_name)
            said = (carrier, one.service, one.tracking, self.tell.package_status(one.status))
            yield _("Package %(n)s") % {"n": one.reference}, " · ".join(part for part in said if part)
            for event in one.events:
                scan = (self.tell.event(event.kind), event.where)
                yield self.at(event.at), " · ".join(part for part in scan if part)

    def _letters(self) -> _Lines:
        for one in self.found.letters:
            who = _("Buyer") if one.kind == "buyer" else _("Seller")
            files = _("(%(n)s files)") % {"n": one.files} if one.files else ""
            yield f"{self.at(one.at)} · {who}", f"{one.text} {files}".strip()

    def _returns(self) -> _Lines:
        for one in self.found.returns:
            yield one.rma, f"{self.tell.return_reason(one.reason)} · {self.tell.return_state(one.state)}"
            if one.comment:
                yield _("The buyer's words"), one.comment
            for label, at in (
                (_("Requested"), one.requested_at),
                (_("Authorised"), one.authorized_at),
                (_("On its way back"), one.in_transit_at),
                (_("Received"), one.received_at),
            ):
                if at:
                    yield label, self.at(at)
            if one.tracking:
                yield _("Tracking ID"), one.tracking
            yield from self._came_back(one)

    def _came_back(self, back: ReturnView) -> _Lines:
        items = {item.item_number: item.title or item.sku for item in self.found.order.items}
        for number, quantity, received, grade in back.lines:
            units = _("%(received)s of %(quantity)s came back") % {"received": received, "quantity": quantity}
            said = (items.get(number, number), units, self.tell.grade(grade) if grade else "")
            yield _("Item"), " · ".join(part for part in said if part)

    def _refunds(self) -> _Lines:
        for one in self.found.refunds:
            said = (
                self.tell.money(one.total, one.currency),
                self.tell.refund_reason(one.reason),
                self.tell.refund_state(one.state),
            )
            yield one.reference, " · ".join(said)
            yield _("Requested"), self.at(one.requested_at)
            if one.released_at:
                yield _("Sent to the buyer"), self.at(one.released_at)
