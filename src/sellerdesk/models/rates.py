"""Cancellation rates as they stand in the tables: for a command, a preview, a page, at any moment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sellerdesk.domain.policies import PolicyBook
from sellerdesk.domain.rates import CancellationRate, RatePolicy
from sellerdesk.models.sql import record_set, rows
from sellerdesk.models.terms import policy_book

# Whole hours are summed from the tallies; the two hours that the window cuts through are counted, to the microsecond.
# The statuses are named so that the counting goes by the index of a marketplace's orders and not by the whole seller's.
_CUT = """(SELECT count(*) FROM orders o
   WHERE o.seller_id = %(seller)s AND o.marketplace_id = a.place AND o.channel = 'MFN'
     AND o.status = ANY(ARRAY['PendingAvailability', 'Pending', 'Unshipped', 'PartiallyShipped', 'Shipped',
                              'InvoiceUnconfirmed', 'Canceled', 'Unfulfillable'])
     AND o.placed_at > {above} AND o.placed_at {below})"""

_ORDERS = f"""(SELECT coalesce(sum(t.orders), 0) FROM order_tallies t
         WHERE t.seller_id = %(seller)s AND t.marketplace_id = a.place AND t.channel = 'MFN'
           AND t.hour >= a.first AND t.hour < a.last)
       + {_CUT.format(above="a.since", below="< a.first")}
       + {_CUT.format(above="greatest(a.since, a.last - interval '1 microsecond')", below="<= a.at")}"""
_ASKS = """jsonb_to_recordset(%(asks)s::jsonb)
         AS a(n int, place text, since timestamptz, first timestamptz, last timestamptz, at timestamptz)"""

_RATES = f"""
SELECT a.n, {_ORDERS}, c.counted, c.gone
  FROM {_ASKS}
 CROSS JOIN LATERAL (
   SELECT count(*) FILTER (WHERE counts) AS counted, count(*) FILTER (WHERE leaves AND NOT counts) AS gone
     FROM (SELECT bool_or(x.counts) AS counts, bool_or(x.leaves) AS leaves FROM cancellations x
            WHERE x.seller_id = %(seller)s AND x.marketplace_id = a.place
              AND x.placed_at > a.since AND x.placed_at <= a.at AND x.at <= a.at
            GROUP BY x.order_id) one) c
 ORDER BY a.n"""

_HOUR = timedelta(hours=1)


def read_rates(seller_id: int, marketplace_ids: Collection[str], at: datetime) -> dict[str, CancellationRate]:
    """The cancellation rate of each marketplace at a moment, under the policies of that day."""
    if not marketplace_ids:
        return {}
    asks = [Ask(place, at) for place in sorted(marketplace_ids)]
    return {rate.marketplace_id: rate for rate in rates_at(seller_id, asks, policy_book(marketplace_ids))}


@dataclass(frozen=True, slots=True)
class Ask:
    """A rate to read: of a marketplace, from what was known at a moment. `ahead`: the window as it lies that much
    later, if nothing else happened until then.
    """

    marketplace_id: str
    at: datetime
    ahead: timedelta = timedelta(0)

    @property
    def measured_at(self) -> datetime:
        return self.at + self.ahead


def rates_at(seller_id: int, asks: Sequence[Ask], book: PolicyBook) -> list[CancellationRate]:
    """The rates asked for, in the order of asking and in one statement, however many they are."""
    policies = [rate_policy(book, ask.marketplace_id, ask.measured_at) for ask in asks]
    records = [
        _window(n, ask, policy.cr_window_days)
        for n, (ask, policy) in enumerate(zip(asks, policies, strict=True))
    ]
    found = rows(_RATES, {"seller": seller_id, "asks": record_set(records)})
    return [
        CancellationRate(ask.marketplace_id, ask.measured_at, int(orders), counted, left, policy)
        for ask, policy, (_, orders, counted, left) in zip(asks, policies, found, strict=True)
    ]


def placed_orders(seller_id: int, marketplace_id: str, at: datetime, days: int) -> int:
    """How many seller-fulfilled orders were placed in the last so many days, up to and with `at`."""
    asked = record_set([_window(0, Ask(marketplace_id, at), days)])
    ((orders,),) = rows(f"SELECT {_ORDERS} FROM {_ASKS}", {"seller": seller_id, "asks": asked})
    return int(orders)


def rate_policy(book: PolicyBook, marketplace_id: str, at: datetime) -> RatePolicy:
    """The policy values that the rate is measured by on the UTC day of `at` (rulebook 2.6: windows are in UTC)."""
    names = RatePolicy.__dataclass_fields__
    return RatePolicy(**{name: book.value(marketplace_id, name, at.astimezone(UTC).date()) for name in names})


def _window(n: int, ask: Ask, days: int) -> dict[str, Any]:
    """A window (since, at], and its whole hours [first, last). Without any, all of it is counted by the last part."""
    since = ask.measured_at - timedelta(days=days)
    first, last = _hour(since) + _HOUR, _hour(ask.at)
    if first > last:
        first = last = _hour(since)
    return {"n": n, "place": ask.marketplace_id, "since": since, "first": first, "last": last, "at": ask.at}


def _hour(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
