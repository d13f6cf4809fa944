"""What the release of refunds does to open claims, and what a refund that never arrived undoes (rulebook 3.6)."""

from collections.abc import Collection
from datetime import datetime

from sellerdesk.domain.actors import Actor
from sellerdesk.models import journal_writes
from sellerdesk.models.sql import run

_TOLD = """
INSERT INTO journal (seller_id, order_id, at, kind, party, actor, door, key, facts)
SELECT %(seller)s, c.order_id, %(now)s, '{kind}', %(party)s, %(actor)s, %(door)s, %(key)s,
       jsonb_build_object('reference', c.reference, 'kind', c.kind, 'amount', c.amount, 'currency', c.currency,
                          'defect', c.defect)
  FROM changed c"""

_RESOLVE = f"""
WITH changed AS (
  UPDATE claims c SET state = 'REFUNDED_BY_SELLER', defect = true, decided_at = %(now)s, decided_by = %(by)s,
         due_at = NULL, version = c.version + 1
   WHERE c.seller_id = %(seller)s AND c.order_id = ANY(ARRAY(SELECT unnest(%(orders)s::bigint[])))
     AND c.state IN ('FILED', 'ACTION_REQUIRED', 'UNDER_REVIEW')
     AND EXISTS (SELECT FROM charges g JOIN order_items i ON i.seller_id = g.seller_id AND i.id = g.item_id
                  WHERE g.seller_id = c.seller_id AND i.order_id = c.order_id
                 HAVING sum(g.charged) > 0 AND sum(g.charged - g.refunded - g.claimed) <= 0)
  RETURNING c.*),
closed AS (
  UPDATE deadlines d SET state = 'void', closed_at = %(now)s FROM changed c
   WHERE d.seller_id = %(seller)s AND d.order_id = c.order_id AND d.subject = c.id AND d.state = 'open'
     AND d.kind LIKE 'claim_%%')
{_TOLD.format(kind="claim_refunded")}"""

_REOPEN = f"""
WITH changed AS (
  UPDATE claims c SET state = 'UNDER_REVIEW', defect = false, decided_at = NULL, decided_by = '',
         version = c.version + 1
   WHERE c.seller_id = %(seller)s AND c.order_id = ANY(ARRAY(SELECT unnest(%(orders)s::bigint[])))
     AND c.state = 'REFUNDED_BY_SELLER'
     AND c.id = (SELECT max(l.id) FROM claims l WHERE l.seller_id = c.seller_id AND l.order_id = c.order_id)
  RETURNING c.*)
{_TOLD.format(kind="claim_reopened")}"""


def resolve_refunded(actor: Actor, seller_id: int, order_ids: Collection[int], now: datetime) -> None:
    """Open claims of orders of which everything was given back are settled by it, and count (rulebook 2.9)."""
    _change(_RESOLVE, actor, seller_id, order_ids, now)


def reopen_refunded(actor: Actor, seller_id: int, order_ids: Collection[int], now: datetime) -> None:
    """Claims that were settled by a refund which could not be paid are under review again."""
    _change(_REOPEN, actor, seller_id, order_ids, now)


def _change(sql: str, actor: Actor, seller_id: int, order_ids: Collection[int], now: datetime) -> None:
    if order_ids:
        given = journal_writes.params(actor, seller_id, [], now)
        by = actor.name[:100] or actor.party.value
        run(
            sql,
            {name: given[name] for name in given if name != "journal"}
            | {"orders": list(order_ids), "by": by},
        )
