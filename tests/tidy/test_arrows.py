"""The import contracts hold, and a wrong import breaks them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PLANTS = [
    ("domain/planted.py", "import django", "Rules and formats are pure"),
    ("domain/planted.py", "import sellerdesk.models", "Imports go down only"),
    ("wire/planted.py", "import psycopg", "Rules and formats are pure"),
    (
        "interfaces/web/planted.py",
        "import sellerdesk.models.orders",
        "Only commands and queries touch the tables",
    ),
    (
        "interfaces/web/planted.py",
        "import sellerdesk.adapters.postgres",
        "Only flows touch the outside world",
    ),
    ("interfaces/web/planted.py", "import sellerdesk.interfaces.spapi", "A door never knows another door"),
    ("interfaces/web/planted.py", "import sellerdesk.config.settings", "Imports go down only"),
    ("commands/planted.py", "import sellerdesk.commands.orders", "No command calls another"),
    ("utils/__init__.py", "", "Imports go down only"),
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts of `folder/pyproject.toml` on `folder/src`."""
    program = "import sys; sys.path.insert(0, 'src'); from importlinter.cli import lint_imports_command as run; run()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A copy of the source to plant things in."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copytree(root / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    shutil.copy(root / "pyproject.toml", folder)
    return folder


def test_every_arrow_points_down(root: Path) -> None:
    answer = lint(root)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize(("place", "line", "contract"), PLANTS)
def test_a_wrong_import_is_refused(copy: Path, place: str, line: str, contract: str) -> None:
    planted = copy / "src" / "sellerdesk" / place
    new_folder = not planted.parent.exists()
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(line + "\n", encoding="utf-8")
    try:
        answer = lint(copy)
    finally:
        shutil.rmtree(planted.parent) if new_folder else planted.unlink()
    assert answer.returncode != 0
    assert contract in answer.stdout
    if not new_folder:
        assert f"{contract} BROKEN" in answer.stdout
