"""Writing claims by set: filed, moved on, granted with their money, reversed. Each with its journal.

What a grant gives the buyer is taken from the charges' balance by a conditional update, whoever bears it, so that no
later refund can give it again; the check constraint on `charges` stands behind it (I06).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.actors import Actor
from sellerdesk.domain.claim_facts import OPEN, WAITS_FOR_SELLER, ClaimFacts, ClaimState, TextKind
from sellerdesk.domain.claim_filing import Filed
from sellerdesk.domain.claims import Grant, Stepped
from sellerdesk.domain.deadlines import DeadlineKind, Due
from sellerdesk.domain.refunds import HeldRefund, RefundState
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.models import journal_writes
from sellerdesk.models.journal_writes import Entry
from sellerdesk.models.refund_writes import HeldChange, write_undone
from sellerdesk.models.sql import record_set, rows, run

_TEXTS = """
texts AS (
  INSERT INTO claim_texts (seller_id, claim_id, kind, party, text, at)
  SELECT %(seller)s, {id}, t.kind, %(party)s, t.text, %(now)s
    FROM jsonb_to_recordset(%(texts)s::jsonb) AS t(id bigint, reference text, kind text, text text) {join})"""

_DUES = """
dues AS (
  INSERT INTO deadlines (seller_id, order_id, kind, subject, due_at, policy_key, policy_value, state, was_late)
  SELECT %(seller)s, d.order_id, d.kind, {id}, d.due_at, d.policy_key, d.policy_value, 'open', false
    FROM jsonb_to_recordset(%(dues)s::jsonb)
           AS d(id bigint, reference text, order_id bigint, kind text, due_at timestamptz, policy_key text,
                policy_value jsonb) {join}
  ON CONFLICT (seller_id, order_id, kind, subject)
  DO UPDATE SET due_at = excluded.due_at, policy_value = excluded.policy_value, state = 'open', closed_at = NULL,
                was_late = false)"""

_TOUCHED = """
touched AS (
  UPDATE orders o SET version = o.version + t.times
    FROM (SELECT order_id, count(*) AS times
            FROM jsonb_to_recordset(%(claims)s::jsonb) AS c(order_id bigint) GROUP BY 1) t
   WHERE o.seller_id = %(seller)s AND o.id = t.order_id)"""

_FILE = f"""
WITH made AS (
  INSERT INTO claims (seller_id, order_id, marketplace_id, reference, kind, state, amount, currency, filed_at, due_at,
                      decided_at, decided_by, cause, fault, funding, paid, debited, defect, appeal_until,
                      money_reversed, defect_reversed, version)
  SELECT %(seller)s, c.order_id, c.marketplace_id, c.reference, c.kind, c.state, c.amount, c.currency, %(now)s,
         c.due_at, CASE WHEN c.cause <> '' THEN %(now)s::timestamptz END,
         CASE WHEN c.cause <> '' THEN 'rule' ELSE '' END, c.cause, c.fault, c.funding, c.paid,
         c.debited, c.defect, c.appeal_until, false, false, 1
    FROM jsonb_to_recordset(%(claims)s::jsonb)
           AS c(order_id bigint, marketplace_id text, reference text, kind text, state text, amount bigint,
                currency text, due_at timestamptz, cause text, fault text, funding text, paid bigint, debited bigint,
                defect boolean, appeal_until timestamptz)
  RETURNING id, reference),
{_TEXTS.format(id="m.id", join="JOIN made m ON m.reference = t.reference")},
{_DUES.format(id="m.id", join="JOIN made m ON m.reference = d.reference")},
flagged AS (
  UPDATE return_requests q SET with_claim = true
    FROM jsonb_to_recordset(%(claims)s::jsonb) AS c(order_id bigint)
   WHERE q.seller_id = %(seller)s AND q.order_id = c.order_id AND NOT q.with_claim),
{_TOUCHED},
journalled AS ({journal_writes.INSERT})
SELECT reference, id FROM made"""

_STEP = f"""
WITH steps AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset(%(claims)s::jsonb)
    AS s(id bigint, order_id bigint, state text, due_at timestamptz, decides boolean, by text, cause text, fault text,
         funding text, paid bigint, debited bigint, defect boolean, appeal_until timestamptz, appeals boolean,
         closes boolean, money_back boolean, defect_off boolean)),
