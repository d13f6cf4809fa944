"""Confirming and editing shipments in the tables: units, money, versions, deadlines, journal."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.build import (
    PLACED,
    a_document,
    a_package,
    a_paid_order,
    a_placed_order,
    a_seller,
    an_actor,
    an_item,
    everything,
    paid_orders,
)

from sellerdesk.commands.parcels import report_parcel_events
from sellerdesk.commands.shipments import confirm_shipments, edit_shipments, ship_warehouse_orders
from sellerdesk.domain.orders import Channel
from sellerdesk.domain.parcels import ParcelReport
from sellerdesk.domain.refusals import Code
from sellerdesk.domain.shipments import EditRequest, ShipmentRequest
from sellerdesk.models.facts import read_by_number
from sellerdesk.models.tenancy import scoped

pytestmark = pytest.mark.django_db
NOW = PLACED + timedelta(days=1)


def facts(seller, number):
    with scoped(seller):
        return read_by_number(seller, [number])[number]


def confirm(seller, *requests, now=NOW):
    return confirm_shipments(an_actor(seller), requests, now=now)


def parcel(**more):
    return a_package(at=NOW, **more)


def test_part_edit_rest_tells_the_whole_story():
    seller = a_seller()
    number = a_paid_order(
        seller, items=[an_item(ordered=3, price=333, tax=0), an_item(ordered=1, sku="SKU-2")]
    )
    first, _ = (item.item_number for item in facts(seller, number).items)

    (part,) = confirm(seller, ShipmentRequest(number, (parcel(lines={first: 2}),)))
    (edited,) = edit_shipments(
        an_actor(seller), [EditRequest(number, "1", tracking="NEW 1", memo="told by phone")], now=NOW
    )
    (rest,) = confirm(seller, ShipmentRequest(number, (parcel(),)), now=NOW + timedelta(days=20))

    assert [one.facts.get("status") for one in (part, rest)] == ["PartiallyShipped", "Shipped"]
    assert (part.facts["charged"], part.facts["late"]) == (666, False)
    assert rest.facts["charged"] == 333 + 1999 + 160
    assert edited.facts["changes"] == ["memo", "tracking"]
    after = facts(seller, number)
    assert [item.left for item in after.items] == [0, 0]
    # Lateness was fixed by the first confirmation, though the rest went out long after ship-by (I11).
    assert (after.confirmed_at, after.is_late) == (NOW, False)
    assert after.package("1").tracking == "NEW 1"
    assert everything(
        "SELECT version, facts ->> 'tracking' = 'NEW 1' FROM package_versions WHERE seller_id = %s ORDER BY id",
        [seller],
    ) == [(1, False), (2, True), (1, False)]
    assert everything(
        "SELECT tracking_key FROM packages WHERE seller_id = %s ORDER BY id LIMIT 1", [seller]
    ) == [("NEW1",)]
    kinds = [
        row[0] for row in everything("SELECT kind FROM journal WHERE seller_id = %s ORDER BY id", [seller])
    ]
    assert kinds[-3:] == ["shipment_confirmed", "shipment_edited", "shipment_confirmed"]
    assert everything("SELECT DISTINCT state FROM deadlines WHERE seller_id = %s", [seller]) == [("void",)]
    assert everything("SELECT sum(amount), count(*) FROM ledger_entries WHERE seller_id = %s", [seller]) == [
        (0, 8)
    ]
    assert everything(
        "SELECT count(*) FROM charges WHERE seller_id = %s AND charged <> amount", [seller]
    ) == [(0,)]


def test_a_private_memo_stays_out_of_the_journal():
    seller = a_seller()
    number = a_paid_order(seller)
    confirm(seller, ShipmentRequest(number, (parcel(memo="canary-memo"),)))
    edit_shipments(an_actor(seller), [EditRequest(number, "1", memo="canary-other")], now=NOW)

    assert everything("SELECT count(*) FROM journal WHERE facts::text LIKE '%%canary%%'") == [(0,)]


def test_requests_of_one_batch_build_on_each_other():
    seller = a_seller()
    number = a_paid_order(seller, items=[an_item(ordered=2)])
    (item,) = (one.item_number for one in facts(seller, number).items)
    one = ShipmentRequest(number, (parcel(lines={item: 1}),))

    outcomes = confirm(seller, one, one, one)

    assert [outcome.state for outcome in outcomes] == ["confirmed", "confirmed", "refused"]
    assert outcomes[2].refusal.code is Code.ALREADY_SHIPPED
    assert [outcome.facts["references"] for outcome in outcomes[:2]] == [["1"], ["2"]]
    assert everything("SELECT status, units_shipped, version FROM orders WHERE seller_id = %s", [seller]) == [
        ("Shipped", 2, 4)
    ]


def test_a_batch_answers_in_order_and_only_for_its_own_seller():
    mine, theirs = a_seller(), a_seller()
    own, foreign = a_paid_order(mine), a_paid_order(theirs)

    outcomes = confirm(
        mine, *(ShipmentRequest(number, (parcel(),)) for number in (foreign, own, "000-0000000-0000000"))
    )

    assert [outcome.state for outcome in outcomes] == ["refused", "confirmed", "refused"]
    assert {outcome.refusal.code for outcome in outcomes if outcome.refusal} == {Code.ORDER_NOT_FOUND}
    assert everything("SELECT count(*) FROM packages WHERE seller_id = %s", [theirs]) == [(0,)]


def test_an_old_view_of_the_order_is_refused():
    seller = a_seller()
    number = a_paid_order(seller)
    version = facts(seller, number).version

    outcomes = confirm(seller, *[ShipmentRequest(number, (parcel(),), version=version)] * 2)

    assert outcomes[1].refusal.code is Code.STALE_VERSION


def test_an_edit_without_news_writes_nothing():
    seller = a_seller()
    number = a_paid_order(seller)
    confirm(seller, ShipmentRequest(number, (parcel(tracking="T1"),)))
    before = everything("SELECT count(*), max(id) FROM journal")

    (outcome,) = edit_shipments(an_actor(seller), [EditRequest(number, "1", tracking="T1")], now=NOW)

    assert outcome.state == "unchanged"
    assert everything("SELECT count(*), max(id) FROM journal") == before


def test_the_warehouse_ships_its_own_and_only_its_own():
    seller = a_seller()
    warehouse = a_paid_order(seller, channel=Channel.AFN)
    own = a_paid_order(seller)
    unpaid = a_placed_order(seller, channel=Channel.AFN)
    requests = [ShipmentRequest(number, (parcel(),)) for number in (warehouse, own, unpaid)]

    outcomes = ship_warehouse_orders(an_actor(seller), requests, now=NOW)

    assert [one.refusal and one.refusal.code for one in outcomes] == [
        None,
        Code.NOT_WAREHOUSE_ORDER,
        Code.ORDER_PENDING,
    ]
    assert facts(seller, warehouse).status == "Shipped"
    assert confirm(seller, requests[0])[0].refusal.code is Code.WAREHOUSE_ORDER


def test_five_hundred_orders_take_as_many_statements_as_one(django_assert_max_num_queries):
    seller = a_seller()
    numbers = paid_orders(seller, [a_document() for _ in range(500)])

    with django_assert_max_num_queries(8):
        outcomes = confirm(seller, *(ShipmentRequest(number, (parcel(),)) for number in numbers))

    assert {outcome.state for outcome in outcomes} == {"confirmed"}
    assert everything("SELECT status, count(*) FROM orders WHERE seller_id = %s GROUP BY 1", [seller]) == [
        ("Shipped", 500)
    ]


def test_parcel_events_move_the_parcel_once():
    seller = a_seller()
    number = a_paid_order(seller)
    confirm(seller, ShipmentRequest(number, (parcel(),)))
    delivered = ParcelReport(number, "1", "DELIVERED", NOW)

    outcomes = report_parcel_events(
        an_actor(seller), [delivered, delivered, replace(delivered, kind="IN_TRANSIT")], now=NOW
    )
    again = report_parcel_events(an_actor(seller), [delivered], now=NOW)

    assert [one.state for one in outcomes + again] == ["recorded", "unchanged", "refused", "unchanged"]
    assert outcomes[2].refusal.code is Code.EVENT_OUT_OF_ORDER
    assert everything("SELECT status, delivered_at FROM packages WHERE seller_id = %s", [seller]) == [
        ("DELIVERED", NOW)
    ]
    closed = edit_shipments(an_actor(seller), [EditRequest(number, "1", tracking="LATE")], now=NOW)
    assert closed[0].refusal.code is Code.PACKAGE_CLOSED
