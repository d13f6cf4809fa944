"""Who calls: programs, their credentials and the tokens they bring. Read before the seller is known."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Permission
from sellerdesk.models.sql import decode_json, rows

_KNOWN = {permission.value: permission for permission in Permission}

_CALLER = """
SELECT c.id, c.name, t.seller_id, t.kind, c.scopes, t.scopes, t.resources, t.expires_at
  FROM api_tokens t JOIN api_clients c ON c.id = t.client_id
 WHERE t.token_hash = %s AND c.revoked_at IS NULL"""

_CLIENT = """
SELECT id, seller_id, name, secret_hash, refresh_hash, scopes, revoked_at
  FROM api_clients WHERE client_id = %s"""


@dataclass(frozen=True, slots=True)
class Caller:
    """A token that exists and whose program is not revoked. Whether it has expired is for the door to say."""

    client_id: int
    client_name: str
    seller_id: int | None  # None: a token that stands for the program alone ("grantless")
    kind: str  # access | restricted | grantless
    permissions: frozenset[Permission]  # the program's as they are now, within what the token was asked for
    scopes: tuple[str, ...]  # what the token itself was asked for
    resources: tuple[dict[str, Any], ...]  # of a restricted token: method, path, elements
    expires_at: datetime


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
    client_id, name, seller_id, kind, permissions, scopes, resources, expires_at = found[0]
    granted = _permissions(permissions)
    if kind == "access" and decode_json(scopes):  # without scopes it stands for all that the program may do
        granted &= _permissions(scopes)
    return Caller(
        client_id,
        name,
        seller_id,
        kind,
        granted,
        tuple(decode_json(scopes)),
        tuple(decode_json(resources)),
        expires_at,
    )


def find_client(client_id: str) -> ClientRecord | None:
    """The program with this public client id, revoked or not."""
    found = rows(_CLIENT, [client_id])
    if not found:
        return None
    identity, seller_id, name, secret, refresh, permissions, revoked_at = found[0]
    return ClientRecord(identity, seller_id, name, secret, refresh, _permissions(permissions), revoked_at)


def _permissions(stored: Any) -> frozenset[Permission]:
    # A name that a later or an earlier version of the product knows grants nothing here.
    return frozenset(_KNOWN[name] for name in decode_json(stored) if name in _KNOWN)
