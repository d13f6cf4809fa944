"""`sellerdesk up` and `sellerdesk worker`: everything with one command, and the clock's process alone."""

import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from importlib import import_module
from types import FrameType
from typing import Annotated, Protocol, cast

import typer
from django.conf import settings
from rich.console import Console

from sellerdesk.config import clock
from sellerdesk.flows import processes
from sellerdesk.flows.database import CannotStart, database, keep_running
from sellerdesk.interfaces.cli.deploy import migrate_now, see_to_schema
from sellerdesk.interfaces.cli.server import Host, Port, see_that_port_is_free

app = typer.Typer(add_completion=False)
WithDemo = Annotated[bool, typer.Option("--demo/--no-demo", help="Load the demonstration world.")]
READY_SECONDS_MAX = 60.0
LOOK_SECONDS = 0.25
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Demo(Protocol):
    """What the demonstration world offers."""

    def load(self, now: object) -> Sequence[tuple[str, str, str]]:
        """Load it, once; answers who, e-mail address and password of people who can sign in."""
        ...


@app.command()
def up(host: Host = "127.0.0.1", port: Port = 8000, demo: WithDemo = False) -> None:
    """Run everything: database, web server, worker. Ctrl-C stops all of it."""
    see_that_port_is_free(host, port)
    out = Console(soft_wrap=True, highlight=False)
    address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"  # noqa: S104
    stopping = stop_on_signals()
    code = 0
    with database():
        migrate_now()
        logins = load_demo() if demo else []
        extra = {"SELLERDESK_DEMO": "1"} if demo else {}
        if "SELLERDESK_BASE_URL" not in os.environ:
            extra["SELLERDESK_BASE_URL"] = address
        children = [
            processes.start(
                "web server",
                ["web", "--host", host, "--port", str(port)],
                extra | {"SELLERDESK_PROCESS": "web"},
            ),
            processes.start("worker", ["worker"], extra | {"SELLERDESK_PROCESS": "worker"}),
        ]
        try:
            if wait_until_ready(f"{address}/readyz", children, stopping):
                announce(out, address, logins)
            code = watch(children, stopping)
        finally:
            processes.stop(children)
    out.print("Stopped.")
    raise typer.Exit(code)


@app.command()
def worker() -> None:
    """Run the worker alone: whatever is due, mail, deliveries. Any number may run."""
    stopping = stop_on_signals()
    with database():
        see_to_schema()
        import_module("sellerdesk.interfaces.jobs.worker").run(stopping, clock.now)


def stop_on_signals() -> threading.Event:
    """An event that Ctrl-C, SIGTERM and a closed terminal set; the second Ctrl-C interrupts at once."""
    stopping = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        if stopping.is_set():
            raise KeyboardInterrupt
        stopping.set()

    for number in SIGNALS:
        signal.signal(number, on_signal)
    return stopping


def wait_until_ready(url: str, children: Sequence[processes.Child], stopping: threading.Event) -> bool:
    """Wait for the first good answer; False if a child ended or we were told to stop.

    :raises CannotStart: no answer for a long time.
    """
    deadline = time.monotonic() + READY_SECONDS_MAX
    while not stopping.is_set() and processes.ended(children) is None:
        if processes.answers(url):
            return True
        if time.monotonic() > deadline:
            raise CannotStart(f"The web server did not become ready within {READY_SECONDS_MAX:.0f} seconds.")
        stopping.wait(0.05)
    return False


def watch(children: Sequence[processes.Child], stopping: threading.Event) -> int:
    """Until told to stop, or until a child ends, which is named; the exit code."""
    while not stopping.is_set():
        gone = processes.ended(children)
        if gone is not None:
            print(f"sellerdesk: The {gone.name} ended unexpectedly; stopping everything.", file=sys.stderr)
            return 1
        keep_running()
        stopping.wait(LOOK_SECONDS)
    return 0


def load_demo() -> Sequence[tuple[str, str, str]]:
    """Load the demonstration world if this installation carries one."""
    module = import_module("sellerdesk.demo")
    return cast(Demo, module).load(clock.now()) if hasattr(module, "load") else []


def announce(out: Console, address: str, logins: Sequence[tuple[str, str, str]]) -> None:
    """Tell people where to go."""
    out.print(f"Sellerdesk is ready at {address}")
    for who, email, password in logins:
        out.print(f"  {who}: {email} / {password}")
    out.print(f"Data: {settings.DATA_DIR}. Ctrl-C stops everything.")
