"""The unprivileged account that PostgreSQL runs as when we are root, because it refuses to be root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAME = "sellerdesk"


@dataclass(frozen=True)
class Account:
    """A system account by its numbers."""

    uid: int
    gid: int

    def own(self, path: Path) -> None:
        """Hand a file or folder of ours to the account."""
        os.chown(path, self.uid, self.gid)


def account_for_server() -> Account | None:
    """The account to run PostgreSQL as; None when we are an ordinary user and simply stay who we are."""
    if os.geteuid() != 0:
        return None
    found = _look_up(NAME) or _create() or _look_up("nobody")
    if found is None:
        raise RuntimeError("PostgreSQL refuses to run as root, and there is no account to run it as.")
    return found


def _look_up(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def _create() -> Account | None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return None
    subprocess.run(
        [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME],
        capture_output=True,
        check=False,  # two processes may race for it; the look-up decides
    )
    return _look_up(NAME)
