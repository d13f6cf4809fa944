"""How the console words each refusal of the domain (design 2.11). A test demands that every code is here."""

from collections import defaultdict
from contextlib import suppress
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from sellerdesk.domain.lifecycle import NOTHING_TO_DO
from sellerdesk.domain.message_lint import LintCode
from sellerdesk.domain.money import parse_amount
from sellerdesk.domain.orders import Status
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.interfaces.web import words
from sellerdesk.interfaces.web.message_words import FINDINGS
from sellerdesk.looks.when import moment

MESSAGES = {
    Code.INVALID_VALUE: lazy("“{value}” is not valid here; expected: {expected}."),
    Code.MISSING_VALUE: lazy("This is needed and was left empty."),
    Code.DUPLICATE_REQUEST: lazy("The same thing was asked for twice at once: {place}."),
    Code.UNKNOWN_MARKETPLACE: lazy("There is no marketplace “{marketplace_id}”."),
    Code.NOT_PARTICIPATING: lazy("This seller does not sell on marketplace {marketplace_id}."),
    Code.MONEY_PRECISION: lazy("{value} has too many decimals: {currency} has {decimals}."),
    Code.CURRENCY_MISMATCH: lazy("The currency is {currency}, but it must be {expected}."),
    Code.TOTAL_MISMATCH: lazy("The total is {value}, but the items add up to {expected}."),
    Code.ORDER_NOT_FOUND: lazy("There is no order {order_number} in this seller's orders."),
    Code.ITEM_NOT_FOUND: lazy("Order {order_number} has no item {item_number}."),
    Code.PACKAGE_NOT_FOUND: lazy("Order {order_number} has no package {reference}."),
    Code.WRONG_STATUS: lazy("Order {order_number} is now “{status}”, which does not allow this."),
    Code.ORDER_PENDING: lazy("Order {order_number} is still pending. {reason}"),
    Code.WAREHOUSE_ORDER: lazy(
        "Amazon ships order {order_number} from its warehouse; there is nothing to do for you."
    ),
    Code.NOT_WAREHOUSE_ORDER: lazy("Order {order_number} is shipped by the seller, not by the warehouse."),
    Code.ITEMS_UNKNOWN: lazy(
        "The items of order {order_number} have not been imported yet; import them first."
    ),
    Code.ORDER_CANCELLED: lazy("Order {order_number} is cancelled. Do not ship it."),
    Code.ALREADY_SHIPPED: lazy("Everything in order {order_number} has been shipped already."),
    Code.QUANTITY_EXCEEDED: lazy("Of item {item_number} only {left} can still be shipped, not {asked}."),
    Code.QUANTITY_UNCOVERED: lazy(
        "This edit would take shipped units of item {item_number} back. Units that were confirmed stay confirmed."
    ),
    Code.ORDER_EXISTS: lazy("Order {order_number} exists already with other content."),
    Code.OUTDATED: lazy("What was given for order {order_number} is older than what is known."),
    Code.PACKAGE_EXISTS: lazy(
        "Order {order_number} has a package {reference} already. Choose another reference."
    ),
    Code.PACKAGE_CLOSED: lazy(
        "Package {reference} has been delivered; its shipment can no longer be changed."
    ),
    Code.SHIP_DATE_IMPOSSIBLE: lazy("The ship date must lie between {earliest} and {latest}."),
    Code.TRACKING_REQUIRED: lazy("This shipping service needs a tracking ID."),
    Code.CARRIER_NAME_REQUIRED: lazy("Name the carrier when it is not in the list."),
    Code.EVENT_OUT_OF_ORDER: lazy("Package {reference} is “{status}”; this event cannot follow."),
    Code.STALE_VERSION: lazy(
        "Somebody has changed order {order_number} meanwhile. Look at it again, then repeat."
    ),
    Code.BUSY: lazy(
        "Somebody else is changing order {order_number} at this moment. Try again in a few seconds."
    ),
    Code.SELF_CANCEL_OPEN: lazy("The buyer can still cancel order {order_number} alone, until {until}."),
    Code.SELF_CANCEL_OVER: lazy(
        "Order {order_number} could be cancelled without asking until {ended}. Ask the seller to cancel it now."
    ),
    Code.ALREADY_REQUESTED: lazy("The buyer has asked to cancel order {order_number} already, on {at}."),
    Code.NO_CANCEL_REQUEST: lazy("Nobody is waiting for order {order_number} to be cancelled."),
    Code.DECLINE_UNFOUNDED: lazy(
        "Order {order_number} is neither shipped nor labelled. Cancel it, or confirm its shipment first."
    ),
    Code.LABEL_EXISTS: lazy(
        "Package {reference} of order {order_number} has a label already. Tell the buyer that it cannot be cancelled "
        "at this stage, void the label first, or give a reason for cancelling all the same."
    ),
    Code.EFFECT_CHANGED: lazy(
        "What cancelling order {order_number} does has changed since you looked. Read it again, then decide."
    ),
    Code.OVER_LIMIT: lazy(
        "Cancelling order {order_number} brings the cancellation rate to {counted} of {base}, over the limit. "
        "Confirm that you want this."
    ),
    Code.ADDRESS_REFUSED: lazy("“{value}” cannot be called. {reason}"),
    Code.NAME_TAKEN: lazy("There is already one called “{value}”."),
    Code.DESTINATION_IN_USE: lazy("Subscriptions still use “{value}”."),
    Code.ALREADY_SUBSCRIBED: lazy("There is a subscription for “{value}” already."),
    Code.TOO_MANY: lazy("There can be at most {most} of these. Delete one that is not needed."),
    Code.LINT_REFUSED: lazy(
        "This text says something that messages to buyers must not say. "
        "The words are marked; change them and send again."
    ),
    Code.BLOCKED_OPT_OUT: lazy(
        "The buyer of order {order_number} wants no messages that are not critical, so this one was not delivered."
    ),
    Code.DAILY_CAP: lazy("{sent} messages were sent within a day; no more than {cap} may be."),
    Code.TOO_LATE_TO_WRITE: lazy(
        "Order {order_number} was completed more than {days} days ago. Now you may only answer the buyer."
    ),
    Code.REASON_NOT_ALLOWED: lazy(
        "Order {order_number} is now “{status}”: nobody may write for this reason."
    ),
    Code.NOTHING_TO_ANSWER: lazy("No message of the buyer of order {order_number} waits for an answer."),
    Code.ATTACHMENT_TOO_BIG: lazy("The files of a message may have {most_mb} MB together."),
    Code.TOO_MANY_ATTACHMENTS: lazy("A message may have {most} files, not {count}."),
    Code.ATTACHMENT_TYPE: lazy("Only pictures, PDF, text and office documents can be attached ({place})."),
    Code.PHOTO_REFUSED: lazy(
        "{place} cannot be used. Photos are JPEG, PNG, WebP or GIF pictures without animation, of at most"
        " {megapixels} megapixels."
    ),
    Code.RMA_TAKEN: lazy("Another return has the number {rma} already. Choose another one."),
    Code.RETURN_METHOD_NEEDED: lazy(
        "This return would cross a border. Give an address in the buyer's country ({country}), send a prepaid label,"
        " or refund without a return."
    ),
    Code.NOT_SHIPPED: lazy(
        "Nothing of order {order_number} was shipped, so nothing was charged. Cancel it instead."
    ),
    Code.NOTHING_TO_REFUND: lazy("Everything that was charged for order {order_number} has been given back."),
    Code.REFUND_EXCEEDED: lazy("{asked} is more than can still be refunded: {left}."),
    Code.LEFT_CHANGED: lazy(
        "What order {order_number} can get back has changed to {left} since you looked. Read it again."
    ),
    Code.CONCESSION_EXCEEDED: lazy("{asked} is more than may be given beyond the charges: {left}."),
    Code.OVERRIDE_NEEDED: lazy(
        "The goods are not back: you may lose goods and money. Give a reason to refund all the same."
    ),
    Code.GOODS_NOT_BACK: lazy(
        "Return {rma} has not been received. Refund in advance instead, or wait for the goods."
    ),
    Code.DEDUCTION_NOT_ALLOWED: lazy(
        "No restocking fee may be kept: only a buyer at fault pays one, for goods that were graded."
    ),
    Code.DEDUCTION_EXCEEDED: lazy("A restocking fee of {asked} is too high: {most} is allowed."),
    Code.REFUND_NOT_FOUND: lazy("There is no refund {reference}."),
    Code.BREAK_NOT_FOUND: lazy("This difference is not open any more: somebody may have settled it."),
    Code.REFUND_STATE: lazy("Refund {reference} is past this: it is {state}."),
    Code.HOLD_OVER: lazy("Refund {reference} cannot be called back any more: its hold ended at {ended}."),
    Code.APPROVAL_NEEDED: lazy("Somebody else than {author} must agree to refund {reference}."),
    Code.RETURN_NOT_FOUND: lazy("There is no return {rma} of order {order_number}."),
    Code.RETURN_STATE: lazy("Return {rma} is past this: it is {state}."),
    Code.RETURN_GOODS_HERE: lazy(
        "The goods of return {rma} are here and nobody refunded them. Closed so, you would keep goods and money: "
        "refund, or choose a reason that the buyer agrees to."
    ),
    Code.REFUND_UNDERWAY: lazy(
        "Refund {reference} for return {rma} is still held and would go out all the same. Call it back first, or wait "
        "until it has gone."
    ),
    Code.RULE_TOO_WIDE: lazy("Tick this if you want the rule all the same."),
    Code.RETURN_QUANTITY: lazy("Only {left} of this item can be returned, not {asked}."),
    Code.CLAIM_NOT_FOUND: lazy("There is no claim {reference} of order {order_number}."),
    Code.CLAIM_STATE: lazy("Claim {reference} is past this. Look at it again."),
    Code.CLAIM_EXISTS: lazy("Claim {reference} of order {order_number} is open already."),
    Code.CLAIM_CONTACT_FIRST: lazy(
        "The buyer of order {order_number} must contact the seller first and wait {hours} hours."
    ),
    Code.CLAIM_TOO_EARLY: lazy("Order {order_number} can be claimed for from {opens_at}, not before."),
    Code.CLAIM_TOO_LATE: lazy("Order {order_number} could be claimed for until {until}."),
    Code.CLAIM_NOT_ELIGIBLE: lazy("Order {order_number} cannot be claimed for ({why})."),
    Code.CLAIM_ANSWER_OVER: lazy("Claim {reference} had to be answered before {ended}."),
    Code.APPEAL_OVER: lazy(
        "There is no appeal against claim {reference} any more; it was possible until {ended}."
    ),
    Code.CLAIM_RELIES_ON_REFUND: lazy(
        "Refund {reference} cannot be called back: claim {claim} was decided relying on it."
    ),
    Code.ALREADY_RECORDED: lazy("This is on record for order {order_number} already."),
    Code.NOT_RECORDED: lazy("Nothing of this kind that still counts is on record for order {order_number}."),
    Code.ALREADY_SOLICITED: lazy("This buyer was asked for a review already."),
    Code.SOLICITATION_NOT_ALLOWED: lazy("This buyer cannot be asked for a review now ({why})."),
    Code.NOT_DUE: lazy("It is not yet time for this: it falls due at {due_at}."),
    Code.FORBIDDEN: lazy("Your role does not allow this."),
    Code.KEY_REUSED: lazy("This form was sent before with other content. Load the page again."),
    Code.KEY_IN_USE: lazy("This form is being worked on already. Look at the order in a moment."),
    Code.CODE_WRONG: lazy("This code is not right. Tries left: {left}."),
    Code.CODE_SPENT: lazy("This code cannot be used any more. Ask for a new one."),
    Code.TOO_OFTEN: lazy("That was asked for too often. Try again in {minutes} min."),
}

