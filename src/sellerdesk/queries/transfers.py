"""Whose transfers to the payment side wait: to be asked for, to be compared, or for too long."""

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
