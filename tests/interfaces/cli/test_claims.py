"""`sellerdesk claims …`: lists, one claim, answers, decisions with what they do said before."""

import json
from datetime import datetime, timedelta

import pytest
from tests import build
from tests.commands.test_claims import FILED, a_claim, a_claimable_order, the_claim
from typer.testing import CliRunner

from sellerdesk.config import clock
from sellerdesk.flows.sweep import sweep
from sellerdesk.interfaces.cli.claims import app


class Clock:
    now = FILED + timedelta(hours=1)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    ours = Clock()
    monkeypatch.setattr(clock, "now", ours)
    return ours


@pytest.fixture
def seller(committed: None) -> int:
    return build.a_seller()


def run(seller: int, *arguments: str, typed: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(app, [*arguments, "--seller", str(seller)], input=typed)
    return result.exit_code, result.output


def test_list_show_answer_and_decide(seller: int) -> None:
    number = a_claimable_order(seller)
    claim = a_claim(seller, number, text="evil\x1b[31m")
    code, said = run(seller, "list", "--tab", "action_required")
    assert code == 0
    assert claim in said
    assert "43.18 USD" in said
    assert json.loads(run(seller, "list", "--json")[1])["reference"] == claim
    shown = run(seller, "show", claim)[1]
    assert "DELIVERED" in shown
    assert "\x1b" not in shown
    assert json.loads(run(seller, "show", claim, "--json")[1])["left"] == 4318
    assert run(seller, "answer", claim, "--text", "Signed for.") == (0, f"{claim}: under_review\n")
    code, said = run(seller, "answer", claim, "--text", "Again.")
    assert code == 1
    assert "UNDER_REVIEW" in said
    code, said = run(seller, "decide", claim, "--grant", typed="n\n")
    assert code == 1
    assert "the seller is debited 43.18 USD; a defect" in said
    assert the_claim()[0] == "UNDER_REVIEW"
    code, said = run(seller, "decide", claim, "--deny", "--fault", "buyer", "--yes", "--json")
    assert code == 0
    assert json.loads(said)["state"] == "denied"
    assert run(seller, "show", "C-NONE-NONE")[0] == 1


def test_an_appeal(seller: int, time: Clock) -> None:
    number = a_claimable_order(seller)
    claim = a_claim(seller, number)
    time.now = FILED + timedelta(hours=72)
    sweep(time.now)
    assert run(seller, "appeal", claim, "--text", "See the scan.")[0] == 0
    code, said = run(seller, "decide", claim, "--money", "--defect", "--yes")
    assert code == 0
    assert "the seller gets 43.18 USD back; the defect is taken back" in said
    assert the_claim() == ("REVERSED", 4318, 4318, False, True, True)
