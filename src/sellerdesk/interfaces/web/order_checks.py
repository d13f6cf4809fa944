"""What to check before a parcel leaves (S1-18, S1-19): a short list beside the order, never a question in the way."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from sellerdesk.interfaces.web.formats import moment, units
from sellerdesk.interfaces.web.timeline import Reader
from sellerdesk.queries.order_detail import OrderDetail


@dataclass(frozen=True, slots=True)
class Check:
    """A line of the list to go through before shipping. `tone` is ok, warn or bad."""

    tone: str
    text: str
    order_numbers: tuple[str, ...] = ()


def before_shipping(order: OrderDetail, reader: Reader) -> list[Check]:
    """Five lines to go through before shipping; none when the reader may not see whom it goes to."""
    if order.buyer is None and order.address is None:
        return []
    return [
        _address_check(order),
        _phone_check(order),
        _items_check(order),
        _double_check(order),
        _time_check(order, reader),
    ]


def _address_check(order: OrderDetail) -> Check:
    address = order.address
    if address is None:
        return Check("bad", _("There is no address: the parcel cannot be delivered."))
    if not address.is_complete:
        return Check("bad", _("The address is incomplete: the parcel may be undeliverable."))
    return Check("ok", _("Name and address are complete."))


def _phone_check(order: OrderDetail) -> Check:
    address, buyer = order.address, order.buyer
    if (address and address.phone) or (buyer and buyer.phone):
        return Check("ok", _("There is a phone number for the carrier."))
    return Check("warn", _("There is no phone number; some carriers want one."))


def _items_check(order: OrderDetail) -> Check:
    left = sum(item.left for item in order.items)
    if not order.items_known:
        return Check("bad", _("The items of this order are not known yet."))
    kinds = sum(1 for item in order.items if item.left)
    most = max((item.left for item in order.items), default=0)
    text = (
        _("To pack: %(units)s of %(kinds)s different items.")
        if kinds > 1
        else _("To pack: %(units)s of one item.")
    )
    return Check("warn" if most > 1 else "ok", text % {"units": units(left), "kinds": kinds})


def _double_check(order: OrderDetail) -> Check:
    others = order.other_orders
    if others:
        return Check("warn", _("The same buyer has other open orders: one parcel, or ordered twice?"), others)
    return Check("ok", _("No other open order of this buyer."))


def _time_check(order: OrderDetail, reader: Reader) -> Check:
    if order.latest_delivery_at:
        by = moment(order.latest_delivery_at, order.marketplace_id, reader.zone, reader.now)
        promised = _("Promised to arrive by %(date)s.") % {"date": by.market}
        return Check("bad" if order.latest_delivery_at < reader.now else "ok", promised)
    return Check("ok", _("No delivery day was promised."))
