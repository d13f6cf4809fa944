"""Placing orders writes whole orders, or nothing of them."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from tests.build import PLACED, a_document, a_seller, an_actor, an_item, everything

from sellerdesk.commands.orders import place_orders
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.orders import Component
from sellerdesk.domain.refusals import Code

pytestmark = pytest.mark.django_db


def place(seller, *documents, **how):
    return place_orders(an_actor(seller), documents, now=PLACED, randomness=Random(7), **how)


def test_an_order_waits_for_its_payment_with_everything_beside_it():
    seller = a_seller()

    (outcome,) = place(seller, a_document(items=[an_item(ordered=2, price=1999, tax=160)]))

    assert (outcome.state, outcome.facts["status"], outcome.facts["total"]) == ("placed", "Pending", 4318)
    order = "seller_id = %s AND order_id = %s"
    keys = [seller, outcome.facts["order_id"]]
    assert everything(f"SELECT ordered, shipped, cancelled FROM order_items WHERE {order}", keys) == [
        (2, 0, 0)
    ]
    assert everything(f"SELECT name_key, last_key FROM buyer_contacts WHERE {order}", keys) == [
        ("ada quill", "quill")
    ]
    assert everything(f"SELECT city, country FROM shipping_addresses WHERE {order}", keys) == [
        ("Tacoma", "US")
    ]
    assert everything(f"SELECT kind FROM journal WHERE {order}", keys) == [("order_placed",)]
    assert everything(f"SELECT count(*) FROM deadlines WHERE {order}", keys) == [(0,)]
    assert everything(
        "SELECT component, amount, charged FROM charges WHERE seller_id = %s ORDER BY component", [seller]
    ) == [("principal", 3998, 0), ("tax", 320, 0)]


def test_numbers_that_are_missing_are_made():
    seller = a_seller()

    (outcome,) = place(seller, replace(a_document(), order_number=""))

    assert len(outcome.order_number) == 19
    assert len(everything("SELECT item_number FROM order_items WHERE seller_id = %s", [seller])[0][0]) == 14


def test_a_refused_order_does_not_disturb_its_neighbours():
    seller = a_seller()
    good, bad = a_document(), replace(a_document(), currency="EUR", place="line 2")

    outcomes = place(seller, good, bad, good)

    assert [one.state for one in outcomes] == ["placed", "refused", "refused"]
    assert [one.refusal and one.refusal.code for one in outcomes[1:]] == [
        Code.CURRENCY_MISMATCH,
        Code.DUPLICATE_REQUEST,
    ]
    assert outcomes[1].place == "line 2"
    assert everything("SELECT count(*) FROM orders WHERE seller_id = %s", [seller]) == [(1,)]


def test_a_number_is_taken_once_per_seller():
    one, other = a_seller(), a_seller()
    document = a_document()

    first, again, elsewhere = place(one, document), place(one, document), place(other, document)

    assert first[0].accepted
    assert again[0].refusal.code is Code.ORDER_EXISTS
    assert elsewhere[0].accepted


def test_without_the_permission_nothing_happens():
    seller = a_seller()
    actor = replace(an_actor(seller), permissions=frozenset({Permission.ORDERS_READ}))

    (outcome,) = place_orders(actor, [a_document()], now=PLACED, randomness=Random(1))

    assert outcome.refusal.code is Code.FORBIDDEN
    assert everything("SELECT count(*) FROM orders WHERE seller_id = %s", [seller]) == [(0,)]


def test_a_marketplace_where_the_seller_does_not_sell_is_refused():
    (outcome,) = place(a_seller(countries=("US",)), a_document(country="JP"))

    assert outcome.refusal.code is Code.NOT_PARTICIPATING


def test_discounts_are_negative_charges():
    seller = a_seller()
    item = replace(an_item(), amounts={Component.PRINCIPAL: 1000, Component.PROMOTION_DISCOUNT: -250})

    (outcome,) = place(seller, a_document(items=[item], at=PLACED - timedelta(hours=1)))

    assert outcome.facts["total"] == 750
