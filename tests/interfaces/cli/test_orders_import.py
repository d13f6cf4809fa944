"""`sellerdesk orders import`: one line for each order, a summary, and an exit code that scripts can trust."""

import json
from pathlib import Path

import pytest
from tests import build
from tests.data import published
from typer.testing import CliRunner

from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.interfaces.cli.orders import app
from sellerdesk.interfaces.cli.refusals import SENTENCES, sentence

FILE = published.V0 / "getOrders-1.json"


@pytest.fixture
def seller(committed: None) -> str:
    return str(build.a_seller())


def run(*arguments: str, data: bytes | None = None) -> tuple[int, list[str]]:
    result = CliRunner().invoke(app, ["import", *arguments], input=data)
    return result.exit_code, result.output.splitlines()


def test_a_file_of_orders(seller: str) -> None:
    code, said = run(str(FILE), "--seller", seller)
    assert code == 0
    assert said == [
        "order 1: imported 902-1845936-5435065",
        "order 2: imported 902-8745147-1934268",
        "2 imported, 0 updated, 0 unchanged, 0 refused.",
    ]
    assert run(str(FILE), "--seller", seller)[1][-1] == "0 imported, 0 updated, 2 unchanged, 0 refused."


def test_a_refused_order_is_named_and_makes_the_exit_code_1(seller: str, tmp_path: Path) -> None:
    file = tmp_path / "orders.json"
    file.write_bytes(FILE.read_bytes()[:-200])
    code, said = run(str(file), "--seller", seller)
    assert code == 1
    assert said[1] == "after order 1: refused (after order 1: the file ends here is not JSON in UTF-8)"


def test_json_answers_are_lines(seller: str) -> None:
    code, said = run("-", "--seller", seller, "--json", data=b'{"AmazonOrderId": "902-1845936-5435065"}')
    assert code == 1
    refused, summary = map(json.loads, said)
    assert refused["refusal"]["code"] == "missing_value"
    assert refused["refusal"]["facts"]["place"] == "order 1: OrderStatus"
    assert refused["order_number"] == "902-1845936-5435065"
    assert summary == {"summary": {"imported": 0, "updated": 0, "unchanged": 0, "refused": 1}}


@pytest.mark.parametrize(
    "arguments",
    [
        ["/nowhere", "--seller", "{seller}"],
        [str(FILE), "--seller", "999999"],
        [str(FILE), "--seller", "A1NOBODY"],
        [str(FILE), "--seller", "9" * 30],
        [str(FILE)],
        [str(FILE), "--seller", "{seller}", "--encoding", "klingon"],
        [str(FILE), "--seller", "{seller}", "--marketplace", "XX"],
    ],
)
def test_wrong_usage_is_2_without_a_traceback(seller: str, arguments: list[str]) -> None:
    code, said = run(*[argument.format(seller=seller) for argument in arguments])
    assert code == 2
    assert "Traceback" not in "\n".join(said)


@pytest.mark.parametrize("code", list(Code))
def test_every_refusal_is_worded(code: Code) -> None:
    said = sentence(refuse(code, place="line 1", value="\x1b[2J"))
    assert code in SENTENCES
    assert "\x1b" not in said
