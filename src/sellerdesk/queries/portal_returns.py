"""What a buyer sees of returns and refunds: what can be sent back, what became of it, and money that has gone.

A refund that is still held does not exist here: not as a row, not as a number, not as a state of its return (S0-32;
rulebook 2.8). The callers have made sure that the order is the buyer's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sellerdesk.domain import returns
from sellerdesk.domain.refunds import RefundState
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.domain.return_facts import Payer, ReturnKind, ReturnReason, ReturnState
from sellerdesk.domain.returns import ReturnAsked, ReturnDecision, Verdict
from sellerdesk.models.return_terms import ReturnWorld
from sellerdesk.models.sql import decode_json, rows
from sellerdesk.models.tenancy import scoped
from sellerdesk.queries.personal import AddressView, address_view

_GONE = (RefundState.RELEASED, RefundState.SETTLED, RefundState.REJECTED)


@dataclass(frozen=True, slots=True)
class ReturnOffer:
    """What can be asked for now. `left`: item number → units; `why`: the reason when nothing can.

    `window_ends_at` None: nobody knows of a delivery, and no window runs. `international`: the way back crosses a
    border, which the seller pays for whatever the reason.
    """

    left: Mapping[str, int]
    verdict: Verdict
    window_ends_at: datetime | None
    international: bool = False
    why: Code | None = None

    @property
    def is_open(self) -> bool:
        return any(self.left.values())


def return_offer(seller_id: int, order_number: str, now: datetime) -> ReturnOffer:
    """What the buyer of an order can ask to send back, by the rule that the command asks (T14)."""
    with scoped(seller_id):
        world = ReturnWorld.read(seller_id, [order_number], now, lock=False)
    facts = world.known[order_number]
    left = {item.item_number: max(0, returns.returnable(facts, item)) for item in facts.order.items}
    asked = ReturnAsked(order_number, ReturnReason.NOT_NEEDED, {k: v for k, v in left.items() if v})
    try:
        decision = returns.request(facts, asked, world.how(facts, asked))
    except Refusal as refusal:
        why = Code.RETURN_QUANTITY if refusal.code is Code.MISSING_VALUE else refusal.code
        return ReturnOffer(dict.fromkeys(left, 0), Verdict.NOT_DELIVERED, None, why=why)
    return ReturnOffer(left, decision.verdict, decision.window_ends_at, decision.international)


def return_preview(seller_id: int, asked: ReturnAsked, now: datetime) -> ReturnDecision:
    """What asking would lead to; nothing is locked or written. Raises the Refusal that the command would give."""
    with scoped(seller_id):
        world = ReturnWorld.read(seller_id, [asked.order_number], now, lock=False)
    facts = world.known.get(asked.order_number)
    if facts is None:
        raise refuse(Code.ORDER_NOT_FOUND, order_number=asked.order_number)
    return returns.request(facts, asked, world.how(facts, asked))


@dataclass(frozen=True, slots=True)
class PortalRefund:
    """Money that has gone. Amounts in minor units; `kept`: a fee that the seller kept; `at_place`: of which return."""

    state: RefundState
    total: int
    currency: str
    released_at: datetime
    settles_from: datetime
    settles_until: datetime
    kept: int
    words: str
    at_place: int | None


@dataclass(frozen=True, slots=True)
class PortalReturn:
    """A request to send back. `place` numbers the order's requests from 1 on and never changes, as the RMA may.

    `answer_by`, `send_by`, `refund_by`: open deadlines. `lines`: title, units asked for, units that came.
    """

    place: int
    rma: str
    kind: ReturnKind
    state: ReturnState
    reason: ReturnReason
    comment: str
    wish: str
    in_policy: bool
    payer: Payer
    returnless: bool
    requested_at: datetime
    authorized_at: datetime | None
    in_transit_at: datetime | None
    received_at: datetime | None
    ended_at: datetime | None
    address: AddressView
    label: str
    has_file: bool  # of the label
    carrier: str
    tracking: str
    instructions: str
    close_reason: str
    close_comment: str
    version: int
    answer_by: datetime | None
    send_by: datetime | None
    refund_by: datetime | None
    lines: tuple[tuple[str, int, int], ...]


def _due(kind: str) -> str:
    return f"""(SELECT d.due_at FROM deadlines d WHERE d.seller_id = r.seller_id AND d.order_id = r.order_id
           AND d.subject = r.id AND d.kind = '{kind}' AND d.state = 'open')"""


_RETURNS = f"""
SELECT r.rma, r.kind, r.state, r.reason, r.comment, r.wish, r.in_policy,
       coalesce(nullif(r.label_payer, ''), r.payer), r.returnless, r.requested_at, r.authorized_at, r.in_transit_at,
       r.received_at, r.ended_at, r.address, r.label,
       EXISTS (SELECT 1 FROM return_labels b WHERE b.seller_id = r.seller_id AND b.return_request_id = r.id),
       r.carrier, r.tracking, r.instructions, r.close_reason, r.close_comment, r.version,
       {_due("return_answer")}, {_due("return_idle")}, {_due("return_refund")},
       (SELECT json_agg(json_build_array(i.title, l.quantity, l.received) ORDER BY i.position)
          FROM return_lines l JOIN order_items i ON i.seller_id = l.seller_id AND i.id = l.item_id
         WHERE l.seller_id = r.seller_id AND l.return_request_id = r.id)
  FROM orders o JOIN return_requests r ON r.seller_id = o.seller_id AND r.order_id = o.id
 WHERE o.seller_id = %s AND o.order_number = %s ORDER BY r.id"""

_REFUNDS = """
SELECT f.state, f.total, f.currency, f.released_at, f.settles_from, f.settles_until,
       (SELECT coalesce(sum(l.deduction), 0)::bigint FROM refund_lines l
         WHERE l.seller_id = f.seller_id AND l.refund_id = f.id),
       f.words,
       (SELECT count(*) FROM return_requests r WHERE r.seller_id = f.seller_id AND r.order_id = f.order_id
           AND r.id <= f.return_request_id AND f.return_request_id IS NOT NULL)
  FROM orders o JOIN refunds f ON f.seller_id = o.seller_id AND f.order_id = o.id
 WHERE o.seller_id = %s AND o.order_number = %s AND f.state = ANY(ARRAY(SELECT unnest(%s::text[])))
 ORDER BY f.released_at, f.id"""

_LINES = (
    "name", "company", "line1", "line2", "line3", "city", "district", "county", "state", "municipality",
    "postal_code", "country", "phone", "kind",
)  # fmt: skip


def returns_of(seller_id: int, order_number: str) -> tuple[PortalReturn, ...]:
    """All requests of an order, oldest first."""
    with scoped(seller_id):
        found = rows(_RETURNS, [seller_id, order_number])
    return tuple(_return(place, row) for place, row in enumerate(found, 1))


def _return(place: int, row: tuple[Any, ...]) -> PortalReturn:
    rma, kind, state, reason, comment, wish, in_policy, payer, *rest = row
    *rest, lines = rest
    returnless, asked, authorized, departed, received, ended, address, *tail = rest
    said = decode_json(address) or {}
    block = address_view([str(said.get(name) or "") for name in _LINES])
    head = [place, rma, ReturnKind(kind), ReturnState(state), ReturnReason(reason), comment, wish, in_policy]
    moments = [Payer(payer), returnless, asked, authorized, departed, received, ended]
    goods = tuple((title, units, came) for title, units, came in decode_json(lines) or ())
    values: list[Any] = [*head, *moments, block, *tail, goods]
    return PortalReturn(*values)


def refunds_of(seller_id: int, order_number: str) -> tuple[PortalRefund, ...]:
    """Money of an order that has gone back, oldest first; what is held or waits for a second person is left out."""
    with scoped(seller_id):
        found = rows(_REFUNDS, [seller_id, order_number, [state.value for state in _GONE]])
    values: list[list[Any]] = [[RefundState(state), *rest, place or None] for state, *rest, place in found]
    return tuple(PortalRefund(*one) for one in values)
