"""The lives of an order and of a package as tables, and what the staff can do in each state (rulebook 3.2).

The order's status itself is derived from quantities (`quantities.derive_status`); the table says which
verbs are allowed in it. Canceled, and Shipped as far as quantities go, are never left (I04).
"""

from enum import StrEnum

from sellerdesk.domain.machine import Machine, Move
from sellerdesk.domain.orders import OPEN, WAITING, Channel, PendingReason, Status

_S = Status
_SENT = frozenset({_S.PARTIALLY_SHIPPED, _S.SHIPPED, _S.INVOICE_UNCONFIRMED})


def _at(*states: str) -> frozenset[str]:
    return frozenset(states)


ORDER = Machine(
    "order",
    start=_at(_S.PENDING_AVAILABILITY, _S.PENDING),
    moves={
        "start_payment": Move(_at(_S.PENDING_AVAILABILITY), _S.PENDING),
        "authorize_payment": Move(_at(_S.PENDING), _S.UNSHIPPED),
        # A declined payment leaves the order waiting with another reason: the buyer may still pay in
        # another way.
        "decline_payment": Move(_at(_S.PENDING)),
        "cancel_by_marketplace": Move(_at(*WAITING), _S.CANCELED),
        "cancel_by_buyer": Move(_at(*WAITING, _S.UNSHIPPED), _S.CANCELED),
        # The warehouse ships out of Pending; imported warehouse orders may also stand in the two open states.
        "ship_by_warehouse": Move(_at(_S.PENDING, *OPEN), outcomes=_at(_S.PARTIALLY_SHIPPED, _S.SHIPPED)),
        "confirm_shipment": Move(_at(*OPEN), outcomes=_at(_S.PARTIALLY_SHIPPED, _S.SHIPPED)),
        "edit_shipment": Move(_at(*_SENT)),
        "cancel": Move(_at(_S.UNSHIPPED), _S.CANCELED),
        "cancel_items": Move(_at(*OPEN)),  # some units, while others still wait
        "cancel_rest": Move(_at(_S.PARTIALLY_SHIPPED), _S.SHIPPED),  # C28
        "cancel_automatically": Move(_at(_S.UNSHIPPED), _S.CANCELED),
        "cancel_rest_automatically": Move(_at(_S.PARTIALLY_SHIPPED), _S.SHIPPED),
        "require_invoice": Move(_at(_S.SHIPPED), _S.INVOICE_UNCONFIRMED),
        "confirm_invoice": Move(_at(_S.INVOICE_UNCONFIRMED), _S.SHIPPED),
        "declare_unfulfillable": Move(_at(_S.PENDING, _S.UNSHIPPED), _S.UNFULFILLABLE),
    },
)


class PackageStatus(StrEnum):
    """What is known of a parcel; the spelling of the 2026 Orders API, and RETURNING of our own (S0-31)."""

    PENDING = "PENDING"  # confirmed or labelled, no carrier has seen it yet
    SHIPPED = "SHIPPED"  # handed over to the carrier
    IN_TRANSIT = "IN_TRANSIT"  # scanned by the carrier
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"
    UNDELIVERABLE = "UNDELIVERABLE"
    RETURNING = "RETURNING"


_P = PackageStatus
_UNDERWAY = frozenset({_P.PENDING, _P.SHIPPED, _P.IN_TRANSIT})

PACKAGE = Machine(
    "package",
    start=_at(_P.PENDING, _P.SHIPPED, _P.IN_TRANSIT),
    moves={
        "hand_over": Move(_at(_P.PENDING), _P.SHIPPED),
        "depart": Move(_at(_P.PENDING, _P.SHIPPED), _P.IN_TRANSIT),
        # Carriers lose scans and try again, so a delivery may follow any state on the way or a failed
        # attempt.
        "deliver": Move(_at(*_UNDERWAY, _P.UNDELIVERABLE), _P.DELIVERED),
        "fail": Move(_at(*_UNDERWAY), _P.UNDELIVERABLE),
        "return_to_sender": Move(_at(*_UNDERWAY, _P.UNDELIVERABLE), _P.RETURNING),
        "void": Move(_at(_P.PENDING), _P.CANCELLED),
    },
)

_UNSHIPPED_ACTIONS = ("print_packing_slip", "confirm_shipment", "buy_shipping", "cancel_order")
_PARTIAL_ACTIONS = ("print_packing_slip", "confirm_shipment", "edit_shipment", "refund_order", "cancel_rest")
_SHIPPED_ACTIONS = ("print_packing_slip", "edit_shipment", "refund_order")
_SELLER_ACTIONS: dict[Status, tuple[str, ...]] = {
    _S.UNSHIPPED: _UNSHIPPED_ACTIONS,
    _S.PARTIALLY_SHIPPED: _PARTIAL_ACTIONS,
    _S.SHIPPED: _SHIPPED_ACTIONS,
    _S.INVOICE_UNCONFIRMED: _SHIPPED_ACTIONS,
}

NOTHING_TO_DO: frozenset[str] = frozenset(
    {
        "cancelled",
        "unfulfillable",
        "warehouse_ships",
        "pending",
        *(reason.value.lower() for reason in PendingReason),
    }
)  # every code that `nothing_to_do` can answer, for the doors to word


def actions(status: Status, channel: Channel) -> tuple[str, ...]:
    """What the seller's staff can do with an order, in the order of the buttons (S1-09, S1-15, S4-03, S4-05).

    Nothing while it is Pending (S0-06), when it is over, or when the warehouse ships it (S0-11). Whether
    buying a label is offered further depends on where the seller is (S1-11); the door asks that setting.
    """
    if channel == Channel.AFN:
        return ()
    return _SELLER_ACTIONS.get(status, ())


def nothing_to_do(status: Status, channel: Channel, pending_reason: str = "") -> str:
    """A stable code (one of NOTHING_TO_DO) of why there is nothing to do, or "" when `actions` offers
    something.

    A waiting order answers its pending reason in lower case; a reason that we do not know answers "pending".
    """
    if status == Status.CANCELED:
        return "cancelled"
    if status == Status.UNFULFILLABLE:
        return "unfulfillable"
    if status in WAITING:
        reason = pending_reason.lower()
        if reason:
            return reason if reason in NOTHING_TO_DO else "pending"
        return "preorder" if status == Status.PENDING_AVAILABILITY else "payment_not_authorized"
    return "warehouse_ships" if channel == Channel.AFN else ""
