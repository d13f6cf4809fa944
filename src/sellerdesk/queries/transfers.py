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


# By way of the claims, of which there are few; transfers have no index on what failed.
_FAILED = """
SELECT k.id, k.seller_id, m.name, o.order_number, k.reference, t.amount, t.currency, t.key, t.error, t.closed_at
  FROM claims k
 CROSS JOIN LATERAL (
   SELECT * FROM payment_transfers t
    WHERE t.seller_id = k.seller_id AND t.claim_id = k.id AND t.state = 'failed' OFFSET 0) t
  JOIN orders o ON o.seller_id = k.seller_id AND o.id = k.order_id
  JOIN sellers m ON m.id = k.seller_id
 WHERE k.paid > 0 AND (%(reference)s::text IS NULL OR k.reference = %(reference)s::text)
   AND (%(before)s::bigint IS NULL OR k.id < %(before)s::bigint)
 ORDER BY k.id DESC LIMIT %(limit)s"""


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
