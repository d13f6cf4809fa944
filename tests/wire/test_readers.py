"""Files of every kind, sound and damaged: one outcome for each order, with its place and its reason."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.data import published

from sellerdesk.domain.orders import OrderDocument
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.wire.readers import read

ORDER = published.orders_v0()[0]
NUMBER = ORDER["AmazonOrderId"]
GOOD = json.dumps(ORDER).encode()


def outcomes(data: bytes, **options: str) -> list[tuple[str, str]]:
    """Place and order number, or place and code of the refusal."""
    return [
        (place, found.order_number if isinstance(found, OrderDocument) else found.code.value)
        for place, found in read(io.BytesIO(data), **options)
    ]


def reasons(data: bytes, **options: str) -> list[Refusal]:
    return [found for _, found in read(io.BytesIO(data), **options) if isinstance(found, Refusal)]


@pytest.mark.parametrize("path", sorted(published.V2026.glob("*.json")) + sorted(published.V0.glob("getOrder*-?.json")), ids=lambda p: f"{p.parent.name}/{p.name}")  # fmt: skip  # noqa: E501
def test_every_published_answer_is_recognised(path: Path) -> None:
    found = outcomes(path.read_bytes())
    if path.name.startswith(("getOrders-", "getOrder-", "searchOrders-")):
        assert all("-" in number for _, number in found)
        assert found
    else:  # an address, a buyer or items alone are no orders
        assert [code for _, code in found] == ["missing_value"]


@pytest.mark.parametrize(
    "wrapped",
    [
        {"payload": {"Orders": [ORDER]}},
        {"payload": {"Orders": [ORDER], "NextToken": "x"}, "errors": []},
        {"Orders": [ORDER]},
        {"payload": ORDER},
        ORDER,
        [ORDER],
        {"a": {"b": [1, {"Orders": []}]}, "Orders": [ORDER]},
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_the_wrapping_does_not_matter(wrapped: Any, indent: int | None) -> None:
    assert outcomes(json.dumps(wrapped, indent=indent).encode()) == [("order 1", NUMBER)]


def test_json_lines_hold_orders_or_answers() -> None:
    modern = json.dumps(published.orders_2026()[0]).encode()
    answer = json.dumps({"payload": {"Orders": [ORDER, ORDER]}}).encode()
    assert outcomes(b"\n".join([GOOD, b"", modern, answer])) == [
        ("line 1", NUMBER),
        ("line 3", "171-9876543-2109876"),
        ("line 4, order 1", NUMBER),
        ("line 4, order 2", NUMBER),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_byte_order_marks_are_understood(encoding: str) -> None:
    bom = "\ufeff" if encoding == "utf-16-le" else ""
    assert outcomes((bom + json.dumps([ORDER])).encode(encoding)) == [("order 1", NUMBER)]


def test_a_declared_encoding_is_used() -> None:
    data = json.dumps([ORDER | {"SalesChannel": "Amazón"}], ensure_ascii=False).encode("cp1252")
    [(_, found)] = list(read(io.BytesIO(data), encoding="cp1252"))
    assert isinstance(found, OrderDocument)
    assert found.sales_channel == "Amazón"
    with pytest.raises(Refusal):
        read(io.BytesIO(data), encoding="klingon")


@pytest.mark.parametrize(
    "data",
    [b"", b"  \n", b"hello", b"\x00\x01", b"\x89PNG\r\n", b"a\tb\n1\t2\n", b"{}", b"[1", b'{"errors":[]}'],
)
def test_what_holds_no_orders_says_so(data: bytes) -> None:
    assert all(reason.facts["place"] for reason in reasons(data))
    assert reasons(data)


def test_an_answer_without_orders_is_no_error() -> None:
    assert outcomes(b'{"orders": []}') == []
    assert outcomes(b'{"payload": {"Orders": []}}') == []


@pytest.mark.parametrize("end", range(2, len(GOOD), 97))
def test_a_file_that_was_cut_off_keeps_what_was_whole(end: int) -> None:
    assert outcomes(b"[" + GOOD + b"," + GOOD[:end]) == [
        ("order 1", NUMBER),
        ("after order 1", "invalid_value"),
    ]


@pytest.mark.parametrize(
    "bad",
    [
        b'{"AmazonOrderId": NaN}',
        b'{"AmazonOrderId": "\xff"}',
        b"{]",
        b"\x00",
        b'{"a": "\x00"}',
        b'{"n": ' + b"1" * 9999 + b"}",
    ],
)
def test_broken_json_ends_the_document_and_nothing_before_it(bad: bytes) -> None:
    assert outcomes(b"[" + GOOD + b"," + bad + b"," + GOOD + b"]") == [
        ("order 1", NUMBER),
        ("after order 1", "invalid_value"),
    ]


BAD_ORDERS = [
    b'{"AmazonOrderId": "1", "AmazonOrderId": "2"}',
    b'{"AmazonOrderId": "1", "x": ' + b"[" * 1000 + b"]" * 1000 + b"}",
    GOOD[:-1] + b', "x": 1e400}',
    GOOD[:-1] + b', "x": ' + b"9" * 500 + b"}",
    GOOD[:-1] + b', "x": "a\\u0000b"}',
    b'{"AmazonOrderId": "902-1845936-5435065"}',
    b"{}",
    b"[]",
    b"7",
    b"null",
    b'"902-1845936-5435065"',
]


@pytest.mark.parametrize("bad", BAD_ORDERS)
def test_one_bad_order_disturbs_no_other(bad: bytes) -> None:
    found = outcomes(b'{"Orders": [' + GOOD + b"," + bad + b"," + GOOD + b"]}")
    assert [found[0], found[2]] == [("order 1", NUMBER), ("order 3", NUMBER)]
    assert found[1][0] == "order 2"
    assert found[1][1] in set(map(str, Code))


@pytest.mark.parametrize(
    "bad",
    [
        *BAD_ORDERS[:6],
        b"\xff",
        b"\x00",
        b'{"x": NaN}',
        GOOD[:80],
        b"{" * 99999,
        b'{"n": ' + b"1" * 9999 + b"}",
    ],
)
def test_one_bad_line_disturbs_no_other(bad: bytes) -> None:
    found = outcomes(b"\n".join([GOOD, bad, GOOD]))
    assert [found[0], found[2]] == [("line 1", NUMBER), ("line 3", NUMBER)]
    assert found[1] in [("line 2", code.value) for code in Code]


def test_a_refusal_names_the_order_as_far_as_one_can_tell() -> None:
    [reason] = reasons(json.dumps(ORDER | {"OrderStatus": "Lost"}).encode())
    assert reason.facts["order_number"] == NUMBER
    assert reason.facts["place"] == "order 1: OrderStatus"


def test_what_is_no_order_is_named_in_words_of_json() -> None:
    found = [
        reason.facts["value"] for reason in reasons(json.dumps([1, 1.5, None, "x", True, [], ORDER]).encode())
    ]
    assert found == ["a number", "a number", "null", "text", "true or false", "a list"]


def test_an_endless_order_does_not_fill_the_memory() -> None:
    endless = b'[{"AmazonOrderId": "' + b"a" * (20 << 20) + b'"}]'
    assert outcomes(endless) == [("file", "invalid_value")]
    assert outcomes(GOOD + b"\n{" + b"a" * (20 << 20) + b"\n" + GOOD)[1:] == [
        ("line 2", "invalid_value"),
        ("line 3", NUMBER),
    ]


@given(st.binary(max_size=300) | st.text('{}[]",:aO\n\t1-e.', max_size=200).map(str.encode))
def test_nothing_but_refusals_comes_of_any_bytes(data: bytes) -> None:
    for place, found in read(io.BytesIO(data)):
        assert place
        assert isinstance(found, OrderDocument | Refusal)


@given(st.integers(0, 2 * len(GOOD)), st.binary(min_size=1, max_size=3))
def test_nothing_but_refusals_comes_of_a_damaged_file(at: int, damage: bytes) -> None:
    whole = b'{"payload":{"Orders":[' + GOOD + b"," + GOOD + b"]}}"
    data = whole[:at] + damage + whole[at + len(damage) :]
    for place, found in read(io.BytesIO(data)):
        assert place
        assert isinstance(found, OrderDocument | Refusal)


class Drip(io.RawIOBase):
    """A stream that gives less than it is asked for, as pipes do."""

    def __init__(self, data: bytes) -> None:
        self.data = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self.data.read(min(size, 7) if size >= 0 else 7)


@pytest.mark.parametrize("data", [b"[" + GOOD + b"," + GOOD + b"]", GOOD + b"\n" + GOOD])
def test_pipes_give_little_at_a_time(data: bytes) -> None:
    assert [found.order_number for _, found in read(Drip(data)) if isinstance(found, OrderDocument)] == [
        NUMBER
    ] * 2


GROWTH = """
import itertools, json, resource, sys
from sellerdesk.wire.readers import read
order, kind = json.load(open(sys.argv[1]))["payload"]["Orders"][0], sys.argv[2]
class Endless:
    def __init__(self, count):
        self.parts = self.make(count)
        self.rest = b""
    def make(self, count):
        if kind == "document":
            yield b'{"payload":{"Orders":['
        for i in range(count):
            number = f"902-{i // 10**7:07}-{i % 10**7:07}"
            one = json.dumps(order | {"AmazonOrderId": number}).encode()
            yield one + (b"\\n" if kind == "lines" else b"," if i < count - 1 else b"]}}")
    def read(self, size):
        while len(self.rest) < size and (part := next(self.parts, None)):
            self.rest += part
        block, self.rest = self.rest[:size], self.rest[size:]
        return block
def take(count):
    for n, (place, found) in enumerate(read(Endless(count)), 1):
        assert found.order_number, place
    assert n == count
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
small = take(2_000)
print(take(int(sys.argv[3])) - small)
"""


@pytest.mark.serial
@pytest.mark.parametrize(("kind", "count"), [("document", 20_000), ("lines", 20_000)])
def test_memory_does_not_grow_with_the_file(kind: str, count: int) -> None:
    """Peak memory, in KiB, of reading 20,000 orders (some 30 MB) beside that of reading 2,000."""
    sample = str(published.V0 / "getOrders-1.json")
    ran = subprocess.run(
        [sys.executable, "-c", GROWTH, sample, kind, str(count)], capture_output=True, text=True, check=True
    )
    assert int(ran.stdout) < 4 << 10
