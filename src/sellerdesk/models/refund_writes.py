"""Writing refunds by set: requested, approved, called back, released, settled. Each is one statement with its journal.

Amounts are set aside when a refund is requested, by an update that finds the row only while they are there; the check
constraint on `charges` stands behind it. They become refunded, and the ledger moves, when it is released.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.deadlines import DeadlineKind
from sellerdesk.domain.refunds import HeldRefund, RefundDecision, RefundState
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.models import journal_writes
from sellerdesk.models.claim_refunds import resolve_refunded
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.return_closings import closings
from sellerdesk.models.sql import record_set, rows, run

_ASIDE = """
WITH wanted AS (
  SELECT * FROM jsonb_to_recordset(%(parts)s::jsonb) AS w(item_id bigint, component text, amount bigint)),
aside AS (
  UPDATE charges c SET refund_pending = c.refund_pending + w.amount
    FROM wanted w
   WHERE c.seller_id = %(seller)s AND c.item_id = w.item_id AND c.component = w.component
     AND abs(c.refunded + c.refund_pending + c.claimed + w.amount) <= abs(c.charged)
  RETURNING 1)
SELECT (SELECT count(*) FROM aside), (SELECT count(*) FROM wanted)"""

_REQUEST = f"""
WITH made AS (
  INSERT INTO refunds (seller_id, order_id, return_request_id, reference, state, reason, raw_reason, mode, party,
                       author, author_id, approved_by, currency, total, return_shipping, goodwill, units, override,
                       note, words, requested_at, hold_minutes, release_at, released_at, settles_from, settles_until)
  SELECT %(seller)s, r.order_id, r.return_id, r.reference, r.state, r.reason, r.raw_reason, r.mode, %(party)s,
         %(actor)s, %(author)s, '', r.currency, r.total, r.return_shipping, r.goodwill, r.units, r.override,
         r.note, r.words, %(now)s, r.hold_minutes, r.release_at, NULL, r.settles_from, r.settles_until
    FROM jsonb_to_recordset(%(refunds)s::jsonb)
           AS r(order_id bigint, return_id bigint, reference text, state text, reason text, raw_reason text, mode text,
                currency text, total bigint, return_shipping bigint, goodwill bigint, units jsonb,
                override text, note text, words text, hold_minutes int, release_at timestamptz,
                settles_from timestamptz, settles_until timestamptz)
  RETURNING id, order_id, reference, state, release_at),
lines AS (
  INSERT INTO refund_lines (seller_id, refund_id, item_id, component, amount, deduction)
  SELECT %(seller)s, m.id, l.item_id, l.component, l.amount, l.deduction
    FROM jsonb_to_recordset(%(lines)s::jsonb)
           AS l(reference text, item_id bigint, component text, amount bigint, deduction bigint)
    JOIN made m ON m.reference = l.reference),
accounts AS (
  INSERT INTO concessions AS a (seller_id, order_id, currency, cap, given, pending)
  SELECT %(seller)s, k.order_id, k.currency, k.cap, 0, k.pending
    FROM jsonb_to_recordset(%(concessions)s::jsonb) AS k(order_id bigint, currency text, cap bigint, pending bigint)
  ON CONFLICT (seller_id, order_id) DO UPDATE SET cap = excluded.cap, pending = a.pending + excluded.pending),
units AS (
  UPDATE order_items i SET refunded = i.refunded + u.units
    FROM jsonb_to_recordset(%(units)s::jsonb) AS u(item_id bigint, units int)
   WHERE i.seller_id = %(seller)s AND i.id = u.item_id),
touched AS (
  UPDATE orders o SET version = o.version + t.times
    FROM jsonb_to_recordset(%(orders)s::jsonb) AS t(id bigint, times int)
   WHERE o.seller_id = %(seller)s AND o.id = t.id),
