"""Writing returns by set: requests, and everything that moves one on. Each is one statement with its journal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.deadlines import Due
from sellerdesk.domain.return_facts import CLOSED, ENDED, ReturnFacts, ReturnState
from sellerdesk.domain.return_goods import LineChange
from sellerdesk.domain.returns import ReturnDecision
from sellerdesk.models import journal_writes
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.sql import record_set, rows, run


@dataclass(frozen=True, slots=True)
class ReturnMove:
    """A return that moves on. `values`: columns of `return_requests` by name, beside the state; `lines` by item id;
    `dues` begin, `voids` (kinds) end. `stock`: item id, kind of movement, units.
    """

    order_id: int
    facts: ReturnFacts
    state: ReturnState
    kind: str  # the journal's word
    values: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[int, LineChange] = field(default_factory=dict)
    dues: tuple[Due, ...] = ()
    voids: tuple[str, ...] = ()
    stock: Sequence[tuple[int, str, int]] = ()
    said: Mapping[str, Any] = field(default_factory=dict)


# Every column that a move may set; one that it does not name stays as it is.
_COLUMNS = {
    "rma": "text", "authorized_at": "timestamptz", "in_transit_at": "timestamptz", "received_at": "timestamptz",
    "inspected_at": "timestamptz", "address": "jsonb", "label": "text", "carrier": "text", "tracking": "text",
    "tracking_key": "text", "instructions": "text", "close_reason": "text", "close_comment": "text",
    "wrongly_rejected": "boolean", "with_claim": "boolean", "label_cost": "bigint", "label_payer": "text",
    "package_id": "bigint", "delivered_back_at": "timestamptz",
}  # fmt: skip
_SET = ", ".join(f"{name} = coalesce(m.{name}, q.{name})" for name in _COLUMNS)
_TYPES = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())

_DUES = """
dues AS (
  INSERT INTO deadlines (seller_id, order_id, kind, subject, due_at, policy_key, policy_value, state, was_late)
  SELECT %(seller)s, d.order_id, d.kind, {subject}, d.due_at, d.policy_key, d.policy_value, 'open', false
    FROM jsonb_to_recordset(%(dues)s::jsonb)
           AS d(order_id bigint, rma text, subject bigint, kind text, due_at timestamptz, policy_key text,
                policy_value jsonb) {join}
  ON CONFLICT (seller_id, order_id, kind, subject)
  DO UPDATE SET due_at = excluded.due_at, policy_value = excluded.policy_value, state = 'open', closed_at = NULL,
                was_late = false
   -- What came first is owed first: a later parcel does not put its refund off.
   WHERE NOT (deadlines.kind = 'return_refund' AND deadlines.state = 'open'))"""

_MOVE = f"""
WITH moves AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset(%(moves)s::jsonb)
    AS m(id bigint, order_id bigint, state text, ends boolean, frees boolean, voids jsonb, {_TYPES})),
moved AS (
  UPDATE return_requests q SET state = m.state, version = q.version + 1, {_SET},
         ended_at = CASE WHEN m.ends THEN coalesce(q.ended_at, %(now)s) ELSE q.ended_at END
    FROM moves m WHERE q.seller_id = %(seller)s AND q.id = m.id),
lines AS (
  UPDATE return_lines l SET received = n.received, grade = n.grade, sellable = n.sellable, unsellable = n.unsellable,
         note = coalesce(n.note, l.note)
    FROM jsonb_to_recordset(%(lines)s::jsonb)
           AS n(return_id bigint, item_id bigint, received int, grade text, sellable int, unsellable int, note text)
   WHERE l.seller_id = %(seller)s AND l.return_request_id = n.return_id AND l.item_id = n.item_id),
freed AS (
  UPDATE order_items i SET in_return = i.in_return - f.units
    FROM (SELECT l.item_id, sum(l.quantity) AS units FROM return_lines l JOIN moves m ON m.id = l.return_request_id
           WHERE l.seller_id = %(seller)s AND m.frees GROUP BY 1) f
   WHERE i.seller_id = %(seller)s AND i.id = f.item_id),
stock AS (
  INSERT INTO stock_movements (seller_id, order_id, item_id, sku, units, kind, at, cause)
  SELECT %(seller)s, i.order_id, i.id, i.sku, s.units, s.kind, %(now)s, s.cause
    FROM jsonb_to_recordset(%(stock)s::jsonb) AS s(item_id bigint, kind text, units int, cause text)
    JOIN order_items i ON i.seller_id = %(seller)s AND i.id = s.item_id),
