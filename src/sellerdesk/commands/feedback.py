"""Feedback and chargebacks, as the marketplace saw them (rulebook 2.6): recorded, and taken away again."""

from collections.abc import Sequence
from datetime import datetime

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.feedback import ChargebackClosing, ChargebackReport, FeedbackRemoval, FeedbackReport
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.outcomes import Outcome


def record_feedback(
    actor: Actor, reports: Sequence[FeedbackReport], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Record ratings: "recorded" with facts rating, negative. Once per order (ALREADY_RECORDED)."""
    raise NotImplementedError


def remove_feedback(
    actor: Actor, removals: Sequence[FeedbackRemoval], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Take ratings out of the metrics: "removed" with fact reason; NOT_RECORDED when there is none."""
    raise NotImplementedError


def record_chargebacks(
    actor: Actor, reports: Sequence[ChargebackReport], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Record chargebacks: "recorded" with facts reference, kind. From then on the order cannot be claimed for."""
    raise NotImplementedError


def close_chargebacks(
    actor: Actor, closings: Sequence[ChargebackClosing], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Record how chargebacks ended: "closed" with fact outcome."""
    raise NotImplementedError
