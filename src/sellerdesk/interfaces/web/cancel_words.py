"""What cancelling is called on pages: reasons, who, why it counts or does not, and rates as people read them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from sellerdesk.domain.cancel_requests import DeclineCause, Reason
from sellerdesk.domain.cancellations import AUTOMATIC, CancelReason, PlatformReason, Why
from sellerdesk.domain.rates import CancellationRate, Denominator, Standing, percent

REASONS = {
    CancelReason.BUYER_CANCELLED: lazy("Buyer cancelled"),
    CancelReason.NO_INVENTORY: lazy("No inventory"),
    CancelReason.ADDRESS_UNDELIVERABLE: lazy("Shipping address undeliverable"),
    CancelReason.CUSTOMER_EXCHANGE: lazy("Customer exchange"),
    CancelReason.PRICING_ERROR: lazy("Pricing error"),
    CancelReason.GENERAL_ADJUSTMENT: lazy("General adjustment"),
}
PLATFORM_REASONS = {
    PlatformReason.PAYMENT_FAILED: lazy("Payment failed"),
    PlatformReason.FRAUD_SUSPECTED: lazy("Fraud suspected"),
    AUTOMATIC: lazy("Shipment was not confirmed in time"),
}
BUYER_REASONS = {
    Reason.ORDERED_BY_MISTAKE: lazy("Ordered by mistake"),
    Reason.ARRIVES_TOO_LATE: lazy("Arrives too late"),
    Reason.FOUND_CHEAPER: lazy("Found it cheaper elsewhere"),
    Reason.SHIPPING_TOO_EXPENSIVE: lazy("Shipping costs too much"),
    Reason.CHANGE_ADDRESS: lazy("Needs another shipping address"),
    Reason.CHANGE_PAYMENT: lazy("Needs another way to pay"),
    Reason.NOT_NEEDED: lazy("Not needed any more"),
    Reason.OTHER: lazy("Another reason"),
}
WHY = {
    Why.SELLER_REASON: lazy("The reason is the seller's own."),
    Why.NO_FORMAL_REQUEST: lazy("The buyer filed no request in their account."),
    Why.OTHER_REASON: lazy("The buyer asked for it, but another reason was given than “Buyer cancelled”."),
    Why.CONFIRMATION_MISSING: lazy("Shipment was not confirmed in time."),
    Why.FORMAL_REQUEST: lazy("The buyer requested it in their account."),
    Why.BUYER_ALONE: lazy("The buyer cancelled alone, in the time for that."),
    Why.MARKETPLACE: lazy("The marketplace cancelled it before it was yours to ship."),
    Why.WAREHOUSE: lazy("The marketplace's warehouse ships this order."),
    Why.UNKNOWN: lazy("It came from elsewhere, and nobody said who cancelled it."),
}
DECLINES = {
    DeclineCause.SHIPPED: lazy("It has been shipped"),
    DeclineCause.LABEL: lazy("A shipping label exists already"),
}
_TABLES: tuple[Mapping[Any, Any], ...] = (REASONS, PLATFORM_REASONS, BUYER_REASONS)
_KNOWN = {str(code): text for table in _TABLES for code, text in table.items()}


def reason(code: str) -> str:
    """A reason of whoever cancelled; what we have no words for as it came."""
    return str(_KNOWN.get(code, code))


def why(code: str) -> str:
    """Why it counts or does not."""
    return str(WHY[Why(code)]) if code in set(Why) else code


def counting(counts: bool) -> str:
    """Whether it counts in the cancellation rate, in two or three words."""
    return _("Counts in the cancellation rate") if counts else _("Does not count in the cancellation rate")


def rate(one: CancellationRate) -> str:
    """A rate with the numbers that make it: "2.44 % (4/164)"; only the numbers when there are no orders."""
    numbers = f"{one.counted}/{one.base}"
    return f"{percent(one.basis_points)} % ({numbers})" if one.basis_points is not None else numbers


def limit(one: CancellationRate) -> str:
    """The target, which the rate must stay below: "2.50 %"."""
    return f"{percent(one.policy.cr_target)} %"


def headroom(one: CancellationRate) -> str:
    """How much can still be afforded, or what it takes to recover."""
    if one.standing is Standing.AT_RISK:
        text = ngettext(
            "It takes %(n)s more order without a cancellation to come below the limit.",
            "It takes %(n)s more orders without a cancellation to come below the limit.",
            one.clean_orders_needed,
        )
        return text % {"n": one.clean_orders_needed}
    if not one.headroom:
        return _("After that, not one more fits below the limit.")
    text = ngettext(
        "After that, %(n)s more that counts fits below the limit.",
        "After that, %(n)s more that count fit below the limit.",
        one.headroom,
    )
    return text % {"n": one.headroom}


def policy(key: str, value: Any) -> str:
    """The policy row that a cancellation was judged by; "" when none was."""
    if key == "cr_denominator":
        if value == Denominator.STRICT:
            return _("Orders that the buyer wanted cancelled leave the total too.")
        return _("Orders that the buyer wanted cancelled stay in the total.")
    if key == "self_cancel_minutes":
        text = ngettext(
            "Buyers may cancel alone for %(n)s minute.",
            "Buyers may cancel alone for %(n)s minutes.",
            int(value),
        )
        return text % {"n": value}
    return ""


def named_units(lines: Mapping[str, int], names: Mapping[str, str]) -> Iterator[str]:
    """Units by what people know them as: "SKU-1 × 2". Both by item number."""
    return (f"{names.get(number, number)} × {units}" for number, units in lines.items())
