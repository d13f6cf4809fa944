"""Claims, and what their rules need to know, of locked orders or just read (rulebook 2.9, 3.6)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sellerdesk.domain.calendars import BusinessCalendar
from sellerdesk.domain.claim_facts import ClaimCause, ClaimFacts, ClaimKind, ClaimState, Fault, Funding
from sellerdesk.domain.claim_filing import FilingFacts
from sellerdesk.domain.claims import ClaimHow, ClaimTerms
from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.refunds import HeldRefund, RefundFacts
from sellerdesk.models.facts import read_by_id
from sellerdesk.models.refund_facts import held_by_id, lock_money, money_of, read_money
from sellerdesk.models.sql import decode_json, instant, rows
from sellerdesk.models.terms import calendars, policy_book

_IDS = "ANY(ARRAY(SELECT unnest(%(orders)s::bigint[])))"

_CLAIMS = """
SELECT c.id, c.reference, c.kind, c.state, c.amount, c.filed_at, c.due_at, c.decided_at, c.appeal_until, c.fault,
       c.funding, c.debited, c.defect, c.version, c.order_id, o.order_number, c.currency, c.marketplace_id, c.cause,
       c.paid, c.money_reversed, c.defect_reversed, c.appealed_at
  FROM claims c JOIN orders o ON o.seller_id = c.seller_id AND o.id = c.order_id
 WHERE c.seller_id = %(seller)s AND """


def read_claims(seller_id: int, order_ids: Collection[int]) -> dict[int, tuple[ClaimFacts, ...]]:
    """All claims of orders, by order id, oldest first."""
    found: dict[int, tuple[ClaimFacts, ...]] = {}
    for one in _claims(seller_id, f"c.order_id = {_IDS}", list(order_ids)):
        found[one.order_id] = (*found.get(one.order_id, ()), one)
    return found


def claims_by_reference(seller_id: int, references: Collection[str]) -> dict[str, ClaimFacts]:
    """Claims by reference."""
    condition = "c.reference = ANY(ARRAY(SELECT unnest(%(orders)s::text[])))"
    return {one.reference: one for one in _claims(seller_id, condition, list(references))}


def _claims(seller_id: int, condition: str, keys: list[Any]) -> list[ClaimFacts]:
    found = rows(_CLAIMS + condition + " ORDER BY c.id", {"seller": seller_id, "orders": keys})
    return [claim_of(row) for row in found]


def claim_of(row: tuple[Any, ...]) -> ClaimFacts:
    """A row of the columns above."""
    values = list(row)
    for place, kind in _ENUMS.items():
        values[place] = kind(values[place]) if values[place] else None
    return ClaimFacts(*values)


_ENUMS = {2: ClaimKind, 3: ClaimState, 9: Fault, 10: Funding, 18: ClaimCause}


_AROUND = f"""
SELECT o.id, o.latest_delivery_at,
       (SELECT min(m.at) FROM messages m
         WHERE m.seller_id = o.seller_id AND m.order_id = o.id AND m.kind = 'buyer'),
       p.delivered_at, coalesce(p.refused, false),
       (SELECT json_object_agg(q.rma, q.in_transit_at) FROM return_requests q
         WHERE q.seller_id = o.seller_id AND q.order_id = o.id AND q.in_transit_at IS NOT NULL),
       EXISTS (SELECT FROM chargebacks b WHERE b.seller_id = o.seller_id AND b.order_id = o.id)
  FROM orders o
  LEFT JOIN LATERAL (
    SELECT CASE WHEN bool_and(k.delivered_at IS NOT NULL) THEN max(k.delivered_at) END AS delivered_at,
           bool_and(k.status = 'RETURNING') AS refused
      FROM packages k WHERE k.seller_id = o.seller_id AND k.order_id = o.id AND k.status <> 'CANCELLED') p ON true
 WHERE o.seller_id = %(seller)s AND o.id = {_IDS}"""

_DRAFTED = f"""
SELECT r.order_id, r.id, l.item_id, l.component, l.amount
  FROM refunds r LEFT JOIN refund_lines l ON l.seller_id = r.seller_id AND l.refund_id = r.id
 WHERE r.seller_id = %(seller)s AND r.order_id = {_IDS} AND r.state = 'DRAFT'"""


@dataclass(frozen=True, slots=True)
class ClaimWorld:
    """Everything that a batch of claims is decided by. `drafts`: order id → refunds that nobody agreed to yet."""

    known: dict[str, RefundFacts]
    claims: dict[int, tuple[ClaimFacts, ...]]
    drafts: dict[int, tuple[HeldRefund, ...]]
    drafted: dict[tuple[int, str], int]  # item id and component → what drafts set aside
    terms: dict[str, ClaimTerms]
    calendars: dict[str, BusinessCalendar]
    now: datetime

    @classmethod
    def lock(cls, seller_id: int, numbers: Collection[str], now: datetime) -> "ClaimWorld":
        """Lock the orders and read them."""
        return cls._of(seller_id, lock_money(seller_id, numbers), now)

    @classmethod
    def read(cls, seller_id: int, numbers: Collection[str], now: datetime) -> "ClaimWorld":
        """The same without locking, for previews."""
        return cls._of(seller_id, read_money(seller_id, numbers), now)

    @classmethod
    def of_locked(cls, seller_id: int, order_ids: Collection[int], now: datetime) -> "ClaimWorld":
        """The same of orders that the caller has locked."""
        orders: Mapping[str, OrderFacts] = read_by_id(seller_id, order_ids)
        return cls._of(seller_id, money_of(seller_id, orders), now)

    @classmethod
    def _of(cls, seller_id: int, known: dict[str, RefundFacts], now: datetime) -> "ClaimWorld":
        ids = [facts.order.id for facts in known.values()]
        places = {facts.order.marketplace_id for facts in known.values()}
        book, books = policy_book(places), calendars(places, now.date())
        terms = {one: ClaimTerms.of(book, one, books[one].local_date(now)) for one in places}
        drafts, drafted = _drafts(seller_id, ids)
        return cls(known, read_claims(seller_id, ids), drafts, drafted, terms, books, now)

    def how(self, facts: RefundFacts) -> ClaimHow:
        """By which terms, and over how much money, claims of an order are decided."""
        place = facts.order.marketplace_id
        money = tuple(
            replace(one, pending=one.pending - self.drafted.get((one.item_id, one.component), 0))
            for one in facts.money
        )
        return ClaimHow(self.now, self.terms[place], self.calendars[place], money)


def _drafts(
    seller_id: int, order_ids: list[int]
) -> tuple[dict[int, tuple[HeldRefund, ...]], dict[tuple[int, str], int]]:
    found = rows(_DRAFTED, {"seller": seller_id, "orders": order_ids}) if order_ids else []
    drafted: dict[tuple[int, str], int] = {}
    for _, _, item_id, component, amount in found:
        if item_id is not None:
            drafted[item_id, component] = drafted.get((item_id, component), 0) + amount
    refunds = held_by_id(seller_id, {row[1] for row in found}) if found else {}
    drafts: dict[int, tuple[HeldRefund, ...]] = {}
    for held in refunds.values():
        drafts[held.order_id] = (*drafts.get(held.order_id, ()), held)
    return drafts, drafted


def filing_facts(seller_id: int, world: ClaimWorld) -> dict[str, FilingFacts]:
    """What filing needs to know, by order number."""
    by_id = {facts.order.id: facts for facts in world.known.values()}
    found = {}
    for order_id, promised, message_at, delivered_at, refused, back, chargeback in rows(
        _AROUND, {"seller": seller_id, "orders": list(by_id)}
    ):
        money = by_id[order_id]
        since = {rma: instant(at) for rma, at in (decode_json(back) or {}).items()}
        found[money.order.order_number] = FilingFacts(
            money,
            promised,
            message_at,
            delivered_at,
            refused,
            {rma: at for rma, at in since.items() if at is not None},
            chargeback,
            world.claims.get(order_id, ()),
        )
    return found
