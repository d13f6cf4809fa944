"""Whose transfers to the payment side wait."""

from datetime import datetime

from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped

_DUE = """
SELECT DISTINCT seller_id FROM payment_transfers
 WHERE next_at <= %s AND state IN ('queued', 'calling', 'unknown') ORDER BY 1"""
_DONE = "SELECT DISTINCT seller_id FROM payment_transfers WHERE state = 'done' AND closed_at >= %s ORDER BY 1"


def sellers_with_due_transfers(now: datetime) -> list[int]:
    """The sellers of whom a transfer is due."""
    with scoped(None):
        return [row[0] for row in rows(_DUE, [now])]


def sellers_with_done_transfers(since: datetime) -> list[int]:
    """The sellers of whom a transfer was done since a moment."""
    with scoped(None):
        return [row[0] for row in rows(_DONE, [since])]
