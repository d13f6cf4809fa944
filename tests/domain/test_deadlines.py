from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellerdesk.domain.calendars import BusinessCalendar
from sellerdesk.domain.deadlines import (
    AutoCancelDecision,
    DeadlineKind,
    Terms,
    auto_cancel_at,
    auto_cancel_decision,
    deadlines_for,
    is_late,
    lateness,
    self_cancel_end,
    self_cancel_open,
    ship_by,
    warning_at,
)
from sellerdesk.domain.marketplaces import MARKETPLACES, by_country
from sellerdesk.domain.policies import AUTO_CANCEL_PRESETS, PolicyBook
from sellerdesk.domain.policy_seed import seed_rows

SAT_SUN = frozenset({5, 6})
US = BusinessCalendar("America/Los_Angeles", SAT_SUN, frozenset({date(2024, 11, 28), date(2024, 3, 4)}))
PLAIN_US = BusinessCalendar("America/Los_Angeles", SAT_SUN)
AU = BusinessCalendar("Australia/Sydney", SAT_SUN)
TWO_PM = time(14)
BOOK = PolicyBook(seed_rows())
LEGACY = AUTO_CANCEL_PRESETS["legacy-30d"]
SEVEN = AUTO_CANCEL_PRESETS["seven-business-days"]
K = DeadlineKind


def at(text: str, calendar: BusinessCalendar = US) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(calendar.zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("paid", "days", "calendar", "due"),
    [
        ("2024-11-20 11:00", 0, AU, "2024-11-20 23:59:59"),  # T05: Wednesday before 2 pm
        ("2024-11-20 15:00", 0, AU, "2024-11-21 23:59:59"),  # T05: after it
        ("2024-11-20 13:59:59", 0, AU, "2024-11-20 23:59:59"),
        ("2024-11-20 14:00", 0, AU, "2024-11-21 23:59:59"),
        ("2024-11-22 15:00", 0, AU, "2024-11-25 23:59:59"),
        ("2024-11-23 11:00", 0, AU, "2024-11-25 23:59:59"),
        ("2024-11-23 15:00", 0, AU, "2024-11-25 23:59:59"),  # nothing is cut off on a Saturday
        ("2024-03-01 18:00", 2, PLAIN_US, "2024-03-05 23:59:59"),  # T06: Friday evening → Tuesday
        ("2024-03-01 18:00", 2, US, "2024-03-06 23:59:59"),  # T06: Monday is a holiday → Wednesday
        ("2024-03-05 23:59:59", 1, US, "2024-03-06 23:59:59"),
        ("2024-03-06 00:00", 1, US, "2024-03-07 23:59:59"),
    ],
)
def test_ship_by(paid: str, days: int, calendar: BusinessCalendar, due: str) -> None:
    assert ship_by(at(paid, calendar), days, TWO_PM, calendar) == at(due, calendar)


def test_thirty_days_after_the_order_keep_the_local_time() -> None:  # T03
    placed, due = at("2024-03-01 10:00"), at("2024-03-05 23:59:59")
    cancel = auto_cancel_at(LEGACY, placed, due, US)
    assert cancel == at("2024-03-31 10:00")
    assert cancel == datetime(2024, 3, 31, 17, tzinfo=UTC)  # summer time by then
    assert warning_at(cancel, due, 7, US) == at("2024-03-24 10:00")


def test_seven_business_days_after_ship_by() -> None:  # T04
    due = at("2024-11-21 23:59:59")
    assert auto_cancel_at(SEVEN, at("2024-11-19 10:00"), due, US) == at("2024-12-03 23:59:59")


@pytest.mark.parametrize(
    ("preset", "cancel"),
    [
        ("three-days", "2024-03-11 23:59:59"),  # over the change to summer time
        ("twenty-four-hours", "2024-03-09 23:59:59"),
        ("three-business-days", "2024-03-13 23:59:59"),
    ],
)
def test_other_rules(preset: str, cancel: str) -> None:
    due = at("2024-03-08 23:59:59")
    assert auto_cancel_at(AUTO_CANCEL_PRESETS[preset], at("2024-03-06 10:00"), due, US) == at(cancel)


def test_hours_are_exact_over_a_change_of_clock() -> None:
    rule = AUTO_CANCEL_PRESETS["twenty-four-hours"]
    assert auto_cancel_at(rule, at("2024-03-06"), at("2024-03-09 23:59:59"), US) == at("2024-03-11 00:59:59")


def test_an_unknown_rule_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="some_day"):
        auto_cancel_at({"kind": "some_day", "n": 1}, at("2024-03-06"), at("2024-03-08"), US)


@pytest.mark.parametrize(
    ("cancel", "due", "warning"),
    [
        ("2024-03-31 10:00", "2024-03-05 23:59:59", "2024-03-24 10:00"),
        ("2024-03-09 23:59:59", "2024-03-08 23:59:59", "2024-03-08 23:59:59"),  # C2: the shorter window
        ("2024-03-31 10:00", "2024-03-24 10:00", "2024-03-24 10:00"),
        ("2024-03-31 10:00", "2024-04-20 23:59:59", "2024-03-24 10:00"),  # cancelled before it is late
    ],
)
def test_warnings(cancel: str, due: str, warning: str) -> None:
    assert warning_at(at(cancel), at(due), 7, US) == at(warning)


@pytest.mark.parametrize(
    ("country", "after", "open_"),
    [  # T07
        ("US", timedelta(minutes=29, seconds=59), True),
        ("US", timedelta(minutes=30), False),
        ("JP", timedelta(minutes=4, seconds=59), True),
        ("JP", timedelta(minutes=5), False),
        ("US", timedelta(0), True),
    ],
)
def test_self_cancellation(country: str, after: timedelta, open_: bool) -> None:
    placed = at("2024-03-01 10:00")
    minutes = BOOK.value(by_country(country).id, "self_cancel_minutes", placed.date())
    assert self_cancel_open(placed, placed + after, minutes) is open_
    assert (placed + after < self_cancel_end(placed, minutes)) is open_


