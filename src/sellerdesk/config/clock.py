"""The one clock. Only doors ask it; below them `now` is an argument."""

from datetime import UTC, datetime

from sellerdesk.config.environment import environment


def now() -> datetime:
    """The current time, aware and in UTC, shifted by SELLERDESK_CLOCK_OFFSET in demonstrations."""
    return datetime.now(UTC) + environment().clock_offset  # noqa: TID251  this is the clock
