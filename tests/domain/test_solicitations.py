"""When a buyer may be asked for a review."""

from datetime import UTC, datetime, timedelta

import pytest

from sellerdesk.domain.facts import OrderFacts
from sellerdesk.domain.orders import Channel, Status
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.domain.solicitations import Delivery, Why, Window, solicit

DELIVERED = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
WINDOW = Window(5, 30)


def an_order(status: Status) -> OrderFacts:
    return OrderFacts(
        id=1,
        order_number="111-1234567-7654321",
        marketplace_id="ATVPDKIKX0DER",
        channel=Channel.MFN,
        status=status,
        payment_state="authorized",
        pending_reason="",
        currency="USD",
        placed_at=DELIVERED - timedelta(days=4),
        latest_ship_at=None,
        confirmed_at=None,
        is_late=None,
        version=1,
        items_known=True,
        items=(),
    )


def verdict(facts: OrderFacts, delivery: Delivery, now: datetime) -> tuple[Code, str] | None:
    try:
        solicit(facts, delivery, window=WINDOW, now=now)
    except Refusal as refusal:
        return refusal.code, str(refusal.facts.get("why", ""))
    return None


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (timedelta(days=5) - timedelta(microseconds=1), Why.TOO_EARLY),
        (timedelta(days=5), None),
        (timedelta(days=30), None),
        (timedelta(days=30, microseconds=1), Why.TOO_LATE),
        (-timedelta(days=1), Why.NOT_DELIVERED),
    ],
)
def test_the_window_opens_and_closes_to_the_instant(after: timedelta, why: Why | None) -> None:
    found = verdict(an_order(Status.SHIPPED), Delivery(DELIVERED), DELIVERED + after)
    assert found == (None if why is None else (Code.SOLICITATION_NOT_ALLOWED, why.value))


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.SHIPPED, Status.INVOICE_UNCONFIRMED}))
def test_only_shipped_orders_can_be_reviewed(status: Status) -> None:
    found = verdict(an_order(status), Delivery(DELIVERED), DELIVERED + timedelta(days=6))
    assert found == (Code.SOLICITATION_NOT_ALLOWED, Why.NOT_DELIVERED.value)


def test_once_is_enough_and_no_means_no() -> None:
    now = DELIVERED + timedelta(days=6)
    again = Delivery(DELIVERED, asked_at=DELIVERED + timedelta(days=5))
    assert verdict(an_order(Status.SHIPPED), again, now) == (Code.ALREADY_SOLICITED, "")
    silent = Delivery(DELIVERED, opted_out=True)
    assert verdict(an_order(Status.SHIPPED), silent, now) == (
        Code.SOLICITATION_NOT_ALLOWED,
        Why.OPTED_OUT.value,
    )
