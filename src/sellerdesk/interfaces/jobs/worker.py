"""The worker: calls each tick again and again until told to stop.

A tick looks for work that is due and does a bounded amount of it. It must be safe to run in any number of workers
at once and to be killed anywhere; what it claims, it claims with SKIP LOCKED in its own transaction.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, connections

from sellerdesk.interfaces.jobs.ticks import LANES, Tick

IDLE_SECONDS_MIN = 0.1
IDLE_SECONDS_MAX = 1.0
OUTAGE_SECONDS_MAX = 15.0
log = structlog.get_logger("sellerdesk.worker")


def run(stop: threading.Event, now: Callable[[], datetime], ticks: Sequence[Tick] | None = None) -> None:
    """Work until `stop` is set; the ticks in hand are finished first.

    With work there is no pause; without, the pause grows to a second. While the database is away the worker waits
    ever longer, but goes on. Each lane of ticks has a thread of its own.
    """
    lanes = LANES if ticks is None else [ticks]
    log.info("worker started", ticks=[tick.name for lane in lanes for tick in lane])
    beside = [threading.Thread(target=_lane, args=(lane, stop, now)) for lane in lanes[1:]]
    for thread in beside:
        thread.start()
    try:
        _work(lanes[0], stop, now)
    finally:
        stop.set()
        for thread in beside:
            thread.join()
    log.info("worker stopped")


def _lane(ticks: Sequence[Tick], stop: threading.Event, now: Callable[[], datetime]) -> None:
    """A lane beside the first, with connections of its own."""
    try:
        _work(ticks, stop, now)
    finally:
        connections.close_all()


def _work(chosen: Sequence[Tick], stop: threading.Event, now: Callable[[], datetime]) -> None:
    idle, outage = IDLE_SECONDS_MIN, IDLE_SECONDS_MIN
    while not stop.is_set():
        try:
            busy = _round(chosen, stop, now)
        except (OperationalError, InterfaceError) as error:
            outage = min(outage * 2, OUTAGE_SECONDS_MAX)
            log.warning("database unreachable", error=type(error).__qualname__, again_in_seconds=outage)
            connections.close_all()
            stop.wait(outage)
            continue
        outage = IDLE_SECONDS_MIN
        idle = IDLE_SECONDS_MIN if busy else min(idle * 2, IDLE_SECONDS_MAX)
        if not busy:
            stop.wait(idle)


def _round(ticks: Sequence[Tick], stop: threading.Event, now: Callable[[], datetime]) -> bool:
    """Every tick once. One that fails is logged and does not keep the others from their work."""
    busy = False
    for tick in ticks:
        if stop.is_set():
            break
        try:
            busy = tick.work(now()) or busy
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            log.error(
                "tick failed",
                tick=tick.name,
                error=type(error).__qualname__,
                exc_info=not isinstance(error, DatabaseError),
            )
    return busy
