"""The examples in docs/rules are run, so that the pages cannot say what the code does not do."""

import doctest
from pathlib import Path

import pytest

RULES = Path(__file__).resolve().parents[2] / "docs" / "rules"


@pytest.mark.parametrize("page", ["deadlines", "messages", "money", "quantities"])
def test_examples_of_the_rules(page: str) -> None:
    result = doctest.testfile(str(RULES / f"{page}.md"), module_relative=False, encoding="utf-8")
    assert result.attempted > 5
    assert result.failed == 0
