"""`sellerdesk orders ship`: confirm a parcel from the terminal."""

import json

import pytest
from tests import build
from typer.testing import CliRunner

from sellerdesk.interfaces.cli.orders import app

SHIP = ["--carrier", "UPS", "--tracking", "1Z999AA10123456784", "--ship-date", "2026-03-03T18:00:00Z"]


@pytest.fixture
def seller(committed: None) -> int:
    return build.a_seller()


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    at = build.PLACED.replace(day=3, hour=20)
    monkeypatch.setattr("sellerdesk.interfaces.cli.orders.now", lambda: at)


def run(seller: int, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["ship", *arguments, "--seller", str(seller)])
    return result.exit_code, result.output


def test_all_that_is_left_is_confirmed_once(seller: int) -> None:
    number = build.a_paid_order(seller)
    assert run(seller, number, *SHIP)[1] == f"{number}: confirmed, Shipped, package 1\n"
    code, said = run(seller, number, *SHIP)
    assert (code, said) == (1, f"{number}: refused (nothing of order {number} is left to ship)\n")


def test_part_of_it_in_json(seller: int) -> None:
    number = build.a_paid_order(seller)
    [(item,)] = build.everything("SELECT item_number FROM order_items")
    code, said = run(seller, number, *SHIP, "--item", f"{item}:1", "--json")
    assert code == 0
    assert json.loads(said)["facts"]["status"] == "PartiallyShipped"
    code, said = run(seller, number, *SHIP, "--item", f"{item}:2", "--json")
    assert code == 1
    assert json.loads(said)["refusal"]["code"] == "quantity_exceeded"


@pytest.mark.parametrize(
    "wrong", [["--item", "x"], ["--item", ":1"], ["--item", "1:-1"], ["--ship-date", "soon"]]
)
def test_wrong_usage_is_2(seller: int, wrong: list[str]) -> None:
    assert run(seller, "111-1111111-1111111", *SHIP, *wrong)[0] == 2


def test_an_order_that_is_not_there(seller: int) -> None:
    code, said = run(seller, "111-1111111-1111111", *SHIP)
    assert (code, said) == (1, "111-1111111-1111111: refused (there is no order 111-1111111-1111111)\n")
