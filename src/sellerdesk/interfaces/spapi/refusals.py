"""What the house refuses, in the words that programs of the Selling Partner API know (spapi 2.5).

Codes of the protocol are few, and clients match on fragments of the messages; so the texts below are the real ones
where they are known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.interfaces.spapi.errors import ApiError, Problem, denied, not_found, unavailable

_UNABLE = (
    "Failed to create package due to not finding a matching package or order already fulfilled. "
    "ErrorMessage(errorCode=GeneralError, errorDescription=Unable to find package to update for order "
    "({order_number}), errorMetric=PackageToUpdateNotFound, packageIndex=null)"
)
_CLOSED = (
    "Failed to update package. ErrorMessage(errorCode=GeneralError, errorDescription=Package {reference} of order "
    "({order_number}) has reached the maximum number of allowed updates, errorMetric=InvalidPackageVersion, "
    "packageIndex=null)"
)
_NO_ITEMS = (
    "Failed to create package. ErrorCode: NonexistentOrderItem Description: Failed to find order item list by "
    "order ID: {order_number}"
)


@dataclass(frozen=True, slots=True)
class Wording:
    """A message with places for the refusal's facts."""

    message: str
    status: int = 400
    code: str = "InvalidInput"


WORDS: dict[Code, Wording] = {
    Code.INVALID_VALUE: Wording("{place} is invalid. Expected {expected}."),
    Code.MISSING_VALUE: Wording("Missing request parameter: {place}."),
    Code.DUPLICATE_REQUEST: Wording("{place} is given more than once."),
    Code.UNKNOWN_MARKETPLACE: Wording("Marketplace ID is not defined"),
    Code.NOT_PARTICIPATING: Wording("The seller does not participate in marketplace {marketplace_id}."),
    Code.MONEY_PRECISION: Wording("{place} has more decimals than {currency} has."),
    Code.CURRENCY_MISMATCH: Wording("{place} is in {currency}, but the order is in {expected}."),
    Code.TOTAL_MISMATCH: Wording("{place} does not add up. Expected {expected}."),
    Code.ORDER_NOT_FOUND: Wording("The specified resource does not exist.", 404, "NotFound"),
    Code.ITEM_NOT_FOUND: Wording(
        "Failed to create package. ErrorCode: NonexistentOrderItem Description: Failed to find order item "
        "{item_number} of order ID: {order_number}"
    ),
    Code.PACKAGE_NOT_FOUND: Wording(_UNABLE),
    Code.WRONG_STATUS: Wording(
        "Order {order_number} is in status {status}, in which {verb} is not supported."
    ),
    Code.ORDER_PENDING: Wording(
        "Order {order_number} is Pending. It cannot be shipped before its payment is authorized."
    ),
    Code.WAREHOUSE_ORDER: Wording(
        "Order {order_number} is fulfilled by Amazon (AFN). Its shipments cannot be confirmed by the seller."
    ),
    Code.NOT_WAREHOUSE_ORDER: Wording("Order {order_number} is not fulfilled by Amazon (AFN)."),
    Code.ITEMS_UNKNOWN: Wording(_NO_ITEMS),
    Code.ORDER_CANCELLED: Wording(_NO_ITEMS),
    Code.ALREADY_SHIPPED: Wording(_UNABLE),
    Code.QUANTITY_EXCEEDED: Wording(
        "Quantity {asked} of order item {item_number} exceeds the quantity that is left to ship ({left})."
    ),
    Code.QUANTITY_UNCOVERED: Wording(
        "The update would take units of order item {item_number} out of a confirmed package, which is not supported."
    ),
    Code.ORDER_EXISTS: Wording("Order {order_number} exists already with other content."),
    Code.OUTDATED: Wording("A newer version of order {order_number} is known already."),
    Code.PACKAGE_EXISTS: Wording("Package {reference} of order {order_number} exists already."),
    Code.PACKAGE_CLOSED: Wording(_CLOSED),
    Code.SHIP_DATE_IMPOSSIBLE: Wording(
        "ShipDate is invalid. It must lie between the purchase date and the current date."
    ),
    Code.TRACKING_REQUIRED: Wording("Missing request parameter: packageDetail.trackingNumber."),
    Code.CARRIER_NAME_REQUIRED: Wording("CarrierName is required when CarrierCode is Other."),
    Code.EVENT_OUT_OF_ORDER: Wording("Package {reference} is in status {status}."),
    Code.STALE_VERSION: Wording("Order {order_number} was changed meanwhile. Read it again and retry."),
    Code.BUSY: Wording("Temporary overloading or maintenance of the server.", 503, "ServiceUnavailable"),
    Code.SELF_CANCEL_OPEN: Wording("Order {order_number} can still be cancelled by the buyer."),
    Code.SELF_CANCEL_OVER: Wording("Order {order_number} can no longer be cancelled by the buyer."),
    Code.ALREADY_REQUESTED: Wording(
        "The buyer has requested the cancellation of order {order_number} already."
    ),
    Code.NO_CANCEL_REQUEST: Wording("There is no cancellation request for order {order_number}."),
    Code.DECLINE_UNFOUNDED: Wording("Order {order_number} is not shipped and has no label."),
    Code.LABEL_EXISTS: Wording(
        "Order {order_number} cannot be cancelled: package {reference} has a shipping label."
    ),
    Code.EFFECT_CHANGED: Wording("The effect of cancelling order {order_number} has changed."),
    Code.OVER_LIMIT: Wording(
        "Cancelling order {order_number} brings the cancellation rate to {counted} of {base}, over its limit."
    ),
    Code.ADDRESS_REFUSED: Wording("The address {value} cannot be used as a destination ({why})."),
    Code.NAME_TAKEN: Wording("The name {value} is in use.", 409, "Conflict"),
    Code.DESTINATION_IN_USE: Wording("Destination {value} is in use by a subscription.", 409, "Conflict"),
    Code.ALREADY_SUBSCRIBED: Wording(
        "A subscription for notification type {value} exists already.", 409, "Conflict"
    ),
    Code.TOO_MANY: Wording("The maximum number of {place} ({most}) is reached.", 409, "Conflict"),
    Code.LINT_REFUSED: Wording(
        "The message text does not comply with the communication guidelines: {codes}."
    ),
    Code.BLOCKED_OPT_OUT: Wording(
        "The buyer of order {order_number} has opted out of non-critical messages."
    ),
    Code.DAILY_CAP: Wording("The daily number of messages ({cap}) is exceeded.", 403, "Unauthorized"),
    Code.TOO_LATE_TO_WRITE: Wording("Order {order_number} was completed more than {days} days ago."),
    Code.REASON_NOT_ALLOWED: Wording("Messaging action {reason} is not available for order {order_number}."),
    Code.NOTHING_TO_ANSWER: Wording("No message of order {order_number} awaits a response."),
    Code.ATTACHMENT_TOO_BIG: Wording("The attachments exceed {most_mb} MB."),
    Code.TOO_MANY_ATTACHMENTS: Wording("attachments is invalid. Expected at most {most} items."),
    Code.ATTACHMENT_TYPE: Wording("{place} is invalid. The content type {kind} is not supported."),
    Code.PHOTO_REFUSED: Wording("{place} is invalid. Expected a JPEG, PNG, WebP or GIF image."),
    Code.RMA_TAKEN: Wording("The RMA {rma} is already in use."),
    Code.RETURN_METHOD_NEEDED: Wording(
        "Order {order_number} requires a return address in {country} or a prepaid label."
    ),
    Code.NOT_SHIPPED: Wording("Order {order_number} has not been shipped."),
    Code.NOTHING_TO_REFUND: Wording("No refundable amount remains for order {order_number}."),
    Code.REFUND_EXCEEDED: Wording(
        "The refund amount {asked} {currency} exceeds the refundable amount {left} {currency}."
    ),
    Code.LEFT_CHANGED: Wording("The refundable amount of order {order_number} has changed."),
    Code.CONCESSION_EXCEEDED: Wording(
        "The concession {asked} {currency} exceeds the permitted amount {left} {currency}."
    ),
    Code.OVERRIDE_NEEDED: Wording("The goods of order {order_number} have not been returned."),
    Code.GOODS_NOT_BACK: Wording("Return {rma} has not been received."),
    Code.DEDUCTION_NOT_ALLOWED: Wording("A restocking fee is not permitted for order {order_number}."),
    Code.DEDUCTION_EXCEEDED: Wording("The restocking fee exceeds {most} {currency}."),
    Code.REFUND_NOT_FOUND: Wording("There is no refund {reference}."),
    Code.BREAK_NOT_FOUND: Wording("There is no open difference {break_id}."),
    Code.REFUND_STATE: Wording("Refund {reference} is in state {state}."),
    Code.HOLD_OVER: Wording("Refund {reference} can no longer be cancelled."),
    Code.APPROVAL_NEEDED: Wording("Refund {reference} requires another approver."),
    Code.RETURN_NOT_FOUND: Wording("There is no return {rma} for order {order_number}."),
    Code.RETURN_STATE: Wording("Return {rma} is in state {state}."),
    Code.RETURN_GOODS_HERE: Wording("The goods of return {rma} were received and not refunded."),
    Code.REFUND_UNDERWAY: Wording("Refund {reference} for return {rma} is pending."),
    Code.RULE_TOO_WIDE: Wording("The rule exceeds the advised limit {limit} {currency}."),
    Code.RETURN_QUANTITY: Wording("Only {left} units of item {item_number} can be returned."),
    Code.CLAIM_NOT_FOUND: Wording("There is no claim {reference} for order {order_number}."),
    Code.CLAIM_STATE: Wording("Claim {reference} is in state {state}."),
    Code.CLAIM_EXISTS: Wording("Claim {reference} for order {order_number} is open."),
    Code.CLAIM_CONTACT_FIRST: Wording("The buyer of order {order_number} must contact the seller first."),
    Code.CLAIM_TOO_EARLY: Wording("A claim for order {order_number} is not possible yet."),
    Code.CLAIM_TOO_LATE: Wording("A claim for order {order_number} is no longer possible."),
    Code.CLAIM_NOT_ELIGIBLE: Wording("Order {order_number} is not eligible for a claim: {why}."),
    Code.CLAIM_ANSWER_OVER: Wording("Claim {reference} can no longer be answered."),
    Code.APPEAL_OVER: Wording("Claim {reference} can no longer be appealed."),
    Code.CLAIM_RELIES_ON_REFUND: Wording("Refund {reference} can no longer be cancelled."),
    Code.ALREADY_RECORDED: Wording("The {what} for order {order_number} is recorded already."),
    Code.NOT_RECORDED: Wording("No {what} is recorded for order {order_number}."),
    Code.ALREADY_SOLICITED: Wording(
        "A solicitation for order {order_number} was sent already.", 403, "Unauthorized"
    ),
    Code.SOLICITATION_NOT_ALLOWED: Wording(
        "Order {order_number} is not eligible for a solicitation: {why}.", 403, "Unauthorized"
    ),
    Code.NOT_DUE: Wording("It is too early for this operation."),
    Code.FORBIDDEN: Wording("Access to requested resource is denied.", 403, "Unauthorized"),
    Code.KEY_REUSED: Wording("The request repeats an earlier one with other content."),
    Code.KEY_IN_USE: Wording("The same request is being processed.", 503, "ServiceUnavailable"),
    Code.CODE_WRONG: Wording("The code is not valid."),
    Code.CODE_SPENT: Wording("The code is not valid any more."),
    Code.TOO_OFTEN: Wording("The operation was asked for too often."),
}


