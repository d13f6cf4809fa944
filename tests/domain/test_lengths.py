"""Texts of an order are no longer than the tables hold."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sellerdesk.domain import lengths
from sellerdesk.domain.orders import Address, Buyer, ItemDocument, OrderDocument, PackageDocument
from sellerdesk.domain.refusals import Refusal
from sellerdesk.models.orders import BuyerContact, Order, OrderItem, ShippingAddress
from sellerdesk.models.shipments import Package


@pytest.mark.parametrize(
    ("limits", "table"),
    [
        (lengths.ORDER, Order),
        (lengths.ITEM, OrderItem),
        (lengths.BUYER, BuyerContact),
        (lengths.ADDRESS, ShippingAddress),
        (lengths.PACKAGE, Package),
    ],
)
def test_the_limits_are_those_of_the_tables(limits: dict[str, int], table: Any) -> None:
    for name, most in limits.items():
        assert table._meta.get_field(name).max_length == most, name


def _document(**more: Any) -> OrderDocument:
    placed = datetime(2026, 3, 2, tzinfo=UTC)
    said: dict[str, Any] = {"order_number": "1", "marketplace_id": "", "placed_at": placed, "currency": "USD"}
    return OrderDocument(**said | {"items": None} | more)


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (_document(sales_channel="x" * 61), "sales_channel"),
        (
            _document(items=(ItemDocument("1", "s", "t", 1), ItemDocument("1" * 21, "s", "t", 1))),
            "item 2: item_number",
        ),
        (_document(buyer=Buyer(name="x" * 201)), "buyer: name"),
        (_document(address=Address(country="USA")), "address: country"),
        (_document(packages=(PackageDocument("1", "UPS", "x" * 101, {}),)), "package 1: tracking"),
    ],
)
def test_too_long_a_text_is_refused_with_its_place(document: OrderDocument, place: str) -> None:
    with pytest.raises(Refusal) as caught:
        lengths.check_lengths(document)
    assert caught.value.facts["place"] == place


def test_texts_that_fit_pass() -> None:
    lengths.check_lengths(_document(sales_channel="x" * 60, buyer=Buyer(name="x" * 200)))
