"""A stream of bytes that can be looked at before it is read, in UTF-8 whatever it was written in."""

import codecs
from typing import Protocol

from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.wire.detect import UTF16
from sellerdesk.wire.fields import wrong

HEAD = 1 << 16
BLOCK = 1 << 16


class Binary(Protocol):
    """What a source is read from: a file opened for bytes, a socket, standard input."""

    def read(self, size: int, /) -> bytes: ...


class TooLargeError(Exception):
    """One order takes more bytes than any order can need."""


class Source:
    """Reads a stream in blocks. A BOM is taken off; UTF-16, and with `transcode` any declared encoding,
    become UTF-8.

    `limit` bounds the bytes between two calls of `mark()`, so that one endless order cannot fill the memory.
    """

    def __init__(self, stream: Binary, *, encoding: str = "", limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._decoder: codecs.IncrementalDecoder | None = None
        self._ended = False
        self.position = 0  # of the next byte that is handed out
        self._mark = 0
        self._ahead = self._fetch(HEAD)
        declared = _known(encoding)
        if self._ahead.startswith(UTF16):
            declared = "utf-16"
        elif self._ahead.startswith(codecs.BOM_UTF8):
            declared, self._ahead = "utf-8", self._ahead[3:]
            self.position = self._mark = 3
        self.encoding = declared or "utf-8"
        if declared.startswith(("utf-16", "utf-32")):
            self.transcode()

    def transcode(self) -> None:
        """From here on hand out UTF-8, with U+FFFD for bytes that the encoding does not know."""
        if self.encoding not in ("utf-8", "ascii"):
            self._decoder = codecs.getincrementaldecoder(self.encoding)("replace")
            self._ahead = self._decoder.decode(self._ahead, final=self._ended).encode("utf-8", "replace")
            self.encoding = "utf-8"

    @property
    def head(self) -> bytes:
        return self._ahead

    def mark(self) -> None:
        """An order ends here: the limit counts from this point."""
        self._mark = self.position

    def read(self, size: int = BLOCK) -> bytes:
        """Up to `size` bytes, b"" at the end. Raises TooLargeError when an order exceeds the limit."""
        if size and not self._ahead:
            self._ahead = self._more()
        block, self._ahead = self._ahead[:size], self._ahead[size:]
        self.position += len(block)
        if self.position - self._mark > self._limit + BLOCK:
            raise TooLargeError
        return block

    def line(self) -> tuple[bytes, bool]:
        """The next line with its end, b"" at the end of the stream.

        And whether it was longer than the limit and cut.
        """
        parts: list[bytes] = []
        size = 0
        while True:
            if not self._ahead:
                self._ahead = self._more()
            end = self._ahead.find(b"\n") + 1
            part = self._ahead[: end or len(self._ahead)]
            self._ahead = self._ahead[len(part) :]
            self.position += len(part)
            size += len(part)
            if size <= self._limit:
                parts.append(part)
            if end or not part:
                return b"".join(parts), size > self._limit

    def _more(self) -> bytes:
        while not self._ended:
            block = self._fetch(BLOCK)
            if self._decoder is not None:
                block = self._decoder.decode(block, final=self._ended).encode("utf-8", "replace")
            if block:
                return block
        return b""

    def _fetch(self, size: int) -> bytes:
        """Read until `size` bytes or the end: pipes give less at a time than asked for."""
        parts: list[bytes] = []
        while size > 0 and not self._ended:
            part = self._stream.read(size)
            self._ended = not part
            size -= len(part)
            parts.append(part)
        return b"".join(parts)


def _known(encoding: str) -> str:
    """The name of a declared encoding as Python spells it.

    Raises Refusal INVALID_VALUE on a name that it does not know.
    """
    if not encoding:
        return ""
    try:
        name = codecs.lookup(encoding).name
        b"".decode(name)
    except (LookupError, ValueError):
        raise wrong("encoding", encoding, "the name of a text encoding") from None
    if name == "utf-8-sig":
        name = "utf-8"
    if not name.isascii():
        raise refuse(Code.INVALID_VALUE, place="encoding", value=encoding, expected="a text encoding")
    return name
