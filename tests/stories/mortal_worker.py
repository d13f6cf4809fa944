"""A worker that kills itself at a named step between a command and its mail; run as a program by a test.

The program loads everything once. For each line that it reads, `{"now": …, "point": …}`, it forks: the child is the
real worker (`interfaces.jobs.worker.run` with the ticks that make and send mail) on a connection of its own, armed with
that point, and the parent answers with the child's exit status. Without a point the child ends when nothing is left.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import django

READER, RESERVE, RECORD = "INSERT INTO mails", "UPDATE mails m SET attempts", "SET state = r.state"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def at_statement(text: str, *, before: bool) -> Callable[[], None]:
    """Die just before a statement, or just after it while its transaction is still open."""

    def arm() -> None:
        from django.db import connection

        def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if before and text in sql:
                die()
            answer = execute(sql, params, many, context)
            if not before and text in sql:
                die()
            return answer

        connection.execute_wrappers.append(watch)

    return arm


def after_call(name: str) -> Callable[[], None]:
    """Die just after a function that the flow calls has come back: its transaction is committed."""

    def arm() -> None:
        from sellerdesk.flows import notices

        real = getattr(notices, name)

        def mortal(*args: Any, **named: Any) -> Any:
            real(*args, **named)
            die()

        setattr(notices, name, mortal)

    return arm


def at_hand_over(moment: str) -> Callable[[], None]:
    """Die before, in the middle of, or after the hand-over of a letter."""

    def arm() -> None:
        from sellerdesk.adapters.mail.folder import FolderPost

        real = FolderPost.send

        def mortal(self: Any, letter: Any) -> None:
            if moment == "before":
                die()
            if moment == "middle":
                os.replace = lambda *_args, **_named: die()
            real(self, letter)
            die()

        FolderPost.send = mortal  # type: ignore[method-assign]

    return arm


POINTS = {
    "before owing": at_statement(READER, before=True),
    "owing": at_statement(READER, before=False),
    "owed": after_call("owe_mails"),
    "before reserving": at_statement(RESERVE, before=True),
    "reserving": at_statement(RESERVE, before=False),
    "reserved": after_call("reserve_mails"),
    "looked up": after_call("letter_facts"),
    "before handing over": at_hand_over("before"),
    "handing over": at_hand_over("middle"),
    "handed over": at_hand_over("after"),
    "before recording": at_statement(RECORD, before=True),
    "recording": at_statement(RECORD, before=False),
    "recorded": after_call("record_mails"),
}


class Rest(threading.Event):
    """Told to stop by the third pause in a row: there is nothing left to do."""

    pauses = 0

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses += 1
        if self.pauses >= 3:
            self.set()
        return super().wait(timeout)


def live(now: datetime, point: str | None) -> None:
    from sellerdesk.interfaces.jobs.ticks import TICKS
    from sellerdesk.interfaces.jobs.worker import run

    if point:
        POINTS[point]()
    stop = threading.Event() if point else Rest()
    run(stop, lambda: now, [tick for tick in TICKS if tick.name in ("journal", "mail")])


@contextmanager
def silent() -> Iterator[None]:
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        yield


def main() -> None:
    django.setup()
    from sellerdesk.interfaces.jobs import ticks, worker  # noqa: F401  loaded once for all lives

    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            with silent():
                live(datetime.fromisoformat(asked["now"]), asked["point"])
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
