"""The real worker, killed at random moments while much is due: in the end everything happened once (P5, P22)."""

import email
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email import policy
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connections
from tests import build

from sellerdesk.config import clock
from sellerdesk.flows.notices import LEASE
from sellerdesk.queries.verify import verify

KILLS, BATCHES, ORDERS = 10, 12, 36  # orders in each batch, one batch a day
PATIENCE = 120.0
END = build.PLACED + timedelta(days=60)


def environment_of(now: datetime, data: Path) -> dict[str, str]:
    """A worker on this test's database, whose clock shows `now`."""
    given = connections["owner"].settings_dict
    shift = round((now - clock.now()).total_seconds())
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("SELLERDESK_")},
        "SELLERDESK_DATABASE_URL": f"postgresql://{quote(given['USER'])}:{quote(given.get('PASSWORD') or '')}@/"
        f"{quote(given['NAME'])}?host={quote(given['HOST'] or 'localhost')}&port={given['PORT'] or 5432}",
        "SELLERDESK_DATA_DIR": str(data),
        "SELLERDESK_DEMO": "1",
        "SELLERDESK_CLOCK_OFFSET": f"{'-' if shift < 0 else '+'}{abs(shift)}s",
    }


@contextmanager
def worker(now: datetime, data: Path) -> Iterator["subprocess.Popen[str]"]:
    """A worker at work: it has said that it started. Whatever happens, it does not outlive the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sellerdesk", "worker"],
        env=environment_of(now, data),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    output: list[str] = []
    started = threading.Event()

    def read() -> None:
        for line in process.stdout or ():
            output.append(line)
            if "worker started" in line:
                started.set()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert started.wait(PATIENCE), "".join(output)
        yield process
    finally:
        process.kill()
        process.wait()
        reader.join()
        if process.stdout:
            process.stdout.close()
    assert not [line for line in output if "failed" in line and '"failed": 0' not in line], output


def left() -> tuple[int, ...]:
    return build.everything(
        "SELECT (SELECT count(*) FROM deadlines WHERE state = 'open'),"
        " (SELECT count(*) FROM mails WHERE state <> 'sent'),"
        " (SELECT count(*) FROM journal WHERE kind = ANY(%s)) - (SELECT count(DISTINCT entry_id) FROM mails)",
        [["payment_authorized", "ship_by_reminded", "auto_cancel_warned", "order_auto_cancelled"]],
    )[0]


def wait_until_done(process: "subprocess.Popen[str]") -> None:
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.1)):
        if left() == (0, 0, 0):
            return
        assert process.poll() is None
        pause.wait(0.1)
    raise AssertionError(f"not done: {left()}")


@pytest.mark.serial
def test_everything_happens_once(committed: None, tmp_path: Path) -> None:
    seller = build.a_seller()
    for day in range(BATCHES):
        at = build.PLACED + timedelta(days=day)
        build.paid_orders(seller, [build.a_document(at=at) for _ in range(ORDERS)])
        if day == 0:
            build.analyze()
    chance = random.Random(4)
    progress: list[int] = []
    for kill in range(KILLS):
        # The clock goes on from one life to the next, so that each life finds new work.
        with worker(build.PLACED + timedelta(days=3 * kill + 3), tmp_path) as process:
            threading.Event().wait(chance.uniform(0.0, 0.6))
            process.send_signal(signal.SIGKILL)
            assert process.wait(PATIENCE) == -signal.SIGKILL
        progress.append(
            build.everything("SELECT count(*) FILTER (WHERE state = 'fired') FROM deadlines")[0][0]
        )
    total = 4 * BATCHES * ORDERS
    assert any(0 < done < total for done in progress), f"no life ended in the middle of the work: {progress}"

    with worker(END + 2 * LEASE, tmp_path) as process:
        wait_until_done(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0

    assert build.everything("SELECT state, count(*) FROM deadlines GROUP BY 1") == [("fired", total)]
    assert build.everything("SELECT status, count(*) FROM orders GROUP BY 1") == [
        ("Canceled", BATCHES * ORDERS)
    ]
    assert [violation for finding in verify() for violation in finding.violations] == []
    assert build.everything(
        "SELECT kind, reader, count(*), count(DISTINCT order_id) FROM mails GROUP BY 1, 2"
    ) == [
        (kind, reader, BATCHES * ORDERS, BATCHES * ORDERS)
        for kind, reader in sorted(
            [
                ("auto_cancel_warning", "seller"),
                ("auto_cancelled", "seller"),
                ("cancelled", "buyer"),
                ("ship_by_reminder", "seller"),
                ("sold", "seller"),
            ]
        )
    ]
    letters = [
        email.message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in tmp_path.glob("mail/*.eml")
    ]
    owed = {f"<{row[0]}>" for row in build.everything("SELECT message_id FROM mails")}
    assert {letter["Message-ID"] for letter in letters} == owed
    assert len(letters) == len(owed) == 5 * BATCHES * ORDERS
