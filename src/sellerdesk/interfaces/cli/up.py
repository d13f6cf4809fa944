"""`sellerdesk up`: everything with one command.

Speed matters here, so Django's applications are not loaded until the web server has been started.
"""

import os
import sys
import threading
import time
from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated, Protocol, cast

import django
import typer
from django.conf import settings
from rich.console import Console

from sellerdesk.config import clock
from sellerdesk.flows import processes
from sellerdesk.flows.database import CannotStart, close_connections, database, is_embedded, keep_running
from sellerdesk.interfaces.cli.server import Host, Port, see_that_port_is_free
from sellerdesk.interfaces.cli.stopping import stop_on_signals
from sellerdesk.queries.readiness import pending_migrations

app = typer.Typer(add_completion=False)
WithDemo = Annotated[bool, typer.Option("--demo/--no-demo", help="Load the demonstration world.")]
READY_SECONDS_MAX = 60.0
LOOK_SECONDS = 0.25
LAST_LINES = 10


class Demo(Protocol):
    """What the demonstration world offers."""

    def load(self, now: datetime) -> Sequence[tuple[str, str, str]]:
        """Load it, once; answers who, e-mail address and password of people who can sign in."""
        ...


@app.command()
def up(host: Host = "127.0.0.1", port: Port = 8000, demo: WithDemo = False) -> None:
    """Run everything: database, web server, worker. Ctrl-C stops all of it."""
    see_that_port_is_free(host, port)
    address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"  # noqa: S104
    os.environ.setdefault("SELLERDESK_BASE_URL", address)
    if demo:
        os.environ["SELLERDESK_DEMO"] = "1"
    log = settings.DATA_DIR / "up.log"
    log.write_bytes(b"")
    stopping = stop_on_signals()
    with database():
        see_to_schema()
        code = serve(f"{address}/", processes.web_server(host, port), log=log, demo=demo, stopping=stopping)
    print("Stopped.")
    raise typer.Exit(code)


def serve(address: str, web: list[str], *, log: Path, demo: bool, stopping: threading.Event) -> int:
    """Run the web server and the worker until told to stop or until one of them ends; the exit code."""
    children = [processes.start("web server", web, {"SELLERDESK_PROCESS": "web"}, log)]
    try:
        logins = load_demo() if demo else []
        if wait_until_ready(f"{address}readyz", children, stopping):
            worker = ["-m", "sellerdesk", "worker"]
            children.append(processes.start("worker", worker, {"SELLERDESK_PROCESS": "worker"}, log))
            announce(address, logins, log)
        return watch(children, log, stopping)
    finally:
        processes.stop(children)


def see_to_schema() -> None:
    """Migrate if this version has migrations that the database has not.

    :raises CannotStart: that failed; the reason has been printed.
    """
    pending = pending_migrations(using="owner")
    close_connections()
    if pending and not processes.run(["-m", "sellerdesk", "migrate"], {"SELLERDESK_PROCESS": "cli"}):
        raise CannotStart("The schema could not be brought up to date.")


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


def watch(children: Sequence[processes.Child], log: Path, stopping: threading.Event) -> int:
    """Until told to stop, or until a child ends, which is named; the exit code."""
    while not stopping.is_set():
        gone = processes.ended(children)
        if gone is not None:
            print(f"sellerdesk: The {gone.name} ended unexpectedly; stopping everything.", file=sys.stderr)
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
            print("\n".join(lines[-LAST_LINES:]), file=sys.stderr)
            return 1
        keep_running()
        stopping.wait(LOOK_SECONDS)
    return 0


def load_demo() -> Sequence[tuple[str, str, str]]:
    """Load the demonstration world if this installation carries one."""
    django.setup()
    module = import_module("sellerdesk.demo")
    logins = cast(Demo, module).load(clock.now()) if hasattr(module, "load") else []
    close_connections()
    return logins


def announce(address: str, logins: Sequence[tuple[str, str, str]], log: Path) -> None:
    """Tell people where to go."""
    out = Console(soft_wrap=True, highlight=False)
    out.print(f"Sellerdesk is ready at {address}")
    for who, email, password in logins:
        out.print(f"  {who}: {email} / {password}")
    place = "embedded" if is_embedded() else "as in SELLERDESK_DATABASE_URL"
    out.print(f"Database: {place}. Data: {settings.DATA_DIR}. Log: {log}.")
    out.print("Ctrl-C stops everything.")
