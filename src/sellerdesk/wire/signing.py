"""Signatures of webhooks after Standard Webhooks 1.0: receivers verify them with that project's libraries."""

from collections.abc import Sequence
from datetime import datetime
from math import floor

from standardwebhooks import Webhook

USER_AGENT = "Sellerdesk-Webhooks/1"


def headers(webhook_id: str, at: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The headers of one attempt. With several secrets there are several signatures, so that rotation breaks nothing.

    `at` is aware UTC: the moment of the attempt, which receivers compare with their own clock.
    """
    text = body.decode()
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "webhook-id": webhook_id,
        "webhook-timestamp": str(floor(at.timestamp())),
        "webhook-signature": " ".join(Webhook(one).sign(webhook_id, at, text) for one in secrets),
    }
