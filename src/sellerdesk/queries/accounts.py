"""Sellers and programs as administrators list them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped


@dataclass(frozen=True, slots=True)
class SellerEntry:
    """A line of the list of sellers."""

    id: int
    public_id: str
    name: str
    country: str
    created_at: datetime
    marketplaces: tuple[str, ...]  # ids, in their own order


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


_SELLERS = """
SELECT (SELECT json_agg(p.marketplace_id ORDER BY p.id) FROM participations p
         WHERE p.seller_id = s.id AND p.is_participating),
       s.id, s.public_id, s.name, s.country, s.created_at
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


def _client(scopes: str, *rest: Any) -> ClientView:
    return ClientView(*rest, tuple(decode_json(scopes)))  # type: ignore[call-arg]


def _seller(places: str | None, *rest: Any) -> SellerEntry:
    return SellerEntry(*rest, tuple(decode_json(places) or ()))  # type: ignore[call-arg]
