"""Destinations and subscriptions of SP-API notifications, as their program sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped


@dataclass(frozen=True, slots=True)
class DestinationView:
    destination_id: str
    name: str
    resource: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """`key` continues a list."""

    subscription_id: str
    type: str
    payload_version: str
    destination_id: str
    directive: Mapping[str, Any] | None
    key: int


def destinations(seller_id: int, client_id: int, destination_id: str | None = None) -> list[DestinationView]:
    """A program's destinations, or the one of an id."""
    with scoped(seller_id):
        found = rows(
            "SELECT destination_id, name, resource FROM spapi_destinations"
            " WHERE seller_id = %(seller)s AND client_id = %(client)s"
            " AND (%(id)s::text IS NULL OR destination_id = %(id)s) ORDER BY id",
            {"seller": seller_id, "client": client_id, "id": destination_id},
        )
    return [DestinationView(one, name, decode_json(resource)) for one, name, resource in found]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which subscriptions of a program; empty members mean any."""

    types: Sequence[str] = ()
    payload_version: str = ""
    subscription_id: str = ""
    after: int = 0


_SUBSCRIPTIONS = """
SELECT s.subscription_id, s.type, s.payload_version, d.destination_id, s.directive, s.id
  FROM spapi_subscriptions s
  JOIN spapi_destinations d ON d.seller_id = s.seller_id AND d.id = s.destination_id
 WHERE s.seller_id = %(seller)s AND s.client_id = %(client)s AND s.id > %(after)s
   AND (cardinality(%(types)s::text[]) = 0 OR s.type = ANY(%(types)s::text[]))
   AND (%(version)s::text = '' OR s.payload_version = %(version)s)
   AND (%(id)s::text = '' OR s.subscription_id = %(id)s)
 ORDER BY s.id LIMIT %(limit)s"""


def subscriptions(seller_id: int, client_id: int, wanted: Wanted, *, limit: int) -> list[SubscriptionView]:
    """A program's subscriptions, the oldest first."""
    given = {
        "seller": seller_id,
        "client": client_id,
        "types": list(wanted.types),
        "version": wanted.payload_version,
        "id": wanted.subscription_id,
        "after": wanted.after,
        "limit": limit,
    }
    with scoped(seller_id):
        found = rows(_SUBSCRIPTIONS, given)
    return [
        SubscriptionView(one, type_, version, destination, decode_json(directive), key)
        for one, type_, version, destination, directive, key in found
    ]
