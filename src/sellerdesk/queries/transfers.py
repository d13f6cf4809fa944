"""Whose transfers to the payment side wait: to be asked for, to be compared, or for too long; and claims that it
could not pay.
"""

from dataclasses import dataclass
from datetime import datetime

from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped

_DUE = """
SELECT seller_id FROM payment_transfers
 WHERE next_at <= %s AND state IN ('queued', 'calling', 'unknown') GROUP BY 1 ORDER BY min(next_at), 1 LIMIT %s"""
_TO_CHECK = """
SELECT seller_id FROM payment_transfers
 WHERE check_at <= %s AND state = 'done' GROUP BY 1 ORDER BY min(check_at), 1 LIMIT %s"""
_OPEN = """
SELECT DISTINCT seller_id FROM payment_transfers WHERE state IN ('queued', 'calling', 'unknown') ORDER BY 1"""


def sellers_with_due_transfers(now: datetime, limit: int) -> list[int]:
    """The sellers of whom a transfer is due, the one that waits longest first."""
    with scoped(None):
        return [row[0] for row in rows(_DUE, [now, limit])]


def sellers_with_due_checks(now: datetime, limit: int) -> list[int]:
    """The sellers of whom a transfer is to be compared, the one that waits longest first."""
    with scoped(None):
        return [row[0] for row in rows(_TO_CHECK, [now, limit])]


def sellers_with_open_transfers() -> list[int]:
    """The sellers of whom nobody knows of some transfer whether it went."""
    with scoped(None):
        return [row[0] for row in rows(_OPEN)]


_FAILED = """
SELECT t.id, t.seller_id, m.name, o.order_number, k.reference, t.amount, t.currency, t.key, t.error, t.closed_at
  FROM payment_transfers t
  JOIN claims k ON k.seller_id = t.seller_id AND k.id = t.claim_id
  JOIN orders o ON o.seller_id = k.seller_id AND o.id = k.order_id
  JOIN sellers m ON m.id = k.seller_id
 WHERE t.state = 'failed' AND t.claim_id IS NOT NULL AND k.paid > 0
   AND (%(reference)s::text IS NULL OR k.reference = %(reference)s::text)
   AND (%(before)s::bigint IS NULL OR t.id < %(before)s::bigint)
 ORDER BY t.id DESC LIMIT %(limit)s"""


@dataclass(frozen=True, slots=True)
class FailedPayoutView:
    """A granted claim whose buyer could not be paid: amount in minor units, `error` in the payment side's words."""

    id: int
    seller_id: int
    seller_name: str
    order_number: str
    reference: str
    amount: int
    currency: str
    key: str
    error: str
    failed_at: datetime


def failed_payouts(
    *, reference: str | None = None, before: int | None = None, limit: int = 1
) -> list[FailedPayoutView]:
    """Claims of all sellers that the payment side could not pay, the newest first; or the one with that reference."""
    with scoped(None):
        found = rows(_FAILED, {"reference": reference, "before": before, "limit": limit})
    return [FailedPayoutView(*row) for row in found]
