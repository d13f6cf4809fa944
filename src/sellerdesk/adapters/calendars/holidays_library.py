"""Public holidays by country, as the `holidays` library (MIT) knows them."""

from collections.abc import Iterator
from datetime import date

import holidays

SOURCE = f"holidays {holidays.__version__}"


def public_holidays(country: str, years: range) -> Iterator[tuple[date, str]]:
    """The nationwide public holidays of a country (ISO 3166) in English where the library has it: (day, name)."""
    yield from sorted(holidays.country_holidays(country, years=years).items())
