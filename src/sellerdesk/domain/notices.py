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
    """An event of the journal, its reader, and the letter to write; `when`: what the event's facts must contain,
    `unless`: with what it is told by another letter.
    """

    event: str
    reader: str
    letter: str
    when: Mapping[str, Any] = field(default_factory=dict)
    unless: Mapping[str, Any] = field(default_factory=dict)
    needs: Permission = Permission.ORDERS_READ  # of one of the seller's people who wishes to have it by mail


_P = Permission
_ORDERS = (
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
    Notice("message_received", SELLER, "message_to_seller", needs=_P.MESSAGES_READ),
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
# Returns (S2-14, S2-36 to S2-41; rulebook 3.4). One that is authorised at once is told as authorised.
_RETURNS = (
    Notice("return_requested", SELLER, "return_requested"),
    Notice("return_requested", BUYER, "return_request_received", {"state": "PENDING_AUTHORIZATION"}),
    Notice("return_requested", BUYER, "return_kept", {"state": "PENDING_REFUND"}),
    Notice("return_authorized", BUYER, "return_authorized"),
    Notice("return_closed", BUYER, "return_closed"),
    Notice("return_closed_auto", BUYER, "return_closed_auto"),
    Notice("return_withdrawn", BUYER, "your_return_withdrawn"),
    Notice("return_withdrawn", SELLER, "return_withdrawn"),
    Notice("return_answer_passed", SELLER, "return_unanswered"),
    Notice("return_method_missed", SELLER, "return_method_missed"),
    Notice("return_departed", SELLER, "return_on_its_way"),
    Notice("return_received", BUYER, "return_arrived"),
    Notice("return_received", SELLER, "return_refund_due"),
    Notice("return_refund_overdue", SELLER, "return_refund_overdue"),
)
# Refunds (S0-32; T16; rulebook 3.5). The buyer hears of money when it goes, and of nothing before: a refund that is
# drafted, held or called back is none of theirs.
_REFUNDS = (
    Notice("refund_drafted", SELLER, "refund_to_approve", needs=_P.REFUNDS_APPROVE),
    Notice("refund_released", BUYER, "refund_sent"),
    Notice("refund_rejected", BUYER, "refund_failed"),
    Notice("refund_rejected", SELLER, "refund_rejected", needs=_P.REFUNDS_MAKE),
    Notice("payment_break_found", SELLER, "payment_break", needs=_P.PAYMENTS_SETTLE),
)
# Claims (rulebook 2.9, 3.6). Silence costs the seller money, so whoever may answer hears of each step.
_CLAIMS = (
    Notice("claim_filed", SELLER, "claim_filed"),
    Notice("claim_filed", BUYER, "your_claim_filed"),
    # Asked as it was filed: one letter says both, with the deadline.
    Notice("claim_action_required", SELLER, "claim_action_required", unless={"automatic": True}),
    Notice("claim_granted", SELLER, "claim_granted"),
    Notice("claim_granted", BUYER, "your_claim_granted"),
    Notice("claim_denied", SELLER, "claim_denied"),
    Notice("claim_denied", BUYER, "your_claim_denied"),
    Notice("claim_withdrawn", SELLER, "claim_withdrawn"),
    Notice("claim_withdrawn", BUYER, "your_claim_withdrawn"),
    Notice("claim_refunded", BUYER, "your_claim_refunded"),
    Notice("claim_appeal_info_required", SELLER, "claim_appeal_info_required"),
    Notice("claim_reversed", SELLER, "claim_reversed"),
    Notice("claim_appeal_denied", SELLER, "claim_appeal_denied"),
)
NOTICES = _ORDERS + _RETURNS + _REFUNDS + _CLAIMS

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
    """The roles of people who may have a mail of what the seller hears: messages are not for everybody's eyes, and a
    refund that waits for a yes is for those who may say it.
    """
    return [role.value for role, permissions in PERMISSIONS.items() if notice.needs in permissions]


def letter_language(tag: str) -> str:
    """The language of LANGUAGES that is nearest to a BCP 47 tag; English where there is none."""
    first, *rest = tag.lower().replace("_", "-").split("-")
    if first != "zh":
        return "en"
    return "zh-hant" if _TRADITIONAL & set(rest) else "zh-hans"
