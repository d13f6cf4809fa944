"""Which facts of the journal a seller's people are told of in the application, and who wants to hear what.

A person's settings say for a kind of news, on one marketplace or on all, whether it comes by mail and in the
application. The nearest setting counts: one for this marketplace before one for all, then one for this kind before one
for all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sellerdesk.domain.actors import PERMISSIONS, Permission

MAIL, APP = "mail", "app"
CHANNELS = (MAIL, APP)
DEFAULTS = {MAIL: False, APP: True}
EVERY = "*"


@dataclass(frozen=True, slots=True)
class News:
    """A kind of journal entry that is news; `when`: what its facts must contain. `urgent` asks for somebody to act;
    `needs`: the right without which nobody sees it.
    """

    kind: str
    when: Mapping[str, Any] = field(default_factory=dict)
    urgent: bool = False
    needs: Permission = Permission.ORDERS_READ


_P = Permission
NEWS = (
    News("cancellation_requested", urgent=True),
    News("cancel_answer_passed", urgent=True),
    News("message_received", needs=_P.MESSAGES_READ),
    News("message_answer_missed", urgent=True, needs=_P.MESSAGES_READ),
    News("auto_cancel_warned", urgent=True),
    News("ship_by_passed", urgent=True),
    News("order_auto_cancelled", urgent=True),
    News("buyer_cancelled"),
    News("marketplace_cancelled"),
    News("cancelled_elsewhere"),
    News("cancellation_superseded"),
    News("return_requested", urgent=True),
    News("return_answer_passed", urgent=True),
    News("return_withdrawn"),
    News("return_closed_auto"),
    News("return_method_missed", urgent=True),
    News("return_departed"),
    News("return_delivered"),
    News("return_received"),
    News("return_refund_overdue", urgent=True),
    News("refund_drafted", urgent=True, needs=_P.REFUNDS_APPROVE),
    News("refund_requested", needs=_P.REFUNDS_MAKE),
    News("refund_undone", needs=_P.REFUNDS_MAKE),
    News("refund_released", needs=_P.REFUNDS_MAKE),
    News("refund_settled", needs=_P.REFUNDS_MAKE),
    News("refund_rejected", urgent=True, needs=_P.REFUNDS_MAKE),
    News("payment_break_found", urgent=True, needs=_P.PAYMENTS_SETTLE),
    News("claim_filed", urgent=True),
    News("claim_action_required", urgent=True),
    News("claim_granted", urgent=True),
    News("claim_denied"),
    News("claim_withdrawn"),
    News("claim_refunded"),
    News("claim_reopened", urgent=True),
    News("claim_payout_failed", urgent=True, needs=_P.PAYMENTS_SETTLE),
    News("claim_appeal_info_required", urgent=True),
    News("claim_reversed"),
    News("claim_appeal_denied"),
    News("claim_appeal_over"),
    News("feedback_received", {"negative": True}),
    News("chargeback_opened", urgent=True),
    News("chargeback_closed"),
    News("receiver_disabled", urgent=True),
    News("delivery_given_up", urgent=True),
)
KINDS = tuple(news.kind for news in NEWS)
HIDDEN: Mapping[str, tuple[str, ...]] = {
    role.value: tuple(news.kind for news in NEWS if news.needs not in permissions)
    for role, permissions in PERMISSIONS.items()
}
"""Role → the kinds that its people do not see."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A person's wish. `marketplace_id` and `kind` may be EVERY."""

    marketplace_id: str
    kind: str
    channel: str
    is_on: bool


def is_wanted(settings: Iterable[Setting], *, kind: str, marketplace_id: str, channel: str) -> bool:
    """Whether a person wants this kind of news this way; without a setting the channel's default counts."""
    found = [
        one
        for one in settings
        if one.channel == channel
        and one.kind in (kind, EVERY)
        and one.marketplace_id in (marketplace_id, EVERY)
    ]
    if not found:
        return DEFAULTS[channel]
    return max(found, key=lambda one: (one.marketplace_id != EVERY, one.kind != EVERY)).is_on
