"""Feedback and chargebacks: what is on record of locked orders, and writing it by set."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.feedback import (
    ChargebackClosing,
    ChargebackFacts,
    ChargebackKind,
    ChargebackOutcome,
    ChargebackReport,
    FeedbackFacts,
    FeedbackRemoval,
    FeedbackReport,
)
from sellerdesk.models import journal_writes
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.sql import record_set, rows, run

_IDS = "ANY(ARRAY(SELECT unnest(%s::bigint[])))"


def feedback_of(seller_id: int, order_ids: Collection[int]) -> dict[int, FeedbackFacts]:
    """The ratings of locked orders, by order id."""
    found = rows(
        f"SELECT order_id, rating, removed_at IS NOT NULL FROM feedback WHERE seller_id = %s AND order_id = {_IDS}",
        [seller_id, list(order_ids)],
    )
    return {row[0]: FeedbackFacts(*row) for row in found}


def chargebacks_of(seller_id: int, references: Collection[str]) -> dict[str, ChargebackFacts]:
    """Chargebacks by the bank's reference."""
    found = rows(
        "SELECT order_id, reference, kind, outcome FROM chargebacks"
        " WHERE seller_id = %s AND reference = ANY(ARRAY(SELECT unnest(%s::text[])))",
        [seller_id, list(references)],
    )
    return {
        reference: ChargebackFacts(
            order_id, reference, ChargebackKind(kind), ChargebackOutcome(outcome) if outcome else None
        )
        for order_id, reference, kind, outcome in found
    }


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be written about one order; `entry` is what the journal says."""

    order_id: int
    what: FeedbackReport | FeedbackRemoval | ChargebackReport | ChargebackClosing
    entry: Entry


_RATED = f"""
WITH made AS (
  INSERT INTO feedback (seller_id, order_id, rating, at, recorded_at, removal_reason)
  SELECT %(seller)s, f.order_id, f.rating, f.at, %(now)s, ''
    FROM jsonb_to_recordset(%(told)s::jsonb) AS f(order_id bigint, rating int, at timestamptz))
{journal_writes.INSERT}"""

_REMOVED = f"""
WITH gone AS (
  UPDATE feedback f SET removed_at = %(now)s, removal_reason = t.reason
    FROM jsonb_to_recordset(%(told)s::jsonb) AS t(order_id bigint, reason text)
   WHERE f.seller_id = %(seller)s AND f.order_id = t.order_id)
{journal_writes.INSERT}"""

_OPENED = f"""
WITH made AS (
  INSERT INTO chargebacks (seller_id, order_id, reference, kind, amount, currency, at, recorded_at, outcome)
  SELECT %(seller)s, c.order_id, c.reference, c.kind, c.amount, c.currency, c.at, %(now)s, ''
    FROM jsonb_to_recordset(%(told)s::jsonb)
           AS c(order_id bigint, reference text, kind text, amount bigint, currency text, at timestamptz))
{journal_writes.INSERT}"""

_CLOSED = f"""
WITH closed AS (
  UPDATE chargebacks c SET outcome = t.outcome, closed_at = %(now)s
    FROM jsonb_to_recordset(%(told)s::jsonb) AS t(reference text, outcome text)
   WHERE c.seller_id = %(seller)s AND c.reference = t.reference)
{journal_writes.INSERT}"""

_SQL: Mapping[type, str] = {
    FeedbackReport: _RATED,
    FeedbackRemoval: _REMOVED,
    ChargebackReport: _OPENED,
    ChargebackClosing: _CLOSED,
}


def write_told(actor: Actor, seller_id: int, told: Sequence[Told], now: datetime) -> None:
    """Write reports of one kind, each object at most once, with their journal."""
    if not told:
        return
    given = journal_writes.params(actor, seller_id, [one.entry for one in told], now)
    run(_SQL[type(told[0].what)], given | {"told": record_set([_record(one) for one in told])})


def _record(one: Told) -> dict[str, Any]:
    return {"order_id": one.order_id} | {
        name: getattr(one.what, name)
        for name in ("rating", "at", "reason", "reference", "kind", "amount", "currency", "outcome")
        if hasattr(one.what, name)
    }
