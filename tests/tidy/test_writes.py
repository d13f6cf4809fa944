"""Only the floors of commands and tables write, nobody hides an import, and tests are unknown to the source."""

import ast
import re

from tests.tidy.conftest import Module

WRITERS = ("commands/", "models/", "demo/")
# The schema, its owner and its roles are not data; and a picture is saved to bytes.
OTHER_SQL = ("adapters/postgres/", "adapters/pictures/")
METHODS = {
    "save",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "create",
    "delete",
    "update",
}
SQL = re.compile(
    r"\b(INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|TRUNCATE\s|COPY\s+\w+.*\bFROM\s+STDIN)", re.I
)


def test_only_commands_and_tables_write(modules: list[Module]) -> None:
    others = [module for module in modules if not module.name.startswith((*WRITERS, *OTHER_SQL))]
    assert [found for module in others for found in writes(module)] == []


def test_no_import_hides_in_a_function(modules: list[Module]) -> None:
    hidden = [
        f"{module.name}:{node.lineno}"
        for module in modules
        for function in ast.walk(module.tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_the_source_does_not_know_the_tests(modules: list[Module]) -> None:
    assert [
        module.name
        for module in modules
        if re.search(r"\bpytest\b|^\s*(from|import) tests\b", module.text, re.M)
    ] == []


def test_a_write_is_found() -> None:
    for line in (
        'Order.objects.filter(id=1).update(status="x")',
        'run("DELETE FROM orders")',
        "order.save()",
    ):
        assert writes(Module(path=None, name="queries/x.py", text=line, tree=ast.parse(line)))  # type: ignore[arg-type]


def writes(module: Module) -> list[str]:
    """Places of a module that change rows: methods of the ORM on something of the ORM, and SQL."""
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            receiver = ast.unparse(node.func.value)
            if "objects" in receiver or node.func.attr in ("save", "bulk_create", "bulk_update"):
                found.append(f"{module.name}:{node.lineno} {node.func.attr}()")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
            found.append(f"{module.name}:{node.lineno} SQL")
    return found
