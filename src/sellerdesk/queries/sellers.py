"""Sellers as the marketplace's operator sees them."""

from dataclasses import dataclass
from datetime import datetime

from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped


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
    return tuple(SellerLine(*one[:4], tuple(one[4])) for one in found)
