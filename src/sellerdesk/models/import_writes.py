"""Writing what documents of other platforms tell of cancelling, beside the orders that they brought."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.imported import CancelNews
from sellerdesk.models import journal_writes
from sellerdesk.models.sql import record_set, run

# The orders are new or locked by the caller, and stand as their document says. LastUpdateDate and version stay: to
# programs this is no other change than the import itself. A wish that was only said becomes the filed one.
_WRITE = """
WITH news AS MATERIALIZED (
  SELECT o.id, o.marketplace_id, o.placed_at, o.status, o.currency, n.*
    FROM jsonb_to_recordset(%(news)s::jsonb)
           AS n(number text, at timestamptz, cancels boolean, by text, reason text, units int, lines jsonb,
                counts boolean, leaves boolean, why text, wishes boolean, wished jsonb, words text, closes text)
    JOIN orders o ON o.seller_id = %(seller)s AND o.order_number = n.number),
records AS (
  INSERT INTO cancellations (seller_id, order_id, marketplace_id, placed_at, at, by, reason, counts, leaves, why,
                             policy_key, units, lines, restocked, released, currency, elsewhere)
  SELECT %(seller)s, id, marketplace_id, placed_at, at, by, reason, counts, leaves, why, '', units, lines, false, 0,
         currency, true
    FROM news WHERE cancels),
formal AS (
  UPDATE cancellation_requests r
     SET state = 'requested_formal', kind = 'formal', filed_at = coalesce(r.filed_at, n.at), words = n.words,
         item_numbers = CASE WHEN r.kind = 'formal' THEN r.item_numbers || n.wished ELSE n.wished END
    FROM news n WHERE n.wishes AND r.seller_id = %(seller)s AND r.order_id = n.id AND r.closed_at IS NULL
  RETURNING r.order_id),
begun AS (
  INSERT INTO cancellation_requests (seller_id, order_id, kind, state, reason, words, item_numbers, requested_at,
                                     filed_at, closed_because)
  SELECT %(seller)s, id, 'formal', 'requested_formal', '', words, wished, at, at, ''
    FROM news WHERE wishes AND NOT EXISTS (SELECT 1 FROM formal WHERE formal.order_id = news.id)),
flagged AS (
  UPDATE order_items i SET cancel_requested_at = n.at
    FROM news n WHERE n.wishes AND i.seller_id = %(seller)s AND i.order_id = n.id AND n.wished ? i.item_number::text),
closed AS (
  UPDATE cancellation_requests r SET state = n.closes, closed_at = greatest(%(now)s, r.requested_at),
         closed_because = CASE WHEN n.cancels THEN 'cancelled elsewhere' ELSE 'shipped' END
    FROM news n WHERE n.closes <> '' AND r.seller_id = %(seller)s AND r.order_id = n.id AND r.closed_at IS NULL),
heads AS (
  UPDATE orders o
     SET counts_in_cr = CASE WHEN n.cancels THEN coalesce(o.counts_in_cr, false) OR n.counts ELSE o.counts_in_cr END,
         cancel_request = CASE WHEN n.wishes THEN 'requested_formal' WHEN n.closes <> '' THEN ''
                               ELSE o.cancel_request END,
         cancel_requested_at = CASE WHEN n.wishes THEN n.at ELSE o.cancel_requested_at END
    FROM news n WHERE o.seller_id = %(seller)s AND o.id = n.id)
INSERT INTO journal (seller_id, order_id, at, kind, party, actor, door, key, facts)
SELECT %(seller)s, n.id, %(now)s, j.kind, %(party)s, %(actor)s, %(door)s, %(key)s, j.facts
  FROM jsonb_to_recordset(%(journal)s::jsonb) AS j(order_number text, kind text, facts jsonb)
  JOIN news n ON n.number = j.order_number"""


def write_cancel_news(actor: Actor, seller_id: int, news: Mapping[str, CancelNews], now: datetime) -> None:
    """Write what was told of orders (by number) that were written just before in this transaction, and journal it.

    A cancellation elsewhere moves no stock and no money of ours.
    """
    if not news:
        return
    said = [_said(number, one, now) for number, one in news.items()]
    entries = [entry for number, one in news.items() for entry in _entries(number, one)]
    given = journal_writes.params(actor, seller_id, [], now)
    run(_WRITE, given | {"news": record_set(said), "journal": record_set(entries)})


def _said(number: str, news: CancelNews, now: datetime) -> dict[str, Any]:
    done, wish = news.cancelled, news.wish
    return {
        "number": number,
        "at": min(news.at, now),  # other platforms' clocks may be ahead of ours
        "cancels": done is not None,
        "by": done.by if done else "",
        "reason": done.reason if done else "",
        "units": done.units if done else 0,
        "lines": done.lines if done else {},
        "counts": done.counting.counts if done else False,
        "leaves": done.leaves if done else False,
        "why": done.counting.why.value if done else "",
        "wishes": wish is not None,
        "wished": list(wish.item_numbers) if wish else [],
        "words": wish.words if wish else "",
        "closes": news.closes.value if news.closes else "",
    }


def _entries(number: str, news: CancelNews) -> list[dict[str, Any]]:
    """The buyer's words stay in the request's own row."""
    entries = []
    if (done := news.cancelled) is not None:
        facts = {"by": done.by, "units": done.units, "lines": done.lines, "why": done.counting.why.value}
        facts |= {"counts": done.counting.counts, "leaves": done.leaves}
        entries.append({"order_number": number, "kind": "cancelled_elsewhere", "facts": facts})
    if (wish := news.wish) is not None:
        facts = {"state": "requested_formal", "reason": "", "items": list(wish.item_numbers)}
        entries.append({"order_number": number, "kind": "cancellation_requested", "facts": facts})
    if news.closes is not None and news.cancelled is None:
        facts = {"state": news.closes.value, "cause": "shipped"}
        entries.append({"order_number": number, "kind": "cancellation_superseded", "facts": facts})
    return entries
