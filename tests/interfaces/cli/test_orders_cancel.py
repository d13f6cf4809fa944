"""`sellerdesk orders cancel`: the preview, the question, what is done and what is refused."""

import json
from datetime import timedelta

import pytest
from tests import build
from typer.testing import CliRunner

from sellerdesk.commands.cancel_requests import file_requests
from sellerdesk.config import clock
from sellerdesk.domain.cancel_requests import FilingRequest, Reason
from sellerdesk.interfaces.cli.orders import app

NOW = build.PLACED + timedelta(days=1)


@pytest.fixture
def seller(committed: None) -> int:
    return build.a_seller()


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def run(seller: int, *arguments: str, typed: str = "") -> tuple[int, str]:
    given = ["cancel", *arguments, "--seller", str(seller)]
    result = CliRunner().invoke(app, given, input=typed)
    return result.exit_code, result.output


def status(number: str) -> str:
    [(found,)] = build.everything("SELECT status FROM orders WHERE order_number = %s", [number])
    return str(found)


def others(seller: int) -> None:
    build.paid_orders(seller, [build.a_document() for _ in range(99)])


def test_it_says_what_it_does_and_asks(seller: int) -> None:
    others(seller)
    number = build.a_paid_order(seller)
    code, said = run(seller, number, "--reason", "no_inventory", typed="n\n")
    assert code == 1
    assert "counts" in said
    assert "0.00 % (0/100) -> 1.00 % (1/100), limit 2.50 %" in said
    assert "not restored" in said
    assert "43.18 USD" in said
    assert "There is no undo" in said
    assert status(number) == "Unshipped"
    code, said = run(seller, number, "--reason", "no_inventory", typed="y\n")
    assert code == 0
    assert f"{number}: 2 cancelled, Canceled, counts in the cancellation rate" in said
    assert status(number) == "Canceled"


def test_a_filed_request_does_not_count(seller: int) -> None:
    others(seller)
    number = build.a_paid_order(seller)
    filing = FilingRequest(number, Reason.NOT_NEEDED)
    assert file_requests(build.an_actor(seller), [filing], now=NOW - timedelta(hours=1))[0].accepted
    listed = CliRunner().invoke(app, ["list", "--seller", str(seller), "--limit", "1000"]).output
    assert "cancellation requested" in listed
    code, said = run(seller, number, "--reason", "buyer_cancelled", "--yes", "--json")
    assert code == 0
    facts = json.loads(said)["facts"]
    assert (facts["counts"], facts["why"]) == (False, "formal_request")
    shown = json.loads(CliRunner().invoke(app, ["show", number, "--seller", str(seller), "--json"]).output)
    assert (shown["cancelled_by"], shown["counts_in_cr"]) == ("MERCHANT", False)
    assert shown["cancellations"][0]["why"] == "formal_request"
    assert "words" not in shown["wish"]
    tables = CliRunner().invoke(app, ["show", number, "--seller", str(seller)]).output
    assert "Cancellations" in tables


def test_a_dry_run_does_nothing(seller: int) -> None:
    others(seller)
    number = build.a_paid_order(seller)
    code, said = run(seller, number, "--reason", "pricing_error", "--dry-run", "--json")
    assert code == 0
    assert json.loads(said)["facts"]["counts"] is True
    assert status(number) == "Unshipped"


def test_units_of_one_item(seller: int) -> None:
    others(seller)
    number = build.a_paid_order(seller)
    [(item,)] = build.everything(
        "SELECT item_number FROM order_items i JOIN orders o ON o.id = i.order_id WHERE order_number = %s",
        [number],
    )
    code, said = run(seller, number, "--reason", "no_inventory", "--item", f"{item}=1", "--yes", "--json")
    assert code == 0
    assert (json.loads(said)["facts"]["units"], json.loads(said)["facts"]["whole"]) == (1, False)


def test_the_limit_needs_a_word_of_its_own(seller: int) -> None:
    first, second = (build.a_paid_order(seller) for _ in range(2))
    code, said = run(seller, first, second, "--reason", "no_inventory", "--yes")
    assert code == 1
    assert "--over-limit" in said
    assert status(first) == "Unshipped"
    code, said = run(seller, first, second, "--reason", "no_inventory", "--yes", "--over-limit")
    assert code == 0
    assert "OVER THE LIMIT" in said
    assert (status(first), status(second)) == ("Canceled", "Canceled")


def test_what_is_refused_does_not_disturb_the_rest(seller: int) -> None:
    others(seller)
    number, shipped = (
        build.a_paid_order(seller),
        build.a_shipped_order(seller, at=build.PLACED - timedelta(days=2)),
    )
    code, said = run(seller, shipped, number, "111-1111111-1111111", "--reason", "no_inventory", "--yes")
    assert code == 1
    assert f"{shipped}: refused (nothing of order {shipped} is left to ship)" in said
    assert "there is no order 111-1111111-1111111" in said
    assert status(number) == "Canceled"


@pytest.mark.parametrize(
    "wrong",
    [
        ["--reason", "because"],
        ["--reason", "no_inventory", "--json"],
        ["--reason", "no_inventory", "--item", "x"],
        ["222-2222222-2222222", "--reason", "no_inventory", "--item", "1=1"],
    ],
)
def test_wrong_usage_is_2(seller: int, wrong: list[str]) -> None:
    assert run(seller, "111-1111111-1111111", *wrong)[0] == 2
