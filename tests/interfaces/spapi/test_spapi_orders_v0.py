"""Orders v0, reading: parameters, shapes, paging, personal data."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpResponse

from tests.interfaces.spapi.conftest import Caller, Clock
from tests.interfaces.spapi.world import (
    NOW,
    US,
    a_document,
    a_program,
    a_seller,
    a_warehouse_order,
    paid,
    placed,
)

pytestmark = pytest.mark.usefixtures("committed", "time", "plenty")
ORDERS = "/orders/v0/orders"
RECENT = f"MarketplaceIds={US}&CreatedAfter=2026-03-01T00:00:00Z"


def payload(answer: HttpResponse) -> Any:
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)["payload"]


def test_a_page_of_orders_has_the_shape_of_the_model(call: Caller) -> None:
    seller = a_seller()
    (number,) = paid(seller, [a_document()])
    found = payload(call.get(ORDERS, call.token(a_program(seller)), RECENT))
    assert found["CreatedBefore"] == "2026-03-04T14:58:00Z"
    assert "NextToken" not in found
    (order,) = found["Orders"]
    assert order["AmazonOrderId"] == number
    assert order["OrderStatus"] == "Unshipped"
    assert order["OrderTotal"] == {"CurrencyCode": "USD", "Amount": "81.35"}
    assert (order["NumberOfItemsShipped"], order["NumberOfItemsUnshipped"]) == (0, 4)
    assert "BuyerInfo" not in order
    assert "ShippingAddress" not in order
