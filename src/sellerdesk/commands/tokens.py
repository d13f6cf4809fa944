"""Hand out bearer tokens to programs, and take them back. Only their SHA-256 is ever kept (trust P18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sellerdesk.models.sql import record_set, rows, run

# Expired tokens stay for a while, so that a program is told "expired" and not "never heard of it".
_REMEMBERED = timedelta(days=1)

_ISSUE = """
WITH forgotten AS (
  DELETE FROM api_tokens WHERE client_id = %(client)s AND expires_at < %(stale)s)
INSERT INTO api_tokens (seller_id, client_id, token_hash, kind, scopes, resources, created_at, expires_at)
SELECT %(seller)s, c.id, %(hash)s, %(kind)s, %(scopes)s::jsonb, %(resources)s::jsonb, %(now)s, %(expires)s
  FROM api_clients c
 WHERE c.id = %(client)s AND c.revoked_at IS NULL AND (%(seller)s::bigint IS NULL OR c.seller_id = %(seller)s)
RETURNING id"""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token to remember: for which program and seller, of which kind, and until when."""

    client_id: int
    seller_id: int | None  # None: for the program alone
    token_hash: str  # hexadecimal SHA-256
    kind: str  # access | restricted | grantless
    expires_at: datetime
    scopes: Sequence[str] = ()
    resources: Sequence[dict[str, Any]] = ()


def issue_token(token: NewToken, *, now: datetime) -> bool:
    """Remember a token; False when its program was revoked meanwhile or belongs to another seller."""
    made = rows(
        _ISSUE,
        {
            "client": token.client_id,
            "seller": token.seller_id,
            "hash": token.token_hash,
            "kind": token.kind,
            "scopes": record_set(token.scopes),  # type: ignore[arg-type]
            "resources": record_set(token.resources),
            "now": now,
            "expires": token.expires_at,
            "stale": now - _REMEMBERED,
        },
    )
    return bool(made)


def revoke_tokens(client_id: int) -> int:
    """Forget every token of a program at once; answers how many there were."""
    return run("DELETE FROM api_tokens WHERE client_id = %s", [client_id])
