"""What a line of an order says of cancelling it, in either Orders API (spapi 2.3, 3; S3-19, S3-20).

Read leniently: these members are kept and given back as they came, whatever they are; only what is understood becomes
fields of the item.
"""

from typing import Any

from sellerdesk.domain.cancellations import Canceller
from sellerdesk.wire.fields import Json

_PARTIES = frozenset(Canceller)


def marks_v0(line: Json) -> dict[str, Any]:
    """Fields of `ItemDocument` from `BuyerRequestedCancel`; its flag is a string, or a boolean in some hands."""
    wish = _object(line, "BuyerRequestedCancel")
    if str(wish.get("IsBuyerRequestedCancel", "")).lower() != "true":
        return {}
    return {"cancel_requested": True, "cancel_words": _text(wish, "BuyerCancelReason")}


def marks_2026(line: Json) -> dict[str, Any]:
    """Fields of `ItemDocument` from `cancellation`."""
    said = _object(line, "cancellation")
    wish, done = _object(said, "cancellationRequest"), _object(said, "cancellationExecution")
    marks: dict[str, Any] = {}
    if _text(wish, "requester") == Canceller.BUYER:
        marks |= {"cancel_requested": True, "cancel_words": _text(wish, "cancelReason")}
    if (party := _text(done, "cancelledBy")) in _PARTIES:
        marks |= {"cancelled_by": party, "cancel_reason": _text(done, "cancelReason")}
    return marks


def _object(source: Json, key: str) -> Json:
    value = source.get(key)
    return value if isinstance(value, dict) else {}


def _text(source: Json, key: str) -> str:
    value = source.get(key)
    return value if isinstance(value, str) else ""
