"""What the payment side is asked, and what came of it: reserve, (call,) record; nothing is asked here (trust P4)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction

from sellerdesk.commands import run_batch
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.idempotency import Once
from sellerdesk.domain.outcomes import Outcome, refused
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.domain.transfers import (
    TRANSFER,
    Booked,
    BreakKind,
    Checked,
    TransferRow,
    TransferState,
    compare,
    next_try,
)
from sellerdesk.models.break_writes import NewBreak, open_long, write_breaks
from sellerdesk.models.facts import lock_by_number
from sellerdesk.models.tenancy import choose_seller
from sellerdesk.models.terms import calendars, policy_book
from sellerdesk.models.transfer_writes import (
    TransferEnd,
    claim_checks,
    claim_due,
    hurry,
    lock_failed,
    lock_states,
    write_checked,
    write_ends,
    write_retries,
)

# Technical, no rule of any marketplace: how long one worker has for its calls, and how soon an open one is looked at.
LEASE = timedelta(minutes=10)
RETRY = timedelta(minutes=5)
# Both books are compared an hour after a refund went, then daily while banks still send refunds back.
CHECK_AFTER = timedelta(hours=1)
CHECK_AGAIN = timedelta(days=1)
CHECKED_FOR = timedelta(days=30)


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
        write_ends(actor, seller_id, ends, now, now + CHECK_AFTER)
        return outcomes

    return run_batch(actor, Permission.PAYMENTS_REPORT, results, work)


def hurry_transfers(actor: Actor, references: Sequence[str] | None, *, now: datetime) -> int:
    """Make open transfers of refunds (None: of all of the seller's) due now; answers how many. The call itself is
    never hurried: one that may be under way keeps its time. 0 without the permission.
    """
    if actor.seller_id is None:
        raise ValueError("a command acts for one seller")
    if not actor.may(Permission.PAYMENTS_SETTLE):
        return 0
    choose_seller(actor.seller_id)
    with transaction.atomic(durable=True):
        return hurry(actor.seller_id, references, now)


@dataclass(frozen=True, slots=True)
class RetryPayout:
    """A claim whose buyer could not be paid, to be paid again. `expects`: the amount that was shown, in minor units."""

    order_number: str
    reference: str
    expects: int | None = None
    place: str = ""


def retry_payouts(
    actor: Actor, requests: Sequence[RetryPayout], *, now: datetime, once: Once | None = None
) -> list[Outcome]:
    """Ask the payment side once more for claims that it said can never be paid (CLAIMS_DECIDE: the marketplace's).

    Each gets the next key of its tries; the call first looks up the earlier ones, so that money which went after all
    goes no second time. Refunds are not retried: theirs is refundable again. Outcome "queued" with facts reference,
    total, currency. Refusals: CLAIM_STATE (no payout of it has failed, or somebody was quicker), LEFT_CHANGED,
    FORBIDDEN, BUSY.
    """

    def work(seller_id: int) -> list[Outcome]:
        lock_by_number(seller_id, {one.order_number for one in requests})
        failed = lock_failed(seller_id, [one.reference for one in requests])
        outcomes, again = [], []
        for one in requests:
            known = failed.get(one.reference)
            if known is None or known.order_number != one.order_number:
                refusal = refuse(Code.CLAIM_STATE, order_number=one.order_number, reference=one.reference)
                outcomes.append(refused(one.order_number, refusal, one.place))
                continue
            if one.expects not in (None, known.amount):
                said = {"order_number": one.order_number, "expected": one.expects, "left": known.amount}
                refusal = refuse(Code.LEFT_CHANGED, currency=known.currency, **said)
                outcomes.append(refused(one.order_number, refusal, one.place))
                continue
            del failed[one.reference]
            again.append((known, next_try(known.key)))
            said = {"reference": one.reference, "total": known.amount, "currency": known.currency}
            outcomes.append(Outcome(one.order_number, "queued", place=one.place, facts=said))
        write_retries(actor, seller_id, again, now)
        return outcomes

    return run_batch(actor, Permission.CLAIMS_DECIDE, requests, work, once)


def claim_transfer_checks(actor: Actor, *, now: datetime, limit: int) -> list[tuple[TransferRow, Booked]]:
    """Take transfers that we hold as done, each with what our books say, to compare them now."""
    if actor.seller_id is None:
        raise ValueError("a command acts for one seller")
    choose_seller(actor.seller_id)
    with transaction.atomic(durable=True):
        return claim_checks(actor.seller_id, now, now + LEASE, limit)


def record_checks(actor: Actor, checked: Sequence[Checked], *, now: datetime) -> list[Outcome]:
    """Keep every break between both books as a row that somebody sees. What the other side holds as failed is taken
    back: the refund is rejected and its amount refundable again.

    Outcomes "agrees", "differs" (facts kinds, new: how many breaks are new in the batch, on the first) or, when the
    transfer is not ours to compare any more, "unchanged".
    """

    def work(seller_id: int) -> list[Outcome]:
        lock_by_number(seller_id, {one.order_number for one in checked})
        states = lock_states(seller_id, [one.row.key for one in checked])
        outcomes, ends, breaks = [], [], []
        for one in checked:
            if states.get(one.row.key) is not TransferState.DONE:
                outcomes.append(Outcome(one.order_number, "unchanged", place=one.place))
                continue
            kinds = compare(one.ours, one.theirs)
            theirs = asdict(one.theirs) if one.theirs else {}
            breaks += [NewBreak(one.row.id, kind, asdict(one.ours), theirs) for kind in kinds]
            if BreakKind.FAILED_THERE in kinds:
                after = TransferState(TRANSFER.after(TransferState.DONE, "bounce"))
                ends.append(TransferEnd(one.row, after, error="failed later"))
            state = "differs" if kinds else "agrees"
            said = {"kinds": [kind.value for kind in kinds]}
            outcomes.append(Outcome(one.order_number, state, place=one.place, facts=said))
        write_checked(seller_id, [one.row.id for one in checked], now - CHECKED_FOR, now + CHECK_AGAIN)
        write_ends(actor, seller_id, ends, now, now)
        found = write_breaks(actor, seller_id, breaks, now)
        if outcomes:
            outcomes[0].facts["new"] = found
        return outcomes

    return run_batch(actor, Permission.PAYMENTS_REPORT, checked, work)


def find_unsettled(actor: Actor, *, now: datetime, limit: int) -> int:
    """Show refunds that were released and not paid for the policy's days as breaks; answers how many are new."""
    if actor.seller_id is None:
        raise ValueError("a command acts for one seller")
    choose_seller(actor.seller_id)
    with transaction.atomic(durable=True):
        waiting = open_long(actor.seller_id, now, limit)
        places = {one.marketplace_id for one in waiting}
        book, books = policy_book(places), calendars(places, now.date())
        found = []
        for one in waiting:
            day = books[one.marketplace_id].local_date(one.asked_at)
            days = book.value(one.marketplace_id, "payment_unsettled_days", day)
            if one.asked_at + timedelta(days=days) <= now:
                ours = asdict(Booked(one.key, one.amount, one.currency, one.state))
                found.append(NewBreak(one.id, BreakKind.NOT_SETTLED, ours, {"error": one.error}))
        return write_breaks(actor, actor.seller_id, found, now)
