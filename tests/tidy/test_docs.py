"""Documents tell the truth: every setting is described, generated pages are fresh, links lead somewhere."""

import re
import subprocess
import sys
from pathlib import Path

from tests.tidy.conftest import Module

from sellerdesk.config.environment import VARIABLES

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
VARIABLE = re.compile(r"SELLERDESK_[A-Z_]+[A-Z]")


def test_every_setting_is_documented(modules: list[Module], root: Path) -> None:
    used = {name for module in modules for name in VARIABLE.findall(module.text)}
    documented = {variable.name for variable in VARIABLES}
    assert used <= documented
    page = (root / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert {name for name in documented if f"`{name}`" not in page} == set()


def test_generated_pages_are_fresh(root: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=root, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, f"run `make docs`: {answer.stdout}{answer.stderr}"


def test_links_lead_somewhere(root: Path) -> None:
    pages = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    assert pages
    assert [broken for page in pages for broken in broken_links(page)] == []


def broken_links(page: Path) -> list[str]:
    """Links of a page to files that do not exist; addresses of other machines are not asked."""
    found = []
    for text, picture in LINK.findall(page.read_text(encoding="utf-8")):
        target = (text or picture).split("#")[0]
        ours = target and "://" not in target and not target.startswith("mailto:")
        if ours and not (page.parent / target).exists():
            found.append(f"{page.name}: {target}")
    return found
