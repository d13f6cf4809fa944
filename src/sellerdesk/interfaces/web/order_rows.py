"""One row of the order list as the template prints it: every text made beforehand, so that the template only places."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.lifecycle import actions, nothing_to_do
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.orders import OPEN, Channel
from sellerdesk.interfaces.web import order_words, words
from sellerdesk.interfaces.web.staff import Desk
from sellerdesk.looks import when
from sellerdesk.looks.texts import visible
from sellerdesk.queries.order_list import OrderLine

_SAMPLE = "000-0000000-0000000"
_SAMPLE_PACKAGE = "PACKAGE-REFERENCE"
_KEYS = {
    "confirm_shipment": "s",
    "print_packing_slip": "p",
    "cancel_order": "c",
    "cancel_rest": "c",
    "refund_order": "f",
}
_NEEDS = {
    "confirm_shipment": Permission.ORDERS_SHIP,
    "edit_shipment": Permission.ORDERS_SHIP,
    "print_packing_slip": Permission.BUYERS_READ,
    "cancel_order": Permission.ORDERS_CANCEL,
    "cancel_rest": Permission.ORDERS_CANCEL,
    "refund_order": Permission.REFUNDS_MAKE,
}
_BULK = frozenset(
    {"print_packing_slip", "cancel_order", "cancel_rest", "refund_order"}
)  # what ticked rows can be sent to


@dataclass(frozen=True, slots=True)
class ActionView:
    name: str
    label: str
    url: str
    key: str


@dataclass(frozen=True, slots=True)
class ItemView:
    title: str
    codes: str  # SKU and ASIN
    quantity: int


@dataclass(frozen=True, slots=True)
class DueView:
    """A deadline: instant for scripts, words, tone, both zones."""

    iso: str
    words: str
    tone: str
    absolute: str
    own: str  # the same instant in the person's zone, when that differs


@dataclass(frozen=True, slots=True)
class WishView:
    """The banner of an order whose buyer wants to cancel. `url` is "" for who may not cancel."""

    tone: str
    icon: str
    text: str
    effect: str
    review: str
    url: str


@dataclass(frozen=True, slots=True)
class RowView:
    number: str
    url: str
    marketplace: str
    placed: str
    placed_title: str
    age: str
    flags: tuple[tuple[str, str], ...]  # icon, label
    items: tuple[ItemView, ...]
    more_items: str
    buyer: str
    country: str
    service: str
    due: DueView | None
    deliver_by: str
    status: str
    icon: str
    tone: str
    marks: tuple[tuple[str, str], ...]  # tone, text: confirmed late, who cancelled, do not pack
    why: str
    total: str
    tracking: tuple[tuple[str, str], ...]  # carrier, number
    actions: tuple[ActionView, ...]
    warning: str
    wish: WishView | None
    dimmed: bool

    @property
    def selectable(self) -> bool:
        return any(action.name in _BULK for action in self.actions)


@cache
def pattern(name: str, *args: str) -> str:
    """The address of a page with sample arguments in it, or "" while this installation has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _why(line: OrderLine) -> str:
    """Why there is nothing to do. Of a warehouse order that waits for the buyer's payment the seller need only know
    that the warehouse ships it."""
    reason = nothing_to_do(line.status, line.channel, line.pending_reason)
    if line.channel is Channel.AFN and reason in ("payment_not_authorized", "pending"):
        return "warehouse_ships"
    return reason


