"""The cancellation rate as a formula (S3-31 to S3-34; C4, C22; T01, T02)."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellerdesk.domain.rates import CancellationRate, Denominator, RatePolicy, Standing, percent

AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
STRICT, OFFICIAL = Denominator.STRICT, Denominator.OFFICIAL


def rate(
    orders: int, counted: int, left: int = 0, *, target: int = 250, denominator: str = "strict"
) -> CancellationRate:
    return CancellationRate("US", AT, orders, counted, left, RatePolicy(target, 7, denominator))


def test_t01_five_of_two_hundred_is_at_risk_under_either_denominator() -> None:
    """200 orders, 4 without stock, 1 on an informal wish, 1 on a filed request."""
    strict, official = rate(200, 5, 1), rate(200, 5, 1, denominator="official")
    assert (strict.base, strict.basis_points, strict.standing) == (199, 251, Standing.AT_RISK)
    assert (official.base, official.basis_points, official.standing) == (200, 250, Standing.AT_RISK)
    assert {strict.standing_of(one) for one in Denominator} == {Standing.AT_RISK}


def test_t02_four_of_two_hundred_is_good_and_nothing_of_nothing_is_no_rate() -> None:
    good, none = rate(200, 4), rate(0, 0)
    assert (good.basis_points, good.standing, good.headroom) == (200, Standing.GOOD, 0)
    assert (none.basis_points, none.standing, none.headroom, none.clean_orders_needed) == (
        None,
        Standing.NONE,
        0,
        0,
    )
    assert percent(none.basis_points) == ""
    assert percent(good.basis_points) == "2.00"


@pytest.mark.parametrize(
    ("orders", "counted", "left", "target", "standing", "headroom", "needed"),
    [
        (40, 1, 0, 250, Standing.AT_RISK, 0, 1),  # exactly 2.5 % (C4)
        (41, 1, 0, 250, Standing.GOOD, 0, 0),
        (80, 1, 0, 250, Standing.GOOD, 0, 0),
        (81, 1, 0, 250, Standing.GOOD, 1, 0),
        (1000, 3, 0, 250, Standing.GOOD, 21, 0),
        (1000, 3, 900, 250, Standing.AT_RISK, 0, 21),
        (1, 1, 0, 250, Standing.AT_RISK, 0, 40),
        (1, 0, 1, 250, Standing.NONE, 0, 0),  # the only order left the denominator
        (10, 0, 0, 0, Standing.AT_RISK, 0, 0),  # a target of nought is never kept
        (3, 0, 0, 10_000, Standing.GOOD, 2, 0),
        (50, 1, 0, 200, Standing.AT_RISK, 0, 1),  # India: below 2 %
    ],
)
def test_standing_headroom_and_the_way_back(
    orders: int, counted: int, left: int, target: int, standing: Standing, headroom: int, needed: int
) -> None:
    one = rate(orders, counted, left, target=target)
    assert (one.standing, one.headroom, one.clean_orders_needed) == (standing, headroom, needed)


RATES = st.builds(
    lambda counted, left, more, target, denominator: rate(
        counted + left + more, counted, left, target=target, denominator=denominator
    ),
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(0, 4000),
    st.integers(1, 10_000),
    st.sampled_from(["strict", "official"]),
)


@given(RATES)
def test_headroom_is_the_most_that_can_be_afforded(one: CancellationRate) -> None:
    def good(more: int) -> bool:
        return one.base > 0 and Fraction(one.counted + more, one.base) < Fraction(
            one.policy.cr_target, 10_000
        )

    if one.standing is Standing.GOOD:
        assert good(one.headroom)
        assert not good(one.headroom + 1) or one.headroom + one.counted == one.base
    else:
        assert one.headroom == 0


@given(RATES)
def test_clean_orders_needed_are_the_fewest_that_help(one: CancellationRate) -> None:
    needed = one.clean_orders_needed
    if one.standing is not Standing.AT_RISK:
        assert needed == 0
        return
    assert one.after(enters=needed).standing is Standing.GOOD
    assert one.after(enters=needed - 1).standing is Standing.AT_RISK


def test_the_window_opens_after_its_beginning_and_ends_with_the_moment() -> None:
    one = rate(1, 0)
    tick = timedelta(microseconds=1)
    assert [one.covers(at) for at in (one.since, one.since + tick, AT, AT + tick)] == [
        False,
        True,
        True,
        False,
    ]


def test_rounding_is_for_showing_only() -> None:
    just_below = rate(1_000_000, 24_999)
    assert percent(just_below.basis_points) == "2.50"
    assert just_below.standing is Standing.GOOD


def test_what_one_more_order_does() -> None:
    one = rate(100, 1, 1)
    assert one.after(counts=True).counted == 2
    assert one.after(leaves=True).base == 98
    assert one.after(enters=3).orders == 103
    assert one.base_of(OFFICIAL) == 100
    assert one.base_of(STRICT) == 99