touched AS (
  UPDATE orders o SET version = o.version + t.times FROM (SELECT order_id, count(*) AS times FROM moves GROUP BY 1) t
   WHERE o.seller_id = %(seller)s AND o.id = t.order_id),
voided AS (
  UPDATE deadlines d SET state = 'void', closed_at = %(now)s
    FROM moves m
   WHERE d.seller_id = %(seller)s AND d.order_id = m.order_id AND d.subject = m.id AND d.state = 'open'
     AND (m.ends AND d.kind LIKE 'return_%%' OR m.voids ? d.kind::text)),
{_DUES.format(subject="d.subject", join="")}
{journal_writes.INSERT}"""


def write_moves(actor: Actor, seller_id: int, moves: Sequence[ReturnMove], now: datetime) -> None:
    """Write what moves returns on. A batch moves each return at most once; orders are locked by the caller."""
    if not moves:
        return
    entries = [
        Entry(one.order_id, one.kind, {"rma": one.facts.rma, "state": one.state.value} | dict(one.said))
        for one in moves
    ]
    lines = [
        {
            "return_id": one.facts.id,
            "item_id": item,
            "received": line.received,
            "grade": line.grade,
            "sellable": line.sellable,
            "unsellable": line.unsellable,
            "note": line.note,
        }
        for one in moves
        for item, line in one.lines.items()
    ]
    stock = [
        # The return's version makes each movement happen once, also when a grade is corrected later.
        {
            "item_id": item,
            "kind": kind,
            "units": units,
            "cause": f"return:{one.facts.id}:{one.facts.version}:{kind}",
        }
        for one in moves
        for item, kind, units in one.stock
    ]
    given = {
        "moves": record_set([_move(one) for one in moves]),
        "lines": record_set(lines),
        "stock": record_set(stock),
        "dues": record_set([_due(one, due) for one in moves for due in one.dues]),
    }
    run(_MOVE, journal_writes.params(actor, seller_id, entries, now) | given)


_NEW = f"""
WITH made AS (
  INSERT INTO return_requests (seller_id, order_id, marketplace_id, rma, kind, state, reason, raw_reason, comment, wish,
                               in_policy, verdict, window_ends_at, payer, returnless, with_claim, requested_at,
                               authorized_at, in_transit_at, address, label, carrier, tracking, tracking_key,
                               instructions, close_reason, close_comment, wrongly_rejected, version, international,
                               package_id, delivered_back_at)
  SELECT %(seller)s, n.order_id, n.marketplace_id, n.rma, n.kind, n.state, n.reason, n.raw_reason, n.comment, n.wish,
         n.in_policy, n.verdict, n.window_ends_at, n.payer, n.returnless,
         EXISTS (SELECT FROM claims k WHERE k.seller_id = %(seller)s AND k.order_id = n.order_id
                    AND k.state IN ('FILED', 'ACTION_REQUIRED', 'UNDER_REVIEW')), %(now)s, n.authorized_at,
         n.in_transit_at, n.address, '', '', '', '', n.instructions, '', '', false, 1, n.international,
         n.package_id, n.delivered_back_at
    FROM jsonb_to_recordset(%(requests)s::jsonb)
           AS n(order_id bigint, marketplace_id text, rma text, kind text, state text, reason text, raw_reason text,
                comment text, wish text, in_policy boolean, verdict text, window_ends_at timestamptz, payer text,
                returnless boolean, authorized_at timestamptz, in_transit_at timestamptz, address jsonb,
                instructions text, international boolean, package_id bigint, delivered_back_at timestamptz)
  RETURNING id, order_id, rma),
lines AS (
  INSERT INTO return_lines (seller_id, return_request_id, item_id, sku, quantity, received, grade, note)
  SELECT %(seller)s, m.id, l.item_id, i.sku, l.quantity, 0, '', ''
    FROM jsonb_to_recordset(%(lines)s::jsonb) AS l(rma text, item_id bigint, quantity int) JOIN made m USING (rma)
    JOIN order_items i ON i.seller_id = %(seller)s AND i.id = l.item_id),
taken AS (
  UPDATE order_items i SET in_return = i.in_return + t.units
    FROM (SELECT item_id, sum(quantity) AS units
            FROM jsonb_to_recordset(%(lines)s::jsonb) AS l(item_id bigint, quantity int) GROUP BY 1) t
   WHERE i.seller_id = %(seller)s AND i.id = t.item_id),
