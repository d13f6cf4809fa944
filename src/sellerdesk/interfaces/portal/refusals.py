"""How the portal words each refusal, for buyers (design 2.11). A test demands that every code is here.

Buyers meet only a few of them; the others would be faults of ours, and are told as such without any detail.
"""

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from sellerdesk.domain.refusals import Code, Refusal

_FAULT = lazy("Something went wrong on our side. Please go back to your orders and try again.")
_CHANGED = lazy("Your order has changed in the meantime. Please look at it again.")

# What only sellers, operators and their programs can be told.
NOT_FOR_BUYERS = (
    Code.UNKNOWN_MARKETPLACE,
    Code.NOT_PARTICIPATING,
    Code.MONEY_PRECISION,
    Code.CURRENCY_MISMATCH,
    Code.TOTAL_MISMATCH,
    Code.PACKAGE_NOT_FOUND,
    Code.NOT_WAREHOUSE_ORDER,
    Code.QUANTITY_UNCOVERED,
    Code.ORDER_EXISTS,
    Code.OUTDATED,
    Code.PACKAGE_EXISTS,
    Code.PACKAGE_CLOSED,
    Code.SHIP_DATE_IMPOSSIBLE,
    Code.TRACKING_REQUIRED,
    Code.CARRIER_NAME_REQUIRED,
    Code.EVENT_OUT_OF_ORDER,
    Code.NO_CANCEL_REQUEST,
    Code.DECLINE_UNFOUNDED,
    Code.EFFECT_CHANGED,
    Code.OVER_LIMIT,
    Code.LINT_REFUSED,
    Code.BLOCKED_OPT_OUT,
    Code.DAILY_CAP,
    Code.TOO_LATE_TO_WRITE,
    Code.REASON_NOT_ALLOWED,
    Code.NOTHING_TO_ANSWER,
    Code.ALREADY_SOLICITED,
    Code.SOLICITATION_NOT_ALLOWED,
    Code.NOT_DUE,
    Code.TOO_MANY,
    Code.NAME_TAKEN,
    Code.DESTINATION_IN_USE,
    Code.ALREADY_SUBSCRIBED,
    Code.ADDRESS_REFUSED,
    Code.ALREADY_SOLICITED,
    Code.SOLICITATION_NOT_ALLOWED,
    Code.NOTHING_TO_REFUND,
    Code.RMA_TAKEN,
    Code.RETURN_METHOD_NEEDED,
    Code.RULE_TOO_WIDE,
    Code.REFUND_EXCEEDED,
    Code.LEFT_CHANGED,
    Code.CONCESSION_EXCEEDED,
    Code.OVERRIDE_NEEDED,
    Code.GOODS_NOT_BACK,
    Code.DEDUCTION_NOT_ALLOWED,
    Code.DEDUCTION_EXCEEDED,
    Code.REFUND_NOT_FOUND,
    Code.BREAK_NOT_FOUND,
    Code.REFUND_STATE,
    Code.HOLD_OVER,
    Code.APPROVAL_NEEDED,
    Code.CLAIM_ANSWER_OVER,
    Code.APPEAL_OVER,
    Code.CLAIM_RELIES_ON_REFUND,
    Code.ALREADY_RECORDED,
    Code.NOT_RECORDED,
    Code.FORBIDDEN,
)

