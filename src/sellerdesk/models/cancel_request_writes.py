"""Writing what becomes of buyers' wishes to cancel (rulebook 3.3)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.cancel_requests import OPEN, RequestDecision, State
from sellerdesk.domain.deadlines import DeadlineKind, Due
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.models import journal_writes
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.sql import record_set, run

_WRITE = f"""
WITH wishes AS (
  SELECT * FROM jsonb_to_recordset(%(wishes)s::jsonb)
    AS w(order_id bigint, version int, state text, kind text, begins boolean, is_open boolean, reason text,
         words text, numbers jsonb, cause text)),
begun AS (
  INSERT INTO cancellation_requests (seller_id, order_id, kind, state, reason, words, item_numbers, requested_at,
                                     filed_at, guided_at, closed_because)
  SELECT %(seller)s, order_id, kind, state, reason, words, numbers, %(now)s,
         CASE WHEN kind = 'formal' THEN %(now)s::timestamptz END,
         CASE WHEN state = 'guided' THEN %(now)s::timestamptz END, ''
    FROM wishes WHERE begins),
moved AS (
  UPDATE cancellation_requests r
     SET state = w.state,
         kind = CASE WHEN w.kind = 'formal' THEN w.kind ELSE r.kind END,
         filed_at = CASE WHEN w.kind = 'formal' THEN coalesce(r.filed_at, %(now)s) ELSE r.filed_at END,
         guided_at = CASE WHEN w.state = 'guided' THEN %(now)s ELSE r.guided_at END,
         reason = CASE WHEN w.kind = 'formal' THEN w.reason ELSE r.reason END,
         words = CASE WHEN w.kind = 'formal' THEN w.words ELSE r.words END,
         item_numbers = CASE WHEN w.kind = 'formal' THEN w.numbers ELSE r.item_numbers END,
         closed_at = CASE WHEN w.is_open THEN NULL ELSE %(now)s::timestamptz END,
         closed_because = w.cause
    FROM wishes w
   WHERE NOT w.begins AND r.seller_id = %(seller)s AND r.order_id = w.order_id AND r.closed_at IS NULL),
heads AS (
  -- A filed request moves LastUpdateDate, so that pollers see it (S3-18); a wish that was only said is nobody's news.
  UPDATE orders o SET cancel_request = CASE WHEN w.is_open THEN w.state ELSE '' END, version = w.version,
         cancel_requested_at = CASE WHEN w.state = 'requested_formal' THEN %(now)s ELSE o.cancel_requested_at END,
         updated_at = CASE WHEN w.state = 'requested_formal' THEN %(now)s ELSE o.updated_at END
    FROM wishes w WHERE o.seller_id = %(seller)s AND o.id = w.order_id),
flagged AS (
  UPDATE order_items i SET cancel_requested_at = coalesce(i.cancel_requested_at, %(now)s)
    FROM wishes w
   WHERE w.state = 'requested_formal' AND i.seller_id = %(seller)s AND i.order_id = w.order_id
     AND w.numbers ? i.item_number::text),
voided AS (
  UPDATE deadlines d SET state = 'void', closed_at = %(now)s
    FROM wishes w
   WHERE d.seller_id = %(seller)s AND d.order_id = w.order_id AND d.state = 'open'
     AND d.kind IN ('cancel_answer', 'guide_follow_up')
     AND NOT EXISTS (SELECT 1 FROM jsonb_to_recordset(%(dues)s::jsonb) AS n(order_id bigint, kind text)
                      WHERE n.order_id = d.order_id AND n.kind = d.kind)),
