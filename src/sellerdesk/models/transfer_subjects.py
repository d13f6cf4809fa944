"""What a transfer to the payment side pays, known in one place."""

# Joins to `t`, a row of payment_transfers: `s`, what it pays (order, reference, when it was asked for); `o`, its order.
SUBJECT = """
  JOIN LATERAL (
    SELECT r.order_id, r.reference, r.released_at AS asked_at FROM refunds r
     WHERE r.seller_id = t.seller_id AND r.id = t.refund_id
     UNION ALL
    SELECT k.order_id, k.reference, k.decided_at FROM claims k
     WHERE k.seller_id = t.seller_id AND k.id = t.claim_id) s ON true
  JOIN orders o ON o.seller_id = t.seller_id AND o.id = s.order_id"""
