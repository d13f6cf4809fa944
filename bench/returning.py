"""L14: Manage Returns of a seller with many requests. L15: the refund command beside the same work by hand."""

import json
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import psycopg
from django.db import connections

from bench import load
from bench.confirming import confirm_chunk
from bench.ground import Fresh, fresh_orders, new_login, new_seller, now, raw
from bench.reading import Console
from bench.table import ROUNDS, Result, against, percentile, rates, within
from sellerdesk.commands.refunds import request_refunds
from sellerdesk.demo.bulk import analyse, load_orders
from sellerdesk.domain.actors import Actor, Door, Party
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import RefundRequest

_REPEATS = 60
_DEEP = 20
# Of a thousand requests: what waits and is under way is few, most are done.
_REQUESTS = """
WITH shipped AS MATERIALIZED (
  SELECT o.id, o.marketplace_id, o.placed_at, row_number() OVER (ORDER BY o.id) AS n
    FROM orders o WHERE o.seller_id = %(seller)s AND o.units_shipped > 0),
many AS (
  SELECT s.*, k, (s.n * 7919 + k * 104729) %% 1000 AS lot
    FROM shipped s CROSS JOIN generate_series(1, %(each)s::int) AS k ORDER BY s.n, k LIMIT %(count)s::bigint)
INSERT INTO return_requests (seller_id, order_id, marketplace_id, rma, kind, state, reason, raw_reason, comment, wish,
  in_policy, verdict, window_ends_at, payer, returnless, with_claim, requested_at, authorized_at, ended_at, address,
  label, carrier, tracking, tracking_key, instructions, close_reason, close_comment, wrongly_rejected, version)
SELECT %(seller)s, id, marketplace_id, 'RMA-BENCH-' || n || '-' || k, 'customer', s.state, 'too_small', '',
       'It is too small for the shelf that it was bought for, and the box was open.', 'refund', lot %% 9 > 0,
       'in_policy',
       placed_at + interval '40 days', 'buyer', false, lot = 3, placed_at + interval '8 days' + k * interval '1 second',
       CASE WHEN s.state <> 'PENDING_AUTHORIZATION' THEN placed_at + interval '9 days' END,
       CASE WHEN s.state IN ('COMPLETED', 'CLOSED_BY_SELLER', 'CLOSED_BY_BUYER', 'CLOSED_AUTO')
            THEN placed_at + interval '20 days' END,
       '{}', 'prepaid', 'UPS', '1ZB' || n || 'X' || k, '1ZB' || n || 'X' || k, '',
       CASE WHEN s.state = 'CLOSED_BY_SELLER' THEN 'solved' ELSE '' END,
       CASE WHEN s.state = 'CLOSED_BY_SELLER' THEN 'It works again.' ELSE '' END, false, 1
  FROM many, LATERAL (SELECT CASE WHEN lot < 5 THEN 'PENDING_AUTHORIZATION' WHEN lot < 12 THEN 'AUTHORIZED'
       WHEN lot < 17 THEN 'IN_TRANSIT_BACK' WHEN lot < 20 THEN 'RECEIVED' WHEN lot < 21 THEN 'INSPECTED'
       WHEN lot < 25 THEN 'PENDING_REFUND' WHEN lot < 60 THEN 'CLOSED_BY_SELLER' WHEN lot < 90 THEN 'CLOSED_BY_BUYER'
       WHEN lot < 100 THEN 'CLOSED_AUTO' ELSE 'COMPLETED' END AS state) s"""
_LINES = """
INSERT INTO return_lines (seller_id, return_request_id, item_id, sku, quantity, received, grade, note)
SELECT q.seller_id, q.id, i.id, i.sku, 1, CASE WHEN q.state = 'COMPLETED' THEN 1 ELSE 0 END, '', ''
  FROM return_requests q
  JOIN order_items i ON i.seller_id = q.seller_id AND i.order_id = q.order_id AND i.position = 1
 WHERE q.seller_id = %(seller)s"""