changed AS (
  UPDATE claims c SET state = s.state, due_at = s.due_at, version = c.version + 1,
         decided_at = CASE WHEN s.decides THEN %(now)s ELSE c.decided_at END,
         decided_by = CASE WHEN s.decides THEN s.by ELSE c.decided_by END,
         cause = coalesce(s.cause, c.cause), fault = coalesce(s.fault, c.fault),
         funding = coalesce(s.funding, c.funding), paid = coalesce(s.paid, c.paid),
         debited = coalesce(s.debited, c.debited), appeal_until = coalesce(s.appeal_until, c.appeal_until),
         defect = coalesce(s.defect, c.defect) AND NOT s.defect_off,
         appealed_at = CASE WHEN s.appeals THEN %(now)s ELSE c.appealed_at END,
         closed_at = CASE WHEN s.closes THEN %(now)s ELSE c.closed_at END,
         money_reversed = s.money_back, defect_reversed = s.defect_off
    FROM steps s WHERE c.seller_id = %(seller)s AND c.id = s.id),
voided AS (
  UPDATE deadlines d SET state = 'void', closed_at = %(now)s FROM steps s
   WHERE d.seller_id = %(seller)s AND d.order_id = s.order_id AND d.subject = s.id AND d.state = 'open'
     AND d.kind LIKE 'claim_%%'),
{_TEXTS.format(id="t.id", join="")},
{_DUES.format(id="d.id", join="")},
movements AS (
  INSERT INTO ledger_transactions (seller_id, order_id, kind, at, cause)
  SELECT %(seller)s, s.order_id, 'claim_reversal', %(now)s, 'claim-reversal:' || s.id FROM steps s WHERE s.money_back
  RETURNING id, cause),
sides AS (
  INSERT INTO ledger_entries (seller_id, transaction_id, account, item_id, component, currency, amount)
  SELECT %(seller)s, t.id, side.account, e.item_id, e.component, e.currency, side.sign * e.amount
    FROM steps s
    JOIN movements t ON t.cause = 'claim-reversal:' || s.id
    JOIN ledger_transactions was ON was.seller_id = %(seller)s AND was.cause = 'claim:' || s.id
    JOIN ledger_entries e ON e.seller_id = %(seller)s AND e.transaction_id = was.id AND e.account = 'seller'
   CROSS JOIN LATERAL (VALUES ('seller', -1), ('marketplace', 1)) AS side(account, sign)),
{_TOUCHED}
{journal_writes.INSERT}"""

_GRANT = """
WITH wanted AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset(%(parts)s::jsonb)
    AS w(claim_id bigint, item_id bigint, component text, amount bigint)),
grants AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset(%(grants)s::jsonb)
    AS g(claim_id bigint, order_id bigint, reference text, currency text, paid bigint, payer text)),
taken AS (
  UPDATE charges c SET claimed = c.claimed + w.amount FROM wanted w
   WHERE c.seller_id = %(seller)s AND c.item_id = w.item_id AND c.component = w.component
     AND abs(c.refunded + c.refund_pending + c.claimed + w.amount) <= abs(c.charged)
  RETURNING 1),
parts AS (
  INSERT INTO claim_parts (seller_id, claim_id, item_id, component, amount)
  SELECT %(seller)s, w.claim_id, w.item_id, w.component, w.amount FROM wanted w),
movements AS (
  INSERT INTO ledger_transactions (seller_id, order_id, kind, at, cause)
  SELECT %(seller)s, g.order_id, 'claim', %(now)s, 'claim:' || g.claim_id FROM grants g RETURNING id, cause),
sides AS (
  INSERT INTO ledger_entries (seller_id, transaction_id, account, item_id, component, currency, amount)
  SELECT %(seller)s, t.id, side.account, w.item_id, w.component, g.currency, side.sign * w.amount
    FROM grants g
    JOIN movements t ON t.cause = 'claim:' || g.claim_id
    JOIN wanted w ON w.claim_id = g.claim_id
   CROSS JOIN LATERAL (VALUES ('buyer', -1), (g.payer, 1)) AS side(account, sign)),
transfers AS (
  INSERT INTO payment_transfers (seller_id, claim_id, key, amount, currency, state, provider_reference, attempts,
                                 next_at, error)
  SELECT %(seller)s, g.claim_id, 'claim-' || s.public_id || '-' || g.reference, g.paid, g.currency, 'queued', '', 0,
         %(now)s, ''
    FROM grants g JOIN sellers s ON s.id = %(seller)s)
