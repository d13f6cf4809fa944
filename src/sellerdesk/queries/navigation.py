"""What stands around every page of a seller: marketplaces to switch between, saved views."""

from dataclasses import dataclass

from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.notifications import UNREAD, whose
from sellerdesk.queries.returns_query import TO_DO

ORDERS_PAGE = "orders"
WAITING_MOST = 100


@dataclass(frozen=True, slots=True)
class View:
    """A saved view of a list: a name for a query string. `shared`: the whole team sees it."""

    id: int
    name: str
    query: str
    shared: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Ids of the marketplaces that the seller sells on, the saved views that a person sees on the order list, how many
    threads wait for an answer and how many returns for the seller's next step (at most WAITING_MOST each), how much
    unread news the person has (at most MOST_COUNTED), and how many refunds wait for a second person (at most
    WAITING_MOST).
    """

    marketplaces: tuple[str, ...]
    views: tuple[View, ...]
    waiting: int = 0
    returns: int = 0
    unread: int = 0
    approvals: int = 0


_TO_DO = ", ".join(f"'{one.value}'" for one in TO_DO)
_SQL = f"""
SELECT (SELECT json_agg(marketplace_id ORDER BY id) FROM participations
         WHERE seller_id = %(seller)s AND is_participating),
       (SELECT json_agg(json_build_array(id, name, query, user_id IS NULL) ORDER BY user_id IS NULL, id)
          FROM saved_views
         WHERE seller_id = %(seller)s AND page = %(page)s AND (user_id = %(user)s OR user_id IS NULL)),
       (SELECT count(*) FROM (SELECT 1 FROM message_threads
                               WHERE seller_id = %(seller)s AND state = 'open_needs_response'
                               LIMIT {WAITING_MOST}) waiting),
       (SELECT count(*) FROM (SELECT 1 FROM return_requests
                               WHERE seller_id = %(seller)s AND state IN ({_TO_DO})
                               LIMIT {WAITING_MOST}) returned),
       ({UNREAD}),
       (SELECT count(*) FROM (SELECT 1 FROM refunds
                               WHERE seller_id = %(seller)s AND state = 'DRAFT' LIMIT {WAITING_MOST}) drafts)
"""


def surroundings(seller_id: int, user_id: int, page: str = ORDERS_PAGE) -> Surroundings:
    """What stands around a seller's pages for one person; own views come before the team's."""
    with scoped(seller_id):
        ((places, views, *counts),) = rows(_SQL, whose(seller_id, user_id) | {"page": page})
    marketplaces = tuple(decode_json(places) or ())
    return Surroundings(marketplaces, tuple(View(*one) for one in decode_json(views) or ()), *counts)
