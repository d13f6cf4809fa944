"""A refused request leaves nothing behind, in any table, and does not disturb its neighbours (design 2.3)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests import build

from sellerdesk.commands.orders import place_orders
from sellerdesk.commands.parcels import report_parcel_events
from sellerdesk.commands.payments import report_payments
from sellerdesk.commands.shipments import confirm_shipments, edit_shipments, ship_warehouse_orders
from sellerdesk.domain.actors import Actor, Door, Party
from sellerdesk.domain.orders import PaymentState
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.domain.parcels import ParcelReport
from sellerdesk.domain.payments import PaymentReport
from sellerdesk.domain.shipments import EditRequest, ShipmentRequest
from sellerdesk.models.guards import TENANT_TABLES
from sellerdesk.queries.verify import verify

NOW = build.PLACED + timedelta(days=2)
HASH = "SELECT count(*), md5(string_agg(t::text, E'\\n' ORDER BY t::text)) FROM {} t"


def fingerprint() -> dict[str, tuple[int, str]]:
    """Rows and contents of every seller's table."""
    return {table: build.everything(HASH.format(table))[0] for table in TENANT_TABLES}


@pytest.fixture
def world(committed: None) -> dict[str, str]:
    """Orders in every state, by a word for it; and the seller's id."""
    seller = build.a_seller()
    numbers = {
        "waiting": build.a_placed_order(seller),
        "open": build.a_paid_order(seller),
        "shipped": build.a_shipped_order(seller),
        "warehouse": build.a_paid_order(seller, channel="AFN"),
    }
    other = build.a_seller("Other")
    return numbers | {"foreign": build.a_paid_order(other), "seller": str(seller)}


def parcel(number: str, **more: object) -> ShipmentRequest:
    return ShipmentRequest(number, (build.a_package(at=NOW, **more),))  # type: ignore[arg-type]


Attempt = Callable[[dict[str, str], Actor], list[Outcome]]
ATTEMPTS: dict[str, tuple[str, Attempt]] = {
    "waiting for payment": (
        "order_pending",
        lambda w, a: confirm_shipments(a, [parcel(w["waiting"])], now=NOW),
    ),
    "shipped already": (
        "already_shipped",
        lambda w, a: confirm_shipments(a, [parcel(w["shipped"])], now=NOW),
    ),
    "the warehouse's order": (
        "warehouse_order",
        lambda w, a: confirm_shipments(a, [parcel(w["warehouse"])], now=NOW),
    ),
    "not the warehouse's order": (
        "not_warehouse_order",
        lambda w, a: ship_warehouse_orders(a, [parcel(w["open"])], now=NOW),
    ),
    "another seller's order": (
        "order_not_found",
        lambda w, a: confirm_shipments(a, [parcel(w["foreign"])], now=NOW),
    ),
    "an item that is not in it": (
        "item_not_found",
        lambda w, a: confirm_shipments(a, [parcel(w["open"], lines={"1": 1})], now=NOW),
    ),
    "a second parcel that is wrong": (
        "already_shipped",
        lambda w, a: confirm_shipments(
            a, [ShipmentRequest(w["open"], (build.a_package(at=NOW), build.a_package(at=NOW)))], now=NOW
        ),
    ),
    "no tracking number": (
        "tracking_required",
        lambda w, a: confirm_shipments(
            a, [ShipmentRequest(w["open"], (build.PackageRequest("UPS", "", NOW),))], now=NOW
        ),
    ),
    "shipped before it was ordered": (
        "ship_date_impossible",
        lambda w, a: confirm_shipments(
            a, [ShipmentRequest(w["open"], (build.a_package(at=NOW - timedelta(days=90)),))], now=NOW
        ),
    ),
    "an old version": (
        "stale_version",
        lambda w, a: confirm_shipments(
            a, [ShipmentRequest(w["open"], (build.a_package(at=NOW),), version=77)], now=NOW
        ),
    ),
    "a parcel that is not there": (
        "package_not_found",
        lambda w, a: edit_shipments(a, [EditRequest(w["shipped"], "77", tracking="1Z")], now=NOW),
    ),
    "payment of a shipped order declined": (
        "wrong_status",
        lambda w, a: report_payments(a, [PaymentReport(w["shipped"], PaymentState.DECLINED)], now=NOW),
    ),
    "an event of no parcel": (
        "package_not_found",
        lambda w, a: report_parcel_events(a, [ParcelReport(w["open"], "1", "DELIVERED", NOW)], now=NOW),
    ),
    "an order that exists": (
        "order_exists",
        lambda w, a: place_orders(
            a, [build.a_document(order_number=w["open"])], now=NOW, randomness=build._numbers
        ),
    ),
    "an order of nowhere": (
        "not_participating",
        lambda w, a: place_orders(a, [build.a_document(country="JP")], now=NOW, randomness=build._numbers),
    ),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_nothing_is_left_behind(world: dict[str, str], attempt: str) -> None:
    code, act = ATTEMPTS[attempt]
    before = fingerprint()
    outcomes = act(world, build.an_actor(int(world["seller"])))
    assert [one.refusal and one.refusal.code.value for one in outcomes] == [code]
    assert fingerprint() == before


def test_nor_by_somebody_without_the_right(world: dict[str, str]) -> None:
    before = fingerprint()
    nobody = Actor(Party.SELLER, "Nobody", Door.WEB, int(world["seller"]), frozenset())
    (outcome,) = confirm_shipments(nobody, [parcel(world["open"])], now=NOW)
    assert outcome.refusal
    assert outcome.refusal.code == "forbidden"
    assert fingerprint() == before


def test_neighbours_are_not_disturbed(world: dict[str, str]) -> None:
    order = ["shipped", "open", "foreign", "waiting"]
    actor = build.an_actor(int(world["seller"]))
    outcomes = confirm_shipments(actor, [parcel(world[one]) for one in order], now=NOW)
    assert [one.accepted for one in outcomes] == [False, True, False, False]
    assert [one.order_number for one in outcomes] == [world[one] for one in order]
    assert [violation for finding in verify() for violation in finding.violations] == []
