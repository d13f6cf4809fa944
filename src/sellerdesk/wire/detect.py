"""Tell from its beginning what kind of file of orders one has (design 4, import files)."""

import codecs
import json
from enum import StrEnum

_JSON = (b"{", b"[")
_OPEN_ENDED = (b"{", b"[", b",", b":")  # a line that ends like this is not a whole JSON value
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Kind(StrEnum):
    DOCUMENT = "document"  # one JSON value: an answer of either Orders API, an order, or a list of orders
    LINES = "lines"  # one JSON value a line
    REPORT = "report"  # tab-separated text with a header row
    EMPTY = "empty"
    UNKNOWN = "unknown"


def detect(head: bytes) -> Kind:
    """The kind of a file by its first bytes (the more, the surer), which are UTF-8 or close to it.

    Without a BOM.
    """
    text = head.lstrip(b" \t\r\n")
    if not text:
        return Kind.EMPTY
    if text.startswith(_JSON):
        return Kind.LINES if _has_lines(text) else Kind.DOCUMENT
    first = text.split(b"\n", 1)[0].lower()
    if b"\t" in first and b"order-id" in first:
        return Kind.REPORT
    return Kind.UNKNOWN


def _has_lines(text: bytes) -> bool:
    """Whether the first line is a whole JSON value, or is damaged and the next one begins an object."""
    first, _, more = text.partition(b"\n")
    if not more.strip() or first.rstrip().endswith(_OPEN_ENDED):
        return False
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return more.lstrip().startswith(b"{")
    return True
