"""Texts to translate stand where the catalogues' tool can see them."""

import ast

from tests.tidy.conftest import Module

TRANSLATORS = {"_", "_lazy", "lazy", "gettext", "gettext_lazy", "ngettext", "pgettext", "npgettext"}


def test_no_text_to_translate_hides_in_an_f_string(modules: list[Module]) -> None:
    """The extractor reads an f-string as one text, so what is called inside it never reaches a translator."""
    hidden = [
        f"{module.name}:{call.lineno}"
        for module in modules
        for text in ast.walk(module.tree)
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in TRANSLATORS
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []
