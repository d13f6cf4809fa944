"""The process that owns an embedded PostgreSQL: `python -m sellerdesk.adapters.postgres.supervisor JSON`.

It starts the server as its child, waits for it, and stops it when the last user has gone. Users hold a shared
lock on a file; the supervisor waits for an exclusive one, so the kernel itself reports the last departure, even
of a process that was killed. If the supervisor is killed, the kernel stops the server.

Standard library only, so that it starts quickly.
"""

import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from sellerdesk.adapters.postgres import locks
from sellerdesk.adapters.postgres.account import Account
from sellerdesk.adapters.postgres.cluster import create_cluster, server_command, settle_stale_pid
from sellerdesk.adapters.postgres.home import Home

PR_SET_PDEATHSIG = 1
RESTARTS_MAX = 5
RESTART_WINDOW_SECONDS = 60.0


class Supervisor:
    """Runs one server until its users are gone or a signal comes."""

    def __init__(self, home: Home, folder: Path, account: Account | None, settings: dict[str, str]) -> None:
        self.home = home
        self.folder = folder
        self.account = account
        self.settings = settings
        self.server: subprocess.Popen[bytes] | None = None
        self.stopping = threading.Event()

    def run(self) -> int:
        """Start, watch, restart after a crash, stop; the exit code of the process."""
        create_cluster(self.home, self.folder, self.account)
        threading.Thread(target=self._wait_for_last_user, daemon=True).start()
        starts: list[float] = []
        while not self.stopping.is_set():
            settle_stale_pid(self.home)
            starts = [at for at in starts if at > time.monotonic() - RESTART_WINDOW_SECONDS]
            starts.append(time.monotonic())
            if len(starts) > RESTARTS_MAX:
                print("sellerdesk: PostgreSQL ended again and again; giving up.", flush=True)
                return 1
            self.server = self._start()
            if self.stopping.is_set():
                self._stop_server()
            code = self.server.wait()
            if not self.stopping.is_set():
                print(f"sellerdesk: PostgreSQL ended with code {code}.", flush=True)
                if code > 0 and len(starts) == 1:
                    return 1  # it said why it cannot run; trying again would say the same
        return 0

    def stop(self) -> None:
        """Begin the fast stop: connections are cut, nothing committed is lost."""
        self.stopping.set()
        self._stop_server()

    def _stop_server(self) -> None:
        if self.server is not None and self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)

    def _wait_for_last_user(self) -> None:
        locks.take(self.home.users_lock, fcntl.LOCK_EX)  # kept until we end: newcomers wait for a clean start
        self.stop()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            server_command(self.home, self.folder, self.settings),
            stdin=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
            preexec_fn=_stop_with_parent(),
        )


def _stop_with_parent() -> Callable[[], None] | None:
    """What the child does before it becomes PostgreSQL: ask the kernel for a fast stop when its parent dies."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0) and None


def main(argument: str) -> int:
    """Run the supervisor for one JSON object: home, programs, account [uid, gid] or null, settings."""
    given = json.loads(argument)
    home = Home(Path(given["home"]))
    try:
        locks.take(home.supervisor_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return 0  # another supervisor is there already
    if os.fork():
        os._exit(0)  # the child has the lock now, and whoever started us need not wait for it
    account = Account(*given["account"]) if given["account"] else None
    supervisor = Supervisor(home, Path(given["programs"]), account, given["settings"])

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        supervisor.stop()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    try:
        return supervisor.run()
    except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
        print(f"sellerdesk: {error}", flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
