"""Sellers, programs and the tokens they show: read before any seller's scope is known."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Permission
from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped

_ALL = frozenset(Permission)


@dataclass(frozen=True, slots=True)
class SellerEntry:
    """A line of the list of sellers."""

    id: int
    public_id: str
    name: str
    country: str
    marketplaces: tuple[str, ...]  # ids, in their own order
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ClientView:
    id: int
    client_id: str
    name: str
    seller_id: int
    seller_public_id: str
    created_at: datetime
    revoked_at: datetime | None
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom an access token stands for, and what it may do: what token and program are both allowed."""

    client: int
    name: str
    seller_id: int
    permissions: frozenset[Permission]


_SELLERS = """
SELECT s.id, s.public_id, s.name, s.country,
       (SELECT json_agg(p.marketplace_id ORDER BY p.id) FROM participations p
         WHERE p.seller_id = s.id AND p.is_participating),
       s.created_at
  FROM sellers s"""


_CLIENTS = """
SELECT c.scopes, c.id, c.client_id, c.name, s.id, s.public_id, c.created_at, c.revoked_at
  FROM api_clients c JOIN sellers s ON s.id = c.seller_id"""


def sellers() -> list[SellerEntry]:
    """All sellers in the order of their making."""
    with scoped(None):
        return [_seller(*row) for row in rows(_SELLERS + " ORDER BY s.id")]


def clients(seller_id: int | None) -> list[ClientView]:
    """The programs of a seller, or of all sellers for None, in the order of their making."""
    condition = " WHERE %s::bigint IS NULL OR s.id = %s ORDER BY c.id"
    return [_client(*row) for row in rows(_CLIENTS + condition, [seller_id, seller_id])]


def program(client_id: str, secret_hash: str) -> ClientView | None:
    """The program with this id and this secret (its SHA-256), unless it was revoked."""
    condition = " WHERE c.client_id = %s AND c.secret_hash = %s AND c.revoked_at IS NULL"
    found = rows(_CLIENTS + condition, [client_id, secret_hash])
    return _client(*found[0]) if found else None


def bearer(token_hash: str, *, now: datetime) -> Bearer | None:
    """Whom a token stands for, by its SHA-256; None once it ran out or its program was revoked.

    Only plain access tokens count: a restricted one is bound to a few paths of another door.
    """
    found = rows(
        "SELECT c.id, c.name, c.seller_id, c.scopes, t.scopes"
        "  FROM api_tokens t JOIN api_clients c ON c.id = t.client_id AND c.seller_id = t.seller_id"
        " WHERE t.token_hash = %s AND t.kind = 'access' AND t.expires_at > %s AND c.revoked_at IS NULL",
        [token_hash, now],
    )
    if not found:
        return None
    client, name, seller_id, client_scopes, token_scopes = found[0]
    return Bearer(client, name, seller_id, _granted(client_scopes) & _granted(token_scopes))


def _granted(scopes: str) -> frozenset[Permission]:
    names = set(decode_json(scopes))
    return frozenset(permission for permission in _ALL if permission.value in names)


def _client(scopes: str, *rest: Any) -> ClientView:
    return ClientView(*rest, scopes=tuple(decode_json(scopes)))


def _seller(
    seller_id: int, public_id: str, name: str, country: str, places: str | None, created_at: datetime
) -> SellerEntry:
    return SellerEntry(seller_id, public_id, name, country, tuple(decode_json(places) or ()), created_at)
