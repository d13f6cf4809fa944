"""The embedded server: shared, stopped by the last user, never orphaned, back after any death."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from sellerdesk.adapters.postgres import home as homes
from sellerdesk.adapters.postgres import roles, server
from sellerdesk.adapters.postgres.home import Home

pytestmark = pytest.mark.serial
WAIT_SECONDS_MAX = 30.0
USER = (
    "import sys, time; from pathlib import Path; from sellerdesk.adapters.postgres import server, home;"
    "share = server.join(home.Home(Path(sys.argv[1]))); print('joined', flush=True); time.sleep(600)"
)


@pytest.fixture
def place() -> Iterator[Home]:
    folder = Path(tempfile.mkdtemp(prefix="sellerdesk-server-"))
    folder.chmod(0o711)
    yield Home(folder / "postgres")
    shutil.rmtree(folder, ignore_errors=True)


def eventually(true: Callable[[], bool]) -> bool:
    """Ask again until it is so."""
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def postmaster(place: Home) -> int:
    """The server's process."""
    return int((place.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])


def runs(pid: int) -> bool:
    """Whether a process is alive and no zombie."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False


def supervisor(place: Home) -> int:
    """The parent of the server."""
    lines = Path(f"/proc/{postmaster(place)}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("PPid:")).split()[1])


def another_user(place: Home) -> "subprocess.Popen[str]":
    """A second process that has joined."""
    user = subprocess.Popen(
        [sys.executable, "-c", USER, str(place.folder)], stdout=subprocess.PIPE, text=True
    )
    assert user.stdout is not None
    assert user.stdout.readline() == "joined\n"
    user.stdout.close()
    return user


def test_the_last_user_stops_it_and_rows_stay(place: Home) -> None:
    first, second = server.join(place), server.join(place)
    pid = postmaster(place)
    with server.connect(place) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    first.leave()
    assert runs(pid)
    second.leave()
    assert not runs(pid)
    again = server.join(place)
    with server.connect(place) as connection:
        assert connection.execute("SELECT one FROM kept").fetchone() == (1,)
    again.leave()


def test_a_killed_user_counts_as_gone(place: Home) -> None:
    user = another_user(place)
    pid, watcher = postmaster(place), supervisor(place)
    user.kill()
    user.wait()
    assert eventually(lambda: not runs(pid) and not runs(watcher))


def test_the_starter_may_go_while_others_work(place: Home) -> None:
    user = another_user(place)
    share = server.join(place)
    user.kill()
    user.wait()
    with server.connect(place) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    share.leave()


def test_no_orphan_when_the_supervisor_is_killed(place: Home) -> None:
    share = server.join(place)
    pid = postmaster(place)
    os.kill(supervisor(place), signal.SIGKILL)
    assert eventually(lambda: not runs(pid))
    again = server.join(place)
    with server.connect(place) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    again.leave()
    share.leave()


def test_it_comes_back_when_postgres_is_killed(place: Home) -> None:
    share = server.join(place)
    pid = postmaster(place)
    os.kill(pid, signal.SIGKILL)

    def is_back() -> bool:
        try:
            server.connect(place).close()
        except psycopg.OperationalError:
            return False
        return postmaster(place) != pid

    assert eventually(is_back)
    share.leave()


def test_a_pid_file_of_the_dead_is_no_obstacle(place: Home) -> None:
    server.join(place).leave()
    (place.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{place.cluster}\n", encoding="utf-8")
    server.join(place).leave()


def test_it_is_durable_private_and_checked(place: Home) -> None:
    share = server.join(place)
    with server.connect(place) as connection:
        for name, value in (
            ("fsync", "on"),
            ("synchronous_commit", "on"),
            ("full_page_writes", "on"),
            ("data_checksums", "on"),
            ("listen_addresses", ""),
            ("server_encoding", "UTF8"),
        ):
            assert connection.execute("SELECT current_setting(%s)", [name]).fetchone() == (value,)
    assert place.sockets.stat().st_mode & 0o777 == 0o700
    assert place.cluster.stat().st_mode & 0o777 == 0o700
    share.leave()


def test_the_role_of_the_application(place: Home) -> None:
    share = server.join(place)
    server.ensure_database(place, name="desk", owner="desk_owner")
    server.ensure_database(place, name="desk", owner="desk_owner")
    with server.connect(place, user="desk_owner", dbname="desk") as owner:
        roles.ensure_app_role(owner)
        roles.ensure_app_role(owner)
        owner.execute("CREATE TABLE later (id int)")
        owner.execute(f"SET ROLE {roles.APP_ROLE}")
        owner.execute("INSERT INTO later VALUES (1)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("DROP TABLE later")
    with server.connect(place) as chief:
        chief.execute("CREATE ROLE weak LOGIN")
        chief.execute("CREATE DATABASE other OWNER weak")
    with (
        server.connect(place, user="weak", dbname="other") as weak,
        pytest.raises(roles.RoleRefused, match="CREATE ROLE"),
    ):
        roles.ensure_app_role(weak)
    share.leave()


def test_a_server_that_cannot_start_says_why(place: Home) -> None:
    with pytest.raises(server.ServerFailed) as caught:
        server.join(place, settings={"shared_buffers": "a lot"})
    assert "shared_buffers" in place.log.read_text(encoding="utf-8")
    assert "\n" not in str(caught.value)


def test_long_folders_get_a_short_socket(tmp_path: Path) -> None:
    deep = Home(tmp_path / ("x" * 100))
    assert len(os.fsencode(deep.sockets)) <= homes.SOCKET_FOLDER_BYTES_MAX
    assert deep.sockets == Home(tmp_path / ("x" * 100)).sockets


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account")
def test_root_moves_out_of_private_folders(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    assert homes.home_of(private).folder.is_relative_to(homes.MACHINE_FOLDER)
    assert private.stat().st_mode & 0o777 == 0o700
