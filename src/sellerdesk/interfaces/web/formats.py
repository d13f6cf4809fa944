"""How times, spans, money and foreign texts are written for the reader, in their language and zones."""

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.money import Money

LOCALES = {"en": "en_US", "zh-hans": "zh_Hans_CN", "zh-hant": "zh_Hant_TW"}
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# Characters that turn the direction of everything after them: shown, never obeyed (trust 2.6).
_TURNING = {chr(code) for code in (0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A))}
_PATTERNS = {
    "en": "MMM d, yyyy, HH:mm",
    "zh-hans": "y年M月d日 HH:mm",
    "zh-hant": "y年M月d日 HH:mm",
}


def locale() -> str:
    """The reader's language as Babel names it."""
    return LOCALES.get(get_language() or "en", "en_US")


def visible(text: str) -> str:
    """A text of somebody else, made harmless to look at: characters that turn the writing direction or have no shape
    become visible tokens such as ⟦U+202E⟧. Put it into <bdi>.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_token(character) for character in text)


def _token(character: str) -> str:
    hidden = character in _TURNING or (unicodedata.category(character) == "Cc" and character not in "\n\t\r")
    return f"⟦U+{ord(character):04X}⟧" if hidden else character


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as pages show it: in the marketplace's zone, in the reader's, and how far away."""

    iso: str
    market: str  # with the zone's name
    own: str  # "" when both zones show the same wall clock
    away: str  # "3 h ago", "in 2 d 4 h"


def moment(at: datetime, marketplace_id: str, own: ZoneInfo, now: datetime) -> Moment:
    """An instant for a page."""
    zone = market_zone(marketplace_id)
    market, mine = written(at, zone), written(at, own)
    same = at.astimezone(zone).utcoffset() == at.astimezone(own).utcoffset()
    return Moment(at.astimezone(UTC).isoformat(), market, "" if same else mine, away(at, now))


def market_zone(marketplace_id: str) -> ZoneInfo:
    """The zone of a marketplace."""
    return ZoneInfo(by_id(marketplace_id).zone)


def written(at: datetime, zone: ZoneInfo) -> str:
    """An instant in a zone, with the zone's short name: "Nov 21, 2026, 18:00 PST"."""
    local = at.astimezone(zone)
    text = format_datetime(local, _PATTERNS.get(get_language() or "en", _PATTERNS["en"]), locale=locale())
    return f"{text} {_zone_name(local)}"


def _zone_name(local: datetime) -> str:
    name = local.tzname() or ""
    if name[:1] in "+-" or not name:  # zones without letters of their own
        name = (
            "UTC"
            + local.strftime("%z")[:3]
            + (":" + local.strftime("%z")[3:5] if local.strftime("%M") else "")
        )
        name = name.removesuffix(":00")
    return name


def day(at: datetime, zone: ZoneInfo) -> str:
    """The day of an instant in a zone."""
    return str(format_date(at.astimezone(zone).date(), "medium", locale=locale()))


def span(length: timedelta) -> str:
    """How long, with at most two units: "2 d 4 h", "2 h 10 min", "less than a minute"."""
    length = abs(length)
    days, hours, minutes = length // _DAY, length % _DAY // _HOUR, length % _HOUR // _MINUTE
    if days:
        parts = [_("%(n)s d") % {"n": days}, _("%(n)s h") % {"n": hours} if hours else ""]
    elif hours:
        parts = [_("%(n)s h") % {"n": hours}, _("%(n)s min") % {"n": minutes} if minutes else ""]
    elif minutes:
        parts = [_("%(n)s min") % {"n": minutes}]
    else:
        return _("less than a minute")
    return " ".join(part for part in parts if part)


def away(at: datetime, now: datetime) -> str:
    """How far an instant is from now, in words."""
    if at > now:
        return _("in %(span)s") % {"span": span(at - now)}
    return _("%(span)s ago") % {"span": span(now - at)}


def money(minor: int, currency: str) -> str:
    """An amount in the reader's way of writing, always with its currency."""
    amount: Decimal = Money(currency, minor).decimal
    return str(format_currency(amount, currency, locale=locale()))


def units(count: int) -> str:
    """A number of units."""
    return ngettext("%(n)s unit", "%(n)s units", count) % {"n": count}