_NOT_CANCELLED = "Order {order_number} cannot be cancelled: "
# The same refusals where an order was to be cancelled: the words above speak of shipments.
CANCELLING: dict[Code, Wording] = {
    Code.ORDER_PENDING: Wording(f"{_NOT_CANCELLED}it is Pending."),
    Code.WAREHOUSE_ORDER: Wording(f"{_NOT_CANCELLED}it is fulfilled by Amazon (AFN)."),
    Code.ITEMS_UNKNOWN: Wording(f"{_NOT_CANCELLED}its items are not known."),
    Code.ORDER_CANCELLED: Wording(f"{_NOT_CANCELLED}it is cancelled already."),
    Code.ALREADY_SHIPPED: Wording(f"{_NOT_CANCELLED}it has been shipped."),
    Code.WRONG_STATUS: Wording(f"{_NOT_CANCELLED}it is in status {{status}}."),
}


_NO_ACTION = "This action is not available for order {order_number}"
# Messages and solicitations that the order does not allow: 403, and why in the details.
MESSAGING: dict[Code, Wording] = {
    Code.REASON_NOT_ALLOWED: Wording(f"{_NO_ACTION}: it is in status {{status}}.", 403),
    Code.TOO_LATE_TO_WRITE: Wording(f"{_NO_ACTION}: it was completed more than {{days}} days ago.", 403),
    Code.NOTHING_TO_ANSWER: Wording(f"{_NO_ACTION}: no message awaits a response.", 403),
    Code.BLOCKED_OPT_OUT: Wording(f"{_NO_ACTION}: the buyer has opted out of such messages.", 403),
    Code.DAILY_CAP: Wording("The daily number of messages ({cap}) is exceeded.", 403),
    Code.ALREADY_SOLICITED: Wording(f"{_NO_ACTION}: a solicitation was sent already.", 403),
    Code.SOLICITATION_NOT_ALLOWED: Wording(f"{_NO_ACTION}: {{why}}.", 403),
}


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return key  # a text with a plain name in it is better than an answer that fails


def worded(refusal: Refusal, special: Mapping[Code, Wording] | None = None) -> ApiError:
    """The protocol's answer to a refusal; `special` are an operation's own words."""
    wording = (special or {}).get(refusal.code) or WORDS[refusal.code]
    message = wording.message.format_map(_Facts(refusal.facts))
    if wording.status == 404:
        return not_found()
    if wording.status == 403:
        return denied(message if refusal.code in (special or {}) else "")
    if wording.status == 503:
        return unavailable()
    details = "1001" if refusal.code is Code.UNKNOWN_MARKETPLACE else ""
    return ApiError(wording.status, [Problem(message, wording.code, details)])