class Rows:
    """Makes the rows of one page; texts that repeat are looked up once."""

    def __init__(self, desk: Desk, listed: str, *, with_place: bool) -> None:
        self.desk = desk
        self.language = desk.language
        self.now = desk.now
        self.context = f"?from={quote(listed, safe='')}" if listed else ""
        self.with_place = with_place
        self.shows_money = desk.may(Permission.MONEY_READ)
        self.labels = {
            status: (str(label), icon, tone) for status, (label, icon, tone) in words.STATUSES.items()
        }
        self.wish_words = {  # how far it was filed → tone, icon, what it is, what follows
            "whole": (
                "info",
                "undo-2",
                _("The buyer has requested to cancel this order."),
                _("Cancelling it will not affect your cancellation rate."),
            ),
            "part": (
                "info",
                "undo-2",
                _("The buyer has requested to cancel a part of this order."),
                _("Cancelling that part will not affect your cancellation rate; the rest would count."),
            ),
            "said": (
                "warn",
                "mail",
                _("The buyer wrote that they want to cancel, but has filed no request."),
                _("Cancelling it now would count in your cancellation rate."),
            ),
        }
        self.review = _("Review")
        self.mark_words = {
            "hold": _("Do not pack"),
            "late": _("confirmed late"),
            "counts": _("counts in the rate"),
            "not": _("does not count in the rate"),
        }
        self.flag_words = {"gift": _("Gift"), "business": _("Business"), "prime": _("Prime")}

    def row(self, line: OrderLine) -> RowView:
        """The texts of one order."""
        label, icon, tone = self.labels[line.status]
        zone = when.marketplace_zone(line.marketplace_id)
        reason = _why(line)
        hidden = line.item_count - len(line.items)
        return RowView(
            number=line.order_number,
            url=self._page("desk:order", line.order_number),
            marketplace=by_id(line.marketplace_id).name if self.with_place else "",
            placed=when.day(line.placed_at, zone, self.now, self.language),
            placed_title=when.both(
                line.placed_at, line.marketplace_id, self.desk.zone, self.now, self.language
            ),
            age=when.age(line.placed_at, self.now, self.language),
            flags=self._flags(line),
            items=tuple(
                ItemView(
                    visible(item.title),
                    visible(" · ".join(filter(None, (item.sku, item.asin)))),
                    item.ordered,
                )
                for item in line.items
            ),
            more_items=_("and {n} more").format(n=hidden) if hidden > 0 else "",
            buyer=line.buyer,
            country=line.country,
            service=line.ship_service or str(words.SERVICE_CATEGORIES.get(line.service_category, "")),
            due=self._due(line),
            deliver_by=when.day(line.latest_delivery_at, zone, self.now, self.language)
            if line.latest_delivery_at
            else "",
            status=label,
            icon=icon,
            tone=tone,
            marks=tuple(self._marks(line)),
            why=str(words.NOTHING_TO_DO[reason]) if reason else "",
            total=words.money(line.currency, line.total, self.language)
            if self.shows_money and line.total is not None
            else "",
            tracking=tuple((one.carrier_name or one.carrier_code, one.tracking) for one in line.packages),
            actions=tuple(self._actions(line)),
            warning=self._warning(line),
            wish=self._wish(line),
            dimmed=bool(reason),
        )

    def _page(self, name: str, number: str) -> str:
        """A page of an order that knows its way back to this list; "" while there is no such page."""
        address = pattern(name, _SAMPLE)
        return f"{address.replace(_SAMPLE, number)}{self.context}" if address else ""

    def _flags(self, line: OrderLine) -> tuple[tuple[str, str], ...]:
        found = []
        if line.has_gift:
            found.append(("gift", self.flag_words["gift"]))
        if line.is_business:
            found.append(("building-2", self.flag_words["business"]))
        if line.is_prime:
            found.append(("zap", self.flag_words["prime"]))
        return tuple(found)

    def _due(self, line: OrderLine) -> DueView | None:
        due = line.latest_ship_at
        if due is None or line.status not in OPEN or line.channel is Channel.AFN:
            return None
        left = (due - self.now).total_seconds()
        tone = "bad" if left < 0 else "warn" if left < 24 * 3600 else ""
        both = when.both(due, line.marketplace_id, self.desk.zone, self.now, self.language)
        absolute, _dot, own = both.partition(" · ")
        return DueView(when.iso(due), when.countdown(due, self.now, self.language), tone, absolute, own)

    def _warning(self, line: OrderLine) -> str:
        """S0-18, S0-20: the date is the automatic cancellation's own, in the marketplace's zone."""
        if line.warned_at is None or line.auto_cancel_at is None or line.status not in OPEN:
            return ""
        zone = when.marketplace_zone(line.marketplace_id)
        date = when.moment(line.auto_cancel_at, zone, self.now, self.language)
        return _("Confirm shipment before {date} to avoid order cancellation.").format(date=date)

    def _wish(self, line: OrderLine) -> WishView | None:
        """S3-14 for a filed request; a wish that was only said is told apart from it (S3-30)."""
        if not line.cancel_request or line.status not in OPEN:
            return None
        url = self._page("desk:cancel", line.order_number) if self.desk.may(Permission.ORDERS_CANCEL) else ""
        filed = "part" if line.has_unasked else "whole"
        tone, icon, text, effect = self.wish_words[filed if line.is_held else "said"]
        return WishView(tone, icon, text, effect, self.review, url)

    def _marks(self, line: OrderLine) -> Iterator[tuple[str, str]]:
        if line.is_held and line.status in OPEN:
            yield "bad", self.mark_words["hold"]
        if line.is_late:
            yield "bad", self.mark_words["late"]
        if line.cancelled_by:
            yield (
                "",
                _("by {who}").format(who=order_words.CANCELLERS.get(line.cancelled_by, line.cancelled_by)),
            )
        if line.counts_in_cr is not None:
            yield ("warn", self.mark_words["counts"]) if line.counts_in_cr else ("", self.mark_words["not"])

    def _actions(self, line: OrderLine) -> list[ActionView]:
        found = []
        for name in actions(line.status, line.channel):
            url = self._action_url(name, line)
            if url and self.desk.may(_NEEDS[name]):
                found.append(ActionView(name, str(words.ACTIONS[name]), url, _KEYS.get(name, "")))
        return found

    def _action_url(self, name: str, line: OrderLine) -> str:
        """Where an action leads; "" for what cannot be done here yet."""
        if name == "print_packing_slip":
            slips = pattern("desk:slips")
            return f"{slips}?order={line.order_number}" if slips else ""
        if name == "confirm_shipment":
            return self._page("desk:confirm", line.order_number)
        if name in ("cancel_order", "cancel_rest"):
            return self._page("desk:cancel", line.order_number)
        if name == "refund_order":
            return self._page("desk:refund", line.order_number)
        if name == "edit_shipment" and line.packages:
            if line.package_count > 1:
                page = self._page("desk:order", line.order_number)
                return f"{page}#packages" if page else ""
            sample = pattern("desk:edit_shipment", _SAMPLE, _SAMPLE_PACKAGE)
            page = sample.replace(_SAMPLE, line.order_number)
            reference = quote(line.packages[0].reference, safe="")
            return f"{page.replace(_SAMPLE_PACKAGE, reference)}{self.context}" if page else ""
        return ""