dues AS (
  INSERT INTO deadlines (seller_id, order_id, kind, subject, due_at, policy_key, policy_value, state, was_late)
  SELECT %(seller)s, m.order_id, '{DeadlineKind.REFUND_RELEASE.value}', m.id, m.release_at, 'refund_hold_minutes',
         to_jsonb(r.hold_minutes), 'open', false
    FROM made m JOIN jsonb_to_recordset(%(refunds)s::jsonb) AS r(reference text, hold_minutes int) USING (reference)
   WHERE m.state = 'PENDING' AND m.release_at > %(now)s),
journalled AS ({journal_writes.INSERT})
SELECT id, reference FROM made"""


def write_requests(
    actor: Actor, seller_id: int, decisions: Sequence[RefundDecision], now: datetime
) -> dict[str, int]:
    """Set the amounts aside and write the refunds, held or waiting; answers their ids by reference.

    What goes at once is written as held until now: `write_releases` follows. Raises Refusal REFUND_EXCEEDED when the
    amounts are not there any more, which the order's lock rules out unless somebody wrote past it.
    """
    if not decisions:
        return {}
    parts = _summed([(part.item_id, part.component, part.amount) for one in decisions for part in one.parts])
    done, asked = rows(_ASIDE, {"seller": seller_id, "parts": record_set(parts)})[0]
    if done != asked:
        raise refuse(Code.REFUND_EXCEEDED, asked="", left="", currency=decisions[0].facts.order.currency)
    entries = [Entry(one.facts.order.id, _kind(one), _journal_facts(one)) for one in decisions]
    lines = [
        {
            "reference": one.reference,
            "item_id": part.item_id,
            "component": part.component,
            "amount": part.amount,
            "deduction": part.deduction,
        }
        for one in decisions
        for part in one.parts
    ]
    given = journal_writes.params(actor, seller_id, entries, now) | {
        "refunds": record_set([_refund(one) for one in decisions]),
        "author": actor.identity[:120],
        "lines": record_set(lines),
        "concessions": record_set(_concessions(decisions)),
        "units": record_set(_units(decisions)),
        "orders": record_set(_orders([one.facts.order.id for one in decisions])),
    }
    return {reference: id_ for id_, reference in rows(_REQUEST, given)}


def _summed(moves: Sequence[tuple[int, str, int]]) -> list[dict[str, Any]]:
    sums: dict[tuple[int, str], int] = {}
    for item_id, component, amount in moves:
        sums[item_id, component] = sums.get((item_id, component), 0) + amount
    return [{"item_id": item, "component": name, "amount": n} for (item, name), n in sums.items() if n]


def _kind(decision: RefundDecision) -> str:
    return "refund_drafted" if decision.state is RefundState.DRAFT else "refund_requested"


def _refund(one: RefundDecision) -> dict[str, Any]:
    request, order = one.request, one.facts.order
    state = RefundState.PENDING if one.state is RefundState.RELEASED else one.state
    return {
        "order_id": order.id,
        "return_id": one.linked.id if one.linked else None,
        "reference": one.reference,
        "state": state.value,
        "reason": request.reason.value,
        "raw_reason": request.raw_reason,
        "mode": request.mode.value,
        "currency": order.currency,
        "total": one.total,
        "return_shipping": request.return_shipping,
        "goodwill": request.goodwill,
        "units": {str(item_id): units for item_id, units in one.units.items()},
        "override": request.override,
        "note": request.note,
        "words": request.words,
        "hold_minutes": one.hold_minutes,
        "release_at": one.release_at,
        "settles_from": one.settles[0],
        "settles_until": one.settles[1],
    }


def _concessions(decisions: Sequence[RefundDecision]) -> list[dict[str, Any]]:
    accounts: dict[int, dict[str, Any]] = {}
    for one in decisions:
        extra = one.request.return_shipping + one.request.goodwill
        if extra:
            order = one.facts.order
            fresh = {"order_id": order.id, "currency": order.currency, "cap": one.cap, "pending": 0}
            account = accounts.setdefault(order.id, fresh)
            account["pending"] += extra
    return list(accounts.values())


def _units(decisions: Sequence[RefundDecision]) -> list[dict[str, int]]:
    units: dict[int, int] = {}
    for one in decisions:
        for item_id, more in one.units.items():
            units[item_id] = units.get(item_id, 0) + more
    return [{"item_id": item_id, "units": more} for item_id, more in units.items()]


def _orders(order_ids: Sequence[int]) -> list[dict[str, int]]:
    return [{"id": order_id, "times": order_ids.count(order_id)} for order_id in dict.fromkeys(order_ids)]


def _journal_facts(one: RefundDecision) -> dict[str, Any]:
    key, value = one.policy
    numbers = {item.id: item.item_number for item in one.facts.order.items}
    return {
        # All that it takes to tell from the journal alone what went back (domain.replay).
        "parts": [[numbers[part.item_id], part.component, part.amount] for part in one.parts],
        "units": {numbers[item_id]: units for item_id, units in one.units.items()},
        "reference": one.reference,
        "total": one.total,
        "currency": one.facts.order.currency,
        "reason": one.request.reason.value,
        "mode": one.request.mode.value,
        "rma": one.linked.rma if one.linked else "",
        "fee": one.fee,
        "concessions": one.request.return_shipping + one.request.goodwill,
        "override": bool(one.request.override),
        "release_at": one.release_at,
        "policy": key,
        "rule": value,
    }


@dataclass(frozen=True, slots=True)
class HeldChange:
    """A refund that moves on: its new state, and what the journal says of it."""

    held: HeldRefund
    state: RefundState
    kind: str
    release_at: datetime | None = None
    said: Mapping[str, Any] | None = None

    @property
    def entry(self) -> Entry:
        held = self.held
        facts = {"reference": held.reference, "total": held.total, "currency": held.currency}
        return Entry(held.order_id, self.kind, facts | dict(self.said or {}))


# Summed per row before they are applied: several refunds of one order may move in one batch.
_PARTS = """
moving AS MATERIALIZED (
  SELECT r.id, r.order_id, r.reference, r.currency, r.total, r.return_shipping, r.goodwill, r.units,
         r.return_request_id
    FROM refunds r WHERE r.seller_id = %(seller)s AND r.id = ANY(ARRAY(SELECT unnest(%(ids)s::bigint[])))),
