"""Creating a cluster and the command line that runs it."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from sellerdesk.adapters.postgres.account import Account
from sellerdesk.adapters.postgres.home import Home

SUPERUSER = "postgres"
OLD_SERVER_SECONDS_MAX = 60.0

INITDB_OPTIONS = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--data-checksums", "--no-instructions")

# Durability is never traded for speed here. The sizes suit two cores and eight gigabytes and harm nobody.
# Statements and details stay out of the log because they carry personal data.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "wal_compression": "on",
    "max_wal_size": "4GB",
    "min_wal_size": "128MB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_line_prefix": "%m [%p] ",
    "idle_in_transaction_session_timeout": "30s",
}


def create_cluster(home: Home, programs: Path, account: Account | None) -> None:
    """Make the folders and, once, the cluster: UTF-8, a locale that no system upgrade can change, checksums.

    The cluster is made beside its place and renamed, so that a run that was cut off leaves nothing half-made.

    Connections are trusted: only our own account can enter the socket's folder (0700), nothing listens on the
    network, and a password would lie in the same folder as the data.
    """
    _private_folder(home.sockets, account)
    if (home.cluster / "PG_VERSION").exists():
        return
    unfinished = home.folder / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    _private_folder(unfinished, account)
    made = subprocess.run(
        [
            str(programs / "initdb"),
            "-D",
            str(unfinished),
            "-U",
            SUPERUSER,
            *INITDB_OPTIONS,
            *_locale(programs),
        ],
        capture_output=True,
        text=True,
        cwd="/",
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        check=False,
    )
    if made.returncode != 0:
        reason = (made.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise RuntimeError(f"The database cluster could not be created: {reason}")
    unfinished.rename(home.cluster)


def server_command(home: Home, programs: Path, settings: dict[str, str]) -> list[str]:
    """The command line of the server."""
    chosen = {**SETTINGS, "unix_socket_directories": str(home.sockets), **settings}
    options = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
    return [str(programs / "postgres"), "-D", str(home.cluster), *options]


def settle_stale_pid(home: Home) -> None:
    """Deal with the pid file of an earlier server: wait for one that is still stopping, remove a dead one's.

    Only the holder of the supervisor's lock calls this, so no server of ours can be in good health.
    """
    pid_file = home.cluster / "postmaster.pid"
    deadline = time.monotonic() + OLD_SERVER_SECONDS_MAX
    while pid_file.exists():
        first = pid_file.read_text(encoding="utf-8", errors="replace").split("\n", 1)[0].strip()
        if not first.isdigit() or not _is_postgres(int(first)):
            pid_file.unlink(missing_ok=True)
            return
        if time.monotonic() > deadline:
            raise RuntimeError(f"Another PostgreSQL (process {first}) still runs on {home.cluster}.")
        time.sleep(0.05)


def _is_postgres(pid: int) -> bool:
    """Whether a live process of that number is a PostgreSQL; after a restart the number may be anybody's."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace").splitlines()
        facts = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
        return facts["Name"] == "postgres" and not facts["State"].startswith("Z")
    except OSError:
        return not Path("/proc/self").exists()  # no /proc on this system: believe the file


def _locale(programs: Path) -> list[str]:
    answer = subprocess.run([str(programs / "initdb"), "--help"], capture_output=True, text=True, check=True)
    if "--builtin-locale" in answer.stdout:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return []


def _private_folder(folder: Path, account: Account | None) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    owner = folder.stat().st_uid
    if owner not in (os.geteuid(), account.uid if account else os.geteuid()):
        raise RuntimeError(f"The folder {folder} belongs to somebody else.")
    folder.chmod(0o700)
    if account:
        account.own(folder)
