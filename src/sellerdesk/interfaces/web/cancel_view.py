"""What the pages about cancelling one order show: the form with its panel, the buyer's wish, what was cancelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.cancel_requests import DeclineCause, State, live_label
from sellerdesk.domain.cancellations import (
    CancelDecision,
    CancelReason,
    CancelRequest,
    Why,
    cancel,
    questions,
)
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.orders import OPEN, Status
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.interfaces.web import cancel_words, order_words, refusals, when
from sellerdesk.interfaces.web.cancel_impact import impact, names_of, reason_view
from sellerdesk.interfaces.web.formats import Moment, moment, money, visible
from sellerdesk.interfaces.web.forms.cancel import CancelDraft, read_lines
from sellerdesk.interfaces.web.forms.typed import FieldError
from sellerdesk.interfaces.web.order_access import origin, reader_of
from sellerdesk.interfaces.web.order_view import OrderView
from sellerdesk.interfaces.web.staff import Desk, DeskRequest
from sellerdesk.interfaces.web.timeline import Reader
from sellerdesk.queries.api_cancellations import CancellationView
from sellerdesk.queries.cancel_preview import preview_cancellations
from sellerdesk.queries.order_detail import OrderDetail
from sellerdesk.queries.ready_texts import ready_texts

_OVERRIDE = "-"  # stands in for an override that is still to be given, so that the rest can be looked at


# --- The form ---


def cancel_context(
    request: DeskRequest,
    order: OrderDetail,
    facts: OrderFacts,
    draft: CancelDraft,
    errors: Sequence[FieldError],
) -> dict[str, Any]:
    """The context of the page."""
    desk = request.desk
    problems = [(error.field, _label(error, order), _sentence(desk, error)) for error in errors]
    return panel_context(request, order, facts, draft) | {
        "view": OrderView(order, reader_of(request)),
        "draft": draft,
        "items": _items(order, facts, draft, {error.field: _sentence(desk, error) for error in errors}),
        "problems": problems,
        "errors": {error.field: _sentence(desk, error) for error in errors},
        "wish": wish_view(order, reader_of(request)),
        "clock": when.iso(desk.now),
        "is_rest": facts.status is Status.PARTIALLY_SHIPPED,
        "declines": founded_causes(facts) if facts.cancel_request else [],
    }


def panel_context(
    request: DeskRequest, order: OrderDetail, facts: OrderFacts, draft: CancelDraft
) -> dict[str, Any]:
    """The impact panel: what the chosen reason does, and what each reason would do."""
    desk = request.desk
    lines, wrong = read_lines(draft, facts)
    asked = CancelRequest(
        facts.order_number,
        draft.chosen or CancelReason.BUYER_CANCELLED,
        None if wrong else lines,
        accepts_limit=True,
        label_override=_OVERRIDE,
    )
    [found] = preview_cancellations(desk.seller.seller_id, [asked], desk.now)
    context: dict[str, Any] = {"order": order, "draft": draft, "origin": origin(request)}
    if found.facts is None or found.decision is None:
        return context | {"blocked": _blocked(desk, found.refusal or Refusal(Code.ORDER_NOT_FOUND))}
    decisions = _each_reason(found.facts, asked, found.decision)
    chosen = decisions[draft.chosen] if draft.chosen and not wrong else None
    may_exceed = desk.may(Permission.CANCEL_OVER_LIMIT)
    codes = _asked_of(
        chosen or found.decision, replace(asked, accepts_limit=False, label_override=""), may_exceed
    )
    reader = reader_of(request)
    return context | {
        "reasons": [
            (reason_view(reason, decision), reason is draft.chosen) for reason, decision in decisions.items()
        ],
        "expects": [(reason.value, int(one.counting.counts)) for reason, one in decisions.items()],
        "impact": impact(chosen, order, reader) if chosen else None,
        "needs_units": bool(wrong),
        "label": visible(found.decision.label or ""),
        "needs_press": Code.OVER_LIMIT in codes,
        "is_forbidden": Code.FORBIDDEN in codes,
        "is_whole": (chosen or found.decision).whole,
        "guides": guides(desk, order) if chosen and chosen.counting.why is Why.NO_FORMAL_REQUEST else [],
    }


def _each_reason(
    facts: OrderFacts, asked: CancelRequest, known: CancelDecision
) -> dict[CancelReason, CancelDecision]:
    """What each reason would do, decided on the same facts and the same rate."""
    return {
        reason: cancel(facts, replace(asked, reason=reason), rate=known.before_rate)
        for reason in CancelReason
    }


def _asked_of(decision: CancelDecision, asked: CancelRequest, may_exceed: bool) -> set[Code]:
    return {one.code for one in questions(decision, asked, may_exceed=may_exceed)}


def _blocked(desk: Desk, refusal: Refusal) -> dict[str, Any]:
    """Why there is nothing to cancel, and what to do instead (S3-07)."""
    return {
        "text": refusals.word(refusal, now=desk.now, zone=desk.zone),
        "is_shipped": refusal.code is Code.ALREADY_SHIPPED,
    }


@dataclass(frozen=True, slots=True)
class Guide:
    """A ready message that leads the buyer to file the request; sent by one press."""

    key: str
    label: str
    text: str
    language: str


def guides(desk: Desk, order: OrderDetail) -> list[Guide]:
    """The messages that make sense now: the guidance (S3-28), and once it went out, the important one (S3-29)."""
    if not desk.may(Permission.MESSAGES_SEND) or order.is_held or order.status not in OPEN:
        return []
    labels = {"cancel_guidance": _("Ask the buyer to request it")}
    if order.cancel_request == State.GUIDED:
        labels = {"cancel_important": _("Send as important message")} | labels
    found = ready_texts(desk.seller.seller_id, order.order_number, labels)
    return [Guide(key, labels[key], one.text, one.language) for key, one in found.items()]


def _items(
    order: OrderDetail, facts: OrderFacts, draft: CancelDraft, errors: Mapping[str, str]
) -> list[dict[str, Any]]:
    titles = {item.item_number: visible(item.title) for item in order.items}
    names = names_of(order)
    return [
        {
            "number": item.item_number,
            "title": titles.get(item.item_number, item.item_number),
            "sku": names.get(item.item_number, ""),
            "left": item.left,
            "value": draft.quantity(item.item_number),
            "requested": item.cancel_requested,
            "error": errors.get(f"qty-{item.item_number}", ""),
        }
        for item in facts.items
        if item.left
    ]


def founded_causes(facts: OrderFacts) -> list[DeclineCause]:
    """The causes for declining that the facts bear out (S3-07, S3-08)."""
    found = []
    if any(item.shipped for item in facts.items):
        found.append(DeclineCause.SHIPPED)
    if live_label(facts) is not None:
        found.append(DeclineCause.LABEL)
    return found


def can_decline(order: OrderDetail) -> bool:
    """Whether the order's own page offers to decline the wish: something has left, or a parcel was announced."""
    waiting = any(package.status == "PENDING" for package in order.packages)
    return bool(order.cancel_request) and (order.units_shipped > 0 or waiting)


