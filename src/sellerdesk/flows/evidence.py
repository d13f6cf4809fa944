"""Evidence for a claim, made from the record: what was shipped and scanned, said, sent back and refunded.

A seller sends it to the marketplace with an answer or an appeal. It holds personal data, so that it is made only for
readers who may see buyers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import override

from sellerdesk.adapters.pdf.evidence import render_evidence
from sellerdesk.domain.evidence import PICTURES_MOST, Pack, Picture, section
from sellerdesk.domain.money import Money
from sellerdesk.queries.claims import ClaimDetail, claim_detail
from sellerdesk.queries.return_photos import photo, photos_of

Photos = Callable[[int, str], Sequence[Picture]]
"""Seller id and RMA → the photos of a return, with captions."""


def kept_photos(seller_id: int, rma: str) -> Sequence[Picture]:
    """The photos of a return as they are kept, no more than a pack shows."""
    return tuple(
        Picture(f"{rma} · {_BY[one.by]()} · {_at(one.at)} · {one.name}", found.content)
        for one in photos_of(seller_id, rma)[:PICTURES_MOST]
        if (found := photo(seller_id, rma, one.id)) is not None
    )


def evidence_pack(
    seller_id: int,
    reference: str,
    *,
    now: datetime,
    language: str = "en",
    history: Sequence[tuple[datetime, str]] = (),
    words: Mapping[str, str] = MappingProxyType({}),
    photos: Photos = kept_photos,
) -> bytes | None:
    """The pack of a claim as PDF, or None when the seller has no such claim.

    `history` is the order's timeline as the door words it, oldest first; `words` what the door calls the codes of
    scans, states and reasons.
    """
    found = claim_detail(seller_id, reference, now=now, personal=True)
    if found is None:
        return None
    with override(language):
        pictures = [one for back in found.returns for one in photos(seller_id, back.rma)]
        return render_evidence(_pack(_worded(found, words), history, pictures[:PICTURES_MOST], now, language))


_BY: dict[str, Callable[[], str]] = {
    "buyer": lambda: _("Photo of the buyer"),
    "warehouse": lambda: _("Photo of the warehouse"),
}


def _worded(found: ClaimDetail, words: Mapping[str, str]) -> ClaimDetail:
    """The same claim, with words for the codes that its record holds; a code without a word stays."""

    def said(code: str) -> str:
        return words.get(code, code)

    parcels = tuple(
        replace(one, events=tuple(replace(event, kind=said(event.kind)) for event in one.events))
        for one in found.order.packages
    )
    return replace(
        found,
        order=replace(found.order, packages=parcels),
        returns=tuple(replace(one, reason=said(one.reason), state=said(one.state)) for one in found.returns),
        refunds=tuple(replace(one, reason=said(one.reason), state=said(one.state)) for one in found.refunds),
    )


def _pack(
    found: ClaimDetail,
    history: Sequence[tuple[datetime, str]],
    pictures: Sequence[Picture],
    now: datetime,
    language: str,
) -> Pack:
    claim = found.claim
    title = _("Evidence for claim %(reference)s") % {"reference": claim.reference}
    foot = f"{claim.reference} · {claim.order_number} · {_at(now)}"
    sections = (
        section(_("Claim"), list(_claim(found))),
        section(_("Order"), list(_order(found))),
        section(_("Shipment and tracking scans"), list(_parcels(found))),
        section(_("What was said about the claim"), [(_at(one.at), one.text) for one in found.texts]),
        section(_("Messages with the buyer"), list(_letters(found))),
        section(_("Returns"), list(_returns(found))),
        section(_("Refunds"), list(_refunds(found))),
        section(_("Timeline"), [(_at(at), words) for at, words in history]),
    )
    return Pack(title, foot, language, tuple(one for one in sections if one.lines), tuple(pictures))


def _claim(found: ClaimDetail) -> Iterator[tuple[str, str]]:
    claim = found.claim
    yield _("Reference"), claim.reference
    yield _("Kind"), _KINDS(claim.kind.value)
    yield _("Claimed amount"), _money(claim.amount, claim.currency)
    yield _("Filed"), _at(claim.filed_at)
    if claim.due_at:
        yield _("Answer before"), _at(claim.due_at)
    if claim.decided_at:
        yield _("Decided"), _at(claim.decided_at)


def _KINDS(kind: str) -> str:  # noqa: N802  (a table, read in the active language)
    return {
        "not_received": _("The buyer says that it did not arrive"),
        "not_as_described": _("The buyer says that it is not what was ordered"),
        "not_refunded": _("The buyer sent it back and says that no refund came"),
    }[kind]


def _order(found: ClaimDetail) -> Iterator[tuple[str, str]]:
    order = found.order
    yield _("Order number"), order.order_number
    yield _("Placed"), _at(order.placed_at)
    if order.latest_ship_at:
        yield _("Ship by"), _at(order.latest_ship_at)
    if order.latest_delivery_at:
        yield _("Promised until"), _at(order.latest_delivery_at)
    if order.confirmed_at:
        yield _("Confirmed"), _at(order.confirmed_at)
    for item in order.items:
        yield _("Item"), f"{item.ordered} × {item.title} ({item.sku})"
    if order.address:
        lines = (order.address.name, *order.address.lines)
        yield _("Ship to"), ", ".join(part for part in lines if part)


def _parcels(found: ClaimDetail) -> Iterator[tuple[str, str]]:
    for one in found.order.packages:
        carrier = one.carrier_name or one.carrier_code
        yield _("Package %(n)s") % {"n": one.reference}, f"{carrier} {one.service} {one.tracking}".strip()
        for event in one.events:
            yield _at(event.at), " · ".join(part for part in (event.kind, event.where) if part)


def _letters(found: ClaimDetail) -> Iterator[tuple[str, str]]:
    for one in found.letters:
        who = _("Buyer") if one.kind == "buyer" else _("Seller")
        files = _("(%(n)s files)") % {"n": one.files} if one.files else ""
        yield f"{_at(one.at)} {who}", f"{one.text} {files}".strip()


def _returns(found: ClaimDetail) -> Iterator[tuple[str, str]]:
    for one in found.returns:
        yield one.rma, f"{one.reason} · {one.state}"
        yield _("Requested"), _at(one.requested_at)
        if one.comment:
            yield _("The buyer's words"), one.comment
        for label, at in ((_("In transit"), one.in_transit_at), (_("Received"), one.received_at)):
            if at:
                yield label, _at(at)
        for number, quantity, received, grade in one.lines:
            yield number, f"{received} / {quantity} {grade}".strip()


def _refunds(found: ClaimDetail) -> Iterator[tuple[str, str]]:
    for one in found.refunds:
        yield one.reference, f"{_money(one.total, one.currency)} · {one.reason} · {one.state}"
        yield _("Requested"), _at(one.requested_at)
        if one.released_at:
            yield _("Sent to the buyer"), _at(one.released_at)


def _money(minor: int, currency: str) -> str:
    return f"{Money(currency, minor).text()} {currency}"


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
