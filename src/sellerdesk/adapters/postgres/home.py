"""Where an embedded PostgreSQL lives on disk."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

# The kernel allows 107 bytes for a socket's path, and PostgreSQL appends "/.s.PGSQL.5432.lock" to the folder.
SOCKET_FOLDER_BYTES_MAX = 107 - len("/.s.PGSQL.5432.lock")
MACHINE_FOLDER = Path("/var/lib/sellerdesk")


@dataclass(frozen=True)
class Home:
    """The folder of one embedded server: the cluster, its socket, its locks, its log."""

    folder: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.folder / "data"

    @property
    def sockets(self) -> Path:
        """The private folder of the socket; a short one under the temporary folder if ours is too long."""
        near = self.folder / "run"
        if len(os.fsencode(near)) <= SOCKET_FOLDER_BYTES_MAX:
            return near
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"sellerdesk-{digest}"

    @property
    def users_lock(self) -> Path:
        """Held shared by every process that uses the server; the supervisor stops when it gets it alone."""
        return self.folder / "users.lock"

    @property
    def supervisor_lock(self) -> Path:
        """Held by the one supervisor for as long as it lives."""
        return self.folder / "supervisor.lock"

    @property
    def log(self) -> Path:
        """What PostgreSQL and its supervisor say."""
        return self.folder / "server.log"


def home_of(data_dir: Path) -> Home:
    """The home of the embedded server that belongs to a data folder.

    PostgreSQL refuses to run as root, so root's servers run as an unprivileged account, which must be able to
    enter the folder. Where it cannot, the home moves under /var/lib; no parent folder is ever opened to others.
    A home that exists already is kept.
    """
    near = Home(data_dir.resolve() / "postgres")
    if os.geteuid() != 0 or near.cluster.exists() or others_may_enter(near.folder.parent):
        return near
    digest = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:16]
    return Home(MACHINE_FOLDER / "clusters" / digest)


def others_may_enter(folder: Path) -> bool:
    """Whether every account of the machine can walk down to the folder; what does not exist yet is no obstacle."""
    for step in (folder, *folder.parents):
        try:
            mode = step.stat().st_mode
        except FileNotFoundError:
            continue
        if not mode & stat.S_IXOTH:
            return False
    return True
