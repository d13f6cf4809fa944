"""Documents come in once, in any order, and never undo what happened here (rulebook 2.2, I19)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.build import PLACED, a_document, a_package, a_placed_order, a_seller, an_actor, an_item, everything

from sellerdesk.commands.imports import import_orders
from sellerdesk.commands.shipments import confirm_shipments
from sellerdesk.domain.orders import Buyer, PackageDocument, Status
from sellerdesk.domain.refusals import Code
from sellerdesk.domain.shipments import ShipmentRequest

pytestmark = pytest.mark.django_db
NOW = PLACED + timedelta(hours=6)
ITEM = replace(an_item(ordered=2, price=1000, tax=0), item_number="11111111111111")


def document(**said):
    defaults = {
        "items": [ITEM],
        "status": Status.UNSHIPPED,
        "updated_at": PLACED + timedelta(hours=1),
        "latest_ship_at": PLACED + timedelta(days=2),
        "source": "v0",
    }
    return a_document(**(defaults | said))


def take(seller, *documents, now=NOW):
    return import_orders(an_actor(seller), documents, now=now)


def states(outcomes):
    return [one.refusal.code if one.refusal else one.state for one in outcomes]


def head(seller):
    return everything(
        "SELECT status, units_shipped, units_cancelled, updated_at FROM orders WHERE seller_id = %s", [seller]
    )


def test_the_same_document_again_is_no_news():
    seller = a_seller()
    one = document()

    assert states(take(seller, one, replace(one, place="order 2"))) == ["imported", "unchanged"]
    before = everything("SELECT count(*) FROM journal WHERE seller_id = %s", [seller])
    assert states(take(seller, one)) == ["unchanged"]
    assert everything("SELECT count(*) FROM journal WHERE seller_id = %s", [seller]) == before
    assert head(seller) == [("Unshipped", 0, 0, one.updated_at)]


def test_newer_news_change_the_order_and_older_do_not():
    seller = a_seller()
    first = document()
    later = replace(first, updated_at=NOW, status=Status.SHIPPED, items=(replace(ITEM, shipped=2),))

    assert states(take(seller, first) + take(seller, later) + take(seller, first)) == [
        "imported",
        "updated",
        Code.OUTDATED,
    ]
    assert head(seller) == [("Shipped", 2, 0, NOW)]
    assert everything("SELECT DISTINCT state FROM deadlines WHERE seller_id = %s", [seller]) == [("void",)]
    assert everything(
        "SELECT sum(amount) FILTER (WHERE account = 'buyer') FROM ledger_entries WHERE seller_id = %s",
        [seller],
    ) == [(2000,)]


def test_in_any_order_it_ends_the_same():
    first = document()
    later = replace(first, updated_at=NOW, status=Status.SHIPPED, items=(replace(ITEM, shipped=2),))
    one, other = a_seller(), a_seller()

    take(one, first)
    take(one, later)
    take(other, later)
    take(other, first)

    assert head(one) == head(other)


def test_the_same_moment_with_other_content_is_a_conflict():
    seller = a_seller()
    one = document()

    assert states(take(seller, one, replace(one, ship_service="Other"))) == [
        "imported",
        Code.ORDER_EXISTS,
    ]
    assert states(take(seller, replace(one, ship_service="Other"))) == [Code.ORDER_EXISTS]


def test_items_complete_a_bare_order():
    seller = a_seller()
    bare = replace(document(), items=None, units_unshipped=2)

    assert states(take(seller, bare) + take(seller, replace(bare, items=(ITEM,)))) == ["imported", "updated"]
    assert everything("SELECT items_known, units_ordered FROM orders WHERE seller_id = %s", [seller]) == [
        (True, 2)
    ]


def test_what_was_shipped_here_stays_shipped():
    seller = a_seller()
    one = document()
    take(seller, one)
    request = ShipmentRequest(one.order_number, (a_package(at=NOW, lines={ITEM.item_number: 1}),))
    confirm_shipments(an_actor(seller), [request], now=NOW)

    assert states(take(seller, replace(one, updated_at=NOW - timedelta(hours=1), ship_service="Std"))) == [
        "updated"
    ]
    assert head(seller) == [("PartiallyShipped", 1, 0, NOW)]
    cancelled = replace(one, updated_at=NOW, status=Status.CANCELED, items=(replace(ITEM, cancelled=2),))
    assert states(take(seller, cancelled)) == [Code.ORDER_EXISTS]


def test_an_order_placed_here_is_not_overwritten():
    seller = a_seller()
    number = a_placed_order(seller)

    assert states(take(seller, document(order_number=number))) == [Code.ORDER_EXISTS]


def test_a_shipped_order_comes_with_its_parcels_and_its_money():
    seller = a_seller()
    package = PackageDocument(
        "P-1", "DPD", "1550 123", {ITEM.item_number: 2}, created_at=PLACED + timedelta(days=1)
    )
    shipped = document(
        items=[replace(ITEM, shipped=2)],
        status=Status.SHIPPED,
        packages=(package,),
        updated_at=PLACED + timedelta(days=1),
        buyer=Buyer(name="林 小明"),
    )

    assert states(take(seller, shipped, now=PLACED + timedelta(days=3))) == ["imported"]
    assert everything("SELECT reference, tracking_key FROM packages WHERE seller_id = %s", [seller]) == [
        ("P-1", "1550123")
    ]
    assert everything("SELECT quantity FROM package_items WHERE seller_id = %s", [seller]) == [(2,)]
    assert everything("SELECT amount, charged FROM charges WHERE seller_id = %s", [seller]) == [(2000, 2000)]
    assert everything("SELECT confirmed_at, is_late FROM orders WHERE seller_id = %s", [seller]) == [
        (PLACED + timedelta(days=1), False)
    ]


def test_deadlines_that_were_past_before_it_came_are_not_taken_over():
    seller = a_seller()

    take(seller, document(), now=PLACED + timedelta(days=60))

    assert everything("SELECT count(*) FROM deadlines WHERE seller_id = %s", [seller]) == [(0,)]


def test_one_bad_document_leaves_the_sound_ones():
    seller = a_seller()
    bad = document(items=[replace(ITEM, ordered=-1)])

    outcomes = take(seller, document(), bad, document(country="JP"), document())

    assert states(outcomes) == ["imported", Code.INVALID_VALUE, Code.NOT_PARTICIPATING, "imported"]
