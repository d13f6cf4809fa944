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
