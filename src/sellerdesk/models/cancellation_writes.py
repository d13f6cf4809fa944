"""Writing cancellations by set: units, orders, the record that counts, stock, deadlines and the buyer's wish."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.cancellations import CancelDecision, Canceller
from sellerdesk.domain.rates import CancellationRate
from sellerdesk.models import journal_writes
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.sql import record_set, run

# The orders are locked by the caller. Several cancellations of one order arrive as one record per row that changes, and
# as one record each for what is only added.
_CANCEL = f"""
WITH heads AS (
  SELECT * FROM jsonb_to_recordset(%(orders)s::jsonb)
    AS m(id bigint, status text, units int, version int, counts boolean, is_done boolean, cancelled_by text,
         reason text, wish text, wish_state text)),
moved_items AS (
  UPDATE order_items i SET cancelled = i.cancelled + m.quantity
    FROM jsonb_to_recordset(%(items)s::jsonb) AS m(item_id bigint, quantity int)
   WHERE i.seller_id = %(seller)s AND i.id = m.item_id),
moved_orders AS (
  UPDATE orders o SET status = m.status, units_cancelled = o.units_cancelled + m.units, updated_at = %(now)s,
         version = m.version, counts_in_cr = m.counts, cancel_request = m.wish,
         cancelled_at = CASE WHEN m.is_done THEN %(now)s ELSE o.cancelled_at END,
         cancelled_by = CASE WHEN m.is_done THEN m.cancelled_by ELSE o.cancelled_by END,
         cancel_reason = CASE WHEN m.is_done THEN m.reason ELSE o.cancel_reason END
    FROM heads m WHERE o.seller_id = %(seller)s AND o.id = m.id),
records AS (
  INSERT INTO cancellations (seller_id, order_id, marketplace_id, placed_at, at, by, reason, counts, leaves, why,
                             policy_key, policy_value, units, lines, restocked, released, currency)
  SELECT %(seller)s, r.order_id, r.marketplace_id, r.placed_at, %(now)s, r.by, r.reason, r.counts, r.leaves, r.why,
         r.policy_key, r.policy_value, r.units, r.lines, r.restocked, r.released, r.currency
    FROM jsonb_to_recordset(%(records)s::jsonb)
           AS r(order_id bigint, marketplace_id text, placed_at timestamptz, by text, reason text, counts boolean,
                leaves boolean, why text, policy_key text, policy_value jsonb, units int, lines jsonb,
                restocked boolean, released bigint, currency text)),
stock AS (
  INSERT INTO stock_movements (seller_id, order_id, item_id, sku, units, kind, at, cause)
  SELECT %(seller)s, i.order_id, i.id, i.sku, s.units, 'cancelled', %(now)s, s.cause
    FROM jsonb_to_recordset(%(stock)s::jsonb) AS s(item_id bigint, units int, cause text)
    JOIN order_items i ON i.seller_id = %(seller)s AND i.id = s.item_id),
closed_wishes AS (
  UPDATE cancellation_requests w SET state = m.wish_state, closed_at = %(now)s, closed_because = m.reason_code
    FROM (SELECT id, wish_state, reason AS reason_code FROM heads WHERE wish_state <> '') m
   WHERE w.seller_id = %(seller)s AND w.order_id = m.id AND w.closed_at IS NULL),
closed_deadlines AS (
  UPDATE deadlines d SET state = 'void', closed_at = %(now)s
    FROM heads m
   WHERE d.seller_id = %(seller)s AND d.order_id = m.id AND d.state = 'open'
     AND (m.is_done AND d.kind <> 'message_answer' AND d.subject = 0
          OR m.wish_state <> '' AND d.kind IN ('cancel_answer', 'guide_follow_up')))
{journal_writes.INSERT}"""

KINDS = {Canceller.MERCHANT: "order_cancelled", Canceller.BUYER: "buyer_cancelled"}


def write_cancellations(
    actor: Actor,
    seller_id: int,
    decisions: Sequence[CancelDecision],
    now: datetime,
    *,
    said: Mapping[int, Mapping[str, Any]] | None = None,
) -> None:
    """Write accepted cancellations, in their order, and journal each. `said`: order id → more facts for the journal."""
    if not decisions:
        return
    last = {decision.facts.id: decision for decision in decisions}
    wishes = {one.facts.id: wish for one in decisions if (wish := _wish_state(one))}
    more = said or {}
    entries = [
        Entry(one.facts.id, kind_of(one), _journal_facts(one) | dict(more.get(one.facts.id, {})))
        for one in decisions
    ]
    run(
        _CANCEL,
        journal_writes.params(actor, seller_id, entries, now)
        | {
            "orders": record_set([_order(one, decisions, wishes) for one in last.values()]),
            "items": record_set(_items(decisions)),
            "records": record_set([_record(one) for one in decisions]),
            "stock": record_set([line for one in decisions if one.restocked for line in _stock(one)]),
        },
    )


def kind_of(decision: CancelDecision) -> str:
    """The journal's word for it: who cancelled is told apart everywhere."""
    if decision.by is Canceller.AMAZON:
        return (
            "marketplace_cancelled"
            if decision.counting.why != "confirmation_missing"
            else "order_auto_cancelled"
        )
    return KINDS[decision.by]