lines AS MATERIALIZED (
  SELECT l.item_id, l.component, l.amount, m.id AS refund_id
    FROM moving m JOIN refund_lines l ON l.seller_id = %(seller)s AND l.refund_id = m.id WHERE l.amount <> 0),
sums AS (SELECT item_id, component, sum(amount) AS amount FROM lines GROUP BY 1, 2),
extras AS (SELECT order_id, sum(return_shipping + goodwill) AS amount FROM moving GROUP BY 1),
touched AS (
  UPDATE orders o SET version = o.version + t.times FROM (SELECT order_id, count(*) AS times FROM moving GROUP BY 1) t
   WHERE o.seller_id = %(seller)s AND o.id = t.order_id)"""

_UNDO = f"""
WITH {_PARTS},
changed AS (
  UPDATE refunds r SET state = 'CANCELLED', closed_at = %(now)s FROM moving m
   WHERE r.seller_id = %(seller)s AND r.id = m.id),
charged AS (
  UPDATE charges c SET refund_pending = c.refund_pending - s.amount FROM sums s
   WHERE c.seller_id = %(seller)s AND c.item_id = s.item_id AND c.component = s.component),
account AS (
  UPDATE concessions a SET pending = a.pending - e.amount FROM extras e
   WHERE a.seller_id = %(seller)s AND a.order_id = e.order_id AND e.amount <> 0),
units AS (
  UPDATE order_items i SET refunded = i.refunded - u.units
    FROM (SELECT k.key::bigint AS item_id, sum(k.value::int) AS units
            FROM moving m CROSS JOIN LATERAL jsonb_each_text(m.units) k GROUP BY 1) u
   WHERE i.seller_id = %(seller)s AND i.id = u.item_id),
