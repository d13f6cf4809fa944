"""Times as people read them: how long until, how long ago, and the instant itself with its zone named.

Formatting is by hand over names that Babel knows, looked up once a language: fifty rows hold three hundred times, and
Babel's own formatter would take longer than the database.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_day_names, get_month_names, get_timezone_location
from django.utils.translation import gettext, override

from sellerdesk.domain.marketplaces import by_id

_LOCALES = {"zh-hans": "zh_Hans_CN", "zh-hant": "zh_Hant_TW"}
_DAY = timedelta(days=1)


def locale_of(language: str) -> Locale:
    """Babel's locale for one of settings.LANGUAGES."""
    return Locale.parse(_LOCALES.get(language, "en_US"))


@dataclass(frozen=True, slots=True)
class Names:
    """A language's names of days and months, and its patterns."""

    days: tuple[str, ...]  # Monday first
    months: tuple[str, ...]
    moment: str
    moment_with_year: str
    day: str
    day_with_year: str


@cache
def names(language: str) -> Names:
    """Looked up once a language."""
    locale = locale_of(language)
    days, months = get_day_names("abbreviated", locale=locale), get_month_names("abbreviated", locale=locale)
    with override(language):
        return Names(
            days=tuple(days[number] for number in range(7)),
            months=tuple(months[number] for number in range(1, 13)),
            # Translators: a time such as "Fri 21 Nov, 18:00 PST".
            moment=gettext("{weekday} {day} {month}, {time} {zone}"),
            moment_with_year=gettext("{weekday} {day} {month} {year}, {time} {zone}"),
            day=gettext("{weekday} {day} {month}"),
            day_with_year=gettext("{weekday} {day} {month} {year}"),
        )


@cache
def marketplace_zone(marketplace_id: str) -> ZoneInfo:
    """The zone in which a marketplace's deadlines are said."""
    return ZoneInfo(by_id(marketplace_id).zone)


@cache
def _city(zone: str, language: str) -> str:
    return (
        str(get_timezone_location(zone, locale=locale_of(language), return_city=True))
        if zone != "UTC"
        else "UTC"
    )


def zone_name(at: datetime) -> str:
    """A zone's name at a local instant: PST, JST … or, where a zone has no letters of its own, UTC+8."""
    name = at.tzname() or ""
    if name.isalpha():
        return name
    offset = at.utcoffset() or timedelta()
    hours, minutes = divmod(abs(int(offset.total_seconds())) // 60, 60)
    return f"UTC{'-' if offset < timedelta() else '+'}{hours}{f':{minutes:02d}' if minutes else ''}"


def moment(at: datetime, zone: ZoneInfo, now: datetime, language: str, *, place: bool = False) -> str:
    """An instant in a zone: "Fri 21 Nov, 18:00 PST". `place` names the zone's city instead: a person's own zone."""
    local = at.astimezone(zone)
    known = names(language)
    pattern = known.moment if local.year == now.year else known.moment_with_year
    return pattern.format(
        weekday=known.days[local.weekday()],
        day=local.day,
        month=known.months[local.month - 1],
        year=local.year,
        time=f"{local.hour:02d}:{local.minute:02d}",
        zone=_city(zone.key, language) if place else zone_name(local),
    )


def day(at: datetime, zone: ZoneInfo, now: datetime, language: str) -> str:
    """A day in a zone: "Fri 21 Nov"."""
    local = at.astimezone(zone)
    known = names(language)
    pattern = known.day if local.year == now.year else known.day_with_year
    return pattern.format(
        weekday=known.days[local.weekday()],
        day=local.day,
        month=known.months[local.month - 1],
        year=local.year,
    )


def both(at: datetime, marketplace_id: str, own: ZoneInfo, now: datetime, language: str) -> str:
    """An instant in the marketplace's zone and the person's: "Fri 21 Nov, 18:00 PST · Sat 22 Nov, 10:00 Shanghai"."""
    zone = marketplace_zone(marketplace_id)
    first = moment(at, zone, now, language)
    if at.astimezone(own).utcoffset() == at.astimezone(zone).utcoffset():
        return first
    return f"{first} · {moment(at, own, now, language, place=True)}"


@cache
def countdown_patterns(language: str) -> dict[str, str]:
    """How a language says the time to a deadline; also read by static/desk/countdowns.js."""
    with override(language):
        return {
            # Translators: time until a deadline, days and hours. Keep {a} and {b}.
            "in_days": gettext("in {a} d {b} h"),
            "in_hours": gettext("in {a} h {b} min"),
            "in_minutes": gettext("in {a} min"),
            # Translators: how late something is. Keep {a} and {b}.
            "late_days": gettext("late by {a} d {b} h"),
            "late_hours": gettext("late by {a} h {b} min"),
            "late_minutes": gettext("late by {a} min"),
        }


def countdown(due: datetime, now: datetime, language: str) -> str:
    """How long until `due`, or how late: "in 6 h 12 min", "late by 2 d 3 h"."""
    seconds = int((due - now).total_seconds())
    minutes = abs(seconds) // 60
    side = "late" if seconds < 0 else "in"
    days, hours = divmod(minutes // 60, 24)
    if days > 1:
        unit, a, b = "days", days, hours
    elif minutes >= 60:
        unit, a, b = "hours", minutes // 60, minutes % 60
    else:
        unit, a, b = "minutes", minutes, 0
    return countdown_patterns(language)[f"{side}_{unit}"].format(a=a, b=b)


@cache
def _age_patterns(language: str) -> tuple[str, str, str]:
    with override(language):
        # Translators: how old an order is, as short as possible.
        return gettext("{n} d"), gettext("{n} h"), gettext("{n} min")


def age(at: datetime, now: datetime, language: str) -> str:
    """How long ago, in one short unit: "2 d", "5 h", "12 min"."""
    passed = max(now - at, timedelta())
    days, hours, minutes = _age_patterns(language)
    if passed >= _DAY:
        return days.format(n=passed.days)
    seconds = int(passed.total_seconds())
    return hours.format(n=seconds // 3600) if seconds >= 3600 else minutes.format(n=seconds // 60)


def iso(at: datetime) -> str:
    """For `<time datetime>` and scripts."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
