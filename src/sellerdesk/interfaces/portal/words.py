"""The portal's words for what the domain calls by codes, said to buyers."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from sellerdesk.domain.buyer_view import Stage
from sellerdesk.domain.cancel_requests import Reason
from sellerdesk.domain.carriers import CARRIERS, OTHER

# Stage → label, icon, tone. Text, icon and colour together, never colour alone.
STAGES = {
    Stage.PREORDERED: (lazy("Pre-ordered"), "clock", "muted"),
    Stage.WAITING: (lazy("Being checked"), "circle-dashed", "muted"),
    Stage.PAYMENT_OPEN: (lazy("Payment open"), "banknote", "warn"),
    Stage.PREPARING: (lazy("Being prepared"), "package-open", "info"),
    Stage.PARTLY_SENT: (lazy("Partly on its way"), "truck", "info"),
    Stage.SENT: (lazy("On its way"), "truck", "info"),
    Stage.DELIVERED: (lazy("Delivered"), "package-check", "ok"),
    Stage.TROUBLE: (lazy("Delivery problem"), "triangle-alert", "bad"),
    Stage.CANCELLED: (lazy("Cancelled"), "ban", "muted"),
    Stage.IMPOSSIBLE: (lazy("Cannot be delivered"), "triangle-alert", "bad"),
}

# What happens next. {day}: the day in question; the second sentence is used when it is not known.
NEXT = {
    Stage.PREORDERED: (lazy("It is sent as soon as it is released."), None),
    Stage.WAITING: (
        lazy("Your order is being checked. That usually takes less than an hour; you need not do anything."),
        None,
    ),
    Stage.PAYMENT_OPEN: (
        lazy("Your payment has not arrived. Pay where you ordered, in another way if need be."),
        None,
    ),
    Stage.PREPARING: (
        lazy("The seller sends it by {day}. You pay only when it is sent."),
        lazy("The seller is getting it ready. You pay only when it is sent."),
    ),
    Stage.PARTLY_SENT: (
        lazy("One part is on its way; the seller sends the rest by {day}."),
        lazy("One part is on its way; the rest follows."),
    ),
    Stage.SENT: (
        lazy("It should arrive by {day}."),
        lazy("The carrier has it."),
    ),
    Stage.DELIVERED: (
        lazy("Everything has arrived. Is something wrong? Return it, or write to the seller."),
        None,
    ),
    Stage.TROUBLE: (
        lazy("The carrier could not hand a parcel over. Follow it below, or write to the seller."),
        None,
    ),
    Stage.CANCELLED: (lazy("Nothing will be sent, and you pay nothing for it."), None),
    Stage.IMPOSSIBLE: (lazy("The marketplace cannot deliver this order. You pay nothing for it."), None),
}

PARCELS = {
    "PENDING": lazy("Not with the carrier yet"),
    "SHIPPED": lazy("Handed to the carrier"),
    "IN_TRANSIT": lazy("On its way"),
    "DELIVERED": lazy("Delivered"),
    "UNDELIVERABLE": lazy("Could not be delivered"),
    "RETURNING": lazy("Goes back to the seller"),
}
EVENTS = {
    "PICKED_UP": lazy("Picked up by the carrier"),
    "IN_TRANSIT": lazy("On its way"),
    "OUT_FOR_DELIVERY": lazy("Out for delivery"),
    "DELIVERED": lazy("Delivered"),
    "UNDELIVERABLE": lazy("Could not be delivered"),
    "REFUSED": lazy("Not accepted"),
    "RETURNING": lazy("Goes back to the seller"),
    "RETURNED": lazy("Came back to the seller"),
    "LOST": lazy("Lost by the carrier"),
    "DAMAGED": lazy("Damaged on the way"),
}

# The list of reasons, in the order of the form.
REASONS = {
    Reason.ORDERED_BY_MISTAKE: lazy("Ordered by mistake"),
    Reason.ARRIVES_TOO_LATE: lazy("It would arrive too late"),
    Reason.FOUND_CHEAPER: lazy("Found it cheaper elsewhere"),
    Reason.SHIPPING_TOO_EXPENSIVE: lazy("Shipping costs too much"),
    Reason.CHANGE_ADDRESS: lazy("The address must be another one"),
    Reason.CHANGE_PAYMENT: lazy("I want to pay in another way"),
    Reason.NOT_NEEDED: lazy("I do not need it any more"),
    Reason.OTHER: lazy("Another reason"),
}

CANCELLERS = {
    "BUYER": lazy("by you"),
    "MERCHANT": lazy("by the seller"),
    "AMAZON": lazy("by the marketplace"),
    "": "",
}


def cancelled_units(count: int) -> str:
    """How many units were cancelled."""
    return ngettext("%(n)s unit cancelled", "%(n)s units cancelled", count) % {"n": count}


def how_many(ordered: int, cancelled: int) -> str:
    """How many units of a line were ordered and cancelled; "" when none was cancelled."""
    if not cancelled:
        return ""
    return _("%(ordered)s ordered, %(cancelled)s cancelled") % {"ordered": ordered, "cancelled": cancelled}


def carrier(code: str, name: str) -> str:
    """What a carrier is called."""
    known = CARRIERS.get(code)
    if name and (code == OTHER or known is None):
        return name
    return known.name if known and code != OTHER else code
