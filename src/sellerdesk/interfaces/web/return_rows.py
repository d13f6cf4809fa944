"""A return as its card shows it: every text worded, nothing left but to place it (S2-04, S2-05; screens 1.10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from sellerdesk.domain.actors import PERMISSIONS as ROLE_PERMISSIONS
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.refunds import RefundState
from sellerdesk.domain.return_actions import Action, actions, suggested
from sellerdesk.domain.return_advice import Advice, Hint, advise
from sellerdesk.domain.return_facts import ENDED, Grade, Payer, ReturnState
from sellerdesk.domain.return_ways import Label
from sellerdesk.domain.returns import CloseReason
from sellerdesk.domain.tracking import tracking_url
from sellerdesk.interfaces.web import order_words, return_words
from sellerdesk.interfaces.web.formats import Moment, moment, money, visible
from sellerdesk.interfaces.web.frame import ROLES
from sellerdesk.interfaces.web.staff import Desk
from sellerdesk.looks import when
from sellerdesk.queries.return_advice import Known
from sellerdesk.queries.returns_list import ReturnView, returns_of_order

COMMENT_SHOWN = 600  # characters of a comment on a card; the return's own page has all of it
SOON = timedelta(hours=4)
_PLACE = "000-0000000-0000000"  # stands for the number in an address
PERMISSIONS = {
    Action.CONTACT: Permission.MESSAGES_SEND,
    Action.AUTHORIZE: Permission.RETURNS_HANDLE,
    Action.RECEIVE: Permission.RETURNS_RECEIVE,
    Action.GRADE: Permission.RETURNS_RECEIVE,
    Action.REFUND: Permission.REFUNDS_MAKE,
    Action.CLOSE: Permission.RETURNS_HANDLE,
}
KEYS = {Action.CONTACT: "m", Action.AUTHORIZE: "a", Action.REFUND: "r", Action.CLOSE: "c"}
_GONE = (RefundState.RELEASED, RefundState.SETTLED)
_SHIPS = frozenset({Permission.ORDERS_SHIP, Permission.RETURNS_HANDLE})
# Who can follow a piece of advice: any of these; what is not here asks for nothing.
_FOLLOWED_BY = {
    Advice.CONTACT_BUYER: frozenset({Permission.MESSAGES_SEND}),
    Advice.CANCEL: frozenset({Permission.ORDERS_CANCEL}),
    Advice.SHIP_ANYWAY: _SHIPS,
    Advice.REFUND_NOW: frozenset({Permission.REFUNDS_MAKE}),
    Advice.INTERCEPT: _SHIPS,
    Advice.WAIT_AND_SEE: frozenset({Permission.MESSAGES_SEND}),
    Advice.REFUSE_DELIVERY: frozenset({Permission.MESSAGES_SEND}),
    Advice.PARTIAL_REFUND: frozenset({Permission.REFUNDS_MAKE}),
    Advice.KEEP_IT: frozenset({Permission.REFUNDS_MAKE}),
    Advice.RETURN_GOODS: frozenset({Permission.RETURNS_HANDLE}),
    Advice.REFUND_EARLY: frozenset({Permission.REFUNDS_MAKE}),
}
_PAGES = {
    Action.AUTHORIZE: "desk:return_authorize",
    Action.RECEIVE: "desk:return_receive",
    Action.GRADE: "desk:return_grade",
    Action.CLOSE: "desk:return_close",
}


@dataclass(frozen=True, slots=True)
class Button:
    """`name` is the action's; `suggested`: the one that is advised."""

    name: str
    label: str
    icon: str
    url: str
    key: str
    suggested: bool


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    codes: str
    quantity: int
    grade: str
    received: int


@dataclass(frozen=True, slots=True)
class Due:
    label: str
    iso: str
    text: str
    absolute: str
    tone: str


@dataclass(frozen=True, slots=True)
class Said:
    """Advice in words; `numbers` and `risk` may be ""."""

    text: str
    numbers: str
    risk: str


