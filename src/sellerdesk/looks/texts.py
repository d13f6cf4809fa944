"""Texts of somebody else, made harmless to look at."""

import unicodedata

# Characters that turn the direction of everything after them: shown, never obeyed (trust 2.6).
_TURNING = {chr(code) for code in (0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def visible(text: str) -> str:
    """A text of somebody else, made harmless to look at: characters that turn the writing direction or have no shape
    become visible tokens such as ⟦U+202E⟧. Put it into <bdi>.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_token(character) for character in text)


def _token(character: str) -> str:
    hidden = character in _TURNING or (unicodedata.category(character) == "Cc" and character not in "\n\t\r")
    return f"⟦U+{ord(character):04X}⟧" if hidden else character
