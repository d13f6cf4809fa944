"""Adding the tallies of an hour up into one row. New rows come with the orders: see `order_writes`."""

from sellerdesk.models.sql import rows

# Rows that another worker holds are left to it: then two sums stand beside each other until the key's next turn, and
# readers, who add up whatever there is, see the same number all the time.
_COMPACT = """
WITH fresh AS MATERIALIZED (
  SELECT id, marketplace_id, channel, hour FROM order_tallies
   WHERE seller_id = %(seller)s AND is_delta ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED),
sums AS MATERIALIZED (
  SELECT t.id FROM order_tallies t
   WHERE t.seller_id = %(seller)s AND NOT t.is_delta
     AND (t.marketplace_id, t.channel, t.hour) IN (SELECT marketplace_id, channel, hour FROM fresh)
     FOR UPDATE SKIP LOCKED),
gone AS (
  DELETE FROM order_tallies t
   WHERE t.seller_id = %(seller)s AND t.id IN (SELECT id FROM fresh UNION ALL SELECT id FROM sums)
  RETURNING t.marketplace_id, t.channel, t.hour, t.orders, t.is_delta),
added AS (
  INSERT INTO order_tallies (seller_id, marketplace_id, channel, hour, orders, is_delta)
  SELECT %(seller)s, marketplace_id, channel, hour, sum(orders), false FROM gone GROUP BY 1, 2, 3, 4
  HAVING sum(orders) <> 0)
SELECT count(*) FROM gone WHERE is_delta"""


def compact_tallies(seller_id: int, limit: int) -> int:
    """Put at most `limit` fresh rows of a seller into their hours' sums; answers how many were."""
    return int(rows(_COMPACT, {"seller": seller_id, "limit": limit})[0][0])


def sellers_with_fresh_tallies() -> list[int]:
    """The sellers with rows that were not added up yet. For a connection that sees all of them."""
    return [row[0] for row in rows("SELECT DISTINCT seller_id FROM order_tallies WHERE is_delta ORDER BY 1")]
