"""Settle differences between our books and the payment side's: a person says what was found out (P4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sellerdesk.commands import run_batch
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.models.break_writes import lock_breaks, write_settled

REASON_LENGTH_MOST = 500


@dataclass(frozen=True, slots=True)
class SettleBreak:
    """A break that somebody has looked into, and what came of it."""

    break_id: int
    reason: str
    place: str = ""

    @property
    def order_number(self) -> str:
        """A break names its order only once it is found."""
        return ""


def settle_breaks(
    actor: Actor, requests: Sequence[SettleBreak], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Close breaks with a reason; neither book is changed by it.

    Outcome "settled" with facts reference, kind. Refusals: MISSING_VALUE and INVALID_VALUE (the reason),
    BREAK_NOT_FOUND (unknown, or settled already), FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        known = lock_breaks(seller_id, {one.break_id for one in requests})
        outcomes, settled = [], []
        for one in requests:
            try:
                reason = _reason(one.reason)
                found = known.pop(one.break_id, None)
                if found is None:
                    raise refuse(Code.BREAK_NOT_FOUND, break_id=one.break_id)
            except Refusal as refusal:
                outcomes.append(refused("", refusal, one.place))
                continue
            settled.append((found, reason))
            said = {"reference": found.reference, "kind": found.kind}
            outcomes.append(Outcome(found.order_number, "settled", place=one.place, facts=said))
        write_settled(actor, seller_id, settled, now)
        return outcomes

    return run_batch(actor, Permission.PAYMENTS_SETTLE, requests, work, once)


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise refuse(Code.MISSING_VALUE, place="reason")
    if len(reason) > REASON_LENGTH_MOST:
        raise refuse(
            Code.INVALID_VALUE,
            place="reason",
            value=f"{reason[:40]}…",
            expected=f"at most {REASON_LENGTH_MOST} characters",
        )
    return reason
