"""The reference names every operation with the plan that it has."""

from pathlib import Path

import pytest

from sellerdesk.interfaces.spapi.plans import PLANS

REFERENCE = (Path(__file__).parents[3] / "docs" / "reference" / "spapi.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PLANS)
def test_the_reference_tells_the_plan(name: str) -> None:
    family, _, operation = name.partition(".")
    called = "getOrder (2026)" if name == "orders2026.getOrder" else operation
    (line,) = (line for line in REFERENCE.splitlines() if line.startswith(f"| {called} |"))
    plan = PLANS[name]
    assert f"| {plan.rate:g} | {plan.burst} |" in line, family
