"""News in the application as one person sees it, and that person's wishes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.notifications import APP, DEFAULTS, EVERY, HIDDEN, Setting
from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped

_HIDDEN = json.dumps(HIDDEN)
MOST_COUNTED = 100  # "99+": nobody counts further
_MOST_LOOKED_AT = 1000

# The same choice as domain.notifications.is_wanted; a test compares them.
_WANTED = """coalesce((
  SELECT w.is_on FROM notice_settings w
   WHERE w.seller_id = n.seller_id AND w.user_id = %(user)s AND w.channel = %(channel)s
     AND w.kind IN (n.kind, '*') AND w.marketplace_id IN (n.marketplace_id, '*')
   ORDER BY w.marketplace_id <> '*' DESC, w.kind <> '*' DESC LIMIT 1), %(default)s)"""
# What a person's role may not see is no news to that person. The role stands in a sub-select: it is read once a query.
_VISIBLE = """NOT n.kind = ANY(ARRAY(SELECT jsonb_array_elements_text(%(hidden)s::jsonb -> k.role) FROM memberships k
                          WHERE k.seller_id = %(seller)s AND k.user_id = %(user)s))"""

_MARK = "coalesce((SELECT read_id FROM notification_marks WHERE seller_id = %(seller)s AND user_id = %(user)s), 0)"

# A part of a larger statement, with the parameters of `whose`: how much unread news a person has, at most MOST_COUNTED.
UNREAD = f"""
SELECT count(*) FROM (
  SELECT 1 FROM (
    SELECT * FROM notifications WHERE seller_id = %(seller)s AND id > {_MARK}
     ORDER BY id DESC LIMIT {_MOST_LOOKED_AT}) n
   WHERE {_VISIBLE} AND {_WANTED} LIMIT {MOST_COUNTED}) counted"""

_PAGE = f"""
SELECT n.id, n.kind, n.at, coalesce(o.order_number, ''), n.marketplace_id, j.facts, n.id > {_MARK}
  FROM notifications n
  JOIN journal j ON j.seller_id = n.seller_id AND j.id = n.entry_id
  LEFT JOIN orders o ON o.seller_id = n.seller_id AND o.id = n.order_id
 WHERE n.seller_id = %(seller)s AND n.id < %(before)s AND {_VISIBLE} AND {_WANTED}
 ORDER BY n.id DESC LIMIT %(limit)s"""


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One piece of news. `facts` are the journal entry's: nothing personal."""

    id: int
    kind: str
    at: datetime
    order_number: str  # "" when it is about no order
    marketplace_id: str
    facts: Mapping[str, Any]
    unread: bool


def whose(seller_id: int, user_id: int) -> dict[str, Any]:
    """The parameters that name a person's news."""
    return {
        "seller": seller_id,
        "user": user_id,
        "channel": APP,
        "default": DEFAULTS[APP],
        "hidden": _HIDDEN,
    }


def news_page(seller_id: int, user_id: int, *, before: int | None = None, limit: int = 50) -> list[NewsItem]:
    """A person's news, newest first, before a given id."""
    given = whose(seller_id, user_id) | {"before": before or 2**63 - 1, "limit": limit}
    with scoped(seller_id):
        found = rows(_PAGE, given)
    return [
        NewsItem(one, kind, at, order, place, decode_json(facts) or {}, unread)
        for one, kind, at, order, place, facts, unread in found
    ]


def notice_settings(seller_id: int, user_id: int, marketplace_id: str = EVERY) -> list[Setting]:
    """A person's wishes for one marketplace, and those for all."""
    with scoped(seller_id):
        found = rows(
            "SELECT marketplace_id, kind, channel, is_on FROM notice_settings"
            " WHERE seller_id = %s AND user_id = %s AND marketplace_id IN ('*', %s)",
            [seller_id, user_id, marketplace_id],
        )
    return [Setting(*row) for row in found]
