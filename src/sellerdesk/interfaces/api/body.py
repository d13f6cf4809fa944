"""Reading bodies and query strings without trusting them (trust 2.6)."""

import re
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from sellerdesk.domain.refusals import Refusal
from sellerdesk.interfaces.api.problems import Problem, malformed
from sellerdesk.wire import strict_json

BYTES_MOST = 5 * 1024 * 1024
DEPTH_MOST = 32
# Control characters and halves of surrogate pairs: no text of ours may hold them, and the database cannot.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class StrictParser(Parser):
    """The parser of every JSON body."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body's value. Raises Problem 400 that names the place."""
        return load(request.body)


def load(data: bytes) -> Any:
    """A JSON text as plain values, once it is known to be harmless. Raises Problem 400 with the place."""
    try:
        value = strict_json.loads(data)
    except Refusal as refusal:
        place, expected = str(refusal.facts.get("place", "")), refusal.facts.get("expected", "JSON")
        raise malformed(place or "body", f"expected {expected}") from refusal
    check(value)
    return value


def check(value: Any) -> None:
    """Refuse what no request of ours needs: deep nesting and unfit characters. Raises Problem 400."""
    waiting: list[tuple[str, int, Any]] = [("", 0, value)]
    while waiting:
        place, depth, one = waiting.pop()
        if depth > DEPTH_MOST:
            raise malformed("body", f"more than {DEPTH_MOST} levels of nesting")
        if isinstance(one, str):
            check_text(one, place=place)
        elif isinstance(one, dict):
            for name, member in one.items():
                check_text(name, place=f"a name in {place or 'the body'}")
                waiting.append((f"{place}.{name}" if place else name, depth + 1, member))
        elif isinstance(one, list):
            waiting += [(f"{place}[{index}]", depth + 1, member) for index, member in enumerate(one)]


def check_text(text: str, *, place: str) -> None:
    """Refuse a text with unfit characters, naming place and character. Raises Problem 400."""
    found = UNFIT.search(text)
    if found:
        raise malformed(
            place or "body", f"the character U+{ord(found[0]):04X} at position {found.start()} will not do"
        )


def unwrapped(error: BaseException) -> Problem | None:
    """The problem that ninja hid in an error of its own while it read a body."""
    return error.__cause__ if isinstance(error.__cause__, Problem) else None
