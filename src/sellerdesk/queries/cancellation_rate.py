"""The cancellation rate explained, per marketplace: value, history, what counts, what leaves, under which rules
(S3-31 to S3-34; C22; screens 1.13).

The rate of now, of a day ahead and of every past day come out of one statement, and the orders that count out of
another, however many marketplaces and orders there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sellerdesk.domain.policies import PolicyBook, PolicyRow
from sellerdesk.domain.rates import CancellationRate, RatePolicy
from sellerdesk.models.rates import Ask, rates_at
from sellerdesk.models.sql import decode_json, record_set, rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.models.terms import policy_book

HISTORY_DAYS = 14
AHEAD = timedelta(hours=24)
SIZE = 25


@dataclass(frozen=True, slots=True)
class CountedOrder:
    """An order in the numerator: its first cancellation that counts. `leaves_at`: when it has been in the window for as
    long as that is, and is out.
    """

    id: int
    order_number: str
    placed_at: datetime
    cancelled_at: datetime
    by: str
    reason: str
    why: str
    policy_key: str
    policy_value: Any
    leaves_at: datetime

    @property
    def key(self) -> tuple[datetime, int]:
        """Where it stands in the list."""
        return self.placed_at, self.id


@dataclass(frozen=True, slots=True)
class PlaceRate:
    """One marketplace's rate at a moment.

    `tomorrow`: a day later, if nothing happens until then. `history`: at the end of each of the last days (UTC), oldest
    first. `counted`: the newest orders that count; `more`: there are others. `leaving`: the oldest of those that leave
    the window within the day.
    """

    rate: CancellationRate
    tomorrow: CancellationRate
    history: tuple[CancellationRate, ...]
    rules: tuple[PolicyRow, ...]
    counted: tuple[CountedOrder, ...]
    more: bool
    leaving: tuple[CountedOrder, ...]

    @property
    def marketplace_id(self) -> str:
        return self.rate.marketplace_id

    @property
    def leaving_counted(self) -> int:
        """How many of the orders that count leave the window within the day."""
        return self.rate.counted - self.tomorrow.counted

    @property
    def leaving_orders(self) -> int:
        """How many orders leave it in all."""
        return self.rate.orders - self.tomorrow.orders


def cancellation_rates(
    seller_id: int, marketplace_ids: Sequence[str], at: datetime, *, size: int = SIZE
) -> list[PlaceRate]:
    """The rates of a seller's marketplaces at a moment, in their order; three statements.

    `at` may be past: what was placed and cancelled until then counts, and the rules of that day.
    """
    if not marketplace_ids:
        return []
    midnight = datetime.combine(at.astimezone(UTC).date(), time(0), tzinfo=UTC)
    ends = [midnight - timedelta(days=day) for day in reversed(range(HISTORY_DAYS))]
    asks = [
        ask
        for place in marketplace_ids
        for ask in (Ask(place, at), Ask(place, at, AHEAD), *(Ask(place, end) for end in ends))
    ]
    with scoped(seller_id):
        book = policy_book(marketplace_ids)
        rates = rates_at(seller_id, asks, book)
        step = HISTORY_DAYS + 2
        groups = [rates[n : n + step] for n in range(0, len(rates), step)]
        lists = _lists(seller_id, [group[0] for group in groups], size)
    return [
        _place(group, book, counted[:size], leaving, more=len(counted) > size)
        for group, (counted, leaving) in zip(groups, lists, strict=True)
    ]


def counted_orders(
    seller_id: int,
    marketplace_id: str,
    at: datetime,
    *,
    after: tuple[datetime, int] | None = None,
    size: int = SIZE,
) -> tuple[tuple[CountedOrder, ...], bool]:
    """A page of the orders that count, newest first, and whether more follow; `after` is the `key` of the last seen."""
    with scoped(seller_id):
        days = policy_book([marketplace_id]).value(
            marketplace_id, "cr_window_days", at.astimezone(UTC).date()
        )
        record = _window(0, marketplace_id, at, at - timedelta(days=days), size + 1)
        if after is not None:
            record |= {"placed": after[0], "id": after[1]}
        found = rows(_COUNTED, {"seller": seller_id, "asks": record_set([record])})
    lines = tuple(_line(row, days) for row in found)
    return lines[:size], len(lines) > size


# Each order once, by its first cancellation that counts. The page ends where the index does not lead any further.
_COUNTED = """
SELECT a.n, c.order_id, o.order_number, c.placed_at, c.at, c.by, c.reason, c.why, c.policy_key, c.policy_value
  FROM jsonb_to_recordset(%(asks)s::jsonb)
         AS a(n int, place text, since timestamptz, until timestamptz, at timestamptz, size int, ascending boolean,
              placed timestamptz, id bigint)
 CROSS JOIN LATERAL (
   SELECT x.* FROM cancellations x
    WHERE x.seller_id = %(seller)s AND x.marketplace_id = a.place AND x.counts
      AND x.placed_at > a.since AND x.placed_at <= a.until AND x.at <= a.at
      AND (a.placed IS NULL OR (x.placed_at, x.order_id) < (a.placed, a.id))
      AND NOT EXISTS (SELECT 1 FROM cancellations e
                       WHERE e.seller_id = %(seller)s AND e.order_id = x.order_id AND e.counts AND e.id < x.id)
    ORDER BY CASE WHEN a.ascending THEN x.placed_at END, x.placed_at DESC, x.order_id DESC LIMIT a.size) c
  JOIN orders o ON o.seller_id = %(seller)s AND o.id = c.order_id
 ORDER BY a.n, CASE WHEN a.ascending THEN c.placed_at END, c.placed_at DESC, c.order_id DESC"""


def _lists(
    seller_id: int, rates: Sequence[CancellationRate], size: int
) -> list[tuple[list[CountedOrder], list[CountedOrder]]]:
    """For each rate: the newest that count (one more than `size`), and the oldest that leave within the day."""
    asks = []
    for n, one in enumerate(rates):
        asks.append(_window(2 * n, one.marketplace_id, one.at, one.since, size + 1))
        leaving = _window(2 * n + 1, one.marketplace_id, one.at, one.since, size)
        asks.append(leaving | {"until": min(one.since + AHEAD, one.at), "ascending": True})
    found: list[list[CountedOrder]] = [[] for _ in asks]
    for row in rows(_COUNTED, {"seller": seller_id, "asks": record_set(asks)}):
        found[row[0]].append(_line(row, rates[row[0] // 2].policy.cr_window_days))
    return list(zip(found[::2], found[1::2], strict=True))


def _window(n: int, place: str, at: datetime, since: datetime, size: int) -> dict[str, Any]:
    return {
        "n": n,
        "place": place,
        "since": since,
        "until": at,
        "at": at,
        "size": size,
        "ascending": False,
        "placed": None,
        "id": None,
    }


def _line(row: tuple[Any, ...], days: int) -> CountedOrder:
    _, order_id, number, placed_at, at, by, reason, why, key, value = row
    leaves_at = placed_at + timedelta(days=days)
    return CountedOrder(order_id, number, placed_at, at, by, reason, why, key, decode_json(value), leaves_at)


def _place(
    rates: Sequence[CancellationRate],
    book: PolicyBook,
    counted: Sequence[CountedOrder],
    leaving: Sequence[CountedOrder],
    *,
    more: bool,
) -> PlaceRate:
    rate, tomorrow, *history = rates
    day = rate.at.astimezone(UTC).date()
    rules = tuple(book.row(rate.marketplace_id, key, day) for key in RatePolicy.__dataclass_fields__)
    return PlaceRate(rate, tomorrow, tuple(history), rules, tuple(counted), more, tuple(leaving))
