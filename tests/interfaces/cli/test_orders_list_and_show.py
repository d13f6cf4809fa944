"""`sellerdesk orders list` and `orders show`: the desk's two questions from the terminal."""

import json
from datetime import timedelta
from typing import Any

import pytest
from tests import build
from typer.testing import CliRunner

from sellerdesk.interfaces.cli.orders import app

NOW = build.PLACED.replace(day=6)


@pytest.fixture
def seller(committed: None) -> int:
    return build.a_seller()


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sellerdesk.interfaces.cli.orders.now", lambda: NOW)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def listed(seller: int, *arguments: str) -> dict[str, Any]:
    code, said = run("list", "--seller", str(seller), "--json", *arguments)
    assert code == 0, said
    found: dict[str, Any] = json.loads(said)
    return found


def numbers(answer: dict[str, Any]) -> list[str]:
    return [order["order_number"] for order in answer["orders"]]


def test_pages_neither_lose_nor_repeat_an_order(seller: int) -> None:
    placed = [build.a_paid_order(seller, at=build.PLACED + timedelta(hours=hour // 2)) for hour in range(5)]
    first = listed(seller, "--limit", "2")
    second = listed(seller, "--limit", "2", "--after", first["next"])
    third = listed(seller, "--limit", "2", "--after", second["next"])
    assert numbers(first) + numbers(second) + numbers(third) == placed[::-1]
    assert third["next"] is None


def test_the_list_can_be_narrowed(seller: int) -> None:
    old = build.a_paid_order(seller, at=NOW - timedelta(days=9))
    waiting = build.a_placed_order(seller, at=NOW - timedelta(days=1))
    assert numbers(listed(seller)) == [waiting, old]
    assert numbers(listed(seller, "--days", "7")) == [waiting]
    assert numbers(listed(seller, "--status", "unshipped")) == [old]
    assert numbers(listed(seller, "--status", "Unshipped", "--status", "Pending")) == [waiting, old]


def test_an_order_of_the_list_in_json(seller: int) -> None:
    number = build.a_paid_order(seller)
    [order] = listed(seller)["orders"]
    assert order["order_number"] == number
    assert order["status"] == "Unshipped"
    assert order["placed_at"] == "2026-03-02T18:00:00Z"
    assert order["total"]["currency"] == "USD"
    assert order["units_shipped"] == 0


def test_people_get_a_table_and_the_way_on(seller: int) -> None:
    first, second = build.a_paid_order(seller), build.a_paid_order(seller, at=NOW)
    code, said = run("list", "--seller", str(seller), "--limit", "1")
    assert code == 0
    assert second in said
    assert first not in said
    assert said.endswith(f"There are more: --after {second}\n")


def test_one_order_with_all_that_happened(seller: int) -> None:
    title = "Mug [bold]blue[/] \x1b[2J"
    number = build.a_shipped_order(seller, items=(build.an_item(title=title),))
    code, said = run("show", number, "--seller", str(seller))
    assert code == 0
    for word in (
        "Shipped",
        "Items",
        "Packages",
        "Deadlines",
        "Timeline",
        "[bold]blue[/]",
        "2026-03-02 18:00",
    ):
        assert word in said
    assert "\x1b" not in said
    code, said = run("show", number, "--seller", str(seller), "--json")
    order = json.loads(said)
    assert order["items"][0]["title"] == title
    assert order["packages"][0]["lines"][0]["item_number"] == order["items"][0]["item_number"]
    assert order["timeline"][0]["kind"] == "order_placed"
    assert {deadline["state"] for deadline in order["deadlines"]} <= {"open", "fired", "void"}


def test_nothing_personal_is_shown(seller: int) -> None:
    number = build.a_paid_order(seller)
    people = [
        word for row in build.everything("SELECT name, email FROM buyer_contacts") for word in row if word
    ]
    assert people
    for arguments in (["list"], ["list", "--json"], ["show", number], ["show", number, "--json"]):
        said = run(*arguments, "--seller", str(seller))[1]
        assert number in said
        assert not [word for word in people if word in said]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (["list", "--days", "0"], 2),
        (["list", "--days", "999999999999"], 2),
        (["list", "--limit", "0"], 2),
        (["list", "--status", "Lost"], 2),
        (["list", "--after", "111-1111111-1111111"], 2),
        (["list", "--after", "a\udcffb"], 2),
        (["show", "111-1111111-1111111"], 1),
        (["ship", "a\udcffb", "--carrier", "UPS", "--tracking", "1Z999AA10123456784"], 1),
        (["show", "a\udcffb"], 1),
    ],
)
def test_wrong_words_end_without_a_traceback(seller: int, wrong: list[str], code: int) -> None:
    result = CliRunner().invoke(app, [*wrong, "--seller", str(seller)])
    assert result.exit_code == code
    assert result.exception is None or isinstance(result.exception, SystemExit)
