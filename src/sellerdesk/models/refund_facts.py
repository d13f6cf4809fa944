"""The money and the returns of orders as facts for the rules: under the lock of their orders, or just read."""

from collections.abc import Collection, Mapping
from typing import Any

from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.refund_amounts import MoneyFacts
from sellerdesk.domain.refunds import ConcessionFacts, HeldRefund, RefundFacts, RefundState
from sellerdesk.domain.return_facts import ReturnFacts, ReturnKind, ReturnLine, ReturnReason, ReturnState
from sellerdesk.models.facts import lock_by_number, read_by_number
from sellerdesk.models.sql import decode_json, rows

_IDS = "ANY(ARRAY(SELECT unnest(%(orders)s::bigint[])))"

_MONEY = f"""
SELECT o.id,
       (SELECT json_agg(json_build_array(i.id, c.component, c.amount, c.charged, c.refunded, c.refund_pending,
                                         c.claimed) ORDER BY i.position, c.id)
          FROM order_items i JOIN charges c ON c.seller_id = i.seller_id AND c.item_id = i.id
         WHERE i.seller_id = o.seller_id AND i.order_id = o.id),
       (SELECT json_agg(json_build_array(i.id, i.refunded)) FROM order_items i
         WHERE i.seller_id = o.seller_id AND i.order_id = o.id AND i.refunded > 0),
       coalesce(a.given, 0), coalesce(a.pending, 0),
       (SELECT count(*) FROM refunds r WHERE r.seller_id = o.seller_id AND r.order_id = o.id),
       EXISTS (SELECT FROM claims k WHERE k.seller_id = o.seller_id AND k.order_id = o.id
                  AND k.state IN ('FILED', 'ACTION_REQUIRED', 'UNDER_REVIEW'))
  FROM orders o LEFT JOIN concessions a ON a.seller_id = o.seller_id AND a.order_id = o.id
 WHERE o.seller_id = %(seller)s AND o.id = {_IDS}"""

RETURN_COLUMNS = """r.order_id, r.id, r.rma, r.kind, r.state, r.reason, r.in_policy, r.returnless, r.requested_at,
       (SELECT json_agg(json_build_array(l.item_id, i.item_number, l.quantity, l.received, l.grade,
                 (SELECT coalesce(sum((f.units ->> l.item_id::text)::int), 0) FROM refunds f
                   WHERE f.seller_id = r.seller_id AND f.return_request_id = r.id
                     AND f.state NOT IN ('CANCELLED', 'REJECTED')), l.sellable, l.unsellable) ORDER BY i.position)
          FROM return_lines l JOIN order_items i ON i.seller_id = l.seller_id AND i.id = l.item_id
         WHERE l.seller_id = r.seller_id AND l.return_request_id = r.id),
       r.authorized_at, r.received_at, r.partial_at, r.with_claim, r.version,
       r.international, r.label, r.package_id, r.delivered_back_at,
       coalesce((SELECT min(f.reference) FROM refunds f
                  WHERE f.seller_id = r.seller_id AND f.order_id = r.order_id AND f.return_request_id = r.id
                    AND f.state IN ('DRAFT', 'PENDING')), '')"""

_RETURNS = f"""
SELECT {RETURN_COLUMNS} FROM return_requests r
 WHERE r.seller_id = %(seller)s AND r.order_id = {_IDS} ORDER BY r.id"""


def lock_money(seller_id: int, order_numbers: Collection[str]) -> dict[str, RefundFacts]:
    """Lock the orders, as every change of what is read here does first, and read them with money and returns."""
    return _with_money(seller_id, lock_by_number(seller_id, order_numbers))


def read_money(seller_id: int, order_numbers: Collection[str]) -> dict[str, RefundFacts]:
    """The same without locking, for previews."""
    return _with_money(seller_id, read_by_number(seller_id, order_numbers))


def money_of(seller_id: int, orders: Mapping[str, OrderFacts]) -> dict[str, RefundFacts]:
    """The same for orders that the caller has locked and read."""
    return _with_money(seller_id, orders)


def read_returns(seller_id: int, order_ids: Collection[int]) -> dict[int, tuple[ReturnFacts, ...]]:
    """All return requests of locked orders, by order id, oldest first."""
    found: dict[int, tuple[ReturnFacts, ...]] = {}
    for row in rows(_RETURNS, {"seller": seller_id, "orders": list(order_ids)}):
        found[row[0]] = (*found.get(row[0], ()), _return(row[1:]))
    return found


def _with_money(seller_id: int, orders: Mapping[str, OrderFacts]) -> dict[str, RefundFacts]:
    if not orders:
        return {}
    by_id = {facts.id: facts for facts in orders.values()}
    returns = read_returns(seller_id, list(by_id))
    found = {}
    for order_id, money, units, given, pending, count, claim_open in rows(
        _MONEY, {"seller": seller_id, "orders": list(by_id)}
    ):
        facts = by_id[order_id]
        found[facts.order_number] = RefundFacts(
            facts,
            tuple(MoneyFacts(*one) for one in decode_json(money) or ()),
            ConcessionFacts(given, pending),
            returns.get(order_id, ()),
            dict(decode_json(units) or ()),
            count,
            claim_open,
        )
    return found


def _return(row: tuple[Any, ...]) -> ReturnFacts:
    id_, rma, kind, state, reason, in_policy, returnless, requested_at, lines, *rest = row
    return ReturnFacts(
        id_,
        rma,
        ReturnKind(kind),
        ReturnState(state),
        ReturnReason(reason),
        in_policy,
        returnless,
        requested_at,
        tuple(ReturnLine(*line) for line in decode_json(lines) or ()),
        *rest,
    )


_HELD = """
SELECT r.id, r.order_id, o.order_number, r.reference, r.state, r.author, r.total, r.currency, r.release_at,
       o.marketplace_id, r.hold_minutes,
       coalesce((SELECT k.reference FROM claims k
                  WHERE k.seller_id = r.seller_id AND k.order_id = r.order_id AND k.state NOT IN
                        ('FILED', 'ACTION_REQUIRED', 'UNDER_REVIEW', 'DENIED', 'WITHDRAWN', 'REFUNDED_BY_SELLER')
                    AND k.decided_at >= r.requested_at LIMIT 1), ''), r.author_id
  FROM refunds r JOIN orders o ON o.seller_id = r.seller_id AND o.id = r.order_id
 WHERE r.seller_id = %(seller)s AND """


def held_by_reference(seller_id: int, references: Collection[str]) -> dict[str, HeldRefund]:
    """Refunds of locked orders, by reference."""
    condition = "r.reference = ANY(ARRAY(SELECT unnest(%(keys)s::text[])))"
    return {one.reference: one for one in _held(seller_id, condition, list(references))}


def held_by_id(seller_id: int, refund_ids: Collection[int]) -> dict[int, HeldRefund]:
    """Refunds of locked orders, by id."""
    condition = "r.id = ANY(ARRAY(SELECT unnest(%(keys)s::bigint[])))"
    return {one.id: one for one in _held(seller_id, condition, list(refund_ids))}


def _held(seller_id: int, condition: str, keys: list[Any]) -> list[HeldRefund]:
    found = rows(_HELD + condition, {"seller": seller_id, "keys": keys})
    values: list[list[Any]] = [[*row[:4], RefundState(row[4]), *row[5:]] for row in found]
    return [HeldRefund(*one) for one in values]
