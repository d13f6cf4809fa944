"""Keep the tallies of orders short: add the rows of an hour up into one (limits L8)."""

from django.db import transaction

from sellerdesk.models.tally_writes import compact_tallies, sellers_with_fresh_tallies
from sellerdesk.models.tenancy import scope_transaction


def add_up_tallies(*, limit: int) -> int:
    """Put at most `limit` fresh rows of each seller into their hours' sums; answers how many were.

    A transaction for each seller. Any number of workers may do it at once, while orders come in and rates are read.
    """
    with transaction.atomic(durable=True):
        scope_transaction(None)
        sellers = sellers_with_fresh_tallies()
    return sum(_add_up(seller_id, limit) for seller_id in sellers)


def _add_up(seller_id: int, limit: int) -> int:
    with transaction.atomic(durable=True):
        scope_transaction(seller_id)
        return compact_tallies(seller_id, limit)
