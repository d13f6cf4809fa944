"""`sellerdesk …` as a process: it starts, answers, stops, and leaves nothing behind."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.serial
START_SECONDS_MAX = 60.0


@pytest.fixture
def data_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="sellerdesk-up-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data_dir: Path, *words: str, **extra: str) -> "subprocess.Popen[str]":
    """`sellerdesk WORDS` with a data folder of its own."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("SELLERDESK_", "DJANGO_"))
    }
    return subprocess.Popen(
        [sys.executable, "-m", "sellerdesk", *words],
        env={**clean, "SELLERDESK_DATA_DIR": str(data_dir), **extra},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(data_dir: Path, *words: str, **extra: str) -> tuple[int, str, str]:
    """Exit code, output, errors."""
    process = start(data_dir, *words, **extra)
    out, err = process.communicate(timeout=START_SECONDS_MAX)
    return process.returncode, out, err


def processes_with(word: str) -> list[str]:
    """Living processes whose environment or command line holds a word; zombies have neither."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        except OSError:
            continue
        if word.encode() in text and int(folder.name) != os.getpid():
            found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def eventually(true: Callable[[], bool]) -> bool:
    """Ask again until it is so."""
    deadline = time.monotonic() + START_SECONDS_MAX
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def answers(port: int) -> bool:
    """Whether the web server is ready."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_up_answers_and_stops_without_a_trace(data_dir: Path, port: int, number: signal.Signals) -> None:
    process = start(data_dir, "up", "--port", str(port))
    assert eventually(lambda: answers(port))
    assert run(data_dir, "check", "--json")[0] == 0  # shares the running server
    process.send_signal(number)
    out, err = process.communicate(timeout=START_SECONDS_MAX)
    assert (process.returncode, err) == (0, "")
    assert f"http://127.0.0.1:{port}" in out
    assert processes_with(str(data_dir)) == []
    assert not answers(port)


def test_nothing_is_left_when_up_is_killed(data_dir: Path, port: int) -> None:
    process = start(data_dir, "up", "--port", str(port))
    assert eventually(lambda: answers(port))
    process.kill()
    process.communicate()
    assert eventually(lambda: processes_with(str(data_dir)) == []), processes_with(str(data_dir))


def test_a_child_that_dies_is_named_and_stops_everything(data_dir: Path, port: int) -> None:
    process = start(data_dir, "up", "--port", str(port))
    assert eventually(lambda: "worker started" in log_of(data_dir))
    workers = [folder for folder in Path("/proc").glob("[0-9]*") if is_worker(folder, str(data_dir))]
    os.kill(int(workers[0].name), signal.SIGKILL)
    _out, err = process.communicate(timeout=START_SECONDS_MAX)
    assert process.returncode == 1
    assert "The worker ended unexpectedly" in err
    assert processes_with(str(data_dir)) == []


def log_of(data_dir: Path) -> str:
    """What the children have said."""
    path = data_dir / "up.log"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def is_worker(folder: Path, word: str) -> bool:
    """Whether a process is our worker."""
    try:
        words = (folder / "cmdline").read_bytes().split(b"\0")
        return b"worker" in words and word.encode() in (folder / "environ").read_bytes()
    except OSError:
        return False


def test_a_taken_port_is_one_sentence(data_dir: Path, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        code, _out, err = run(data_dir, "up", "--port", str(port))
    assert (code, err.count("\n")) == (2, 1)
    assert str(port) in err


@pytest.mark.parametrize(
    ("extra", "word"),
    [
        ({"SELLERDESK_DATABASE_URL": "mysql://x/y"}, "SELLERDESK_DATABASE_URL"),
        ({"SELLERDESK_DATABASE_URL": "postgresql://u:hunter2@127.0.0.1:1/d"}, "SELLERDESK_DATABASE_URL"),
        ({"SELLERDESK_CLOCK_OFFSET": "+31d"}, "SELLERDESK_DEMO"),
        ({"SELLERDESK_DATA_DIR": "/proc/nothing"}, "SELLERDESK_DATA_DIR"),
    ],
)
@pytest.mark.parametrize("command", ["web", "migrate"])
def test_wrong_settings_are_one_sentence(
    data_dir: Path, command: str, extra: dict[str, str], word: str
) -> None:
    chosen = dict(extra)
    folder = Path(chosen.pop("SELLERDESK_DATA_DIR", data_dir))
    code, out, err = run(folder, command, **chosen)
    assert (code, out, err.count("\n")) == (2, "", 1), err
    assert word in err
    assert "hunter2" not in err


def test_migrate_twice_and_check(data_dir: Path) -> None:
    code, out, _err = run(data_dir, "migrate", "--json")
    assert code == 0
    assert "sellerdesk.0001_tables" in json.loads(out)["applied"]
    assert json.loads(run(data_dir, "migrate", "--json")[1]) == {"applied": []}
    assert run(data_dir, "check")[0] == 0
    assert run(data_dir, "check", SELLERDESK_DEBUG="1")[0] == 1
    assert processes_with(str(data_dir)) == []
