"""Using an embedded PostgreSQL: join it, work, leave it. Any number of processes share one server."""

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from sellerdesk.adapters.postgres import locks
from sellerdesk.adapters.postgres.account import account_for_server
from sellerdesk.adapters.postgres.binaries import binaries_for_everyone, find_binaries
from sellerdesk.adapters.postgres.cluster import SUPERUSER
from sellerdesk.adapters.postgres.home import Home

READY_SECONDS_MAX = 120.0
STARTS_MAX = 3
LOG_BYTES_MAX = 10_000_000


class ServerFailed(RuntimeError):
    """The embedded server did not start; the message is one sentence for people."""


@dataclass
class Joined:
    """Our share in a running server. The server lives until the last share is given back."""

    home: Home
    handle: int | None

    def leave(self) -> None:
        """Give the share back; if it was the last one, wait until the server has stopped."""
        if self.handle is None:
            return
        os.close(self.handle)
        self.handle = None
        _wait_unless_shared(self.home)


def join(home: Home, programs: Path | None = None, settings: Mapping[str, str] | None = None) -> Joined:
    """Use the server of `home`, starting it if nobody has.

    :param programs: a folder of PostgreSQL programs; None takes the wheel's.
    :param settings: server settings beyond our own; they count only for the process that starts the server.
    :raises NoPostgres: there are no programs to run.
    :raises ServerFailed: the server does not come up.
    """
    home.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    joined = Joined(home, locks.take(home.users_lock, fcntl.LOCK_SH))
    try:
        _wait_until_ready(joined, programs, settings or {})
    except BaseException:
        joined.leave()
        raise
    return joined


def connect(home: Home, *, user: str = SUPERUSER, dbname: str = "postgres") -> psycopg.Connection:
    """A connection of our own to the running server, in autocommit."""
    return psycopg.connect(
        host=str(home.sockets), port=5432, user=user, dbname=dbname, autocommit=True, connect_timeout=10
    )


def ensure_database(home: Home, *, name: str, owner: str) -> None:
    """Create, once, the database and the role that owns it: no superuser, but able to create roles and databases."""
    with locks.locked(home.folder / "setup.lock"), connect(home) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [owner]).fetchone():
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN CREATEROLE CREATEDB").format(sql.Identifier(owner))
            )
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(owner))
            )


def _wait_until_ready(joined: Joined, programs: Path | None, settings: Mapping[str, str]) -> None:
    home, pause, starts = joined.home, 0.01, 0
    deadline = time.monotonic() + READY_SECONDS_MAX
    while time.monotonic() < deadline:
        if not locks.held(home.supervisor_lock):
            # We hold a share, so a supervisor that has gone has failed; or it is an earlier one just leaving.
            if starts == STARTS_MAX:
                break
            _start_supervisor(home, programs, settings)
            starts += 1
        elif _answers(home):
            return
        time.sleep(pause)
        pause = min(pause * 1.5, 0.25)
    raise ServerFailed(f"The embedded PostgreSQL did not start: {_last_words(home)} (log: {home.log})")


def _start_supervisor(home: Home, programs: Path | None, settings: Mapping[str, str]) -> None:
    account = account_for_server()
    binaries = find_binaries(programs)
    if account is not None:
        binaries = binaries_for_everyone(binaries)
    order = {
        "home": str(home.folder),
        "programs": str(binaries.folder),
        "account": [account.uid, account.gid] if account else None,
        "settings": dict(settings),
    }
    if home.log.exists() and home.log.stat().st_size > LOG_BYTES_MAX:
        home.log.replace(home.log.with_suffix(".log.1"))
    with open(home.log, "ab", opener=lambda path, flags: os.open(path, flags, 0o600)) as log:
        # It takes its lock, lets go of us and goes on by itself: it outlives us if others share the server.
        subprocess.run(
            [sys.executable, "-m", "sellerdesk.adapters.postgres.supervisor", json.dumps(order)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,  # Ctrl-C in the terminal is for us, not for the server
            check=False,
        )


def _answers(home: Home) -> bool:
    try:
        connect(home).close()
    except psycopg.OperationalError:
        return False
    return True


def _wait_unless_shared(home: Home) -> None:
    """After our share is gone: return at once if others remain, else when the supervisor has ended.

    The supervisor takes the users' lock for itself before it stops the server, so a lock that refuses even
    a shared taker means that it is stopping.
    """
    deadline = time.monotonic() + READY_SECONDS_MAX
    while time.monotonic() < deadline and locks.held(home.supervisor_lock):
        if not locks.held(home.users_lock, fcntl.LOCK_SH) and locks.held(home.users_lock, fcntl.LOCK_EX):
            return
        time.sleep(0.01)


def _last_words(home: Home) -> str:
    try:
        lines = home.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except FileNotFoundError:
        lines = []
    return lines[-1] if lines else "it said nothing"


def is_supervised(home: Home) -> bool:
    """Whether somebody runs the server of `home` at this moment."""
    return locks.held(home.supervisor_lock)
