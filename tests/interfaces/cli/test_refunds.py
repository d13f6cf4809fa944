"""`sellerdesk refunds …`: what is shown, what is asked, what is done once, and what is refused."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from tests import build
from typer.testing import CliRunner

from sellerdesk.commands.refunds import request_refunds
from sellerdesk.config import clock
from sellerdesk.domain.refund_reasons import RefundReason
from sellerdesk.domain.refunds import RefundRequest
from sellerdesk.interfaces.cli.refunds import app
from sellerdesk.queries.verify import verify

NOW = build.PLACED + timedelta(days=3)
WHY = ("--reason", "general_adjustment")


class Clock:
    now = NOW

    def __call__(self) -> Any:
        return self.now


@pytest.fixture(autouse=True)
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    ours = Clock()
    monkeypatch.setattr(clock, "now", ours)
    return ours


@pytest.fixture
def seller(committed: None) -> int:
    return build.a_seller(countries=("US", "JP"))


def run(seller: int, *words: str, typed: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(app, [*words, "--seller", str(seller)], input=typed)
    return result.exit_code, result.output


def said(seller: int, *words: str) -> tuple[int, dict[str, Any]]:
    """What a command says to programs; the key is told apart from it."""
    result = CliRunner().invoke(app, [*words, "--seller", str(seller), "--json"])
    return result.exit_code, json.loads(result.stdout)


def hundred(seller: int) -> str:
    return build.a_shipped_order(seller, items=[build.an_item(ordered=1, price=10_000, tax=0)])


def item_of(number: str) -> str:
    sql = "SELECT item_number FROM order_items i JOIN orders o ON o.id = i.order_id WHERE order_number = %s"
    return str(build.everything(sql, [number])[0][0])


def totals() -> list[tuple[int, str]]:
    return build.everything("SELECT total, state FROM refunds ORDER BY id")


def test_it_shows_asks_and_refunds(seller: int) -> None:
    number = build.a_shipped_order(seller)  # 2 x 19.99 and 1.60 tax each
    code, shown = run(seller, "make", number, *WHY, typed="n\n")
    assert code == 1
    assert "43.18 USD" in shown
    assert "Refund 1 of 1?" in shown
    assert totals() == []
    code, shown = run(seller, "make", number, *WHY, typed="y\n")
    assert code == 0
    assert f"{number}: 43.18 USD pending, {number}-R1, can be undone until 2026-03-05 20:00 UTC" in shown
    assert "0.00 USD left" in shown
    assert totals() == [(4318, "PENDING")]
    assert [violation for finding in verify() for violation in finding.violations] == []


def test_the_preview_does_nothing_and_says_the_same(seller: int) -> None:
    number = build.a_shipped_order(seller)
    line = f"{item_of(number)}=1"
    code, before = said(seller, "preview", number, *WHY, "--line", line, "--goodwill", "1.00")
    assert (code, before["state"], before["left"]) == (0, "possible", "43.18")
    assert {part["component"]: part["amount"] for part in before["facts"]["parts"]} == {
        "principal": "19.99", "tax": "1.60",
    }  # fmt: skip
    assert totals() == []
    code, made = said(seller, "make", number, *WHY, "--line", line, "--goodwill", "1.00", "--yes")
    assert (code, made["facts"]["total"], before["facts"]["total"]) == (0, "22.59", "22.59")
    assert made["facts"]["left"] == before["facts"]["left"] == "21.59"


def test_a_retry_with_the_printed_key_is_one_refund(seller: int) -> None:  # P1
    number = hundred(seller)
    words = ("make", number, *WHY, "--amount", "60.00", "--yes")
    result = CliRunner().invoke(app, [*words, "--seller", str(seller), "--json"])
    key = re.search(r"Key: (\S+)", result.stderr)
    assert key is not None
    first = json.loads(result.stdout)
    code, again = said(seller, *words, "--key", key[1])
    assert (code, again) == (0, first)
    code, shown = run(
        seller, *words[:-1], "--key", key[1], typed="y\n"
    )  # the preview cannot know, the key can
    assert code == 0
    assert f"{number}: 60.00 USD pending" in shown
    assert totals() == [(6000, "PENDING")]
    code, other = said(seller, "make", number, *WHY, "--amount", "10.00", "--yes", "--key", key[1])
    assert (code, other["refusal"]["code"]) == (1, "key_reused")
    code, more = said(seller, *words)
    assert (code, more["refusal"]["code"], more["refusal"]["facts"]["left"]) == (
        1,
        "refund_exceeded",
        "40.00",
    )
    assert "60.00 USD is more than the 40.00 USD that is left to refund" in more["refusal"]["sentence"]


def test_what_was_shown_is_what_is_done(seller: int, monkeypatch: pytest.MonkeyPatch) -> None:
    number = hundred(seller)

    def meanwhile(*_: Any, **__: Any) -> bool:
        asked = RefundRequest(number, RefundReason.GENERAL_ADJUSTMENT, amount=1000)
        build.all_well(request_refunds(build.an_actor(seller), [asked], now=NOW))
        return True

    monkeypatch.setattr("typer.confirm", meanwhile)
    code, shown = run(seller, "make", number, *WHY)
    assert code == 1
    assert "has changed order" in shown
    code, other = said(seller, "make", number, *WHY, "--yes", "--expects-left", "100.00")
    assert (code, other["refusal"]["code"], other["refusal"]["facts"]["left"]) == (1, "left_changed", "90.00")
    assert totals() == [(1000, "PENDING")]


def test_undo_and_approve(seller: int, time: Clock) -> None:
    number = hundred(seller)
    run(seller, "make", number, *WHY, "--amount", "1.00", "--yes")
    code, shown = run(seller, "undo", f"{number}-R1")
    assert (code, f"{number}: 1.00 USD cancelled, {number}-R1" in shown) == (0, True)
    dear = build.a_shipped_order(seller, items=[build.an_item(ordered=1, price=60_000, tax=0)])
    code, shown = run(seller, "make", dear, *WHY, "--yes")
    assert (code, "somebody else must approve it" in shown) == (0, True)
    code, shown = run(seller, "approve", f"{dear}-R1")
    assert code == 1
    assert "somebody else than command line must agree" in shown
    mine = RefundRequest(dear, RefundReason.GENERAL_ADJUSTMENT)
    run(seller, "undo", f"{dear}-R1")
    build.all_well(request_refunds(build.an_actor(seller, name="Ada"), [mine], now=NOW))
    time.now += timedelta(hours=1)
    code, shown = run(seller, "approve", f"{dear}-R2")
    assert (code, "can be undone until 2026-03-05 21:00 UTC" in shown) == (0, True)
    time.now += timedelta(hours=2)
    code, other = said(seller, "undo", f"{dear}-R2")
    assert (code, other["refusal"]["code"]) == (1, "hold_over")
    code, other = said(seller, "undo", "nonsense")
    assert (code, other["refusal"]["code"]) == (1, "order_not_found")


def test_the_list(seller: int) -> None:
    number = hundred(seller)
    for text in ("1.00", "2.00", "3.00"):
        run(seller, "make", number, *WHY, "--amount", text, "--yes", "--words", "Secret words")
    code, page = said(seller, "list", "--limit", "2")
    assert [one["total"] for one in page["refunds"]] == ["3.00", "2.00"]
    assert page["next"] == f"{number}-R2"
    code, rest = said(seller, "list", "--after", page["next"], "--order", number, "--state", "pending")
    assert (code, [one["reference"] for one in rest["refunds"]], rest["next"]) == (0, [f"{number}-R1"], None)
    code, shown = run(seller, "list", "--limit", "2")
    assert (code, f"--after {number}-R2" in shown, "Secret" in shown) == (0, True, False)


HOSTILE = ["-1", "0", "0.001", "NaN", "1e2", "１０", "+1", "1,00", " 1", "Infinity", "9" * 16]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_amounts_are_named_and_change_nothing(seller: int, text: str) -> None:
    number = hundred(seller)
    item = item_of(number)
    given = [(f"--{name}", text) for name in ("amount", "goodwill", "return-shipping", "fee", "expects-left")]
    for option, value in [*given, ("--line", f"{item}:product={text}")]:
        if option == "--expects-left" and text == "0":
            continue
        code, shown = run(seller, "make", number, *WHY, f"{option}={value}", "--yes")
        # What the rule alone can judge is refused by it; what cannot be read is wrong usage.
        judged = option in ("--line", "--expects-left") and text in ("-1", "0")
        assert code == (1 if judged else 2), (option, shown)
        if not judged:
            assert option in shown
    assert totals() == []


def test_yen_have_no_decimals(seller: int) -> None:
    number = build.a_shipped_order(seller, country="JP", items=[build.an_item(ordered=1, price=1000, tax=0)])
    code, shown = run(seller, "make", number, *WHY, "--amount", "10.5", "--yes")
    assert (code, "decimals of JPY" in shown, totals()) == (2, True, [])
    code, made = said(seller, "make", number, *WHY, "--amount", "400", "--yes")
    assert (code, made["facts"]["total"], made["facts"]["left"]) == (0, "400", "600")


@pytest.mark.parametrize(
    "wrong",
    [
        ["--amount", "1.00", "--line", "1=1"],
        ["--amount", "1.00", "--only-concessions"],
        ["--line", "x"],
        ["--line", "1=0"],
        ["--line", "1:soul=1.00"],
        ["--line", "1=1", "--line", "1:tax=1.00"],
        ["--line", "1=1", "--line", "1=1"],
        ["222-2222222-2222222", "--line", "1=1"],
        ["--mode", "someday"],
        ["--key", "ｋｅｙ"],
    ],
)
def test_wrong_usage_is_2(seller: int, wrong: list[str]) -> None:
    assert run(seller, "make", "111-1111111-1111111", *WHY, *wrong, "--yes")[0] == 2
    assert run(seller, "make", "111-1111111-1111111", *WHY, "--json")[0] == 2


def test_what_is_refused_does_not_disturb_the_rest(seller: int) -> None:
    number, unpaid = hundred(seller), build.a_placed_order(seller)
    code, shown = run(seller, "make", unpaid, number, "111-1111111-1111111", *WHY, "--yes")
    assert code == 1
    assert f"{number}: 100.00 USD pending" in shown
    assert f"{unpaid}: refused" in shown
    assert "there is no order 111-1111111-1111111" in shown
    code, shown = run(seller, "make", unpaid, *WHY)
    assert (code, "Refund" in shown) == (1, True)  # nothing to ask about
