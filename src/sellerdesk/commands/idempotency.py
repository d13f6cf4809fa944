"""Throw away the keys that nobody will repeat any more."""

from datetime import datetime, timedelta

from django.db import transaction

from sellerdesk.models.idempotency_writes import delete_before
from sellerdesk.models.tenancy import scope_transaction

# A technical promise to programs, not a rule of any marketplace: so long the same key gets the same answer.
KEPT = timedelta(days=30)
_BATCH = 10_000


def forget_keys(*, now: datetime) -> int:
    """Delete keys of all sellers older than 30 days, a batch at a time; answers how many went."""
    gone = 0
    while True:
        with transaction.atomic(durable=True):
            scope_transaction(None)
            batch = delete_before(now - KEPT, at_most=_BATCH)
        gone += batch
        if batch < _BATCH:
            return gone
