"""The worker's loop: it goes on, whatever a tick or the database does, and stops when told."""

import threading
from datetime import UTC, datetime

from django.db import OperationalError

from sellerdesk.interfaces.jobs import worker
from sellerdesk.interfaces.jobs.worker import Tick, run

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_it_works_until_told_to_stop() -> None:
    stop, seen = threading.Event(), []

    def work(now: datetime) -> bool:
        seen.append(now)
        if len(seen) == 3:
            stop.set()
        return True

    run(stop, lambda: NOW, [Tick("count", work)])
    assert seen == [NOW] * 3


def test_a_failing_tick_does_not_keep_others_from_work() -> None:
    stop, seen = threading.Event(), []

    def fail(_now: datetime) -> bool:
        raise ValueError("defect")

    def work(_now: datetime) -> bool:
        seen.append(1)
        if len(seen) == 2:
            stop.set()
        return True

    run(stop, lambda: NOW, [Tick("fail", fail), Tick("work", work)])
    assert len(seen) == 2


def test_it_waits_longer_and_longer_while_the_database_is_away() -> None:
    calls: list[int] = []
    pauses: list[float] = []

    class Patient(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            pauses.append(timeout or 0)
            return self.is_set()

    stop = Patient()

    def work(_now: datetime) -> bool:
        calls.append(1)
        if len(calls) < 12:
            raise OperationalError("away")
        stop.set()
        return True

    run(stop, lambda: NOW, [Tick("work", work)])
    assert len(calls) == 12
    assert pauses == sorted(pauses)
    assert pauses[-1] == worker.OUTAGE_SECONDS_MAX
