"""What must be true of messages at all times (rulebook 3.7); see `queries.verify`."""

from sellerdesk.queries.verify_rule import Rule

MESSAGE_RULES = (
    Rule(
        "message_clock",
        "3.7",
        """SELECT t.seller_id, t.order_id, format('the thread is %s, its deadline is %s', t.state,
                  coalesce(d.state, 'missing'))
             FROM message_threads t
             LEFT JOIN deadlines d ON d.seller_id = t.seller_id AND d.order_id = t.order_id
                                  AND d.kind = 'message_answer'
            WHERE CASE WHEN t.state = 'open_needs_response'
                       THEN coalesce(d.state NOT IN ('open', 'fired') OR d.due_at <> t.due_at, true)
                       ELSE d.state = 'open' END""",
    ),
    Rule(
        "message_counts",
        "3.7",
        """SELECT t.seller_id, t.order_id, format('the thread counts %s, and holds %s', t.count, coalesce(m.n, 0))
             FROM message_threads t
             LEFT JOIN (SELECT seller_id, thread_id, count(*) AS n FROM messages WHERE kind <> 'note' GROUP BY 1, 2) m
               ON m.seller_id = t.seller_id AND m.thread_id = t.id
            WHERE t.count <> coalesce(m.n, 0)""",
    ),
    Rule(
        "message_journalled",
        "3.7",
        """SELECT m.seller_id, m.order_id, format('message %s is %s, and the journal says %s', m.id, m.state,
                  coalesce(j.kind, 'nothing'))
             FROM messages m
             LEFT JOIN journal j ON j.seller_id = m.seller_id AND j.order_id = m.order_id
                                AND j.kind LIKE 'message_%' AND j.facts->>'message' = m.id::text
            WHERE j.kind IS DISTINCT FROM CASE WHEN m.kind = 'buyer' THEN 'message_received'
                                               WHEN m.kind = 'note' THEN 'message_noted'
                                               WHEN m.state = 'blocked_opt_out' THEN 'message_blocked'
                                               ELSE 'message_sent' END""",
    ),
)
