"""A refund in words, for the order's page and for the list; what can still be done with it, and by whom."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.refunds import RefundState
from sellerdesk.interfaces.web import order_words, refund_words
from sellerdesk.interfaces.web.formats import Moment, language, moment, money, visible
from sellerdesk.interfaces.web.staff import Desk
from sellerdesk.looks import when
from sellerdesk.queries.refund_list import OrderMoney, RefundView


@dataclass(frozen=True, slots=True)
class RefundRow:
    """One refund. `until` is when its hold ends; `settles` when the buyer has the money, in words; `waits` why the
    reader cannot approve it.
    """

    number: str
    reference: str
    label: str
    icon: str
    tone: str
    amount: str
    reason: str
    mode: str
    who: str
    approved_by: str
    asked: Moment
    until: Moment | None
    settles: str
    fee: str
    concessions: str
    rma: str
    note: str
    can_undo: bool
    can_approve: bool
    can_repeat: bool  # it could not be paid out, so its amount is refundable again
    waits: str

    @property
    def is_held(self) -> bool:
        return self.until is not None


def refund_row(one: RefundView, desk: Desk) -> RefundRow:
    """A refund for one reader."""
    label, icon, tone = refund_words.STATES[one.state]
    held = one.state is RefundState.PENDING and one.release_at is not None and one.release_at > desk.now
    draft = one.state is RefundState.DRAFT
    own = draft and one.author_id == desk.actor.identity
    may_approve = desk.may(Permission.REFUNDS_APPROVE)
    extra = one.return_shipping + one.goodwill
    return RefundRow(
        one.order_number,
        one.reference,
        str(label),
        icon,
        tone,
        money(one.total, one.currency),
        refund_words.reason(one.reason),
        refund_words.mode(one.mode),
        _who(one),
        visible(one.approved_by),
        moment(one.requested_at, one.marketplace_id, desk.zone, desk.now),
        moment(one.release_at, one.marketplace_id, desk.zone, desk.now) if held and one.release_at else None,
        settles(one, desk),
        money(one.fee, one.currency) if one.fee else "",
        money(extra, one.currency) if extra else "",
        visible(one.rma),
        visible(one.note),
        can_undo=(held or draft) and desk.may(Permission.REFUNDS_MAKE),
        can_approve=draft and may_approve and not own,
        can_repeat=one.state is RefundState.REJECTED and desk.may(Permission.REFUNDS_MAKE),
        waits=_waits(own=own, draft=draft, may_approve=may_approve),
    )


def _who(one: RefundView) -> str:
    if one.party == "SELLER":
        return visible(one.author)
    return str(order_words.PARTIES.get(one.party, one.author))  # type: ignore[call-overload]


def _waits(*, own: bool, draft: bool, may_approve: bool) -> str:
    if own:
        return _("You asked for it, so somebody else must approve it.")
    if draft and not may_approve:
        return _("Somebody who may approve refunds must do so.")
    return ""


def settles(one: RefundView, desk: Desk) -> str:
    """When the buyer has the money, as days; "" for what does not go, or not yet."""
    if one.state in (RefundState.DRAFT, RefundState.CANCELLED, RefundState.REJECTED):
        return ""
    zone = when.marketplace_zone(one.marketplace_id)
    first, last = (when.day(at, zone, desk.now, language()) for at in (one.settles_from, one.settles_until))
    return first if first == last else f"{first} – {last}"


def money_rows(found: OrderMoney, currency: str) -> list[tuple[str, str]]:
    """What was given back, is about to be, was taken by claims, and is left (screens 1.3). Noughts are left out, but
    never what is left.
    """
    rows = [
        (_("Refunded"), found.refunded),
        (_("Refunds held or waiting"), found.pending),
        (_("Taken by claims"), found.claimed),
        (_("Concessions given"), found.given),
        (_("Concessions held or waiting"), found.given_pending),
    ]
    shown = [(label, money(amount, currency)) for label, amount in rows if amount]
    return [*shown, (_("Refundable left"), money(found.left, currency))] if found.charged else []
