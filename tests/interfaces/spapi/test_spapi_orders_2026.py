"""Orders 2026-01-01: parameters, tokens, parts, and agreement with Orders v0."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from tests.interfaces.spapi.conftest import Caller, Clock
from tests.interfaces.spapi.world import (
    US,
    a_document,
    a_program,
    a_seller,
    paid,
    placed,
    shipped_by_the_warehouse,
)

pytestmark = pytest.mark.usefixtures("db", "time", "plenty")
ORDERS = "/orders/2026-01-01/orders"
RECENT = "createdAfter=2026-03-01T00:00:00Z"


def good(call: Caller, token: str, query: str = RECENT, path: str = ORDERS) -> Any:
    answer = call.get(path, token, query)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def test_the_answer_is_bare_and_parts_come_when_asked_for(call: Caller) -> None:
    seller = a_seller()
    (number,) = paid(seller, [a_document()])
    token = call.token(a_program(seller))
    found = good(call, token)
    assert found["createdBefore"] == "2026-03-04T14:58:00Z"
    (order,) = found["orders"]
    assert order["orderId"] == number
    assert [item["quantityOrdered"] for item in order["orderItems"]] == [3, 1]
    assert not {"buyer", "recipient", "fulfillment", "proceeds", "packages"} & order.keys()
    order = good(call, token, "includedData=BUYER,RECIPIENT,PROCEEDS", f"{ORDERS}/{number}")["order"]
    assert order["buyer"]["buyerName"] == "Ada Quill"
    assert order["recipient"]["deliveryAddress"]["addressLine1"] == "1 Canary Row"
    assert order["proceeds"]["grandTotal"] == {"amount": "81.35", "currencyCode": "USD"}


def test_filters_choose_orders(call: Caller) -> None:
    seller = a_seller()
    (waiting,), (ready,) = placed(seller, [a_document()]), paid(seller, [a_document()])
    warehouse = shipped_by_the_warehouse(seller)
    (tokyo,) = placed(seller, [a_document(country="JP")])
    token = call.token(a_program(seller))

    def found(more: str) -> set[str]:
        return {one["orderId"] for one in good(call, token, RECENT + more)["orders"]}

    assert found("") == {waiting, ready, warehouse, tokyo}
    assert found(f"&marketplaceIds={US}&MarketplaceIds=x") == {waiting, ready, warehouse}
    assert found("&fulfillmentStatuses=UNSHIPPED,SHIPPED") == {ready, warehouse}
    assert found("&fulfilledBy=AMAZON") == {warehouse}
    assert found("&createdBefore=2026-03-02") == set()
    by_change = good(call, token, "lastUpdatedAfter=2026-03-01&lastUpdatedBefore=2026-03-04")
    assert by_change["lastUpdatedBefore"] == "2026-03-04T00:00:00Z"


WRONG = [
    ("", "Either createdAfter or lastUpdatedAfter"),
    (f"{RECENT}&lastUpdatedAfter=2026-03-01", "cannot be used together"),
    (f"{RECENT}&lastUpdatedBefore=2026-03-01", "cannot be used together"),
    (f"{RECENT}&createdBefore=2026-03-04T14:59:00Z", "at least two minutes"),
    (f"{RECENT}&fulfillmentStatuses=Canceled", "fulfillmentStatuses has an invalid value."),
    (f"{RECENT}&fulfilledBy=MFN", "fulfilledBy has an invalid value."),
    (f"{RECENT}&includedData=EVERYTHING", "includedData has an invalid value."),
    (f"{RECENT}&maxResultsPerPage=101", "between 1 and 100"),
    (f"{RECENT}&paginationToken=x", "paginationToken is invalid."),
    (f"{RECENT}&marketplaceIds=x", "Marketplace ID is not defined"),
]


@pytest.mark.parametrize(("query", "message"), WRONG, ids=[message[:30] for _, message in WRONG])
def test_a_wrong_parameter_is_named(call: Caller, query: str, message: str) -> None:
    answer = call.get(ORDERS, call.token(a_program(a_seller())), query)
    assert answer.status_code == 400
    assert message in json.loads(answer.content)["errors"][0]["message"]


def test_a_page_goes_on_for_a_day_with_the_same_parameters_only(call: Caller, time: Clock) -> None:
    seller = a_seller()
    numbers = placed(seller, [a_document() for _ in range(3)])
    program = a_program(seller)
    token = call.token(program)
    query = f"{RECENT}&maxResultsPerPage=2&includedData=BUYER,PACKAGES"
    first = good(call, token, query)
    follow = f"paginationToken={quote(first['pagination']['nextToken'])}"
    time.forward(minutes=10)
    second = good(
        call, token, f"{RECENT}&maxResultsPerPage=2&includedData=PACKAGES&includedData=BUYER&{follow}"
    )
    assert second["createdBefore"] == first["createdBefore"]
    assert "pagination" not in second
    assert [one["orderId"] for page in (first, second) for one in page["orders"]] == numbers
    for other in (
        follow,
        f"{RECENT}&{follow}",
        f"{query}&fulfilledBy=MERCHANT&{follow}",
        f"createdAfter=2026-03-02&maxResultsPerPage=2&includedData=BUYER,PACKAGES&{follow}",
    ):
        assert call.get(ORDERS, token, other).status_code == 400, other
    time.forward(hours=24)
    late = call.get(ORDERS, call.token(program), f"{query}&{follow}")
    assert late.status_code == 400
    assert "expired" in json.loads(late.content)["errors"][0]["message"]


def test_a_token_belongs_to_its_seller(call: Caller) -> None:
    seller, other = a_seller(), a_seller("Other")
    placed(seller, [a_document() for _ in range(2)])
    query = f"{RECENT}&maxResultsPerPage=1"
    mine = good(call, call.token(a_program(seller)), query)["pagination"]["nextToken"]
    stranger = call.token(a_program(other))
    assert call.get(ORDERS, stranger, f"{query}&paginationToken={quote(mine)}").status_code == 400
