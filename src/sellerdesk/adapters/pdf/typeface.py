"""The typeface of everything printed: one that has Chinese, Japanese, Korean and Latin letters and travels with us."""

from functools import cache
from pathlib import Path
from threading import Lock

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

TYPEFACE = "WenQuanYiMicroHei"
_FILE = Path(__file__).parent / "fonts" / "wqy-microhei.ttc"
_lock = Lock()


def load_typeface() -> None:
    """Make the typeface known to ReportLab; reading it takes a third of a second, once a process."""
    with _lock:
        _load()


@cache
def _load() -> None:
    pdfmetrics.registerFont(TTFont(TYPEFACE, str(_FILE), subfontIndex=0))


@cache
def _width(character: str) -> float:
    return float(pdfmetrics.stringWidth(character, TYPEFACE, 1000))


def width(text: str, size: float) -> float:
    """How wide a text is at a size, in points. The typeface has no kerning that ReportLab would apply."""
    return sum(map(_width, text)) * size / 1000


def wrap(text: str, size: float, room: float) -> list[str]:
    """Break a text into lines that fit into `room` points: at blanks, and between any two Chinese characters.

    A word that is wider than the room is broken where it must be. Never answers an empty list.
    """
    lines: list[str] = []
    line, used = "", 0.0
    for word in _pieces(text):
        for piece in _fitting(word, size, room):
            needed = width(piece, size)
            if line and used + needed - (width(" ", size) if piece.endswith(" ") else 0) > room:
                lines.append(line.rstrip())
                line, used = "", 0.0
                piece = piece.lstrip()
                needed = width(piece, size)
            line += piece
            used += needed
    return [*lines, line.rstrip()]


def _pieces(text: str) -> list[str]:
    """The smallest runs that stay together: a word with the blank after it, or one ideograph."""
    pieces: list[str] = []
    word = ""
    for character in " ".join(text.split()):
        if character == " ":
            pieces.append(word + " ")
            word = ""
        elif _is_wide(character):
            # Closing punctuation never begins a line.
            if word:
                pieces.append(word)
                word = ""
            if pieces and character in "，。、；：！？）》」』】":
                pieces[-1] += character
            else:
                pieces.append(character)
        else:
            word += character
    return [*pieces, word] if word else pieces


def _is_wide(character: str) -> bool:
    return "⺀" <= character <= "꓏" or "豈" <= character <= "﫿" or "＀" <= character <= "￯"


def _fitting(word: str, size: float, room: float) -> list[str]:
    if width(word.rstrip(), size) <= room:
        return [word]
    parts, part = [], ""
    for character in word:
        if part and width(part + character, size) > room:
            parts.append(part)
            part = ""
        part += character
    return [*parts, part]
