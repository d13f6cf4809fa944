"""Who calls: programs, their credentials and the tokens they bring. Read before the seller is known."""

from dataclasses import dataclass
from datetime import datetime

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.callers import Caller, effective_permissions, known_permissions
from sellerdesk.models.sql import decode_json, rows

_CALLER = """
SELECT c.id, c.name, t.seller_id, t.kind, c.scopes, t.scopes, t.resources, t.expires_at, c.seller_id
  FROM api_tokens t JOIN api_clients c ON c.id = t.client_id
 WHERE t.token_hash = %s AND c.revoked_at IS NULL"""

_CLIENT = """
SELECT id, seller_id, name, secret_hash, refresh_hash, scopes, revoked_at
  FROM api_clients WHERE client_id = %s"""


@dataclass(frozen=True, slots=True)
class ClientRecord:
    """A program as its credentials name it. Hashes are hexadecimal SHA-256."""

    id: int
    seller_id: int
    name: str
    secret_hash: str
    refresh_hash: str
    permissions: frozenset[Permission]
    revoked_at: datetime | None


def find_caller(token_hash: str) -> Caller | None:
    """The program behind a token; None when there is no such token or its program was revoked."""
    found = rows(_CALLER, [token_hash])
    if not found:
        return None
    client_id, name, seller_id, kind, granted, asked, resources, expires_at, home = found[0]
    scopes = decode_json(asked)
    permissions = effective_permissions(kind, decode_json(granted), scopes)
    return Caller(
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


def find_client(client_id: str) -> ClientRecord | None:
    """The program with this public client id, revoked or not."""
    found = rows(_CLIENT, [client_id])
    if not found:
        return None
    identity, seller_id, name, secret, refresh, permissions, revoked_at = found[0]
    return ClientRecord(
        identity, seller_id, name, secret, refresh, known_permissions(decode_json(permissions)), revoked_at
    )
