"""Policies and calendars of marketplaces, read for a command or a page."""

from collections.abc import Collection
from datetime import date, timedelta

from sellerdesk.domain.calendars import BusinessCalendar
from sellerdesk.domain.marketplaces import by_id
from sellerdesk.domain.policies import EVERYWHERE, PolicyBook, PolicyRow
from sellerdesk.models.sql import decode_json, rows

# Far enough for the longest promise of the main road, counted in business days over a holiday season.
_CALENDAR_DAYS = timedelta(days=120)


def policy_book(marketplace_ids: Collection[str]) -> PolicyBook:
    """The policy rows of these marketplaces and the ones that hold everywhere."""
    found = rows(
        "SELECT marketplace_id, key, value, valid_from, source FROM policies WHERE marketplace_id = ANY(%s)",
        [[*marketplace_ids, EVERYWHERE]],
    )
    return PolicyBook(
        PolicyRow(place, key, decode_json(value), day, source) for place, key, value, day, source in found
    )


def calendars(marketplace_ids: Collection[str], around: date) -> dict[str, BusinessCalendar]:
    """The business calendars of these marketplaces for the days around a date."""
    found = rows(
        "SELECT marketplace_id, day FROM holidays WHERE marketplace_id = ANY(%s) AND day BETWEEN %s AND %s",
        [list(marketplace_ids), around - _CALENDAR_DAYS, around + _CALENDAR_DAYS],
    )
    days: dict[str, set[date]] = {}
    for marketplace_id, day in found:
        days.setdefault(marketplace_id, set()).add(day)
    return {
        one: BusinessCalendar(by_id(one).zone, by_id(one).weekend, frozenset(days.get(one, ())))
        for one in marketplace_ids
    }
