"""Which orders a search term points at: one indexed look-up for each kind of term, shared by list and search.

Under row-level security an index is used only for comparisons that cannot leak, so the beginning of a name is looked
for as a range in byte order, and everything else by equality.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sellerdesk.domain.identifiers import SearchKind, classify, order_number_key, tracking_key

LAST_CHARACTER = "\U0010ffff"


class Field(StrEnum):
    """What a term may be found in."""

    ORDER_NUMBER = "order_number"
    SELLER_ORDER = "seller_order"
    ITEM_NUMBER = "item_number"
    TRACKING = "tracking"
    SKU = "sku"
    ASIN = "asin"
    EMAIL = "email"
    NAME = "name"
    CARRIER = "carrier"  # narrows; see `needs_company`
    WISH = "wish"  # the state of the buyer's open wish to cancel


PERSONAL = frozenset({Field.EMAIL, Field.NAME})

# Parameters: seller, {n}keys (a list of texts) or {n}from and {n}until (a range), {n}most.
_SELECTS = {
    Field.ORDER_NUMBER: "SELECT id AS order_id FROM orders WHERE seller_id = %(seller)s"
    " AND order_number = ANY(%({n}keys)s::text[])",
    Field.SELLER_ORDER: "SELECT id AS order_id FROM orders WHERE seller_id = %(seller)s"
    " AND seller_order_id = ANY(%({n}keys)s::text[]) AND seller_order_id <> ''",
    Field.ITEM_NUMBER: "SELECT order_id FROM order_items WHERE seller_id = %(seller)s"
    " AND item_number = ANY(%({n}keys)s::text[])",
    Field.SKU: "SELECT order_id FROM order_items WHERE seller_id = %(seller)s"
    " AND sku = ANY(%({n}keys)s::text[])",
    Field.ASIN: "SELECT order_id FROM order_items WHERE seller_id = %(seller)s"
    " AND asin = ANY(%({n}keys)s::text[])",
    Field.TRACKING: "SELECT order_id FROM packages WHERE seller_id = %(seller)s"
    " AND tracking_key = ANY(%({n}keys)s::text[]) AND tracking_key <> ''",
    Field.EMAIL: "SELECT order_id FROM buyer_contacts WHERE seller_id = %(seller)s"
    " AND email = ANY(%({n}keys)s::text[]) AND email <> ''",
    # The first condition is word for word the index's own.
    Field.WISH: "SELECT id AS order_id FROM orders WHERE seller_id = %(seller)s AND NOT cancel_request = ''"
    " AND cancel_request = ANY(%({n}keys)s::text[])",
    Field.NAME: "SELECT order_id FROM ((SELECT order_id FROM buyer_contacts WHERE seller_id = %(seller)s"
    " AND name_key >= %({n}from)s AND name_key < %({n}until)s AND name_key <> '' LIMIT %({n}most)s)"
    " UNION ALL (SELECT order_id FROM buyer_contacts WHERE seller_id = %(seller)s"
    " AND last_key >= %({n}from)s AND last_key < %({n}until)s AND last_key <> '' LIMIT %({n}most)s)) names",
}


@dataclass(frozen=True, slots=True)
class Match:
    """One term, looked for in one field. Several terms of one field can be looked up at once."""

    field: Field
    terms: tuple[str, ...]


def fold(term: str) -> str:
    """A name in the form in which names are kept for search."""
    return " ".join(term.casefold().split())


def keys(match: Match) -> list[str]:
    """The stored forms that the terms can have."""
    terms = [unicodedata.normalize("NFKC", term).strip() for term in match.terms]
    match match.field:
        case Field.ORDER_NUMBER:
            return [key for term in terms if (key := order_number_key(term))]
        case Field.TRACKING:
            return [key for term in terms if (key := tracking_key(term))]
        case Field.EMAIL:
            return [term.lower() for term in terms]
        case Field.ASIN:
            return [term.upper() for term in terms]
        case Field.SKU:
            return list(dict.fromkeys(form for term in terms for form in (term, term.upper())))
        case Field.NAME:
            return [fold(term) for term in match.terms]
        case _:
            return terms


def select(match: Match, name: str, most: int) -> tuple[str, dict[str, Any]]:
    """SQL that gives the order ids of a match (column `order_id`, maybe repeated, at most about `most`), and its
    parameters, whose names begin with `name`. A NAME match takes one term."""
    found = keys(match)
    values: dict[str, Any] = {f"{name}most": most}
    if match.field is Field.NAME:
        start = found[0] if found else ""
        values |= {f"{name}from": start, f"{name}until": start + LAST_CHARACTER}
    else:
        values[f"{name}keys"] = found
    return _SELECTS[match.field].replace("{n}", name) + f" LIMIT %({name}most)s", values


_TEXT = (Field.SKU, Field.SELLER_ORDER, Field.NAME)
_FIELDS = {
    SearchKind.ORDER_NUMBER: (Field.ORDER_NUMBER, Field.SELLER_ORDER),
    SearchKind.ITEM_NUMBER: (Field.ITEM_NUMBER, Field.TRACKING, Field.SELLER_ORDER, Field.SKU),
    SearchKind.TRACKING: (Field.TRACKING, Field.ITEM_NUMBER, Field.SELLER_ORDER, Field.SKU),
    SearchKind.ASIN: (Field.ASIN, *_TEXT),
    SearchKind.EMAIL: (Field.EMAIL, Field.SKU),
    SearchKind.TEXT: (
        Field.SKU,
        Field.SELLER_ORDER,
        Field.TRACKING,
        Field.ASIN,
        Field.NAME,
        Field.ITEM_NUMBER,
    ),
}


def fields_for(term: str, *, personal: bool) -> tuple[Field, ...]:
    """Where to look for a term, likeliest first; not in buyers' data unless `personal`."""
    found = _FIELDS[classify(term)]
    usable = tuple(field for field in found if personal or field not in PERSONAL)
    return tuple(field for field in usable if any(keys(Match(field, (term,)))))