MESSAGES = dict.fromkeys(NOT_FOR_BUYERS, _FAULT) | {
    Code.INVALID_VALUE: lazy("One of the values cannot be used. Please check what you entered."),
    Code.MISSING_VALUE: lazy("Please choose at least one item."),
    Code.DUPLICATE_REQUEST: lazy("This was sent twice. Please look at your order."),
    Code.ORDER_NOT_FOUND: lazy("There is no such order among yours."),
    Code.ITEM_NOT_FOUND: _CHANGED,
    Code.WRONG_STATUS: _CHANGED,
    Code.ORDER_PENDING: _CHANGED,
    Code.WAREHOUSE_ORDER: lazy(
        "This order is packed in the marketplace's warehouse and can no longer be cancelled. You can return it after "
        "it has arrived."
    ),
    Code.ITEMS_UNKNOWN: lazy("The items of this order are not known yet. Please try again later."),
    Code.ORDER_CANCELLED: lazy("This order is cancelled already. There is nothing more to do."),
    Code.ALREADY_SHIPPED: lazy(
        "This is on its way already and cannot be cancelled any more. You can return it after it has arrived."
    ),
    Code.QUANTITY_EXCEEDED: lazy("Of one item fewer units are left than you chose. Please choose again."),
    Code.STALE_VERSION: _CHANGED,
    Code.BUSY: lazy(
        "Somebody is working on your order at this very moment. Please try again in a few seconds."
    ),
    Code.SELF_CANCEL_OPEN: lazy("You need not ask: you can still cancel by yourself."),
    Code.SELF_CANCEL_OVER: lazy(
        "The time for cancelling by yourself is over. You can ask the seller instead."
    ),
    Code.ALREADY_REQUESTED: lazy("You have asked for this already. The seller has your request."),
    Code.LABEL_EXISTS: _CHANGED,
    Code.ATTACHMENT_TOO_BIG: lazy("The files are too big: together at most {most_mb} MB."),
    Code.TOO_MANY_ATTACHMENTS: lazy("There are too many files: at most {most}."),
    Code.ATTACHMENT_TYPE: lazy("One of the files cannot be sent. Pictures, PDF and documents can."),
    Code.PHOTO_REFUSED: lazy(
        "One of the photos cannot be used. Photos are JPEG, PNG, WebP or GIF pictures without animation, of at most"
        " {megapixels} megapixels."
    ),
    Code.NOT_SHIPPED: lazy("Nothing of this order was shipped yet, so there is nothing to send back."),
    Code.RETURN_NOT_FOUND: lazy("There is no such return among yours."),
    Code.RETURN_STATE: _CHANGED,
    Code.RETURN_GOODS_HERE: _CHANGED,
    Code.REFUND_UNDERWAY: _CHANGED,
    Code.RETURN_QUANTITY: lazy(
        "Of one item fewer units can be returned than you chose. Please choose again."
    ),
    Code.CLAIM_NOT_FOUND: lazy("There is no such claim among yours."),
    Code.CLAIM_STATE: lazy("Your claim has moved on in the meantime. Please look at it again."),
    Code.CLAIM_EXISTS: lazy("You have a claim for this order already. Please look at it."),
    Code.CLAIM_CONTACT_FIRST: lazy(
        "Please write to the seller first. If that does not help within {hours} hours, you can file a claim."
    ),
    Code.CLAIM_TOO_EARLY: lazy(
        "It is too early for this claim. The page of your order says from when you can file it."
    ),
    Code.CLAIM_TOO_LATE: lazy("It is too late for this claim."),
    Code.CLAIM_NOT_ELIGIBLE: lazy("This claim cannot be filed for your order."),
    Code.KEY_REUSED: lazy(
        "This form was sent before with other choices. Please check them and send it again."
    ),
    Code.KEY_IN_USE: lazy("This is being done at this moment. Please look at your order in a few seconds."),
    Code.CODE_WRONG: lazy("This code is not right. Tries left: {left}."),
    Code.CODE_SPENT: lazy("This code cannot be used any more. Please ask for a new one."),
    Code.TOO_OFTEN: lazy("Too many tries. Please wait {minutes} min and try again."),
}


_CONFLICTS = (Code.BUSY, Code.KEY_IN_USE, Code.KEY_REUSED, Code.STALE_VERSION)


def status_of(refusal: Refusal | None) -> int:
    """The HTTP status of a page that shows this refusal, or none."""
    if refusal is None:
        return 200
    return 409 if refusal.code in _CONFLICTS else 422


def word(refusal: Refusal) -> str:
    """The sentence for a refusal in the active language."""
    facts: dict[str, Any] = defaultdict(lambda: "–")
    facts.update(refusal.facts)
    return str(MESSAGES[refusal.code]).format_map(facts)
