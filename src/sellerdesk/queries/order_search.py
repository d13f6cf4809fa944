"""The search box: one term, or many pasted at once, over everything that identifies an order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.identifiers import SearchKind, classify
from sellerdesk.domain.orders import Channel, Status
from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.order_matches import PERSONAL, Field, Match, fields_for, keys, select

SHOWN = 5  # results of one group
PASTED = 200  # terms of one pasted list
_MATCHES = 50  # look-ups stop here: the newest five of them are shown


@dataclass(frozen=True, slots=True)
class Found:
    """One order that was found. `total` is minor units; `buyer` is empty without the right to see it."""

    order_number: str
    marketplace_id: str
    channel: Channel
    status: Status
    placed_at: datetime
    currency: str
    total: int | None
    buyer: str
    title: str


@dataclass(frozen=True, slots=True)
class Group:
    """What was found in one field, newest first. `more`: there are others."""

    field: Field
    found: tuple[Found, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Pasted:
    """What many terms at once came to: order numbers that were found, newest first, and terms that were not."""

    order_numbers: tuple[str, ...]
    unknown: tuple[str, ...]


_FOUND = """
WITH hits AS MATERIALIZED ({hits}),
     ranked AS MATERIALIZED (
       SELECT h.rank, o.id, o.order_number, o.marketplace_id, o.channel, o.status, o.placed_at, o.currency, o.total,
              row_number() OVER (PARTITION BY h.rank ORDER BY o.placed_at DESC, o.id DESC) AS place
         FROM (SELECT DISTINCT rank, order_id FROM hits OFFSET 0) h
         JOIN orders o ON o.seller_id = %(seller)s AND o.id = h.order_id)
SELECT r.rank, r.order_number, r.marketplace_id, r.channel, r.status, r.placed_at, r.currency, r.total, b.name, i.title
  FROM ranked r
  LEFT JOIN buyer_contacts b ON b.seller_id = %(seller)s AND b.order_id = r.id
  LEFT JOIN LATERAL (SELECT title FROM order_items i WHERE i.seller_id = %(seller)s AND i.order_id = r.id
                      ORDER BY i.position, i.id LIMIT 1) i ON true
 WHERE r.place <= %(shown)s
 ORDER BY r.rank, r.place
"""


def search(seller_id: int, term: str, *, buyers: bool) -> tuple[Group, ...]:
    """Orders that a term points at, grouped by where it was found, likeliest group first; empty groups left out."""
    fields = fields_for(term, personal=buyers)
    if not term.strip() or not fields:
        return ()
    values: dict[str, Any] = {"seller": seller_id, "shown": SHOWN + 1}
    hits = []
    for rank, field in enumerate(fields):
        sql, extra = select(Match(field, (term,)), f"f{rank}_", _MATCHES)
        hits.append(f"(SELECT {rank} AS rank, order_id FROM ({sql}) f{rank})")
        values |= extra
    with scoped(seller_id):
        found = rows(_FOUND.format(hits=" UNION ALL ".join(hits)), values)
    groups = []
    for rank, field in enumerate(fields):
        lines = tuple(_found(one, buyers=buyers) for one in found if one[0] == rank)
        if lines:
            groups.append(Group(field, lines[:SHOWN], len(lines) > SHOWN))
    return tuple(groups)


def _found(row: tuple[Any, ...], *, buyers: bool) -> Found:
    _rank, number, place, channel, status, placed_at, currency, total, buyer, title = row
    name = (buyer or "") if buyers else ""
    return Found(
        number, place, Channel(channel), Status(status), placed_at, currency, total, name, title or ""
    )


_FIELDS = {
    SearchKind.ORDER_NUMBER: (Field.ORDER_NUMBER,),
    SearchKind.ITEM_NUMBER: (Field.ITEM_NUMBER, Field.TRACKING),
    SearchKind.TRACKING: (Field.TRACKING, Field.ITEM_NUMBER, Field.SELLER_ORDER),
    SearchKind.ASIN: (Field.ASIN,),
    SearchKind.EMAIL: (Field.EMAIL,),
    SearchKind.TEXT: (Field.SELLER_ORDER, Field.SKU),
}
# How a stored row says which of the pasted terms it answers.
_COLUMNS = {
    Field.ORDER_NUMBER: ("orders", "id", "order_number"),
    Field.SELLER_ORDER: ("orders", "id", "seller_order_id"),
    Field.ITEM_NUMBER: ("order_items", "order_id", "item_number"),
    Field.TRACKING: ("packages", "order_id", "tracking_key"),
    Field.SKU: ("order_items", "order_id", "sku"),
    Field.ASIN: ("order_items", "order_id", "asin"),
    Field.EMAIL: ("buyer_contacts", "order_id", "email"),
}


def search_pasted(seller_id: int, terms: tuple[str, ...], *, buyers: bool) -> Pasted:
    """Find many terms at once (at most PASTED, the rest counts as unknown). One query, whatever their number."""
    wanted: dict[Field, dict[str, list[str]]] = {}
    for term in terms[:PASTED]:
        for field in _FIELDS[classify(term)]:
            if buyers or field not in PERSONAL:
                for key in keys(Match(field, (term,))):
                    wanted.setdefault(field, {}).setdefault(key, []).append(term)
    if not wanted:
        return Pasted((), terms)
    values: dict[str, Any] = {"seller": seller_id, "most": PASTED * SHOWN}
    parts = []
    for field, known in wanted.items():
        table, order, column = _COLUMNS[field]
        values[field.value] = list(known)
        parts.append(
            f"(SELECT '{field.value}' AS field, {column}::text AS key, {order} AS order_id FROM {table}"
            f" WHERE seller_id = %(seller)s AND {column} = ANY(%({field.value})s::text[]) AND {column} <> ''"
            " LIMIT %(most)s)"
        )
    with scoped(seller_id):
        found = rows(
            f"WITH hits AS MATERIALIZED ({' UNION ALL '.join(parts)})"
            " SELECT h.field, h.key, o.order_number FROM hits h"
            " JOIN orders o ON o.seller_id = %(seller)s AND o.id = h.order_id ORDER BY o.placed_at DESC, o.id DESC",
            values,
        )
    numbers = tuple(dict.fromkeys(number for _field, _key, number in found))
    answered = {term for field, key, _number in found for term in wanted[Field(field)][key]}
    return Pasted(numbers, tuple(term for term in terms if term not in answered))