SELECT (SELECT count(*) FROM taken), (SELECT count(*) FROM wanted)"""


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A decided filing with its reference; `drafts`: refunds that nobody agreed to, called back when it is granted."""

    filed: Filed
    reference: str
    drafts: tuple[HeldRefund, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """A step of a claim to be written: the journal's word and what it says besides."""

    step: Stepped
    kind: str
    text_kind: TextKind
    drafts: tuple[HeldRefund, ...] = ()
    said: Mapping[str, Any] | None = None

    @property
    def claim(self) -> ClaimFacts:
        return self.step.claim


def write_filed(actor: Actor, seller_id: int, new: Sequence[NewClaim], now: datetime) -> None:
    """Write new claims, with what was decided on the spot. At most one of an order is open (I14)."""
    if not new:
        return
    given = journal_writes.params(
        actor, seller_id, [entry for one in new for entry in _entries(one)], now
    ) | {
        "claims": record_set([_new(one) for one in new]),
        "texts": record_set(
            [
                {"reference": one.reference, "kind": TextKind.FILED.value, "text": one.filed.text}
                for one in new
                if one.filed.text
            ]
        ),
        "dues": record_set([due for one in new for due in _new_dues(one)]),
    }
    ids = dict(rows(_FILE, given))
    _call_back(actor, seller_id, [draft for one in new if one.filed.grant for draft in one.drafts], now)
    granted = [
        (one.filed.grant, ids[one.reference], one.reference, one.filed.facts.money.order)
        for one in new
        if one.filed.grant
    ]
    _write_money(
        seller_id,
        [_Pay(grant, id_, order.id, reference, order.currency) for grant, id_, reference, order in granted],
        now,
    )


def write_steps(actor: Actor, seller_id: int, changes: Sequence[ClaimChange], now: datetime) -> None:
    """Write steps of claims of locked orders, each claim at most once, with the money that they move."""
    if not changes:
        return
    entries = [Entry(one.claim.order_id, one.kind, said_of(one)) for one in changes]
    dues = [_due(one.claim, due) for one in changes for due in _dues_of(one.step)]
    texts = [
        {"id": one.claim.id, "kind": one.text_kind.value, "text": one.step.text}
        for one in changes
        if one.step.text
    ]
    given = journal_writes.params(actor, seller_id, entries, now) | {
        "claims": record_set([_record(one, actor) for one in changes]),
        "texts": record_set(texts),
        "dues": record_set(dues),
    }
    granting = [one for one in changes if one.step.grant]
    _call_back(actor, seller_id, [draft for one in granting for draft in one.drafts], now)
    run(_STEP, given)
    _write_money(
        seller_id,
        [
            _Pay(one.step.grant, one.claim.id, one.claim.order_id, one.claim.reference, one.claim.currency)
            for one in granting
            if one.step.grant
        ],
        now,
    )


@dataclass(frozen=True, slots=True)
class _Pay:
    grant: Grant
    claim_id: int
    order_id: int
    reference: str
    currency: str


def _write_money(seller_id: int, pays: Sequence[_Pay], now: datetime) -> None:
    pays = [one for one in pays if one.grant.parts]
    if not pays:
        return
    parts = [
        {
            "claim_id": one.claim_id,
            "item_id": part.item_id,
            "component": part.component,
            "amount": part.amount,
        }
        for one in pays
        for part in one.grant.parts
    ]
    grants = [
        {
            "claim_id": one.claim_id,
            "order_id": one.order_id,
            "reference": one.reference,
            "currency": one.currency,
            "paid": one.grant.paid,
            "payer": one.grant.funding.value,
        }
        for one in pays
    ]
    given = {"seller": seller_id, "now": now, "parts": record_set(parts), "grants": record_set(grants)}
    done, asked = rows(_GRANT, given)[0]
    if done != asked:  # the order's lock rules it out, unless somebody wrote past it
        raise refuse(Code.LEFT_CHANGED, expected="", left="", currency=pays[0].currency)


def _call_back(actor: Actor, seller_id: int, drafts: Sequence[HeldRefund], now: datetime) -> None:
    """Refunds that still wait for a second person are overtaken by the decision: nobody need agree any more."""
    changes = [
        HeldChange(one, RefundState.CANCELLED, "refund_undone", said={"cause": "claim"}) for one in drafts
    ]
    write_undone(actor, seller_id, changes, now)


def _dues_of(step: Stepped) -> list[Due]:
    return [*([step.due] if step.due else []), *_appeal_end(step.grant)]


def _appeal_end(grant: Grant | None) -> list[Due]:
    if grant is None or grant.appeal_until is None:
        return []
    return [Due(DeadlineKind.CLAIM_APPEAL_END, grant.appeal_until, "claim_appeal_days", grant.appeal_days)]


def _due(claim: ClaimFacts, due: Due) -> dict[str, Any]:
    return {"id": claim.id, "order_id": claim.order_id} | _plain(due)


def _new_dues(one: NewClaim) -> list[dict[str, Any]]:
    filed = one.filed
    dues = [*([filed.due] if filed.due else []), *_appeal_end(filed.grant)]
    order_id = filed.facts.money.order.id
    return [{"reference": one.reference, "order_id": order_id} | _plain(due) for due in dues]


def _plain(due: Due) -> dict[str, Any]:
    return {
        "kind": due.kind.value,
        "due_at": due.due_at,
        "policy_key": due.policy_key,
        "policy_value": due.policy_value,
    }


def _new(one: NewClaim) -> dict[str, Any]:
    filed, order = one.filed, one.filed.facts.money.order
    head = {
        "order_id": order.id,
        "marketplace_id": order.marketplace_id,
        "reference": one.reference,
        "kind": filed.kind.value,
        "state": filed.state.value,
        "amount": filed.amount,
        "currency": order.currency,
        "due_at": filed.due.due_at if filed.due else None,
    }
    nothing = {"cause": "", "fault": "", "funding": "", "paid": 0, "debited": 0, "defect": False}
    return head | nothing | _granted(filed.grant)


def _granted(grant: Grant | None) -> dict[str, Any]:
    if grant is None:
        return {}
    return {
        "cause": grant.cause.value,
        "fault": grant.fault.value,
        "funding": grant.funding.value,
        "paid": grant.paid,
        "debited": grant.debit,
        "defect": grant.defect,
        "appeal_until": grant.appeal_until,
    }


def _record(one: ClaimChange, actor: Actor) -> dict[str, Any]:
    step, claim = one.step, one.claim
    head = {
        "id": claim.id,
        "order_id": claim.order_id,
        "state": step.state.value,
        "due_at": step.due.due_at if step.due and step.state in WAITS_FOR_SELLER else None,
        "decides": claim.state in OPEN and step.state not in OPEN,
        "by": actor.name[:100] or actor.party.value,
        "fault": step.fault.value if step.fault else None,
        "appeals": claim.state is ClaimState.GRANTED and step.state is ClaimState.APPEALED,
        "closes": step.state in (ClaimState.REVERSED, ClaimState.APPEAL_DENIED),
        "money_back": step.money_back,
        "defect_off": step.defect_off,
    }
    return head | _granted(step.grant)


def _entries(one: NewClaim) -> list[Entry]:
    filed, order = one.filed, one.filed.facts.money.order
    said: dict[str, Any] = {
        "reference": one.reference,
        "kind": filed.kind.value,
        "amount": filed.amount,
        "currency": order.currency,
    }
    entries = [Entry(order.id, "claim_filed", said)]
    if filed.due is not None:
        more = {"due_at": filed.due.due_at, "policy": filed.due.policy_key, "automatic": True}
        entries.append(Entry(order.id, "claim_action_required", said | more))
    if filed.grant is not None:
        entries.append(Entry(order.id, "claim_granted", said | _granted(filed.grant)))
    return entries


def said_of(one: ClaimChange) -> dict[str, Any]:
    """What the journal says of a step."""
    step, claim = one.step, one.claim
    said: dict[str, Any] = {
        "reference": claim.reference,
        "kind": claim.kind.value,
        "amount": claim.amount,
        "currency": claim.currency,
    }
    if step.due is not None:
        said |= {"due_at": step.due.due_at, "policy": step.due.policy_key}
    if step.grant is not None:
        said |= _granted(step.grant)
    if step.fault is not None:
        said |= {"fault": step.fault.value, "defect": False}
    if step.state is ClaimState.REVERSED:
        said |= {"money": step.money_back, "defect": step.defect_off, "debited": claim.debited}
    return said | dict(one.said or {})
