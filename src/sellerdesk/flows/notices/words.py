"""What letters call amounts, and reasons when they are told to sellers, in the active language. A test demands words
for each. What buyers read is said by `buyer_words`.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from sellerdesk.domain.claim_facts import ClaimKind
from sellerdesk.domain.orders import Component
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.return_facts import ReturnReason
from sellerdesk.domain.transfers import BreakKind

_R = ReturnReason
RETURN_REASONS: Mapping[str, Any] = {
    _R.ACCIDENTAL_ORDER: lazy("ordered by mistake"),
    _R.BETTER_PRICE: lazy("found it cheaper elsewhere"),
    _R.NOT_NEEDED: lazy("not needed any more"),
    _R.PART_NOT_COMPATIBLE: lazy("does not fit what the buyer has"),
    _R.INSTALLATION: lazy("cannot be installed"),
    _R.TOO_SMALL: lazy("too small"),
    _R.TOO_LARGE: lazy("too large"),
    _R.QUALITY: lazy("the quality is not good enough"),
    _R.NOT_USEFUL: lazy("does not do what it should"),
    _R.BAD_PACKAGING: lazy("badly packed"),
    _R.LATE_DELIVERY: lazy("arrived too late"),
    _R.MISSING_PARTS: lazy("parts or accessories are missing"),
    _R.DAMAGED_IN_TRANSIT: lazy("arrived damaged"),
    _R.WRONG_ITEM: lazy("not what was ordered"),
    _R.DEFECTIVE: lazy("defective or does not work"),
    _R.EXTRA_ITEM: lazy("more came than was ordered"),
    _R.UNAUTHORIZED_PURCHASE: lazy("the buyer did not order it"),
    _R.NOT_AS_DESCRIBED: lazy("not as described"),
    _R.DEAD_BATTERY: lazy("the battery is empty or does not charge"),
    _R.MISSING_MANUAL: lazy("the manual is missing"),
    _R.MISSING_CERTIFICATION: lazy("a certificate is missing"),
    _R.TARNISHED: lazy("tarnished or discoloured"),
}
REFUND_REASONS: Mapping[str, Any] = {
    RefundReason.OUT_OF_STOCK: lazy("out of stock"),
    RefundReason.BUYER_RETURN: lazy("the buyer returns it"),
    RefundReason.GENERAL_ADJUSTMENT: lazy("general adjustment"),
    RefundReason.COULD_NOT_SHIP: lazy("could not be shipped"),
    RefundReason.WRONG_ITEM: lazy("wrong item sent"),
    RefundReason.CANCELLED_BY_BUYER: lazy("cancelled by the buyer"),
    RefundReason.NOT_RECEIVED: lazy("not received"),
    RefundReason.NOT_AS_DESCRIBED: lazy("damaged or not as described"),
    RefundReason.PRICING_ERROR: lazy("pricing error"),
    RefundReason.UNDELIVERABLE_ADDRESS: lazy("address undeliverable"),
    RefundReason.LATE_BY_CARRIER: lazy("the carrier was late"),
    RefundReason.SHIP_DATE_MISSED: lazy("shipped too late"),
}
COMPONENTS: Mapping[str, Any] = {
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
RETURN_SHIPPING, GOODWILL, KEPT = (
    lazy("Return shipping, as a concession"),
    lazy("Goodwill, as a concession"),
    lazy("Restocking fee, kept back"),
)
CLAIM_KINDS: Mapping[str, Any] = {
    ClaimKind.NOT_RECEIVED: lazy("not received"),
    ClaimKind.NOT_AS_DESCRIBED: lazy("damaged, or not what was ordered"),
    ClaimKind.NOT_REFUNDED: lazy("returned and not refunded"),
}
BREAKS: Mapping[str, Any] = {
    BreakKind.MISSING_THERE: lazy("the payment side does not know of it"),
    BreakKind.AMOUNT: lazy("the amounts differ"),
    BreakKind.CURRENCY: lazy("the currencies differ"),
    BreakKind.FAILED_THERE: lazy("there it failed, here it is done"),
    BreakKind.NOT_SETTLED: lazy("for too long nobody has known what came of it"),
}


def word(table: Mapping[str, Any], code: str) -> str:
    """A code in words; one that we have no words for as it is."""
    return str(table.get(code, code.replace("_", " ")))
