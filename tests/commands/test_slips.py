"""Recording printed packing slips: once an order and print, and never of what the seller does not pack."""

from dataclasses import replace
from datetime import timedelta

from tests.build import (
    PLACED,
    a_paid_order,
    a_placed_order,
    a_seller,
    a_shipped_order,
    an_actor,
    everything,
)

from sellerdesk.commands.slips import SlipRequest, record_prints
from sellerdesk.domain.orders import Channel
from sellerdesk.domain.refusals import Code

NOW = PLACED + timedelta(days=1)


def test_an_order_asked_for_twice_is_counted_once(committed: None) -> None:
    seller = a_seller()
    number = a_paid_order(seller)
    for times in (1, 2):
        outcomes = record_prints(an_actor(seller), [SlipRequest(number), SlipRequest(number)], now=NOW)
        assert [one.facts["times"] for one in outcomes] == [times, times]
    entries = everything("SELECT facts->>'times', actor FROM journal WHERE kind = 'slip_printed' ORDER BY id")
    assert entries == [("1", "Test"), ("2", "Test")]


def test_refusals_do_not_disturb_their_neighbours(committed: None) -> None:
    seller, other = a_seller(), a_seller("Other")
    good = a_shipped_order(seller)
    asked = [
        a_placed_order(seller),
        a_shipped_order(seller, channel=Channel.AFN),
        a_paid_order(other),
        good,
    ]
    outcomes = record_prints(an_actor(seller), [SlipRequest(number) for number in asked], now=NOW)
    codes = [one.refusal.code if one.refusal else None for one in outcomes]
    assert codes == [Code.ORDER_PENDING, Code.WAREHOUSE_ORDER, Code.ORDER_NOT_FOUND, None]
    assert everything("SELECT order_number FROM orders WHERE slips_printed > 0") == [(good,)]


def test_without_the_permission_nothing_is_counted(committed: None) -> None:
    seller = a_seller()
    number = a_paid_order(seller)
    reader = replace(an_actor(seller), permissions=frozenset())
    [outcome] = record_prints(reader, [SlipRequest(number)], now=NOW)
    assert outcome.refusal is not None
    assert outcome.refusal.code is Code.FORBIDDEN
    assert everything("SELECT max(slips_printed) FROM orders") == [(0,)]