touched AS (
  UPDATE orders o SET version = o.version + t.times FROM (SELECT order_id, count(*) AS times FROM made GROUP BY 1) t
   WHERE o.seller_id = %(seller)s AND o.id = t.order_id),
{_DUES.format(subject="m.id", join="JOIN made m USING (rma)").replace("d.order_id", "m.order_id")},
journalled AS ({journal_writes.INSERT})
SELECT id, rma FROM made"""


@dataclass(frozen=True, slots=True)
class NewReturn:
    """A decided request with its number and, when it is authorised at once, where it goes."""

    decision: ReturnDecision
    rma: str
    address: Mapping[str, Any] = field(default_factory=dict)
    instructions: str = ""
    package_id: int | None = None  # the parcel that turned round
    delivered_back_at: datetime | None = None


def write_requests(actor: Actor, seller_id: int, new: Sequence[NewReturn], now: datetime) -> dict[str, int]:
    """Write requests with their lines and deadlines; several may concern one order. Answers their ids by RMA."""
    if not new:
        return {}
    entries = [Entry(one.decision.facts.order.id, "return_requested", _said(one)) for one in new]
    entries += [
        Entry(one.decision.facts.order.id, "return_authorized", {"rma": one.rma, "automatic": True})
        for one in new
        if one.decision.state is ReturnState.AUTHORIZED
    ]
    lines = [
        {"rma": one.rma, "item_id": item, "quantity": quantity}
        for one in new
        for item, quantity in one.decision.lines.items()
    ]
    dues = [
        {
            "rma": one.rma,
            "kind": due.kind.value,
            "due_at": due.due_at,
            "policy_key": due.policy_key,
            "policy_value": due.policy_value,
        }
        for one in new
        for due in one.decision.dues
    ]
    given = {
        "requests": record_set([_request(one, now) for one in new]),
        "lines": record_set(lines),
        "dues": record_set(dues),
    }
    made = rows(_NEW, journal_writes.params(actor, seller_id, entries, now) | given)
    return {rma: id_ for id_, rma in made}


def _request(one: NewReturn, now: datetime) -> dict[str, Any]:
    decision, asked = one.decision, one.decision.asked
    order = decision.facts.order
    return {
        "order_id": order.id,
        "marketplace_id": order.marketplace_id,
        "rma": one.rma,
        "kind": asked.kind.value,
        "state": decision.state.value,
        "reason": asked.reason.value,
        "raw_reason": asked.raw_reason,
        "comment": asked.comment,
        "wish": asked.wish,
        "in_policy": decision.in_policy,
        "verdict": decision.verdict.value,
        "window_ends_at": decision.window_ends_at,
        "payer": decision.payer.value,
        "returnless": decision.returnless,
        "authorized_at": now if decision.state is ReturnState.AUTHORIZED else None,
        "in_transit_at": now if decision.state is ReturnState.IN_TRANSIT_BACK else None,
        "address": dict(one.address),
        "instructions": one.instructions,
        "international": decision.international,
        "package_id": one.package_id,
        "delivered_back_at": one.delivered_back_at,
    }


def _said(one: NewReturn) -> dict[str, Any]:
    decision = one.decision
    numbers = {item.id: item.item_number for item in decision.facts.order.items}
    return {
        "rma": one.rma,
        "kind": decision.asked.kind.value,
        "reason": decision.asked.reason.value,
        "state": decision.state.value,
        "lines": {numbers[item]: quantity for item, quantity in decision.lines.items()},
        "verdict": decision.verdict.value,
        "payer": decision.payer.value,
        "returnless": decision.returnless,
    }


def _move(one: ReturnMove) -> dict[str, Any]:
    head = {
        "id": one.facts.id,
        "order_id": one.order_id,
        "state": one.state.value,
        "ends": one.state in ENDED,
        "frees": one.state in CLOSED,
        "voids": list(one.voids),
    }
    return head | {name: one.values.get(name) for name in _COLUMNS}


def _due(one: ReturnMove, due: Due) -> dict[str, Any]:
    return {
        "order_id": one.order_id,
        "subject": one.facts.id,
        "kind": due.kind.value,
        "due_at": due.due_at,
        "policy_key": due.policy_key,
        "policy_value": due.policy_value,
    }
