from datetime import date
from typing import Any

import pytest

from sellerdesk.domain.marketplaces import MARKETPLACES, by_country
from sellerdesk.domain.policies import (
    ALWAYS,
    AUTO_CANCEL_KINDS,
    AUTO_CANCEL_PRESETS,
    EVERYWHERE,
    KEYS,
    PolicyBook,
    PolicyRow,
    check_value,
)
from sellerdesk.domain.policy_seed import seed_rows
from sellerdesk.domain.refusals import Code

SEED = PolicyBook(seed_rows())
TODAY = date(2026, 11, 21)


def row(place: str, value: int, day: str) -> PolicyRow:
    return PolicyRow(place, "handling_days", value, date.fromisoformat(day), "test")


BOOK = PolicyBook(
    [
        row("JP", 5, "2021-01-01"),
        row("*", 2, "2024-01-01"),
        row("*", 1, "2020-01-01"),
        row("*", 3, "2025-01-01"),
    ]
)


@pytest.mark.parametrize(
    ("place", "day", "value"),
    [
        ("US", "2020-01-01", 1),
        ("US", "2023-12-31", 1),
        ("US", "2024-01-01", 2),
        ("US", "2030-01-01", 3),
        ("JP", "2020-12-31", 1),  # its own row is not valid yet
        ("JP", "2021-01-01", 5),
        ("JP", "2030-01-01", 5),  # its own row goes before newer ones for everywhere
    ],
)
def test_the_row_that_counts(place: str, day: str, value: int) -> None:
    assert BOOK.value(place, "handling_days", date.fromisoformat(day)) == value
    assert BOOK.row(place, "handling_days", date.fromisoformat(day)).value == value


@pytest.mark.parametrize(("key", "day"), [("handling_days", "2019-12-31"), ("nonsense", "2025-01-01")])
def test_a_missing_policy_is_named(key: str, day: str) -> None:
    with pytest.raises(LookupError, match=f"{key}.*US.*{day}"):
        BOOK.row("US", key, date.fromisoformat(day))


def test_two_values_for_one_day_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="two values of handling_days"):
        PolicyBook([row("*", 1, "2020-01-01"), row("*", 2, "2020-01-01")])


@pytest.mark.parametrize("key", sorted(KEYS))
def test_the_seed_answers_every_key_everywhere_and_always(key: str) -> None:
    for marketplace_id in MARKETPLACES:
        for day in (ALWAYS, date(2020, 9, 29), date(2020, 9, 30), TODAY):
            found = SEED.row(marketplace_id, key, day)
            assert check_value(key, found.value) is None


def test_seed_rows_are_known_and_have_a_source() -> None:
    for each in seed_rows():
        assert each.key in KEYS
        assert each.marketplace_id == EVERYWHERE or each.marketplace_id in MARKETPLACES
        assert len(each.source) > 5
    assert all(key.description for key in KEYS.values())


@pytest.mark.parametrize(
    ("country", "day", "preset"),
    [  # rulebook 2.4
        ("US", "2020-09-29", "legacy-30d"),
        ("US", "2020-09-30", "seven-business-days"),
        ("DE", "2026-01-01", "seven-business-days"),
        ("BR", "2026-01-01", "seven-business-days"),
        ("JP", "2026-01-01", "legacy-30d"),
        ("SA", "2026-01-01", "three-days"),
        ("IN", "2026-01-01", "twenty-four-hours"),
    ],
)
def test_auto_cancel_rules(country: str, day: str, preset: str) -> None:
    rule = SEED.value(by_country(country).id, "auto_cancel", date.fromisoformat(day))
    assert rule == AUTO_CANCEL_PRESETS[preset]


@pytest.mark.parametrize(
    ("country", "key", "value"),
    [
        ("US", "handling_days", 2),  # S0-12
        ("US", "free_shipping_threshold", {"minor": 3500, "currency": "USD"}),  # S0-04
        ("US", "self_cancel_minutes", 30),
        ("JP", "self_cancel_minutes", 5),  # C15
        ("US", "auto_cancel_warning_days", 7),
        ("US", "cr_target", 250),
        ("IN", "cr_target", 200),
        ("AU", "claim_answer_hours", 48),
        ("US", "claim_answer_hours", 72),
    ],
)
def test_values_that_the_rules_name(country: str, key: str, value: Any) -> None:
    assert SEED.value(by_country(country).id, key, TODAY) == value


def test_presets_are_valid_and_use_every_kind() -> None:
    assert all(check_value("auto_cancel", rule) is None for rule in AUTO_CANCEL_PRESETS.values())
    assert {rule["kind"] for rule in AUTO_CANCEL_PRESETS.values()} == AUTO_CANCEL_KINDS


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("handling_days", -1),
        ("handling_days", 1.5),
        ("handling_days", True),
        ("handling_days", "2"),
        ("handling_days", 10**6),
        ("cr_target", 10_001),
        ("handling_cutoff", "24:00"),
        ("handling_cutoff", "2 pm"),
        ("handling_cutoff", 14),
        ("free_shipping_threshold", 35),
        ("free_shipping_threshold", {"minor": 3500}),
        ("free_shipping_threshold", {"minor": 35.0, "currency": "USD"}),
        ("free_shipping_threshold", {"minor": 3500, "currency": "dollar"}),
        ("free_shipping_threshold", {"minor": 3500, "currency": 1}),
        ("auto_cancel", "legacy-30d"),
        ("auto_cancel", {"kind": "calendar_days_after_order"}),
        ("auto_cancel", {"kind": "some_day", "n": 3}),
        ("auto_cancel", {"kind": "hours_after_ship_by", "n": 0}),
        ("lsr_window_days", []),
        ("lsr_window_days", 10),
        ("lsr_window_days", [10, 0]),
        ("cr_denominator", "both"),
    ],
)
def test_values_of_the_wrong_shape(key: str, value: Any) -> None:
    refusal = check_value(key, value)
    assert refusal is not None
    assert refusal.code is Code.INVALID_VALUE
    assert refusal.facts["place"] == key


def test_an_unknown_key_is_refused() -> None:
    refusal = check_value("nonsense", 1)
    assert refusal is not None
    assert refusal.facts["place"] == "key"
