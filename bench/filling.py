"""L4: the bulk path beside COPY of the same rows into the same tables, with all their indexes and guards."""

import io
import time
from collections.abc import Iterator

import psycopg
from django.db import connections

from bench.ground import new_seller, now
from bench.table import ROUNDS, Result, against, rates
from sellerdesk.demo.bulk import analyse, load_orders

# In the order in which rows may point at each other. Columns that hold ids of our own get an offset in the copy.
_TABLES = (
    "orders", "order_items", "charges", "buyer_contacts", "shipping_addresses", "packages", "package_items",
    "package_versions", "parcel_events", "ledger_transactions", "ledger_entries", "deadlines", "journal",
    "order_tallies", "cancellations", "stock_movements",
)  # fmt: skip
_IDS = frozenset({"id", "order_id", "item_id", "package_id", "transaction_id"})
_OFFSET = 10**12  # times the target, so that several copies do not meet


def bulk_path(count: int) -> Result:
    """Add orders to a new seller by the bulk path, then the very same rows to another one by COPY; several times.

    Only the loading is timed: both would renew the planner's statistics afterwards, which takes as long as the tables
    are large and would hide the difference.
    """
    ours, base = [], []
    for _ in range(ROUNDS):
        source, target = new_seller("Bench, bulk path"), new_seller("Bench, COPY")
        began = time.perf_counter()
        load_orders(source, count, now=now())
        ours.append(time.perf_counter() - began)
        with connections["owner"].cursor() as cursor:
            base.append(_copy(cursor.connection, source, target))
    analyse()
    work = f"{count:,} orders by the bulk path, beside COPY"
    return against("L4", work, *rates(count, ours, base), least=0.4)


def _copy(raw: psycopg.Connection, source: int, target: int) -> float:
    """Seconds to COPY all rows of one seller to another, from memory, in one transaction."""
    raw.execute("SELECT set_config('sellerdesk.seller', '0', false)")
    files = {table: _export(raw, table, source, target) for table in _TABLES}
    with _open(raw):
        began = time.perf_counter()
        with raw.transaction():
            for table, (columns, file) in files.items():
                with raw.cursor().copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT binary)") as copy:
                    while block := file.read(1 << 20):
                        copy.write(block)
        return time.perf_counter() - began


def _export(raw: psycopg.Connection, table: str, source: int, target: int) -> tuple[str, io.BytesIO]:
    found = raw.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND table_schema = 'public'"
        " AND column_name <> 'txid' ORDER BY ordinal_position",
        [table],
    ).fetchall()
    names = [name for (name,) in found]
    shown = [
        str(target) + "::bigint"
        if name == "seller_id"
        else f"{name} + {target} * {_OFFSET}"
        if name in _IDS
        else name
        for name in names
    ]
    file = io.BytesIO()
    query = (
        f"COPY (SELECT {', '.join(shown)} FROM {table} WHERE seller_id = {source}) TO STDOUT (FORMAT binary)"
    )
    with raw.cursor().copy(query) as copy:
        for block in copy:
            file.write(block)
    file.seek(0)
    return ", ".join(names), file


class _open:  # noqa: N801  (reads as a word)
    """COPY is refused where row-level security binds: it lets go of the owner for a moment, in the bench's database."""

    def __init__(self, raw: psycopg.Connection) -> None:
        self.raw = raw

    def __enter__(self) -> None:
        self._say("NO FORCE")

    def __exit__(self, *_error: object) -> None:
        self._say("FORCE")

    def _say(self, word: str) -> None:
        for table in self._tables():
            self.raw.execute(f"ALTER TABLE {table} {word} ROW LEVEL SECURITY")

    def _tables(self) -> Iterator[str]:
        yield from _TABLES
