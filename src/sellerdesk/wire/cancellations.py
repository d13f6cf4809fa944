"""What the Orders APIs say of cancelling a line: the buyer's request, and who cancelled (spapi 2.3, 3; S3-18 to S3-20).

Codes are lower case inside and Amazon's on the wire (docs/glossary.md). What was filed or cancelled here overrides what
an import said; an import that said nothing is left saying nothing.
"""

from sellerdesk.domain.cancel_requests import Reason
from sellerdesk.domain.cancellations import CancelReason
from sellerdesk.domain.orders import HeldOrder, ItemDocument, ItemTrace, OrderDocument
from sellerdesk.wire.cancel_marks import marks_2026, marks_v0
from sellerdesk.wire.fields import Json

# What a buyer without words of their own is quoted with.
NAMES: dict[str, str] = {
    Reason.ORDERED_BY_MISTAKE: "Order created by mistake.",
    Reason.ARRIVES_TOO_LATE: "Item would not arrive on time.",
    Reason.FOUND_CHEAPER: "Found cheaper somewhere else.",
    Reason.SHIPPING_TOO_EXPENSIVE: "Shipping cost too high.",
    Reason.CHANGE_ADDRESS: "Need to change shipping address.",
    Reason.CHANGE_PAYMENT: "Need to change payment method.",
    Reason.NOT_NEEDED: "No longer needed.",
    Reason.OTHER: "Other",
}
# The reasons that cancelOrder takes, in Amazon's spelling (spapi 3).
CANCEL_REASONS = {
    reason.value.upper(): reason
    for reason in (
        CancelReason.NO_INVENTORY,
        CancelReason.BUYER_CANCELLED,
        CancelReason.ADDRESS_UNDELIVERABLE,
        CancelReason.CUSTOMER_EXCHANGE,
        CancelReason.PRICING_ERROR,
    )
}
_NOTHING = ItemTrace()


def trace(doc: OrderDocument, item: ItemDocument) -> ItemTrace:
    """What happened here to a line; nothing on a document that is not out of our tables."""
    return doc.traces.get(item.item_number, _NOTHING) if isinstance(doc, HeldOrder) else _NOTHING


def quoted(one: ItemTrace) -> str:
    """The buyer's own words, or the English name of the reason that was chosen."""
    return one.words.strip() or NAMES.get(one.wish, "")


def add_v0(out: Json, doc: OrderDocument, item: ItemDocument) -> None:
    """Put `BuyerRequestedCancel` on a line of Orders v0; its flag is a string. A request that came with an import is
    left as it came.
    """
    one = trace(doc, item)
    if one.requested:
        if not marks_v0(out):
            out["BuyerRequestedCancel"] = {"IsBuyerRequestedCancel": "true", "BuyerCancelReason": quoted(one)}
    elif isinstance(doc, HeldOrder) and not item.published:
        out["BuyerRequestedCancel"] = {"IsBuyerRequestedCancel": "false", "BuyerCancelReason": ""}


def add_2026(out: Json, doc: OrderDocument, item: ItemDocument) -> None:
    """Put `cancellation` on a line of Orders 2026-01-01: who asked, who carried it out, and why. What came with an
    import is left as it came.
    """
    one = trace(doc, item)
    by, reason = one.by, one.reason
    if not by and not item.published:
        by, reason = doc.cancelled_by, doc.cancel_reason
    said: Json = {}
    if one.requested and "cancel_requested" not in marks_2026(out):
        words = quoted(one)
        said["cancellationRequest"] = {"requester": "BUYER"} | ({"cancelReason": words} if words else {})
    if by and item.cancelled:
        why = reason or (CancelReason.BUYER_CANCELLED.value if by == "BUYER" else "")
        said["cancellationExecution"] = {"cancelledBy": by} | ({"cancelReason": why.upper()} if why else {})
    if said:
        out["cancellation"] = out.get("cancellation", {}) | said
