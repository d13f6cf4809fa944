"""Who cancels in the demonstration world: buyers in time, buyers who ask, sellers, the marketplace (S3)."""

from datetime import timedelta

from sellerdesk.demo.orders import Pen, Wish
from sellerdesk.domain.cancel_requests import Reason
from sellerdesk.domain.cancellations import CancelReason, PlatformReason
from sellerdesk.domain.orders import OrderDocument, PaymentState

_HOUR = timedelta(hours=1)
_PAID = timedelta(minutes=40)
_WORDS = {
    "US": "I ordered the wrong size by mistake, sorry! Could you please stop it before it goes out?",
    "DE": "Bitte stornieren, ich habe es versehentlich zweimal bestellt.",
    "JP": "間違えて注文しました。キャンセルをお願いします。",
}


def tell_wishes(pen: Pen, countries: tuple[str, ...]) -> None:
    """All of it for one seller. The first of its countries is where it sells most."""
    home, abroad = countries[0], next((one for one in countries if one in ("DE", "JP")), countries[-1])
    _busy_week(pen, home)
    _asked(pen, home, abroad)
    _answered(pen, home, abroad)
    _only_written(pen, home)
    _regretted(pen, home, abroad)
    _sellers_own(pen, home)
    _unpaid(pen, home)


def _ready(pen: Pen, country: str, days: tuple[float, float], wish: Wish | None = None) -> OrderDocument:
    order = pen.place(country, pen.ago(*days), wish or Wish(units=(1,)))
    pen.pay(order, _PAID)
    return order


def _busy_week(pen: Pen, country: str) -> None:
    """Enough good orders in the rate's window that a single cancellation does not decide everything."""
    for _ in range(110):
        order = _ready(pen, country, (1.9, 6.6))
        pen.ship(order, order.placed_at + _PAID + pen.source.randrange(4, 20) * _HOUR)


def _asked(pen: Pen, home: str, abroad: str) -> None:
    """Requests that wait for an answer; one of them wants only one of its two lines cancelled."""
    for country, reason in ((home, Reason.ORDERED_BY_MISTAKE), (abroad, Reason.FOUND_CHEAPER)):
        order = _ready(pen, country, (0.4, 0.8))
        pen.ask_to_cancel(order, order.placed_at + 5 * _HOUR, reason, _WORDS.get(country, ""))
    order = _ready(pen, home, (0.4, 0.8), Wish(units=(2, 1)))
    second = (order.items or ())[1].item_number
    pen.ask_to_cancel(order, order.placed_at + 3 * _HOUR, Reason.ARRIVES_TOO_LATE, items=(second,))


def _answered(pen: Pen, home: str, abroad: str) -> None:
    """Requests that the seller accepted, which does not count, and one that was overtaken by the parcel."""
    for country in (home, home, abroad):
        order = _ready(pen, country, (2, 5))
        asked_at = order.placed_at + 2 * _HOUR
        pen.ask_to_cancel(order, asked_at, Reason.NOT_NEEDED, _WORDS.get(country, ""))
        pen.cancel(order, asked_at + 4 * _HOUR, CancelReason.BUYER_CANCELLED)
    order = _ready(pen, home, (2, 4))
    pen.ask_to_cancel(order, order.placed_at + 6 * _HOUR, Reason.ARRIVES_TOO_LATE)
    pen.ship(order, order.placed_at + 9 * _HOUR)


def _only_written(pen: Pen, home: str) -> None:
    """The wish stands in a message only: cancelling would count (S3-30)."""
    order = _ready(pen, home, (0.4, 0.7))
    pen.mention_cancelling(order, order.placed_at + 4 * _HOUR)


def _regretted(pen: Pen, home: str, abroad: str) -> None:
    """Cancelled by the buyer alone, within minutes; in Japan there are five of them (C15)."""
    for country in (home, home, abroad):
        order = pen.place(country, pen.ago(1, 6))
        pen.regret(order, timedelta(minutes=3), Reason.ORDERED_BY_MISTAKE)


def _sellers_own(pen: Pen, home: str) -> None:
    """Cancellations that count: nothing on the shelf, a wrong price, and two units of five (C28)."""
    for reason, days in ((CancelReason.NO_INVENTORY, (2, 5)), (CancelReason.PRICING_ERROR, (9, 12))):
        order = _ready(pen, home, days)
        pen.cancel(order, order.placed_at + 8 * _HOUR, reason)
    order = _ready(pen, home, (10, 12), Wish(units=(5, 1)))
    first = (order.items or ())[0].item_number
    pen.cancel(order, order.placed_at + 7 * _HOUR, CancelReason.NO_INVENTORY, {first: 2})
    pen.ship(order, order.placed_at + 10 * _HOUR)


def _unpaid(pen: Pen, home: str) -> None:
    """Never paid: the marketplace cancels."""
    order = pen.place(home, pen.ago(3, 6))
    pen.pay(order, timedelta(minutes=9), PaymentState.DECLINED)
    pen.refuse(order, order.placed_at + 20 * _HOUR, PlatformReason.PAYMENT_FAILED)
