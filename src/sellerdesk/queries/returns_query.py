"""The list of Manage Returns as SQL: any page at the cost of its rows, for every filter (S2-02; screens 1.10).

An index gives the rows of one state in order. A list of several states is put together from the first rows of each, so
that PostgreSQL never sorts more than a few pages.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sellerdesk.domain.identifiers import order_number_key
from sellerdesk.domain.return_facts import ReturnState
from sellerdesk.domain.tracking import tracking_key

COUNTED = 1_000  # counts stop here: nobody works through more
FOUND_MOST = 2_000  # requests that one search term can find, the newest
_S = ReturnState


class Facet(StrEnum):
    """The filters at the left, in the guides' order (S2-02)."""

    REQUIRED = "required"
    AUTHORISED = "authorised"
    COMPLETED = "completed"
    CLOSED_BY_SELLER = "seller"
    CLOSED_BY_BUYER = "buyer"
    CLAIM = "claim"
    ALL = "all"


AUTHORISED = (_S.AUTHORIZED, _S.IN_TRANSIT_BACK, _S.RECEIVED, _S.INSPECTED, _S.PENDING_REFUND)
FACET_STATES: dict[Facet, tuple[ReturnState, ...]] = {
    Facet.REQUIRED: (_S.PENDING_AUTHORIZATION,),
    Facet.AUTHORISED: AUTHORISED,
    Facet.COMPLETED: (_S.COMPLETED,),
    Facet.CLOSED_BY_SELLER: (_S.CLOSED_BY_SELLER,),
    Facet.CLOSED_BY_BUYER: (_S.CLOSED_BY_BUYER,),
    Facet.CLAIM: tuple(_S),
    Facet.ALL: tuple(_S),
}
WORK = frozenset({Facet.REQUIRED, Facet.AUTHORISED, Facet.CLAIM})
"""Lists that are worked through from the oldest on; the others begin with the newest."""
TO_DO = (_S.PENDING_AUTHORIZATION, _S.RECEIVED, _S.INSPECTED, _S.PENDING_REFUND)
"""States in which the next step is the seller's: what the navigation counts."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the list: the moment of the request, and its id."""

    at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class ReturnsQuery:
    """A list as asked for. `state` narrows a facet of several states; `until` is the first instant beyond the range."""

    facet: Facet = Facet.REQUIRED
    state: ReturnState | None = None
    marketplaces: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    term: str = ""
    oldest_first: bool = True
    size: int = 25
    after: Cursor | None = None
    before: Cursor | None = None

    @property
    def states(self) -> tuple[ReturnState, ...]:
        """The states that the list shows."""
        known = FACET_STATES[self.facet]
        return (self.state,) if self.state in known else known


_KEYS = "q.id, q.requested_at"
_PLACES = " AND q.marketplace_id = ANY(%(places)s::text[])"

_MATCHES = f"""
found AS MATERIALIZED (
  SELECT id FROM (
    SELECT q.id FROM return_requests q WHERE q.seller_id = %(seller)s AND q.rma = ANY(%(rmas)s::text[])
    UNION
    SELECT q.id FROM orders o JOIN return_requests q ON q.seller_id = o.seller_id AND q.order_id = o.id
     WHERE o.seller_id = %(seller)s AND o.order_number = %(number)s::text
    UNION
    SELECT q.id FROM return_requests q
     WHERE q.seller_id = %(seller)s AND q.tracking_key = %(tracking)s AND q.tracking_key <> ''
    UNION
    SELECT q.id FROM packages p JOIN return_requests q ON q.seller_id = p.seller_id AND q.order_id = p.order_id
     WHERE p.seller_id = %(seller)s AND p.tracking_key = %(tracking)s AND p.tracking_key <> ''
    UNION
    (SELECT l.return_request_id FROM return_lines l
      WHERE l.seller_id = %(seller)s AND l.sku = ANY(%(skus)s::text[]) AND l.sku <> ''
      ORDER BY l.return_request_id DESC LIMIT {FOUND_MOST})) every
   LIMIT {FOUND_MOST})"""


