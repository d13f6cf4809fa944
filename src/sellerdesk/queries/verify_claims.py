"""What must be true of claims: their money, their deadlines, and that the journal tells how they came to be as they
are.
"""

from sellerdesk.queries.verify_rule import Rule

# Which state each word of the journal leads to; the last such word of a claim is where it must be.
_LEADS = """(VALUES ('claim_filed', 'FILED'), ('claim_action_required', 'ACTION_REQUIRED'),
  ('claim_answered', 'UNDER_REVIEW'), ('claim_granted', 'GRANTED'), ('claim_denied', 'DENIED'),
  ('claim_withdrawn', 'WITHDRAWN'), ('claim_refunded', 'REFUNDED_BY_SELLER'), ('claim_reopened', 'UNDER_REVIEW'),
  ('claim_appealed', 'APPEALED'), ('claim_appeal_info_required', 'APPEAL_INFO_REQUIRED'),
  ('claim_appeal_answered', 'APPEALED'), ('claim_reversed', 'REVERSED'),
  ('claim_appeal_denied', 'APPEAL_DENIED')) AS leads(kind, state)"""

CLAIM_RULES = (
    Rule(
        "claims_add_up",
        "I06",
        """SELECT c.seller_id, i.order_id, format('item %s, %s: %s claimed, its claims say %s', i.item_number,
                  c.component, c.claimed, coalesce(p.given, 0))
             FROM charges c
             JOIN order_items i ON i.seller_id = c.seller_id AND i.id = c.item_id
             LEFT JOIN (SELECT seller_id, item_id, component, sum(amount) AS given FROM claim_parts
                         GROUP BY 1, 2, 3) p
               ON p.seller_id = c.seller_id AND p.item_id = c.item_id AND p.component = c.component
            WHERE c.claimed <> coalesce(p.given, 0)""",
    ),
    Rule(
        "claim_is_its_parts",
        "I06",
        """SELECT c.seller_id, c.order_id, format('claim %s: %s paid, its parts make %s', c.reference, c.paid,
                  coalesce(p.given, 0))
             FROM claims c
             LEFT JOIN (SELECT seller_id, claim_id, sum(amount) AS given FROM claim_parts GROUP BY 1, 2) p
               ON p.seller_id = c.seller_id AND p.claim_id = c.id
            WHERE c.paid <> coalesce(p.given, 0)""",
    ),
    Rule(
        "claim_paid_once",
        "P4",
        """SELECT c.seller_id, c.order_id, format('claim %s: %s for its buyer, the payment side is asked for %s',
                  c.reference, c.paid, coalesce(t.amount, 0))
             FROM claims c
             LEFT JOIN payment_transfers t ON t.seller_id = c.seller_id AND t.claim_id = c.id
            WHERE c.paid <> coalesce(t.amount, 0)""",
    ),
    Rule(
        "claim_debits_are_the_ledgers",
        "I08",
        """SELECT c.seller_id, c.order_id, format('claim %s: %s debited, %s of it given back; the ledger says %s'
                  ' and %s', c.reference, c.debited, CASE WHEN c.money_reversed THEN c.debited ELSE 0 END,
                  coalesce(l.taken, 0), coalesce(l.back, 0))
             FROM claims c
             LEFT JOIN (SELECT t.seller_id, split_part(t.cause, ':', 2)::bigint AS claim_id,
                               sum(e.amount) FILTER (WHERE t.kind = 'claim') AS taken,
                               -sum(e.amount) FILTER (WHERE t.kind = 'claim_reversal') AS back
                          FROM ledger_transactions t
                          JOIN ledger_entries e ON e.seller_id = t.seller_id AND e.transaction_id = t.id
                         WHERE t.kind IN ('claim', 'claim_reversal') AND e.account = 'seller' GROUP BY 1, 2) l
               ON l.seller_id = c.seller_id AND l.claim_id = c.id
            WHERE (coalesce(l.taken, 0), coalesce(l.back, 0))
                  <> (c.debited, CASE WHEN c.money_reversed THEN c.debited ELSE 0 END)""",
    ),
    Rule(
        "claim_open_once",
        "I14",
        """SELECT seller_id, order_id, format('%s claims are open', count(*))
             FROM claims WHERE state IN ('FILED', 'ACTION_REQUIRED', 'UNDER_REVIEW')
            GROUP BY 1, 2 HAVING count(*) > 1""",
    ),
    Rule(
        "claim_waits_with_deadline",
        "I12",
        """SELECT c.seller_id, c.order_id, format('claim %s is %s, due %s, and its deadline says %s', c.reference,
                  c.state, c.due_at, coalesce(d.due_at::text, 'nothing'))
             FROM claims c
             LEFT JOIN deadlines d ON d.seller_id = c.seller_id AND d.order_id = c.order_id AND d.subject = c.id
              AND d.state = 'open' AND d.kind IN ('claim_answer', 'claim_appeal_answer')
            WHERE c.due_at IS DISTINCT FROM d.due_at""",
    ),
    Rule(
        "claim_journalled",
        "journal",
        f"""SELECT c.seller_id, c.order_id, format('claim %s is %s, the journal makes it %s', c.reference, c.state,
                  coalesce(j.state, 'nothing'))
             FROM claims c
             LEFT JOIN LATERAL (
               SELECT leads.state FROM journal j JOIN {_LEADS} ON leads.kind = j.kind
                WHERE j.seller_id = c.seller_id AND j.order_id = c.order_id
                  AND j.facts ->> 'reference' = c.reference
                ORDER BY j.id DESC LIMIT 1) j ON true
            WHERE c.state IS DISTINCT FROM j.state""",
    ),
    Rule(
        "claim_replayed",
        "journal",
        """SELECT c.seller_id, c.order_id, format('claim %s: debited %s, a defect: %s; the journal says %s and %s',
                  c.reference, c.debited, c.defect, coalesce(j.debited, 0), coalesce(j.defect, false))
             FROM claims c
             LEFT JOIN LATERAL (
               SELECT max((j.facts ->> 'debited')::bigint) FILTER (WHERE j.kind = 'claim_granted') AS debited,
                      (bool_or((j.facts ->> 'defect')::boolean) FILTER (WHERE j.kind = 'claim_granted')
                       AND NOT coalesce(bool_or((j.facts ->> 'defect')::boolean)
                                          FILTER (WHERE j.kind = 'claim_reversed'), false))
                      AS defect
                 FROM journal j
                WHERE j.seller_id = c.seller_id AND j.order_id = c.order_id AND j.kind LIKE 'claim_%'
                  AND j.facts ->> 'reference' = c.reference) j ON true
            WHERE c.debited <> coalesce(j.debited, 0)
               OR (c.state <> 'REFUNDED_BY_SELLER' AND c.defect <> coalesce(j.defect, false))""",
    ),
)