closed AS (
  UPDATE deadlines d SET state = 'void', closed_at = %(now)s FROM moving m
   WHERE d.seller_id = %(seller)s AND d.order_id = m.order_id AND d.subject = m.id
     AND d.kind = '{DeadlineKind.REFUND_RELEASE.value}' AND d.state = 'open')
{journal_writes.INSERT}"""


def write_undone(actor: Actor, seller_id: int, changes: Sequence[HeldChange], now: datetime) -> None:
    """Give back what was set aside."""
    _write(_UNDO, actor, seller_id, changes, now)


_APPROVE = f"""
WITH given AS (
  SELECT * FROM jsonb_to_recordset(%(changes)s::jsonb)
    AS g(id bigint, order_id bigint, release_at timestamptz, minutes int)),
changed AS (
  UPDATE refunds r SET state = 'PENDING', release_at = g.release_at, approved_by = %(actor)s FROM given g
   WHERE r.seller_id = %(seller)s AND r.id = g.id),
touched AS (
  UPDATE orders o SET version = o.version + t.times FROM (SELECT order_id, count(*) AS times FROM given GROUP BY 1) t
   WHERE o.seller_id = %(seller)s AND o.id = t.order_id),
dues AS (
  INSERT INTO deadlines (seller_id, order_id, kind, subject, due_at, policy_key, policy_value, state, was_late)
  SELECT %(seller)s, g.order_id, '{DeadlineKind.REFUND_RELEASE.value}', g.id, g.release_at, 'refund_hold_minutes',
         to_jsonb(g.minutes), 'open', false FROM given g)
{journal_writes.INSERT}"""


def write_approved(actor: Actor, seller_id: int, changes: Sequence[HeldChange], now: datetime) -> None:
    """Start the hold of refunds that a second person agreed to."""
    _write(_APPROVE, actor, seller_id, changes, now)


_RELEASE = f"""
WITH {_PARTS},
changed AS (
  UPDATE refunds r SET state = 'RELEASED', released_at = %(now)s FROM moving m
   WHERE r.seller_id = %(seller)s AND r.id = m.id),
charged AS (
  UPDATE charges c SET refund_pending = c.refund_pending - s.amount, refunded = c.refunded + s.amount FROM sums s
   WHERE c.seller_id = %(seller)s AND c.item_id = s.item_id AND c.component = s.component),
account AS (
  UPDATE concessions a SET pending = a.pending - e.amount, given = a.given + e.amount FROM extras e
   WHERE a.seller_id = %(seller)s AND a.order_id = e.order_id AND e.amount <> 0),
movements AS (
  INSERT INTO ledger_transactions (seller_id, order_id, kind, at, cause)
  SELECT %(seller)s, m.order_id, 'refund', %(now)s, 'refund:' || m.id FROM moving m RETURNING id, cause),
sides AS (
  INSERT INTO ledger_entries (seller_id, transaction_id, account, item_id, component, currency, amount)
  SELECT %(seller)s, t.id, side.account, e.item_id, e.component, m.currency, side.sign * e.amount
    FROM movements t JOIN moving m ON t.cause = 'refund:' || m.id
   CROSS JOIN LATERAL (
     SELECT l.item_id, l.component, l.amount, 'seller' AS other FROM lines l WHERE l.refund_id = m.id
     UNION ALL SELECT NULL, 'return_shipping', m.return_shipping, 'concession' WHERE m.return_shipping > 0
     UNION ALL SELECT NULL, 'goodwill', m.goodwill, 'concession' WHERE m.goodwill > 0) e
   CROSS JOIN LATERAL (VALUES ('buyer', -1), (e.other, 1)) AS side(account, sign)),
transfers AS (
  INSERT INTO payment_transfers (seller_id, refund_id, key, amount, currency, state, provider_reference, attempts,
                                 next_at, error)
  SELECT %(seller)s, m.id, 'refund-' || s.public_id || '-' || m.reference, m.total, m.currency, 'queued', '', 0,
         %(now)s, ''
    FROM moving m JOIN sellers s ON s.id = %(seller)s),
gone AS (
  SELECT r.order_id, r.return_request_id, k.key::bigint AS item_id, sum(k.value::int) AS units
    FROM refunds r CROSS JOIN LATERAL jsonb_each_text(r.units) k
   WHERE r.seller_id = %(seller)s AND r.order_id = ANY(ARRAY(SELECT order_id FROM moving))
     AND (r.state IN ('RELEASED', 'SETTLED') OR r.id = ANY(ARRAY(SELECT id FROM moving)))
   GROUP BY 1, 2, 3),
