"""What must be true of returns: receipts, refunds that completed them, and the stock that came back (I15)."""

from sellerdesk.queries.verify_rule import Rule

RETURN_RULES = (
    Rule(
        "received_units",
        "I15",
        """SELECT q.seller_id, q.order_id, format('%s: %s of %s units received, %s graded', q.rma, l.received,
                  l.quantity, l.sellable + l.unsellable)
             FROM return_lines l
             JOIN return_requests q ON q.seller_id = l.seller_id AND q.id = l.return_request_id
            WHERE l.received > l.quantity OR l.sellable + l.unsellable > l.received
               OR (l.received > 0 AND q.received_at IS NULL)""",
    ),
    Rule(
        "completed_returns",
        "I15",
        """SELECT q.seller_id, q.order_id, format('%s is completed, and %s of %s units of item %s were refunded', q.rma,
                  coalesce(f.units, 0), l.quantity, i.item_number)
             FROM return_requests q
             JOIN return_lines l ON l.seller_id = q.seller_id AND l.return_request_id = q.id
             JOIN order_items i ON i.seller_id = l.seller_id AND i.id = l.item_id
             LEFT JOIN LATERAL (SELECT sum((r.units ->> l.item_id::text)::int) AS units FROM refunds r
                                 WHERE r.seller_id = q.seller_id AND r.return_request_id = q.id
                                   AND r.state IN ('RELEASED', 'SETTLED', 'REJECTED')) f ON true
             LEFT JOIN LATERAL (SELECT sum((r.units ->> l.item_id::text)::int) AS units FROM refunds r
                                 WHERE r.seller_id = q.seller_id AND r.order_id = q.order_id
                                   AND r.state IN ('RELEASED', 'SETTLED', 'REJECTED')) a ON true
            WHERE q.state = 'COMPLETED' AND coalesce(f.units, 0) < l.quantity AND coalesce(a.units, 0) < i.shipped""",
    ),
    Rule(
        "returned_stock",
        "stock",
        """SELECT q.seller_id, q.order_id, format('%s: %s %s units in the books of the stock, %s graded so', q.rma,
                  coalesce(m.units, 0), k.kind, k.units)
             FROM return_lines l
             JOIN return_requests q ON q.seller_id = l.seller_id AND q.id = l.return_request_id
            CROSS JOIN LATERAL (VALUES ('returned', l.sellable), ('unsellable', l.unsellable)) AS k(kind, units)
             LEFT JOIN LATERAL (SELECT sum(s.units) AS units FROM stock_movements s
                                 WHERE s.seller_id = l.seller_id AND s.item_id = l.item_id AND s.kind = k.kind
                                   AND split_part(s.cause, ':', 2) = q.id::text) m ON true
            WHERE coalesce(m.units, 0) <> k.units""",
    ),
    Rule(
        "photos_of_returns",
        "personal data",
        """SELECT p.seller_id, q.order_id, format('%s: a photo is kept as %s', q.rma, f.kind)
             FROM return_photos p
             JOIN return_requests q ON q.seller_id = p.seller_id AND q.id = p.return_request_id
             JOIN stored_files f ON f.seller_id = p.seller_id AND f.id = p.file_id
            WHERE f.kind <> 'image/jpeg'""",
    ),
)
