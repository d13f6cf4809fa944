"""Quantities of an order's lines, and the order status that follows from them (rulebook 3.1, I01 to I04)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sellerdesk.domain.orders import Status
from sellerdesk.domain.refusals import Code, refuse


@dataclass(frozen=True, slots=True)
class Line:
    """How many units of one order item were ordered, shipped and cancelled; also fits the sums of a whole
    order.

    Raises ValueError when a number is negative or more units are shipped and cancelled than were ordered.
    Nought ordered units are allowed: platforms publish cancelled items so.
    """

    ordered: int
    shipped: int = 0
    cancelled: int = 0

    def __post_init__(self) -> None:
        if min(self.ordered, self.shipped, self.cancelled) < 0:
            raise ValueError(f"negative quantity in {self}")
        if self.shipped + self.cancelled > self.ordered:
            raise ValueError(f"more units shipped and cancelled than ordered in {self}")

    @property
    def unshipped(self) -> int:
        """Units that wait: neither shipped nor cancelled (I01)."""
        return self.ordered - self.shipped - self.cancelled

    def ship(self, quantity: int, **facts: object) -> "Line":
        """The line after `quantity` more units were shipped.

        Raises Refusal QUANTITY_EXCEEDED when fewer wait, INVALID_VALUE below one; `facts` say whose line it
        is.
        """
        self._spare(quantity, facts)
        return replace(self, shipped=self.shipped + quantity)

    def cancel(self, quantity: int, **facts: object) -> "Line":
        """The line after `quantity` more units were cancelled; refuses like `ship`."""
        self._spare(quantity, facts)
        return replace(self, cancelled=self.cancelled + quantity)

    def _spare(self, quantity: int, facts: dict[str, object]) -> None:
        if quantity < 1:
            wrong = {"place": "quantity", "value": str(quantity), "expected": "a whole number above zero"}
            raise refuse(Code.INVALID_VALUE, **{**wrong, **facts})
        if quantity > self.unshipped:
            raise refuse(Code.QUANTITY_EXCEEDED, **{**facts, "asked": quantity, "left": self.unshipped})


def total(lines: Iterable[Line]) -> Line:
    """The sums of an order's lines."""
    ordered = shipped = cancelled = 0
    for line in lines:
        ordered += line.ordered
        shipped += line.shipped
        cancelled += line.cancelled
    return Line(ordered, shipped, cancelled)


def derive_status(lines: Iterable[Line], payment_open: Status | None) -> Status:
    """The status of an order, from its quantities alone (I02). One line holding the sums gives the same
    answer.

    `payment_open` is PENDING or PENDING_AVAILABILITY while the payment is open, else None; it matters only
    while nothing is shipped. What facts of another kind decide (InvoiceUnconfirmed, Unfulfillable) is not
    derived here. Raises ValueError without any line: the status of an order whose items are unknown cannot
    be derived.
    """
    known = tuple(lines)
    if not known:
        raise ValueError("an order without lines has no derived status")
    units = total(known)
    if units.shipped == 0:
        if units.unshipped == 0:
            return Status.CANCELED
        return payment_open or Status.UNSHIPPED
    return Status.PARTIALLY_SHIPPED if units.unshipped else Status.SHIPPED
