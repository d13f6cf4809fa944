"""A migration that creates a table creates it whole.

Django draws all models that hang on a model again for each operation that follows its creation. With fields, indexes
and constraints inside CreateModel, a new installation has its tables in a third of the time.
"""

import ast
from pathlib import Path

ADDITIONS = ("AddField", "AddIndex", "AddConstraint")


def test_tables_are_created_whole(root: Path) -> None:
    files = sorted((root / "src/sellerdesk/migrations").glob("0*.py"))
    assert {file.name: found for file in files if (found := added_later(file.read_text("utf-8")))} == {}


def test_what_is_added_later_is_found() -> None:
    made, more = "m.CreateModel(name='Thing', fields=[])", "m.AddIndex(model_name='thing', index=i)"
    assert added_later(f"[{made}, {more}]") == ["AddIndex of thing"]
    assert added_later(f"[{more}]") == []


def added_later(text: str) -> list[str]:
    """What a migration adds to a model that it has created itself."""
    calls = [
        (
            node.func.attr,
            {one.arg: one.value.value for one in node.keywords if isinstance(one.value, ast.Constant)},
        )
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    created = {str(said["name"]).lower() for kind, said in calls if kind == "CreateModel"}
    return [
        f"{kind} of {said['model_name']}"
        for kind, said in calls
        if kind in ADDITIONS and str(said["model_name"]).lower() in created
    ]