def _wish_state(decision: CancelDecision) -> str:
    """What becomes of the buyer's open wish: "" leaves it open."""
    if not decision.facts.cancel_request or decision.after.cancel_request:
        return ""
    return "accepted" if decision.answers_request else "superseded"


def _order(
    last: CancelDecision, decisions: Sequence[CancelDecision], wishes: Mapping[int, str]
) -> dict[str, Any]:
    order_id = last.facts.id
    return {
        "id": order_id,
        "status": last.status.value,
        "units": sum(one.units for one in decisions if one.facts.id == order_id),
        "version": last.after.version,
        "counts": last.after.counts_in_cr,
        "is_done": last.whole,
        "cancelled_by": last.by.value,
        "reason": last.reason,
        "wish": last.after.cancel_request,
        "wish_state": wishes.get(order_id, ""),
    }


def _items(decisions: Sequence[CancelDecision]) -> list[dict[str, int]]:
    units: dict[int, int] = {}
    for decision in decisions:
        for item_id, quantity in decision.lines.items():
            units[item_id] = units.get(item_id, 0) + quantity
    return [{"item_id": item_id, "quantity": quantity} for item_id, quantity in units.items()]


def _numbers(decision: CancelDecision) -> dict[str, int]:
    numbers = {item.id: item.item_number for item in decision.facts.items}
    return {numbers[item_id]: quantity for item_id, quantity in decision.lines.items()}


def _record(decision: CancelDecision) -> dict[str, Any]:
    facts = decision.facts
    key, value = decision.policy
    return {
        "order_id": facts.id,
        "marketplace_id": facts.marketplace_id,
        "placed_at": facts.placed_at,
        "by": decision.by.value,
        "reason": decision.reason,
        "counts": decision.counting.counts,
        "leaves": decision.leaves,
        "why": decision.counting.why.value,
        "policy_key": key,
        "policy_value": value,
        "units": decision.units,
        "lines": _numbers(decision),
        "restocked": decision.restocked,
        "released": decision.released,
        "currency": facts.currency,
    }


def _stock(decision: CancelDecision) -> list[dict[str, Any]]:
    # The version that the order had before it makes the cause unique: no two changes start from the same one.
    cause = f"cancel:{decision.facts.id}:{decision.facts.version}"
    return [{"item_id": item, "units": units, "cause": cause} for item, units in decision.lines.items()]


def _journal_facts(decision: CancelDecision) -> dict[str, Any]:
    key, value = decision.policy
    return {
        "by": decision.by.value,
        "reason": decision.reason,
        "units": decision.units,
        "lines": _numbers(decision),
        "whole": decision.whole,
        "was": decision.facts.status.value,
        "status": decision.status.value,
        "counts": decision.counting.counts,
        "leaves": decision.leaves,
        "why": decision.counting.why.value,
        "restocked": decision.restocked,
        "released": decision.released,
        "currency": decision.facts.currency,
        "policy": key,
        "rule": value,
        "rate": _rates(decision.before_rate, decision.after_rate),
    }


def _rates(before: CancellationRate | None, after: CancellationRate | None) -> dict[str, int] | None:
    if before is None or after is None:
        return None
    return {
        "counted": before.counted,
        "base": before.base,
        "counted_after": after.counted,
        "base_after": after.base,
        "target": after.policy.cr_target,
    }
