"""Writing codes, sessions and token buckets of the buyers' door."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sellerdesk.domain.access_codes import Limit
from sellerdesk.models.sql import rows, run

_SKEW = timedelta(minutes=5)  # see commands.admission: a bucket from another clock starts anew

_TAKE = """
INSERT INTO request_budgets AS b (key, tokens, filled_at)
VALUES (%(key)s, %(burst)s::float8 - 1, %(now)s::timestamptz)
ON CONFLICT (key) DO UPDATE
   SET tokens = CASE WHEN b.filled_at > %(horizon)s THEN %(burst)s::float8
       ELSE least(%(burst)s::float8, b.tokens + %(rate)s::float8
                  * greatest(extract(epoch FROM %(now)s - b.filled_at), 0)::float8) END - 1,
       filled_at = CASE WHEN b.filled_at > %(horizon)s THEN %(now)s ELSE greatest(b.filled_at, %(now)s) END
 WHERE CASE WHEN b.filled_at > %(horizon)s THEN %(burst)s::float8
       ELSE least(%(burst)s::float8, b.tokens + %(rate)s::float8
                  * greatest(extract(epoch FROM %(now)s - b.filled_at), 0)::float8) END >= 1
RETURNING tokens"""


def take_token(key: str, limit: Limit, now: datetime) -> bool:
    """Take a token from a bucket; False when there is none left."""
    given = {"key": key, "burst": limit.burst, "rate": limit.rate, "now": now, "horizon": now + _SKEW}
    return bool(rows(_TAKE, given))


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code's row, locked by whoever checks it."""

    id: int
    seed: str
    address_digest: str
    seller_id: int | None
    order_id: int | None
    only_order: bool
    expires_at: datetime
    tries: int
    used_at: datetime | None


CODE_COLUMNS = "id, seed, address_digest, seller_id, order_id, only_order, expires_at, tries, used_at"

_NEWEST = """
SELECT o.seller_id, o.id FROM buyer_contacts b JOIN orders o ON o.seller_id = b.seller_id AND o.id = b.order_id
 WHERE b.email = %(address)s AND b.email <> '' AND (%(number)s = '' OR o.order_number = %(number)s)
 ORDER BY o.placed_at DESC, o.id DESC LIMIT 1"""

# One statement whether or not an order matches: the same look-up, the same row, and an entry of the journal more.
_KEEP = f"""
WITH found AS ({_NEWEST}),
made AS (
  INSERT INTO access_codes (handle, seed, address_digest, seller_id, order_id, only_order, created_at, expires_at,
                            tries)
  SELECT %(handle)s, %(seed)s, %(digest)s, f.seller_id, f.id, %(only_order)s, %(now)s, %(expires)s, 0
    FROM (SELECT 1) one LEFT JOIN found f ON true
  RETURNING id, seller_id, order_id)
INSERT INTO journal (seller_id, order_id, at, kind, party, actor, door, key, facts)
SELECT seller_id, order_id, %(now)s, 'portal_code_sent', %(party)s, %(actor)s, %(door)s, '',
       jsonb_build_object('code', id, 'language', %(language)s::text)
  FROM made WHERE order_id IS NOT NULL"""


def keep_code(given: Mapping[str, Any]) -> None:
    """Keep a new code for the newest order of an address (with that number, if one is given), or for none."""
    run(_KEEP, given)


def newest_order(address: str) -> tuple[int, int] | None:
    """Seller and order id of the newest order of an address."""
    found = rows(_NEWEST, {"address": address, "number": ""})
    return found[0] if found else None


def lock_code(handle: str) -> CodeRow | None:
    """Lock the code of an attempt."""
    found = rows(f"SELECT {CODE_COLUMNS} FROM access_codes WHERE handle = %s FOR UPDATE", [handle])
    return CodeRow(*found[0]) if found else None


def note_try(code_id: int, *, used_at: datetime | None) -> None:
    """Count a try, which may have been the right one."""
    run(
        "UPDATE access_codes SET tries = tries + 1, used_at = %s::timestamptz WHERE id = %s",
        [used_at, code_id],
    )


def keep_session(values: Sequence[Any]) -> None:
    """Keep a session: token hash, address digest, seller, order, only that order, created, expires."""
    run(
        "INSERT INTO access_sessions (token_hash, address_digest, seller_id, order_id, only_order, created_at,"
        " expires_at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
        values,
    )


def drop_session(token_hash: str) -> None:
    """End a session."""
    run("DELETE FROM access_sessions WHERE token_hash = %s", [token_hash])


def keep_language(address: str, language: str, now: datetime) -> None:
    """Keep the language in which a buyer, by address in lower case, wants to be written to."""
    run(
        "INSERT INTO buyer_preferences (email, language, updated_at) VALUES (%s, %s, %s)"
        " ON CONFLICT (email) DO UPDATE SET language = excluded.language, updated_at = excluded.updated_at",
        [address, language, now],
    )
