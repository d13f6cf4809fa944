"""What refunding would do, said before the click: the panel beside the form (screens 1.9; S2-11, S0-29 to S0-32).

Every line is made from a decision of `domain.refund_decisions`, the one that the command takes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sellerdesk.domain.refund_amounts import group_of
from sellerdesk.domain.refund_reasons import Mode
from sellerdesk.domain.refunds import RefundDecision, RefundState, Warn
from sellerdesk.domain.return_facts import ReturnFacts
from sellerdesk.interfaces.web import refund_words
from sellerdesk.interfaces.web.cancel_impact import Line
from sellerdesk.interfaces.web.formats import language, lasting, moment, money, visible
from sellerdesk.interfaces.web.timeline import Reader
from sellerdesk.looks import when
from sellerdesk.queries.refund_preview import RefundPreview


@dataclass(frozen=True, slots=True)
class Sum:
    """One line of the reckoning: what it is, the amount; `is_off` when it is kept back."""

    label: str
    amount: str
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class Caution:
    tone: str
    icon: str
    text: str


@dataclass(frozen=True, slots=True)
class RefundImpact:
    """The panel. `total` is what the buyer gets, `undo` whether the click can be taken back, `button` what it does."""

    tone: str
    headline: str
    arrival: str
    sums: tuple[Sum, ...]
    warnings: tuple[Caution, ...]
    lines: tuple[Line, ...]
    total: str
    undo: Caution
    button: str


def impact(preview: RefundPreview, reader: Reader) -> RefundImpact | None:
    """The panel for what a preview found; None when it found no decision."""
    decision = preview.decision
    if decision is None:
        return None
    warnings, undo = tuple(_warnings(decision, preview)), undoing(decision, reader)
    is_quiet = not warnings and undo.tone != "warn"
    tone = "bad" if any(one.tone == "bad" for one in warnings) else "ok" if is_quiet else "warn"
    total = money(decision.total, decision.facts.order.currency)
    return RefundImpact(
        tone,
        _headline(decision, total),
        arrival(decision, preview.settle_days, reader),
        tuple(_sums(decision)),
        warnings,
        tuple(_lines(decision, reader)),
        total,
        undo,
        _button(decision, total),
    )


def _headline(decision: RefundDecision, total: str) -> str:
    if not decision.fee:
        return _("The buyer gets %(amount)s") % {"amount": total}
    said = {"amount": total, "fee": money(decision.fee, decision.facts.order.currency)}
    return _("The buyer gets %(amount)s, you keep %(fee)s") % said


def _button(decision: RefundDecision, total: str) -> str:
    if decision.state is RefundState.DRAFT:
        return _("Ask for approval of %(amount)s") % {"amount": total}
    return _("Refund %(amount)s") % {"amount": total}


def undoing(decision: RefundDecision, reader: Reader) -> Caution:
    """Until when the click can be taken back, or that it cannot (T16)."""
    held = lasting(decision.hold_minutes)
    if decision.state is RefundState.DRAFT and decision.hold_minutes:
        text = _("Can be undone until somebody has approved it, and for %(held)s after that.")
        return Caution("info", "undo-2", text % {"held": held})
    if decision.state is RefundState.DRAFT:
        text = _("Can be undone until somebody has approved it. Then it goes at once, and cannot be undone.")
        return Caution("warn", "undo-2", text)
    if decision.release_at is None or not decision.hold_minutes:
        return Caution("warn", "zap", _("Goes at once, cannot be undone."))
    at = moment(decision.release_at, decision.facts.order.marketplace_id, reader.zone, reader.now)
    said = {"at": at.both, "held": held}
    return Caution("info", "undo-2", _("Can be undone until %(at)s (%(held)s).") % said)


def arrival(decision: RefundDecision, days: tuple[int, int], reader: Reader) -> str:
    """When the buyer should have the money: dates, and the rule that they come from (S0-32)."""
    zone = when.marketplace_zone(decision.facts.order.marketplace_id)
    first, last = (when.day(at, zone, reader.now, language()) for at in decision.settles)
    said = {"first": first, "last": last, "days": refund_words.settle_days(*days)}
    if decision.state is RefundState.DRAFT:
        return _("%(days)s after it goes; approved today, between %(first)s and %(last)s.") % said
    return _("Between %(first)s and %(last)s: %(days)s after it goes.") % said


def _sums(decision: RefundDecision) -> Iterator[Sum]:
    currency, request = decision.facts.order.currency, decision.request
    groups = {"product": 0, "shipping": 0}
    for part in decision.parts:
        groups[group_of(part.component)] += part.amount + part.deduction
    rows = [
        (_("Product"), groups["product"]),
        (_("Shipping"), groups["shipping"]),
        (_("Return shipping concession"), request.return_shipping),
        (_("Other concession"), request.goodwill),
    ]
    for label, amount in rows:
        if amount:
            yield Sum(label, money(amount, currency))
    if decision.fee:
        yield Sum(_("Restocking fee that you keep"), money(-decision.fee, currency), is_off=True)


def _warnings(decision: RefundDecision, preview: RefundPreview) -> Iterator[Caution]:
    if Warn.GOODS_NOT_BACK in decision.warnings:
        yield Caution("bad", "triangle-alert", _goods(decision))
    if Warn.BUYER_KEEPS in decision.warnings:
        yield Caution("warn", "package", _("A return was asked for. With this, nothing comes back."))
    if Warn.CLAIM_OPEN in decision.warnings:
        text = _("A claim is open. Refunding settles it, but it counts against you all the same.")
        yield Caution("warn", "shield", text)
    if Warn.NEEDS_APPROVAL in decision.warnings and preview.limit is not None:
        limit = money(preview.limit, decision.facts.order.currency)
        text = _("Above %(limit)s somebody else has to approve it before it goes.") % {"limit": limit}
        yield Caution("warn", "users", text)


def _goods(decision: RefundDecision) -> str:
    lost = _("You may lose both the goods and the money.")
    if decision.linked is None:
        return " ".join((_("The goods are not back."), lost))
    said = {"rma": visible(decision.linked.rma), "state": _return_state(decision.linked)}
    return " ".join((_("The goods of return %(rma)s are not back (%(state)s).") % said, lost))


def _return_state(linked: ReturnFacts) -> str:
    return str(refund_words.RETURN_STATES[linked.state])


def _lines(decision: RefundDecision, reader: Reader) -> Iterator[Line]:
    yield _going(decision, reader)
    if (linked := _linked(decision)) is not None:
        yield linked
    currency = decision.facts.order.currency
    left = money(decision.after.left, currency)
    yield Line(
        "banknote", _("Left after"), _("%(amount)s stays refundable.") % {"amount": left}, _kept(decision)
    )
    mail = _("The buyer hears of it when it goes, not before.")
    yield Line("mail", _("Mail"), mail if decision.hold_minutes else _("The buyer is told at once."))


def _kept(decision: RefundDecision) -> str:
    return _("The fee is a part of that.") if decision.fee else ""


def _going(decision: RefundDecision, reader: Reader) -> Line:
    if decision.state is RefundState.DRAFT and decision.hold_minutes:
        held = lasting(decision.hold_minutes)
        text = _("When somebody else has approved it, and %(held)s after that.") % {"held": held}
        return Line("clock", _("Goes"), text)
    if decision.state is RefundState.DRAFT:
        return Line("clock", _("Goes"), _("As soon as somebody else has approved it."))
    if decision.release_at is None or not decision.hold_minutes:
        why = _("This marketplace holds no refunds.")
        return Line("clock", _("Goes"), _("At once."), why, "warn")
    at = moment(decision.release_at, decision.facts.order.marketplace_id, reader.zone, reader.now)
    return Line("clock", _("Goes"), at.both, _("Until then it waits under “Refunds”."))


def _linked(decision: RefundDecision) -> Line | None:
    linked = decision.linked
    if linked is None:
        return None
    said = {"rma": visible(linked.rma)}
    if decision.covers:
        return Line("undo-2", _("Return"), _("Return %(rma)s is completed with it.") % said)
    more = _("The buyer can ask for the rest later.") if decision.request.mode is not Mode.GOODWILL else ""
    return Line("undo-2", _("Return"), _("Return %(rma)s stays open: this does not cover it.") % said, more)
