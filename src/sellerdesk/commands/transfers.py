"""What the payment side is asked, and what came of it: reserve, (call,) record; nothing is asked here (trust P4)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction

from sellerdesk.commands import run_batch
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.transfers import TRANSFER, Booked, TransferRow, TransferState, compare
from sellerdesk.models.facts import lock_by_number
from sellerdesk.models.tenancy import choose_seller
from sellerdesk.models.transfer_writes import (
    TransferEnd,
    claim_due,
    done_since,
    lock_states,
    write_breaks,
    write_ends,
)

# Technical, no rule of any marketplace: how long one worker has for its calls, and how soon an open one is looked at.
LEASE = timedelta(minutes=10)
RETRY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class CallResult:
    """What a call came to. `verb` of TRANSFER: succeed, fail, lose (nobody knows) or requeue (for sure not done)."""

    row: TransferRow
    verb: str
    provider_reference: str = ""
    error: str = ""

    @property
    def order_number(self) -> str:
        return self.row.order_number

    @property
    def place(self) -> str:
        return self.row.key


def claim_transfers(actor: Actor, *, now: datetime, limit: int) -> list[TransferRow]:
    """Take due transfers of one seller for calls that begin now. One whose `before` is not "queued" may have been made:
    it is looked up first.
    """
    if actor.seller_id is None:
        raise ValueError("a command acts for one seller")
    choose_seller(actor.seller_id)
    with transaction.atomic(durable=True):
        return claim_due(actor.seller_id, now, now + LEASE, limit)


def record_calls(actor: Actor, results: Sequence[CallResult], *, now: datetime) -> list[Outcome]:
    """Record what calls came to: outcomes "done", "failed", "unknown", "queued"; "unchanged" when somebody else did."""

    def work(seller_id: int) -> list[Outcome]:
        lock_by_number(seller_id, {one.order_number for one in results})
        states = lock_states(seller_id, [one.row.key for one in results])
        outcomes, ends = [], []
        for one in results:
            if states.get(one.row.key) not in TRANSFER.moves[one.verb].sources:
                outcomes.append(Outcome(one.order_number, "unchanged", place=one.place))
                continue
            after = TransferState(TRANSFER.moves[one.verb].target or TransferState.UNKNOWN)
            retry = now + RETRY if after in (TransferState.UNKNOWN, TransferState.QUEUED) else None
            ends.append(TransferEnd(one.row, after, one.provider_reference, one.error, retry))
            outcomes.append(Outcome(one.order_number, after.value, place=one.place))
        write_ends(actor, seller_id, ends, now)
        return outcomes

    return run_batch(actor, Permission.PAYMENTS_REPORT, results, work)


def transfers_to_check(actor: Actor, *, since: datetime, limit: int) -> dict[int, Booked]:
    """What we hold as done since a moment, by transfer id: for the reconciler to compare."""
    if actor.seller_id is None:
        raise ValueError("a command acts for one seller")
    choose_seller(actor.seller_id)
    with transaction.atomic(durable=True):
        return done_since(actor.seller_id, since, limit)


def record_checks(
    actor: Actor, checked: Sequence[tuple[int, Booked, Booked | None]], *, now: datetime
) -> int:
    """Keep every break between our books and theirs as a row that somebody sees; answers how many are new."""
    if actor.seller_id is None:
        raise ValueError("a command acts for one seller")
    found = [
        (transfer, kind, asdict(ours), asdict(theirs) if theirs else {})
        for transfer, ours, theirs in checked
        for kind in compare(ours, theirs)
    ]
    choose_seller(actor.seller_id)
    with transaction.atomic(durable=True):
        return write_breaks(actor.seller_id, found, now)
