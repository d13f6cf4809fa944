"""`sellerdesk returns …`: a return carried through from a terminal."""

import json
from datetime import timedelta
from typing import Any

import pytest
from tests import build
from typer.testing import CliRunner

from sellerdesk.config import clock
from sellerdesk.interfaces.cli.returns import app
from sellerdesk.models.sql import run as execute
from sellerdesk.models.tenancy import scoped

NOW = build.PLACED + timedelta(days=3)
US = "ATVPDKIKX0DER"
HOME = '{"name": "Dock 4", "line1": "9 Canary Row", "city": "Tacoma", "country": "US"}'


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def seller(committed: None) -> int:
    """A seller that decides on every return."""
    made = build.a_seller()
    with scoped(made):
        execute(
            "INSERT INTO return_settings (seller_id, marketplace_id, automatic, address, instructions)"
            " VALUES (%s, %s, 'manual', %s::jsonb, 'Send it to the dock.')",
            [made, US, HOME],
        )
    return made


def run(seller: int, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*words, "--seller", str(seller)])
    return result.exit_code, result.output


def said(seller: int, *words: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(app, [*words, "--seller", str(seller), "--json"])
    return result.exit_code, json.loads(result.stdout)


def shipped(seller: int) -> tuple[str, str]:
    number = build.a_shipped_order(seller)
    sql = "SELECT item_number FROM order_items i JOIN orders o ON o.id = i.order_id WHERE order_number = %s"
    return number, str(build.everything(sql, [number])[0][0])


def asked(seller: int, comment: str = "Half a size.") -> tuple[str, str, str]:
    number, item = shipped(seller)
    words = ("request", number, "--reason", "too_small", "--item", f"{item}=2", "--comment", comment)
    code, answer = said(seller, *words)
    assert (code, answer["state"]) == (0, "requested")
    return number, item, answer["facts"]["rma"]


def test_the_whole_road(seller: int) -> None:
    number, item, rma = asked(seller)
    code, shown = run(seller, "show", rma)
    assert code == 0
    assert "PENDING_AUTHORIZATION" in shown
    assert "return_answer" in shown
    code, shown = run(seller, "authorize", rma, "--label", "prepaid", "--carrier", "UPS", "--tracking", "1Z9")
    assert (code, f"{number}: {rma} authorized" in shown) == (0, True)
    code, answer = said(seller, "show", rma)
    assert (answer["address"]["city"], answer["tracking"], answer["state"]) == ("Tacoma", "1Z9", "AUTHORIZED")
    code, shown = run(seller, "receive", rma, "--item", f"{item}=1")
    assert (code, "refund due by" in shown) == (0, True)
    code, answer = said(seller, "grade", rma, "--item", f"{item}=sellable")
    assert (code, answer["state"], answer["facts"]["restocked"]) == (0, "pending_refund", 1)
    code, answer = said(seller, "show", rma)
    assert [(one["quantity"], one["received"], one["grade"]) for one in answer["lines"]] == [
        (2, 1, "sellable")
    ]


def test_what_the_buyer_wrote_stays_out_of_the_terminal(seller: int) -> None:
    _, _, rma = asked(seller, comment="Secret words")
    for words in (("show", rma), ("list",), ("show", rma, "--json"), ("list", "--json")):
        code, shown = run(seller, *words)
        assert (code, "Secret" in shown) == (0, False)


def test_closing_says_what_it_costs(seller: int) -> None:
    number, _, rma = asked(seller)
    code, shown = run(seller, "close", rma, "--reason", "out_of_policy", "--comment", "Too late.")
    assert code == 0
    assert f"{number}: {rma} closed_by_seller" in shown
    assert "it counts against the seller" in shown
    code, answer = said(seller, "receive", rma)
    assert (code, answer["refusal"]["code"]) == (1, "return_state")
    assert answer["refusal"]["sentence"] == f"return {rma} is CLOSED_BY_SELLER"


def test_the_list_has_pages(seller: int) -> None:
    rmas = [asked(seller)[2] for _ in range(3)]
    code, page = said(seller, "list", "--limit", "2", "--state", "pending_authorization")
    assert ([one["rma"] for one in page["returns"]], page["next"]) == ([rmas[2], rmas[1]], rmas[1])
    code, rest = said(seller, "list", "--after", page["next"])
    assert (code, [one["rma"] for one in rest["returns"]], rest["next"]) == (0, [rmas[0]], None)
    code, shown = run(seller, "list", "--limit", "2")
    assert (code, f"--after {rmas[1]}" in shown) == (0, True)
    assert said(seller, "list", "--with-claim")[1]["returns"] == []
    assert run(seller, "list", "--after", "NOPE")[0] == 2


def test_a_refused_delivery(seller: int) -> None:
    number, item = shipped(seller)
    words = ("request", number, "--reason", "not_needed", "--item", f"{item}=2", "--kind", "refused")
    code, answer = said(seller, *words)
    assert (code, answer["state"]) == (0, "returning")
    code, answer = said(seller, *words)
    assert (code, answer["refusal"]["code"], answer["refusal"]["facts"]["left"]) == (1, "return_quantity", 0)


@pytest.mark.parametrize(
    "wrong",
    [
        ("request", "1", "--reason", "because", "--item", "1=1"),
        ("request", "1", "--reason", "quality", "--item", "1"),
        ("request", "1", "--reason", "quality"),
        ("close", "X", "--reason", "solved"),
    ],
)
def test_wrong_usage_is_2(seller: int, wrong: tuple[str, ...]) -> None:
    assert run(seller, *wrong)[0] == 2


def test_what_is_not_there_is_1(seller: int) -> None:
    for words in (("show",), ("authorize",), ("receive",), ("grade", "--item", "1=repack")):
        code, shown = run(seller, words[0], "NOPE", *words[1:])
        assert (code, "there is no return NOPE" in shown) == (1, True)
    _, item, rma = asked(seller)
    assert run(seller, "grade", rma, "--item", f"{item}=lovely")[0] == 2
    assert said(seller, "grade", rma, "--item", f"{item}=repack")[1]["refusal"]["code"] == "return_state"
