"""`sellerdesk payments` and the sweep: refunds go, and breaks are told with an exit code."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests import build
from tests.build import an_actor, everything
from typer.testing import CliRunner, Result

from sellerdesk.commands.refunds import request_refunds
from sellerdesk.config import clock
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.refunds import RefundRequest
from sellerdesk.flows.payouts import miss_unsettled
from sellerdesk.interfaces.cli.main import application

pytestmark = pytest.mark.usefixtures("committed")
NOW = build.PLACED + timedelta(days=3)


@pytest.fixture(autouse=True)
def house(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    """A data folder of its own, and a clock that stands still."""
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=4))
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(application(with_groups=True), list(words))


def a_held_refund() -> int:
    seller = build.a_seller()
    number = build.a_shipped_order(seller)
    build.all_well(
        request_refunds(an_actor(seller), [RefundRequest(number, RefundReason.NOT_RECEIVED)], now=NOW)
    )
    return seller


def sweep(at: datetime) -> dict[str, object]:
    answer = run("sweep", "--at", at.isoformat(), "--json")
    assert answer.exit_code == 0, answer.output
    said: dict[str, object] = json.loads(answer.output.splitlines()[-1])
    return said


def test_the_sweep_releases_and_pays(house: Path) -> None:
    a_held_refund()
    assert sweep(NOW + timedelta(minutes=119))["refunds"] == {}
    assert sweep(NOW + timedelta(minutes=120))["refunds"] == {"done": 1}
    assert everything("SELECT state FROM refunds") == [("SETTLED",)]
    assert len(list(house.glob("payments/*.json"))) == 1


def test_breaks_are_listed_until_they_are_gone() -> None:
    seller = a_held_refund()
    assert run("payments", "breaks").exit_code == 0
    everything("SELECT 1")
    build.change("UPDATE refunds SET release_at = %s", [NOW])
    build.change("UPDATE deadlines SET due_at = %s WHERE kind = 'refund_release'", [NOW])
    from sellerdesk.flows.sweep import sweep as fire

    fire(NOW)
    miss_unsettled(NOW + timedelta(days=4))
    told = run("payments", "breaks", "--seller", str(seller), "--json")
    assert told.exit_code == 1
    assert [one["kind"] for one in json.loads(told.output)] == ["not_settled"]
    assert run("payments", "breaks").exit_code == 1
    again = run("payments", "retry", "--seller", str(seller), "--json")
    assert json.loads(again.output)["ended"] == {"done": 1}
    assert run("payments", "breaks").exit_code == 0
    assert run("payments", "breaks", "--settled", "--json").exit_code == 0


def test_retry_needs_a_seller() -> None:
    assert run("payments", "retry").exit_code == 1
    assert run("payments", "retry", "--seller", "nobody").exit_code == 2