completed AS (
  UPDATE return_requests q SET state = 'COMPLETED', ended_at = %(now)s, version = q.version + 1
   WHERE q.seller_id = %(seller)s AND q.order_id = ANY(ARRAY(SELECT order_id FROM moving)) AND q.ended_at IS NULL
     AND NOT EXISTS (
       SELECT 1 FROM return_lines l JOIN order_items i ON i.seller_id = l.seller_id AND i.id = l.item_id
        WHERE l.seller_id = %(seller)s AND l.return_request_id = q.id
          AND l.quantity > (SELECT coalesce(sum(g.units), 0) FROM gone g
                             WHERE g.return_request_id = q.id AND g.item_id = l.item_id)
          AND i.shipped > (SELECT coalesce(sum(g.units), 0) FROM gone g
                            WHERE g.order_id = q.order_id AND g.item_id = l.item_id))
  RETURNING q.id, q.order_id, q.rma),
partly AS (
  UPDATE return_requests q SET partial_at = %(now)s, version = q.version + 1
   WHERE q.seller_id = %(seller)s AND q.ended_at IS NULL
     AND q.id = ANY(ARRAY(SELECT return_request_id FROM moving WHERE return_request_id IS NOT NULL
                          EXCEPT SELECT id FROM completed))
  RETURNING q.id, q.order_id),
waits AS (
  INSERT INTO deadlines (seller_id, order_id, kind, subject, due_at, policy_key, policy_value, state, was_late)
  SELECT %(seller)s, p.order_id, '{DeadlineKind.RETURN_IDLE.value}', p.id, c.due_at, c.key, c.value, 'open', false
    FROM partly p
    JOIN jsonb_to_recordset(%(closes)s::jsonb) AS c(order_id bigint, due_at timestamptz, key text, value jsonb)
      ON c.order_id = p.order_id
  ON CONFLICT (seller_id, order_id, kind, subject) DO UPDATE
     SET due_at = excluded.due_at, policy_key = excluded.policy_key, policy_value = excluded.policy_value,
         state = 'open', closed_at = NULL, was_late = false),
told AS (
  INSERT INTO journal (seller_id, order_id, at, kind, party, actor, door, key, facts)
  SELECT %(seller)s, c.order_id, %(now)s, 'return_completed', %(party)s, %(actor)s, %(door)s, %(key)s,
         jsonb_build_object('rma', c.rma, 'state', 'COMPLETED')
    FROM completed c),
closed AS (
  UPDATE deadlines d SET state = 'void', closed_at = %(now)s FROM completed q
   WHERE d.seller_id = %(seller)s AND d.order_id = q.order_id AND d.subject = q.id AND d.state = 'open'
     AND d.kind LIKE 'return_%%')
{journal_writes.INSERT}"""


def write_releases(actor: Actor, seller_id: int, changes: Sequence[HeldChange], now: datetime) -> None:
    """Let the money go: balances, ledger, one transfer each for the payment side, and the returns that it completes."""
    places = {one.held.marketplace_id for one in changes}
    closes = closings(seller_id, [one.held.id for one in changes], places, now) if changes else []
    _write(_RELEASE, actor, seller_id, changes, now, closes=record_set(closes))
    resolve_refunded(actor, seller_id, [one.held.order_id for one in changes], now)


def _write(
    sql: str, actor: Actor, seller_id: int, changes: Sequence[HeldChange], now: datetime, **more: Any
) -> None:
    if not changes:
        return
    records = [
        {
            "id": one.held.id,
            "order_id": one.held.order_id,
            "release_at": one.release_at,
            "minutes": one.held.hold_minutes,
        }
        for one in changes
    ]
    given = journal_writes.params(actor, seller_id, [one.entry for one in changes], now)
    ids = [one.held.id for one in changes]
    run(sql, given | more | {"ids": ids, "changes": record_set(records)})
