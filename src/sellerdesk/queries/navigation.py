"""What stands around every page of a seller: marketplaces to switch between, saved views."""

from dataclasses import dataclass

from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped

ORDERS_PAGE = "orders"


@dataclass(frozen=True, slots=True)
class View:
    """A saved view of a list: a name for a query string. `shared`: the whole team sees it."""

    id: int
    name: str
    query: str
    shared: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Ids of the marketplaces that the seller sells on, and the saved views that a person sees on the order list."""

    marketplaces: tuple[str, ...]
    views: tuple[View, ...]


_SQL = """
SELECT (SELECT json_agg(marketplace_id ORDER BY id) FROM participations
         WHERE seller_id = %(seller)s AND is_participating),
       (SELECT json_agg(json_build_array(id, name, query, user_id IS NULL) ORDER BY user_id IS NULL, id)
          FROM saved_views
         WHERE seller_id = %(seller)s AND page = %(page)s AND (user_id = %(user)s OR user_id IS NULL))
"""


def surroundings(seller_id: int, user_id: int, page: str = ORDERS_PAGE) -> Surroundings:
    """What stands around a seller's pages for one person; own views come before the team's."""
    with scoped(seller_id):
        ((places, views),) = rows(_SQL, {"seller": seller_id, "user": user_id, "page": page})
    return Surroundings(
        tuple(decode_json(places) or ()), tuple(View(*one) for one in decode_json(views) or ())
    )
