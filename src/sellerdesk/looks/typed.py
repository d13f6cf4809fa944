"""Reading what people type: tidy, bounded, and free of characters that no text has (trust 2.6)."""

import unicodedata

from sellerdesk.domain.refusals import Code, refuse

_ALLOWED = {"\n", "\t", "\r"}


def tidy(text: str, *, place: str, longest: int) -> str:
    """The text in normal form without blanks around it.

    Raises Refusal INVALID_VALUE for control characters, lone surrogates, and more than `longest` characters.
    """
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in _ALLOWED for c in text):
        raise refuse(Code.INVALID_VALUE, place=place, value="", expected="text without control characters")
    clean = unicodedata.normalize("NFC", text).strip()
    if len(clean) > longest:
        raise refuse(
            Code.INVALID_VALUE, place=place, value=clean[:40], expected=f"at most {longest} characters"
        )
    return clean


def whole_number(text: str, *, place: str) -> int:
    """A number of units from 0 on; nothing typed means 0. Raises Refusal INVALID_VALUE."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return 0
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 7):
        raise refuse(Code.INVALID_VALUE, place=place, value=text[:40], expected="a whole number")
    return int(plain)
