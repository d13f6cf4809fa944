"""The bare database's side of a confirmation: eight hand-written statements in one transaction, and by set for L3."""

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from multiprocessing import get_context
from threading import Barrier, Thread

import psycopg

_LOCK = """SELECT id, status, latest_ship_at, version, units_ordered FROM orders
 WHERE seller_id = %s AND order_number = %s FOR UPDATE"""
_ITEMS = """SELECT i.id, i.item_number, i.ordered, i.shipped, c.component, c.amount, c.charged
  FROM order_items i JOIN charges c ON c.seller_id = i.seller_id AND c.item_id = i.id
 WHERE i.seller_id = %s AND i.order_id = %s"""
_PACKAGE = """INSERT INTO packages (seller_id, order_id, reference, version, carrier_code, carrier_name, service,
  tracking, tracking_key, shipped_at, confirmed_at, is_late, status, detailed_status, memo, ship_from, published)
 VALUES (%s, %s, '1', 1, 'UPS', '', 'Ground', %s, %s, %s, %s, false, 'IN_TRANSIT', '', '', '{}', '{}') RETURNING id"""
_CONTENTS = """WITH v AS (INSERT INTO package_versions (seller_id, package_id, version, at, by, facts)
  VALUES (%s, %s, 1, %s, 'bench', %s))
 INSERT INTO package_items (seller_id, package_id, item_id, quantity, transparency_codes)
 VALUES (%s, %s, %s, %s, '[]')"""
_QUANTITIES = """WITH c AS (UPDATE charges SET charged = amount WHERE seller_id = %s AND item_id = %s)
 UPDATE order_items SET shipped = ordered WHERE seller_id = %s AND id = %s"""
_LEDGER = """WITH t AS (INSERT INTO ledger_transactions (seller_id, order_id, kind, at, cause)
  VALUES (%s, %s, 'charge', %s, %s) RETURNING id)
 INSERT INTO ledger_entries (seller_id, transaction_id, account, item_id, component, currency, amount)
 SELECT c.seller_id, t.id, s.account, c.item_id, c.component, c.currency, s.sign * c.amount
   FROM t, charges c, (VALUES ('buyer', 1), ('seller', -1)) AS s(account, sign)
  WHERE c.seller_id = %s AND c.item_id = %s"""
_ORDER = """WITH d AS (UPDATE deadlines SET state = 'void', closed_at = %s
  WHERE seller_id = %s AND order_id = %s AND state = 'open')
 UPDATE orders SET status = 'Shipped', units_shipped = units_ordered, updated_at = %s, version = version + 1,
        confirmed_at = %s, is_late = false WHERE seller_id = %s AND id = %s"""
_JOURNAL = """INSERT INTO journal (seller_id, order_id, at, kind, party, actor, door, key, facts)
 VALUES (%s, %s, %s, 'shipment_confirmed', 'SELLER', 'bench', 'api', '', %s)"""


def confirm(connection: psycopg.Connection, seller: int, number: str, tracking: str) -> None:
    """One confirmation of a whole order with one line, durable."""
    now = datetime.now(UTC)
    with connection.transaction(), connection.cursor() as cursor:
        order, *_ = cursor.execute(_LOCK, [seller, number]).fetchone()  # type: ignore[misc]
        rows = cursor.execute(_ITEMS, [seller, order]).fetchall()
        item, item_number, ordered, *_ = rows[0]
        package = [seller, order, tracking, tracking, now, now]
        (parcel,) = cursor.execute(_PACKAGE, package).fetchone()  # type: ignore[misc]
        said = {"carrier_code": "UPS", "tracking": tracking, "lines": {item_number: ordered}}
        contents = [seller, parcel, now, json.dumps(said), seller, parcel, item, ordered]
        cursor.execute(_CONTENTS, contents)
        cursor.execute(_QUANTITIES, [seller, item, seller, item])
        cursor.execute(_LEDGER, [seller, order, now, f"package:{order}:1:1", seller, item])
        cursor.execute(_ORDER, [now, seller, order, now, now, seller, order])
        facts = {"packages": [{"reference": "1", "carrier": "UPS", "tracking": tracking, "units": ordered}]}
        cursor.execute(_JOURNAL, [seller, order, now, json.dumps(facts | {"status": "Shipped"})])


