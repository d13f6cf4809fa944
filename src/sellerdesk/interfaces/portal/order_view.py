"""One order in a buyer's words: what the order page and the pages that hang on it show."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sellerdesk.domain.buyer_view import Stage, Way
from sellerdesk.domain.cancel_requests import Reason, State
from sellerdesk.domain.tracking import tracking_url
from sellerdesk.interfaces.portal import words
from sellerdesk.looks import when
from sellerdesk.looks.amounts import money
from sellerdesk.looks.texts import visible
from sellerdesk.queries.portal_orders import PortalLine, PortalOrder, PortalParcel, Wish


@dataclass(frozen=True, slots=True)
class Says:
    """Instants of one marketplace for one reader."""

    marketplace_id: str
    now: datetime

    def moment(self, at: datetime | None) -> str:
        """An instant on the marketplace's clock, with the zone named."""
        if at is None:
            return ""
        return when.moment(at, when.marketplace_zone(self.marketplace_id), self.now, _language())

    def day(self, at: datetime | None) -> str:
        """A day on the marketplace's calendar."""
        if at is None:
            return ""
        return when.day(at, when.marketplace_zone(self.marketplace_id), self.now, _language())

    def clock(self, at: datetime) -> str:
        """Hour and minute with the zone, for an instant of today; otherwise the whole instant."""
        zone = when.marketplace_zone(self.marketplace_id)
        local = at.astimezone(zone)
        if local.date() != self.now.astimezone(zone).date():
            return self.moment(at)
        return f"{local:%H:%M} {when.zone_name(local)}"


def _language() -> str:
    return get_language() or "en"


@dataclass(frozen=True, slots=True)
class Badge:
    label: str
    icon: str
    tone: str


def badge(stage: Stage) -> Badge:
    """A stage as text, icon and tone."""
    label, icon, tone = words.STAGES[stage]
    return Badge(str(label), icon, tone)


@dataclass(frozen=True, slots=True)
class LineView:
    """An order in the list."""

    number: str
    seller: str
    store: str
    placed: str
    badge: Badge
    titles: tuple[tuple[str, int, str], ...]  # title, units, what was cancelled of them
    more: int
    total: str
    arrives: str
    asked: bool


def line_view(line: PortalLine, now: datetime) -> LineView:
    """A row of the list in words."""
    says = Says(line.marketplace_id, now)
    expected = line.stage in (Stage.SENT, Stage.PARTLY_SENT, Stage.PREPARING)
    return LineView(
        number=line.order_number,
        seller=line.seller,
        store=visible(line.seller_name),
        placed=says.day(line.placed_at),
        badge=badge(line.stage),
        titles=tuple(
            (visible(title), units, words.how_many(units, gone)) for title, units, gone in line.titles
        ),
        more=line.item_count - len(line.titles),
        total=_total(line),
        arrives=says.day(line.latest_delivery_at) if expected else "",
        asked=line.asked,
    )


@dataclass(frozen=True, slots=True)
class ItemRow:
    number: str
    title: str
    units: int
    many: str
    shipped: int
    cancelled: int


@dataclass(frozen=True, slots=True)
class ParcelRow:
    carrier: str
    tracking: str
    url: str
    state: str
    lines: tuple[tuple[str, int], ...]
    events: tuple[tuple[str, str, str], ...]  # what, when, where


@dataclass(frozen=True, slots=True)
class WishRow:
    """The buyer's request: `state` is waiting, declined or sent_anyway; an accepted one shows as a cancellation."""

    state: str
    title: str
    filed: str
    reason: str
    words: str
    answer_by: str


@dataclass(frozen=True, slots=True)
class OrderView:
    """Everything the order page shows."""

    number: str
    seller: str
    store: str
    placed: str
    badge: Badge
    next: str
    total: str
    freed: bool  # the total is less than it was, because units were cancelled
    ship_to: tuple[str, ...]
    items: tuple[ItemRow, ...]
    parcels: tuple[ParcelRow, ...]
    cancelled: tuple[str, ...]
    wish: WishRow | None
    way: Way
    until: str
    until_iso: str
    window_over: bool


def order_view(order: PortalOrder, now: datetime) -> OrderView:
    """An order in words."""
    says = Says(order.marketplace_id, now)
    return OrderView(
        number=order.order_number,
        seller=order.seller,
        store=visible(order.seller_name),
        placed=says.moment(order.placed_at),
        badge=badge(order.stage),
        next=_next(order, says),
        total=_total(order),
        freed=order.stage is not Stage.CANCELLED and order.released > 0,
        ship_to=tuple(visible(line) for line in order.ship_to),
        items=tuple(
            ItemRow(
                item.item_number,
                visible(item.title),
                item.ordered,
                words.how_many(item.ordered, item.cancelled),
                item.shipped,
                item.cancelled,
            )
            for item in order.items
        ),
        parcels=tuple(_parcel(parcel, says) for parcel in order.parcels),
        cancelled=_cancelled(order, says),
        wish=_wish(order.wish, says) if order.wish else None,
        way=order.offer.way,
        until=says.clock(order.offer.until),
        until_iso=when.iso(order.offer.until),
        window_over=now >= order.offer.until,
    )


def _total(order: PortalLine | PortalOrder) -> str:
    """What the buyer pays: the total without what was cancelled."""
    if order.stage is Stage.CANCELLED:
        return _("Nothing is charged")
    return "" if order.total is None else money(order.currency, order.total - order.released, _language())


def _next(order: PortalOrder, says: Says) -> str:
    said, without = words.NEXT[order.stage]
    arriving = order.stage is Stage.SENT
    day = says.day(order.latest_delivery_at if arriving else order.latest_ship_at)
    late = (order.latest_delivery_at if arriving else order.latest_ship_at) or says.now
    if without is not None and (not day or late < says.now):
        return str(without)
    return str(said).format(day=day)


def _parcel(parcel: PortalParcel, says: Says) -> ParcelRow:
    return ParcelRow(
        carrier=visible(words.carrier(parcel.carrier_code, parcel.carrier_name)),
        tracking=visible(parcel.tracking),
        url=tracking_url(parcel.carrier_code, parcel.tracking),
        state=str(words.PARCELS.get(parcel.status, parcel.status)),
        lines=tuple((visible(title), units) for title, units in parcel.lines),
        events=tuple(
            (str(words.EVENTS.get(kind, kind)), says.moment(at), visible(where))
            for kind, at, where in parcel.events
        ),
    )


def _cancelled(order: PortalOrder, says: Says) -> tuple[str, ...]:
    parts = [
        (words.cancelled_units(one.units), str(words.CANCELLERS.get(one.by, "")), says.moment(one.at))
        for one in order.cancelled
    ]
    return tuple(" · ".join(word for word in part if word) for part in parts)


def _wish(wish: Wish, says: Says) -> WishRow | None:
    titles = {
        State.REQUESTED_FORMAL: ("waiting", _("You asked the seller to cancel")),
        State.DECLINED: ("declined", _("The seller could not cancel any more")),
        State.SUPERSEDED: ("sent_anyway", _("It was sent before the seller could cancel")),
    }
    # An answer that was a cancellation stands among the cancellations; so does one that another way made needless.
    if wish.state not in titles or (wish.state is State.SUPERSEDED and wish.because != "shipped"):
        return None
    state, title = titles[wish.state]
    reason = words.REASONS[Reason(wish.reason)] if wish.reason in set(Reason) else ""
    return WishRow(
        state,
        title,
        says.moment(wish.filed_at),
        str(reason),
        visible(wish.words),
        says.moment(wish.answer_by),
    )
