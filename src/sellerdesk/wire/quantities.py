"""Hold what a document says of its quantities against the status that it says (rulebook 3.1)."""

from collections.abc import Sequence

from sellerdesk.domain.orders import OPEN, WAITING, ItemDocument, Status
from sellerdesk.domain.refusals import Code, refuse

_DONE = frozenset({Status.SHIPPED, Status.INVOICE_UNCONFIRMED})


def agree(status: Status, items: Sequence[ItemDocument], *, place: str) -> None:
    """The quantities of the lines are the facts; raises Refusal INVALID_VALUE where the status contradicts
    them.

    Unfulfillable fits any quantities.
    """
    shipped = sum(item.shipped for item in items)
    left = sum(item.ordered - item.shipped - item.cancelled for item in items)
    if status in WAITING:
        fits = shipped == 0
    elif status in OPEN:
        fits = left > 0 and (shipped > 0) == (status is Status.PARTIALLY_SHIPPED)
    elif status in _DONE:
        fits = left == 0 and shipped > 0
    else:
        fits = status is not Status.CANCELED or (shipped == 0 and left == 0)
    if not fits:
        said = f"{status.value} with {shipped} shipped and {left} left to ship"
        raise refuse(
            Code.INVALID_VALUE,
            place=place,
            value=said,
            expected="a status that fits the quantities of the items",
        )
