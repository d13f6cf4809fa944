"""Bring the seed policies and the holidays of the coming years into the tables."""

from collections.abc import Iterator
from datetime import date

from sellerdesk.adapters.calendars.holidays_library import SOURCE, public_holidays
from sellerdesk.commands.terms import seed_holidays, seed_policies
from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.policy_seed import seed_rows
from sellerdesk.queries.holidays import holidays_known_until

_YEARS_BACK, _YEARS_AHEAD = 2, 3


def seed_terms(today: date) -> tuple[int, int]:
    """Add what is missing of policies and holidays around a day; answers how many rows of each were added.

    Holidays are worked out only when the last of the years ahead is not there yet: it takes half a second.
    """
    last = today.year + _YEARS_AHEAD
    policies = seed_policies(seed_rows())
    if holidays_known_until() >= date(last, 1, 1):
        return policies, 0
    years = range(today.year - _YEARS_BACK, last + 1)
    return policies, seed_holidays(_holidays(years), source=SOURCE)


def _holidays(years: range) -> Iterator[tuple[str, date, str]]:
    for place in MARKETPLACES.values():
        for day, name in public_holidays(place.country, years):
            yield place.id, day, name
