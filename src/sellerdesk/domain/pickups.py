"""Orders that the buyer collects in a store (`IsISPU`): what the store says of them (spapi 2.6)."""

from sellerdesk.domain.machine import Machine, Move
from sellerdesk.domain.orders import OPEN, WAITING, Status
from sellerdesk.domain.refusals import Code, refuse

NONE, READY, PICKED_UP, REFUSED = "None", "ReadyForPickup", "PickedUp", "RefusedPickup"

# The verbs are the words of the protocol.
PICKUP = Machine(
    "pickup",
    start=frozenset({NONE}),
    moves={
        READY: Move(frozenset({NONE, READY}), READY),
        PICKED_UP: Move(frozenset({READY, PICKED_UP}), PICKED_UP),
        REFUSED: Move(frozenset({READY, REFUSED}), REFUSED),
    },
)


def report_pickup(order_number: str, *, status: Status, is_pickup: bool, state: str, verb: str) -> str:
    """The pick-up state after the store's word; saying the same again changes nothing.

    Raises Refusal ORDER_PENDING, ORDER_CANCELLED, WRONG_STATUS (not a pick-up order, or not in this turn).
    """
    if status in WAITING:
        raise refuse(Code.ORDER_PENDING, order_number=order_number, reason="")
    if status is Status.CANCELED:
        raise refuse(Code.ORDER_CANCELLED, order_number=order_number)
    if not is_pickup or (status not in OPEN and state == NONE):
        raise refuse(Code.WRONG_STATUS, order_number=order_number, status=status.value, verb=verb)
    return PICKUP.after(state, verb, order_number=order_number)
