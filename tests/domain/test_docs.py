"""The examples in docs/rules are run, so that the pages cannot say what the code does not do."""

import doctest
from pathlib import Path

import pytest

from sellerdesk.domain.claims import CLAIM
from sellerdesk.domain.machine import Machine
from sellerdesk.domain.refunds import REFUND
from sellerdesk.domain.returns import RETURN

RULES = Path(__file__).resolve().parents[2] / "docs" / "rules"


@pytest.mark.parametrize(
    "page", ["claims", "deadlines", "messages", "money", "quantities", "refunds", "returns"]
)
def test_examples_of_the_rules(page: str) -> None:
    result = doctest.testfile(str(RULES / f"{page}.md"), module_relative=False, encoding="utf-8")
    assert result.attempted > 5
    assert result.failed == 0


@pytest.mark.parametrize(("page", "machine"), [("claims", CLAIM), ("refunds", REFUND), ("returns", RETURN)])
def test_the_diagrams_are_the_tables(page: str, machine: Machine) -> None:
    assert machine.mermaid() in (RULES / f"{page}.md").read_text(encoding="utf-8")
