"""Threads and messages as state machines, and what the rules need to know of both (rulebook 3.7)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sellerdesk.domain.attachments import MEGABYTE
from sellerdesk.domain.machine import Machine, Move


class ThreadState(StrEnum):
    """States of rulebook 3.7."""

    OPEN_NEEDS_RESPONSE = "open_needs_response"
    ANSWERED = "answered"
    NO_RESPONSE_NEEDED = "no_response_needed"
    CLOSED = "closed"


class MessageState(StrEnum):
    """States of rulebook 3.7. A draft and one that the lint refused live in a form only; the others are rows."""

    DRAFT = "draft"
    LINT_FAILED = "lint_failed"
    QUEUED = "queued"
    SENT = "sent"  # in the thread, where the buyer reads it
    BLOCKED_OPT_OUT = "blocked_opt_out"
    BOUNCED = "bounced"  # the mail about it came back
    DELIVERED = "delivered"  # the mail about it was taken


class Kind(StrEnum):
    """Who wrote a row of a thread, and for whom."""

    BUYER = "buyer"
    SELLER = "seller"
    NOTE = "note"  # among staff only


class Via(StrEnum):
    """The ways by which a buyer's message comes in (S3-10, S3-11)."""

    PORTAL = "portal"
    MAIL = "mail"
    API = "api"


_T, _M = ThreadState, MessageState
_ANY = frozenset(ThreadState)

THREAD = Machine(
    "message_thread",
    start=frozenset({_T.OPEN_NEEDS_RESPONSE, _T.ANSWERED, _T.NO_RESPONSE_NEEDED}),  # the last: only a note
    moves={
        "receive": Move(_ANY, _T.OPEN_NEEDS_RESPONSE),
        "reply": Move(_ANY, _T.ANSWERED),
        "reply_automatically": Move(_ANY),  # the buyer still waits for a person
        "mark_no_response_needed": Move(frozenset({_T.OPEN_NEEDS_RESPONSE}), _T.NO_RESPONSE_NEEDED),
        "reopen": Move(_ANY - {_T.OPEN_NEEDS_RESPONSE}, _T.OPEN_NEEDS_RESPONSE),
        "close": Move(frozenset({_T.ANSWERED, _T.NO_RESPONSE_NEEDED}), _T.CLOSED),
    },
)
MESSAGE = Machine(
    "message",
    start=frozenset({_M.DRAFT}),
    moves={
        "lint": Move(frozenset({_M.DRAFT}), outcomes=frozenset({_M.LINT_FAILED, _M.QUEUED})),
        "block": Move(frozenset({_M.QUEUED}), _M.BLOCKED_OPT_OUT),
        "send": Move(frozenset({_M.QUEUED}), _M.SENT),
        "deliver": Move(frozenset({_M.SENT, _M.BOUNCED}), _M.DELIVERED),
        "bounce": Move(frozenset({_M.SENT}), _M.BOUNCED),
    },
)


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """What the rules need to know of an order's thread."""

    id: int
    state: ThreadState
    version: int
    last_buyer_at: datetime | None = None  # None: the buyer has never written
    due_at: datetime | None = None  # of the answer that the buyer waits for


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What the rules need to know of writing to an order's buyer.

    `completed_at`: when everything had been delivered, or shipped while nobody reports a delivery; None before.
    `sent_today`: messages of the seller within the last day; `daily_cap` None when it was too few to work it out.
    """

    language: str = ""
    opted_out: bool = False
    completed_at: datetime | None = None
    sent_today: int = 0
    daily_cap: int | None = None
    thread: ThreadFacts | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """The policy values that messages rest on; fields are named like their policy keys."""

    message_answer_hours: int
    message_attachments_mb: int
    message_attachments_max: int
    message_proactive_days: int
    message_daily_factor: int
    message_daily_floor: int
    message_daily_window_days: int
    guide_follow_up_hours: int

    @property
    def bytes_max(self) -> int:
        return self.message_attachments_mb * MEGABYTE

    def daily_cap(self, orders: int) -> int:
        """How many messages a day, with so many orders within the window (rulebook 2.10): rounded up, in integers."""
        average = -(-self.message_daily_factor * orders // max(1, self.message_daily_window_days))
        return average + self.message_daily_floor
