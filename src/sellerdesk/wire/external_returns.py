"""Where the external fulfilment API says how far a return is, in its own words (2024-09-11; spapi 9).

Its states are a carrier's and a warehouse's; ours are a request's. Where it has several for one of ours, the first is
what we say and any of them finds it; what it knows and we do not (pick-ups, re-planning) finds nothing.
"""

from collections.abc import Mapping

from sellerdesk.domain.return_facts import ReturnState

_S = ReturnState
STATUSES: Mapping[ReturnState, tuple[str, ...]] = {
    _S.PENDING_AUTHORIZATION: ("CREATED",),
    _S.AUTHORIZED: ("CREATED",),
    _S.IN_TRANSIT_BACK: ("IN_TRANSIT", "PICKED_FROM_CUSTOMER", "CUSTOMER_DROPPED_OFF", "OUT_FOR_DELIVERY"),
    _S.RECEIVED: ("DELIVERED",),
    _S.INSPECTED: ("PARTIALLY_PROCESSED",),
    _S.PENDING_REFUND: ("PARTIALLY_PROCESSED",),
    _S.COMPLETED: ("PROCESSED",),
    _S.CLOSED_BY_SELLER: ("REJECTED",),
    _S.CLOSED_BY_BUYER: ("CANCELLED",),
    _S.CLOSED_AUTO: ("CANCELLED",),
}
UNKNOWN_HERE = (
    "CARRIER_NOTIFIED_TO_PICK_UP_FROM_CUSTOMER",
    "CARRIER_OUT_FOR_PICK_UP_FROM_CUSTOMER",
    "CUSTOMER_CANCELLED_PICK_UP",
    "CUSTOMER_RESCHEDULED_PICK_UP",
    "REPLANNED",
)


def status_of(state: str) -> str:
    """What the protocol calls a state of ours."""
    return STATUSES[ReturnState(state)][0]


def states_of(status: str) -> tuple[str, ...] | None:
    """Our states behind a status of the protocol; () for one that we never have, None for no status at all."""
    if status in UNKNOWN_HERE:
        return ()
    found = tuple(state.value for state, names in STATUSES.items() if status in names)
    return found or None
