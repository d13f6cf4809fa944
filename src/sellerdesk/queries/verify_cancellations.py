"""What must be true of cancellations, buyers' wishes, the stock that came back, and the tallies that rates stand on."""

from sellerdesk.queries.verify_rule import Rule

_LINES = """
SELECT c.seller_id, c.order_id, l.key AS item_number, sum(l.value::int) AS units
  FROM cancellations c, jsonb_each_text(c.lines) l WHERE {} GROUP BY 1, 2, 3"""

CANCELLATION_RULES = (
    Rule(
        "tallies",
        "T01",
        """SELECT coalesce(o.seller_id, t.seller_id), o.id, format('%s, %s, hour %s: %s orders, tallied %s',
                  coalesce(o.marketplace_id, t.marketplace_id), coalesce(o.channel, t.channel),
                  coalesce(o.hour, t.hour), coalesce(o.orders, 0), coalesce(t.orders, 0))
             FROM (SELECT seller_id, marketplace_id, channel, date_trunc('hour', placed_at, 'UTC') AS hour,
                          count(*) AS orders, min(id) AS id FROM orders GROUP BY 1, 2, 3, 4) o
             FULL JOIN (SELECT seller_id, marketplace_id, channel, hour, sum(orders) AS orders FROM order_tallies
                         GROUP BY 1, 2, 3, 4) t USING (seller_id, marketplace_id, channel, hour)
            WHERE o.orders IS DISTINCT FROM t.orders""",
    ),
    Rule(
        "cancelled_units",
        "I01",
        f"""SELECT i.seller_id, i.order_id, format('item %s: %s units cancelled, %s on record', i.item_number,
                  i.cancelled, coalesce(c.units, 0))
             FROM order_items i
             JOIN orders o ON o.seller_id = i.seller_id AND o.id = i.order_id
             LEFT JOIN ({_LINES.format("true")}) c
               ON c.seller_id = i.seller_id AND c.order_id = i.order_id AND c.item_number = i.item_number
            WHERE o.source = 'native' AND i.cancelled <> coalesce(c.units, 0)""",
    ),
    Rule(
        "cancellation_placed",
        "T01",
        """SELECT c.seller_id, c.order_id, 'a cancellation names another marketplace or moment than its order'
             FROM cancellations c JOIN orders o ON o.seller_id = c.seller_id AND o.id = c.order_id
            WHERE (c.marketplace_id, c.placed_at) <> (o.marketplace_id, o.placed_at)""",
    ),
    Rule(
        "counts_in_rate",
        "I10",
        """SELECT o.seller_id, o.id, format('counts in the rate: %s, its cancellations say %s',
                  coalesce(o.counts_in_cr::text, 'nothing'), coalesce(c.counts::text, 'nothing'))
             FROM orders o
             LEFT JOIN (SELECT seller_id, order_id, bool_or(counts) AS counts FROM cancellations GROUP BY 1, 2) c
               ON c.seller_id = o.seller_id AND c.order_id = o.id
            WHERE o.counts_in_cr IS DISTINCT FROM c.counts""",
    ),
    Rule(
        "leaves_rate",
        "I10",
        """SELECT o.seller_id, o.id, format('%s, and leaves the denominator', o.status)
             FROM orders o
             JOIN (SELECT seller_id, order_id, bool_or(counts) AS counts FROM cancellations
                    GROUP BY 1, 2 HAVING bool_or(leaves)) c ON c.seller_id = o.seller_id AND c.order_id = o.id
            WHERE o.status <> 'Canceled' OR c.counts""",
    ),
    # What the buyer filed in the account never counts, and what the buyer only said always does.
    Rule(
        "only_filed_requests_excuse",
        "I10",
        """SELECT c.seller_id, c.order_id, format('"buyer cancelled" at %s counts: %s, all of it filed: %s', c.at,
                  c.counts, f.filed)
             FROM cancellations c
            CROSS JOIN LATERAL (
              SELECT bool_and(coalesce(i.cancel_requested_at <= c.at, false)) AS filed
                FROM order_items i
               WHERE i.seller_id = c.seller_id AND i.order_id = c.order_id AND c.lines ? i.item_number::text) f
            WHERE NOT c.elsewhere AND c.by = 'MERCHANT' AND c.reason = 'buyer_cancelled' AND c.why <> 'warehouse'
              AND (c.counts = f.filed OR c.counts = (c.why = 'formal_request'))""",
    ),
    Rule(
        "cancelled_by",
        "journal",
        """SELECT o.seller_id, o.id, format('cancelled by "%s", on record by "%s"', o.cancelled_by, c.by)
             FROM orders o
            CROSS JOIN LATERAL (SELECT x.by FROM cancellations x
                                 WHERE x.seller_id = o.seller_id AND x.order_id = o.id ORDER BY x.id DESC LIMIT 1) c
            WHERE o.source = 'native' AND o.status = 'Canceled' AND o.cancelled_by <> c.by""",
    ),
    Rule(
        "cancellation_journalled",
        "journal",
        """SELECT o.seller_id, o.id, format('%s cancellations, %s in the journal', coalesce(c.times, 0),
                  coalesce(j.times, 0))
             FROM orders o
             LEFT JOIN (SELECT seller_id, order_id, count(*) AS times FROM cancellations
                         WHERE NOT elsewhere GROUP BY 1, 2) c ON c.seller_id = o.seller_id AND c.order_id = o.id
             LEFT JOIN (SELECT seller_id, order_id, count(*) AS times FROM journal
                         WHERE kind IN ('order_cancelled', 'buyer_cancelled', 'marketplace_cancelled',
                                        'order_auto_cancelled') GROUP BY 1, 2) j
               ON j.seller_id = o.seller_id AND j.order_id = o.id
            WHERE coalesce(c.times, 0) <> coalesce(j.times, 0)""",
    ),
    Rule(
        "stock_came_back",
        "stock",
        f"""SELECT coalesce(s.seller_id, c.seller_id), coalesce(s.order_id, c.order_id),
                  format('item %s: %s units came back to stock, %s should have', coalesce(s.item_number,
                  c.item_number), coalesce(s.units, 0), coalesce(c.units, 0))
             FROM (SELECT m.seller_id, m.order_id, i.item_number, sum(m.units) AS units
                     FROM stock_movements m JOIN order_items i ON i.seller_id = m.seller_id AND i.id = m.item_id
                    WHERE m.kind = 'cancelled' GROUP BY 1, 2, 3) s
             FULL JOIN ({_LINES.format("c.restocked")}) c
               ON c.seller_id = s.seller_id AND c.order_id = s.order_id AND c.item_number = s.item_number
            WHERE s.units IS DISTINCT FROM c.units""",
    ),
    Rule(
        "open_wish",
        "I14",
        """SELECT o.seller_id, o.id, format('the order says "%s", %s open wishes say "%s"', o.cancel_request,
                  coalesce(w.times, 0), coalesce(w.state, ''))
             FROM orders o
             LEFT JOIN (SELECT seller_id, order_id, count(*) AS times, max(state) AS state FROM cancellation_requests
                         WHERE closed_at IS NULL GROUP BY 1, 2) w ON w.seller_id = o.seller_id AND w.order_id = o.id
            WHERE o.cancel_request <> coalesce(w.state, '') OR w.times > 1""",
    ),
    Rule(
        "wishes_of_closed_orders",
        "I14",
        """SELECT seller_id, id, format('%s, but a wish to cancel is open: %s', status, cancel_request)
             FROM orders WHERE cancel_request <> '' AND status IN ('Shipped', 'InvoiceUnconfirmed', 'Canceled')""",
    ),
    Rule(
        "filed_items",
        "I10",
        """SELECT w.seller_id, w.order_id, format('item %s was asked for, but is not marked', n.item_number)
             FROM cancellation_requests w, jsonb_array_elements_text(w.item_numbers) AS n(item_number)
            WHERE w.kind = 'formal'
              AND NOT EXISTS (SELECT FROM order_items i
                               WHERE i.seller_id = w.seller_id AND i.order_id = w.order_id
                                 AND i.item_number = n.item_number AND i.cancel_requested_at IS NOT NULL)""",
    ),
)