@dataclass(frozen=True, slots=True)
class Card:
    """One return. Texts of buyers are made visible, and still have to be escaped."""

    id: int
    rma: str
    url: str
    order_number: str
    order_url: str
    marketplace: str
    state: str
    icon: str
    tone: str
    badges: tuple[tuple[str, str, str], ...]  # tone, icon, text
    items: tuple[Item, ...]
    reason: str
    raw_reason: str
    payer: str
    comment: str
    is_cut: bool
    wish: str
    verdict: str
    verdict_icon: str
    verdict_tone: str
    requested: Moment
    window: str  # the last day for asking, and what it means
    closes: str  # when it closes itself, and what keeps it open
    waiting: str
    due: Due | None
    label: str
    carrier: str
    tracking: str
    tracking_url: str
    refunds: tuple[tuple[str, str, str], ...]  # tone, text, amount
    contacted: bool
    closed: str
    photos: tuple[str, ...]  # addresses
    buttons: tuple[Button, ...]
    advice: Said | None
    more_advice: tuple[Said, ...]
    is_open: bool
    bulk: str  # what a tick sends; "" when there is nothing to do for many at once


class Cards:
    """Makes the cards of one page for one reader. `listed` is the list's query string, to come back to."""

    def __init__(self, desk: Desk, listed: str = "", *, with_place: bool = True) -> None:
        self.desk = desk
        self.with_place = with_place
        self.sees_money = desk.may(Permission.MONEY_READ)
        came = f"from={quote(listed, safe='')}" if listed else ""
        self.context, self._and_context = came and f"?{came}", came and f"&{came}"
        self.language = desk.language
        self._around: dict[str, tuple[str, str]] = {}
        self._said: dict[int, str] = {}

    def card(self, one: ReturnView, known: Known | None, *, whole: bool = False) -> Card:
        """`whole`: with the comment in full."""
        state, icon, tone = return_words.STATES[one.state]
        hints = (advise(known.situation) if known else ())[: None if whole else 1]  # lists: the best alone
        verdict, verdict_icon, verdict_tone = return_words.verdict(
            one.verdict, days_over=_days_over(one), until=self._day(one.window_ends_at, one)
        )
        comment = visible(one.comment)
        cut = not whole and len(comment) > COMMENT_SHOWN
        open_ = one.state not in ENDED
        said = self.advice(one, known, hints) if open_ else ()
        return Card(
            id=one.id,
            rma=visible(one.rma),
            url=self._url("desk:return", one),
            order_number=one.order_number,
            order_url=self._address("desk:order", one.order_number),
            marketplace=by_id(one.marketplace_id).label if self.with_place else "",
            state=self._say(state),
            icon=icon,
            tone=tone,
            badges=tuple(_badges(one)),
            items=tuple(_items(one)),
            reason=self._say(return_words.REASONS[one.reason]),
            raw_reason=str(return_words.TURNED.get(one.raw_reason, visible(one.raw_reason))),
            payer=self._say(return_words.PAYERS[Payer(one.payer)]) if one.payer else "",
            comment=comment[:COMMENT_SHOWN] if cut else comment,
            is_cut=cut,
            wish=str(return_words.WISHES.get(one.wish, visible(one.wish))),
            verdict=verdict,
            verdict_icon=verdict_icon,
            verdict_tone=verdict_tone,
            requested=moment(one.requested_at, one.marketplace_id, self.desk.zone, self.desk.now),
            window=self._window(one) if whole else "",
            closes=self._closes(one) if whole else "",
            waiting=when.age(one.requested_at, self.desk.now, self.language) if open_ else "",
            due=self._due(one),
            label=self._say(return_words.LABELS_SHORT[Label(one.label)]) if one.label else "",
            carrier=order_words.carrier(visible(one.carrier)) if one.carrier else "",
            tracking=visible(one.tracking),
            tracking_url=tracking_url(one.carrier, one.tracking),
            refunds=tuple(self._refunds(one)),
            contacted=one.contacted,
            closed=_closed(one),
            photos=tuple(reverse("desk:return_photo", args=[one.rma, photo]) for photo in one.photos),
            buttons=self.buttons(one, hints),
            advice=said[0] if said else None,
            more_advice=said[1:],
            is_open=open_,
            bulk=f"{one.rma}:{one.version}" if Action.AUTHORIZE in actions(one.state) else "",
        )

    def buttons(self, one: ReturnView, hints: Sequence[Hint]) -> tuple[Button, ...]:
        """What this reader can do with it now, in the advised order."""
        held = one.underway is not None
        best = suggested(one.state, hints, underway=held)
        found = []
        for action in actions(one.state, missing=one.missing, ungraded=one.ungraded, underway=held):
            if not self.desk.may(PERMISSIONS[action]):
                continue
            label, icon = return_words.ACTIONS[action]
            url = self._action_url(action, one)
            found.append(Button(action, self._say(label), icon, url, KEYS.get(action, ""), action is best))
        return tuple(found)

    def advice(self, one: ReturnView, known: Known | None, hints: Sequence[Hint]) -> tuple[Said, ...]:
        """The advice in words, the best first; once the goods are on their way or here, the next step.

        Nobody is told to do what their role may not: they hear whose task it is instead.
        """
        held = self.held(one)
        best = suggested(one.state, hints, underway=bool(held))
        known_step = return_words.NEXT.get(best) if best else None
        next_step = self._tell(self._say(known_step), PERMISSIONS[best]) if best and known_step else ""
        if held:
            return (Said(" ".join([held, next_step or _("There is nothing to do.")]), "", ""),)
        if one.state is ReturnState.AUTHORIZED:
            return (Said(_("Wait for the goods: nothing is on its way yet."), "", ""),)
        if next_step and one.state is not ReturnState.PENDING_AUTHORIZATION:
            return (Said(next_step, "", ""),)
        if hints and not self._may_follow(hints[0]):
            return (Said(self._tell(self._say(return_words.ANSWER), Permission.RETURNS_HANDLE), "", ""),)
        currency = known.currency if known else one.currency
        return tuple(
            Said(
                self._say(return_words.ADVICE[hint.advice]),
                return_words.numbers(hint, currency) if self.sees_money else "",
                " ".join(self._say(return_words.RISKS[risk]) for risk in hint.risks),
            )
            for hint in hints
            if self._may_follow(hint)
        )

    def _may_follow(self, hint: Hint) -> bool:
        needed = _FOLLOWED_BY.get(hint.advice)
        return needed is None or any(map(self.desk.may, needed))

    def _tell(self, step: str, needed: Permission) -> str:
        """A step, and whose it is when the reader may not take it."""
        if self.desk.may(needed):
            return step
        roles = [str(ROLES[role]) for role, may in ROLE_PERMISSIONS.items() if needed in may]
        # Translators: between the names of roles: "Owner, Manager".
        said = _("Your role cannot do this; these can: %(roles)s.") % {
            "roles": pgettext("list", ", ").join(roles)
        }
        return f"{step} {said}"

    def held(self, one: ReturnView) -> str:
        """What a refund that has not gone yet waits for; "" when there is none."""
        refund = one.underway
        if refund is None:
            return ""
        if refund.release_at is None:
            return _("A refund waits for a second person.")
        until = when.both(refund.release_at, one.marketplace_id, self.desk.zone, self.desk.now, self.language)
        return _("A refund is held until %(until)s.") % {"until": until}

    def _say(self, word: object) -> str:
        """A word of the module's tables in the reader's language, looked up once for all cards of a page."""
        if id(word) not in self._said:
            self._said[id(word)] = str(word)
        return self._said[id(word)]

    def _url(self, name: str, one: ReturnView) -> str:
        return self._address(name, one.rma) + self.context

    def _address(self, name: str, number: str) -> str:
        """As `reverse` finds it, which a page of cards would ask two hundred times."""
        if name not in self._around:
            before, _place, after = reverse(name, args=[_PLACE]).partition(_PLACE)
            self._around[name] = before, after
        before, after = self._around[name]
        return before + quote(number) + after

    def _action_url(self, action: Action, one: ReturnView) -> str:
        if action is Action.CONTACT:
            asked = f"reason=return_guidance&return={quote(one.rma, safe='')}"
            return f"{self._address('desk:thread', one.order_number)}?{asked}"
        return self.refund_url(one) if action is Action.REFUND else self._url(_PAGES[action], one)

    def refund_url(self, one: ReturnView) -> str:
        """The refund page of the order, filled in for the return."""
        url = self._address("desk:refund", one.order_number)
        return f"{url}?rma={quote(one.rma, safe='')}{self._and_context}"

    def _day(self, at: datetime | None, one: ReturnView) -> str:
        if at is None:
            return ""
        return when.day(at, when.marketplace_zone(one.marketplace_id), self.desk.now, self.language)

    def _window(self, one: ReturnView) -> str:
        """The two deadlines of a return are told apart: this one ended the asking."""
        said = {"day": self._day(one.window_ends_at, one)}
        return str(return_words.WINDOW[one.in_policy]) % said if one.window_ends_at else ""

    def _closes(self, one: ReturnView) -> str:
        """This one ends the request, when nobody does anything."""
        at = next((due.at for due in one.dues if due.kind == "return_idle"), None)
        if at is None or one.state in ENDED:
            return ""
        sentence = return_words.CLOSES.get(one.state, return_words.CLOSES_AFTER_PART)
        if any(refund.state in _GONE for refund in one.refunds):
            sentence = return_words.CLOSES_AFTER_PART
        return str(sentence) % {"date": self._day(at, one)}

    def _due(self, one: ReturnView) -> Due | None:
        due = one.due
        if due is None:
            return None
        left = due.at - self.desk.now
        urgent = due.kind != "return_idle"
        late, soon = left < timedelta(), left < SOON
        tone = ("bad" if late else "warn" if soon else "ok") if urgent else "muted"
        labels = return_words.OVERDUE if late and urgent else return_words.DUES
        return Due(
            str(labels.get(due.kind, due.kind)),
            when.iso(due.at),
            when.countdown(due.at, self.desk.now, self.language),
            when.both(due.at, one.marketplace_id, self.desk.zone, self.desk.now, self.language),
            tone,
        )

    def _refunds(self, one: ReturnView) -> list[tuple[str, str, str]]:
        found = []
        for refund in one.refunds:
            label, tone = return_words.REFUNDS[RefundState(refund.state)]
            found.append(
                (tone, self._say(label), money(refund.total, one.currency) if self.sees_money else "")
            )
        return found


