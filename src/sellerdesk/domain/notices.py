"""Which events owe whom a mail (S0-07, S0-18, S0-19; rulebook 2.4): the journal says what happened, this who hears."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sellerdesk.domain.actors import PERMISSIONS, Permission

SELLER, BUYER = "seller", "buyer"
WRITER = "writer"  # who of the seller's people the event concerns: its fact `user`, or else the seller's own address


@dataclass(frozen=True, slots=True)
class Notice:
    """An event of the journal, its reader, and the letter to write; `when`: what the event's facts must contain."""

    event: str
    reader: str
    letter: str
    when: Mapping[str, Any] = field(default_factory=dict)


NOTICES = (
    Notice("payment_authorized", SELLER, "sold", {"status": "Unshipped"}),
    Notice("ship_by_reminded", SELLER, "ship_by_reminder"),
    Notice("auto_cancel_warned", SELLER, "auto_cancel_warning"),
    Notice("order_auto_cancelled", SELLER, "auto_cancelled"),
    Notice("order_auto_cancelled", BUYER, "cancelled"),
    Notice("shipment_confirmed", BUYER, "shipped"),
    Notice("warehouse_shipped", BUYER, "shipped"),
    Notice("parcel_event", BUYER, "delivered", {"kind": "DELIVERED"}),
    Notice("portal_code_sent", BUYER, "portal_code"),
    # Messages (S3-10, S3-11).
    Notice("message_sent", BUYER, "message_to_buyer"),
    Notice("message_received", SELLER, "message_to_seller"),
    Notice("message_blocked", SELLER, "message_blocked"),
    Notice("mail_refused", WRITER, "mail_refused"),
    # Cancelling (S3-13, S3-26).
    Notice("cancellation_requested", SELLER, "cancel_requested"),
    Notice("cancel_answer_passed", SELLER, "cancel_answer_reminder"),
    Notice("guide_unanswered", SELLER, "guide_unanswered"),
    Notice("order_cancelled", SELLER, "you_cancelled"),
    Notice("order_cancelled", BUYER, "seller_cancelled"),
    Notice("buyer_cancelled", SELLER, "buyer_cancelled"),
    Notice("buyer_cancelled", BUYER, "your_cancellation"),
    Notice("marketplace_cancelled", BUYER, "marketplace_cancelled"),
    # Only what was the seller's to ship is news to the seller.
    Notice("marketplace_cancelled", SELLER, "work_cancelled", {"was": "Unshipped"}),
    Notice("marketplace_cancelled", SELLER, "work_cancelled", {"was": "PartiallyShipped"}),
    Notice("cancellation_declined", BUYER, "cancel_declined"),
    Notice("cancellation_superseded", BUYER, "shipped_anyway", {"state": "requested_formal"}),
    Notice("solicitation_sent", BUYER, "review_request"),
)

LETTERS = tuple(dict.fromkeys(notice.letter for notice in NOTICES))
# Letters that carry a message: they come from a relay address, so that an answer finds the thread.
MESSAGE_LETTERS = frozenset({"message_to_buyer", "message_to_seller"})
LANGUAGES = ("en", "zh-hans", "zh-hant")
_TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})

# The pauses after failed attempts, much as Standard Webhooks has them. After the last one a mail is dead.
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
PAUSES = (_MINUTE, 5 * _MINUTE, 30 * _MINUTE, *(n * _HOUR for n in (2, 5, 10, 14, 20, 24)))


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after the n-th failed attempt, or None when that was the last one."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def roles_that_hear(notice: Notice) -> list[str]:
    """The roles of people who may have a mail of what the seller hears: messages are not for everybody's eyes."""
    needed = Permission.MESSAGES_READ if notice.letter in MESSAGE_LETTERS else Permission.ORDERS_READ
    return [role.value for role, permissions in PERMISSIONS.items() if needed in permissions]


def letter_language(tag: str) -> str:
    """The language of LANGUAGES that is nearest to a BCP 47 tag; English where there is none."""
    first, *rest = tag.lower().replace("_", "-").split("-")
    if first != "zh":
        return "en"
    return "zh-hant" if _TRADITIONAL & set(rest) else "zh-hans"
