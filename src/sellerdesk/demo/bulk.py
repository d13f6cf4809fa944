"""Millions of orders of one big seller, for benchmarks and for seeing how the product feels when it is full.

The server makes the rows itself, chunk by chunk and table by table in one statement, so nothing travels and the
client's memory stays flat. Commands could not do it: they know only the present, one moment at a time.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from django.db import connections, transaction

from sellerdesk.commands.accounts import create_seller
from sellerdesk.commands.mails import pass_over_journal
from sellerdesk.demo.people import administrator
from sellerdesk.domain.identifiers import new_seller_id
from sellerdesk.flows.terms import seed_terms
from sellerdesk.queries.sellers import SellerView, find_seller

CHUNK = 5_000  # orders of one transaction: some 130,000 rows
NAME = "Big Box Bulk"
_SEED = "a big seller"
_COUNTRIES = ("US", "CA", "DE", "GB")
_FIRST_NAMES = [
    "Ada", "Ben", "Cleo", "Dara", "Eli", "Fay", "Gus", "Hana", "Ivan", "Jo", "Kai", "Lena", "Milo", "Nina",
    "Omar", "Pia", "Quinn", "Rosa", "Sven", "Tara", "Uma", "Vera", "Wes", "Xenia", "Yara", "Zoe", "Aiko",
    "Bruno", "Chen", "Dalia", "Emre", "Fatima",
]  # fmt: skip
_LAST_NAMES = [
    "Abbott", "Becker", "Castillo", "Dubois", "Eriksen", "Fischer", "Garcia", "Huang", "Ito", "Jensen",
    "Kowalski", "Larsen", "Moreau", "Novak", "Okafor", "Park", "Quist", "Rossi", "Santos", "Tanaka", "Ueda",
    "Vargas", "Weber", "Xu", "Yilmaz", "Zhang", "Archer", "Brennan", "Cohen", "Davies", "Ellison", "Foster",
    "Gallagher", "Hughes", "Ingram", "Jackson", "Keller", "Lindgren", "Mercer", "Nolan", "Ortega",
    "Pereira", "Ramsey", "Silva", "Thornton", "Underwood", "Vance", "Whitaker", "Young", "Ziegler",
]  # fmt: skip
_TABLES = (
    "orders", "order_items", "charges", "buyer_contacts", "shipping_addresses", "packages", "package_items",
    "package_versions", "parcel_events", "ledger_transactions", "ledger_entries", "deadlines", "journal",
    "order_tallies", "cancellations", "stock_movements",
)  # fmt: skip
_SCOPE = "SELECT set_config('sellerdesk.seller', %s, true)"


def big_seller_id() -> str:
    """The public id of the seller that the bulk path fills unless it is given another."""
    return new_seller_id(Random(_SEED))


def open_big_seller(now: datetime) -> SellerView:
    """The big seller; made when it is not there."""
    found = find_seller(big_seller_id())
    if found is None:
        seed_terms(now.date())
        create_seller(administrator(None), NAME, _COUNTRIES, now=now, randomness=Random(_SEED))
        found = find_seller(big_seller_id())
    if found is None:
        raise LookupError(NAME)
    return found


def add_orders(
    seller_id: int,
    count: int,
    *,
    now: datetime,
    chunk: int = CHUNK,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Add orders of the two years before `now` to a seller; answers how many it has then.

    They go on from what the seller has, so a run that was stopped is finished by asking for the rest. Each chunk is one
    transaction; `progress` is told how many orders it added. The planner's statistics are renewed in the end, and the
    mail of made-up history is passed over.
    """
    has = load_orders(seller_id, count, now=now, chunk=chunk, progress=progress)
    analyse()
    pass_over_journal()
    return has


def load_orders(
    seller_id: int,
    count: int,
    *,
    now: datetime,
    chunk: int = CHUNK,
    progress: Callable[[int], None] | None = None,
) -> int:
    """`add_orders` without what follows the loading."""
    before = orders_of(seller_id)
    for first in range(0, count, chunk):
        part = min(chunk, count - first)
        _add_chunk(seller_id, first=before + first, part=part, until=before + count, total=count, now=now)
        if progress is not None:
            progress(part)
    return before + count


def _add_chunk(seller_id: int, *, first: int, part: int, until: int, total: int, now: datetime) -> None:
    given: dict[str, Any] = {
        "seller": seller_id,
        "first": first,
        "count": part,
        "until": until,
        "total": total,
        "now": now,
        "first_names": _FIRST_NAMES,
        "last_names": _LAST_NAMES,
    }
    with transaction.atomic(durable=True), connections["default"].cursor() as cursor:
        cursor.execute(_SCOPE, [str(seller_id)])
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(_statement(), given)


def analyse() -> None:
    """Renew the planner's statistics: plans made over empty tables stay bad."""
    with connections["owner"].cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"ANALYZE {table}")
    connections["owner"].close()


def orders_of(seller_id: int) -> int:
    """How many orders a seller has."""
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute(_SCOPE, [str(seller_id)])
        cursor.execute("SELECT count(*) FROM orders WHERE seller_id = %s", [seller_id])
        (count,) = cursor.fetchone()
    return int(count)


@cache
def _statement() -> str:
    return (Path(__file__).parent / "bulk.sql").read_text(encoding="utf-8")
