"""Counting printed packing slips."""

from collections.abc import Sequence
from datetime import datetime

from sellerdesk.domain.actors import Actor
from sellerdesk.models import journal_writes
from sellerdesk.models.sql import rows

# The order's version and its time of change stay: to programs, and to a colleague's open form, nothing has changed.
_COUNT = """
WITH printed AS (
  UPDATE orders o SET slips_printed = o.slips_printed + 1
   WHERE o.seller_id = %(seller)s AND o.id = ANY(%(orders)s)
  RETURNING o.id, o.slips_printed),
told AS (
  INSERT INTO journal (seller_id, order_id, at, kind, party, actor, door, key, facts)
  SELECT %(seller)s, p.id, %(now)s, 'slip_printed', %(party)s, %(actor)s, %(door)s, %(key)s,
         jsonb_build_object('times', p.slips_printed)
    FROM printed p)
SELECT id, slips_printed FROM printed"""


def count_prints(actor: Actor, seller_id: int, order_ids: Sequence[int], now: datetime) -> dict[int, int]:
    """Count one print of each order (locked by the caller) and journal it; answers order id → prints so far."""
    asked = journal_writes.params(actor, seller_id, [], now) | {"orders": list(order_ids)}
    return dict(rows(_COUNT, asked))
