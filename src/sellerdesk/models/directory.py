"""Small look-ups about sellers that commands and queries share."""

from sellerdesk.models.sql import rows


def participating_marketplaces(seller_id: int) -> dict[str, int | None]:
    """Marketplace id → the seller's own handling time in business days, or None for the marketplace's policy."""
    found = rows(
        "SELECT marketplace_id, handling_days FROM participations WHERE seller_id = %s AND is_participating",
        [seller_id],
    )
    return dict(found)
