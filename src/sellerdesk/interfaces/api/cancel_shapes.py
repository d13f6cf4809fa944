"""What programs may send about cancelling."""

from typing import Annotated, Literal

from pydantic import Field

from sellerdesk.domain.cancel_requests import WORDS_MAX, DeclineCause, Reason
from sellerdesk.domain.cancellations import CancelReason, PlatformReason
from sellerdesk.interfaces.api import patterns
from sellerdesk.interfaces.api.shapes import BATCH_MOST, Shape, Text

_UNITS_MOST = 1_000_000
_ITEMS_MOST = 500


class CancelledItem(Shape):
    item_number: Annotated[str, Text(20, 1)]
    quantity: Annotated[int, Field(ge=1, le=_UNITS_MOST)]


Items = Annotated[list[CancelledItem], Field(min_length=1, max_length=_ITEMS_MOST)]


class BuyerCancellation(Shape):
    """The buyer cancels alone. Without items everything."""

    reason: Literal[tuple(reason.value for reason in Reason)] | None = None  # type: ignore[valid-type]
    items: Items | None = None


class NewCancellationRequest(Shape):
    """The buyer asks. Without items everything that is left to ship."""

    reason: Literal[tuple(reason.value for reason in Reason)]  # type: ignore[valid-type]
    words: Annotated[str, Field(max_length=WORDS_MAX, description="the buyer's own")] = ""
    item_numbers: (
        Annotated[list[Annotated[str, Text(20, 1)]], Field(min_length=1, max_length=_ITEMS_MOST)] | None
    ) = None


class Decline(Shape):
    """Why the wish cannot be fulfilled; the facts must bear it out."""

    cause: Literal[tuple(cause.value for cause in DeclineCause)]  # type: ignore[valid-type]


class NewCancellation(Shape):
    """The seller cancels. Without items everything that is left to ship."""

    reason: Literal[tuple(reason.value for reason in CancelReason)]  # type: ignore[valid-type]
    items: Items | None = None
    expects_counting: Annotated[
        bool | None, Field(description="what the preview said; refused when it is not true any more")
    ] = None
    accepts_limit: Annotated[
        bool,
        Field(description="also when the rate then reaches its limit; needs the scope cancel.over_limit"),
    ] = False
    label_override: Annotated[str, Field(max_length=500, description="why, although a label exists")] = ""


class OrderCancellation(NewCancellation):
    order_number: Annotated[str, Field(pattern=patterns.ORDER_NUMBER)]
    version: Annotated[int | None, Field(ge=1, description="as If-Match of a single call")] = None


class OrderCancellations(Shape):
    """Several orders in one call; each has an outcome of its own, and the rate runs through them in order."""

    cancellations: Annotated[list[OrderCancellation], Field(min_length=1, max_length=BATCH_MOST)]


class MarketplaceCancellation(Shape):
    """The marketplace cancels an order that still waits for its payment."""

    reason: Literal[tuple(reason.value for reason in PlatformReason)]  # type: ignore[valid-type]
