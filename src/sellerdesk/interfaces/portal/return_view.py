"""Returns and refunds of one order in a buyer's words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sellerdesk.domain.refunds import RefundState
from sellerdesk.domain.return_facts import Payer, ReturnKind, ReturnState
from sellerdesk.domain.returns import CloseReason, Verdict
from sellerdesk.domain.tracking import tracking_url
from sellerdesk.flows.notices import buyer_words
from sellerdesk.interfaces.portal import return_words, words
from sellerdesk.interfaces.portal.order_view import Badge, Says
from sellerdesk.looks.amounts import money
from sellerdesk.looks.texts import visible
from sellerdesk.looks.when import locale_of
from sellerdesk.queries.portal_orders import PortalOrder
from sellerdesk.queries.portal_returns import PortalRefund, PortalReturn, ReturnOffer

_S = ReturnState
# Afterwards the goods are on their way: giving up then is a matter to talk about, not a button.
WITHDRAWABLE = frozenset({_S.PENDING_AUTHORIZATION, _S.AUTHORIZED})
_SENT = frozenset({_S.AUTHORIZED, _S.IN_TRANSIT_BACK})


@dataclass(frozen=True, slots=True)
class RefundRow:
    """A refund that has gone. `first` to `last`: the days on which the money should be there (S0-32), `late`: they are
    over; `kept`: a fee that the seller kept, "" if none; `failed`: what to do when it could not be paid out.
    """

    badge: Badge
    amount: str
    sent: str
    first: str
    last: str
    late: bool
    kept: str
    words: str
    failed: str


@dataclass(frozen=True, slots=True)
class ReturnView:
    """Everything that the page of a return shows."""

    place: int
    rma: str
    badge: Badge
    next: str
    refused: bool
    keep: bool
    withdrawable: bool
    asked: str
    ended: str
    reason: str
    payer: str
    comment: str
    wish: str
    titles: tuple[tuple[str, int], ...]
    address: tuple[str, ...]
    instructions: str
    has_label: bool
    label_file: bool
    label_paid: bool
    carrier: str
    tracking: str
    url: str
    closed: tuple[str, str]  # the seller's reason and words; both "" when the seller did not close it
    refunds: tuple[RefundRow, ...]
    over_window: bool
    version: int


def return_view(one: PortalReturn, refunds: Sequence[PortalRefund], says: Says) -> ReturnView:
    """A return in words, with the refunds that belong to it."""
    to_send = one.state in _SENT and not one.returnless and one.kind is not ReturnKind.REFUSED
    closed = one.state is _S.CLOSED_BY_SELLER
    reason = buyer_words.CLOSE_REASONS[CloseReason(one.close_reason)] if closed and one.close_reason else ""
    return ReturnView(
        place=one.place,
        rma=one.rma,
        badge=state_badge(one),
        next=_next(one, says),
        refused=one.kind is ReturnKind.REFUSED,
        keep=one.returnless,
        withdrawable=one.state in WITHDRAWABLE and one.kind is not ReturnKind.REFUSED,
        asked=says.moment(one.requested_at),
        ended=says.moment(one.ended_at),
        reason=str(buyer_words.RETURN_REASONS[one.reason]),
        payer="" if one.returnless or one.kind is ReturnKind.REFUSED else str(buyer_words.PAYERS[one.payer]),
        comment=visible(one.comment),
        wish=str(return_words.WISHES.get(one.wish, "")),
        titles=tuple((visible(title), units) for title, units, _came in one.lines),
        address=_address(one) if to_send else (),
        instructions=visible(one.instructions) if to_send else "",
        has_label=to_send and one.label not in ("", "none"),
        label_file=to_send and one.has_file,
        label_paid=one.payer is Payer.SELLER,
        carrier=visible(words.carrier(one.carrier, "")) if one.tracking else "",
        tracking=visible(one.tracking),
        url=tracking_url(one.carrier, one.tracking) if one.tracking else "",
        closed=(str(reason), visible(one.close_comment)) if closed else ("", ""),
        refunds=refund_rows((row for row in refunds if row.at_place == one.place), says),
        over_window=not one.in_policy,
        version=one.version,
    )


def state_badge(one: PortalReturn) -> Badge:
    """A return's state as text, icon and tone."""
    kept = one.returnless and one.state in (_S.PENDING_REFUND, _S.COMPLETED)
    label, icon, tone = return_words.KEEPING if kept else return_words.STATES[one.state]
    return Badge(str(label), icon, tone)


