"""The rate explained: at any moment, a day ahead, day by day, with the orders behind it (T01; S3-31 to S3-34)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import build

from sellerdesk.commands.cancel_requests import file_requests
from sellerdesk.commands.cancellations import cancel_orders
from sellerdesk.domain.cancel_requests import FilingRequest, Reason
from sellerdesk.domain.cancellations import CancelReason, CancelRequest
from sellerdesk.domain.marketplaces import by_country
from sellerdesk.domain.orders import Channel
from sellerdesk.domain.rates import Denominator, Standing
from sellerdesk.queries.cancellation_rate import PlaceRate, cancellation_rates, counted_orders

pytestmark = pytest.mark.usefixtures("committed")
US, CA = by_country("US").id, by_country("CA").id
DAY = timedelta(days=1)
T = build.PLACED
NOW = T + 3 * DAY


def cancel(
    seller: int, *numbers: str, at: Any = NOW, reason: CancelReason = CancelReason.NO_INVENTORY
) -> None:
    requests = [CancelRequest(number, reason, accepts_limit=True) for number in numbers]
    build.all_well(cancel_orders(build.an_actor(seller), requests, now=at))


def read(seller: int, *, at: Any = NOW, place: str = US) -> PlaceRate:
    (found,) = cancellation_rates(seller, [place], at)
    return found


def test_t01_two_hundred_orders_six_cancelled() -> None:
    """Four without stock, one on an informal wish, one on a filed request; the warehouse's orders are not in it."""
    seller = build.a_seller()
    numbers = build.paid_orders(seller, [build.a_document() for _ in range(200)])
    build.paid_orders(seller, [build.a_document(channel=Channel.AFN) for _ in range(3)])
    filing = FilingRequest(numbers[5], Reason.FOUND_CHEAPER)
    build.all_well(file_requests(build.an_actor(seller), [filing], now=T + timedelta(hours=1)))
    cancel(seller, *numbers[:4])
    cancel(seller, *numbers[4:6], reason=CancelReason.BUYER_CANCELLED)
    found = read(seller)
    rate = found.rate
    assert (rate.counted, rate.base_of(Denominator.OFFICIAL), rate.base_of(Denominator.STRICT)) == (
        5,
        200,
        199,
    )
    assert (rate.basis_points, rate.standing) == (251, Standing.AT_RISK)
    assert rate.standing_of(Denominator.OFFICIAL) is Standing.AT_RISK
    assert {line.order_number for line in found.counted} == set(numbers[:5])
    assert sorted(line.why for line in found.counted) == ["no_formal_request"] + 4 * ["seller_reason"]
    assert {(line.by, line.policy_key, line.policy_value) for line in found.counted} == {
        ("MERCHANT", "cr_denominator", "strict")
    }
    assert {(rule.key, rule.value) for rule in found.rules} == {
        ("cr_target", 250),
        ("cr_window_days", 7),
        ("cr_denominator", "strict"),
    }
    assert all(rule.source for rule in found.rules)


def test_t02_four_of_two_hundred_and_none_of_none() -> None:
    seller = build.a_seller(countries=("US", "CA"))
    numbers = build.paid_orders(seller, [build.a_document() for _ in range(200)])
    cancel(seller, *numbers[:4])
    us, ca = cancellation_rates(seller, [US, CA], NOW)
    assert (us.rate.basis_points, us.rate.standing) == (200, Standing.GOOD)
    assert (ca.rate.basis_points, ca.rate.standing, ca.counted) == (None, Standing.NONE, ())


def test_what_leaves_within_a_day_and_what_the_rate_is_then() -> None:
    seller = build.a_seller()
    old = build.paid_orders(seller, [build.a_document(at=T - 3 * DAY - timedelta(hours=n)) for n in range(3)])
    new = build.paid_orders(seller, [build.a_document() for _ in range(2)])
    cancel(seller, old[0], new[0], at=T + timedelta(hours=1))
    at = T - 3 * DAY + 7 * DAY - timedelta(hours=6)  # in six hours the first of the old ones is out
    found = read(seller, at=at)
    assert (found.rate.counted, found.rate.orders) == (2, 5)
    assert (found.tomorrow.counted, found.tomorrow.orders) == (1, 2)
    assert (found.leaving_counted, found.leaving_orders) == (1, 3)
    assert [line.order_number for line in found.leaving] == [old[0]]
    assert found.leaving[0].leaves_at == T - 3 * DAY + 7 * DAY
    # The prophecy comes true.
    assert read(seller, at=at + DAY).rate == found.tomorrow


def test_the_past_stays_as_it_was() -> None:
    seller = build.a_seller()
    numbers = build.paid_orders(seller, [build.a_document(at=T + n * timedelta(hours=6)) for n in range(8)])
    before = [read(seller, at=T + n * DAY).rate for n in range(-1, 3)]
    cancel(seller, *numbers[:2], at=T + 3 * DAY)
    assert [read(seller, at=T + n * DAY).rate for n in range(-1, 3)] == before
    found = read(seller, at=T + 4 * DAY)
    assert len(found.history) == 14
    assert [one.at.hour for one in found.history] == 14 * [0]
    assert found.history[-1].at == (T + 4 * DAY).replace(hour=0, minute=0)
    assert [one.counted for one in found.history][-3:] == [0, 0, 2]
    for one in found.history:
        assert read(seller, at=one.at).rate == one


def test_an_order_is_listed_once_by_its_first_cancellation_and_pages_join() -> None:
    seller = build.a_seller()
    documents = [
        build.with_quantities(build.a_document(at=T + timedelta(minutes=n // 2)), 3) for n in range(7)
    ]
    numbers = build.paid_orders(seller, documents)
    items = dict(
        build.everything(
            "SELECT o.order_number, i.item_number FROM orders o JOIN order_items i ON i.order_id = o.id"
        )
    )
    for at in (NOW, NOW + timedelta(hours=1)):
        requests = [
            CancelRequest(one, CancelReason.PRICING_ERROR, lines={items[one]: 1}, accepts_limit=True)
            for one in numbers
        ]
        build.all_well(cancel_orders(build.an_actor(seller), requests, now=at))
    later = NOW + timedelta(hours=2)
    (found,) = cancellation_rates(seller, [US], later, size=3)
    assert (found.rate.counted, len(found.counted), found.more) == (7, 3, True)
    seen, after, more = list(found.counted), found.counted[-1].key, True
    while more:
        page, more = counted_orders(seller, US, later, after=after, size=3)
        seen += page
        after = page[-1].key
    assert [line.order_number for line in seen] == [
        line.order_number for line in sorted(seen, key=lambda one: one.key, reverse=True)
    ]
    assert sorted(line.order_number for line in seen) == sorted(numbers)
    assert {line.cancelled_at for line in seen} == {NOW}


def test_the_number_of_statements_does_not_grow() -> None:
    seller = build.a_seller(countries=("US", "CA"))

    def asked(*places: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            cancellation_rates(seller, list(places), NOW)
        return len([one for one in caught.captured_queries if "set_config" not in one["sql"]])

    few = asked(US)
    cancel(seller, *build.paid_orders(seller, [build.a_document() for _ in range(30)]))
    assert asked(US, CA) == few == 3


def test_another_seller_sees_nothing_of_it() -> None:
    seller, other = build.a_seller(), build.a_seller("Other")
    cancel(seller, *build.paid_orders(seller, [build.a_document()]))
    found = read(other)
    assert (found.rate.orders, found.rate.counted, found.counted, found.leaving) == (0, 0, (), ())
