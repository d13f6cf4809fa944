"""Money that the payment side is asked to move: what we know of it, and where its books differ (trust P4)."""

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
    },
)


@dataclass(frozen=True, slots=True)
class TransferRow:
    """A transfer as it stands. `before`: its state when it was claimed."""

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
    claim_id: int | None = None


class BreakKind(StrEnum):
    """How the other books can differ from ours."""

    MISSING_THERE = "missing_there"  # done here, unknown there
    AMOUNT = "amount"
    CURRENCY = "currency"
    FAILED_THERE = "failed_there"  # done here, failed there
    NOT_SETTLED = "not_settled"  # unknown for too long


@dataclass(frozen=True, slots=True)
class Booked:
    """What either side's books say of one transfer. `state`: of TransferState."""

    key: str
    amount: int
    currency: str
    state: str
    reference: str = ""


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
