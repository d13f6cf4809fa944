"""Running our own processes as children: start them, watch them, stop all of them."""

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from django.conf import settings

STOP_SECONDS_MAX = 15.0
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Child:
    """One process of ours."""

    name: str
    process: "subprocess.Popen[bytes]"


def start(name: str, arguments: Sequence[str], extra: Mapping[str, str], log: Path) -> Child:
    """Start `python ARGUMENTS` as a child in a session of its own, its output added to `log`.

    Ctrl-C in the terminal reaches only us, and we stop the children in order. If we are killed, the kernel tells
    them to stop.
    """
    with open(log, "ab") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, **extra},
            start_new_session=True,
            preexec_fn=_stop_with_parent(),
        )
    return Child(name, process)


def ended(children: Sequence[Child]) -> Child | None:
    """The first child that runs no longer."""
    return next((child for child in children if child.process.poll() is not None), None)


def web_server(host: str, port: int) -> list[str]:
    """The arguments for Python that run the web server: granian, which serves WSGI from several processes."""
    chosen = settings.ENVIRONMENT
    options = {
        "interface": "wsgi",
        "host": host,
        "port": port,
        "workers": chosen.web_workers,
        "blocking-threads": chosen.web_threads,
        "backlog": 1024,
        "workers-kill-timeout": 10,
        "log-level": "error",
    }
    flags = ["--no-ws", "--respawn-failed-workers", "--no-access-log"]
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    return ["-m", "granian", *words, *flags, "sellerdesk.config.wsgi:application"]


def become_parent_of(arguments: Sequence[str]) -> int:
    """Run `python ARGUMENTS` in the foreground until it ends, handing signals on; its exit code, 0 after a signal."""
    process = subprocess.Popen([sys.executable, *arguments], preexec_fn=_stop_with_parent())
    asked = threading.Event()

    def hand_on(_number: int, _frame: FrameType | None) -> None:
        asked.set()
        process.send_signal(signal.SIGTERM)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, hand_on)
    code = process.wait()
    return 0 if asked.is_set() else code or 1


def run(arguments: Sequence[str], extra: Mapping[str, str]) -> bool:
    """Run `python ARGUMENTS` to its end, its output being ours; whether it went well."""
    return (
        subprocess.run([sys.executable, *arguments], env={**os.environ, **extra}, check=False).returncode == 0
    )


def stop(children: Sequence[Child]) -> None:
    """Stop all children: ask, wait, and in the end insist; their own children go with them."""
    for child in children:
        if child.process.poll() is None:
            child.process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS_MAX
    for child in children:
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(max(0.1, deadline - time.monotonic()))
        with suppress(ProcessLookupError):  # the usual case: the whole group has gone
            os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()


def _stop_with_parent() -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
        if os.getppid() != parent:  # we were killed between the fork and the question: nobody would answer it
            os.kill(os.getpid(), signal.SIGKILL)

    return ask


def is_free(host: str, port: int) -> bool:
    """Whether we could listen on the address now."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError:
        return False
    return True


def answers(url: str) -> bool:
    """Whether an address of ours answers with success; asked over the loopback only."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 80, timeout=2)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
