"""Token buckets: how often a program may ask (spapi 1.4, trust P19)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sellerdesk.models.sql import rows

# A bucket that was filled further in the future than clocks can differ was filled under another clock (a demonstration
# that had been moved ahead): it starts anew, instead of staying empty until that day.
_SKEW = timedelta(minutes=5)

# One statement, so that any number of processes share a bucket without taking a token twice: PostgreSQL locks the row
# and looks at its newest version. No row comes back when no token is left, and nothing is written then.
_TAKE = """
INSERT INTO request_budgets AS b (key, tokens, filled_at) VALUES (%(key)s, %(burst)s::float8 - 1, %(now)s)
ON CONFLICT (key) DO UPDATE
   SET tokens = {left} - 1,
       filled_at = CASE WHEN b.filled_at > %(horizon)s THEN %(now)s ELSE greatest(b.filled_at, %(now)s) END
 WHERE {left} >= 1
RETURNING tokens""".format(
    left="""CASE WHEN b.filled_at > %(horizon)s THEN %(burst)s::float8
       ELSE least(%(burst)s::float8, b.tokens + %(rate)s::float8
                  * greatest(extract(epoch FROM %(now)s - b.filled_at), 0)::float8) END"""
)


@dataclass(frozen=True, slots=True)
class Budget:
    """A bucket: whom it belongs to, tokens a second, and how many it holds when full."""

    key: str
    rate: float
    burst: float


def take(budget: Budget, *, now: datetime) -> float | None:
    """Take one token; answers how many are left, or None when there was none and nothing was taken."""
    found = rows(
        _TAKE,
        {
            "key": budget.key,
            "rate": budget.rate,
            "burst": budget.burst,
            "now": now,
            "horizon": now + _SKEW,
        },
    )
    return float(found[0][0]) if found else None
