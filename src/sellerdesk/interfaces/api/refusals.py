"""How the native API words refusals: status, title and one sentence for each code (design 2.11)."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sellerdesk.domain.refusals import Code, Refusal


@dataclass(frozen=True, slots=True)
class Wording:
    """`title` never varies with the case; `detail` is a template over the refusal's facts."""

    status: int
    title: str
    detail: str


_NO_SENSE, _ABSENT, _AGAINST_STATE = 422, 404, 409

WORDINGS: dict[Code, Wording] = {
    Code.INVALID_VALUE: Wording(_NO_SENSE, "A value will not do", "{place}: {value} is not {expected}."),
    Code.MISSING_VALUE: Wording(_NO_SENSE, "A value is missing", "{place} is missing."),
    Code.DUPLICATE_REQUEST: Wording(_NO_SENSE, "The same thing twice", "{place} stands twice in this call."),
    Code.UNKNOWN_MARKETPLACE: Wording(
        _NO_SENSE, "Unknown marketplace", "There is no marketplace {marketplace_id}."
    ),
    Code.NOT_PARTICIPATING: Wording(
        _NO_SENSE, "Not selling there", "The seller does not sell on marketplace {marketplace_id}."
    ),
    Code.MONEY_PRECISION: Wording(
        _NO_SENSE,
        "Too many decimals",
        "{place}: {value} has more than the {decimals} decimals of {currency}.",
    ),
    Code.CURRENCY_MISMATCH: Wording(
        _NO_SENSE, "Wrong currency", "{place}: {currency} where {expected} is expected."
    ),
    Code.TOTAL_MISMATCH: Wording(
        _NO_SENSE,
        "The total does not add up",
        "{place}: {value} minor units, but the items add up to {expected}.",
    ),
    Code.ORDER_NOT_FOUND: Wording(_ABSENT, "No such order", "There is no order {order_number}."),
    Code.ITEM_NOT_FOUND: Wording(
        _NO_SENSE, "No such item", "Order {order_number} has no item {item_number}."
    ),
    Code.PACKAGE_NOT_FOUND: Wording(
        _ABSENT, "No such package", "Order {order_number} has no package {reference}."
    ),
    Code.WRONG_STATUS: Wording(
        _AGAINST_STATE,
        "The status does not allow it",
        "Order {order_number} is {status}: {verb} is not possible.",
    ),
    Code.ORDER_PENDING: Wording(
        _AGAINST_STATE,
        "The order is pending",
        "Order {order_number} is not paid yet ({reason}): do not ship it.",
    ),
    Code.WAREHOUSE_ORDER: Wording(
        _AGAINST_STATE, "A warehouse order", "Order {order_number} is shipped by the marketplace's warehouse."
    ),
    Code.NOT_WAREHOUSE_ORDER: Wording(
        _AGAINST_STATE, "No warehouse order", "Order {order_number} is shipped by the seller."
    ),
    Code.ITEMS_UNKNOWN: Wording(
        _AGAINST_STATE, "Items unknown", "Order {order_number} was imported without its items."
    ),
    Code.ORDER_CANCELLED: Wording(
        _AGAINST_STATE, "The order is cancelled", "Order {order_number} is cancelled."
    ),
    Code.ALREADY_SHIPPED: Wording(
        _AGAINST_STATE, "Nothing is left to ship", "Nothing of order {order_number} is left to ship."
    ),
    Code.QUANTITY_EXCEEDED: Wording(
        _AGAINST_STATE, "More than is left", "Item {item_number}: {asked} asked for, {left} left to ship."
    ),
    Code.QUANTITY_UNCOVERED: Wording(
        _AGAINST_STATE,
        "Shipped units without a package",
        "Item {item_number}: units that were shipped would lie in no package.",
    ),
    Code.ORDER_EXISTS: Wording(
        _AGAINST_STATE, "The order exists", "Order {order_number} is here already ({differs})."
    ),
    Code.OUTDATED: Wording(
        _AGAINST_STATE, "Older than what is known", "Order {order_number}: {theirs} is older than {ours}."
    ),
    Code.PACKAGE_EXISTS: Wording(
        _AGAINST_STATE, "The package exists", "Order {order_number} already has a package {reference}."
    ),
    Code.PACKAGE_CLOSED: Wording(
        _AGAINST_STATE, "The package is closed", "Package {reference} cannot be changed any more."
    ),
    Code.SHIP_DATE_IMPOSSIBLE: Wording(
        _NO_SENSE, "An impossible ship date", "{place}: {value} is not between {earliest} and {latest}."
    ),
    Code.TRACKING_REQUIRED: Wording(
        _NO_SENSE,
        "A tracking number is required",
        "{place}: the service has tracking, so its number is required.",
    ),
    Code.CARRIER_NAME_REQUIRED: Wording(
        _NO_SENSE, "A carrier's name is required", "{place}: this carrier code needs a name beside it."
    ),
    Code.EVENT_OUT_OF_ORDER: Wording(
        _AGAINST_STATE, "An event out of order", "Package {reference} is {status}: {verb} cannot follow."
    ),
    Code.STALE_VERSION: Wording(
        412, "Changed meanwhile", "Order {order_number} is at version {actual}, not {expected}."
    ),
    Code.BUSY: Wording(
        _AGAINST_STATE, "Busy", "Order {order_number} is being changed at this moment. Please try again."
    ),
    Code.SELF_CANCEL_OPEN: Wording(
        _AGAINST_STATE,
        "The buyer can cancel alone",
        "Order {order_number} can be cancelled without asking until {until}.",
    ),
    Code.SELF_CANCEL_OVER: Wording(
        _AGAINST_STATE,
        "The buyer cannot cancel alone any more",
        "Order {order_number} could be cancelled without asking until {ended}; file a request instead.",
    ),
    Code.ALREADY_REQUESTED: Wording(
        _AGAINST_STATE, "Requested already", "The buyer has asked to cancel order {order_number} already."
    ),
    Code.NO_CANCEL_REQUEST: Wording(
        _AGAINST_STATE, "No request", "There is no open request to cancel order {order_number}."
    ),
    Code.DECLINE_UNFOUNDED: Wording(
        _AGAINST_STATE, "No ground to decline", "Order {order_number} is neither shipped nor labelled."
    ),
    Code.LABEL_EXISTS: Wording(
        _AGAINST_STATE,
        "A label exists",
        "Package {reference} of order {order_number} has a label; void it or give labelOverride.",
    ),
    Code.EFFECT_CHANGED: Wording(
        _AGAINST_STATE,
        "Another effect than expected",
        "Cancelling order {order_number} has another effect now ({why}) than was expected.",
    ),
    Code.OVER_LIMIT: Wording(
        _AGAINST_STATE,
        "Over the limit",
        "Order {order_number}: the cancellation rate would be {counted} of {base}; confirm with acceptsLimit.",
    ),
    Code.ADDRESS_REFUSED: Wording(
        _NO_SENSE,
        "The address cannot be called",
        "{place}: {value} is an address that is never called ({why}).",
    ),
    Code.NAME_TAKEN: Wording(_AGAINST_STATE, "The name is taken", "{place}: {value} exists already."),
    Code.DESTINATION_IN_USE: Wording(_AGAINST_STATE, "In use", "Subscriptions still use {value}."),
    Code.ALREADY_SUBSCRIBED: Wording(
        _AGAINST_STATE, "Subscribed already", "There is a subscription for {value} already."
    ),
    Code.TOO_MANY: Wording(_AGAINST_STATE, "Too many", "There can be at most {most} {place}."),
    Code.LINT_REFUSED: Wording(
        _NO_SENSE, "The text may not be sent", "The text breaks the rules for messages to buyers: {codes}."
    ),
    Code.BLOCKED_OPT_OUT: Wording(
        _AGAINST_STATE,
        "The buyer has opted out",
        "The buyer of order {order_number} wants no messages that are not critical.",
    ),
    Code.DAILY_CAP: Wording(
        _AGAINST_STATE, "Too many messages", "{sent} messages were sent within a day; {cap} may be."
    ),
    Code.TOO_LATE_TO_WRITE: Wording(
        _AGAINST_STATE, "Too late to write", "Order {order_number} was completed more than {days} days ago."
    ),
    Code.REASON_NOT_ALLOWED: Wording(
        _AGAINST_STATE,
        "Not for this reason now",
        "Order {order_number} is {status}; nobody may write for the reason {reason}.",
    ),
    Code.NOTHING_TO_ANSWER: Wording(
        _AGAINST_STATE, "Nothing to answer", "No message about order {order_number} waits for an answer."
    ),
    Code.ATTACHMENT_TOO_BIG: Wording(
        _NO_SENSE, "The files are too big", "The files of a message may have {most_mb} MB together."
    ),
    Code.TOO_MANY_ATTACHMENTS: Wording(
        _NO_SENSE, "Too many files", "A message may have {most} files, not {count}."
    ),
    Code.ATTACHMENT_TYPE: Wording(
        _NO_SENSE, "A file of this type cannot be sent", "{place}: files of type {kind} cannot be sent."
    ),
    Code.PHOTO_REFUSED: Wording(
        _NO_SENSE,
        "Not a photo that can be used",
        "{place} ({why}): photos are JPEG, PNG, WebP or still GIF of at most {megapixels} megapixels.",
    ),
    Code.RMA_TAKEN: Wording(
        _AGAINST_STATE, "The number is taken", "Another return has the number {rma} already."
    ),
    Code.RETURN_METHOD_NEEDED: Wording(
        _NO_SENSE,
        "A way back is needed",
        "A return over a border needs an address in {country}, a prepaid label, or a refund without a return.",
    ),
    Code.NOT_SHIPPED: Wording(
        _AGAINST_STATE,
        "Nothing was charged",
        "Nothing of order {order_number} was shipped, so nothing was charged.",
    ),
    Code.NOTHING_TO_REFUND: Wording(
        _AGAINST_STATE, "Nothing to refund", "Nothing of order {order_number} is left to refund."
    ),
    Code.REFUND_EXCEEDED: Wording(
        _AGAINST_STATE,
        "More than is left",
        "{asked} {currency} was asked, {left} {currency} is left to refund.",
    ),
    Code.LEFT_CHANGED: Wording(
        _AGAINST_STATE,
        "Another amount than expected",
        "{left} {currency} of order {order_number} is left to refund, not {expected}.",
    ),
    Code.CONCESSION_EXCEEDED: Wording(
        _AGAINST_STATE,
        "Too much beyond the charges",
        "Concessions of {asked} {currency} were asked, {left} {currency} may still be given.",
    ),
    Code.OVERRIDE_NEEDED: Wording(
        _AGAINST_STATE,
        "Money before goods",
        "The goods of order {order_number} are not back; give an override to refund all the same.",
    ),
    Code.GOODS_NOT_BACK: Wording(_AGAINST_STATE, "Goods not received", "Return {rma} has not been received."),
    Code.DEDUCTION_NOT_ALLOWED: Wording(
        _AGAINST_STATE, "No fee allowed", "No restocking fee may be kept for order {order_number} ({why})."
    ),
    Code.DEDUCTION_EXCEEDED: Wording(
        _AGAINST_STATE, "Fee too high", "The restocking fee may be {most} {currency} at most, not {asked}."
    ),
    Code.REFUND_NOT_FOUND: Wording(_ABSENT, "No such refund", "There is no refund {reference}."),
    Code.BREAK_NOT_FOUND: Wording(_ABSENT, "No such difference", "There is no open difference {break_id}."),
    Code.REFUND_STATE: Wording(_AGAINST_STATE, "Refund in another state", "Refund {reference} is {state}."),
    Code.HOLD_OVER: Wording(
        _AGAINST_STATE, "Too late to call back", "The hold of refund {reference} ended at {ended}."
    ),
    Code.APPROVAL_NEEDED: Wording(
        _AGAINST_STATE,
        "A second person must agree",
        "Somebody else than its author must agree to refund {reference}.",
    ),
    Code.RETURN_NOT_FOUND: Wording(
        _ABSENT, "No such return", "There is no return {rma} of order {order_number}."
    ),
    Code.RETURN_STATE: Wording(_AGAINST_STATE, "Return in another state", "Return {rma} is {state}."),
    Code.RETURN_GOODS_HERE: Wording(
        _AGAINST_STATE,
        "The goods are here unpaid",
        "The goods of return {rma} are here and not refunded: refund them, or close with a reason the buyer agrees to.",
    ),
    Code.REFUND_UNDERWAY: Wording(
        _AGAINST_STATE,
        "A refund is under way",
        "Refund {reference} for return {rma} is held: cancel it, or wait until it is released.",
    ),
    Code.RULE_TOO_WIDE: Wording(
        _NO_SENSE,
        "The rule gives much away",
        "By this rule buyers would keep goods without a price limit, or above the limit that the marketplace's policy"
        " advises ({limit} {currency}), and get their money back. Send {place}: true if you want it all the same.",
    ),
    Code.RETURN_QUANTITY: Wording(
        _AGAINST_STATE,
        "More than can be returned",
        "{left} units of item {item_number} can be returned, not {asked}.",
    ),
    Code.CLAIM_NOT_FOUND: Wording(
        _ABSENT, "No such claim", "There is no claim {reference} of order {order_number}."
    ),
    Code.CLAIM_STATE: Wording(
        _AGAINST_STATE, "Claim in another state", "Claim {reference} is {state}: {verb} is not possible."
    ),
    Code.CLAIM_EXISTS: Wording(
        _AGAINST_STATE, "A claim is open", "Claim {reference} of order {order_number} is open already."
    ),
    Code.CLAIM_CONTACT_FIRST: Wording(
        _AGAINST_STATE,
        "Contact the seller first",
        "The buyer of order {order_number} must contact the seller first and wait {hours} hours.",
    ),
    Code.CLAIM_TOO_EARLY: Wording(
        _AGAINST_STATE,
        "Too early to claim",
        "Order {order_number}: {kind} can be claimed from {opens_at} ({why}).",
    ),
    Code.CLAIM_TOO_LATE: Wording(
        _AGAINST_STATE,
        "Too late to claim",
        "Order {order_number}: {kind} could be claimed until {until}.",
    ),
    Code.CLAIM_NOT_ELIGIBLE: Wording(
        _AGAINST_STATE, "Not to be claimed", "Order {order_number}: {kind} cannot be claimed ({why})."
    ),
    Code.CLAIM_ANSWER_OVER: Wording(
        _AGAINST_STATE, "Too late to answer", "Claim {reference} had to be answered before {ended}."
    ),
    Code.APPEAL_OVER: Wording(
        _AGAINST_STATE,
        "Too late to appeal",
        "Nobody can appeal against claim {reference} any more; it was possible until {ended}.",
    ),
    Code.CLAIM_RELIES_ON_REFUND: Wording(
        _AGAINST_STATE,
        "A claim relies on it",
        "Refund {reference} cannot be called back: claim {claim} was decided relying on it.",
    ),
    Code.ALREADY_RECORDED: Wording(
        _AGAINST_STATE, "On record already", "A {what} of order {order_number} is on record already."
    ),
    Code.NOT_RECORDED: Wording(
        _ABSENT, "Not on record", "No {what} of order {order_number} that still counts is on record."
    ),
    Code.ALREADY_SOLICITED: Wording(
        _AGAINST_STATE, "Asked already", "The buyer of order {order_number} was asked for a review already."
    ),
    Code.SOLICITATION_NOT_ALLOWED: Wording(
        _AGAINST_STATE,
        "The buyer cannot be asked now",
        "The buyer of order {order_number} cannot be asked for a review now ({why}).",
    ),
    Code.NOT_DUE: Wording(_AGAINST_STATE, "Not due", "It is not due before {due_at}."),
    Code.FORBIDDEN: Wording(403, "Not allowed", "The token does not have the scope {permission}."),
    Code.KEY_REUSED: Wording(
        _NO_SENSE,
        "The key was used for something else",
        "The Idempotency-Key {key} came with another request before.",
    ),
    Code.KEY_IN_USE: Wording(
        _AGAINST_STATE,
        "The first call still runs",
        "The first call with the Idempotency-Key {key} still runs.",
    ),
    Code.CODE_WRONG: Wording(403, "The code is wrong", "The code is wrong; {left} more tries."),
    Code.CODE_SPENT: Wording(403, "The code is spent", "The code cannot be used any more."),
    Code.TOO_OFTEN: Wording(
        _AGAINST_STATE, "Asked too often", "This was asked for too often; try again in {minutes} minutes."
    ),
}

# Refusals that pass by themselves: the answer says when to come again.
PASSING = frozenset({Code.BUSY, Code.KEY_IN_USE})


def detail(refusal: Refusal) -> str:
    """The refusal as a sentence; what it quotes of the request is shortened and made printable."""
    facts: dict[str, Any] = {name: _quoted(value) for name, value in refusal.facts.items()}
    return WORDINGS[refusal.code].detail.format_map(defaultdict(lambda: "?", facts))


def _quoted(value: object) -> str:
    text = str(value)[:200]
    return text if text.isprintable() else ascii(text)
