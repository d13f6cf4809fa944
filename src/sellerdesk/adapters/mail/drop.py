"""A folder into which mail is dropped: `*.eml` files and one mbox, for machines whose mail another program takes.

A file stays where it is until it has been dealt with, and is then moved to `taken` or `rejected` (with a `.txt` beside
it that says why). Whoever is killed in between leaves it for the next one; the same mail twice is the taker's concern.
Each file is locked while it is looked at, so that any number of workers may look. Names that begin with a dot and files
that are still being written to are left alone.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

QUIET_SECONDS = 1.0  # since the last byte was written
MBOX = "inbox.mbox"
_FROM = b"From "


@dataclass(frozen=True, slots=True)
class Dropped:
    """A mail in the folder. `data` holds at most one byte more than the limit given."""

    path: Path
    data: bytes


class DropFolder:
    """The folder `path`; it and its sub-folders are made when they are missing."""

    def __init__(self, path: Path, *, bytes_max: int) -> None:
        self.path = path
        self.bytes_max = bytes_max
        self.taken = path / "taken"
        self.rejected = path / "rejected"

    def prepare(self) -> None:
        """Make what is missing."""
        for folder in (self.path, self.taken, self.rejected):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def waiting(self, *, clock: float, most: int) -> list[Path]:
        """Files that may be read at `clock` (seconds, of the machine), oldest name first."""
        found = []
        with os.scandir(self.path) as entries:
            for entry in entries:
                if entry.name.startswith(".") or not entry.name.endswith(".eml") or not entry.is_file():
                    continue
                if entry.stat().st_mtime <= clock - QUIET_SECONDS:
                    found.append(self.path / entry.name)
        return sorted(found)[:most]

    @contextmanager
    def hold(self, path: Path) -> Iterator[Dropped | None]:
        """Hold a file while its mail is dealt with; None when another process has it or has dealt with it."""
        try:
            file = open(path, "rb")  # noqa: SIM115  closed below
        except OSError:
            yield None
            return
        with file:
            yield Dropped(path, file.read(self.bytes_max + 1)) if _is_ours(file, path) else None

    def put_away(self, dropped: Dropped, *, reason: str = "") -> None:
        """Move a held file to `taken`, or with a reason to `rejected`."""
        folder = self.rejected if reason else self.taken
        name = dropped.path.name
        if (folder / name).exists():  # another mail that was called the same
            name = f"{dropped.path.stem}-{sha256(dropped.data).hexdigest()[:12]}.eml"
        if reason:
            (folder / name).with_suffix(".txt").write_text(reason + "\n", encoding="utf-8")
        os.replace(dropped.path, folder / name)

    def forget(self, *, before: float) -> int:
        """Remove what was put away before that moment (seconds, of the machine); answers how many files."""
        removed = 0
        for folder in (self.taken, self.rejected):
            for path in folder.glob("*"):
                if path.is_file() and path.stat().st_ctime < before:
                    path.unlink(missing_ok=True)
                    removed += path.suffix == ".eml"
        return removed

    def unpack(self) -> int:
        """Turn the mails of the mbox into files of their own; answers how many.

        The mbox is emptied only when all of them are on the disk. Who is killed in between makes the same files
        again: their names follow from their content.
        """
        try:
            file = open(self.path / MBOX, "r+b")  # noqa: SIM115  closed below
        except FileNotFoundError:
            return 0
        with file:
            if not _is_ours(file, self.path / MBOX):
                return 0
            count = 0
            for data in _mails(file, self.bytes_max):
                self._write(data)
                count += 1
            if count:
                file.truncate(0)
            return count

    def _write(self, data: bytes) -> None:
        name = f"mbox-{sha256(data).hexdigest()[:32]}.eml"
        part = self.path / f".{name}.part"
        with open(part, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.utime(part, (0, 0))  # it is whole, so nobody needs to wait for its rest
        os.replace(part, self.path / name)


def _is_ours(file: BinaryIO, path: Path) -> bool:
    """Lock an open file the way that mail programs do; false when somebody else has it, or has moved it away."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if file.writable():
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # another kind of lock, which most of them use
        return os.fstat(file.fileno()).st_ino == path.stat().st_ino
    except OSError:
        return False


def _mails(file: BinaryIO, bytes_max: int) -> Iterator[bytes]:
    """The mails of an mbox, each at most a little longer than the limit, with its envelope's sender as Return-Path."""
    lines: list[bytes] | None = None
    size, is_after_blank = 0, True
    while line := file.readline(64 * 1024):
        if is_after_blank and line.startswith(_FROM):
            if lines is not None:
                yield b"".join(lines)
            lines, size = [_return_path(line)], 0
        elif lines is not None and size <= bytes_max:
            plain = line[1:] if line.lstrip(b">").startswith(_FROM) and line.startswith(b">") else line
            lines.append(plain)
            size += len(plain)
        is_after_blank = line in (b"\n", b"\r\n")
    if lines is not None:
        yield b"".join(lines)


def _return_path(line: bytes) -> bytes:
    sender = line[len(_FROM) :].split(b" ", 1)[0].strip().strip(b"<>")
    return b"Return-Path: <" + (b"" if sender.upper() == b"MAILER-DAEMON" else sender) + b">\r\n"
