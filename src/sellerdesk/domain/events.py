"""Which facts of the journal are told to other programs, and under which names (screens: webhooks).

A type is a promise to programs that we do not know: it is added, never renamed. `facts` are the members of a journal
entry that go along; whatever else an entry holds stays here, and nothing personal is ever among them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

TEST = "webhook.test"


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of journal entry as programs hear of it. `meaning` goes into the reference."""

    kind: str
    type: str
    meaning: str
    facts: tuple[str, ...] = ()


_CANCELLED = ("by", "reason", "units", "status", "counts")
_MONEY = ("reference", "total", "currency")
_REFUND = (*_MONEY, "reason", "mode", "rma", "fee", "concessions", "release_at")
_RETURN = ("rma", "kind", "reason", "state", "lines", "verdict", "payer", "returnless")
_CLAIM = ("reference", "kind", "amount", "currency")
_DECIDED = (*_CLAIM, "cause", "fault", "funding", "paid", "debited", "defect", "appeal_until")
_APPEAL = (*_CLAIM, "money", "defect")
EVENTS = (
    Event("order_placed", "order.placed", "A storefront placed an order."),
    Event("order_imported", "order.imported", "An order came in from another platform."),
    Event("order_updated", "order.updated", "The platform of an imported order changed it."),
    Event(
        "payment_authorized",
        "payment.authorized",
        "The order may be shipped now.",
        ("status", "latest_ship_at"),
    ),
    Event("payment_declined", "payment.declined", "The payment failed; do not ship.", ("status", "reason")),
    Event("payment_waiting", "payment.waiting", "The payment is still open.", ("status", "reason")),
    Event(
        "shipment_confirmed",
        "shipment.confirmed",
        "The seller confirmed parcels.",
        ("packages", "status", "late"),
    ),
    Event(
        "warehouse_shipped", "shipment.confirmed", "The warehouse shipped parcels.", ("packages", "status")
    ),
    Event("shipment_edited", "shipment.changed", "A confirmed parcel was confirmed again.", ("reference",)),
    Event("parcel_event", "parcel.moved", "News from the carrier.", ("reference", "kind", "at")),
    Event("ship_by_reminded", "order.ship_by_near", "The ship-by time is near.", ("due_at", "ship_by")),
    Event("ship_by_passed", "order.ship_by_missed", "The ship-by time has passed.", ("due_at", "ship_by")),
    Event(
        "auto_cancel_warned",
        "order.auto_cancel_warned",
        "The order will be cancelled automatically unless it is shipped.",
        ("due_at", "ship_by"),
    ),
    Event("order_auto_cancelled", "order.cancelled", "Cancelled for want of a confirmation.", _CANCELLED),
    Event("order_cancelled", "order.cancelled", "The seller cancelled, in whole or in part.", _CANCELLED),
    Event("buyer_cancelled", "order.cancelled", "The buyer cancelled within the window.", _CANCELLED),
    Event(
        "cancelled_elsewhere", "order.cancelled", "Cancelled on the platform that it came from.", _CANCELLED
    ),
    Event("marketplace_cancelled", "order.cancelled", "The marketplace cancelled.", _CANCELLED),
    Event(
        "cancellation_requested",
        "order.cancellation_requested",
        "The buyer has filed a request to cancel.",
        ("reason", "items", "units", "status"),
    ),
    Event(
        "cancellation_declined",
        "order.cancellation_declined",
        "The seller declined the buyer's request.",
        ("cause", "status"),
    ),
    Event(
        "cancellation_superseded",
        "order.cancellation_superseded",
        "The order was shipped before the buyer's request was answered.",
        ("cause",),
    ),
    Event(
        "cancel_answer_passed",
        "order.cancellation_unanswered",
        "The time to answer the buyer's request has passed.",
        ("due_at",),
    ),
    Event(
        "message_received",
        "message.received",
        "The buyer wrote; the text is not sent along.",
        ("message", "files", "due_at"),
    ),
    Event(
        "message_sent",
        "message.sent",
        "The seller wrote; the text is not sent along.",
        ("message", "reason", "files"),
    ),
    Event(
        "message_answer_missed", "message.unanswered", "The time to answer a message has passed.", ("due_at",)
    ),
    # Returns.
    Event("return_requested", "return.requested", "The buyer asks to send goods back.", _RETURN),
    Event(
        "return_authorized",
        "return.authorized",
        "The buyer may send the goods back; no money moves.",
        ("rma", "own_rma", "label", "automatic"),
    ),
    Event(
        "return_closed",
        "return.closed",
        "The seller closed the request; the comment is not sent along.",
        ("rma", "reason", "contacted", "wrongly_rejected"),
    ),
    Event("return_withdrawn", "return.closed", "The buyer gave it up.", ("rma",)),
    Event("return_closed_auto", "return.closed", "Nothing happened for long.", ("rma", "due_at", "late")),
    Event("return_answer_passed", "return.unanswered", "The time to answer has passed.", ("rma", "due_at")),
    Event(
        "return_method_missed",
        "return.unanswered",
        "No way back over the border was given in time.",
        ("rma", "due_at", "by", "refunded", "currency"),
    ),
    Event("return_departed", "return.in_transit", "The carrier has scanned it.", ("rma", "at")),
    Event("return_delivered", "return.delivered", "The carrier says that it arrived.", ("rma", "at")),
    Event(
        "return_received",
        "return.received",
        "The goods are back; the refund is due.",
        ("rma", "units", "due_at"),
    ),
    Event(
        "return_graded",
        "return.inspected",
        "Somebody looked at what came back.",
        ("rma", "grades", "restocked"),
    ),
    Event(
        "return_refund_overdue",
        "return.refund_overdue",
        "The goods are back, and the refund was not made in time; the marketplace may have made it.",
        ("rma", "due_at", "by", "refunded", "currency"),
    ),
    Event("return_completed", "return.completed", "Refunds cover what was asked.", ("rma",)),
    # Refunds.
    Event("refund_drafted", "refund.drafted", "A refund waits for a second person.", _REFUND),
    Event(
        "refund_requested",
        "refund.pending",
        "A refund is held until `releaseAt` and can be called back; one of the marketplace goes at once.",
        _REFUND,
    ),
    Event(
        "refund_approved",
        "refund.pending",
        "A second person agreed; its hold begins.",
        ("reference", "total", "currency", "release_at"),
    ),
    Event("refund_undone", "refund.undone", "It was called back; the buyer hears nothing.", _MONEY),
    Event("refund_released", "refund.released", "The money is on its way to the buyer.", _MONEY),
    Event("refund_settled", "refund.settled", "The payment side says that it was paid out.", _MONEY),
    Event(
        "refund_rejected",
        "refund.rejected",
        "It can never be paid out; the amount is refundable again.",
        _MONEY,
    ),
    Event(
        "payment_break_found",
        "payment.break_found",
        "The payment side's books differ from these.",
        ("reference", "kind", "amount", "currency"),
    ),
    Event(
        "payment_break_settled",
        "payment.break_settled",
        "Somebody looked at the difference; what was found out is not sent along.",
        ("reference", "kind"),
    ),
    Event(
        "fee_recorded",
        "fee.recorded",
        "A fee of the marketplace was taken.",
        ("reference", "amount", "currency"),
    ),
    Event(
        "payout_recorded",
        "payout.recorded",
        "The seller was paid for a period.",
        ("reference", "amount", "currency", "from", "until"),
    ),
    # Claims.
    Event("claim_filed", "claim.filed", "The buyer filed a claim.", _CLAIM),
    Event(
        "claim_action_required",
        "claim.action_required",
        "The seller is asked: without an answer by `dueAt` the claim is granted.",
        (*_CLAIM, "due_at"),
    ),
    Event("claim_answered", "claim.answered", "The seller answered.", _CLAIM),
    Event("claim_granted", "claim.granted", "Decided for the buyer.", _DECIDED),
    Event("claim_denied", "claim.denied", "Decided for the seller.", _DECIDED),
    Event("claim_withdrawn", "claim.withdrawn", "The buyer withdrew it.", _CLAIM),
    Event(
        "claim_refunded", "claim.refunded", "The seller refunded before the decision.", (*_CLAIM, "defect")
    ),
    Event(
        "claim_reopened",
        "claim.reopened",
        "The refund that settled it could not be paid out: it is under review again.",
        (*_CLAIM, "defect"),
    ),
    Event("claim_paid", "claim.paid", "The payment side says that the buyer was paid.", _MONEY),
    Event(
        "claim_payout_failed",
        "claim.payout_failed",
        "The buyer could not be paid, and is owed the money all the same.",
        _MONEY,
    ),
    Event(
        "claim_payout_retried",
        "claim.payout_retried",
        "The marketplace asks the payment side once more to pay the buyer.",
        _MONEY,
    ),
    Event("claim_appealed", "claim.appealed", "The seller appealed against the decision.", _CLAIM),
    Event(
        "claim_appeal_info_required",
        "claim.appeal_action_required",
        "The seller is asked about the appeal: without an answer by `dueAt` it is over.",
        (*_CLAIM, "due_at"),
    ),
    Event("claim_appeal_answered", "claim.appeal_answered", "The seller answered about the appeal.", _CLAIM),
    Event("claim_reversed", "claim.reversed", "The appeal was granted, in whole or in part.", _APPEAL),
    Event("claim_appeal_denied", "claim.appeal_denied", "The appeal was denied.", (*_APPEAL, "cause")),
    Event("claim_appeal_over", "claim.appeal_over", "The time to appeal has ended.", ("reference", "due_at")),
    # Ratings and chargebacks.
    Event("feedback_received", "feedback.received", "The buyer rated the order.", ("rating", "negative")),
    Event("feedback_removed", "feedback.removed", "A rating counts no more.", ("reason",)),
    Event(
        "chargeback_opened",
        "chargeback.opened",
        "The buyer's bank takes money back.",
        ("reference", "kind", "amount", "currency"),
    ),
    Event("chargeback_closed", "chargeback.closed", "It has ended.", ("reference", "outcome")),
)
BY_KIND: Mapping[str, Event] = {event.kind: event for event in EVENTS}
TYPES = tuple(dict.fromkeys(event.type for event in EVENTS))

# Kinds that stay in the house: staff's own steps, people and programs of the account, and what is told elsewhere.
UNPUBLISHED = frozenset(
    {
        "seller_created",
        "staff_added",
        "client_created",
        "client_revoked",
        "slip_printed",
        "pickup_reported",
        "verification_reported",
        "cancellation_noted",
        "cancellation_guided",
        "cancellation_dismissed",
        "guide_unanswered",
        "portal_code_sent",
        "message_no_response_needed",
        "message_reopened",
        "message_noted",
        "message_blocked",
        "mail_refused",
        "solicitation_sent",
        "return_setting_changed",
        "return_rule_added",
        "return_rule_ended",
        "receiver_created",
        "receiver_changed",
        "receiver_disabled",
        "receiver_deleted",
        "delivery_given_up",
    }
)


def types_of(kinds: Mapping[str, Event] = BY_KIND) -> dict[str, tuple[Event, ...]]:
    """Type → the kinds of entries behind it, for the reference and for choosing in forms."""
    found: dict[str, tuple[Event, ...]] = {}
    for event in kinds.values():
        found[event.type] = (*found.get(event.type, ()), event)
    return found
