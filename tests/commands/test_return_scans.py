"""What carriers see: the first scan of the platform's label, deliveries, and parcels that turn round (S0-31)."""

from datetime import timedelta
from typing import Any

import pytest
from tests import build
from tests.build import PLACED, an_actor, everything
from tests.commands.test_return_goods import authorized
from tests.commands.test_returns import (
    NOW,
    a_delivered_order,
    asked,
    automatic,
    code,
    nothing_is_wrong,
    open_deadlines,
    policy,
    states,
)

from sellerdesk.commands.parcels import report_parcel_events
from sellerdesk.commands.refunds import request_refunds
from sellerdesk.commands.return_scans import report_return_scans
from sellerdesk.commands.returns import ReturnStep, depart_returns
from sellerdesk.domain.actors import Party
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.parcels import ParcelReport
from sellerdesk.domain.refund_reasons import Mode, RefundReason
from sellerdesk.domain.refunds import LineRefund, RefundRequest
from sellerdesk.domain.refusals import Code
from sellerdesk.domain.return_scans import ReturnScan
from sellerdesk.domain.return_ways import Label
from sellerdesk.flows.sweep import sweep

pytestmark = pytest.mark.usefixtures("committed")
PREPAID = {"label": Label.PREPAID, "tracking": "1Z 5"}


def scanned(seller: int, number: str, rma: str, kind: str = "IN_TRANSIT") -> Outcome:
    carrier = an_actor(seller, party=Party.CARRIER)
    return report_return_scans(carrier, [ReturnScan(number, rma, kind, NOW)], now=NOW)[0]


def a_return(seller: int, **said: Any) -> tuple[str, str, str]:
    """Order number, item number, RMA of a request that waits for the seller."""
    automatic(seller, "manual")
    number, item = a_delivered_order(seller, **said)
    return number, item, asked(seller, number, item).facts["rma"]


def test_the_first_scan_of_the_platforms_label_refunds_once() -> None:
    seller = build.a_seller()
    number, _, rma = a_return(seller)
    assert code(scanned(seller, number, rma)) is Code.RETURN_STATE
    assert authorized(seller, number, rma, **PREPAID).accepted
    first = scanned(seller, number, rma)
    assert (first.state, first.facts["refunded"]) == ("recorded", 4318)
    assert scanned(seller, number, rma).state == "unchanged"
    assert everything("SELECT party, state, mode, total FROM refunds") == [
        ("AMAZON", "RELEASED", "advance", 4318)
    ]
    assert states() == ["COMPLETED"]
    assert scanned(seller, number, rma, "DELIVERED").state == "recorded"
    assert scanned(seller, number, rma, "DELIVERED").state == "unchanged"
    kinds = [
        one for (one,) in everything("SELECT kind FROM journal WHERE kind LIKE 'return_de%%' ORDER BY id")
    ]
    assert kinds == ["return_departed", "return_delivered"]
    nothing_is_wrong()


def test_another_label_only_departs() -> None:
    seller = build.a_seller()
    number, _, rma = a_return(seller)
    assert authorized(seller, number, rma, label=Label.UPLOADED, tracking="1Z 5").accepted
    assert scanned(seller, number, rma).facts["refunded"] == 0
    assert states() == ["IN_TRANSIT_BACK"]
    assert open_deadlines() == []
    nothing_is_wrong()


def test_no_refund_at_first_scan_after_a_part_of_it_nor_against_the_policy() -> None:
    seller, other = build.a_seller(), build.a_seller("Other")
    number, item, rma = a_return(seller)
    assert authorized(seller, number, rma, **PREPAID).accepted
    part = RefundRequest(
        number,
        RefundReason.BUYER_RETURN,
        Mode.ADVANCE,
        (LineRefund(item, units=1),),
        rma=rma,
        override="agreed",
    )
    build.all_well(request_refunds(an_actor(seller), [part], now=NOW))
    assert scanned(seller, number, rma).facts["refunded"] == 0
    theirs, _, their_rma = a_return(other)
    assert authorized(other, theirs, their_rma, **PREPAID).accepted
    policy("refund_first_scan_by", '"nobody"')
    assert scanned(other, theirs, their_rma).facts["refunded"] == 0
    nothing_is_wrong()


