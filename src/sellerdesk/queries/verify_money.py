"""Rules of `verify` about money on its way: ledger, transfers, fees and payouts (I06 to I08)."""

from sellerdesk.queries.verify_rule import Rule

MONEY_RULES: tuple[Rule, ...] = (
    Rule(
        "refund_in_ledger",
        "I08",
        """SELECT f.seller_id, f.order_id, format('refund %s (%s): %s, the ledger gave the buyer %s', f.reference,
                  f.state, f.total, coalesce(l.given, 0))
             FROM refunds f
             LEFT JOIN (SELECT t.seller_id, split_part(t.cause, ':', 2)::bigint AS refund_id, -sum(e.amount) AS given
                          FROM ledger_transactions t
                          JOIN ledger_entries e ON e.seller_id = t.seller_id AND e.transaction_id = t.id
                                               AND e.account = 'buyer'
                         WHERE t.kind IN ('refund', 'refund_reversal') GROUP BY 1, 2) l
               ON l.seller_id = f.seller_id AND l.refund_id = f.id
            WHERE coalesce(l.given, 0) <> CASE WHEN f.state IN ('RELEASED', 'SETTLED') THEN f.total ELSE 0 END""",
    ),
    Rule(
        "concessions_in_ledger",
        "I08",
        """SELECT coalesce(a.seller_id, l.seller_id), coalesce(a.order_id, l.order_id),
                  format('%s given, the ledger says %s', coalesce(a.given, 0), coalesce(l.given, 0))
             FROM concessions a
             FULL JOIN (SELECT t.seller_id, t.order_id, sum(e.amount) AS given
                          FROM ledger_transactions t
                          JOIN ledger_entries e ON e.seller_id = t.seller_id AND e.transaction_id = t.id
                         WHERE e.account = 'concession' AND t.kind IN ('refund', 'refund_reversal')
                         GROUP BY 1, 2) l ON l.seller_id = a.seller_id AND l.order_id = a.order_id
            WHERE coalesce(a.given, 0) <> coalesce(l.given, 0)""",
    ),
    Rule(
        "transfer_is_its_refund",
        "I08",
        """SELECT f.seller_id, f.order_id, format('refund %s is %s with %s, its transfer %s with %s', f.reference,
                  f.state, f.total, coalesce(t.state, 'missing'), t.amount)
             FROM refunds f LEFT JOIN payment_transfers t ON t.seller_id = f.seller_id AND t.refund_id = f.id
            WHERE (f.state IN ('RELEASED', 'SETTLED', 'REJECTED')) <> (t.id IS NOT NULL)
               OR t.amount <> f.total OR t.currency <> f.currency
               OR (t.id IS NOT NULL AND f.state <> CASE t.state WHEN 'done' THEN 'SETTLED' WHEN 'failed' THEN 'REJECTED'
                                                                ELSE 'RELEASED' END)""",
    ),
    Rule(
        "payout_in_ledger",
        "I08",
        """SELECT coalesce(p.seller_id, l.seller_id), NULL::bigint, format('payout %s: %s, the ledger says %s',
                  coalesce(p.reference, l.cause), p.amount, l.paid)
             FROM seller_payouts p
             FULL JOIN (SELECT t.seller_id, t.id, t.cause, e.currency, -sum(e.amount) AS paid
                          FROM ledger_transactions t
                          JOIN ledger_entries e ON e.seller_id = t.seller_id AND e.transaction_id = t.id
                                               AND e.account = 'bank'
                         WHERE t.kind = 'payout' GROUP BY 1, 2, 3, 4) l
               ON l.seller_id = p.seller_id AND l.id = p.transaction_id AND l.currency = p.currency
            WHERE p.amount IS DISTINCT FROM l.paid""",
    ),
    Rule(
        "ledger_accounts",
        "I07",
        """SELECT t.seller_id, t.order_id, format('movement %s (%s) touches the account %s', t.id, t.kind, e.account)
             FROM ledger_transactions t
             JOIN ledger_entries e ON e.seller_id = t.seller_id AND e.transaction_id = t.id
            WHERE e.account NOT IN ('buyer', 'seller', 'concession', 'marketplace', 'bank')
               OR (e.account = 'bank') <> (t.kind = 'payout' AND e.amount < 0)
               OR (t.kind = 'payout') <> (t.order_id IS NULL)""",
    ),
)
