"""Instants: liberal in, one form out."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellerdesk.domain.refusals import Refusal
from sellerdesk.wire import times


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00",
        "2026-01-01 00:00:00",
        "2026-01-01",
        "2026-01-01T00:00:00+00:00",
        "2026-01-01T00:00:00%2B00:00",
        "2026-01-01T00:00:00 00:00",
        "2026-01-01T09:00:00+0900",
        "2025-12-31T16:00:00-08:00",
        "2026-01-01T00:00:00.000z",
    ],
)
def test_all_that_clients_send_is_understood(text: str) -> None:
    assert times.parse(text, place="x") == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "1.569521782042E9",
        "2026-13-01",
        "2026-01-01T25:00:00Z",
        "2026-01-01T00:00:00+24:00",
        5,
        None,
        "0001-01-01T00:00:00+01:00",
        "９999-01-01",
        "9999-12-31T23:59:59Z",
        "2026-01-01T00:00:00Z\n",
        "2026-01-01T00:00:00ZZ",
    ],
)
def test_anything_else_is_refused_with_its_place(text: object) -> None:
    with pytest.raises(Refusal) as caught:
        times.parse(text, place="createdAfter")
    assert caught.value.facts["place"] == "createdAfter"


@given(st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_what_is_rendered_is_read_again(moment: datetime) -> None:
    assert times.parse(times.render(moment), place="x") == moment.replace(microsecond=0)
