"""What an action would do, said before the click: the effect of confirming or editing a shipment (screens 1.4).

The decisions come from the same pure functions that the commands call, so the page cannot promise anything else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.shipments import EditDecision, ShipmentDecision
from sellerdesk.domain.tracking import check, guess, is_telling, tracking_key
from sellerdesk.interfaces.web import order_words, words
from sellerdesk.interfaces.web.formats import money, span, units, visible
from sellerdesk.interfaces.web.forms.shipment import PackageDraft
from sellerdesk.interfaces.web.order_view import tracking_warning
from sellerdesk.interfaces.web.timeline import FIELDS, Reader, said
from sellerdesk.queries.order_detail import OrderDetail
from sellerdesk.queries.shipment_preview import TrackingUse


@dataclass(frozen=True, slots=True)
class Effect:
    """The line before the button, and what else follows. `tone` is ok, warn or bad."""

    tone: str
    headline: str
    lines: tuple[str, ...] = ()
    changes: tuple[tuple[str, str, str], ...] = ()  # of an edit: field, old, new


@dataclass(frozen=True, slots=True)
class TrackingNote:
    """A word about a tracking number. It warns and suggests; it never blocks."""

    tone: str
    text: str
    order_number: str = ""  # the other order that has the number
    carrier: str = ""  # a carrier to take over
    carrier_name: str = ""


def confirmation_effect(decision: ShipmentDecision, order: OrderDetail, reader: Reader) -> Effect:
    """What confirming does now."""
    tone, headline = _timeliness(decision)
    lines = []
    if decision.facts.confirmed_at is None:
        lines.append(_("The moment of confirming counts, not the ship date you type."))
    if reader.sees_money:
        amount = money(decision.charged, order.currency)
        lines.append(_("Confirming charges the buyer %(amount)s now and credits you.") % {"amount": amount})
    else:
        lines.append(_("Confirming charges the buyer now for these units."))
    lines.append(_left(decision.after, order))
    lines.append(_("The order becomes “%(status)s”.") % {"status": words.STATUSES[decision.status][0]})
    return Effect(tone, headline, tuple(lines))


def _timeliness(decision: ShipmentDecision) -> tuple[str, str]:
    facts = decision.facts
    if facts.confirmed_at is not None:
        if facts.is_late:
            return "warn", _("Counts as late: the first confirmation was late, and that stays.")
        return "ok", _("Counts as on time: the first confirmation was on time, and that stays.")
    if facts.latest_ship_at is None:
        return "ok", _("Counts as on time: this order has no ship-by time.")
    if decision.is_late:
        return "bad", _("Late by %(span)s") % {"span": span(decision.late_by)}
    return "ok", _("Counts as on time (%(span)s left)") % {"span": span(decision.late_by)}


def _left(after: OrderFacts, order: OrderDetail) -> str:
    left = {item.item_number: item.left for item in after.items if item.left}
    if not left:
        return _("Nothing is left to ship after this.")
    skus = {item.item_number: item.sku or item.item_number for item in order.items}
    named = ", ".join(f"{visible(skus.get(number, number))} × {count}" for number, count in left.items())
    return _("Left to ship after this: %(units)s (%(items)s).") % {
        "units": units(sum(left.values())),
        "items": named,
    }


def edit_effect(decision: EditDecision, order: OrderDetail, reader: Reader) -> Effect:
    """What re-confirming changes, old and new side by side."""
    if not decision.changes:
        return Effect("info", _("Nothing is changed yet."))
    changes = tuple(
        (str(FIELDS.get(name, name)), _said(name, old, order, reader), _said(name, new, order, reader))
        for name, (old, new) in decision.changes.items()
    )
    lines = [_("On time or late stays as the first confirmation made it. The old record is kept.")]
    charged = sum(move.amount for move in decision.moves)
    if charged and reader.sees_money:
        amount = money(charged, order.currency)
        lines.append(_("Confirming charges the buyer %(amount)s now and credits you.") % {"amount": amount})
    if decision.line_moves:
        lines.append(_left(decision.after, order))
    return Effect("info", _("Re-confirming changes this package:"), tuple(lines), changes)


def _said(name: str, value: Any, order: OrderDetail, reader: Reader) -> str:
    plain = dict(value) if isinstance(value, Mapping) else value
    return said(name, plain, order, reader)


def tracking_notes(
    packages: Sequence[PackageDraft], uses: Sequence[TrackingUse], taken: Mapping[str, str]
) -> list[list[TrackingNote]]:
    """For each package what there is to say about its number. `taken` maps compared form → package of this order."""
    keys = [tracking_key(package.tracking) for package in packages]
    elsewhere: dict[str, TrackingUse] = {}
    for use in uses:
        elsewhere.setdefault(use.key, use)
    notes = []
    for index, (package, key) in enumerate(zip(packages, keys, strict=True)):
        mine: list[TrackingNote] = []
        if key:
            mine += _duplicates(key, keys[:index], elsewhere, taken)
            mine += _plausibility(package)
        notes.append(mine)
    return notes


def _duplicates(
    key: str, before: Sequence[str], elsewhere: Mapping[str, TrackingUse], taken: Mapping[str, str]
) -> list[TrackingNote]:
    found = []
    if use := elsewhere.get(key):
        text = _("This tracking ID is already on another order:")
        found.append(TrackingNote("bad", text, order_number=use.order_number))
    if key in taken:
        text = _("Package %(n)s of this order has this tracking ID already.") % {"n": visible(taken[key])}
        found.append(TrackingNote("bad", text))
    if key in before:
        found.append(TrackingNote("warn", _("Another package of this form has the same tracking ID.")))
    return found


def _plausibility(package: PackageDraft) -> list[TrackingNote]:
    guesses = guess(package.tracking)
    carrier = package.carrier.strip()
    if not carrier:
        return [_suggestion(guesses[0])] if guesses else []
    found = []
    if warning := check(carrier, package.tracking):
        found.append(TrackingNote("warn", tracking_warning(warning)))
    if guesses and carrier not in guesses and (warning or is_telling(package.tracking)):
        found.append(_suggestion(guesses[0]))
    return found


def _suggestion(code: str) -> TrackingNote:
    name = order_words.carrier(code)
    text = _("This looks like a number of %(carrier)s.") % {"carrier": name}
    return TrackingNote("info", text, carrier=code, carrier_name=name)
