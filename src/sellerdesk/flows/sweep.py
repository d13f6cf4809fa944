"""Do what the clock demands: fire every deadline that is due, once, in order (design 2.6; I12; trust P24).

Any number of sweeps may run at once: each batch of a seller is one transaction that takes only orders nobody else
holds, and looks at the deadlines again under the lock.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.db import InterfaceError, OperationalError

from sellerdesk.commands.deadlines import KINDS, DueOrder, fire_deadlines
from sellerdesk.domain.actors import Actor, Door, Party
from sellerdesk.domain.deadlines import DeadlineKind
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.queries.due import DueDeadline, due_deadlines, sellers_with_due_deadlines

CHUNK = 500
log = structlog.get_logger("sellerdesk.sweep")


@dataclass(slots=True)
class SweepReport:
    """What a sweep did: deadlines fired by kind, how many of them late, and what it had to leave."""

    fired: Counter[str] = field(default_factory=Counter)
    late: int = 0
    void: int = 0  # closed without effect: the order was past them
    skipped: int = 0  # held by somebody else at that moment
    failed: int = 0  # logged; tried again by the next sweep

    @property
    def done(self) -> int:
        """How many deadlines were closed."""
        return self.fired.total() + self.void


def sweep(now: datetime, *, most: int | None = None) -> SweepReport:
    """Fire what is due at `now` for all sellers, in turns of one chunk each; stop after about `most` deadlines."""
    report = SweepReport()
    places: dict[int, tuple[datetime, int, int] | None] = dict.fromkeys(sellers_with_due_deadlines(now))
    while places and (most is None or report.done < most):
        for seller_id, after in list(places.items()):
            due = due_deadlines(seller_id, now, KINDS, after=after, limit=CHUNK)
            _fire_in_order(seller_id, due, now, report)
            places[seller_id] = due[-1].key if due else None
            if len(due) < CHUNK:
                del places[seller_id]
    return report


def _fire_in_order(seller_id: int, due: Sequence[DueDeadline], now: datetime, report: SweepReport) -> None:
    """Fire a chunk so that the deadlines of each order fire one after the other, and many orders at once."""
    actor = Actor(Party.SYSTEM, "clock", Door.JOBS, seller_id)
    for kind, orders in _waves(due):
        for outcome in _fire(actor, kind, orders, now):
            _count(report, kind, outcome)


def _waves(due: Sequence[DueDeadline]) -> Iterator[tuple[DeadlineKind, list[DueOrder]]]:
    """First the first deadline of every order, then the second ones, and so on; each time kind by kind."""
    turns: Counter[int] = Counter()
    waves: dict[tuple[int, DeadlineKind], list[DueOrder]] = {}
    for one in due:
        turns[one.order_id] += 1
        wave = waves.setdefault((turns[one.order_id], one.kind), [])
        wave.append(DueOrder(one.order_id, one.order_number))
    for (_turn, kind), orders in sorted(
        waves.items(), key=lambda wave: (wave[0][0], KINDS.index(wave[0][1]))
    ):
        yield kind, orders


def _fire(actor: Actor, kind: DeadlineKind, orders: list[DueOrder], now: datetime) -> list[Outcome]:
    """Fire a batch; if one order of it cannot be done, find out which, and do the others (trust P6)."""
    try:
        return fire_deadlines(actor, kind, orders, now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        if len(orders) == 1:
            log.error(
                "deadline failed",
                kind=kind.value,
                order_id=orders[0].order_id,
                error=type(error).__qualname__,
            )
            return [Outcome(orders[0].order_number, "failed")]
        half = len(orders) // 2
        return _fire(actor, kind, orders[:half], now) + _fire(actor, kind, orders[half:], now)


def _count(report: SweepReport, kind: DeadlineKind, outcome: Outcome) -> None:
    match outcome.state:
        case "fired":
            report.fired[kind.value] += 1
            report.late += bool(outcome.facts["late"])
        case "void":
            report.void += 1
        case "failed":
            report.failed += 1
        case _:  # held by somebody else, or refused as BUSY
            report.skipped += 1
