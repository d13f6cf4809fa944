"""Orders whose regulated information somebody must review before they are shipped (spapi 2.6)."""

from sellerdesk.domain.machine import Machine, Move
from sellerdesk.domain.orders import Status
from sellerdesk.domain.refusals import Code, refuse

PENDING, APPROVED, REJECTED, EXPIRED, CANCELLED = "Pending", "Approved", "Rejected", "Expired", "Cancelled"

VERIFICATION = Machine(
    "verification",
    start=frozenset({PENDING}),
    moves={
        "note": Move(frozenset({PENDING})),  # the reviewer adds to it; the verdict is still open
        "approve": Move(frozenset({PENDING}), APPROVED),
        "reject": Move(frozenset({PENDING}), REJECTED),
        "expire": Move(frozenset({PENDING}), EXPIRED),
        "cancel": Move(frozenset({PENDING, APPROVED}), CANCELLED),
    },
)
_VERBS = {APPROVED: "approve", REJECTED: "reject", PENDING: "note", "": "note"}


def verify(order_number: str, *, order_status: Status, is_regulated: bool, state: str, verdict: str) -> str:
    """The verification state after a reviewer's verdict ("" or Pending: none yet).

    Raises Refusal ORDER_CANCELLED, WRONG_STATUS (nothing regulated, or the verdict has fallen before).
    """
    if order_status is Status.CANCELED:
        raise refuse(Code.ORDER_CANCELLED, order_number=order_number)
    if not is_regulated:
        raise refuse(Code.WRONG_STATUS, order_number=order_number, status=order_status.value, verb="verify")
    return VERIFICATION.after(state, _VERBS[verdict], order_number=order_number)
