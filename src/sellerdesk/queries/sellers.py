"""Sellers: looked up by what people call them, and as the marketplace's operator sees them."""

from dataclasses import dataclass
from datetime import datetime

from sellerdesk.models.accounts import Seller
from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped

_DIGITS = 18  # of the largest number that is surely a bigint


@dataclass(frozen=True, slots=True)
class SellerView:
    """A selling account: our id, the id that people and programs see, and its name."""

    id: int
    public_id: str
    name: str


def find_seller(key: str) -> SellerView | None:
    """The seller with this public id or, when it is a plain number, with this id of ours.

    None when there is none.
    """
    is_number = key.isascii() and key.isdigit() and len(key) <= _DIGITS
    condition = {"id": int(key)} if is_number else {"public_id": key}
    row = Seller.objects.filter(**condition).values_list("id", "public_id", "name").first()
    return SellerView(*row) if row else None


@dataclass(frozen=True, slots=True)
class SellerLine:
    """One seller; `marketplaces` are ids."""

    public_id: str
    name: str
    country: str
    created_at: datetime
    marketplaces: tuple[str, ...]


def all_sellers(limit: int = 200) -> tuple[SellerLine, ...]:
    """The sellers of this installation by name, at most `limit`. For the operator only."""
    with scoped(None):
        found = rows(
            "SELECT s.public_id, s.name, s.country, s.created_at,"
            " array(SELECT p.marketplace_id::text FROM participations p"
            "        WHERE p.seller_id = s.id AND p.is_participating ORDER BY p.id)"
            " FROM sellers s ORDER BY s.name, s.id LIMIT %s",
            [limit],
        )
    return tuple(SellerLine(one[0], one[1], one[2], one[3], tuple(one[4])) for one in found)
