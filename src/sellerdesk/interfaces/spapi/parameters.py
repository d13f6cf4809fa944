"""Query parameters, liberal in what they accept (spapi 1.5): unknown names are ignored, lists come as csv or repeated,
booleans in any case, times with a zone or without.
"""

import re
from collections.abc import Collection
from datetime import datetime
from urllib.parse import parse_qsl

from sellerdesk.domain.refusals import Refusal
from sellerdesk.interfaces.spapi.errors import ApiError, invalid
from sellerdesk.wire import times

_UNSOUND = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}\Z")
MOST_PAIRS = 1000
MOST_CHARACTERS = 64 * 1024


class Query:
    """The parameters of one request. Every reader raises ApiError 400 naming the parameter."""

    def __init__(self, raw: str) -> None:
        if len(raw) > MOST_CHARACTERS:
            raise invalid("The query string is too long.")
        try:
            pairs = parse_qsl(raw, keep_blank_values=True, errors="strict", max_num_fields=MOST_PAIRS)
        except ValueError:  # UnicodeDecodeError is one
            raise invalid("The query string is not valid UTF-8 text.") from None
        self.values: dict[str, list[str]] = {}
        for name, value in pairs:
            self.values.setdefault(name, []).append(value)

    def text(self, name: str, *, most: int = 300) -> str:
        """One value, the first of several; "" when absent or empty."""
        given = self.values.get(name, [""])[0].strip()
        if len(given) > most or _UNSOUND.search(given):
            raise _wrong(name)
        return given

    def listing(self, name: str, *, most: int = 50, allowed: Collection[str] = ()) -> tuple[str, ...]:
        """Values joined by commas, repeated, or both, each once; () when absent.

        `allowed` are the only spellings that count.
        """
        parts = (part.strip() for value in self.values.get(name, ()) for part in value.split(","))
        found = tuple(dict.fromkeys(part for part in parts if part))
        if len(found) > most:
            raise invalid(f"{name} has too many values. At most {most} are supported.")
        for one in found:
            if len(one) > 100 or _UNSOUND.search(one) or (allowed and one not in allowed):
                raise _wrong(name)
        return found

    def instant(self, name: str) -> datetime | None:
        """An ISO 8601 date or time as aware UTC; naive is UTC."""
        given = self.text(name)
        if not given:
            return None
        try:
            return times.parse(given, place=name)
        except Refusal:
            raise invalid(f"{name} is not a valid ISO 8601 date/time.") from None

    def flag(self, name: str) -> bool | None:
        """true or false in any case; None when absent."""
        given = self.text(name).lower()
        if given not in ("", "true", "false"):
            raise _wrong(name)
        return None if not given else given == "true"

    def whole(self, name: str, *, low: int, high: int) -> int | None:
        """An integer between two bounds; None when absent."""
        given = self.text(name)
        if not given:
            return None
        if not _WHOLE.match(given) or not low <= int(given) <= high:
            raise invalid(f"{name} must be a whole number between {low} and {high}.")
        return int(given)


def _wrong(name: str) -> ApiError:
    return invalid(f"{name} has an invalid value.")
