"""Public holidays by country, as the `holidays` library (MIT) knows them."""

from collections.abc import Iterator
from datetime import date
from importlib.metadata import version

import holidays

SOURCE = "holidays " + version("holidays")


def public_holidays(country: str, years: range) -> Iterator[tuple[date, str]]:
    """The nationwide public holidays of a country (ISO 3166) in English where the library has it: (day, name)."""
    yield from sorted(holidays.country_holidays(country, years=years).items())
