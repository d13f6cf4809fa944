"""What the ledger says: a seller's balances, its statement, and the movements of one order (I07, I08)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain.ledger import balance
from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped


@dataclass(frozen=True, slots=True)
class Balance:
    """What a seller is owed in one currency, in minor units, and how it came to that.

    `parts`: movement → what it did to the balance; concessions stand by themselves under "concession".
    """

    currency: str
    parts: dict[str, int]

    @property
    def owed(self) -> int:
        return balance(self.parts)


_BALANCES = """
SELECT e.currency, CASE e.account WHEN 'concession' THEN 'concession' ELSE t.kind END AS part, -sum(e.amount)::bigint
  FROM ledger_entries e
  JOIN ledger_transactions t ON t.seller_id = e.seller_id AND t.id = e.transaction_id
 WHERE e.seller_id = %s AND e.account IN ('seller', 'concession')
 GROUP BY 1, 2 ORDER BY 1, 2"""


def seller_balances(seller_id: int) -> list[Balance]:
    """The seller's balances, one a currency: a replay of all its movements."""
    found: dict[str, dict[str, int]] = {}
    with scoped(seller_id):
        for currency, part, amount in rows(_BALANCES, [seller_id]):
            found.setdefault(currency, {})[part] = amount
    return [Balance(currency, parts) for currency, parts in found.items()]


@dataclass(frozen=True, slots=True)
class Line:
    """A movement as the seller sees it: `amount` is what it did to the balance, 0 when somebody else paid.

    `components`: what it consists of, for the buyer's side or a fee; `buyer`: what it did to the buyer.
    """

    id: int
    at: datetime
    kind: str
    order_number: str
    currency: str
    amount: int
    buyer: int
    components: dict[str, int]


_LINES = """
SELECT t.id, t.at, t.kind, coalesce(o.order_number, ''), s.currency, s.amount, s.buyer, s.components
  FROM ledger_transactions t
  LEFT JOIN orders o ON o.seller_id = t.seller_id AND o.id = t.order_id
  JOIN LATERAL (
    SELECT c.currency, sum(c.own)::bigint AS amount, sum(c.buyer)::bigint AS buyer,
           jsonb_object_agg(c.component, c.own) FILTER (WHERE c.own <> 0) AS components
      FROM (SELECT e.currency, e.component,
                   coalesce(-sum(e.amount) FILTER (WHERE e.account IN ('seller', 'concession')), 0)::bigint AS own,
                   coalesce(sum(e.amount) FILTER (WHERE e.account = 'buyer'), 0)::bigint AS buyer
              FROM ledger_entries e WHERE e.seller_id = t.seller_id AND e.transaction_id = t.id GROUP BY 1, 2) c
     GROUP BY 1) s ON true
 WHERE t.seller_id = %(seller)s AND """


def _line(row: tuple[Any, ...]) -> Line:
    values: list[Any] = [*row[:7], decode_json(row[7]) or {}]
    return Line(*values)


def order_ledger(seller_id: int, order_number: str) -> list[Line]:
    """The movements of one order, oldest first."""
    condition = (
        "t.order_id = (SELECT id FROM orders WHERE seller_id = %(seller)s AND order_number = %(number)s)"
    )
    with scoped(seller_id):
        found = rows(f"{_LINES}{condition} ORDER BY t.id", {"seller": seller_id, "number": order_number})
    return [_line(row) for row in found]


def statement(
    seller_id: int, *, before: tuple[datetime, int] | None = None, limit: int
) -> tuple[list[Line], tuple[datetime, int] | None]:
    """A page of all movements, newest first, and where the next one begins; None at the end."""
    condition = "(%(at)s::timestamptz IS NULL OR (t.at, t.id) < (%(at)s::timestamptz, %(id)s::bigint))"
    at, number = before or (None, None)
    with scoped(seller_id):
        found = rows(
            f"{_LINES}{condition} ORDER BY t.at DESC, t.id DESC, s.currency LIMIT %(limit)s",
            {"seller": seller_id, "at": at, "id": number, "limit": limit + 1},
        )
    lines = [_line(row) for row in found[:limit]]
    more = len(found) > limit and lines
    return lines, (lines[-1].at, lines[-1].id) if more else None
