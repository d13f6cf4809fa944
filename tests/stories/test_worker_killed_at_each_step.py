"""The worker, killed at every step between a command and its mail, ten times each (P5).

Each life begins with new facts: one for the seller and one for the buyer, both committed, and two commands that were
refused. In the end every committed fact was mailed under one Message-ID, and nothing was written about the refused.
"""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from tests import build
from tests.build import all_well, an_actor
from tests.stories.mortal_worker import PAYOUT_POINTS, POINTS
from tests.stories.test_worker_killed import environment_of

from sellerdesk.commands.messages import send_messages
from sellerdesk.commands.payments import report_payments
from sellerdesk.commands.refunds import request_refunds
from sellerdesk.commands.transfers import LEASE as CALL_LEASE
from sellerdesk.domain.actors import Door
from sellerdesk.domain.message_reasons import ContactReason
from sellerdesk.domain.messages import SellerMessage
from sellerdesk.domain.orders import PaymentState
from sellerdesk.domain.payments import PaymentReport
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.refunds import RefundRequest
from sellerdesk.flows.notices import LEASE
from sellerdesk.queries.verify import verify

TIMES = 10
LIVES = [point for _ in range(TIMES) for point in POINTS]
Live = Callable[..., int]
PAYING = ["deadlines", "payouts"]
PAID_LIVES = [point for _ in range(3) for point in PAYOUT_POINTS]


@pytest.fixture
def live(committed: None, tmp_path: Path) -> Iterator[Live]:
    """`live(now, point, ticks)`: one life of a worker; answers its exit code."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.stories.mortal_worker"],
        env=environment_of(build.PLACED, tmp_path)
        | {"DJANGO_SETTINGS_MODULE": "sellerdesk.config.settings", "SELLERDESK_PROCESS": "worker"}
        | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    asks, answers = process.stdin, process.stdout
    assert asks is not None
    assert answers is not None
    assert answers.readline() == "ready\n"

    def one(now: datetime, point: str | None, ticks: Sequence[str] = ("journal", "mail")) -> int:
        asks.write(json.dumps({"now": now.isoformat(), "point": point, "ticks": list(ticks)}) + "\n")
        return int(answers.readline())

    yield one
    asks.close()
    assert process.wait(60) == 0
    answers.close()


def happen(seller: int, number: str, now: datetime) -> None:
    """Two facts that ask for a mail, and two commands that are refused."""
    paid = [PaymentReport(one, PaymentState.AUTHORIZED, at=now) for one in (number, "000-0000000-0000000")]
    accepted, unknown = report_payments(an_actor(seller), paid, now=now)
    words = ("Which colour would you like?", "See https://shop.example for more")
    said = [SellerMessage(number, ContactReason.OTHER_ORDER_QUESTION, text) for text in words]
    sent, refused = send_messages(an_actor(seller, door=Door.WEB), said, now=now)
    all_well([accepted, sent])
    assert not unknown.accepted
    assert not refused.accepted


@pytest.mark.serial
def test_every_fact_is_mailed_once_wherever_the_worker_dies(live: Live, tmp_path: Path) -> None:
    seller = build.a_seller()
    numbers = build.placed_orders(seller, [build.a_document() for _ in LIVES])
    now = build.PLACED + build.SOON
    for number, point in zip(numbers, LIVES, strict=True):
        happen(seller, number, now)
        assert live(now, point) == -signal.SIGKILL, point
        now += LEASE + timedelta(seconds=1)
    assert live(now, None) == 0

    rows = build.everything(
        "SELECT kind, state, count(*), count(DISTINCT order_id) FROM mails GROUP BY 1, 2 ORDER BY 1"
    )
    assert rows == [(kind, "sent", len(LIVES), len(LIVES)) for kind in ("message_to_buyer", "sold")]
    letters = [
        message_from_bytes(path.read_bytes(), policy=policy.default) for path in tmp_path.glob("mail/*.eml")
    ]
    owed = {f"<{row[0]}>" for row in build.everything("SELECT message_id FROM mails")}
    assert {letter["Message-ID"] for letter in letters} == owed
    assert Counter(_about(letter, numbers) for letter in letters) == Counter(
        {(number, who): 1 for number in numbers for who in ("buyer", "seller")}
    )
    assert not any("shop.example" in letter.as_string() for letter in letters)
    assert list(tmp_path.glob("mail/*.part")) == []


@pytest.mark.serial
def test_every_refund_is_paid_once_wherever_the_worker_dies(live: Live, tmp_path: Path) -> None:
    seller = build.a_seller()
    now = build.PLACED + timedelta(days=3)
    for point in PAID_LIVES:
        number = build.a_shipped_order(seller)
        asked = [RefundRequest(number, RefundReason.NOT_RECEIVED)]
        all_well(request_refunds(an_actor(seller), asked, now=now))
        now += timedelta(days=1)  # the hold is over
        assert live(now, point, PAYING) == -signal.SIGKILL, point
        now += CALL_LEASE + timedelta(seconds=1)
    for _ in range(3):  # what was cut off is looked up, perhaps asked for again, and then paid
        assert live(now, None, PAYING) == 0
        now += CALL_LEASE + timedelta(seconds=1)

    held = build.everything(
        "SELECT t.state, r.state, count(*), sum(t.amount)::int"
        " FROM payment_transfers t JOIN refunds r ON r.id = t.refund_id GROUP BY 1, 2"
    )
    ((transfer, refund, count, total),) = held
    assert (transfer, refund, count) == ("done", "SETTLED", len(PAID_LIVES))
    book = [json.loads(path.read_text()) for path in tmp_path.glob("payments/*.json")]
    assert (len(book), sum(one["amount"] for one in book)) == (count, total)
    assert [violation for finding in verify() for violation in finding.violations] == []


def _about(letter: Any, numbers: list[str]) -> tuple[str, str]:
    (number,) = [one for one in numbers if one in letter["Subject"]]
    return number, "buyer" if "buyer.example" in letter["To"] else "seller"
