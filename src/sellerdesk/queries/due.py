"""Which deadlines are due: a look without locks, cheap when none is (L10). Commands look again under the lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sellerdesk.domain.deadlines import DeadlineKind
from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped


@dataclass(frozen=True, slots=True)
class DueDeadline:
    """An open deadline whose instant has come. `rank` settles the order among deadlines of the same instant (I12)."""

    id: int
    order_id: int
    order_number: str
    kind: DeadlineKind
    due_at: datetime
    rank: int

    @property
    def key(self) -> tuple[datetime, int, int]:
        """Where it stands in the order of firing."""
        return self.due_at, self.rank, self.id


_SELLERS = "SELECT DISTINCT seller_id FROM deadlines WHERE state = 'open' AND due_at <= %s ORDER BY seller_id"


def sellers_with_due_deadlines(now: datetime) -> list[int]:
    """The sellers of whom anything is due at `now`, by id. Reads as many index entries as deadlines are due."""
    with scoped(None):
        return [row[0] for row in rows(_SELLERS, [now])]


_DUE = """
SELECT d.id, d.order_id, o.order_number, d.kind, d.due_at, d.rank
  FROM (SELECT id, order_id, kind, due_at, array_position(%(kinds)s::text[], kind::text) AS rank
          FROM deadlines
         WHERE seller_id = %(seller)s AND state = 'open' AND due_at <= %(now)s AND due_at >= %(from)s) d
  JOIN orders o ON o.seller_id = %(seller)s AND o.id = d.order_id
 WHERE d.rank IS NOT NULL AND (d.due_at > %(from)s OR (d.rank, d.id) > (%(rank)s, %(id)s))
 ORDER BY d.due_at, d.rank, d.id LIMIT %(limit)s"""

_EARLIEST = datetime.fromisoformat("0001-01-02T00:00:00+00:00")


def due_deadlines(
    seller_id: int,
    now: datetime,
    kinds: Sequence[DeadlineKind],
    *,
    after: tuple[datetime, int, int] | None = None,
    limit: int,
) -> list[DueDeadline]:
    """The next due deadlines of one seller in the order of firing: by instant, then by place in `kinds` (I12).

    `after` is the `key` of the last one seen. What precedes a deadline of an order stands before it in the same
    answer or in an earlier one.
    """
    start, rank, last = after or (_EARLIEST, 0, 0)
    with scoped(seller_id):
        found = rows(
            _DUE,
            {
                "seller": seller_id,
                "now": now,
                "kinds": [kind.value for kind in kinds],
                "from": start,
                "rank": rank,
                "id": last,
                "limit": limit,
            },
        )
    return [DueDeadline(i, o, n, DeadlineKind(kind), due, r) for i, o, n, kind, due, r in found]
