"""Take a reviewer's verdict on the regulated information of orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.commands import run_batch
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.orders import Status
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.verifications import APPROVED, PENDING, REJECTED, verify
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.published_writes import PublishedOrder, PublishedPart, lock_published, write_published

PART = "regulated"  # the part of Order.published that this command owns


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """A verdict: Approved, Rejected, or "" while there is none. Details of prescriptions are not kept here."""

    order_number: str
    verdict: str
    reviewer: str  # the seller's own name for who reviewed
    reason_id: str = ""  # of a rejection
    place: str = ""


def report_verifications(
    actor: Actor, reports: Sequence[VerificationReport], *, now: datetime
) -> list[Outcome]:
    """Record verdicts: "recorded". Refusals are those of `domain.verifications.verify`, MISSING_VALUE (a rejection
    without its reason), ORDER_NOT_FOUND, DUPLICATE_REQUEST, FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        known = lock_published(seller_id, [report.order_number for report in reports])
        outcomes: list[Outcome] = []
        parts: dict[str, PublishedPart] = {}
        for report in reports:
            try:
                if report.order_number in parts:
                    raise refuse(Code.DUPLICATE_REQUEST, place=report.place or report.order_number)
                parts[report.order_number] = _decide(report, known.get(report.order_number), now)
            except Refusal as refusal:
                outcomes.append(refused(report.order_number, refusal, report.place))
                continue
            outcomes.append(Outcome(report.order_number, "recorded", place=report.place))
        if parts:
            write_published(actor, seller_id, list(parts.values()), now)
        return outcomes

    return run_batch(actor, Permission.ORDERS_SHIP, reports, work)


def _decide(report: VerificationReport, order: PublishedOrder | None, now: datetime) -> PublishedPart:
    if order is None:
        raise refuse(Code.ORDER_NOT_FOUND, order_number=report.order_number)
    if report.verdict == REJECTED and not report.reason_id:
        raise refuse(Code.MISSING_VALUE, place="rejectionReasonId")
    held: dict[str, Any] = order.published.get(PART, {})
    state = verify(
        report.order_number,
        order_status=Status(order.status),
        is_regulated=order.published.get("v0", {}).get("HasRegulatedItems") is True,
        state=held.get("status", PENDING),
        verdict=report.verdict,
    )
    facts = {"status": state, "reviewer": report.reviewer, "reason_id": report.reason_id}
    reviewed = {"reviewed_at": now.isoformat()} if state in (APPROVED, REJECTED) else {}
    return PublishedPart({PART: held | facts | reviewed}, Entry(order.id, "verification_reported", facts))