# Facts that are amounts, in the currency of facts["currency"]: decimal text, or minor units.
AMOUNTS = {
    Code.REFUND_EXCEEDED: ("asked", "left"),
    Code.LEFT_CHANGED: ("left",),
    Code.CONCESSION_EXCEEDED: ("asked", "left"),
    Code.DEDUCTION_EXCEEDED: ("asked", "most"),
}
# For an amount that nobody could read any more, because somebody wrote past the order's lock.
_MONEY_MOVED = lazy("What can still be refunded has changed meanwhile. Look at it again, then repeat.")

# Code.ADDRESS_REFUSED: facts["why"] → what to do about it.
WHY_NOT_CALLED = {
    "syntax": lazy("Write it as https://host/path, without a user name and without spaces."),
    "port": lazy("Only the ports 443, 80 and 8443 are called."),
    "network": lazy("It leads into a private network; an administrator can allow named networks."),
    "scheme": lazy("This chat service is not among those that are supported."),
}


def word(refusal: Refusal, *, now: datetime, zone: ZoneInfo) -> str:
    """The sentence for a refusal in the active language; instants in `zone`."""
    language = get_language() or "en"
    facts: dict[str, Any] = defaultdict(lambda: "–")
    for name, value in refusal.facts.items():
        facts[name] = moment(value, zone, now, language) if isinstance(value, datetime) else value
    if (status := facts.get("status")) in set(Status):
        facts["status"] = words.STATUSES[Status(status)][0]
    elif status in words.PACKAGE_STATUSES:
        facts["status"] = words.PACKAGE_STATUSES[str(status)]
    if refusal.code in AMOUNTS:
        if refusal.facts.get("left") == "":
            return str(_MONEY_MOVED)
        facts.update(_amounts(refusal, language))
    if refusal.code is Code.LINT_REFUSED and "place" in refusal.facts:
        return _lint_words(refusal)
    if refusal.code is Code.ADDRESS_REFUSED:
        facts["reason"] = WHY_NOT_CALLED[str(refusal.facts.get("why", "syntax"))]
    if refusal.code is Code.ORDER_PENDING:
        reason = str(refusal.facts.get("reason", "")).lower()
        facts["reason"] = words.NOTHING_TO_DO[reason if reason in NOTHING_TO_DO else "pending"]
    return str(MESSAGES[refusal.code]).format_map(facts)


def _amounts(refusal: Refusal, language: str) -> dict[str, str]:
    """The amounts among the facts as pages write them: "$9,999.00"; what is none stays as it came."""
    currency, found = str(refusal.facts.get("currency", "")), {}
    for name in AMOUNTS[refusal.code]:
        said = refusal.facts.get(name)
        if currency and isinstance(said, int | str):
            with suppress(Refusal):
                minor = said if isinstance(said, int) else parse_amount(said, currency, place=name)
                found[name] = words.money(currency, minor, language)
    return found


def _lint_words(refusal: Refusal) -> str:
    """What is wrong with a note beside a refund or a return: nothing is marked there, so each reason is said."""
    why = " ".join(str(FINDINGS[LintCode(str(code))]) for code in refusal.facts["codes"])
    return _("The buyer reads this, and it says what messages to buyers must not say. %(why)s") % {"why": why}
