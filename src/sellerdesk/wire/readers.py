"""Read a file of orders of any kind and any size, one order at a time.

Every order comes out as its place ("order 3", "line 17") with a document, or with the refusal that says what
is wrong with it. Nothing but a Refusal is ever raised for what a file contains, and memory does not grow
with the file.
"""

from collections.abc import Iterator
from decimal import Decimal
from types import NoneType
from typing import Any

from sellerdesk.domain.orders import OrderDocument
from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.wire import order_report, orders_2026, orders_v0, strict_json
from sellerdesk.wire.detect import Kind, detect
from sellerdesk.wire.fields import is_order_number, located, wrong
from sellerdesk.wire.json_stream import IDS, LISTS, WRAPPERS, Orders
from sellerdesk.wire.source import Binary, Source

Reading = tuple[str, OrderDocument | Refusal]

LIMIT = 16 << 20  # bytes of one order; the largest real ones take some hundred thousand
ROWS = 2_000  # rows of one order in a report
_CANDIDATES = (
    "cp1252",
    "cp932",
    "gb18030",
)  # what flat files of the marketplaces are written in, if not in UTF-8
_CODECS = dict(zip(IDS, (orders_v0.decode_order, orders_2026.decode_order), strict=True))
_AROUND = 8  # bytes shown around one that cannot be read


def read(stream: Binary, *, encoding: str = "", marketplace_id: str = "") -> Iterator[Reading]:
    """The orders of a file. `encoding` is what the sender declared; without it a BOM or strict UTF-8 decides.

    `marketplace_id` is for reports without a column of sales channels. Raises Refusal INVALID_VALUE only for
    an `encoding` that does not exist.
    """
    source = Source(stream, encoding=encoding, limit=LIMIT)
    kind = detect(source.head)
    if kind is Kind.REPORT:
        return _report(source, marketplace_id)
    source.transcode()
    if kind is Kind.DOCUMENT:
        return _decoded(Orders(source))
    if kind is Kind.LINES:
        return _decoded(_lines(source))
    found = "an empty file" if kind is Kind.EMPTY else "something else"
    return iter([("file", wrong("file", found, "orders as JSON, JSON lines or an order report"))])


# -- JSON ------------------------------------------------------------------------------------------


def _decoded(found: Iterator[tuple[str, Any]] | Orders) -> Iterator[Reading]:
    for place, value in found:
        yield place, decode(value, place=place)


# What stands in JSON where an order should, in its own words rather than Python's.
_KINDS = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    Decimal: "a number",
    list: "a list",
    NoneType: "null",
}


def decode(value: Any, *, place: str) -> OrderDocument | Refusal:
    """One order of either Orders API, told apart by the name of its number; or why it cannot be read."""
    if isinstance(value, Refusal):
        return value if value.facts.get("place") == place else located(value, place)
    if not isinstance(value, dict):
        return located(wrong("", _KINDS.get(type(value), "something else"), "an order"), place)
    name = next((name for name in IDS if name in value), None)
    if name is None:
        return located(refuse(Code.MISSING_VALUE, place=IDS[0]), place)
    try:
        return _CODECS[name](value, place=place)
    except Refusal as refusal:
        return _numbered(refusal, value[name])


def _numbered(refusal: Refusal, number: object) -> Refusal:
    """The refusal with the number of the order that it concerns, as far as one can tell."""
    if not is_order_number(number):
        return refusal
    return Refusal(refusal.code, {**refusal.facts, "order_number": number})


def _lines(source: Source) -> Iterator[tuple[str, Any]]:
    """The orders of JSON lines. A line may hold an order, a list of orders or an answer with orders in it."""
    number = 0
    while True:
        data, too_long = source.line()
        if not data and not too_long:
            return
        number += 1
        place = f"line {number}"
        if too_long:
            yield place, wrong("", "a line of many megabytes", "an order of ordinary size")
        elif data.strip():
            yield from _of_line(data.strip(), place)


def _of_line(data: bytes, place: str) -> Iterator[tuple[str, Any]]:
    try:
        value = strict_json.loads(data)
    except Refusal as refusal:
        yield place, refusal
        return
    while isinstance(value, dict) and not any(name in value for name in IDS):
        inner = next((value[name] for name in (*WRAPPERS, *LISTS) if name in value), None)
        if inner is None:
            yield place, refuse(Code.MISSING_VALUE, place=IDS[0])
            return
        value = inner
    if not isinstance(value, list):
        yield place, value
        return
    for i, one in enumerate(value, 1):
        yield f"{place}, order {i}", one


# -- reports ---------------------------------------------------------------------------------------


def _report(source: Source, marketplace_id: str) -> Iterator[Reading]:
    """The orders of a report. Rows of one order stand together.

    A row that cannot be read refuses its order alone.
    """
    rows = _rows(source)
    try:
        header = order_report.Header.read(next(rows)[1])
    except Refusal as refusal:
        yield "line 1", located(refusal, "line 1")
        return
    group: list[tuple[str, order_report.Row]] = []
    trouble: Refusal | None = None
    first, current = "", None
    for place, line, unreadable in rows:
        number = header.order_of(line)
        if current is not None and (number != current or not number):
            yield first, _order(group, trouble, current, marketplace_id)
            group, trouble, current = [], None, None
        if current is None:
            first, current = place, number
        trouble = trouble or unreadable
        try:
            group.append((place, header.row(line)))
            if len(group) > ROWS:
                group.pop()
                raise wrong("", f"more than {ROWS} rows of one order", "an order of ordinary size")
        except Refusal as refusal:
            trouble = trouble or located(refusal, place)
    if current is not None:
        yield first, _order(group, trouble, current, marketplace_id)


def _order(
    group: list[tuple[str, order_report.Row]], trouble: Refusal | None, number: str, marketplace_id: str
) -> OrderDocument | Refusal:
    if trouble is not None:
        return _numbered(trouble, number)
    try:
        return order_report.decode_order(group, marketplace_id=marketplace_id)
    except Refusal as refusal:
        return _numbered(refusal, number)


def _rows(source: Source) -> Iterator[tuple[str, str, Refusal | None]]:
    """The lines that are not blank.

    Place, text, and why the text cannot be trusted (its encoding, its length).
    """
    number = 0
    while True:
        start = source.position
        data, too_long = source.line()
        if not data and not too_long:
            return
        number += 1
        place = f"line {number}"
        data = data.rstrip(b"\r\n")
        if too_long:
            yield place, "", wrong(place, "a line of many megabytes", "a row of ordinary size")
        elif data.strip():
            yield _text(data, place, start, source.encoding)


def _text(data: bytes, place: str, start: int, encoding: str) -> tuple[str, str, Refusal | None]:
    try:
        return place, data.decode(encoding), None
    except UnicodeDecodeError as error:
        around = data[max(error.start - _AROUND, 0) : error.end + _AROUND]
        facts = {
            "place": place,
            "value": data[error.start : error.end].hex(" "),
            "expected": f"text in {encoding}",
            "byte": start + error.start,
            "readings": _readings(around),
        }
        return place, data.decode(encoding, "replace"), Refusal(Code.INVALID_VALUE, facts)


def _readings(around: bytes) -> dict[str, str]:
    """How the bytes would read in the encodings that flat files use.

    For the reader to choose, never for us to guess.
    """
    readings = {}
    for name in _CANDIDATES:
        text = around.decode(name, "replace")
        if "�" not in text.strip("�"):
            readings[name] = text.strip("�")
    return readings
