"""Running our own processes as children: start them, watch them, stop all of them."""

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

STOP_SECONDS_MAX = 15.0
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Child:
    """One process of ours."""

    name: str
    process: "subprocess.Popen[bytes]"


def start(name: str, arguments: Sequence[str], extra: Mapping[str, str]) -> Child:
    """Start `sellerdesk ARGUMENTS` as a child in a session of its own.

    Ctrl-C in the terminal reaches only us, and we stop the children in order. If we are killed, the kernel tells
    them to stop.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "sellerdesk", *arguments],
        stdin=subprocess.DEVNULL,
        env={**os.environ, **extra},
        start_new_session=True,
        preexec_fn=_stop_with_parent(),  # noqa: PLW1509  one system call, loaded beforehand
    )
    return Child(name, process)


def ended(children: Sequence[Child]) -> Child | None:
    """The first child that runs no longer."""
    return next((child for child in children if child.process.poll() is not None), None)


def stop(children: Sequence[Child]) -> None:
    """Stop all children: ask, wait, and in the end insist; their own children go with them."""
    for child in children:
        if child.process.poll() is None:
            child.process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS_MAX
    for child in children:
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(child.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # the usual case: the whole group has gone
        child.process.wait()


def _stop_with_parent() -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0) and None


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