def _sentence(desk: Desk, error: FieldError) -> str:
    if error.field == "reason":
        return _("Choose a reason.")
    if error.field == "units":
        return _("Give at least one unit to cancel.")
    return refusals.word(error.refusal, now=desk.now, zone=desk.zone)


def _label(error: FieldError, order: OrderDetail) -> str:
    if error.field.startswith("qty-"):
        name = names_of(order).get(error.field.removeprefix("qty-"), "")
        return _("Units of %(name)s") % {"name": name}
    labels = {
        "reason": _("Reason for cancellation"),
        "units": _("What is cancelled"),
        "label_override": _("Why although a label exists"),
        "accepts_limit": _("Over the limit"),
    }
    return labels.get(error.field, "")


# --- The buyer's wish, and what was cancelled: the order's own page ---


@dataclass(frozen=True, slots=True)
class Wish:
    """The buyer's open wish to cancel, in words."""

    is_formal: bool
    is_guided: bool
    headline: str
    effect: str
    reason: str
    words: str
    at: Moment
    items: str  # "" when it names everything


@dataclass(frozen=True, slots=True)
class Cancelled:
    """One cancellation, in words."""

    title: str
    tone: str
    icon: str
    counting: str
    why: str
    rule: str
    reason: str
    lines: str
    stock: str
    released: str
    at: Moment


def wish_view(order: OrderDetail, reader: Reader) -> Wish | None:
    """The buyer's open wish, or None."""
    wish = order.wish
    if wish is None or not order.cancel_request:
        return None
    headline = _("The buyer has requested to cancel this order.")
    effect = _("Cancelling it will not affect your cancellation rate.")
    if not order.is_held:
        headline = _("The buyer wrote that they want to cancel, but has filed no request.")
        effect = _("Cancelling it now would count in your cancellation rate.")
    named = [item for item in order.items if item.left and item.item_number in wish.item_numbers]
    some = order.is_held and len(named) < sum(1 for item in order.items if item.left)
    return Wish(
        order.is_held,
        wish.guided_at is not None and not order.is_held,
        headline,
        effect,
        cancel_words.reason(wish.reason) if wish.reason else "",
        visible(wish.words),
        moment(wish.filed_at or wish.requested_at, order.marketplace_id, reader.zone, reader.now),
        ", ".join(visible(item.sku or item.item_number) for item in named) if some else "",
    )


def cancelled_view(order: OrderDetail, reader: Reader) -> list[Cancelled]:
    """Who cancelled what and why, whether it counts and under which rule; the newest first."""
    return [_cancelled(one, order, reader) for one in reversed(order.cancellations)]


def _cancelled(one: CancellationView, order: OrderDetail, reader: Reader) -> Cancelled:
    who = order_words.CANCELLERS.get(one.by)
    count = ngettext("%(n)s unit", "%(n)s units", one.units) % {"n": one.units}
    title = _("%(units)s cancelled by %(who)s") % {"units": count, "who": who} if who else count
    return Cancelled(
        title,
        "warn" if one.counts else "ok",
        "triangle-alert" if one.counts else "circle-check",
        cancel_words.counting(one.counts),
        cancel_words.why(one.why),
        rule(one),
        cancel_words.reason(one.reason) if one.reason else "",
        ", ".join(cancel_words.named_units(one.lines, names_of(order))),
        _("Back to stock") if one.restocked else _("Not restored"),
        money(one.released, order.currency) if reader.sees_money and one.released else "",
        moment(one.at, order.marketplace_id, reader.zone, reader.now),
    )


def rule(one: CancellationView) -> str:
    """The policy row that it was judged by, in words."""
    return cancel_words.policy(one.policy_key, one.policy_value) or (
        order_words.policy(one.policy_key, one.policy_value) if one.policy_key else ""
    )
