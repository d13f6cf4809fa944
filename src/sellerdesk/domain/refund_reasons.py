"""Why money goes back, and how: reasons, what feeds call them, and modes (rulebook 2.8; S4-21, C8)."""

from enum import StrEnum


class RefundReason(StrEnum):
    """The reasons of the refund page, in its order."""

    OUT_OF_STOCK = "out_of_stock"
    BUYER_RETURN = "buyer_return"
    GENERAL_ADJUSTMENT = "general_adjustment"
    COULD_NOT_SHIP = "could_not_ship"
    WRONG_ITEM = "wrong_item"
    CANCELLED_BY_BUYER = "cancelled_by_buyer"
    NOT_RECEIVED = "not_received"
    NOT_AS_DESCRIBED = "not_as_described"
    PRICING_ERROR = "pricing_error"
    UNDELIVERABLE_ADDRESS = "undeliverable_address"
    LATE_BY_CARRIER = "late_by_carrier"
    SHIP_DATE_MISSED = "ship_date_missed"


class Mode(StrEnum):
    """When the money goes back in respect of the goods (C8)."""

    ADVANCE = "advance"  # before the goods are back: needs a reason for doing so (S2-11)
    ON_RECEIPT = "on_receipt"  # after they are
    RETURNLESS = "returnless"  # the buyer keeps them (S2-22)
    INTERCEPT_FAILED = "intercept_failed"  # sent, and could not be stopped (S2-20)
    GOODWILL = "goodwill"  # nothing is to come back: an adjustment


_R = RefundReason
FEED_REASONS: dict[str, RefundReason] = {
    "NoInventory": _R.OUT_OF_STOCK,
    "CustomerReturn": _R.BUYER_RETURN,
    "GeneralAdjustment": _R.GENERAL_ADJUSTMENT,
    "CouldNotShip": _R.COULD_NOT_SHIP,
    "DifferentItem": _R.WRONG_ITEM,
    "Abandoned": _R.CANCELLED_BY_BUYER,
    "CustomerCancel": _R.CANCELLED_BY_BUYER,
    "PriceError": _R.PRICING_ERROR,
    "ProductOutofStock": _R.OUT_OF_STOCK,
    "CustomerAddressIncorrect": _R.UNDELIVERABLE_ADDRESS,
    "Exchange": _R.BUYER_RETURN,
    "Other": _R.GENERAL_ADJUSTMENT,
    "CarrierCreditDecision": _R.LATE_BY_CARRIER,
    "RiskAssessmentInformationNotValid": _R.GENERAL_ADJUSTMENT,
    "CarrierCoverageFailure": _R.LATE_BY_CARRIER,
    "TransactionRecord": _R.GENERAL_ADJUSTMENT,
    "Undeliverable": _R.UNDELIVERABLE_ADDRESS,
    "RefusedDelivery": _R.BUYER_RETURN,
}
"""The codes of adjustment feeds. Several mean one reason here; the record keeps the code as it came."""

WANTS_GOODS_BACK = frozenset({RefundReason.BUYER_RETURN})
"""Reasons that say by themselves that goods come back, also when no return request is known."""
