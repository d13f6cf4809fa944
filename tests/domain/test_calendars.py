from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellerdesk.domain.calendars import BusinessCalendar
from sellerdesk.domain.marketplaces import MARKETPLACES

SAT_SUN = frozenset({5, 6})
ZONES = sorted({place.zone for place in MARKETPLACES.values()})
LA = BusinessCalendar("America/Los_Angeles", SAT_SUN, frozenset({date(2024, 11, 28)}))
CAIRO = BusinessCalendar("Africa/Cairo", frozenset({4, 5}))
# Zone rules of later years are only projections.
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def calendars() -> st.SearchStrategy[BusinessCalendar]:
    return st.builds(
        BusinessCalendar,
        st.sampled_from(ZONES),
        st.sampled_from([SAT_SUN, frozenset({4, 5}), frozenset()]),
        st.frozensets(st.dates(date(2024, 1, 1), date(2024, 12, 31)), max_size=20),
    )


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        ("2024-11-21", 1, "2024-11-22"),
        ("2024-11-21", 7, "2024-12-03"),  # T04: over a weekend and Thanksgiving
        ("2024-11-23", 1, "2024-11-25"),
        ("2024-11-23", 0, "2024-11-25"),
        ("2024-11-25", 0, "2024-11-25"),
        ("2024-11-27", 1, "2024-11-29"),
        ("2024-11-28", 0, "2024-11-29"),
    ],
)
def test_business_days(day: str, n: int, expected: str) -> None:
    assert LA.add_business_days(date.fromisoformat(day), n) == date.fromisoformat(expected)


def test_next_business_day_is_never_the_day_itself() -> None:
    assert LA.next_business_day(date(2024, 11, 25)) == date(2024, 11, 26)
    assert LA.next_business_day(date(2024, 11, 22)) == date(2024, 11, 25)


@given(calendars(), st.dates(date(2024, 1, 1), date(2024, 12, 31)), st.integers(1, 30))
def test_as_many_business_days_pass_as_were_asked(calendar: BusinessCalendar, day: date, n: int) -> None:
    end = calendar.add_business_days(day, n)
    between = (day + timedelta(days=i) for i in range(1, (end - day).days + 1))
    assert sum(calendar.is_business_day(each) for each in between) == n
    assert calendar.is_business_day(end)
    assert calendar.add_business_days(calendar.add_business_days(day, n), 1) == calendar.add_business_days(
        day, n + 1
    )


def test_impossible_calendars_and_counts() -> None:
    with pytest.raises(ValueError, match="business day"):
        BusinessCalendar("UTC", frozenset(range(7)))
    with pytest.raises(ZoneInfoNotFoundError):
        BusinessCalendar("Europe/Atlantis", SAT_SUN)
    with pytest.raises(ValueError, match="-1"):
        LA.add_business_days(date(2024, 1, 1), -1)
    with pytest.raises(ValueError, match="naive"):
        LA.local_date(datetime(2024, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("calendar", "day", "expected"),
    [
        (LA, "2024-11-21", "2024-11-22 07:59:59"),
        (LA, "2024-03-10", "2024-03-11 06:59:59"),  # 23 hours long
        (LA, "2024-11-03", "2024-11-04 07:59:59"),  # 25 hours long
        (CAIRO, "2024-04-25", "2024-04-25 21:59:59"),  # the clock goes from 00:00 to 01:00 right after it
        (CAIRO, "2024-10-31", "2024-10-31 21:59:59"),  # 23:59:59 comes twice: the second one counts
    ],
)
def test_the_last_second_of_a_day(calendar: BusinessCalendar, day: str, expected: str) -> None:
    assert calendar.end_of_day(date.fromisoformat(day)) == utc(expected)


@pytest.mark.parametrize(
    ("instant", "n", "expected"),
    [
        ("2024-03-01 18:00:00", 30, "2024-03-31 17:00:00"),  # T03: 10:00 stays 10:00 over the change
        ("2024-03-31 17:00:00", -7, "2024-03-24 17:00:00"),
        (
            "2024-03-09 10:30:00",
            1,
            "2024-03-10 10:00:00",
        ),  # 02:30 does not exist: the first instant after the gap
        ("2024-03-09 10:30:15.5", 1, "2024-03-10 10:00:00"),
        ("2024-03-09 10:00:00", 1, "2024-03-10 10:00:00"),  # the very edge of the gap
        ("2024-11-02 08:30:00", 1, "2024-11-03 08:30:00"),  # 01:30 comes twice: the first
        (
            "2024-11-03 09:30:00",
            0,
            "2024-11-03 09:30:00",
        ),  # no day later is no change, also in the second 01:30
        ("2024-11-03 09:30:00", 1, "2024-11-04 09:30:00"),
    ],
)
def test_the_same_wall_time_days_later(instant: str, n: int, expected: str) -> None:
    assert LA.add_calendar_days(utc(instant), n) == utc(expected)


@pytest.mark.parametrize("zone", ZONES)
@given(instant=INSTANTS)
def test_instants_survive_the_way_through_a_zone(zone: str, instant: datetime) -> None:  # I24
    calendar = BusinessCalendar(zone, SAT_SUN)
    wall = calendar.local(instant)
    assert wall.astimezone(UTC) == instant
    assert calendar.start_of_day(wall.date()) <= instant
    assert instant < calendar.end_of_day(wall.date()) + timedelta(seconds=1)
    again = calendar.instant(wall.replace(tzinfo=None, fold=0))
    assert again == instant or wall.fold == 1


@pytest.mark.parametrize("zone", ZONES)
def test_days_follow_each_other_without_gap_or_overlap(
    zone: str,
) -> None:  # I24, every change of clock included
    calendar = BusinessCalendar(zone, SAT_SUN)
    for year in (2006, 2018, 2024, 2026):
        for offset in range(366):
            day = date(year, 1, 1) + timedelta(days=offset)
            end = calendar.end_of_day(day)
            assert end + timedelta(seconds=1) == calendar.start_of_day(day + timedelta(days=1))
            assert calendar.local_date(end) == day
            assert calendar.local_date(calendar.start_of_day(day)) == day
            assert end.microsecond == 0
            assert end.tzinfo is UTC


@given(st.sampled_from(ZONES), INSTANTS, st.integers(-40, 40))
def test_wall_time_is_kept_wherever_it_exists(zone: str, instant: datetime, n: int) -> None:
    calendar = BusinessCalendar(zone, SAT_SUN)
    before, after = calendar.local(instant), calendar.local(calendar.add_calendar_days(instant, n))
    wanted = before.replace(tzinfo=None, fold=0) + timedelta(days=n)
    exists = wanted.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone))
    if exists.replace(tzinfo=None, fold=0) == wanted:
        assert after.replace(tzinfo=None, fold=0) == wanted
    else:
        assert after.replace(tzinfo=None) > wanted
        assert after.date() == wanted.date()
