"""A worker that kills itself at a named step between a command and its mail or its payout; run as a program by a test.

The program loads everything once. For each line that it reads, `{"now": …, "point": …, "ticks": […]}`, it forks: the
child is the real worker (`interfaces.jobs.worker.run` with the ticks named, else those that make and send mail) on a
connection of its own, armed with that point, and the parent answers with the child's exit status. Without a point the
child ends when nothing is left.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from typing import Any

import django

CLAIM, PAID_OUT = (
    "UPDATE payment_transfers t SET state = CASE",
    "UPDATE payment_transfers t SET state = e.state",
)
RELEASE = "SET state = 'RELEASED'"
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


def after_call(name: str, flow: str = "notices") -> Callable[[], None]:
    """Die just after a function that the flow calls has come back: its transaction is committed."""

    def arm() -> None:
        module = import_module(f"sellerdesk.flows.{flow}")
        real = getattr(module, name)

        def mortal(*args: Any, **named: Any) -> Any:
            real(*args, **named)
            die()

        setattr(module, name, mortal)

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


def at_payout(moment: str) -> Callable[[], None]:
    """Die before, in the middle of, or after the call to the payment side."""

    def arm() -> None:
        from sellerdesk.adapters.payments.folder import FolderPayments

        real = FolderPayments.pay_back

        def mortal(self: Any, payout: Any) -> Any:
            if moment == "before":
                die()
            if moment == "middle":
                os.link = lambda *_args, **_named: die()
            real(self, payout)
            die()

        FolderPayments.pay_back = mortal  # type: ignore[method-assign]

    return arm


PAYOUT_POINTS = {
    "before releasing": at_statement(RELEASE, before=True),
    "releasing": at_statement(RELEASE, before=False),
    "released": after_call("fire_deadlines", "sweep"),
    "before claiming": at_statement(CLAIM, before=True),
    "claiming": at_statement(CLAIM, before=False),
    "claimed": after_call("claim_transfers", "payouts"),
    "before paying": at_payout("before"),
    "paying": at_payout("middle"),
    "paid": at_payout("after"),
    "before recording the payout": at_statement(PAID_OUT, before=True),
    "recording the payout": at_statement(PAID_OUT, before=False),
    "recorded the payout": after_call("record_calls", "payouts"),
}
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


def live(now: datetime, point: str | None, wanted: list[str]) -> None:
    from sellerdesk.interfaces.jobs.ticks import TICKS
    from sellerdesk.interfaces.jobs.worker import run

    if point:
        (POINTS | PAYOUT_POINTS)[point]()
    stop = threading.Event() if point else Rest()
    run(stop, lambda: now, [tick for tick in TICKS if tick.name in wanted])


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
                wanted = asked.get("ticks", ["journal", "mail"])
                live(datetime.fromisoformat(asked["now"]), asked["point"], wanted)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
