"""Money that the payment side is asked to move: what we know of it, and where its books differ (trust P4)."""

import re
from dataclasses import dataclass
from enum import StrEnum

from sellerdesk.domain.machine import Machine, Move


class TransferState(StrEnum):
    QUEUED = "queued"
    CALLING = "calling"  # a call may be under way, or may have been cut off
    UNKNOWN = "unknown"  # it was made, and nobody knows what came of it: looked up, never made again under another key
    DONE = "done"
    FAILED = "failed"  # for good


_S = TransferState
TRANSFER = Machine(
    "transfer",
    start=frozenset({_S.QUEUED}),
    moves={
        "call": Move(frozenset({_S.QUEUED}), _S.CALLING),
        "lose": Move(frozenset({_S.CALLING, _S.UNKNOWN}), _S.UNKNOWN),
        "requeue": Move(frozenset({_S.CALLING, _S.UNKNOWN}), _S.QUEUED),  # the other side never heard of it
        "succeed": Move(frozenset({_S.CALLING, _S.UNKNOWN}), _S.DONE),
        "fail": Move(frozenset({_S.CALLING, _S.UNKNOWN}), _S.FAILED),
        "bounce": Move(frozenset({_S.DONE}), _S.FAILED),  # it had gone, and came back days later
        "retry": Move(frozenset({_S.FAILED}), _S.QUEUED),  # a claim's: a refund's amount is refundable again
    },
)


@dataclass(frozen=True, slots=True)
class TransferRow:
    """A transfer as it stands. `before`: its state when it was claimed. `payment`: the other side's name for what the
    buyer paid, "" when nobody told us.
    """

    id: int
    refund_id: int | None  # None: it pays a claim
    order_id: int
    order_number: str
    reference: str  # of the refund or the claim
    key: str
    amount: int
    currency: str
    before: TransferState
    attempts: int
    payment: str = ""
    claim_id: int | None = None


_TRY = re.compile(r"(?P<first>.+)-try(?P<n>[0-9]+)\Z")


def tries(key: str) -> tuple[str, ...]:
    """All keys under which a transfer was asked for, the first one first; `key` is the last.

    >>> tries("claim-S-C-1-try3")
    ('claim-S-C-1', 'claim-S-C-1-try2', 'claim-S-C-1-try3')
    """
    found = _TRY.match(key)
    first, n = (found["first"], int(found["n"])) if found else (key, 1)
    return (first, *(f"{first}-try{one}" for one in range(2, n + 1)))


def next_try(key: str) -> str:
    """The key of the try after this one: a provider answers a failed key with the same failure for ever."""
    known = tries(key)
    return f"{known[0]}-try{len(known) + 1}"


class BreakKind(StrEnum):
    """How the other books can differ from ours."""

    MISSING_THERE = "missing_there"  # done here, unknown there
    AMOUNT = "amount"
    CURRENCY = "currency"
    FAILED_THERE = "failed_there"  # done here, failed there
    NOT_SETTLED = "not_settled"  # unknown for too long


OPEN = frozenset({_S.QUEUED, _S.CALLING, _S.UNKNOWN})
"""States in which nobody has said yet what became of the money."""


@dataclass(frozen=True, slots=True)
class Booked:
    """What either side's books say of one transfer. `state`: of TransferState."""

    key: str
    amount: int
    currency: str
    state: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """A transfer that we hold as done beside what the payment side holds of it; None: it never heard of the key."""

    row: TransferRow
    ours: Booked
    theirs: Booked | None

    @property
    def order_number(self) -> str:
        return self.row.order_number

    @property
    def place(self) -> str:
        return self.row.key


def compare(ours: Booked, theirs: Booked | None) -> tuple[BreakKind, ...]:
    """Where the payment side differs from what we hold as done; empty: both agree, or we hold nothing as done."""
    if ours.state != TransferState.DONE:
        return ()
    if theirs is None:
        return (BreakKind.MISSING_THERE,)
    found = []
    if theirs.currency != ours.currency:
        found.append(BreakKind.CURRENCY)
    elif theirs.amount != ours.amount:
        found.append(BreakKind.AMOUNT)
    if theirs.state == TransferState.FAILED:
        found.append(BreakKind.FAILED_THERE)
    return tuple(found)
