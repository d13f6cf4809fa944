"""Remove rows that have had their time: tokens, answers to idempotency keys, old deliveries and news, idle budgets,
codes and sessions of buyers, files that programs handed in.
"""

from datetime import datetime, timedelta

from django.db import transaction

from sellerdesk.domain.receivers import RECORDS_KEPT
from sellerdesk.models.sql import run
from sellerdesk.models.tenancy import scope_transaction

# An expired token is kept a little, so that a program is told "expired" and not "unknown".
TOKENS_KEPT = timedelta(days=1)
KEYS_KEPT = timedelta(days=30)  # trust 1.1: how long a repeat of a call is recognised
CODES_KEPT = timedelta(days=1)  # so that the letter of a late code can still tell that it is too late
NEWS_KEPT = timedelta(days=90)
UPLOADS_KEPT = timedelta(
    days=2
)  # after the address has expired: as long as a program may take to use the file
BUDGETS_KEPT = timedelta(days=1)  # a bucket that was not touched for a day is full

_OLD = {
    "tokens": ("api_tokens", "expires_at", TOKENS_KEPT),
    "keys": ("idempotency_keys", "at", KEYS_KEPT),
    "codes": ("access_codes", "expires_at", CODES_KEPT),
    "buyers": ("access_sessions", "expires_at", timedelta()),
    "deliveries": ("deliveries", "tried_at", RECORDS_KEPT),
    "news": ("notifications", "at", NEWS_KEPT),
    "uploads": ("upload_destinations", "expires_at", UPLOADS_KEPT),
    "budgets": ("request_budgets", "filled_at", BUDGETS_KEPT),
}
KINDS = tuple(_OLD)


def remove_old(kind: str, *, now: datetime, limit: int) -> int:
    """Remove at most `limit` rows of one kind (of KINDS); answers how many were. Rows that others hold stay."""
    table, column, kept = _OLD[kind]
    with transaction.atomic(durable=True):
        scope_transaction(None)
        return run(
            f"DELETE FROM {table} WHERE ctid = ANY(ARRAY("
            f"SELECT ctid FROM {table} WHERE {column} < %s LIMIT %s FOR UPDATE SKIP LOCKED))",
            [now - kept, limit],
        )
