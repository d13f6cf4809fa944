"""Nothing grows too long: modules, functions, views, lists of arguments."""

import ast
from collections.abc import Iterator

from tests.tidy.conftest import Module

MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 50
VIEW_LINES_MAX = 40
POSITIONAL_MAX = 5
VIEWS = ("interfaces/web/", "interfaces/portal/", "interfaces/spapi/", "interfaces/mws/", "interfaces/api/")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def test_modules_are_short(modules: list[Module]) -> None:
    long = {module.name: module.text.count("\n") for module in modules}
    assert {name: lines for name, lines in long.items() if lines > MODULE_LINES_MAX} == {}


def test_functions_are_short(modules: list[Module]) -> None:
    assert [found for module in modules for found in too_long(module, FUNCTION_LINES_MAX)] == []


def test_views_are_shorter(modules: list[Module]) -> None:
    doors = [module for module in modules if module.name.startswith(VIEWS)]
    assert [found for module in doors for found in too_long(module, VIEW_LINES_MAX, only_views=True)] == []


def test_few_positional_arguments(modules: list[Module]) -> None:
    crowded = [
        f"{module.name}:{function.lineno} {function.name}"
        for module in modules
        if not module.name.startswith("interfaces/cli/")  # there an argument is a word on the command line
        for function in functions(module)
        if len([a for a in (*function.args.posonlyargs, *function.args.args) if a.arg not in ("self", "cls")])
        > POSITIONAL_MAX
    ]
    assert crowded == []


def test_a_long_function_is_found() -> None:
    body = "\n".join(f"    x = {number}" for number in range(FUNCTION_LINES_MAX))
    text = f"def long(request):\n{body}\n"
    module = Module(path=None, name="domain/x.py", text=text, tree=ast.parse(text))  # type: ignore[arg-type]
    assert too_long(module, FUNCTION_LINES_MAX)
    assert too_long(module, VIEW_LINES_MAX, only_views=True)


def too_long(module: Module, limit: int, *, only_views: bool = False) -> list[str]:
    """Functions over the limit; the docstring does not count."""
    return [
        f"{module.name}:{function.lineno} {function.name} has {lines} lines"
        for function in functions(module)
        if (lines := code_lines(function)) > limit and (not only_views or takes_request(function))
    ]


def functions(module: Module) -> Iterator[Function]:
    """Every function of a module, at any depth."""
    return (node for node in ast.walk(module.tree) if isinstance(node, Function))


def code_lines(function: Function) -> int:
    """Lines from `def` to the end, without the docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def takes_request(function: Function) -> bool:
    """Whether a function is a view: its first argument, after self, is the request."""
    names = [argument.arg for argument in function.args.args if argument.arg != "self"]
    return bool(names) and names[0] in ("request", "_request")
