"""What a buyer is told: stages, and the way to cancel at every instant."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sellerdesk.domain.buyer_view import Stage, Way, offer, stage_of
from sellerdesk.domain.cancel_requests import State
from sellerdesk.domain.facts import ItemFacts, OrderFacts
from sellerdesk.domain.orders import Channel, PendingReason, Status
from sellerdesk.domain.refusals import Code

AT = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
FACTS = OrderFacts(
    1, "111-2222222-3333333", "ATVPDKIKX0DER", Channel.MFN, Status.UNSHIPPED, "authorized", "", "USD", AT, None, None,
    None, 1, True, (ItemFacts(1, "a", 2, 0, 0),),
)  # fmt: skip
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def way(facts: OrderFacts, after: timedelta, minutes: int = 30) -> Way:
    return offer(facts, minutes=minutes, now=AT + after).way


@pytest.mark.parametrize("minutes", [30, 5])
def test_the_window_is_half_open(minutes: int) -> None:
    """T07."""
    assert way(FACTS, timedelta(), minutes) is Way.ALONE
    assert way(FACTS, minutes * MINUTE - SECOND, minutes) is Way.ALONE
    assert way(FACTS, minutes * MINUTE, minutes) is Way.ASK
    assert offer(FACTS, minutes=minutes, now=AT).until == AT + minutes * MINUTE


def test_a_waiting_order_may_be_cancelled_and_asked_for() -> None:
    """C26."""
    waiting = replace(FACTS, status=Status.PENDING)
    assert way(waiting, MINUTE) is Way.ALONE
    assert way(waiting, 31 * MINUTE) is Way.ASK


def test_shipped_in_part_the_rest_is_asked_for_at_once() -> None:
    part = replace(FACTS, status=Status.PARTIALLY_SHIPPED, items=(ItemFacts(1, "a", 2, 1, 0),))
    assert way(part, MINUTE) is Way.ASK


def test_one_request_is_enough() -> None:
    asked = replace(FACTS, cancel_request=State.REQUESTED_FORMAL.value, cancel_requested_at=AT)
    assert way(asked, 31 * MINUTE) is Way.ASKED
    said = replace(FACTS, cancel_request=State.GUIDED.value)
    assert way(said, 31 * MINUTE) is Way.ASK


@pytest.mark.parametrize(
    ("status", "items", "channel", "why"),
    [
        (Status.SHIPPED, (ItemFacts(1, "a", 2, 2, 0),), Channel.MFN, Code.ALREADY_SHIPPED),
        (Status.CANCELED, (ItemFacts(1, "a", 2, 0, 2),), Channel.MFN, Code.ORDER_CANCELLED),
        (Status.PENDING, (ItemFacts(1, "a", 2, 0, 0),), Channel.AFN, Code.WAREHOUSE_ORDER),
    ],
)
def test_otherwise_there_is_no_way_and_a_reason(
    status: Status, items: tuple[ItemFacts, ...], channel: Channel, why: Code
) -> None:
    found = offer(
        replace(FACTS, status=status, items=items, channel=channel), minutes=30, now=AT + 31 * MINUTE
    )
    assert (found.way, found.why) == (Way.NONE, why)


@pytest.mark.parametrize(
    ("status", "reason", "parcels", "stage"),
    [
        (Status.PENDING_AVAILABILITY, "", [], Stage.PREORDERED),
        (Status.PENDING, PendingReason.PAYMENT_NOT_AUTHORIZED, [], Stage.WAITING),
        (Status.PENDING, PendingReason.PAYMENT_DECLINED, [], Stage.PAYMENT_OPEN),
        (Status.PENDING, PendingReason.CONVENIENCE_STORE, [], Stage.PAYMENT_OPEN),
        (Status.UNSHIPPED, "", [], Stage.PREPARING),
        (Status.PARTIALLY_SHIPPED, "", ["IN_TRANSIT"], Stage.PARTLY_SENT),
        (Status.PARTIALLY_SHIPPED, "", ["DELIVERED"], Stage.PARTLY_SENT),
        (Status.SHIPPED, "", ["DELIVERED", "IN_TRANSIT"], Stage.SENT),
        (Status.SHIPPED, "", ["DELIVERED", "CANCELLED"], Stage.DELIVERED),
        (Status.SHIPPED, "", ["DELIVERED", "RETURNING"], Stage.TROUBLE),
        (Status.SHIPPED, "", [], Stage.SENT),
        (Status.CANCELED, "", [], Stage.CANCELLED),
        (Status.UNFULFILLABLE, "", [], Stage.IMPOSSIBLE),
    ],
)
def test_stages(status: Status, reason: str, parcels: list[str], stage: Stage) -> None:
    assert stage_of(status, reason, parcels) is stage
