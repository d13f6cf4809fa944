"""Refusals in the words of the command line."""

from collections import defaultdict

from sellerdesk.domain.refusals import Code, Refusal

SENTENCES: dict[Code, str] = {
    Code.INVALID_VALUE: "{place}: {value} is not {expected}",
    Code.MISSING_VALUE: "{place} is missing",
    Code.DUPLICATE_REQUEST: "{place}: the same thing twice",
    Code.UNKNOWN_MARKETPLACE: "there is no marketplace {marketplace_id}",
    Code.NOT_PARTICIPATING: "the seller does not sell on marketplace {marketplace_id}",
    Code.MONEY_PRECISION: "{place}: {value} has more than the {decimals} decimals of {currency}",
    Code.CURRENCY_MISMATCH: "{place}: {currency} among amounts in {expected}",
    Code.TOTAL_MISMATCH: "{place}: the total is {value}, the lines add up to {expected}",
    Code.ORDER_NOT_FOUND: "there is no order {order_number}",
    Code.ITEM_NOT_FOUND: "order {order_number} has no item {item_number}",
    Code.PACKAGE_NOT_FOUND: "order {order_number} has no package {reference}",
    Code.WRONG_STATUS: "order {order_number} is {status}",
    Code.ORDER_PENDING: "order {order_number} is pending: do not ship it yet",
    Code.WAREHOUSE_ORDER: "order {order_number} is shipped by the marketplace's warehouse",
    Code.NOT_WAREHOUSE_ORDER: "order {order_number} is not shipped by the marketplace's warehouse",
    Code.ITEMS_UNKNOWN: "the items of order {order_number} are not known yet: import them first",
    Code.ORDER_CANCELLED: "order {order_number} is cancelled",
    Code.ALREADY_SHIPPED: "nothing of order {order_number} is left to ship",
    Code.QUANTITY_EXCEEDED: "item {item_number}: {asked} asked for, {left} left",
    Code.QUANTITY_UNCOVERED: "item {item_number}: units that were shipped would be left without a package",
    Code.ORDER_EXISTS: "order {order_number} is here already and says something else ({differs})",
    Code.OUTDATED: "what we hold of order {order_number} is newer ({ours}) than this ({theirs})",
    Code.PACKAGE_EXISTS: "order {order_number} already has a package {reference}",
    Code.PACKAGE_CLOSED: "package {reference} has been delivered: it cannot be changed any more",
    Code.SHIP_DATE_IMPOSSIBLE: "{place}: {value} is not between {earliest} and {latest}",
    Code.TRACKING_REQUIRED: "{place}: the service {service} needs a tracking number",
    Code.CARRIER_NAME_REQUIRED: "{place}: the carrier needs a name",
    Code.EVENT_OUT_OF_ORDER: "package {reference} is {status}",
    Code.STALE_VERSION: "{by} has changed order {order_number} meanwhile",
    Code.BUSY: "somebody else is changing order {order_number} at this moment: try again",
    Code.SELF_CANCEL_OPEN: "the buyer can still cancel order {order_number} alone, until {until}",
    Code.SELF_CANCEL_OVER: "order {order_number} could be cancelled by the buyer alone until {ended}",
    Code.ALREADY_REQUESTED: "the buyer has asked to cancel order {order_number} already",
    Code.NO_CANCEL_REQUEST: "there is no request to cancel order {order_number}",
    Code.DECLINE_UNFOUNDED: "order {order_number} is neither shipped nor labelled",
    Code.LABEL_EXISTS: "package {reference} of order {order_number} has a label: void it, or give --label-override",
    Code.EFFECT_CHANGED: "cancelling order {order_number} has another effect now than was expected",
    Code.OVER_LIMIT: "order {order_number}: the rate would be {counted} of {base}, over the limit (--over-limit)",
    Code.ADDRESS_REFUSED: "the address {value} cannot be called ({why})",
    Code.NAME_TAKEN: "there is one called {value} already",
    Code.DESTINATION_IN_USE: "subscriptions still use {value}",
    Code.ALREADY_SUBSCRIBED: "there is a subscription for {value} already",
    Code.TOO_MANY: "there can be at most {most}",
    Code.LINT_REFUSED: "the text says what messages to buyers must not say ({codes})",
    Code.BLOCKED_OPT_OUT: "the buyer of order {order_number} wants no messages that are not critical",
    Code.DAILY_CAP: "{sent} messages were sent within a day: no more than {cap} may be",
    Code.TOO_LATE_TO_WRITE: "order {order_number} was completed more than {days} days ago",
    Code.REASON_NOT_ALLOWED: "order {order_number} is {status}: nobody may write for the reason {reason}",
    Code.NOTHING_TO_ANSWER: "no message about order {order_number} waits for an answer",
    Code.ATTACHMENT_TOO_BIG: "the files of a message may have {most_mb} MB together",
    Code.TOO_MANY_ATTACHMENTS: "a message may have {most} files, not {count}",
    Code.ATTACHMENT_TYPE: "{place}: files of type {kind} cannot be sent",
    Code.PHOTO_REFUSED: "{place} is not a photo that can be used ({why})",
    Code.RMA_TAKEN: "another return has the number {rma} already",
    Code.RETURN_METHOD_NEEDED: "the way back needs an address in {country}, a prepaid label, or no return at all",
    Code.NOT_SHIPPED: "nothing of order {order_number} was shipped, so nothing was charged: cancel it",
    Code.NOTHING_TO_REFUND: "nothing of order {order_number} is left to refund",
    Code.REFUND_EXCEEDED: "{asked} {currency} is more than the {left} {currency} that is left to refund",
    Code.LEFT_CHANGED: "{left} {currency} of order {order_number} is left to refund, not {expected}",
    Code.CONCESSION_EXCEEDED: "{left} {currency} may still be given beyond the charges, not {asked}",
    Code.OVERRIDE_NEEDED: "the goods of order {order_number} are not back: say why all the same (--override)",
    Code.GOODS_NOT_BACK: "return {rma} has not been received",
    Code.DEDUCTION_NOT_ALLOWED: "no restocking fee may be kept for order {order_number} ({why})",
    Code.DEDUCTION_EXCEEDED: "the restocking fee may be {most} {currency} at most, not {asked}",
    Code.REFUND_NOT_FOUND: "no refund {reference}",
    Code.BREAK_NOT_FOUND: "no open difference {break_id}: it may have been settled meanwhile",
    Code.REFUND_STATE: "refund {reference} is {state}",
    Code.HOLD_OVER: "the hold of refund {reference} ended at {ended}",
    Code.APPROVAL_NEEDED: "somebody else than {author} must agree to refund {reference}",
    Code.RETURN_NOT_FOUND: "no return {rma} of order {order_number}",
    Code.RETURN_STATE: "return {rma} is {state}",
    Code.RETURN_GOODS_HERE: "the goods of return {rma} are here and not refunded",
    Code.REFUND_UNDERWAY: "refund {reference} for return {rma} is held: undo it, or wait until it has gone",
    Code.RULE_TOO_WIDE: "the rule gives goods away without a price limit, or above the advised {limit} {currency}",
    Code.RETURN_QUANTITY: "{left} units of item {item_number} can be returned, not {asked}",
    Code.CLAIM_NOT_FOUND: "there is no claim {reference} of order {order_number}",
    Code.CLAIM_STATE: "claim {reference} is {state}",
    Code.CLAIM_EXISTS: "claim {reference} of order {order_number} is open already",
    Code.CLAIM_CONTACT_FIRST: "the buyer of order {order_number} must contact the seller and wait {hours} hours",
    Code.CLAIM_TOO_EARLY: "order {order_number}: {kind} can be claimed from {opens_at} ({why})",
    Code.CLAIM_TOO_LATE: "order {order_number}: {kind} could be claimed until {until}",
    Code.CLAIM_NOT_ELIGIBLE: "order {order_number}: {kind} cannot be claimed ({why})",
    Code.CLAIM_ANSWER_OVER: "claim {reference} had to be answered before {ended}",
    Code.APPEAL_OVER: "claim {reference} could be appealed against until {ended}",
    Code.CLAIM_RELIES_ON_REFUND: "refund {reference} stays: claim {claim} was decided relying on it",
    Code.ALREADY_RECORDED: "a {what} of order {order_number} is on record already",
    Code.NOT_RECORDED: "no {what} of order {order_number} that still counts is on record",
    Code.ALREADY_SOLICITED: "the buyer of order {order_number} was asked for a review already",
    Code.SOLICITATION_NOT_ALLOWED: "the buyer of order {order_number} cannot be asked for a review now ({why})",
    Code.NOT_DUE: "not due before {due_at}",
    Code.FORBIDDEN: "not allowed: {permission}",
    Code.KEY_REUSED: "the key {key} was used for something else",
    Code.KEY_IN_USE: "the first call with the key {key} is still running",
    Code.CODE_WRONG: "the code is wrong; {left} more tries",
    Code.CODE_SPENT: "the code cannot be used any more",
    Code.TOO_OFTEN: "asked for too often; try again in {minutes} min",
}


def sentence(refusal: Refusal) -> str:
    """The refusal as a sentence without a full stop; control characters in it are shown as escapes."""
    facts = defaultdict(lambda: "?", {key: printable(value) for key, value in refusal.facts.items()})
    said = SENTENCES[refusal.code].format_map(facts).removeprefix(": ")
    readings = refusal.facts.get("readings")
    if isinstance(readings, dict) and readings:
        choices = ", ".join(f"{name} would read {printable(text)}" for name, text in readings.items())
        said += f" (byte {facts['byte']}; {choices}; declare one with --encoding)"
    return said


def printable(value: object) -> str:
    """The value as text for a terminal or a table: control characters and undecodable bytes are escapes."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in str(value))
