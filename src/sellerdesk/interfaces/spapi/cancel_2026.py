"""Orders 2026-01-01: cancelOrder (spapi 3), which Amazon documents on its site and publishes no model for.

The name of the body's member is not published either, so the plausible ones are taken. A program cannot be asked a
second time: it accepts with its call that the rate may pass its limit, if it has the permission for that, and it cannot
override a shipping label.
"""

from sellerdesk.commands.cancellations import cancel_orders
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.cancellations import Canceller, CancelReason, CancelRequest
from sellerdesk.domain.orders import Status
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.refusals import Code
from sellerdesk.interfaces.spapi.bodies import Members
from sellerdesk.interfaces.spapi.errors import ApiError, Problem, invalid, not_found
from sellerdesk.interfaces.spapi.orders_v0 import check_id
from sellerdesk.interfaces.spapi.protocol import NO_CONTENT, Answer, Call, Operation
from sellerdesk.interfaces.spapi.refusals import CANCELLING, worded
from sellerdesk.queries.spapi_orders import OrderHead, read_head
from sellerdesk.wire.cancellations import CANCEL_REASONS

MEMBERS = (
    "cancelReasonCode",
    "cancellationReasonCode",
    "reasonCode",
    "cancelReason",
    "cancellationReason",
    "reason",
)
_ATTEMPTS = 3  # the order may change between the look at it and the cancellation


def cancel_order(call: Call, order_id: str) -> Answer:
    """Cancel a whole order. The same call again finds its own work done, and is a success too."""
    check_id(order_id)
    reason = _reason(Members(call.body()))
    for _ in range(_ATTEMPTS):
        head = read_head(call.seller_id, order_id)
        if head is None:
            raise not_found()
        if _done_before(head, reason):
            return NO_CONTENT
        if head.status == Status.PARTIALLY_SHIPPED:
            raise invalid(f"Order {order_id} is partially shipped. Partial cancellations are not supported.")
        outcome = _cancel(call, order_id, reason, head.version)
        if outcome.refusal is None or outcome.refusal.code is not Code.STALE_VERSION:
            break
    if outcome.refusal is not None:
        raise worded(outcome.refusal, CANCELLING)
    return NO_CONTENT


def _cancel(call: Call, order_id: str, reason: CancelReason, version: int) -> Outcome:
    request = CancelRequest(order_id, reason, version=version, accepts_limit=True)
    (outcome,) = cancel_orders(call.access.actor, [request], now=call.now)
    return outcome


def _done_before(head: OrderHead, reason: CancelReason) -> bool:
    ours = (head.cancelled_by, head.cancel_reason) == (Canceller.MERCHANT, reason)
    return ours and head.status == Status.CANCELED


def _reason(body: Members) -> CancelReason:
    given = {word for name in MEMBERS if (word := body.text(name))}
    body.check()
    if not given:
        raise ApiError(400, [Problem(f"Missing request parameter: {MEMBERS[0]}.")])
    if len(given) > 1 or not given <= CANCEL_REASONS.keys():
        raise invalid(f"{MEMBERS[0]} is invalid. Must be one of [{', '.join(CANCEL_REASONS)}].")
    return CANCEL_REASONS[given.pop()]


CANCEL_ORDER = Operation("orders2026.cancelOrder", cancel_order, Permission.ORDERS_CANCEL)
