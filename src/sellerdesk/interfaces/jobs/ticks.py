"""What the worker does, kind by kind: each a function that does a bounded amount of what is due (design 2.6).

Each must be safe in any number of workers at once and may be killed anywhere; what it claims, it claims with
SKIP LOCKED in its own transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from sellerdesk.flows.cleanup import clean_up
from sellerdesk.flows.mailroom.folder import forget_dropped, take_dropped
from sellerdesk.flows.notices import drain_journal, send_mails
from sellerdesk.flows.payouts import miss_unsettled, pay_refunds, payment_side, reconcile
from sellerdesk.flows.sweep import sweep
from sellerdesk.flows.tallies import add_up
from sellerdesk.flows.terms import seed_terms
from sellerdesk.flows.webhooks.deliver import deliver, read_journal

DEADLINES_A_ROUND = 2000
JOURNAL_STEPS_A_ROUND = 5
MAIL_BATCHES_A_ROUND = 10
DROPPED_MAILS_A_ROUND = 50
TURNS_A_ROUND = 200
CLEANUP_EVERY = timedelta(hours=24)
TERMS_EVERY = timedelta(hours=24)
TALLIES_EVERY = timedelta(minutes=1)
UNSETTLED_EVERY = timedelta(hours=1)
log = structlog.get_logger("sellerdesk.worker")


@dataclass(frozen=True)
class Tick:
    """A kind of work: what it is called, and a function that does some of it and says whether there was any."""

    name: str
    work: Callable[[datetime], bool]


class Every:
    """Lets work run when it has not for a while: at once after the start, then once in each period.

    Every worker keeps its own time; what runs this way must be harmless when several do it.
    """

    def __init__(self, period: timedelta, work: Callable[[datetime], bool]) -> None:
        self.period = period
        self.work = work
        self.last: datetime | None = None

    def __call__(self, now: datetime) -> bool:
        """Do it if it is time, also after the clock was set back. A failure is tried again next period."""
        if self.last is not None and self.last <= now < self.last + self.period:
            return False
        self.last = now
        return self.work(now)


def fire_deadlines(now: datetime) -> bool:
    """Fire deadlines that are due."""
    report = sweep(now, most=DEADLINES_A_ROUND)
    if report.done or report.failed:
        log.info(
            "deadlines fired", **report.fired, void=report.void, late_ones=report.late, failed=report.failed
        )
    return report.done > 0


def owe_mails(now: datetime) -> bool:
    """Read the journal on and owe the mails that follow."""
    return drain_journal(now, steps=JOURNAL_STEPS_A_ROUND) > 0


def take_mails(now: datetime) -> bool:
    """Take mail that was dropped into the folder."""
    return take_dropped(now, most=DROPPED_MAILS_A_ROUND) > 0


def keep_terms(now: datetime) -> bool:
    """Know the holidays of the years ahead, however long the worker runs."""
    return any(seed_terms(now.date()))


def deliver_mails(now: datetime) -> bool:
    """Send mails that are due."""
    report = send_mails(now, batches=MAIL_BATCHES_A_ROUND)
    if report.tried:
        log.info("mails tried", sent=report.sent, again=report.again, dead=report.dead, void=report.void)
    return report.tried > 0


def add_up_tallies(now: datetime) -> bool:  # noqa: ARG001  (as every tick)
    """Add the tallies of new orders up, hour by hour."""
    add_up()
    return False


def owe_deliveries(now: datetime) -> bool:
    """Read the journal on for webhooks, notifications, chat and the application's own news."""
    return read_journal(now, steps=JOURNAL_STEPS_A_ROUND) > 0


def make_deliveries(now: datetime) -> bool:
    """Hand over what is due to receivers outside."""
    report = deliver(now, turns=TURNS_A_ROUND)
    if report.turns:
        log.info("deliveries tried", delivered=report.delivered, again=report.again, dead=report.dead)
    return report.turns > 0


def pay_out(now: datetime) -> bool:
    """Ask the payment side for refunds that were released."""
    ended = pay_refunds(now, payment_side())
    if ended:
        log.info("refunds paid out", **ended)
    return ended.total() > 0


def compare_books(now: datetime) -> bool:
    """Compare refunds whose turn it is with the payment side's book."""
    if found := reconcile(now, payment_side()):
        log.warning("books differ", breaks=found)
    return found > 0


def watch_unsettled(now: datetime) -> bool:
    """See refunds that nobody has paid for too long."""
    if found := miss_unsettled(now):
        log.warning("refunds wait for their payment", breaks=found)
    return False


def remove_old_rows(now: datetime) -> bool:
    """Remove what has expired."""
    removed = clean_up(now)
    if any(removed.values()):
        log.info("old rows removed", **removed)
    if files := forget_dropped():
        log.info("old mail removed", files=files)
    return False


# Every kind of work that the worker knows, in the order of a round.
STEADY: list[Tick] = [
    Tick("deadlines", fire_deadlines),
    Tick("mail in", take_mails),
    Tick("journal", owe_mails),
    Tick("deliveries", owe_deliveries),
    Tick("mail", deliver_mails),
    Tick("tallies", Every(TALLIES_EVERY, add_up_tallies)),
    Tick("terms", Every(TERMS_EVERY, keep_terms)),
    Tick("cleanup", Every(CLEANUP_EVERY, remove_old_rows)),
]
# What waits for strangers has a lane of its own, so that nobody outside can hold up deadlines or mail.
OUTSIDE: list[Tick] = [Tick("handing over", make_deliveries)]
# So has money: a slow payment side holds up nobody else, and no webhook holds up a refund.
MONEY: list[Tick] = [
    Tick("payouts", pay_out),
    Tick("books", compare_books),
    Tick("unsettled", Every(UNSETTLED_EVERY, watch_unsettled)),
]
LANES: list[list[Tick]] = [STEADY, OUTSIDE, MONEY]
TICKS: list[Tick] = [tick for lane in LANES for tick in lane]
