"""Receivers of deliveries: webhooks, chat channels and the destinations of SP-API notifications (trust P5, P6)."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class ReceiverKind(StrEnum):
    WEBHOOK = "webhook"
    CHAT = "chat"
    SPAPI = "spapi"


class DisabledBecause(StrEnum):
    """Why nothing is sent to a receiver any more."""

    PERSON = "person"  # somebody switched it off
    GONE = "gone"  # it answered 410
    FAILING = "failing"  # nothing arrived for days


MOST_RECEIVERS = 20  # of one kind and seller
MOST_DESTINATIONS = 100
NAME_LENGTH = 100
SECRET_BYTES = 24  # Standard Webhooks: 24 to 64
OLD_SECRET_KEPT = timedelta(hours=24)
RECORDS_KEPT = timedelta(days=30)

# Standard Webhooks' schedule: the pause before each attempt after the first. After the last one a delivery is dead.
_SECOND, _MINUTE, _HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
PAUSES = (5 * _SECOND, 5 * _MINUTE, 30 * _MINUTE, *(n * _HOUR for n in (2, 5, 10, 14, 20, 24)))
REST_MAX = _MINUTE  # how long a receiver that cannot be reached is left alone, at most
FAILING_FOR = timedelta(days=3)  # without one success, and a delivery has died: it is switched off

GONE = 410


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after the n-th failed attempt, or None when that was the last one."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of handing one delivery over. `status` is HTTP's, None when nothing answered.

    `unreachable`: the receiver as a whole is away, so that its next deliveries need not be tried at once.
    """

    delivered: bool
    status: int | None = None
    error: str = ""
    unreachable: bool = False
    hopeless: bool = False  # no repeat can help

    @property
    def gone(self) -> bool:
        return self.status == GONE
