"""What happens in the demonstration world: orders in every state and every trouble that this product knows."""

from datetime import datetime, timedelta
from itertools import cycle

from sellerdesk.demo.orders import PLAIN, Pen, Wish, with_ship_by
from sellerdesk.domain.calendars import BusinessCalendar
from sellerdesk.domain.marketplaces import by_country
from sellerdesk.domain.orders import Channel, OrderDocument, PaymentState, PendingReason

_HOUR = timedelta(hours=1)
_SOON = timedelta(minutes=40)
_WAREHOUSE = Wish(channel=Channel.AFN)


def tell(pen: Pen, countries: tuple[str, ...]) -> None:
    """All stories of one seller, in all its countries."""
    places = cycle(countries)
    # Marketplaces whose automatic cancellation comes in business days after ship-by, late enough for these stories.
    slow = cycle([country for country in countries if country not in ("SA", "JP")])
    _long_done(pen, [next(places) for _ in range(58)])
    _on_the_way(pen, [next(places) for _ in range(16)])
    _troubled_parcels(pen, [next(places) for _ in range(8)])
    _late(pen, [next(slow) for _ in range(6)])
    _edited(pen, [next(places) for _ in range(5)])
    _in_parts(pen, [next(slow) for _ in range(7)])
    _to_do(pen, [next(places) for _ in range(24)])
    _pressing(pen, [next(places) for _ in range(6)])
    _overdue(pen, [next(slow) for _ in range(5)])
    _warned(pen, [next(slow) for _ in range(4)])
    _given_up(pen, [next(slow) for _ in range(4)])
    _waiting(pen, [next(places) for _ in range(6)])
    _from_the_warehouse(pen, [next(places) for _ in range(14)])
    if "JP" in countries:
        _in_japan(pen)
    _just_ordered(pen)


def _just_ordered(pen: Pen) -> None:
    """So lately that the buyer can still cancel alone: for a look into the buyers' portal."""
    for minutes, units in ((9, (2, 1)), (4, (1,))):
        order = pen.place("US", pen.now - timedelta(minutes=minutes), Wish(buyer="Emily Carter", units=units))
        pen.pay(order, timedelta(minutes=2))


def _ready(pen: Pen, country: str, at: datetime, wish: Wish = PLAIN) -> tuple[OrderDocument, datetime]:
    order = pen.place(country, at, wish)
    return order, pen.pay(order, _SOON + timedelta(minutes=pen.source.randrange(0, 90)))


def _wish(pen: Pen) -> Wish:
    """Most orders are plain; some are business orders, gifts, or of a delivery programme."""
    return pen.source.choices(
        (PLAIN, Wish(business=True, units=(4, 2)), Wish(gift=True), Wish(prime=True), Wish(units=(2, 1, 1))),
        (20, 3, 2, 3, 2),
    )[0]


def _sent(pen: Pen, country: str, at: datetime) -> tuple[OrderDocument, datetime]:
    """An order that is shipped within a working day of its payment."""
    order, paid_at = _ready(pen, country, at, _wish(pen))
    shipped_at = paid_at + timedelta(hours=pen.source.randrange(4, 19))
    pen.ship(order, shipped_at)
    return order, shipped_at


def _long_done(pen: Pen, countries: list[str]) -> None:
    for country in countries:
        order, shipped_at = _sent(pen, country, pen.ago(13, 58))
        days = pen.source.randrange(5, 10) if pen.from_china else pen.source.randrange(2, 6)
        pen.see(
            order,
            shipped_at,
            (0.2, "PICKED_UP"),
            (1.1, "IN_TRANSIT"),
            (days, "OUT_FOR_DELIVERY"),
            (days + 0.3, "DELIVERED"),
        )


def _on_the_way(pen: Pen, countries: list[str]) -> None:
    for number, country in enumerate(countries):
        order, shipped_at = _sent(pen, country, pen.ago(1.6, 4))
        if number % 4:
            pen.see(order, shipped_at, (0.2, "PICKED_UP"), (0.6, "IN_TRANSIT"))


def _troubled_parcels(pen: Pen, countries: list[str]) -> None:
    ends = cycle(("UNDELIVERABLE", "RETURNING", "REFUSED", "LOST"))
    for country, end in zip(countries, ends, strict=False):
        order, shipped_at = _sent(pen, country, pen.ago(9, 20))
        pen.see(order, shipped_at, (0.2, "PICKED_UP"), (1, "IN_TRANSIT"), (5, end))


def _late(pen: Pen, countries: list[str]) -> None:
    for country in countries:
        order, paid_at = _ready(pen, country, pen.ago(12, 40))
        shipped_at = paid_at + timedelta(days=8, hours=pen.source.randrange(1, 10))
        pen.ship(order, shipped_at, memo="Restocked late, sent by the faster service.")
        pen.see(order, shipped_at, (0.3, "PICKED_UP"), (3, "DELIVERED"))


