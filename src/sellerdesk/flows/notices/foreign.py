"""Words of strangers in letters: of one line or as a quotation, never more than a letter holds, and never our own.

A letter's page escapes everything; what is done here holds for its text, its subject and its page alike. Marks that
turn the direction of writing are left out, and what is written from right to left is isolated, so that it cannot
reorder our words around it.
"""

import re
import unicodedata

from sellerdesk.domain.message_lint import clean

LINE_MOST = 300  # characters of a name, a title or a note within a sentence
WORD_MOST = 60  # characters that stand together without a place to break
_ISOLATE, _END = "\u2068", "\u2069"
_FROM_THE_RIGHT = frozenset({"R", "AL", "AN"})
_PRIVATE = re.compile("[\ue000-\uf8ff]")  # ours: they stand for a quotation in a text
_LONG = re.compile(rf"\S{{{WORD_MOST + 1},}}")
_ZERO_WIDTH_SPACE = "\u200b"


def plain(text: str, most: int = LINE_MOST) -> str:
    """On one line, so that it cannot begin a paragraph, a list or a subject of its own."""
    return _harmless(" ".join(clean(text[: most * 2]).split()), most)


def quoted(text: str, most: int) -> tuple[str, ...]:
    """As lines, broken as their writer broke them, without blank ones at either end."""
    cut = clean(_PRIVATE.sub("\ufffd", text))
    over = len(cut) > most
    lines = [_harmless(line.rstrip(), most) for line in cut[:most].split("\n")]
    return (*lines, "…") if over else tuple(lines) if cut else ()


def _harmless(text: str, most: int) -> str:
    text = _PRIVATE.sub("\ufffd", text)
    if len(text) > most:
        text = text[: most - 1].rstrip() + "…"
    text = _LONG.sub(lambda found: _folded(found[0]), text)
    if any(unicodedata.bidirectional(one) in _FROM_THE_RIGHT for one in text):
        return f"{_ISOLATE}{text}{_END}"
    return text


def _folded(word: str) -> str:
    """A word with places where a line may break, which nobody sees."""
    parts = (word[start : start + WORD_MOST] for start in range(0, len(word), WORD_MOST))
    return _ZERO_WIDTH_SPACE.join(parts)