def test_departing_is_a_first_scan_too() -> None:
    seller = build.a_seller()
    number, _, rma = a_return(seller)
    assert authorized(seller, number, rma, **PREPAID).accepted
    carrier = an_actor(seller, party=Party.CARRIER)
    build.all_well(depart_returns(carrier, [ReturnStep(number, rma)], now=NOW))
    assert states() == ["COMPLETED"]
    nothing_is_wrong()


@pytest.mark.parametrize(("kind", "at"), [("TELEPORTED", NOW), ("DELIVERED", NOW + timedelta(seconds=1))])
def test_scans_that_cannot_be(kind: str, at: Any) -> None:
    seller = build.a_seller()
    number, _, rma = a_return(seller)
    authorized(seller, number, rma)
    (no,) = report_return_scans(an_actor(seller), [ReturnScan(number, rma, kind, at)], now=NOW)
    assert code(no) is Code.INVALID_VALUE


# --- Parcels that turn round ------------------------------------------------------------------------------------------


def reported(seller: int, number: str, *kinds: str, reference: str = "1") -> list[Outcome]:
    carrier = an_actor(seller, party=Party.CARRIER)
    at = PLACED + timedelta(days=3)
    reports = [ParcelReport(number, reference, kind, at + timedelta(hours=n)) for n, kind in enumerate(kinds)]
    return build.all_well(report_parcel_events(carrier, reports, now=NOW))


def returns() -> list[tuple[Any, ...]]:
    return everything(
        "SELECT kind, state, reason, raw_reason, payer, delivered_back_at IS NOT NULL FROM return_requests ORDER BY id"
    )


def test_a_refused_parcel_is_a_return_on_its_way() -> None:
    seller = build.a_seller()
    number = build.a_shipped_order(seller)
    reported(seller, number, "IN_TRANSIT", "REFUSED")
    assert returns() == [("refused", "IN_TRANSIT_BACK", "not_needed", "REFUSED", "buyer", False)]
    reported(seller, number, "REFUSED", "RETURNING")  # told again, and more of the same
    assert everything("SELECT in_return FROM order_items") == [(2,)]
    reported(seller, number, "REFUSED", "RETURNING", "RETURNED")
    assert returns() == [("refused", "IN_TRANSIT_BACK", "not_needed", "REFUSED", "buyer", True)]
    assert open_deadlines() == []
    nothing_is_wrong()


def test_a_parcel_that_nobody_could_deliver_comes_back_at_the_sellers_cost() -> None:
    seller = build.a_seller()
    number = build.a_shipped_order(seller)
    reported(seller, number, "IN_TRANSIT", "UNDELIVERABLE", "RETURNED")
    assert returns() == [("refused", "IN_TRANSIT_BACK", "late_delivery", "RETURNED", "seller", True)]
    nothing_is_wrong()


def test_a_return_that_waited_moves_on_when_its_parcel_turns_round() -> None:  # S0-28
    seller = build.a_seller()
    automatic(seller, "manual")
    number = build.a_shipped_order(seller)
    ((item,),) = everything("SELECT item_number FROM order_items")
    rma = asked(seller, number, item, 1).facts["rma"]
    reported(seller, number, "REFUSED")
    assert [row[:2] for row in returns()] == [("customer", "IN_TRANSIT_BACK"), ("refused", "IN_TRANSIT_BACK")]
    assert everything("SELECT in_return FROM order_items") == [(2,)]
    assert open_deadlines() == []
    assert everything("SELECT rma FROM return_requests ORDER BY id LIMIT 1") == [(rma,)]
    assert sweep(NOW + timedelta(days=60)).fired == {}
    nothing_is_wrong()


def test_two_parcels_that_turn_round_in_one_report_share_the_units() -> None:
    seller = build.a_seller()
    number = build.a_paid_order(seller)
    ((item,),) = everything("SELECT item_number FROM order_items")
    for day in (1, 2):
        build.ship(seller, number, at=PLACED + timedelta(days=day), lines={item: 1})
    carrier = an_actor(seller, party=Party.CARRIER)
    at = PLACED + timedelta(days=3)
    reports = [ParcelReport(number, reference, "REFUSED", at) for reference in ("1", "2")]
    build.all_well(report_parcel_events(carrier, reports, now=NOW))
    assert [row[:2] for row in returns()] == [("refused", "IN_TRANSIT_BACK")] * 2
    assert everything("SELECT in_return FROM order_items") == [(2,)]
    nothing_is_wrong()
