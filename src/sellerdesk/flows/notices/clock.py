"""A marketplace's wall clock and its money, spoken in a letter's language."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_name
from babel.numbers import get_currency_symbol

from sellerdesk.domain.money import Money

_LOCALES = {"en": "en_US", "zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}


@dataclass(frozen=True, slots=True)
class LetterClock:
    """Times of letters are in the marketplace's zone (S0-20). `language`: of notices.LANGUAGES."""

    zone: str
    language: str

    @property
    def locale(self) -> str:
        """What Babel calls the language."""
        return _LOCALES[self.language]

    def moment(self, at: datetime | None) -> str:
        """Day, time and zone; "" for no moment."""
        if at is None:
            return ""
        local = at.astimezone(ZoneInfo(self.zone))
        zone = get_timezone_name(local, width="long", locale=self.locale)
        return f"{self.day(at)} {local:%H:%M} ({zone})"

    def day(self, at: datetime | None) -> str:
        """The day alone; "" for no moment."""
        return format_date(at.astimezone(ZoneInfo(self.zone)), "long", locale=self.locale) if at else ""

    def said(self, text: str | None) -> str:
        """The moment that a journal entry names."""
        return self.moment(datetime.fromisoformat(text)) if text else ""

    def money(self, minor: int, currency: str) -> str:
        """An amount in minor units with its currency: "$1,234.50", "¥999", "KWD 1.250"."""
        symbol = str(get_currency_symbol(currency, locale=self.locale))
        gap = " " if symbol == currency else ""
        sign = "-" if minor < 0 else ""
        return f"{sign}{symbol}{gap}{Money(currency, abs(minor)).decimal:,f}"
