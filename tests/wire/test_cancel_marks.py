"""Who asked for a cancellation, and who carried it out, as both APIs and the order report say it."""

from typing import Any

import pytest

from sellerdesk.wire.cancel_marks import marks_2026, marks_v0

ASKED = {"cancel_requested": True, "cancel_words": "Too late"}


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({"IsBuyerRequestedCancel": "true", "BuyerCancelReason": "Too late"}, ASKED),
        ({"IsBuyerRequestedCancel": True, "BuyerCancelReason": "Too late"}, ASKED),
        ({"IsBuyerRequestedCancel": "TRUE"}, {"cancel_requested": True, "cancel_words": ""}),
        ({"IsBuyerRequestedCancel": "false", "BuyerCancelReason": "Too late"}, {}),
        ({}, {}),
        (None, {}),
        ("true", {}),
    ],
)
def test_v0(wish: Any, expected: dict[str, Any]) -> None:
    assert marks_v0({"BuyerRequestedCancel": wish}) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"cancellationRequest": {"requester": "BUYER", "cancelReason": "Too late"}}, ASKED),
        ({"cancellationRequest": {"requester": "MERCHANT", "cancelReason": "Too late"}}, {}),
        (
            {"cancellationExecution": {"cancelledBy": "AMAZON", "cancelReason": "Payment"}},
            {"cancelled_by": "AMAZON", "cancel_reason": "Payment"},
        ),
        ({"cancellationExecution": {"cancelledBy": "SOMEBODY"}}, {}),
        ({"cancellationExecution": None}, {}),
        ([], {}),
    ],
)
def test_2026(said: Any, expected: dict[str, Any]) -> None:
    assert marks_2026({"cancellation": said}) == expected
