"""Reading typed text: tidy, bounded, and free of characters that no text has (trust 2.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sellerdesk.domain.refusals import Code, Refusal, refuse
from sellerdesk.looks.typed import tidy as tidy
from sellerdesk.looks.typed import whole_number as whole_number


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field; `field` is the id of the input it belongs to."""

    field: str
    refusal: Refusal


def typed(data: Mapping[str, Any], name: str) -> str:
    """What was typed into a field, exactly; "" when the field is missing."""
    value = data.get(name, "")
    return value if isinstance(value, str) else ""


def ship_moment(text: str, zone: ZoneInfo, *, placed_at: datetime, now: datetime, place: str) -> datetime:
    """The instant (UTC) of a ship date typed as YYYY-MM-DD in the zone of who types it.

    Today is now; an earlier day is its noon, though never before the order. Raises Refusal MISSING_VALUE,
    INVALID_VALUE, SHIP_DATE_IMPOSSIBLE for a day after today or before the order was placed.
    """
    day = _day(text, place)
    today, first = now.astimezone(zone).date(), placed_at.astimezone(zone).date()
    if not first <= day <= today:
        raise refuse(Code.SHIP_DATE_IMPOSSIBLE, place=place, value=day, earliest=first, latest=today)
    if day == today:
        return now
    noon = datetime.combine(day, time(12), zone).astimezone(UTC)
    return max(noon, placed_at) if noon < placed_at + timedelta(days=1) else noon


def _day(text: str, place: str) -> date:
    if not text.strip():
        raise refuse(Code.MISSING_VALUE, place=place)
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise refuse(Code.INVALID_VALUE, place=place, value=text[:40], expected="a date") from None
