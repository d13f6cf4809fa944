"""Fees and payouts in the ledger: each a balanced movement, written once (I07)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.ledger import FeeReport, HeldPayout, Owed
from sellerdesk.models import journal_writes
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.sql import record_set, rows, run

_FEES = """
SELECT t.cause, e.component, e.amount, e.currency
  FROM ledger_transactions t
  JOIN ledger_entries e ON e.seller_id = t.seller_id AND e.transaction_id = t.id AND e.account = 'seller'
 WHERE t.seller_id = %s AND t.cause = ANY(ARRAY(SELECT unnest(%s::text[])))"""


def known_fees(seller_id: int, causes: Collection[str]) -> dict[str, tuple[str, int, str]]:
    """Fees that are in the ledger, by cause: kind, amount, currency."""
    return {row[0]: (row[1], row[2], row[3]) for row in rows(_FEES, [seller_id, list(causes)])}


def cause_of_fee(order_id: int, reference: str) -> str:
    """What makes a fee the same fee."""
    return f"fee:{order_id}:{reference}"


_RECORD_FEES = f"""
WITH given AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset(%(fees)s::jsonb)
    AS f(order_id bigint, cause text, kind text, amount bigint, currency text)),
movements AS (
  INSERT INTO ledger_transactions (seller_id, order_id, kind, at, cause)
  SELECT %(seller)s, g.order_id, 'fee', %(now)s, g.cause FROM given g RETURNING id, cause),
sides AS (
  INSERT INTO ledger_entries (seller_id, transaction_id, account, component, currency, amount)
  SELECT %(seller)s, t.id, side.account, g.kind, g.currency, side.sign * g.amount
    FROM given g JOIN movements t ON t.cause = g.cause
   CROSS JOIN (VALUES ('seller', 1), ('marketplace', -1)) AS side(account, sign))
{journal_writes.INSERT}"""


def write_fees(actor: Actor, seller_id: int, fees: Mapping[int, Sequence[FeeReport]], now: datetime) -> None:
    """Take fees of orders from the seller; by order id."""
    records, entries = [], []
    for order_id, given in fees.items():
        for fee in given:
            said = {
                "reference": fee.reference,
                "fee": fee.kind.value,
                "amount": fee.amount,
                "currency": fee.currency,
            }
            entries.append(Entry(order_id, "fee_recorded", said))
            cause = cause_of_fee(order_id, fee.reference)
            records.append(
                {"order_id": order_id, "cause": cause, "kind": fee.kind.value}
                | {"amount": fee.amount, "currency": fee.currency}
            )
    if records:
        given_too = journal_writes.params(actor, seller_id, entries, now)
        run(_RECORD_FEES, given_too | {"fees": record_set(records)})


# Payouts of one seller follow one another; a weaker lock than for a change of the seller's name, so that orders go on.
_LOCK = "SELECT 1 FROM sellers WHERE id = %s FOR NO KEY UPDATE"
_PAYOUTS = """
SELECT reference, currency, amount, period_from, period_until FROM seller_payouts
 WHERE seller_id = %s AND reference = ANY(ARRAY(SELECT unnest(%s::text[])))"""
_LAST = """
SELECT reference, currency, amount, period_from, period_until FROM seller_payouts
 WHERE seller_id = %s AND currency = %s ORDER BY period_until DESC LIMIT 1"""
_OWED = """
SELECT coalesce(-sum(e.amount) FILTER (WHERE t.at < %(until)s OR t.kind = 'payout'), 0)::bigint,
       coalesce(-sum(e.amount), 0)::bigint
  FROM ledger_entries e
  JOIN ledger_transactions t ON t.seller_id = e.seller_id AND t.id = e.transaction_id
 WHERE e.seller_id = %(seller)s AND e.account IN ('seller', 'concession') AND e.currency = %(currency)s"""


def lock_payouts(seller_id: int, references: Collection[str]) -> dict[str, HeldPayout]:
    """Wait for other payouts of the seller, and read those of these references."""
    rows(_LOCK, [seller_id])
    return {row[0]: HeldPayout(*row) for row in rows(_PAYOUTS, [seller_id, list(references)])}


def owed(seller_id: int, currency: str, until: datetime) -> Owed:
    """What the ledger says that the seller is owed; what was paid out counts whenever it was."""
    ((then, now),) = rows(_OWED, {"seller": seller_id, "currency": currency, "until": until})
    last = rows(_LAST, [seller_id, currency])
    return Owed(then, now, HeldPayout(*last[0]) if last else None)


_RECORD_PAYOUT = f"""
WITH movement AS (
  INSERT INTO ledger_transactions (seller_id, kind, at, cause)
  VALUES (%(seller)s, 'payout', %(now)s, 'payout:' || %(reference)s::text) RETURNING id),
sides AS (
  INSERT INTO ledger_entries (seller_id, transaction_id, account, component, currency, amount)
  SELECT %(seller)s, m.id, side.account, '', %(currency)s::text, side.sign * %(amount)s::bigint
    FROM movement m CROSS JOIN (VALUES ('seller', 1), ('bank', -1)) AS side(account, sign)),
paid AS (
  INSERT INTO seller_payouts (seller_id, transaction_id, reference, currency, amount, period_from, period_until, at)
  SELECT %(seller)s, m.id, %(reference)s::text, %(currency)s::text, %(amount)s::bigint, %(from)s::timestamptz,
         %(until)s::timestamptz, %(now)s FROM movement m)
{journal_writes.INSERT}"""


def write_payout(actor: Actor, seller_id: int, one: HeldPayout, now: datetime) -> None:
    """Pay the seller."""
    said: dict[str, Any] = {"reference": one.reference, "amount": one.amount, "currency": one.currency}
    period = {"from": one.period_from, "until": one.period_until}
    entries = [Entry(None, "payout_recorded", said | period)]
    run(_RECORD_PAYOUT, journal_writes.params(actor, seller_id, entries, now) | said | period)
