"""What a seller's account looks like to programs: marketplaces, store names, the business itself."""

from dataclasses import dataclass
from typing import Any

from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped

_PARTICIPATIONS = """
SELECT marketplace_id, store_name, is_participating, has_suspended_listings
  FROM participations WHERE seller_id = %s ORDER BY marketplace_id"""


@dataclass(frozen=True, slots=True)
class ParticipationView:
    marketplace_id: str
    store_name: str
    is_participating: bool
    has_suspended_listings: bool


@dataclass(frozen=True, slots=True)
class AccountView:
    """The business behind a seller account; `address` is its own, with the keys of domain.orders.Address."""

    name: str
    country: str  # ISO 3166
    address: dict[str, Any]


def participations(seller_id: int) -> list[ParticipationView]:
    """The seller's marketplaces, in the order of their ids."""
    with scoped(seller_id):
        return [ParticipationView(*row) for row in rows(_PARTICIPATIONS, [seller_id])]


def account(seller_id: int) -> AccountView:
    """The seller's own name, country and address."""
    ((name, country, address),) = rows(
        "SELECT name, country, ship_from FROM sellers WHERE id = %s", [seller_id]
    )
    return AccountView(name, country, decode_json(address) or {})
