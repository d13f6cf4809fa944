"""Writing what payments start and what deadlines do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Actor, Party
from sellerdesk.domain.cancellations import CancelDecision
from sellerdesk.domain.deadlines import DeadlineKind, Due
from sellerdesk.domain.payments import PaymentDecision
from sellerdesk.domain.refunds import RefundDecision
from sellerdesk.models import journal_writes
from sellerdesk.models.cancellation_writes import write_cancellations
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.refund_at_once import write_at_once
from sellerdesk.models.refund_writes import HeldChange, write_releases
from sellerdesk.models.return_writes import ReturnMove, write_moves
from sellerdesk.models.sql import decode_json, record_set, rows, run


@dataclass(frozen=True, slots=True)
class ReadyOrder:
    """A payment decision with the promises that it starts; `latest_ship_at` None: nothing starts yet."""

    decision: PaymentDecision
    latest_ship_at: datetime | None
    dues: tuple[Due, ...]
    delivery: tuple[datetime, datetime] | None  # promised window

    @property
    def auto_cancel_at(self) -> datetime | None:
        return next((due.due_at for due in self.dues if due.kind is DeadlineKind.AUTO_CANCEL), None)


_PAYMENTS = f"""
WITH moved AS (
  UPDATE orders o SET status = p.status, payment_state = p.payment_state, pending_reason = p.pending_reason,
         updated_at = %(now)s, version = o.version + 1, ready_at = coalesce(o.ready_at, p.ready_at),
         earliest_ship_at = coalesce(o.earliest_ship_at, p.ready_at),
         latest_ship_at = coalesce(o.latest_ship_at, p.latest_ship_at),
         earliest_delivery_at = coalesce(o.earliest_delivery_at, p.earliest_delivery_at),
         latest_delivery_at = coalesce(o.latest_delivery_at, p.latest_delivery_at),
         auto_cancel_at = coalesce(p.auto_cancel_at, o.auto_cancel_at)
    FROM jsonb_to_recordset(%(orders)s::jsonb)
           AS p(id bigint, status text, payment_state text, pending_reason text, ready_at timestamptz,
                latest_ship_at timestamptz, earliest_delivery_at timestamptz, latest_delivery_at timestamptz,
                auto_cancel_at timestamptz)
   WHERE o.seller_id = %(seller)s AND o.id = p.id),
