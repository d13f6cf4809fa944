"""Code 128, as the widths of its bars."""

from functools import lru_cache

from reportlab.graphics.barcode.code128 import Code128Auto

QUIET = 10  # modules of white that a reader needs on either side


@lru_cache(maxsize=1024)
def code128_widths(text: str) -> tuple[int, ...]:
    """Widths in modules of bars and gaps in turn, beginning and ending with a bar, without the quiet zones.

    Raises ValueError for text outside ASCII: Code 128 cannot say it.
    """
    if not text or not text.isascii():
        raise ValueError(f"not a text for Code 128: {text[:40]!r}")
    code = Code128Auto(text)
    code.validate()
    code.encode()
    code.decompose()
    # ReportLab writes bars as capital or small letters: A is one module of bar, a one module of gap, and so on.
    return tuple(ord(letter.lower()) - ord("a") + 1 for letter in code.decomposed)