def terms(country: str, on: str = "2024-11-19") -> Terms:
    return Terms.of(BOOK, by_country(country).id, date.fromisoformat(on))


def test_terms_carry_the_policies_of_the_day() -> None:
    assert terms("US") == Terms(2, "14:00", SEVEN, 7, 24, 30)
    assert terms("US", "2019-01-01").auto_cancel == LEGACY
    assert terms("US").cutoff == TWO_PM
    with pytest.raises(LookupError, match="handling_days"):
        Terms.of(PolicyBook([]), "ATVPDKIKX0DER", date(2024, 1, 1))


def test_all_deadlines_of_an_order() -> None:
    placed = at("2024-11-19 10:00")
    dues = deadlines_for(placed, at("2024-11-21 23:59:59"), terms("US"), US)
    assert [(due.kind, due.due_at, due.policy_key, due.policy_value) for due in dues] == [
        (K.SELF_CANCEL_END, at("2024-11-19 10:30"), "self_cancel_minutes", 30),
        (K.SHIP_BY_REMINDER, at("2024-11-20 23:59:59"), "ship_by_reminder_hours", 24),
        (K.SHIP_BY, at("2024-11-21 23:59:59"), "handling_days", 2),
        (K.AUTO_CANCEL_WARNING, at("2024-11-26 23:59:59"), "auto_cancel_warning_days", 7),
        (K.AUTO_CANCEL, at("2024-12-03 23:59:59"), "auto_cancel", SEVEN),
    ]


def test_waiting_and_warehouse_orders_have_only_the_self_cancel_window() -> None:
    placed = at("2024-11-19 10:00")
    assert [due.kind for due in deadlines_for(placed, None, terms("US"), US)] == [K.SELF_CANCEL_END]


def test_a_published_ship_by_names_no_policy() -> None:
    dues = deadlines_for(at("2024-11-19"), at("2024-11-21 23:59:59"), terms("US"), US, published=True)
    (found,) = (due for due in dues if due.kind is K.SHIP_BY)
    assert (found.policy_key, found.policy_value) == ("", None)


def test_no_reminder_before_the_order() -> None:
    placed = at("2024-11-20 11:00")
    same_day = replace(terms("US"), handling_days=0)
    dues = deadlines_for(placed, at("2024-11-20 23:59:59"), same_day, US)
    assert K.SHIP_BY_REMINDER not in {due.kind for due in dues}


@given(
    place=st.sampled_from(sorted(MARKETPLACES.values(), key=lambda place: place.id)),
    placed=st.datetimes(datetime(2015, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    handling=st.integers(0, 30),
    warning_days=st.integers(0, 30),
)
def test_deadlines_come_in_a_sensible_order(
    place: Any, placed: datetime, handling: int, warning_days: int
) -> None:
    calendar = BusinessCalendar(place.zone, place.weekend)
    policies = Terms.of(BOOK, place.id, calendar.local_date(placed))
    policies = replace(policies, handling_days=handling, auto_cancel_warning_days=warning_days)
    due_by = ship_by(placed, handling, policies.cutoff, calendar)
    assert due_by >= placed - timedelta(seconds=1)
    assert calendar.is_business_day(calendar.local_date(due_by))
    dues = deadlines_for(placed, due_by, policies, calendar)
    instants = {due.kind: due.due_at for due in dues}
    assert [due.order for due in dues] == sorted(due.order for due in dues)  # I12
    assert len(instants) == len(dues)
    assert all(due.due_at.tzinfo is UTC for due in dues)
    assert (
        instants[K.AUTO_CANCEL_WARNING] <= instants[K.AUTO_CANCEL]
    )  # I21: no cancellation before its warning
    if instants[K.SHIP_BY] < instants[K.AUTO_CANCEL]:
        assert instants[K.AUTO_CANCEL_WARNING] >= instants[K.SHIP_BY]
    elif policies.auto_cancel["kind"] != "calendar_days_after_order":
        pytest.fail("counted from ship-by, a cancellation comes after it")


@pytest.mark.parametrize(
    ("confirmed", "late"),
    [("2024-11-21 23:59:58", False), ("2024-11-21 23:59:59", False), ("2024-11-22 00:00:00", True)],
)
def test_late_only_after_ship_by(confirmed: str, late: bool) -> None:  # C1, I11
    due = at("2024-11-21 23:59:59")
    assert is_late(at(confirmed), due) is late
    assert (lateness(at(confirmed), due) > timedelta(0)) is late


def test_lateness_also_tells_the_time_left() -> None:
    assert lateness(at("2024-11-21 21:59:59"), at("2024-11-21 23:59:59")) == -timedelta(hours=2)


def test_without_ship_by_nothing_is_late() -> None:
    assert not is_late(at("2024-11-21"), None)


@pytest.mark.parametrize(
    ("warned", "now", "decision"),
    [
        (True, "2024-12-03 23:59:58", AutoCancelDecision(False, "not_due")),
        (True, "2024-12-03 23:59:59", AutoCancelDecision(True)),
        (False, "2024-12-20", AutoCancelDecision(True, "warning_missed")),  # I21
        (False, "2024-12-01", AutoCancelDecision(False, "not_due")),
    ],
)
def test_automatic_cancellation(warned: bool, now: str, decision: AutoCancelDecision) -> None:  # S0-16
    assert auto_cancel_decision(warned, at("2024-12-03 23:59:59"), at(now)) == decision
