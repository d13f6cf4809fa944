"""Writing refunds that nobody holds."""

from collections.abc import Sequence
from datetime import datetime

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.refunds import HeldRefund, RefundDecision, RefundState
from sellerdesk.models.refund_writes import HeldChange, write_releases, write_requests


def write_at_once(actor: Actor, seller_id: int, decisions: Sequence[RefundDecision], now: datetime) -> None:
    """Request and release them in one go, held by nobody."""
    if not decisions:
        return
    ids = write_requests(actor, seller_id, decisions, now)
    releases = [
        HeldChange(
            HeldRefund(
                ids[one.reference],
                one.facts.order.id,
                one.facts.order.order_number,
                one.reference,
                RefundState.PENDING,
                actor.name,
                one.total,
                one.facts.order.currency,
                now,
                one.facts.order.marketplace_id,
                0,
            ),
            RefundState.RELEASED,
            "refund_released",
        )
        for one in decisions
    ]
    write_releases(actor, seller_id, releases, now)
