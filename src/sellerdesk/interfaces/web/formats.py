"""What pages of one order write: instants in both zones, spans of time, money, and texts of strangers made harmless."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sellerdesk.interfaces.web import words
from sellerdesk.looks import when
from sellerdesk.looks.texts import visible as visible

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as pages show it: in the marketplace's zone, in the reader's, and how far away."""

    iso: str
    market: str  # with the zone's name
    own: str  # "" when both zones show the same wall clock
    away: str  # "3 h ago", "in 2 d 4 h"

    @property
    def both(self) -> str:
        """The wall clocks of both zones, or the one that they share."""
        return f"{self.market} · {self.own}" if self.own else self.market


def moment(at: datetime, marketplace_id: str, own: ZoneInfo, now: datetime) -> Moment:
    """An instant for a page."""
    zone = when.marketplace_zone(marketplace_id)
    same = at.astimezone(zone).utcoffset() == at.astimezone(own).utcoffset()
    mine = "" if same else when.moment(at, own, now, language(), place=True)
    return Moment(when.iso(at), when.moment(at, zone, now, language()), mine, away(at, now))


def language() -> str:
    """The reader's language, one of settings.LANGUAGES."""
    return get_language() or "en"


def span(length: timedelta) -> str:
    """How long, with at most two units: "2 d 4 h", "2 h 10 min", "less than a minute"."""
    length = abs(length)
    days, hours, minutes = length // _DAY, length % _DAY // _HOUR, length % _HOUR // _MINUTE
    if days:
        parts = [_("{n} d").format(n=days), _("{n} h").format(n=hours) if hours else ""]
    elif hours:
        parts = [_("{n} h").format(n=hours), _("{n} min").format(n=minutes) if minutes else ""]
    elif minutes:
        parts = [_("{n} min").format(n=minutes)]
    else:
        return _("less than a minute")
    return " ".join(part for part in parts if part)


def lasting(minutes: int) -> str:
    """A length that a policy sets, in the unit that people would say it in: "2 hours", "90 minutes"."""
    if minutes and minutes % 60 == 0:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def away(at: datetime, now: datetime) -> str:
    """How far an instant is from now, in words."""
    if at > now:
        return _("in %(span)s") % {"span": span(at - now)}
    return _("%(span)s ago") % {"span": span(now - at)}


def money(minor: int, currency: str) -> str:
    """An amount in minor units, with its currency."""
    return words.money(currency, minor, language())


def units(count: int) -> str:
    """A number of units."""
    return ngettext("%(n)s unit", "%(n)s units", count) % {"n": count}