def _edited(pen: Pen, countries: list[str]) -> None:
    for number, country in enumerate(countries):
        order, shipped_at = _sent(pen, country, pen.ago(4, 9))
        pen.edit(order, shipped_at + 3 * _HOUR, memo="Label was damaged; second label.")
        if number % 2:
            pen.edit(order, shipped_at + 20 * _HOUR)


def _in_parts(pen: Pen, countries: list[str]) -> None:
    """Two lines: some wait for the second parcel, some went in two parcels, one never got its second half."""
    for number, country in enumerate(countries):
        days_ago = pen.ago(1.2, 1.9) if number < 4 else pen.ago(26, 30)
        order, paid_at = _ready(pen, country, days_ago, Wish(units=(2, 3)))
        first, second = (item.item_number for item in order.items or ())
        shipped_at = paid_at + timedelta(hours=pen.source.randrange(5, 18))
        if number == 4:
            pen.ship(order, shipped_at, {first: 1})  # the rest is cancelled by the clock
        elif number > 4:
            pen.ship(order, shipped_at, {first: 2}, {second: 3})
            pen.see(order, shipped_at, (2, "IN_TRANSIT"), (5, "DELIVERED"))
            pen.see(order, shipped_at, (2, "IN_TRANSIT"), (6, "DELIVERED"), reference="2")
        else:
            pen.ship(order, shipped_at, {first: 2, second: 1} if number % 2 else {second: 2})


def _to_do(pen: Pen, countries: list[str]) -> None:
    for country in countries:
        _ready(pen, country, pen.ago(0.12, 0.9), _wish(pen))


def _pressing(pen: Pen, countries: list[str]) -> None:
    """Due within hours, due today, due tomorrow: by the clocks of their marketplaces."""
    for number, country in enumerate(countries):
        market = by_country(country)
        calendar = BusinessCalendar(market.zone, market.weekend)
        today = calendar.local_date(pen.now)
        ship_by = (
            pen.now + (number + 2) * _HOUR,
            calendar.end_of_day(today),
            calendar.end_of_day(today + timedelta(days=1)),
        )[number % 3]
        _ready(pen, country, pen.ago(1.1, 1.6), with_ship_by(PLAIN, ship_by))


def _overdue(pen: Pen, countries: list[str]) -> None:
    for number, country in enumerate(countries):
        ship_by = pen.now - timedelta(hours=7 + 9 * number)
        _ready(pen, country, ship_by - timedelta(days=2, hours=number), with_ship_by(PLAIN, ship_by))


def _warned(pen: Pen, countries: list[str]) -> None:
    """Ship-by passed a week ago: the warning is out, the cancellation a few days away (S0-18)."""
    for number, country in enumerate(countries):
        ship_by = pen.now - timedelta(days=7, hours=6 + 5 * number)
        _ready(pen, country, ship_by - timedelta(days=2, hours=number), with_ship_by(PLAIN, ship_by))


def _given_up(pen: Pen, countries: list[str]) -> None:
    """Never confirmed: cancelled by the clock (S0-16)."""
    for country in countries:
        _ready(pen, country, pen.ago(25, 38))


def _waiting(pen: Pen, countries: list[str]) -> None:
    for number, country in enumerate(countries):
        order = pen.place(country, pen.ago(0.02, 1.5))
        if number % 3 == 2:
            pen.pay(order, timedelta(minutes=6), PaymentState.DECLINED)
    release = Wish(order_type="Preorder", reason=PendingReason.PREORDER.value)
    pen.place(countries[0], pen.ago(3, 9), release)
    pen.place(countries[-1], pen.ago(1, 3), release)


def _from_the_warehouse(pen: Pen, countries: list[str]) -> None:
    reasons = (
        PendingReason.FBA_CONSOLIDATION,
        PendingReason.FBA_ITEM_OUT_OF_STOCK,
        PendingReason.FBA_SCHEDULED_DELIVERY,
    )
    for number, country in enumerate(countries):
        waits = number < len(reasons)
        order = pen.place(country, pen.ago(0.2, 2) if waits else pen.ago(4, 50), _WAREHOUSE)
        paid_at = pen.pay(order, _SOON, reason=reasons[number].value if waits else "")
        if not waits:
            shipped_at = paid_at + timedelta(hours=pen.source.randrange(6, 40))
            pen.ship_from_warehouse(order, shipped_at)
            pen.see(order, shipped_at, (0.1, "PICKED_UP"), (2, "DELIVERED"))


def _in_japan(pen: Pen) -> None:
    """Where payment comes through a convenience store, and where cancellation counts thirty days from the order."""
    for _ in range(3):
        order = pen.place("JP", pen.ago(0.3, 2), Wish(reason=PendingReason.CONVENIENCE_STORE.value))
        pen.pay(order, timedelta(minutes=1), PaymentState.WAITING, PendingReason.CONVENIENCE_STORE.value)
    for days in (24, 26, 28, 34, 37):  # the last two are beyond it
        _ready(pen, "JP", (pen.now - timedelta(days=days)).replace(minute=59, second=30, microsecond=0))
