"""Cancellation rates as they stand in the tables: for a command, a preview, a page, at any moment."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sellerdesk.domain.policies import PolicyBook
from sellerdesk.domain.rates import CancellationRate, RatePolicy
from sellerdesk.models.sql import rows
from sellerdesk.models.terms import policy_book

_ORDERS = """
SELECT count(*) FROM orders
 WHERE seller_id = %(seller)s AND marketplace_id = %(place)s AND channel = 'MFN'
   AND placed_at > %(since)s AND placed_at <= %(at)s"""

_CANCELLED = """
SELECT count(*) FILTER (WHERE counts), count(*) FILTER (WHERE leaves AND NOT counts)
  FROM (SELECT bool_or(counts) AS counts, bool_or(leaves) AS leaves FROM cancellations
         WHERE seller_id = %(seller)s AND marketplace_id = %(place)s
           AND placed_at > %(since)s AND placed_at <= %(at)s AND at <= %(at)s
         GROUP BY order_id) one"""


def read_rates(seller_id: int, marketplace_ids: Collection[str], at: datetime) -> dict[str, CancellationRate]:
    """The cancellation rate of each marketplace at a moment, under the policies of that day."""
    if not marketplace_ids:
        return {}
    book = policy_book(marketplace_ids)
    return {place: _rate(seller_id, place, rate_policy(book, place, at), at) for place in marketplace_ids}


def rate_policy(book: PolicyBook, marketplace_id: str, at: datetime) -> RatePolicy:
    """The policy values that the rate is measured by on the UTC day of `at` (rulebook 2.6: windows are in UTC)."""
    names = RatePolicy.__dataclass_fields__
    return RatePolicy(**{name: book.value(marketplace_id, name, at.date()) for name in names})


def _rate(seller_id: int, marketplace_id: str, policy: RatePolicy, at: datetime) -> CancellationRate:
    since = at - timedelta(days=policy.cr_window_days)
    given = {"seller": seller_id, "place": marketplace_id, "since": since, "at": at}
    orders = rows(_ORDERS, given)[0][0]
    counted, left = rows(_CANCELLED, given)[0]
    return CancellationRate(marketplace_id, at, orders, counted, left, policy)
