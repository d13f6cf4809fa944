"""Let a program in: who it is, whether it may ask once more, and whose rows its connection shows (spapi 1.2, 1.4; P19).

All of it in one statement, because every request of every program passes here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sellerdesk.domain.callers import Caller, effective_permissions
from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import NOBODY, forget_seller, note_choice

# A bucket that was filled further in the future than clocks can differ was filled under another clock (a demonstration
# that had been moved ahead): it starts anew, instead of staying empty until that day.
_SKEW = timedelta(minutes=5)

_LEFT = """CASE WHEN b.filled_at > %(horizon)s THEN %(burst)s::float8
       ELSE least(%(burst)s::float8, b.tokens + %(rate)s::float8
                  * greatest(extract(epoch FROM %(now)s - b.filled_at), 0)::float8) END"""

# Any number of processes share a bucket without taking a token twice: PostgreSQL locks the row and looks at its newest
# version. `taken` is empty when no token is left, and nothing is written then.
_ADMIT = f"""
WITH caller AS MATERIALIZED (
  SELECT c.id, c.name, t.seller_id, t.kind, c.scopes AS granted, t.scopes AS asked, t.resources, t.expires_at,
         c.seller_id AS home_id
    FROM api_tokens t JOIN api_clients c ON c.id = t.client_id
   WHERE t.token_hash = %(token)s AND c.revoked_at IS NULL),
taken AS (
  INSERT INTO request_budgets AS b (key, tokens, filled_at)
  SELECT concat_ws(':', id, seller_id, %(operation)s::text), %(burst)s::float8 - 1, %(now)s::timestamptz
    FROM caller WHERE expires_at > %(now)s
  ON CONFLICT (key) DO UPDATE
     SET tokens = {_LEFT} - 1,
         filled_at = CASE WHEN b.filled_at > %(horizon)s THEN %(now)s ELSE greatest(b.filled_at, %(now)s) END
   WHERE {_LEFT} >= 1
  RETURNING tokens)
SELECT id, name, seller_id, kind, granted, asked, resources, expires_at, (SELECT tokens FROM taken), home_id,
       set_config('sellerdesk.seller', coalesce(seller_id, %(nobody)s)::text, false)
  FROM caller"""


@dataclass(frozen=True, slots=True)
class Knock:
    """A request at the door: the SHA-256 of its token, what it asks for, and that operation's bucket (tokens a second,
    and how many it holds when full).
    """

    token_hash: str
    operation: str
    rate: float
    burst: float


@dataclass(frozen=True, slots=True)
class Admission:
    """Who knocked, and how many tokens are left in its bucket; None when there was none and nothing was taken."""

    caller: Caller
    left: float | None


def begin_unseen() -> None:
    """Begin a request with nobody's rows in sight, whatever its connection was last used for (design 2.10).

    `admit` needs no such beginning: it says whose rows they are in its one statement.
    """
    forget_seller()


def admit(knock: Knock, *, now: datetime) -> Admission | None:
    """Find the program behind a token, take one token of its bucket for this operation, and show the connection its
    seller's rows. None when there is no such token or its program was revoked; an expired token takes nothing.
    """
    found = rows(
        _ADMIT,
        {
            "token": knock.token_hash,
            "operation": knock.operation,
            "rate": knock.rate,
            "burst": knock.burst,
            "now": now,
            "horizon": now + _SKEW,
            "nobody": NOBODY,
        },
    )
    if not found:
        return None
    client_id, name, seller_id, kind, granted, asked, resources, expires_at, left, home, _ = found[0]
    note_choice(seller_id or NOBODY)
    scopes = decode_json(asked)
    permissions = effective_permissions(kind, decode_json(granted), scopes)
    caller = Caller(
        client_id,
        name,
        seller_id,
        kind,
        permissions,
        tuple(scopes),
        tuple(decode_json(resources)),
        expires_at,
        home,
    )
    return Admission(caller, None if left is None else float(left))
