"""Bring the catalogues of the interfaces up to date: `python tools/messages.py` (`--check` only looks).

Reads every text that goes through gettext in `src/sellerdesk`, adds new ones to `locale/*/LC_MESSAGES/django.po`, drops
those that are gone, keeps what is translated, and compiles the `.mo` files. Needs no program but Python: Babel reads
what Django's own template reader makes of a template.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "sellerdesk"
LOCALES = ("zh_Hans", "zh_Hant")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "_lazy": None,
    "lazy": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
Key = tuple[str | None, str | tuple[str, str]]


def texts() -> Iterator[tuple[str, int, Key, list[str]]]:
    """File, line, (context, text or (singular, plural)) and comments of every text to translate."""
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix not in (".py", ".html", ".txt") or not path.is_file():
            continue
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            if "{%" not in source:
                continue
            source = templatize(source, origin=str(path))
        found = extract_python(io.BytesIO(source.encode()), KEYWORDS, ["Translators:"], {})
        for line, function, message, comments in found:
            key = _key(function, message)
            if key:
                yield path.relative_to(PACKAGE).as_posix(), line, key, comments


def _key(function: str, message: Any) -> Key | None:
    parts = [one for one in (message if isinstance(message, tuple) else (message,)) if isinstance(one, str)]
    context = parts.pop(0) if "pgettext" in function else None
    if not parts:
        return None
    return context, (parts[0], parts[1]) if function.lstrip("p").startswith(
        "ngettext"
    ) or "npgettext" in function else parts[0]


def catalogue(locale: str) -> Catalog:
    """The catalogue as it should be: all texts of the source with the translations that the file has."""
    path = po(locale)
    old = read_po(io.BytesIO(path.read_bytes()), locale=locale) if path.exists() else Catalog(locale=locale)
    new = Catalog(locale=locale, project="Sellerdesk", fuzzy=False)
    for file, _line, (context, message), comments in texts():
        identity = list(message) if isinstance(message, tuple) else message
        known = old.get(message[0] if isinstance(message, tuple) else message, context)
        string = known.string if known is not None and "fuzzy" not in known.flags else None
        new.add(identity, string, locations=[(file, None)], context=context, auto_comments=comments)
    return new


def po(locale: str) -> Path:
    """The file of a language."""
    return PACKAGE / "locale" / locale / "LC_MESSAGES" / "django.po"


def written(found: Catalog) -> bytes:
    """The catalogue as a file: sorted, without dates and line numbers, so that it changes only when texts do."""
    out = io.BytesIO()
    write_po(out, found, width=110, sort_output=True, omit_header=True, include_lineno=False)
    head = (
        'msgid ""\nmsgstr ""\n"Project-Id-Version: Sellerdesk\\n"\n'
        f'"Language: {found.locale}\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    )
    return head.encode() + out.getvalue()


def compiled(text: bytes, locale: str) -> bytes:
    """The `.mo` file of a `.po` file's text."""
    out = io.BytesIO()
    write_mo(out, read_po(io.BytesIO(text), locale=locale))
    return out.getvalue()


def untranslated(found: Catalog) -> list[str]:
    """Texts that have no translation."""
    return [
        str(message.id)
        for message in found
        if message.id and not all(message.string if isinstance(message.string, tuple) else (message.string,))
    ]


def main(arguments: list[str]) -> int:
    """Write, or with --check only compare; not 0 when something is missing or stale."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    bad = 0
    for locale in LOCALES:
        found = catalogue(locale)
        path, text = po(locale), written(found)
        if "--check" in arguments:
            bad += path.read_bytes() != text
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
            path.with_suffix(".mo").write_bytes(compiled(text, locale))
        missing = untranslated(found)
        bad += bool(missing)
        sys.stdout.write(f"{locale}: {len(found)} texts, {len(missing)} without translation\n")
        for one in missing:
            sys.stdout.write(f"  {one}\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
