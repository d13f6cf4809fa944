"""Instants as programs write them: liberal in, one form out (spapi 1.5)."""

import re
from datetime import UTC, datetime, timedelta

from sellerdesk.domain.refusals import Code, refuse

# Years that no order can mean are mistakes, and calendars end before the last date that Python knows.
_YEARS = range(1900, 2200)
# The sign of an offset may arrive as `+`, as `%2B` (not decoded) or as a blank (decoded once too often).
_INSTANT = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ](?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.(?P<fraction>[0-9]{1,9}))?)?"
    r"(?P<zone>[Zz]|(?P<sign>\+|-|%2[Bb]| )(?P<hours>[0-9]{2}):?(?P<minutes>[0-9]{2}))?\Z"
)


def parse(text: object, *, place: str) -> datetime:
    """Read an ISO 8601 date or instant as aware UTC; without a zone it is UTC, without a time it is midnight.

    Raises Refusal INVALID_VALUE naming `place`.
    """
    found = _INSTANT.match(text) if isinstance(text, str) else None
    if found is None:
        raise refuse(Code.INVALID_VALUE, place=place, value=str(text)[:40], expected="ISO 8601 date and time")
    try:
        naive = datetime.fromisoformat(f"{found['date']}T{found['time'] or '00:00:00'}")
        moment = naive.replace(tzinfo=UTC) - _offset(found)
        if moment.year not in _YEARS:
            raise ValueError("year")
    except (ValueError, OverflowError):
        raise refuse(
            Code.INVALID_VALUE, place=place, value=str(text)[:40], expected="a date that can be"
        ) from None
    return moment.replace(microsecond=int((found["fraction"] or "0").ljust(6, "0")[:6]))


def _offset(found: re.Match[str]) -> timedelta:
    if found["sign"] is None:
        return timedelta()
    ahead = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
    if ahead >= timedelta(hours=24):
        raise ValueError("offset of a day or more")
    return -ahead if found["sign"] == "-" else ahead


def render(moment: datetime) -> str:
    """Write an aware instant as `YYYY-MM-DDTHH:MM:SSZ`; fractions of a second are cut off."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
