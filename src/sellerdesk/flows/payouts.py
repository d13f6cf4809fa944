"""Pay released refunds: reserve → call → record, and compare the books afterwards (trust P4).

The call happens outside any transaction, under a key that never changes. A call whose answer was lost is looked up;
only when the other side never heard of the key is it made again, under the same key.
"""

from collections import Counter
from datetime import datetime, timedelta

import structlog

from sellerdesk.adapters.payments.base import Payments, PaymentsUnavailable, PaymentUnknown, Payout, Receipt
from sellerdesk.commands.transfers import (
    CallResult,
    claim_transfers,
    record_calls,
    record_checks,
    transfers_to_check,
)
from sellerdesk.domain.actors import Actor, Door, Party
from sellerdesk.domain.transfers import Booked, TransferRow, TransferState
from sellerdesk.queries.transfers import sellers_with_done_transfers, sellers_with_due_transfers

CHUNK = 50
CHECKED_DAYS = timedelta(days=10)
log = structlog.get_logger("sellerdesk.payouts")
_VERBS = {"done": "succeed", "failed": "fail", "underway": "lose"}


def pay_refunds(now: datetime, payments: Payments) -> Counter[str]:
    """Call for one chunk of due transfers of every seller; answers how many ended how."""
    ended: Counter[str] = Counter()
    for seller_id in sellers_with_due_transfers(now):
        actor = Actor(Party.SYSTEM, "payments", Door.JOBS, seller_id)
        for row in claim_transfers(actor, now=now, limit=CHUNK):
            # Recorded one by one: a crash then leaves at most one call whose answer nobody has.
            (outcome,) = record_calls(actor, [_call(payments, row)], now=now)
            ended[outcome.state] += 1
    return ended


def _call(payments: Payments, row: TransferRow) -> CallResult:
    try:
        if row.before is not TransferState.QUEUED:
            receipt = payments.look_up(row.key)
            return _result(row, receipt) if receipt else CallResult(row, "requeue", error="never heard of")
        payout = Payout(row.key, row.order_number, row.amount, row.currency)
        return _result(row, payments.pay_back(payout))
    except PaymentsUnavailable as error:
        asked = row.before is not TransferState.QUEUED  # the look-up failed, and says nothing of the call
        return CallResult(row, "lose" if asked else "requeue", error=str(error))
    except PaymentUnknown as error:
        return CallResult(row, "lose", error=str(error))
    except Exception as error:  # whatever it was, the money may have gone
        log.error("payment call failed", key=row.key, error=type(error).__qualname__)
        return CallResult(row, "lose", error=type(error).__qualname__)


def _result(row: TransferRow, receipt: Receipt) -> CallResult:
    return CallResult(row, _VERBS[receipt.state], receipt.reference, receipt.error)


def reconcile(now: datetime, payments: Payments, *, limit: int = 1000) -> int:
    """Compare what we hold as done in the last days with the other side's book; answers how many breaks are new."""
    found = 0
    for seller_id in sellers_with_done_transfers(now - CHECKED_DAYS):
        actor = Actor(Party.SYSTEM, "payments", Door.JOBS, seller_id)
        ours = transfers_to_check(actor, since=now - CHECKED_DAYS, limit=limit)
        checked = [(transfer, booked, _theirs(payments, booked.key)) for transfer, booked in ours.items()]
        found += record_checks(actor, checked, now=now)
    return found


def _theirs(payments: Payments, key: str) -> Booked | None:
    receipt = payments.look_up(key)
    if receipt is None:
        return None
    return Booked(key, receipt.amount, receipt.currency, receipt.state, receipt.reference)