dues AS (
  INSERT INTO deadlines AS d (seller_id, order_id, kind, due_at, policy_key, policy_value, state, was_late)
  SELECT %(seller)s, n.order_id, n.kind, n.due_at, n.policy_key, n.policy_value, 'open', false
    FROM jsonb_to_recordset(%(dues)s::jsonb)
           AS n(order_id bigint, kind text, due_at timestamptz, policy_key text, policy_value jsonb)
  ON CONFLICT (seller_id, order_id, kind, subject)
  DO UPDATE SET due_at = excluded.due_at, policy_key = excluded.policy_key, policy_value = excluded.policy_value,
                state = 'open', closed_at = NULL, was_late = false)
{journal_writes.INSERT}"""

_KINDS = {
    "file": "cancellation_requested",
    "note": "cancellation_noted",
    "guide": "cancellation_guided",
    "decline": "cancellation_declined",
    "expire": "cancellation_dismissed",
}


def write_requests(
    actor: Actor, seller_id: int, decisions: Sequence[tuple[RequestDecision, Due | None]], now: datetime
) -> None:
    """Write decisions about wishes of locked orders, at most one per order, each with the promise that it starts."""
    if not decisions:
        return
    entries = [Entry(one.facts.id, _KINDS[one.verb], _journal_facts(one)) for one, _ in decisions]
    run(
        _WRITE,
        journal_writes.params(actor, seller_id, entries, now)
        | {
            "wishes": record_set([_wish(one) for one, _ in decisions]),
            "dues": record_set([_due(one, due) for one, due in decisions if due]),
        },
    )


_SUPERSEDE = f"""
WITH closed AS (
  UPDATE cancellation_requests r SET state = 'superseded', closed_at = %(now)s, closed_because = 'shipped'
   WHERE r.seller_id = %(seller)s AND r.order_id = ANY(%(orders)s) AND r.closed_at IS NULL),
heads AS (
  UPDATE orders o SET cancel_request = '' WHERE o.seller_id = %(seller)s AND o.id = ANY(%(orders)s))
{journal_writes.INSERT}"""


def supersede_wishes(actor: Actor, seller_id: int, shipped: Sequence[OrderFacts], now: datetime) -> None:
    """Close the open wishes of orders that were shipped all the same; their deadlines are closed with the shipment."""
    if not shipped:
        return
    entries = [
        Entry(one.id, "cancellation_superseded", {"state": one.cancel_request, "cause": "shipped"})
        for one in shipped
    ]
    given = journal_writes.params(actor, seller_id, entries, now)
    run(_SUPERSEDE, given | {"orders": [one.id for one in shipped]})


def cancel_answer_due(hours: int, at: datetime) -> Due:
    """The promise that a filed request starts."""
    return Due(DeadlineKind.CANCEL_ANSWER, at, "cancel_answer_hours", hours)


def guide_follow_up_due(hours: int, at: datetime) -> Due:
    """The promise that a guiding message starts (S3-29)."""
    return Due(DeadlineKind.GUIDE_FOLLOW_UP, at, "guide_follow_up_hours", hours)


def _wish(decision: RequestDecision) -> dict[str, Any]:
    return {
        "order_id": decision.facts.id,
        "version": decision.after.version,
        "state": decision.state.value,
        "kind": "formal" if decision.state is State.REQUESTED_FORMAL else "informal",
        "begins": decision.begins,
        "is_open": decision.state in OPEN,
        "reason": decision.reason,
        "words": decision.words,
        "numbers": list(decision.item_numbers),
        "cause": decision.cause,
    }


def _due(decision: RequestDecision, due: Due) -> dict[str, Any]:
    return {
        "order_id": decision.facts.id,
        "kind": due.kind.value,
        "due_at": due.due_at,
        "policy_key": due.policy_key,
        "policy_value": due.policy_value,
    }


def _journal_facts(decision: RequestDecision) -> dict[str, Any]:
    """The buyer's reason is a code of ours; the buyer's words stay in the request's own row."""
    items = {item.item_number: item.left for item in decision.facts.items}
    return {
        "state": decision.state.value,
        "before": decision.facts.cancel_request,
        "reason": decision.reason,
        "cause": decision.cause,
        "items": list(decision.item_numbers),
        "units": sum(items[number] for number in decision.item_numbers),
        "status": decision.facts.status.value,
    }