dues AS (
  INSERT INTO deadlines (seller_id, order_id, kind, due_at, policy_key, policy_value, state, was_late)
  SELECT %(seller)s, d.order_id, d.kind, d.due_at, d.policy_key, d.policy_value, 'open', false
    FROM jsonb_to_recordset(%(deadlines)s::jsonb)
           AS d(order_id bigint, kind text, due_at timestamptz, policy_key text, policy_value jsonb)
  ON CONFLICT (seller_id, order_id, kind, subject) DO NOTHING)
{journal_writes.INSERT}"""


def write_payments(actor: Actor, seller_id: int, ready: Sequence[ReadyOrder], now: datetime) -> None:
    """Write payment decisions (the last one per order counts) with their deadlines, and journal every one of them."""
    last = {one.decision.facts.id: one for one in ready}
    entries = [
        Entry(one.decision.facts.id, f"payment_{one.decision.payment_state.value}", _facts(one))
        for one in ready
    ]
    run(
        _PAYMENTS,
        journal_writes.params(actor, seller_id, entries, now)
        | {
            "orders": record_set([_order(one) for one in last.values()]),
            "deadlines": record_set(
                [_due(one.decision.facts.id, due) for one in last.values() for due in one.dues]
            ),
        },
    )


def _order(one: ReadyOrder) -> dict[str, Any]:
    decision = one.decision
    return {
        "id": decision.facts.id,
        "status": decision.status.value,
        "payment_state": decision.payment_state.value,
        "pending_reason": decision.pending_reason,
        "ready_at": decision.paid_at,
        "latest_ship_at": one.latest_ship_at,
        "earliest_delivery_at": one.delivery and one.delivery[0],
        "latest_delivery_at": one.delivery and one.delivery[1],
        "auto_cancel_at": one.auto_cancel_at,
    }


def _due(order_id: int, due: Due) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "kind": due.kind.value,
        "due_at": due.due_at,
        "policy_key": due.policy_key,
        "policy_value": due.policy_value,
    }


def _facts(one: ReadyOrder) -> dict[str, Any]:
    decision = one.decision
    return {
        "status": decision.status.value,
        "reason": decision.pending_reason,
        "latest_ship_at": one.latest_ship_at,
        "auto_cancel_at": one.auto_cancel_at,
    }


@dataclass(frozen=True, slots=True)
class DueRow:
    """A deadline whose instant has come."""

    id: int
    order_id: int
    kind: str
    due_at: datetime
    subject: int  # the refund or return that it is about; 0: the order
    policy_key: str
    policy_value: Any


_STILL_DUE = """
SELECT id, order_id, kind, due_at, subject, policy_key, policy_value
  FROM (SELECT d.*, row_number() OVER (PARTITION BY order_id
                                       ORDER BY due_at, array_position(%(kinds)s::text[], kind::text), id) AS turn
          FROM deadlines d
         WHERE seller_id = %(seller)s AND order_id = ANY(%(orders)s) AND state = 'open' AND due_at <= %(now)s
           AND kind = ANY(%(kinds)s)) due
 WHERE turn = 1 AND kind = %(kind)s ORDER BY due_at, id"""


def still_due(
    seller_id: int, order_ids: Sequence[int], kind: str, kinds: Sequence[str], now: datetime
) -> list[DueRow]:
    """The deadlines of one kind of locked orders whose turn it is: open, due, and none of `kinds` before them (I12).

    Deadlines are only ever written under their order's lock.
    """
    found = rows(
        _STILL_DUE,
        {"seller": seller_id, "orders": list(order_ids), "kind": kind, "kinds": list(kinds), "now": now},
    )
    values: list[list[Any]] = [[*row[:-1], decode_json(row[-1])] for row in found]
    return [DueRow(*one) for one in values]


_FIRE = f"""
WITH fired AS (
  UPDATE deadlines d SET state = f.state, closed_at = %(now)s, was_late = f.was_late
    FROM jsonb_to_recordset(%(fired)s::jsonb) AS f(id bigint, state text, was_late boolean)
   WHERE d.seller_id = %(seller)s AND d.id = f.id),
warned AS (
  UPDATE orders o SET warned_at = %(now)s WHERE o.seller_id = %(seller)s AND o.id = ANY(%(warned)s))
{journal_writes.INSERT}"""


@dataclass(frozen=True, slots=True)
class Firing:
    """What one due deadline does: say something (`entry`), cancel (`cancels`, and what the journal says of it), let a
    refund go (`releases`), close a return (`closes`), or refund what the seller did not (`refunds`, with an entry).

    With none of them, the order is past it, and the deadline becomes void.
    """

    due: DueRow
    was_late: bool
    entry: Entry | None = None
    warns: bool = False
    cancels: CancelDecision | None = None
    releases: HeldChange | None = None
    closes: ReturnMove | None = None
    refunds: RefundDecision | None = None
    said: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fires(self) -> bool:
        did = (self.entry, self.cancels, self.releases, self.closes)
        return any(one is not None for one in did)


def write_firings(actor: Actor, seller_id: int, firings: Sequence[Firing], now: datetime) -> None:
    """Fire or void deadlines of locked orders, once, with what they do to the order, and journal what was fired."""
    cancelling = [one for one in firings if one.cancels]
    _write_fired(actor, seller_id, firings, now)
    decisions = [one.cancels for one in cancelling if one.cancels]
    said = {one.due.order_id: one.said for one in cancelling}
    write_cancellations(actor, seller_id, decisions, now, said=said)
    write_releases(actor, seller_id, [one.releases for one in firings if one.releases], now)
    write_moves(actor, seller_id, [one.closes for one in firings if one.closes], now)
    marketplace = replace(actor, party=Party.AMAZON, name="refund policy")
    write_at_once(marketplace, seller_id, [one.refunds for one in firings if one.refunds], now)


def _write_fired(actor: Actor, seller_id: int, firings: Sequence[Firing], now: datetime) -> None:
    run(
        _FIRE,
        journal_writes.params(actor, seller_id, [one.entry for one in firings if one.entry], now)
        | {
            "fired": record_set([_fired(one) for one in firings]),
            "warned": [one.due.order_id for one in firings if one.warns],
        },
    )


def _fired(one: Firing) -> dict[str, Any]:
    return {
        "id": one.due.id,
        "state": "fired" if one.fires else "void",
        "was_late": one.was_late and one.fires,
    }
