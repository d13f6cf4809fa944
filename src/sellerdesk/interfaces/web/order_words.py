"""What things of orders are called on pages; gettext translates at the moment of use."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from sellerdesk.domain.actors import Door, Party
from sellerdesk.domain.carriers import CARRIERS
from sellerdesk.domain.deadlines import DeadlineKind
from sellerdesk.domain.lifecycle import PackageStatus
from sellerdesk.domain.orders import Component
from sellerdesk.interfaces.web.formats import lasting

PACKAGE_TONES = {
    PackageStatus.DELIVERED: "ok",
    PackageStatus.IN_TRANSIT: "info",
    PackageStatus.SHIPPED: "info",
    PackageStatus.UNDELIVERABLE: "bad",
    PackageStatus.RETURNING: "warn",
}
PARCEL_EVENTS = {
    "PICKED_UP": lazy("Picked up by the carrier"),
    "IN_TRANSIT": lazy("In transit"),
    "OUT_FOR_DELIVERY": lazy("Out for delivery"),
    "DELIVERED": lazy("Delivered"),
    "UNDELIVERABLE": lazy("Could not be delivered"),
    "REFUSED": lazy("Refused by the buyer"),
    "RETURNING": lazy("On its way back to the seller"),
    "RETURNED": lazy("Came back to the seller"),
    "LOST": lazy("Lost by the carrier"),
    "DAMAGED": lazy("Damaged on the way"),
}
COMPONENTS = {
    Component.PRINCIPAL: lazy("Item price"),
    Component.TAX: lazy("Tax"),
    Component.SHIPPING: lazy("Shipping"),
    Component.SHIPPING_TAX: lazy("Shipping tax"),
    Component.GIFT_WRAP: lazy("Gift wrap"),
    Component.GIFT_WRAP_TAX: lazy("Gift wrap tax"),
    Component.COD_FEE: lazy("Cash on delivery fee"),
    Component.COD_FEE_DISCOUNT: lazy("Cash on delivery discount"),
    Component.PROMOTION_DISCOUNT: lazy("Promotion"),
    Component.PROMOTION_DISCOUNT_TAX: lazy("Promotion tax"),
    Component.SHIPPING_DISCOUNT: lazy("Shipping discount"),
    Component.SHIPPING_DISCOUNT_TAX: lazy("Shipping discount tax"),
}
DEADLINES = {
    DeadlineKind.SELF_CANCEL_END: lazy("Buyer can cancel alone until"),
    DeadlineKind.SHIP_BY_REMINDER: lazy("Reminder to ship"),
    DeadlineKind.SHIP_BY: lazy("Ship by"),
    DeadlineKind.AUTO_CANCEL_WARNING: lazy("Cancellation warning"),
    DeadlineKind.AUTO_CANCEL: lazy("Automatic cancellation"),
    DeadlineKind.REFUND_RELEASE: lazy("Refund goes to the buyer"),
    DeadlineKind.RETURN_ANSWER: lazy("Answer the return request"),
    DeadlineKind.RETURN_REFUND: lazy("Refund after the return"),
    DeadlineKind.RETURN_IDLE: lazy("Return request closes itself"),
    DeadlineKind.CANCEL_ANSWER: lazy("Answer the buyer's request to cancel"),
    DeadlineKind.GUIDE_FOLLOW_UP: lazy("Ask the silent buyer once more"),
    DeadlineKind.MESSAGE_ANSWER: lazy("Answer the buyer's message"),
    DeadlineKind.RETURN_METHOD: lazy("Give the buyer a way to send it back"),
    DeadlineKind.CLAIM_ANSWER: lazy("Answer the A-to-z claim"),
    DeadlineKind.CLAIM_APPEAL_ANSWER: lazy("Answer about the appeal"),
    DeadlineKind.CLAIM_APPEAL_END: lazy("Appeal against the claim"),
}
DOORS = {
    Door.WEB: lazy("Console"),
    Door.API: lazy("API"),
    Door.SPAPI: lazy("SP-API"),
    Door.CLI: lazy("Command line"),
    Door.MAIL: lazy("E-mail"),
    Door.JOBS: lazy("Automatic"),
    Door.PORTAL: lazy("Buyer's account"),
    Door.DEMO: lazy("Demonstration"),
}
PARTIES = {
    Party.BUYER: lazy("Buyer"),
    Party.AMAZON: lazy("Marketplace"),
    Party.SYSTEM: lazy("System"),
    Party.CARRIER: lazy("Carrier"),
}
CANCELLERS = {
    "BUYER": lazy("the buyer"),
    "MERCHANT": lazy("the seller"),
    "AMAZON": lazy("the marketplace"),
}
CONDITIONS = {
    "new": lazy("New"),
    "used": lazy("Used"),
    "usedlikenew": lazy("Used, like new"),
    "usedverygood": lazy("Used, very good"),
    "usedgood": lazy("Used, good"),
    "usedacceptable": lazy("Used, acceptable"),
    "collectible": lazy("Collectible"),
    "refurbished": lazy("Refurbished"),
    "club": lazy("Club"),
}


def condition(text: str) -> str:
    """What a condition is called; unknown ones as they came."""
    key = "".join(character for character in text.casefold() if character.isalnum())
    doubled = key[: len(key) // 2]
    known = CONDITIONS.get(key) or (CONDITIONS.get(doubled) if doubled * 2 == key else None)
    return str(known) if known else text


def carrier(code: str, name: str = "") -> str:
    """What a carrier is called."""
    if name and (code == "Other" or code not in CARRIERS):
        return name
    known = CARRIERS.get(code)
    if known is None:
        return code
    return _("Other carrier") if code == "Other" else known.name


def policy(key: str, value: Any) -> str:
    """A policy's value in words: which number made this deadline."""
    if not key:
        return _("as published by the platform")
    if key == "auto_cancel" and isinstance(value, dict):
        return _auto_cancel(str(value.get("kind", "")), value.get("n", 0))
    count = value if isinstance(value, int) else 0
    texts = {
        "handling_days": ngettext(
            "handling time %(n)s business day", "handling time %(n)s business days", count
        ),
        "ship_by_reminder_hours": ngettext("%(n)s hour before ship by", "%(n)s hours before ship by", count),
        "auto_cancel_warning_days": ngettext(
            "%(n)s day before the cancellation", "%(n)s days before the cancellation", count
        ),
        "cancel_answer_hours": ngettext(
            "%(n)s hour after the request", "%(n)s hours after the request", count
        ),
        "guide_follow_up_hours": ngettext(
            "%(n)s hour after the guidance", "%(n)s hours after the guidance", count
        ),
        "message_answer_hours": ngettext(
            "%(n)s hour after the message", "%(n)s hours after the message", count
        ),
        "return_answer_hours": ngettext(
            "%(n)s hour after the request", "%(n)s hours after the request", count
        ),
        "return_method_days": ngettext("%(n)s day after the request", "%(n)s days after the request", count),
        "return_idle_close_days": ngettext(
            "%(n)s day after the request", "%(n)s days after the request", count
        ),
        "return_partial_close_days": ngettext(
            "%(n)s day after a part was refunded", "%(n)s days after a part was refunded", count
        ),
        "refund_after_receipt_days": ngettext(
            "%(n)s business day after the goods came", "%(n)s business days after the goods came", count
        ),
        "claim_answer_hours": ngettext(
            "%(n)s hour after the question", "%(n)s hours after the question", count
        ),
        "claim_appeal_info_hours": ngettext(
            "%(n)s hour after the question", "%(n)s hours after the question", count
        ),
        "claim_appeal_days": ngettext("%(n)s day after the decision", "%(n)s days after the decision", count),
        "refund_hold_minutes": _("held for %(time)s") % {"time": lasting(count)},
        "self_cancel_minutes": ngettext(
            "%(n)s minute after the order", "%(n)s minutes after the order", count
        ),
    }
    text = texts.get(key)
    return text % {"n": count} if text else f"{key}: {value}"


def _auto_cancel(kind: str, count: int) -> str:
    texts = {
        "calendar_days_after_order": ngettext(
            "%(n)s day after the order", "%(n)s days after the order", count
        ),
        "business_days_after_ship_by": ngettext(
            "%(n)s business day after ship by", "%(n)s business days after ship by", count
        ),
        "days_after_ship_by": ngettext("%(n)s day after ship by", "%(n)s days after ship by", count),
        "hours_after_ship_by": ngettext("%(n)s hour after ship by", "%(n)s hours after ship by", count),
    }
    text = texts.get(kind)
    return text % {"n": count} if text else f"{kind}: {count}"
