"""What the advice about returns rests on, read for a page of them in one statement (S2-18 to S2-24; screens 1.10).

`value` is what the units that were asked back are worth: their share of every component of their lines. It is for
advice; what a refund really is, is `domain.refund_decisions`' affair.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sellerdesk.domain.money import exponent
from sellerdesk.domain.orders import Channel
from sellerdesk.domain.return_advice import Situation
from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.models.terms import policy_book

_SITUATIONS = """
SELECT q.id, q.marketplace_id, o.currency, o.channel, o.confirmed_at IS NOT NULL,
       coalesce(p.sent, false), coalesce(p.delivered, false), coalesce(p.underway, false),
       EXISTS (SELECT 1 FROM message_threads t JOIN messages m ON m.seller_id = t.seller_id AND m.thread_id = t.id
                WHERE t.seller_id = q.seller_id AND t.order_id = q.order_id AND m.kind = 'seller'),
       (SELECT coalesce(sum(round(c.amount::numeric * l.quantity / i.ordered)), 0)::bigint
          FROM return_lines l
          JOIN order_items i ON i.seller_id = l.seller_id AND i.id = l.item_id
          JOIN charges c ON c.seller_id = l.seller_id AND c.item_id = l.item_id
         WHERE l.seller_id = q.seller_id AND l.return_request_id = q.id)
  FROM return_requests q
  JOIN orders o ON o.seller_id = q.seller_id AND o.id = q.order_id
  LEFT JOIN LATERAL (
    SELECT bool_or(p.status <> 'PENDING') AS sent, bool_and(p.delivered_at IS NOT NULL) AS delivered,
           bool_or(p.status IN ('SHIPPED', 'IN_TRANSIT')) AS underway
      FROM packages p
     WHERE p.seller_id = q.seller_id AND p.order_id = q.order_id AND p.status <> 'CANCELLED') p ON true
 WHERE q.seller_id = %(seller)s AND q.id = ANY(ARRAY(SELECT unnest(%(ids)s::bigint[])))"""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one return; amounts in minor units of `currency`."""

    situation: Situation
    currency: str


def situations(seller_id: int, return_ids: Collection[int], now: datetime) -> dict[int, Known]:
    """The situations of returns, by id. Nobody has told what goods cost or what the way back would cost: both None."""
    if not return_ids:
        return {}
    with scoped(seller_id):
        found = rows(_SITUATIONS, {"seller": seller_id, "ids": list(return_ids)})
    book = policy_book({row[1] for row in found})
    known = {}
    for id_, place, currency, channel, confirmed, sent, delivered, underway, contacted, value in found:
        limit = book.value(place, "return_keep_limit", now.date()) * 10 ** exponent(currency)
        known[id_] = Known(
            Situation(
                warehouse=channel == Channel.AFN,
                confirmed=confirmed,
                sent=sent,
                stoppable=underway and not delivered,
                delivered=delivered,
                contacted=contacted,
                value=value,
                keep_limit=limit,
            ),
            currency,
        )
    return known
