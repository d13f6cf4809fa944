"""Policies and holidays come with the schema, once, and again when the years have moved on."""

from datetime import date

import pytest
from tests.build import change, everything

from sellerdesk.flows.terms import seed_terms

pytestmark = pytest.mark.django_db


def test_what_is_missing_is_added_and_what_is_there_stays() -> None:
    change("DELETE FROM holidays")
    change("DELETE FROM policies")

    first, again = seed_terms(date(2026, 3, 2)), seed_terms(date(2026, 12, 31))
    later = seed_terms(date(2027, 1, 1))

    assert first[0] > 20
    assert first[1] > 1000
    assert again == (0, 0)
    assert later[0] == 0
    assert 50 < later[1] < first[1]
    assert everything("SELECT count(DISTINCT marketplace_id) FROM holidays") == [(23,)]


def test_an_operators_own_row_is_not_touched() -> None:
    seed_terms(date(2026, 3, 2))
    change("UPDATE policies SET value = '5', edited_by = 'operator' WHERE key = 'handling_days'")

    assert seed_terms(date(2026, 3, 2))[0] == 0
    assert everything("SELECT DISTINCT value::text FROM policies WHERE key = 'handling_days'") == [("5",)]
