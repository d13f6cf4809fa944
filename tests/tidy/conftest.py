"""The source as the tidy tests see it."""

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "sellerdesk"


@dataclass(frozen=True)
class Module:
    """A file of ours, read."""

    path: Path
    name: str  # "interfaces/web/views.py"
    text: str
    tree: ast.Module

    @property
    def floor(self) -> str:
        """The first folder: domain, wire, …"""
        return self.name.split("/")[0]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def modules() -> list[Module]:
    """Every module of the package that people write."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if not name.startswith("migrations/"):
            text = path.read_text(encoding="utf-8")
            found.append(Module(path, name, text, ast.parse(text)))
    return found
