"""Movements of the ledger as programs read them: pages in the order in which they were posted (spapi 9)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sellerdesk.domain.postings import Group, Part, Posted
from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped


@dataclass(frozen=True, slots=True)
class Span:
    """Which movements: posted from `after` on and before `before` (None: no bound); of one order, or one currency."""

    after: datetime | None = None
    before: datetime | None = None
    order_number: str = ""
    currency: str = ""
    marketplace_id: str = ""
    payouts: bool = False

    def within(self, after: datetime | None, before: datetime) -> "Span":
        """The part of it that lies between two more bounds."""
        return replace(
            self,
            after=max((one for one in (self.after, after) if one), default=None),
            before=min(one for one in (self.before, before) if one),
        )


# A charge is of the units in its parcel, a refund or claim of those that it took back.
_PARTS = """
SELECT json_agg(json_build_array(coalesce(i.item_number, ''), coalesce(i.sku, ''), coalesce(i.asin, ''), e.component,
                                 -e.amount, coalesce(u.units, 0)) ORDER BY i.position NULLS LAST, e.id)
  FROM ledger_entries e
  LEFT JOIN order_items i ON i.seller_id = e.seller_id AND i.id = e.item_id
  LEFT JOIN LATERAL (
    SELECT sum(pi.quantity)::int AS units FROM packages p
      JOIN package_items pi ON pi.seller_id = p.seller_id AND pi.package_id = p.id AND pi.item_id = e.item_id
     WHERE t.kind = 'charge' AND p.seller_id = t.seller_id AND p.order_id = t.order_id
       AND t.cause = format('package:%%s:%%s:1', p.order_id, p.reference)
    UNION ALL
    SELECT (r.units ->> e.item_id::text)::int FROM refunds r
     WHERE t.kind IN ('refund', 'refund_reversal') AND r.seller_id = t.seller_id
       AND r.id = split_part(t.cause, ':', 2)::bigint) u ON u.units IS NOT NULL
 WHERE e.seller_id = t.seller_id AND e.transaction_id = t.id AND e.account IN ('seller', 'concession')"""

_PAGE = f"""
SELECT t.id, t.at, t.kind, coalesce(o.order_number, ''), coalesce(o.seller_order_id, ''),
       coalesce(o.marketplace_id, ''), coalesce(o.channel, ''), own.currency, ({_PARTS})
  FROM ledger_transactions t
  LEFT JOIN orders o ON o.seller_id = t.seller_id AND o.id = t.order_id
  JOIN LATERAL (SELECT min(e.currency) AS currency FROM ledger_entries e
                 WHERE e.seller_id = t.seller_id AND e.transaction_id = t.id
                   AND e.account IN ('seller', 'concession')) own ON own.currency IS NOT NULL
 WHERE t.seller_id = %(seller)s
   AND (%(after)s::timestamptz IS NULL OR t.at >= %(after)s::timestamptz)
   AND (%(before)s::timestamptz IS NULL OR t.at < %(before)s::timestamptz)
   AND (%(number)s::text = '' OR t.order_id = (SELECT id FROM orders
                                                WHERE seller_id = %(seller)s AND order_number = %(number)s::text))
   AND (%(currency)s::text = '' OR own.currency = %(currency)s::text)
   AND (%(place)s::text = '' OR o.marketplace_id = %(place)s::text)
   AND (%(payouts)s OR t.kind <> 'payout')
   AND (%(since_at)s::timestamptz IS NULL OR (t.at, t.id) > (%(since_at)s::timestamptz, %(since_id)s::bigint))
 ORDER BY t.at, t.id LIMIT %(limit)s"""


def posted(
    seller_id: int, span: Span, *, since: tuple[datetime, int] | None, limit: int
) -> tuple[list[Posted], tuple[datetime, int] | None]:
    """A page of movements, oldest first, and where the next one begins; None at the end."""
    at, number = since or (None, None)
    given: dict[str, Any] = {
        "seller": seller_id,
        "after": span.after,
        "before": span.before,
        "number": span.order_number,
        "currency": span.currency,
        "place": span.marketplace_id,
        "payouts": span.payouts,
        "since_at": at,
        "since_id": number,
        "limit": limit + 1,
    }
    with scoped(seller_id):
        found = rows(_PAGE, given)
    page = [_posted(row) for row in found[:limit]]
    return page, (page[-1].at, page[-1].id) if len(found) > limit else None


def _posted(row: tuple[Any, ...]) -> Posted:
    values: list[Any] = [*row[:8], tuple(Part(*part) for part in decode_json(row[8]) or ())]
    return Posted(*values)


def knows_order(seller_id: int, order_number: str) -> bool:
    """Whether the seller has an order of that number."""
    with scoped(seller_id):
        return bool(
            rows("SELECT 1 FROM orders WHERE seller_id = %s AND order_number = %s", [seller_id, order_number])
        )


def merchant_token(seller_id: int) -> str:
    """The seller as programs call it."""
    return str(rows("SELECT public_id FROM sellers WHERE id = %s", [seller_id])[0][0])


_BEGIN = """
SELECT e.currency, min(t.at), -sum(e.amount)::bigint
  FROM ledger_entries e
  JOIN ledger_transactions t ON t.seller_id = e.seller_id AND t.id = e.transaction_id
 WHERE e.seller_id = %s AND e.account IN ('seller', 'concession') GROUP BY 1 ORDER BY 1"""
_PAID = """
SELECT currency, period_from, period_until, amount, at, reference FROM seller_payouts
 WHERE seller_id = %s ORDER BY currency, period_until"""


def groups(seller_id: int) -> list[Group]:
    """All periods of a seller, the oldest first; the last one of each currency is open."""
    with scoped(seller_id):
        begun = rows(_BEGIN, [seller_id])
        paid = rows(_PAID, [seller_id])
    found = []
    for currency, first_at, owed in begun:
        start, first = first_at, True
        for _, _, until, amount, at, reference in (row for row in paid if row[0] == currency):
            found.append(Group(currency, start, until, first, amount, at, reference))
            start, first = until, False
        found.append(Group(currency, start, None, first, owed))
    return sorted(found, key=lambda one: (one.start, one.currency))