def with_page(seller_id: int, asked: ReturnsQuery) -> tuple[str, dict[str, Any]]:
    """The WITH clause that names the requests of one page and one more `page` (column `id`), and its parameters."""
    backward = asked.before is not None
    cursor = asked.before or asked.after
    ascending = asked.oldest_first != backward
    order = "requested_at, id" if ascending else "requested_at DESC, id DESC"
    beyond = ">" if ascending else "<"
    place = f" AND (q.requested_at, q.id) {beyond} (%(at)s, %(id)s)" if cursor else ""
    narrowed = place + _range(asked)
    given = _given(seller_id, asked)
    if cursor:
        given |= {"at": cursor.at, "id": cursor.id}
    # A number, no parameter: for a limit that it does not know PostgreSQL would plan anew each time (2 ms).
    tail = f" ORDER BY {order} LIMIT {asked.size + 1:d}"
    if asked.term:
        where = _whole(asked) + narrowed
        body = (
            f"SELECT {_KEYS} FROM found f JOIN return_requests q ON q.seller_id = %(seller)s AND q.id = f.id"
            f" WHERE true{where}{tail}"
        )
        return f"WITH {_MATCHES}, page AS MATERIALIZED ({body})", given
    parts = [
        f"(SELECT {_KEYS} FROM return_requests q WHERE q.seller_id = %(seller)s{part}{narrowed}{tail})"
        for part in _parts(asked, given)
    ]
    every = " UNION ALL ".join(parts)
    return f"WITH page AS MATERIALIZED (SELECT id, requested_at FROM ({every}) every{tail})", given


def counts_sql(seller_id: int, asked: ReturnsQuery) -> tuple[str, dict[str, Any]]:
    """SQL for rows of name and count: of each state, and of "claim"; in the same range, for the same term."""
    given = _given(seller_id, asked)
    if asked.term:
        places = _PLACES if asked.marketplaces else ""
        body = f""" FROM found f JOIN return_requests q ON q.seller_id = %(seller)s AND q.id = f.id
 WHERE true{places}{_range(asked)}"""
        return (
            f"WITH {_MATCHES}, these AS MATERIALIZED (SELECT q.state, q.with_claim{body})"
            " SELECT state, count(*) FROM these GROUP BY 1"
            " UNION ALL SELECT 'claim', count(*) FROM these WHERE with_claim",
            given,
        )
    each = " + ".join(
        f"(SELECT count(*) FROM (SELECT 1 FROM return_requests q WHERE q.seller_id = %(seller)s"
        f" AND q.state = s.state{place}{_range(asked)} LIMIT {COUNTED + 1}) capped)"
        for place in _places(asked, given)
    )
    claims = _PLACES if asked.marketplaces else ""
    return (
        f"SELECT s.state, {each} FROM unnest(%(states)s::text[]) AS s(state) UNION ALL"
        f" SELECT 'claim', count(*) FROM (SELECT 1 FROM return_requests q WHERE q.seller_id = %(seller)s"
        f" AND q.with_claim{claims}{_range(asked)} LIMIT {COUNTED + 1}) capped",
        given | {"states": [one.value for one in ReturnState]},
    )


def _given(seller_id: int, asked: ReturnsQuery) -> dict[str, Any]:
    term = asked.term.strip()
    return {
        "seller": seller_id,
        "since": asked.since,
        "until": asked.until,
        "places": list(asked.marketplaces),
        "rmas": [term, term.upper()],
        "number": order_number_key(term),
        "tracking": tracking_key(term),
        "skus": list(dict.fromkeys((term, term.upper()))),
    }


def _range(asked: ReturnsQuery) -> str:
    since = " AND q.requested_at >= %(since)s" if asked.since else ""
    until = " AND q.requested_at < %(until)s" if asked.until else ""
    return since + until


def _whole(asked: ReturnsQuery) -> str:
    """The conditions of facet, state and places, for what a search has found."""
    states = ", ".join(f"'{one.value}'" for one in asked.states)
    claim = " AND q.with_claim" if asked.facet is Facet.CLAIM else ""
    return f" AND q.state IN ({states}){claim}{_PLACES if asked.marketplaces else ''}"


def _parts(asked: ReturnsQuery, given: dict[str, Any]) -> list[str]:
    """Conditions, each of which an index gives in order; their rows together are the list."""
    narrowed = asked.state in FACET_STATES[asked.facet] if asked.state else False
    if asked.facet is Facet.CLAIM:
        state = f" AND q.state = '{asked.states[0].value}'" if narrowed else ""
        return [f" AND q.with_claim{state}{_PLACES if asked.marketplaces else ''}"]
    if asked.facet is Facet.ALL and not narrowed and not asked.marketplaces:
        return [""]
    return [
        f"{place} AND q.state = '{state.value}'" for state in asked.states for place in _places(asked, given)
    ]


def _places(asked: ReturnsQuery, given: dict[str, Any]) -> list[str]:
    """One condition for each marketplace, or none at all."""
    for number, place in enumerate(asked.marketplaces):
        given[f"place{number}"] = place
    return [f" AND q.marketplace_id = %(place{n})s" for n in range(len(asked.marketplaces))] or [""]
