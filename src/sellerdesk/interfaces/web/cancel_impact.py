"""What cancelling would do, said before the click: the impact panel (screens 1.7; S3-14, S3-27, S3-30, S3-31, S4-13).

Every line is made from a decision of `domain.cancellations`, the one that the command takes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from sellerdesk.domain.cancel_requests import State
from sellerdesk.domain.cancellations import CancelDecision, CancelReason, Why
from sellerdesk.domain.orders import Status
from sellerdesk.domain.rates import CancellationRate, Standing
from sellerdesk.interfaces.web import cancel_words, words
from sellerdesk.interfaces.web.formats import moment, money, units, visible
from sellerdesk.interfaces.web.timeline import Reader
from sellerdesk.queries.order_detail import OrderDetail


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the panel. `tone` colours only what is a warning of its own."""

    icon: str
    label: str
    text: str
    more: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class RateView:
    """The rate before and after, as the panel writes it large."""

    before: str
    after: str
    limit: str
    headroom: str
    moves: bool
    tone: str


@dataclass(frozen=True, slots=True)
class Impact:
    """The panel. `exceeds`: it takes the second press, or a permission that the reader may not have."""

    tone: str  # ok | warn | bad
    headline: str
    why: str
    advice: str
    rate: RateView | None
    lines: tuple[Line, ...]
    counts: bool
    exceeds: bool


@dataclass(frozen=True, slots=True)
class ReasonView:
    """A reason with what it would do, beside its radio button."""

    code: str
    label: str
    verdict: str
    tone: str
    icon: str
    rate: str
    stock: str


def names_of(order: OrderDetail) -> dict[str, str]:
    """Item number → what people know the item by."""
    return {item.item_number: visible(item.sku or item.item_number) for item in order.items}


def impact(decision: CancelDecision, order: OrderDetail, reader: Reader) -> Impact:
    """What this cancellation does, for one reader."""
    counts, exceeds = decision.counting.counts, decision.exceeds
    tone = "bad" if exceeds else "warn" if counts else "ok"
    headline = (
        _("Counts in your cancellation rate") if counts else _("Does not count in your cancellation rate")
    )
    if exceeds:
        headline = _("Counts, and brings your cancellation rate to its limit or over it")
    return Impact(
        tone,
        headline,
        _why(decision, order, reader),
        advice(decision),
        rate_view(decision.before_rate, decision.after_rate),
        (_stock(decision, order), _money(decision, reader), *_rest(decision, order)),
        counts,
        exceeds,
    )


def _why(decision: CancelDecision, order: OrderDetail, reader: Reader) -> str:
    wish, reason = order.wish, decision.counting.why
    if reason is Why.FORMAL_REQUEST and wish and wish.filed_at:
        at = moment(wish.filed_at, order.marketplace_id, reader.zone, reader.now)
        return _("The buyer filed a request to cancel on %(date)s.") % {"date": at.market}
    if reason is Why.NO_FORMAL_REQUEST and any(item.cancel_requested for item in decision.facts.items):
        return _("The buyer's request does not name all of these items.")
    if reason is Why.NO_FORMAL_REQUEST and order.cancel_request in (State.REQUESTED_INFORMAL, State.GUIDED):
        return _("The buyer only wrote a message and filed no request.")
    return cancel_words.why(reason)


def advice(decision: CancelDecision) -> str:
    """What to do instead, or not to do."""
    reason = decision.counting.why
    if decision.reason == CancelReason.NO_INVENTORY:
        return _("Do not ask the buyer to request a cancellation because you are out of stock.")
    if reason is Why.OTHER_REASON:
        return _("With the reason “Buyer cancelled” it would not count.")
    if reason is Why.NO_FORMAL_REQUEST:
        return _("If the buyer files the request in their account first, it does not count.")
    return ""


def rate_view(before: CancellationRate | None, after: CancellationRate | None) -> RateView | None:
    """The rate's two values; None where nobody asked for it."""
    if before is None or after is None:
        return None
    tone = "bad" if after.standing is Standing.AT_RISK else "warn" if after.counted > before.counted else "ok"
    return RateView(
        cancel_words.rate(before),
        cancel_words.rate(after),
        cancel_words.limit(after),
        cancel_words.headroom(after),
        before != after,
        tone,
    )


def stock_text(decision: CancelDecision, names: Mapping[str, str]) -> str:
    """What goes back to stock: "+2 back to SKU-1", or that nothing does."""
    if not decision.restocked:
        return _("Not restored")
    numbers = {item.id: item.item_number for item in decision.facts.items}
    parts = [
        _("+%(n)s back to %(sku)s") % {"n": count, "sku": names.get(numbers[item], numbers[item])}
        for item, count in decision.lines.items()
    ]
    return ", ".join(parts)


def _stock(decision: CancelDecision, order: OrderDetail) -> Line:
    return Line("package", _("Stock"), stock_text(decision, names_of(order)))


def _money(decision: CancelDecision, reader: Reader) -> Line:
    text = _("Nothing was charged for these units; their authorisation is released.")
    if reader.sees_money:
        amount = money(decision.released, decision.facts.currency)
        text = _("Nothing was charged for these units; the authorisation of %(amount)s is released.") % {
            "amount": amount
        }
    more = ""
    if decision.facts.status is Status.PARTIALLY_SHIPPED:
        more = _("What was shipped stays charged.")
    return Line("banknote", _("Money"), text, more)


def _rest(decision: CancelDecision, order: OrderDetail) -> list[Line]:
    label = words.STATUSES[decision.status][0]
    if decision.whole:
        status = _("The order becomes “%(status)s”.") % {"status": label}
    else:
        left = sum(item.left for item in decision.after.items)
        status = _("Left to ship after this: %(units)s.") % {"units": units(left)}
    return [
        Line("package-open", _("Order"), status, _wish(decision, order)),
        Line("mail", _("Mail"), _("You and the buyer each get a confirmation.")),
        Line("history", _("Undo"), _("None: a cancellation is final, and it stays on record.")),
    ]


def _wish(decision: CancelDecision, order: OrderDetail) -> str:
    if not order.cancel_request:
        return ""
    if not decision.after.cancel_request:
        return _("The buyer's request is answered.")
    return _("The buyer's request stays open.")


def reason_view(reason: CancelReason, decision: CancelDecision) -> ReasonView:
    """A reason's own line: whether it counts, the rate it leads to, the stock."""
    counts, after = decision.counting.counts, decision.after_rate
    return ReasonView(
        reason.value,
        str(cancel_words.REASONS[reason]),
        _("Counts") if counts else _("Does not count"),
        "bad" if decision.exceeds else "warn" if counts else "ok",
        "triangle-alert" if counts else "circle-check",
        cancel_words.rate(after) if after else "",
        _("Stock restored") if decision.restocked else _("Stock not restored"),
    )