def _address(one: PortalReturn) -> tuple[str, ...]:
    country = one.address.country
    named = locale_of(get_language() or "en").territories.get(country, country) if country else ""
    return tuple(visible(line) for line in (*one.address.block, named) if line)


def _next(one: PortalReturn, says: Says) -> str:
    if one.kind is ReturnKind.REFUSED and one.state is _S.IN_TRANSIT_BACK:
        return str(buyer_words.REFUSED)
    if one.returnless and one.state is _S.PENDING_REFUND:
        return str(buyer_words.KEEP)
    if one.returnless and one.state is _S.COMPLETED:
        return str(buyer_words.KEPT)
    by = {_S.PENDING_AUTHORIZATION: one.answer_by, _S.AUTHORIZED: one.send_by}.get(one.state, one.refund_by)
    kept = by is not None and by >= says.now  # a promise that was not kept is not repeated
    return buyer_words.return_next(one.state, says.day(by) if kept else "")


def refund_rows(refunds: Iterable[PortalRefund], says: Says) -> tuple[RefundRow, ...]:
    """Refunds in words."""
    language = get_language() or "en"
    found = []
    for one in refunds:
        label, icon, tone = return_words.REFUNDS[one.state]
        failed = one.state is RefundState.REJECTED
        found.append(
            RefundRow(
                Badge(str(label), icon, tone),
                money(one.currency, one.total, language),
                says.day(one.released_at),
                "" if failed else says.day(one.settles_from),
                "" if failed else says.day(one.settles_until),
                not failed and one.settles_until < says.now,
                money(one.currency, one.kept, language) if one.kept else "",
                visible(one.words),
                str(buyer_words.NOT_PAID_OUT) if failed else "",
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class ReturnPlace:
    """What the order page says of returns: a way in, until when, and what was asked for before."""

    open: bool
    until: str
    window: str  # open, over, or unknown: nobody knows of a delivery
    asked: tuple[tuple[int, str, str, Badge], ...]  # place, number, day, state
    refunds: tuple[RefundRow, ...]
    returnable: frozenset[str]  # item numbers


def return_place(
    order: PortalOrder,
    offer: ReturnOffer,
    asked: Sequence[PortalReturn],
    refunds: Sequence[PortalRefund],
    now: datetime,
) -> ReturnPlace:
    """The order page's part about returns."""
    says = Says(order.marketplace_id, now)
    return ReturnPlace(
        open=offer.is_open,
        until=says.day(offer.window_ends_at),
        window=_WINDOWS[offer.verdict],
        asked=tuple((one.place, one.rma, says.day(one.requested_at), state_badge(one)) for one in asked),
        refunds=refund_rows(refunds, says),
        returnable=frozenset(number for number, units in offer.left.items() if units),
    )


_WINDOWS = {Verdict.IN_POLICY: "open", Verdict.WINDOW_OVER: "over", Verdict.NOT_DELIVERED: "unknown"}


def window_words(verdict: Verdict, ends: datetime | None, says: Says) -> str:
    """The window in one sentence."""
    if verdict is Verdict.WINDOW_OVER:
        return _("The time for returning ended on {day}. You can still ask; the seller decides.").format(
            day=says.day(ends)
        )
    if verdict is Verdict.IN_POLICY:
        return _("You can return it until {day}.").format(day=says.day(ends))
    return _("You can ask for a return already now.")