def _clients(dsn: str, seller: int, parts: Sequence[Sequence[str]], answers: "object") -> None:
    start = Barrier(len(parts) + 1)

    def one(numbers: Sequence[str]) -> None:
        with psycopg.connect(dsn) as connection:
            connection.execute("SELECT 1")
            connection.commit()
            start.wait()
            for number in numbers:
                confirm(connection, seller, number, f"1Z{number.replace('-', '')}"[:18])

    threads = [Thread(target=one, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.time()
    for thread in threads:
        thread.join()
    answers.put((began, time.time()))  # type: ignore[attr-defined]


def rate(dsn: str, seller: int, numbers: Sequence[str], clients: int) -> float:
    """Confirmations a second by so many clients, shared between two processes as a web server's workers are."""
    processes = min(2, clients)
    context = get_context("spawn")
    answers = context.Queue()
    parts = [numbers[client::clients] for client in range(clients)]
    running = [
        context.Process(target=_clients, args=(dsn, seller, parts[process::processes], answers))
        for process in range(processes)
    ]
    for process in running:
        process.start()
    spans = [answers.get() for _ in running]
    for process in running:
        process.join()
    return len(numbers) / (max(end for _, end in spans) - min(begin for begin, _ in spans))


_STAGE = "CREATE TEMP TABLE staging (order_number text, item_number text, quantity int, tracking text) ON COMMIT DROP"
# The ids of parcels and movements are drawn while joining, so that nothing has to be joined with what was just written:
# the planner cannot know how many rows that is, and pairs every row with every other one.
_BY_SET = """
WITH o AS MATERIALIZED (
  SELECT o.id, i.id AS item, i.item_number, s.quantity, s.tracking, nextval('packages_id_seq') AS parcel,
         nextval('ledger_transactions_id_seq') AS movement
    FROM staging s JOIN orders o ON o.seller_id = %(seller)s AND o.order_number = s.order_number
    JOIN order_items i ON i.seller_id = %(seller)s AND i.order_id = o.id AND i.item_number = s.item_number),
p AS (INSERT INTO packages (id, seller_id, order_id, reference, version, carrier_code, carrier_name, service, tracking,
        tracking_key, shipped_at, confirmed_at, is_late, status, detailed_status, memo, ship_from, published)
      SELECT parcel, %(seller)s, id, '1', 1, 'UPS', '', 'Ground', tracking, tracking, %(now)s, %(now)s, false,
             'IN_TRANSIT', '', '', '{}', '{}' FROM o),
v AS (INSERT INTO package_versions (seller_id, package_id, version, at, by, facts)
      SELECT %(seller)s, parcel, 1, %(now)s, 'bench', jsonb_build_object('tracking', tracking, 'lines',
             jsonb_build_object(item_number, quantity)) FROM o),
c AS (INSERT INTO package_items (seller_id, package_id, item_id, quantity, transparency_codes)
      SELECT %(seller)s, parcel, item, quantity, '[]' FROM o),
i AS (UPDATE order_items t SET shipped = ordered FROM o WHERE t.seller_id = %(seller)s AND t.id = o.item),
m AS (UPDATE charges t SET charged = amount FROM o WHERE t.seller_id = %(seller)s AND t.item_id = o.item
      RETURNING o.movement, t.item_id, t.component, t.currency, t.amount),
t AS (INSERT INTO ledger_transactions (id, seller_id, order_id, kind, at, cause)
      SELECT movement, %(seller)s, id, 'charge', %(now)s, 'package:' || id || ':1:1' FROM o),
l AS (INSERT INTO ledger_entries (seller_id, transaction_id, account, item_id, component, currency, amount)
      SELECT %(seller)s, movement, s.account, item_id, component, currency, s.sign * amount
        FROM m CROSS JOIN (VALUES ('buyer', 1), ('seller', -1)) AS s(account, sign)),
d AS (UPDATE deadlines t SET state = 'void', closed_at = %(now)s FROM o
       WHERE t.seller_id = %(seller)s AND t.order_id = o.id AND t.state = 'open'),
u AS (UPDATE orders t SET status = 'Shipped', units_shipped = units_ordered, updated_at = %(now)s,
             version = version + 1, confirmed_at = %(now)s, is_late = false
        FROM o WHERE t.seller_id = %(seller)s AND t.id = o.id)
INSERT INTO journal (seller_id, order_id, at, kind, party, actor, door, key, facts)
SELECT %(seller)s, id, %(now)s, 'shipment_confirmed', 'SELLER', 'bench', 'api', '',
       jsonb_build_object('tracking', tracking, 'status', 'Shipped') FROM o"""


def by_set(connection: psycopg.Connection, seller: int, rows: Sequence[tuple[str, str, int, str]]) -> None:
    """COPY into a staging table and one set-based statement: what a feed costs at least."""
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")  # compiling takes longer than the work
        cursor.execute(_STAGE)
        with cursor.copy("COPY staging FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("ANALYZE staging")
        cursor.execute(_BY_SET, {"seller": seller, "now": datetime.now(UTC)})
