"""The demonstration world has every state and trouble, once, and breaks no rule."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connections

from sellerdesk.demo.people import SELLERS, portal_logins
from sellerdesk.demo.world import Loaded, load_world
from sellerdesk.queries.verify import verify

# A Wednesday, a Sunday, and the days on which clocks change in America and Europe: the world must hold on any day.
DAYS = [datetime(2026, 3, 18, 15, 20, tzinfo=UTC), datetime(2026, 11, 1, 9, 5, tzinfo=UTC)]


@pytest.fixture(params=DAYS, ids=str, scope="module")
def world(
    request: pytest.FixtureRequest, committing: Callable[[], AbstractContextManager[None]]
) -> Iterator[tuple[datetime, Loaded]]:
    """Loaded once for all tests of a day: they only look at it."""
    with committing():
        yield request.param, load_world(request.param)


def ask(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT set_config('sellerdesk.seller', '0', false)")
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def count(condition: str, *values: Any) -> int:
    return int(ask(f"SELECT count(*) FROM orders o WHERE {condition}", *values)[0][0])


def test_world_has_every_state_and_trouble(world: tuple[datetime, Loaded]) -> None:
    now, loaded = world
    assert not loaded.was_there
    statuses = dict(ask("SELECT status, count(*) FROM orders GROUP BY 1"))
    assert 450 <= sum(statuses.values()) <= 700
    assert set(statuses) == {
        "PendingAvailability", "Pending", "Unshipped", "PartiallyShipped", "Shipped", "Canceled",
    }  # fmt: skip
    reasons = {reason for (reason,) in ask("SELECT DISTINCT pending_reason FROM orders")}
    assert reasons >= {
        "PAYMENT_NOT_AUTHORIZED", "PAYMENT_DECLINED", "CONVENIENCE_STORE", "FBA_CONSOLIDATION",
        "FBA_ITEM_OUT_OF_STOCK", "FBA_SCHEDULED_DELIVERY", "PREORDER",
    }  # fmt: skip
    assert count("status = 'Unshipped' AND latest_ship_at < %s AND warned_at IS NULL", now) >= 5
    assert (
        count("status = 'Unshipped' AND latest_ship_at BETWEEN %s AND %s + interval '1 day'", now, now) >= 5
    )
    assert count("status = 'Unshipped' AND warned_at IS NOT NULL AND auto_cancel_at > %s", now) >= 8
    assert count("status = 'Canceled' AND cancelled_by = 'AMAZON' AND warned_at IS NOT NULL") >= 8
    assert count("status = 'Shipped' AND units_cancelled > 0") >= 2  # the rest was cancelled by the clock
    assert count("is_late") >= 10
    assert count("channel = 'AFN' AND status = 'Shipped'") >= 20
    assert count("is_business") >= 5
    assert count("is_prime") >= 5
    assert count("source = 'v0'") == 9


def test_everybody_who_can_cancel_has_done_so(world: tuple[datetime, Loaded]) -> None:
    whys = {why for (why,) in ask("SELECT DISTINCT why FROM cancellations")}
    assert whys == {
        "seller_reason", "confirmation_missing", "formal_request", "buyer_alone", "marketplace", "unknown",
    }  # fmt: skip
    wishes = dict(ask("SELECT state, count(*) FROM cancellation_requests GROUP BY 1"))
    threads = dict(ask("SELECT state, count(*) FROM message_threads GROUP BY 1"))
    assert threads["open_needs_response"] >= 8
    assert threads["answered"] >= 4
    assert set(wishes) == {"requested_formal", "requested_informal", "accepted", "superseded"}
    assert count("status = 'Unshipped' AND cancel_request = 'requested_formal'") >= 5
    assert count("status = 'Shipped' AND units_cancelled > 0 AND counts_in_cr") >= 2


def test_returns_and_refunds_stand_in_every_state(world: tuple[datetime, Loaded]) -> None:
    returns = dict(ask("SELECT state, count(*) FROM return_requests GROUP BY 1"))
    assert set(returns) >= {
        "PENDING_AUTHORIZATION", "AUTHORIZED", "IN_TRANSIT_BACK", "RECEIVED", "PENDING_REFUND", "COMPLETED",
        "CLOSED_BY_SELLER", "CLOSED_BY_BUYER",
    }  # fmt: skip
    refunds = dict(ask("SELECT state, count(*) FROM refunds GROUP BY 1"))
    assert set(refunds) >= {"DRAFT", "PENDING", "CANCELLED", "RELEASED"}
    assert int(ask("SELECT count(*) FROM refund_lines WHERE deduction > 0")[0][0]) >= 2


def test_claims_stand_in_every_tab_and_broken_goods_were_photographed(world: tuple[datetime, Loaded]) -> None:
    now, _ = world
    claims = dict(ask("SELECT state, count(*) FROM claims GROUP BY 1"))
    assert set(claims) == {
        "ACTION_REQUIRED", "UNDER_REVIEW", "GRANTED", "DENIED", "WITHDRAWN", "REVERSED",
    }  # fmt: skip
    soon = "SELECT count(*) FROM claims WHERE due_at BETWEEN %s AND %s + interval '8 hours'"
    assert int(ask(soon, now, now)[0][0]) == len(SELLERS)
    silent = "SELECT count(*) FROM claims WHERE cause = 'silence' AND defect AND appeal_until > %s"
    assert int(ask(silent, now)[0][0]) == len(SELLERS)
    reversed_ = "SELECT DISTINCT money_reversed, defect_reversed, defect FROM claims WHERE state = 'REVERSED'"
    assert ask(reversed_) == [(True, True, False)]
    photographed = "SELECT count(DISTINCT return_request_id) FROM return_photos WHERE by = 'buyer'"
    assert int(ask(photographed)[0][0]) >= 2 * len(SELLERS)


def test_parcels_tell_every_story(world: tuple[datetime, Loaded]) -> None:
    states = Counter(state for (state,) in ask("SELECT status FROM packages"))
    assert set(states) == {"IN_TRANSIT", "DELIVERED", "UNDELIVERABLE", "RETURNING"}
    assert int(ask("SELECT count(*) FROM packages WHERE version > 1")[0][0]) >= 8
    several = "SELECT count(*) FROM (SELECT order_id FROM packages GROUP BY 1 HAVING count(*) > 1) p"
    assert int(ask(several)[0][0]) >= 4
    gifts = "SELECT count(*) FROM buyer_contacts WHERE item_texts::text LIKE '%%GiftMessageText%%'"
    assert int(ask(gifts)[0][0]) >= 3
    currencies = {one for (one,) in ask("SELECT DISTINCT currency FROM orders")}
    assert currencies >= {"USD", "CAD", "EUR", "JPY", "BRL", "AUD", "SAR", "MXN", "GBP"}


def test_buyers_of_the_portal_have_orders_everywhere(world: tuple[datetime, Loaded]) -> None:
    now, _ = world
    for _, email, _ in portal_logins():
        mine = ask("SELECT DISTINCT seller_id FROM buyer_contacts WHERE email = %s", email)
        assert len(mine) == len(SELLERS), email
    fresh = "o.id IN (SELECT order_id FROM buyer_contacts WHERE email = 'emily.carter@buyers.example')"
    assert count(f"{fresh} AND placed_at > %s - interval '30 minutes' AND status = 'Unshipped'", now) >= 2


def test_world_breaks_no_rule(world: tuple[datetime, Loaded]) -> None:
    assert {found.rule.name: found.violations[:2] for found in verify() if found.count} == {}


def test_nothing_leads_to_real_people(world: tuple[datetime, Loaded]) -> None:
    buyers = ask("SELECT DISTINCT email FROM buyer_contacts")
    sellers = ask("SELECT DISTINCT email FROM sellers")
    assert all(address.endswith(".example") for (address,) in [*buyers, *sellers])