def of_order(desk: Desk, order_number: str) -> list[tuple[Card, str]]:
    """The returns of an order with their items in one line, for its page."""
    cards = Cards(desk, with_place=False)
    found = returns_of_order(desk.seller.seller_id, order_number)
    return [(card := cards.card(one, None), titles(card.items)) for one in found]


def titles(items: Sequence[Item]) -> str:
    """The items of a return in one line."""
    return ", ".join(f"{one.quantity} × {one.title}" for one in items)


def _items(one: ReturnView) -> list[Item]:
    return [
        Item(
            visible(line.title),
            " · ".join(code for code in (f"SKU {visible(line.sku)}" if line.sku else "", line.asin) if code),
            line.quantity,
            str(return_words.GRADES[Grade(line.grade)]) if line.grade else "",
            line.received,
        )
        for line in one.lines
    ]


def _badges(one: ReturnView) -> list[tuple[str, str, str]]:
    found = []
    if one.with_claim:
        found.append(("bad", "shield", _("A-to-z claim")))
    if one.kind in return_words.KINDS:
        found.append(("warn", "undo-2", str(return_words.KINDS[one.kind])))
    if one.returnless:
        found.append(("info", "gift", _("The buyer keeps it")))
    return found


def _closed(one: ReturnView) -> str:
    """Why the seller closed it, for cards of ended requests."""
    return str(return_words.CLOSE_REASONS[CloseReason(one.close_reason)]) if one.close_reason else ""


def _days_over(one: ReturnView) -> int:
    """Days by which the request came after its window, at least one."""
    if one.window_ends_at is None or one.requested_at <= one.window_ends_at:
        return 0
    return (one.requested_at - one.window_ends_at).days + 1
