"""Payment reports start the seller's deadlines (S0-02 to S0-07, S0-12, S0-13)."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.build import PLACED, a_placed_order, a_seller, an_actor, change, everything

from sellerdesk.commands.payments import report_payments
from sellerdesk.domain.orders import PaymentState
from sellerdesk.domain.payments import PaymentReport
from sellerdesk.domain.refusals import Code

pytestmark = pytest.mark.django_db


def pay(seller, number, state=PaymentState.AUTHORIZED, now=PLACED, reason=""):
    return report_payments(an_actor(seller), [PaymentReport(number, state, reason)], now=now)[0]


def deadlines(seller):
    return dict(everything("SELECT kind, due_at FROM deadlines WHERE seller_id = %s", [seller]))


def test_an_authorised_order_is_ready_with_its_promises():
    seller = a_seller()
    number = a_placed_order(seller)

    outcome = pay(seller, number)

    # Monday 2 March 2026 10:00 in Seattle, two business days of handling, then seven until the platform cancels.
    ship_by = datetime(2026, 3, 5, 7, 59, 59, tzinfo=UTC)
    cancel = datetime(2026, 3, 14, 6, 59, 59, tzinfo=UTC)  # the clocks went forward on 8 March
    assert outcome.facts["status"] == "Unshipped"
    assert deadlines(seller) == {
        "ship_by_reminder": ship_by - timedelta(hours=24),
        "ship_by": ship_by,
        "auto_cancel_warning": datetime(2026, 3, 7, 7, 59, 59, tzinfo=UTC),
        "auto_cancel": cancel,
    }
    assert everything("SELECT latest_ship_at, auto_cancel_at FROM orders WHERE seller_id = %s", [seller]) == [
        (ship_by, cancel)
    ]


def test_the_sellers_own_handling_time_counts():
    seller = a_seller()
    change("UPDATE participations SET handling_days = 1 WHERE seller_id = %s", [seller])

    pay(seller, a_placed_order(seller))

    assert deadlines(seller)["ship_by"] == datetime(2026, 3, 4, 7, 59, 59, tzinfo=UTC)


def test_an_edited_policy_row_counts_for_orders_from_its_day_on():
    seller = a_seller()
    change(
        "INSERT INTO policies (marketplace_id, key, value, valid_from, source, edited_by)"
        " VALUES ('ATVPDKIKX0DER', 'handling_days', '5', %s::date, 'test', 'operator')",
        ["2026-03-02"],
    )

    pay(seller, a_placed_order(seller))

    assert deadlines(seller)["ship_by"] == datetime(2026, 3, 10, 6, 59, 59, tzinfo=UTC)


def test_reports_that_say_nothing_new_write_nothing():
    seller = a_seller()
    number = a_placed_order(seller)
    states = [
        pay(seller, number, PaymentState.DECLINED).state,
        pay(seller, number, PaymentState.DECLINED).state,
    ]
    states += [pay(seller, number).state, pay(seller, number).state]

    assert states == ["declined", "unchanged", "authorized", "unchanged"]
    kinds = everything("SELECT kind FROM journal WHERE seller_id = %s ORDER BY id", [seller])
    assert [kind for (kind,) in kinds] == ["order_placed", "payment_declined", "payment_authorized"]


def test_another_sellers_order_is_not_found():
    number = a_placed_order(a_seller())

    assert pay(a_seller(), number).refusal.code is Code.ORDER_NOT_FOUND
