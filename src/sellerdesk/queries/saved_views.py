"""One saved view, for the page that changes it."""

from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.navigation import ORDERS_PAGE, View


def saved_view(seller_id: int, user_id: int, view_id: int) -> View | None:
    """The view, if it is the person's own or the team's."""
    with scoped(seller_id):
        found = rows(
            "SELECT id, name, query, user_id IS NULL FROM saved_views"
            " WHERE seller_id = %s AND page = %s AND id = %s AND (user_id = %s OR user_id IS NULL)",
            [seller_id, ORDERS_PAGE, view_id, user_id],
        )
    return View(*found[0]) if found else None
