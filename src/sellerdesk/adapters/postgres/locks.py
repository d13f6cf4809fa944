"""File locks that the kernel gives back when their holder dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def take(path: Path, how: int) -> int:
    """Open and lock a file; waits unless `how` holds LOCK_NB.

    :raises BlockingIOError: with LOCK_NB, somebody else has it.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, how)
    except BaseException:
        os.close(handle)
        raise
    return handle


def held(path: Path, against: int = fcntl.LOCK_SH) -> bool:
    """Whether somebody's lock would refuse us one of the kind `against`."""
    try:
        os.close(take(path, against | fcntl.LOCK_NB))
    except BlockingIOError:
        return True
    return False


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock alone for a block."""
    handle = take(path, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(handle)
