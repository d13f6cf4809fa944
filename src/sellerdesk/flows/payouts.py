"""Pay released refunds: reserve → call → record, and compare the books afterwards (trust P4).

The call happens outside any transaction, under a key that never changes. A call whose answer was lost is looked up;
only when the other side never heard of the key is it made again, under the same key. What failed for good and is tried
again by the marketplace has a key of its own, asked for only while none of the earlier ones went.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from django.conf import settings

from sellerdesk.adapters.payments.base import Payments, PaymentsUnavailable, PaymentUnknown, Payout, Receipt
from sellerdesk.adapters.payments.folder import FolderPayments
from sellerdesk.adapters.payments.stripe import StripeAccount, StripePayments
from sellerdesk.commands.transfers import (
    CallResult,
    claim_transfer_checks,
    claim_transfers,
    find_unsettled,
    record_calls,
    record_checks,
)
from sellerdesk.domain.actors import Actor, Door, Party
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.transfers import Booked, Checked, TransferRow, TransferState, compare, tries
from sellerdesk.queries.transfers import (
    sellers_with_due_checks,
    sellers_with_due_transfers,
    sellers_with_open_transfers,
)

# So many calls, each at its slowest, end before the lease of the first one does (`commands.transfers.LEASE`).
CALLS = 20
UNSETTLED = 500
log = structlog.get_logger("sellerdesk.payouts")
_VERBS = {"done": "succeed", "failed": "fail", "underway": "lose"}


def payment_side() -> Payments:
    """Who pays refunds here: the configured provider, else a folder."""
    account = settings.ENVIRONMENT.stripe
    if account is None:
        return FolderPayments(settings.DATA_DIR / "payments")
    return StripePayments(StripeAccount(account.key, account.url))


def pay_refunds(
    now: datetime, payments: Payments, *, most: int = CALLS, only: int | None = None
) -> Counter[str]:
    """Call for at most `most` due transfers, shared among the sellers that wait (or `only` one's); answers how many
    ended how.
    """
    ended: Counter[str] = Counter()
    sellers = sellers_with_due_transfers(now, most) if only is None else [only]
    for seller_id in sellers:
        actor = _actor(seller_id)
        for row in claim_transfers(actor, now=now, limit=max(1, most // len(sellers))):
            # Recorded one by one: a crash then leaves at most one call whose answer nobody has.
            result, receipt = _call(payments, row)
            (outcome,) = record_calls(actor, [result], now=now)
            ended[outcome.state] += 1
            if receipt is not None and outcome.state == TransferState.DONE:
                _mind(actor, row, receipt, now)
    return ended


def pay_all(now: datetime, payments: Payments, *, only: int | None = None) -> Counter[str]:
    """Call for everything that is due (of one seller); what has to be tried again later is left to later."""
    ended: Counter[str] = Counter()
    while done := pay_refunds(now, payments, only=only):
        ended += done
    return ended


def _call(payments: Payments, row: TransferRow) -> tuple[CallResult, Receipt | None]:
    payout = _payout(row)
    asked = row.before is not TransferState.QUEUED
    try:
        receipt = _held(payments, payout) if asked or tries(row.key)[1:] else None
        if not asked and (receipt is None or receipt.state == TransferState.FAILED):
            receipt = payments.pay_back(payout)
        if receipt is None:
            return CallResult(row, "requeue", error="never heard of"), None
        return CallResult(row, _VERBS[receipt.state], receipt.reference, receipt.error), receipt
    except PaymentsUnavailable as error:
        # When the look-up failed, that says nothing of the call before it.
        return CallResult(row, "lose" if asked else "requeue", error=str(error)), None
    except PaymentUnknown as error:
        return CallResult(row, "lose", error=str(error)), None
    except Exception as error:  # whatever it was, the money may have gone
        log.error("payment call failed", key=row.key, error=type(error).__qualname__)
        return CallResult(row, "lose", error=type(error).__qualname__), None


def _payout(row: TransferRow) -> Payout:
    return Payout(row.key, row.order_number, row.amount, row.currency, row.payment)


def _held(payments: Payments, payout: Payout) -> Receipt | None:
    """What the other side holds of a payout, whichever of its tries went or may still go; several count as their sum.
    When none did, what it says of the last one.
    """
    found = {key: payments.look_up(replace(payout, key=key)) for key in tries(payout.key)}
    alive = [one for one in found.values() if one is not None and one.state != TransferState.FAILED]
    if not alive:
        return found[payout.key]
    first = next((one for one in alive if one.state != TransferState.DONE), alive[0])
    return replace(first, key=payout.key, amount=sum(one.amount for one in alive))


def _mind(actor: Actor, row: TransferRow, receipt: Receipt, now: datetime) -> None:
    """An answer that says something else than what was asked for is a break at once."""
    ours, theirs = Booked(row.key, row.amount, row.currency, "done", receipt.reference), _booked(receipt)
    if compare(ours, theirs):
        record_checks(actor, [Checked(row, ours, theirs)], now=now)


def reconcile(now: datetime, payments: Payments, *, most: int = CALLS) -> int:
    """Compare at most `most` transfers whose turn it is with the other side's book; answers how many breaks are new.

    While the other side is away nothing is concluded: those transfers are looked at again soon.
    """
    found = 0
    sellers = sellers_with_due_checks(now, most)
    for seller_id in sellers:
        actor = _actor(seller_id)
        checked = []
        for row, ours in claim_transfer_checks(actor, now=now, limit=max(1, most // len(sellers))):
            try:
                theirs = _held(payments, _payout(row))
            except PaymentsUnavailable as error:
                log.warning("books not compared", key=row.key, error=str(error))
                continue
            checked.append(Checked(row, ours, _booked(theirs) if theirs else None))
        found += _new(record_checks(actor, checked, now=now))
    return found


def compare_all(now: datetime, payments: Payments) -> int:
    """Compare everything whose turn it is, and see what nobody has paid for too long; answers the new breaks."""
    found = miss_unsettled(now)
    while sellers_with_due_checks(now, 1):
        found += reconcile(now, payments)
    return found


def miss_unsettled(now: datetime) -> int:
    """Show released refunds that nobody has paid for the policy's days; answers how many breaks are new."""
    return sum(
        find_unsettled(_actor(seller_id), now=now, limit=UNSETTLED)
        for seller_id in sellers_with_open_transfers()
    )


def _new(outcomes: Sequence[Outcome]) -> int:
    return int(outcomes[0].facts.get("new", 0)) if outcomes else 0


def _booked(receipt: Receipt) -> Booked:
    return Booked(receipt.key, receipt.amount, receipt.currency, receipt.state, receipt.reference)


def _actor(seller_id: int) -> Actor:
    return Actor(Party.SYSTEM, "payments", Door.JOBS, seller_id)
