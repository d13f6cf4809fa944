"""Walk one JSON document of any size and hand out its orders one by one (flat memory).

The orders are looked for where either Orders API puts them: in `payload.Orders`, `Orders`, `orders`, in a
bare list, or as the one order of `payload`, `order` or the document itself.
"""

import re
from collections.abc import Iterator
from typing import Any

import ijson

from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.wire.fields import DEPTH, Json, wrong
from sellerdesk.wire.source import BLOCK, Source, TooLargeError

Event = tuple[str, Any]
Found = tuple[str, Any]  # a place and a decoded value, or a Refusal in its stead

LISTS = ("Orders", "orders")
WRAPPERS = ("payload", "order")
IDS = ("AmazonOrderId", "orderId")
_OPENING = ("start_map", "start_array")
_CLOSING = ("end_map", "end_array")
_MEMBERS = 200_000  # JSON events that no order needs
_TROUBLE = (ijson.JSONError, UnicodeDecodeError, ValueError, OverflowError)
_DIGITS = re.compile(rb"[0-9]{1000}")


class _EndlessNumberError(Exception):
    """A number of a thousand digits or more."""


class _Guarded:
    """Hands a source to the parser up to a number that its C code would break on (Python takes 4,300 digits).

    What stands before the number is handed out first, so that the orders there are not lost.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._stop = False

    def read(self, size: int = BLOCK) -> bytes:
        if self._stop:
            raise _EndlessNumberError
        block = self._source.read(size)
        if found := _DIGITS.search(block):
            self._stop = True
            return block[: found.start()] or self.read(size)
        return block


class Orders:
    """The orders of a JSON document, as a generator of places and values."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._events: Iterator[Event] = ijson.basic_parse(_Guarded(source), buf_size=BLOCK)
        self._count = 0
        self._container = False  # a list of orders was there, even an empty one

    def __iter__(self) -> Iterator[Found]:
        """Ends after the first place where the document is broken, which is handed out as a refusal."""
        try:
            yield from self._document()
        except TooLargeError:
            yield self._broken("an order of many megabytes", "an order of ordinary size")
        except _EndlessNumberError:
            yield self._broken("a very long number", "a number of ordinary size")
        except _TROUBLE as error:
            cut = isinstance(error, ijson.IncompleteJSONError) and "premature" in str(error)
            yield self._broken("the file ends here" if cut else "broken JSON", "JSON in UTF-8")
        else:
            if not self._count and not self._container:
                yield "file", refuse(Code.MISSING_VALUE, place="Orders")

    def _broken(self, value: str, expected: str) -> Found:
        place = f"after order {self._count}" if self._count else "file"
        return place, wrong(place, value, expected)

    def _document(self) -> Iterator[Found]:
        for event, value in self._events:
            if event == "start_array":
                yield from self._list()
            elif event == "start_map":
                yield from self._object(0)
            else:
                yield "file", wrong("", value, "an object or a list of orders")

    def _list(self) -> Iterator[Found]:
        self._container = True
        for event, value in self._events:
            if event == "end_array":
                return
            yield self._order(event, value)

    def _order(self, event: str, value: Any) -> Found:
        """Build the value that this event begins; a refusal where it cannot be trusted."""
        self._source.mark()
        place = f"order {self._count + 1}"
        try:
            built = build(self._events, event, value)
        except Refusal as refusal:
            built = refusal
        self._count += 1
        return place, built

    def _object(self, level: int) -> Iterator[Found]:
        """An object that holds orders somewhere, or is one itself."""
        own: Json = {}
        trouble: Refusal | None = None
        for _, key in iter(lambda: next(self._events), ("end_map", None)):
            event, value = next(self._events)
            if key in LISTS and event == "start_array":
                yield from self._list()
            elif key in WRAPPERS and event == "start_map" and level < DEPTH:
                yield from self._object(level + 1)
            else:
                try:
                    if key in own:
                        trouble = trouble or wrong(str(key), key, "each member once")
                    own[key] = build(self._events, event, value)
                except Refusal as refusal:
                    trouble = trouble or refusal
        if any(name in own for name in IDS):
            self._count += 1
            yield f"order {self._count}", trouble or own


def build(events: Iterator[Event], event: str, value: Any) -> Any:
    """The value that begins with an event, reading as far as it goes.

    Raises Refusal INVALID_VALUE, after reading it to its end, when it has a member twice, nests too deep or
    is too large.
    """
    if event not in _OPENING:
        return value
    builder = _Builder()
    builder.take(event, value)
    while builder.depth:
        builder.take(*next(events))
    if builder.trouble is not None:
        raise builder.trouble
    return builder.root


class _Builder:
    """Puts a value together from its events, and stops keeping it at the first trouble."""

    def __init__(self) -> None:
        self.depth = 0
        self.trouble: Refusal | None = None
        self.root: Any = None
        self._stack: list[Any] = []
        self._keys: list[str] = []
        self._taken = 0

    def take(self, event: str, value: Any) -> None:
        self._taken += 1
        if event in _OPENING:
            self._open({} if event == "start_map" else [])
        elif event in _CLOSING:
            self.depth -= 1
            if self.trouble is None:
                self._stack.pop()
        elif event == "map_key":
            self._name(value)
        elif self.trouble is None:
            self._put(value)
        if self._taken > _MEMBERS and self.trouble is None:
            self._stop(wrong("", f"more than {_MEMBERS} members", "an order of ordinary size"))

    def _open(self, container: Any) -> None:
        self.depth += 1
        if self.trouble is not None:
            return
        if self.depth > DEPTH:
            self._stop(wrong("", "…", f"at most {DEPTH} levels of nesting"))
            return
        if self._stack:
            self._put(container)
        else:
            self.root = container
        self._stack.append(container)
        self._keys.append("")

    def _name(self, key: str) -> None:
        if self.trouble is not None:
            return
        if key in self._stack[-1]:
            self._stop(wrong(key, key, "each member once"))
        else:
            self._keys[len(self._stack) - 1] = key

    def _put(self, value: Any) -> None:
        holder = self._stack[-1]
        if isinstance(holder, list):
            holder.append(value)
        else:
            holder[self._keys[len(self._stack) - 1]] = value

    def _stop(self, trouble: Refusal) -> None:
        self.trouble = trouble
        self.root = None
        self._stack.clear()
        self._keys.clear()
