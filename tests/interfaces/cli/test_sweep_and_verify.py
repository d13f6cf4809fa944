"""`sellerdesk sweep` and `sellerdesk verify`, as an administrator uses them."""

import json
from datetime import timedelta

import pytest
from tests import build
from typer.testing import CliRunner, Result

from sellerdesk.interfaces.cli import sweep, verify

LATE = build.PLACED + timedelta(days=40)


def run_sweep(*words: str) -> Result:
    return CliRunner().invoke(sweep.app, words)


def run_verify(*words: str) -> Result:
    return CliRunner().invoke(verify.app, words)


def test_a_sweep_does_everything_that_is_due_at_a_moment(committed: None) -> None:
    build.a_paid_order(build.a_seller())
    build.drain(build.PLACED)
    said = json.loads(run_sweep("--at", LATE.isoformat(), "--json").stdout)
    assert said["fired"] == {"ship_by_reminder": 1, "ship_by": 1, "auto_cancel_warning": 1, "auto_cancel": 1}
    assert (said["late"], said["failed"]) == (4, 0)
    assert build.everything("SELECT status FROM orders") == [("Canceled",)]
    again = json.loads(run_sweep("--at", LATE.isoformat(), "--json").stdout)
    assert again["fired"] == {}
    build.mails(LATE)
    assert build.everything("SELECT count(*), count(DISTINCT message_id) FROM mails") == [(5, 5)]


def test_a_sweep_tells_people_in_words(committed: None) -> None:
    build.a_paid_order(build.a_seller())
    result = run_sweep("--at", LATE.isoformat())
    assert result.exit_code == 0
    assert "fired auto_cancel: 1" in result.stdout


@pytest.mark.parametrize("text", ["tomorrow", "2027-03-01", "2027-03-01T10:00:00", "2027-13-01T10:00:00Z"])
def test_a_moment_must_be_one(text: str) -> None:
    result = run_sweep("--at", text)
    assert result.exit_code == 2
    assert "--at" in result.stderr


def test_sound_rows_are_said_to_be_sound(committed: None) -> None:
    build.a_shipped_order(build.a_seller())
    result = run_verify()
    assert result.exit_code == 0
    assert result.stdout.endswith("rules hold.\n")
    assert json.loads(run_verify("--json").stdout)["violations"] == 0


def test_damage_is_named_with_its_seller_order_and_rule(committed: None) -> None:
    number = build.a_shipped_order(build.a_seller())
    ((seller,),) = build.everything("SELECT public_id FROM sellers")
    build.change("UPDATE orders SET is_late = NOT is_late")
    result = run_verify()
    assert result.exit_code == 1
    assert f"I11 lateness: seller {seller}, order {number}: " in result.stdout
    first, summary = [json.loads(line) for line in run_verify("--json").stdout.splitlines()]
    assert (first["rule"], first["seller"], first["order_number"]) == ("lateness", seller, number)
    assert summary["violations"] == 1
