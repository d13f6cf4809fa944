"""The real worker, killed while it hands webhooks over: every fact arrives, under the id that was owed (P5)."""

import random
import signal
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from tests import build
from tests.adapters.web.receiver import answer, receiving
from tests.flows.webhooks.world import a_webhook
from tests.stories import test_worker_killed as story

from sellerdesk.flows.webhooks.deliver import LEASE

KILLS, ORDERS = 4, 60


@pytest.mark.serial
def test_every_fact_arrives(committed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = story.environment_of
    monkeypatch.setattr(
        story, "environment_of", lambda *given: real(*given) | {"SELLERDESK_OUTBOUND_ALLOW": "127.0.0.0/8"}
    )
    seller, chance = build.a_seller(), random.Random(11)
    with receiving(*[answer(500)] * 20, answer(204)) as there:
        a_webhook(seller, there.url, events=("order.placed",))
        build.placed_orders(seller, [build.a_document() for _ in range(ORDERS)])
        moment = build.PLACED + timedelta(hours=1)
        for _ in range(KILLS):
            with story.worker(moment, tmp_path) as process:
                threading.Event().wait(chance.uniform(0.2, 1.0))
                process.send_signal(signal.SIGKILL)
                process.wait(story.PATIENCE)
            moment += LEASE + timedelta(minutes=6)
        with story.worker(moment + timedelta(hours=1), tmp_path) as process:
            for _ in range(int(story.PATIENCE / 0.1)):
                left = build.everything("SELECT count(*) FROM deliveries WHERE state <> 'delivered'")
                owed = {row[0] for row in build.everything("SELECT webhook_id FROM deliveries")}
                if left == [(0,)] and len(owed) == ORDERS:
                    break
                threading.Event().wait(0.1)
            process.send_signal(signal.SIGTERM)
            assert process.wait(story.PATIENCE) == 0
        assert set(there.ids) == owed
        assert len(owed) == ORDERS
        assert len(there.ids) > ORDERS
