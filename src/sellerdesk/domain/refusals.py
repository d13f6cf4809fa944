"""Refusals: why a rule said no, as data (design 2.11).

A refusal carries a stable code and the facts that explain it. It holds no sentence: each door words it for
its own readers in their language. Every code of this module must be worded at every door; a test demands
it.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """Every reason a command may refuse a request. The value is the stable name that programs match on."""

    # What was sent cannot be understood or contradicts itself; `place` in the facts names where.
    INVALID_VALUE = "invalid_value"  # facts: place, value, expected
    MISSING_VALUE = "missing_value"  # facts: place
    DUPLICATE_REQUEST = "duplicate_request"  # facts: place; the same object twice in one batch
    UNKNOWN_MARKETPLACE = "unknown_marketplace"  # facts: marketplace_id
    NOT_PARTICIPATING = "not_participating"  # facts: marketplace_id
    MONEY_PRECISION = "money_precision"  # facts: place, value, currency, decimals
    CURRENCY_MISMATCH = "currency_mismatch"  # facts: place, currency, expected
    TOTAL_MISMATCH = "total_mismatch"  # facts: place, value, expected

    # What it points at is not there (for this seller: another seller's rows look the same as none).
    ORDER_NOT_FOUND = "order_not_found"  # facts: order_number
    ITEM_NOT_FOUND = "item_not_found"  # facts: order_number, item_number
    PACKAGE_NOT_FOUND = "package_not_found"  # facts: order_number, reference

    # The state of things does not allow it.
    WRONG_STATUS = "wrong_status"  # facts: order_number, status, verb
    ORDER_PENDING = "order_pending"  # S0-06; facts: order_number, reason
    WAREHOUSE_ORDER = "warehouse_order"  # S0-11, I16; facts: order_number
    NOT_WAREHOUSE_ORDER = "not_warehouse_order"  # facts: order_number
    ITEMS_UNKNOWN = "items_unknown"  # imported without its items; facts: order_number
    ORDER_CANCELLED = "order_cancelled"  # facts: order_number
    ALREADY_SHIPPED = "already_shipped"  # nothing is left to ship; facts: order_number
    QUANTITY_EXCEEDED = "quantity_exceeded"  # facts: order_number, item_number, asked, left
    # an edit would unship units (3.1); facts: order_number, item_number
    QUANTITY_UNCOVERED = "quantity_uncovered"
    ORDER_EXISTS = "order_exists"  # the same order number with other content; facts: order_number, differs
    OUTDATED = "outdated"  # an older snapshot than the one we hold; facts: order_number, ours, theirs
    PACKAGE_EXISTS = "package_exists"  # facts: order_number, reference
    # delivered: tracking may not be changed any more (2.4); facts: order_number, reference
    PACKAGE_CLOSED = "package_closed"
    # in the future, or before the order; facts: place, value, earliest, latest
    SHIP_DATE_IMPOSSIBLE = "ship_date_impossible"
    TRACKING_REQUIRED = "tracking_required"  # facts: place, service
    CARRIER_NAME_REQUIRED = "carrier_name_required"  # carrier "Other" needs a name; facts: place
    EVENT_OUT_OF_ORDER = "event_out_of_order"  # facts: order_number, reference, status, verb
    # somebody else changed it meanwhile; facts: order_number, expected, actual, by, at
    STALE_VERSION = "stale_version"
    BUSY = "busy"  # somebody else is changing it at this moment (lock timeout); facts: order_number
    # Cancelling (S3; rulebook 3.3).
    # the buyer can still cancel alone, without asking; facts: order_number, until
    SELF_CANCEL_OPEN = "self_cancel_open"
    # the buyer cannot cancel alone any more, only ask; facts: order_number, ended
    SELF_CANCEL_OVER = "self_cancel_over"
    ALREADY_REQUESTED = "already_requested"  # facts: order_number, at
    NO_CANCEL_REQUEST = "no_cancel_request"  # there is no open wish to cancel; facts: order_number
    DECLINE_UNFOUNDED = "decline_unfounded"  # neither shipped nor labelled; facts: order_number, cause
    LABEL_EXISTS = "label_exists"  # S3-08, C10; facts: order_number, reference
    # it would count now, or would not, against what was shown; facts: order_number, counts, why
    EFFECT_CHANGED = "effect_changed"
    OVER_LIMIT = "over_limit"  # needs a second yes; facts: order_number, counted, base, target (basis points)

    # an address that we do not call; facts: place, value, why (syntax | port | network | scheme)
    ADDRESS_REFUSED = "address_refused"
    NAME_TAKEN = "name_taken"  # facts: place, value
    DESTINATION_IN_USE = "destination_in_use"  # subscriptions still name it; facts: place, value
    ALREADY_SUBSCRIBED = "already_subscribed"  # facts: place, value
    TOO_MANY = "too_many"  # facts: place, most
    # Messages (rulebook 2.10, 3.7). Spans are characters of the text that was sent; no refusal repeats a text.
    LINT_REFUSED = "lint_refused"  # facts: order_number, findings (list of code, start, end), codes
    # C18, I17: this buyer wants no mail that is not critical; facts: order_number, reason
    BLOCKED_OPT_OUT = "blocked_opt_out"
    DAILY_CAP = "daily_cap"  # facts: sent, cap
    TOO_LATE_TO_WRITE = "too_late_to_write"  # facts: order_number, completed_at, days
    # the order is not in a state for it; facts: order_number, reason, status
    REASON_NOT_ALLOWED = "reason_not_allowed"
    NOTHING_TO_ANSWER = "nothing_to_answer"  # facts: order_number
    ATTACHMENT_TOO_BIG = "attachment_too_big"  # all files together; facts: place, size, most, most_mb
    TOO_MANY_ATTACHMENTS = "too_many_attachments"  # facts: count, most
    ATTACHMENT_TYPE = "attachment_type"  # not a document or picture; facts: place, kind

    # Refunds (rulebook 2.8, 3.5). Amounts are decimal text in the facts' currency, unless said otherwise.
    NOT_SHIPPED = "not_shipped"  # nothing was charged: cancel instead (C27); facts: order_number
    NOTHING_TO_REFUND = "nothing_to_refund"  # facts: order_number
    REFUND_EXCEEDED = "refund_exceeded"  # facts: order_number, asked, left, currency; item_number, component
    LEFT_CHANGED = "left_changed"  # not what was shown; facts: order_number, expected, left, currency
    CONCESSION_EXCEEDED = "concession_exceeded"  # facts: order_number, asked, left, currency
    OVERRIDE_NEEDED = "override_needed"  # money before goods (S2-11, C8); facts: order_number, rma
    GOODS_NOT_BACK = "goods_not_back"  # "on receipt", and nothing was received; facts: order_number, rma
    DEDUCTION_NOT_ALLOWED = "deduction_not_allowed"  # facts: order_number, why
    DEDUCTION_EXCEEDED = "deduction_exceeded"  # facts: order_number, asked, most, currency
    REFUND_NOT_FOUND = "refund_not_found"  # facts: order_number, reference
    REFUND_STATE = "refund_state"  # facts: order_number, reference, state, verb
    HOLD_OVER = "hold_over"  # it cannot be called back any more (T16); facts: order_number, reference, ended
    BREAK_NOT_FOUND = "break_not_found"  # between the books; unknown or settled already; facts: break_id
    APPROVAL_NEEDED = "approval_needed"  # of somebody else than the author; facts: order_number, reference

    # Returns (rulebook 2.7, 3.4).
    RETURN_NOT_FOUND = "return_not_found"  # facts: order_number, rma
    RETURN_STATE = "return_state"  # facts: order_number, rma, state, verb
    # closed so, the seller would keep goods and money; facts: order_number, rma
    RETURN_GOODS_HERE = "return_goods_here"
    # a refund for it is held or waits for a second person; facts: order_number, rma, reference
    REFUND_UNDERWAY = "refund_underway"
    PHOTO_REFUSED = "photo_refused"  # facts: place, why (of photos.PhotoFault), megapixels
    RMA_TAKEN = "rma_taken"  # another return of the seller has this number; facts: order_number, rma
    # over a border: an address in the buyer's country, a prepaid label, or no return; facts: order_number, country
    RETURN_METHOD_NEEDED = "return_method_needed"
    # a rule gives goods away without a price limit, or above what the policy advises, and nobody agreed to that;
    # facts: place, limit ("" where no currency is given), currency
    RULE_TOO_WIDE = "rule_too_wide"
    RETURN_QUANTITY = "return_quantity"  # T14; facts: order_number, item_number, asked, left

    # Claims, feedback, chargebacks (rulebook 2.9, 3.6). Instants in the facts are aware.
    CLAIM_NOT_FOUND = "claim_not_found"  # facts: order_number, reference
    CLAIM_STATE = "claim_state"  # facts: order_number, reference, state, verb
    CLAIM_EXISTS = "claim_exists"  # one is open already (I14); facts: order_number, reference
    CLAIM_CONTACT_FIRST = "claim_contact_first"  # nobody wrote to the seller yet; facts: order_number, hours
    CLAIM_TOO_EARLY = (
        "claim_too_early"  # T17; facts: order_number, kind, opens_at, why (see claim_filing.Why)
    )
    CLAIM_TOO_LATE = "claim_too_late"  # T17; facts: order_number, kind, until
    CLAIM_NOT_ELIGIBLE = "claim_not_eligible"  # facts: order_number, kind, why (see claim_filing.Why)
    CLAIM_ANSWER_OVER = "claim_answer_over"  # facts: order_number, reference, ended
    APPEAL_OVER = (
        "appeal_over"  # facts: order_number, reference, ended (None: there is nothing to appeal against)
    )
    CLAIM_RELIES_ON_REFUND = "claim_relies_on_refund"  # facts: order_number, reference (of the refund), claim
    ALREADY_RECORDED = "already_recorded"  # facts: order_number, what (feedback | chargeback)
    NOT_RECORDED = "not_recorded"  # facts: order_number, what (feedback | chargeback)

    # Asking for reviews: once for an order, within a window after delivery.
    ALREADY_SOLICITED = "already_solicited"  # facts: order_number, at
    SOLICITATION_NOT_ALLOWED = (
        "solicitation_not_allowed"  # facts: order_number, why, and from, until (instants)
    )

    NOT_DUE = "not_due"  # the deadline's instant has not come; facts: order_number, due_at

    # Signing in with a mailed code.
    CODE_WRONG = "code_wrong"  # facts: left (tries)
    CODE_SPENT = "code_spent"  # used, too old, tried too often, or never there
    TOO_OFTEN = "too_often"  # facts: minutes until it is worth trying again

    # Who asks may not.
    FORBIDDEN = "forbidden"  # facts: permission
    KEY_REUSED = "key_reused"  # the same idempotency key with another body; facts: key
    KEY_IN_USE = "key_in_use"  # the first call with this key still runs; facts: key


@dataclass(unsafe_hash=True)  # not frozen: Python itself writes the traceback into a raised exception
class Refusal(Exception):
    """A rule's no.

    Raise it inside a rule; commands hand it back as the outcome of the one request it concerns. Treat it as
    a value: two refusals with the same code and facts are equal.
    """

    code: Code
    facts: dict[str, Any] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return f"{self.code.value} {self.facts}" if self.facts else self.code.value


def refuse(code: Code, **facts: Any) -> Refusal:
    """Make a refusal with its facts: `raise refuse(Code.ORDER_NOT_FOUND, order_number=number)`."""
    return Refusal(code, facts)