def fill(seller: int, count: int) -> None:
    """So many requests of one seller, by set, over orders of the bulk path."""
    load_orders(seller, max(1_000, count // 4), now=now())
    analyse()  # each step is planned by how many rows the step before has left
    with raw() as link:
        ((shipped,),) = link.execute(
            "SELECT count(*) FROM orders WHERE seller_id = %s AND units_shipped > 0", [seller]
        ).fetchall()
        link.execute("SET jit = off")
        link.execute(_REQUESTS, {"seller": seller, "count": count, "each": -(-count // max(1, shipped))})
    analyse()
    with raw() as link:
        link.execute(_LINES, {"seller": seller})
    analyse()
    with connections["owner"].cursor() as cursor:
        # What the server does by itself within a minute of so many new rows, so that it does not fall into a measure.
        cursor.execute("VACUUM (ANALYZE) return_requests, return_lines")
    connections["owner"].close()


def manage_returns(count: int) -> Iterator[Result]:
    """L14: the first page of several lists, deep ones, searches; whole HTML, in process, warm."""
    seller = new_seller("Bench, returns")
    fill(seller, count)
    console = Console(new_login(seller))
    lists = {
        "to answer": "/desk/returns/",
        "authorised": "/desk/returns/?show=authorised",
        "all": "/desk/returns/?show=all",
        "completed, dated": "/desk/returns/?show=completed&from=2020-01-01&until=2100-01-01",
    }
    lists["deep"] = _deep(console, lists["all"])
    with raw() as link:
        row = link.execute(
            "SELECT q.rma, o.order_number, q.tracking, l.sku FROM return_requests q"
            " JOIN orders o ON o.id = q.order_id JOIN return_lines l ON l.return_request_id = q.id"
            " WHERE q.seller_id = %s OFFSET %s LIMIT 1",
            [seller, count // 2],
        ).fetchall()[0]
    for name, term in zip(("RMA", "order", "tracking", "SKU"), row, strict=True):
        lists[f"search by {name}"] = f"/desk/returns/?show=all&q={term}"
    for name, url in lists.items():
        times = console.times([url] * _REPEATS)
        measured = {"p50": percentile(times, 0.5), "p95": percentile(times, 0.95)}
        goal = {"p95": 60} if name.startswith("search") else {"p50": 25, "p95": 60}  # as of L6 and of L5
        yield within("L14", f"Manage Returns of {count:,}, {name}, 25 cards", measured, goal)
    counts = {name: float(console.queries(url)) for name, url in lists.items()}
    yield within("L14", "its queries", counts, dict.fromkeys(counts, 10.0), unit="")


def _deep(console: Console, url: str) -> str:
    """A page some way down, found by turning pages as people do."""
    for _ in range(_DEEP):
        text = console.get(url).content.decode()
        at = text.find("after=")
        if at < 0:
            break
        begin = text.rfind('"', 0, at) + 1
        url = text[begin : text.find('"', at)].replace("&amp;", "&")
    return url


_ORDER = "SELECT id, version FROM orders WHERE seller_id = %s AND order_number = %s FOR UPDATE"
_CHARGES = """SELECT i.id, c.component, c.charged - c.refunded - c.refund_pending - c.claimed FROM order_items i
  JOIN charges c ON c.seller_id = i.seller_id AND c.item_id = i.id WHERE i.seller_id = %s AND i.order_id = %s"""
_ASIDE = """UPDATE charges SET refund_pending = refund_pending + %s
 WHERE seller_id = %s AND item_id = %s AND component = %s AND charged >= refunded + refund_pending + claimed + %s"""
_REFUND = """INSERT INTO refunds (seller_id, order_id, reference, state, reason, raw_reason, mode, party, author,
  approved_by, currency, total, return_shipping, goodwill, units, override, note, words, requested_at, hold_minutes,
  release_at, settles_from, settles_until)
 VALUES (%s, %s, %s, 'PENDING', 'general_adjustment', '', 'goodwill', 'SELLER', 'bench', '', 'USD', %s, 0, 0, '{}', '',
  '', '', %s, 120, %s, %s, %s) RETURNING id"""
_PART = """INSERT INTO refund_lines (seller_id, refund_id, item_id, component, amount, deduction)
 VALUES (%s, %s, %s, %s, %s, 0)"""
_TOUCH = "UPDATE orders SET version = version + 1, updated_at = %s WHERE seller_id = %s AND id = %s"
_DUE = """INSERT INTO deadlines (seller_id, order_id, kind, subject, due_at, policy_key, policy_value, state, was_late)
 VALUES (%s, %s, 'refund_release', %s, %s, 'refund_hold_minutes', '120', 'open', false)"""
_JOURNAL = """INSERT INTO journal (seller_id, order_id, at, kind, party, actor, door, key, facts)
 VALUES (%s, %s, %s, 'refund_requested', 'SELLER', 'bench', 'api', '', %s)"""


def _by_hand(link: psycopg.Connection, seller: int, number: str) -> None:
    """One full refund of a shipped order, durable."""
    at = datetime.now(UTC)
    with link.transaction(), link.cursor() as cursor:
        ((order, _version),) = cursor.execute(_ORDER, [seller, number]).fetchall()
        parts = [one for one in cursor.execute(_CHARGES, [seller, order]).fetchall() if one[2]]
        cursor.executemany(_ASIDE, [[left, seller, item, name, left] for item, name, left in parts])
        total = sum(left for *_, left in parts)
        values = [seller, order, f"{number}-R1", total, at, at, at, at]
        ((refund,),) = cursor.execute(_REFUND, values).fetchall()
        cursor.executemany(_PART, [[seller, refund, *part] for part in parts])
        cursor.execute(_TOUCH, [at, seller, order])
        cursor.execute(_DUE, [seller, order, refund, at])
        cursor.execute(
            _JOURNAL, [seller, order, at, json.dumps({"reference": f"{number}-R1", "total": total})]
        )


def refunding(seller: int, count: int) -> Result:
    """L15: full refunds one by one through the command, beside the same rows by hand."""
    actor = Actor(Party.SELLER, "bench", Door.API, seller)
    ours, base = [], []
    for _ in range(ROUNDS):
        orders = fresh_orders(seller, 2 * count)
        confirm_chunk(seller, orders)
        began = time.perf_counter()
        for order in orders[:count]:
            _refund(actor, order)
        ours.append(time.perf_counter() - began)
        base.append(_hand(seller, orders[count:]))
    return against("L15", "full refund by the command, one by one", *rates(count, ours, base), least=0.3)


def _refund(actor: Actor, order: Fresh) -> None:
    asked = RefundRequest(order.order_number, RefundReason.GENERAL_ADJUSTMENT, Mode.GOODWILL)
    [outcome] = request_refunds(actor, [asked], now=datetime.now(UTC))
    if not outcome.accepted:
        raise load.Refused(str(outcome))


def _hand(seller: int, orders: Sequence[Fresh]) -> float:
    with raw() as link:
        link.execute("SELECT 1")
        link.commit()
        began = time.perf_counter()
        for order in orders:
            _by_hand(link, seller, order.order_number)
        return time.perf_counter() - began
