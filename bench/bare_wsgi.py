"""The bare side of L7: a WSGI function that hands out SQL-built JSON of 100 orders, and nothing else."""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

_SQL = """
SELECT json_build_object('payload', json_build_object('Orders', coalesce(json_agg(json_build_object(
  'AmazonOrderId', order_number, 'PurchaseDate', to_char(placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  'LastUpdateDate', to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'OrderStatus', status,
  'FulfillmentChannel', channel, 'SalesChannel', sales_channel, 'ShipServiceLevel', ship_service,
  'OrderTotal', json_build_object('CurrencyCode', currency, 'Amount', round(total / 100.0, 2)::text),
  'NumberOfItemsShipped', units_shipped, 'NumberOfItemsUnshipped', units_ordered - units_shipped - units_cancelled,
  'MarketplaceId', marketplace_id, 'OrderType', order_type, 'IsBusinessOrder', is_business, 'IsPrime', is_prime,
  'ShipmentServiceLevelCategory', service_category,
  'EarliestShipDate', to_char(earliest_ship_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
  'LatestShipDate', to_char(latest_ship_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) ORDER BY placed_at, id),
  '[]')))::text
  FROM (SELECT * FROM orders WHERE seller_id = %s AND placed_at >= %s AND marketplace_id = ANY(%s)
         ORDER BY placed_at, id LIMIT 100) o"""

_mine = threading.local()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one page, whatever is asked."""
    del environ
    if not hasattr(_mine, "connection"):
        _mine.connection = psycopg.connect(os.environ["BENCH_DSN"], autocommit=True)
        _mine.connection.prepare_threshold = 1
    since, seller = os.environ["BENCH_SINCE"], int(os.environ["BENCH_SELLER"])
    places = os.environ["BENCH_PLACES"].split()
    row = _mine.connection.execute(_SQL, [seller, since, places]).fetchone()
    body = row[0].encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
