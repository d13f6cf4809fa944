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
    shipped_by_the_warehouse,
)

pytestmark = pytest.mark.usefixtures("db", "time", "plenty")
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


# -- parameters ------------------------------------------------------------------------------------------------------

WRONG = [
    ("", "MarketplaceIds is required."),
    (f"MarketplaceIds={US}", "Either CreatedAfter or LastUpdatedAfter must be specified."),
    ("MarketplaceIds=NOWHERE&CreatedAfter=2026-03-01", "Marketplace ID is not defined"),
    (f"MarketplaceIds={'%2C'.join(f'M{n}' for n in range(51))}&CreatedAfter=2026-03-01", "At most 50"),
    (f"{RECENT}&LastUpdatedAfter=2026-03-01", "cannot be used together"),
    (f"{RECENT}&LastUpdatedBefore=2026-03-01", "cannot be used together"),
    (f"{RECENT}&CreatedBefore=2026-03-04T14:59:00Z", "at least two minutes"),
    (f"{RECENT}&CreatedBefore=2026-02-01", "no later than CreatedBefore"),
    (f"MarketplaceIds={US}&CreatedAfter=2026-03-04T14:59:00Z", "at least two minutes ago"),
    (f"MarketplaceIds={US}&CreatedAfter=yesterday", "CreatedAfter is not a valid ISO 8601"),
    (f"MarketplaceIds={US}&CreatedAfter=2026-02-30", "CreatedAfter is not a valid ISO 8601"),
    (f"{RECENT}&OrderStatuses=Cancelled", "OrderStatuses has an invalid value."),
    (f"{RECENT}&FulfillmentChannels=FBA", "FulfillmentChannels has an invalid value."),
    (f"{RECENT}&PaymentMethods=Card", "PaymentMethods has an invalid value."),
    (f"{RECENT}&EasyShipShipmentStatuses=Gone", "EasyShipShipmentStatuses has an invalid value."),
    (f"{RECENT}&ElectronicInvoiceStatuses=Gone", "ElectronicInvoiceStatuses has an invalid value."),
    (f"{RECENT}&MaxResultsPerPage=0", "between 1 and 100"),
    (f"{RECENT}&MaxResultsPerPage=101", "between 1 and 100"),
    (f"{RECENT}&MaxResultsPerPage=" + "9" * 4000, "MaxResultsPerPage"),
    (f"{RECENT}&MaxResultsPerPage=ten", "between 1 and 100"),
    (f"{RECENT}&AmazonOrderIds=" + ",".join(str(n) for n in range(51)), "At most 50"),
    (f"{RECENT}&IsISPU=perhaps", "IsISPU has an invalid value."),
    (f"{RECENT}&SellerOrderId=S1&OrderStatuses=Shipped", "cannot be used together with SellerOrderId"),
    (f"{RECENT}&SellerOrderId=S1&BuyerEmail=a%40b.example", "cannot be used together with SellerOrderId"),
    (f"{RECENT}&NextToken=nonsense", "NextToken is invalid."),
    (f"{RECENT}&BuyerEmail=%00", "BuyerEmail has an invalid value."),
    (f"{RECENT}&BuyerEmail=%ff", "not valid UTF-8"),
    (f"{RECENT}&BuyerEmail=%ed%a0%80", "not valid UTF-8"),
    ("&" * 2000 + "&".join(f"a{n}=1" for n in range(2000)), "query string"),
]


@pytest.mark.parametrize(("query", "message"), WRONG, ids=[message[:30] for _, message in WRONG])
def test_a_wrong_parameter_is_named(call: Caller, query: str, message: str) -> None:
    answer = call.get(ORDERS, call.token(a_program(a_seller())), query)
    assert answer.status_code == 400, answer.content
    (error,) = json.loads(answer.content)["errors"]
    assert error["code"] == "InvalidInput"
    assert message in error["message"]


LIBERAL = [
    f"MarketplaceIds={US}&CreatedAfter=2026-03-01T00:00:00",
    f"MarketplaceIds={US}&CreatedAfter=2026-03-01T00:00:00.123Z",
    f"MarketplaceIds={US}&CreatedAfter=2026-03-01T01:00:00%2B01:00",
    f"MarketplaceIds={US}&CreatedAfter=2026-03-01T01:00:00%252B01:00",
    f"MarketplaceIds={US}&CreatedAfter=2026-03-01T01:00:00+01:00",
    f"MarketplaceIds={US}&MarketplaceIds=A1VC38T7YXB528&CreatedAfter=2026-03-01",
    f"MarketplaceIds={US},A1VC38T7YXB528&CreatedAfter=2026-03-01",
    f"{RECENT}&MarketplaceId=x&marketplaceIds=y&path=%2Forders&RestrictedResources=buyerInfo",
    f"{RECENT}&IsISPU=False",
    f"{RECENT}&OrderStatuses=Pending,Unshipped&OrderStatuses=Shipped",
    f"{RECENT}&PaymentMethods=Other&FulfillmentChannels=MFN",
    f"{RECENT}&BuyerEmail=ADA.quill%40buyer.example",
    f"{RECENT}&NextToken=",
    f"MarketplaceIds={US}&LastUpdatedAfter=2026-03-01",
]


@pytest.mark.parametrize("query", LIBERAL)
def test_what_clients_send_is_understood(call: Caller, query: str) -> None:
    seller = a_seller()
    numbers = placed(seller, [a_document()])
    found = payload(call.get(ORDERS, call.token(a_program(seller)), query))
    assert [order["AmazonOrderId"] for order in found["Orders"]] == numbers


def test_filters_choose_orders(call: Caller) -> None:
    seller = a_seller()
    later = NOW + timedelta(days=9)
    (plain,) = placed(seller, [a_document()])
    (ready,) = paid(seller, [a_document(latest_delivery_at=later, earliest_delivery_at=later)])
    (named,) = placed(seller, [a_document(seller_order_id="MINE-7")])
    warehouse = a_warehouse_order(seller)
    special = {
        "v0": {
            "PaymentMethod": "COD",
            "EasyShipShipmentStatus": "PickedUp",
            "ElectronicInvoiceStatus": "Accepted",
            "IsISPU": True,
            "FulfillmentInstruction": {"FulfillmentSupplySourceId": "depot-1"},
        }
    }
    (odd,) = placed(seller, [a_document(published=special)])
    (tokyo,) = placed(seller, [a_document(country="JP")])
    token = call.token(a_program(seller))

    def found(more: str, base: str = RECENT) -> set[str]:
        return {one["AmazonOrderId"] for one in payload(call.get(ORDERS, token, base + more))["Orders"]}

    assert found("") == {plain, ready, named, warehouse, odd}
    assert found("", "MarketplaceIds=A1VC38T7YXB528&CreatedAfter=2026-03-01") == {tokyo}
    assert found("&OrderStatuses=Unshipped&FulfillmentChannels=MFN") == {ready}
    assert found("&FulfillmentChannels=AFN") == {warehouse}
    assert found("&SellerOrderId=MINE-7") == {named}
    assert found(f"&AmazonOrderIds={plain},{named},111-1111111-1111111") == {plain, named}
    assert found("&BuyerEmail=nobody%40buyer.example") == set()
    assert found("&PaymentMethods=COD,CVS") == {odd}
    assert found("&EasyShipShipmentStatuses=PickedUp") == {odd}
    assert found("&ElectronicInvoiceStatuses=Accepted") == {odd}
    assert found("&IsISPU=true") == {odd}
    assert found("&ActualFulfillmentSupplySourceId=depot-1") == {odd}
    assert found("&StoreChainStoreId=nowhere") == set()
    assert found("&LatestDeliveryDateAfter=2026-03-13&LatestDeliveryDateBefore=2026-03-14") == {ready}
    assert found("&EarliestDeliveryDateBefore=2026-03-12") == set()
    assert found("&CreatedBefore=2026-03-02") == set()


# -- pages -----------------------------------------------------------------------------------------------------------


def test_pages_go_on_without_repeating_the_filters(call: Caller) -> None:
    seller = a_seller()
    numbers = placed(seller, [a_document(at=NOW - timedelta(days=1, seconds=n)) for n in range(7)])
    token = call.token(a_program(seller))
    first = payload(call.get(ORDERS, token, f"{RECENT}&MaxResultsPerPage=3&OrderStatuses=Pending"))
    second = payload(call.get(ORDERS, token, f"NextToken={quote(first['NextToken'])}"))
    third = payload(call.get(ORDERS, token, f"{RECENT}&NextToken={quote(second['NextToken'])}"))
    assert "NextToken" not in third
    assert first["CreatedBefore"] == third["CreatedBefore"]
    seen = [one["AmazonOrderId"] for page in (first, second, third) for one in page["Orders"]]
    assert seen == list(reversed(numbers))


def test_pages_lose_and_repeat_nothing_while_orders_come_and_change(call: Caller, time: Clock) -> None:
    seller = a_seller()
    numbers = placed(seller, [a_document(at=NOW - timedelta(days=1, seconds=n)) for n in range(10)])
    token = call.token(a_program(seller))
    seen, query = [], f"{RECENT}&MaxResultsPerPage=2"
    while query:
        page = payload(call.get(ORDERS, token, query))
        seen += [one["AmazonOrderId"] for one in page["Orders"]]
        query = f"NextToken={quote(page['NextToken'])}" if "NextToken" in page else ""
        # Between the pages: a new order, an order that was backdated into the window, and time goes by.
        placed(seller, [a_document(at=time.now)], now=time.now)
        time.forward(minutes=3)
    assert [one for one in seen if one in numbers] == list(reversed(numbers))
    assert len(seen) == len(set(seen)) == len(numbers)


def test_a_poller_by_changes_misses_nothing(call: Caller, time: Clock) -> None:
    seller = a_seller()
    token = call.token(a_program(seller))
    after, seen, made = "2026-03-04T14:00:00Z", [], []
    for _ in range(6):
        made += placed(seller, [a_document(at=time.now)], now=time.now)
        time.forward(seconds=61, milliseconds=500)
        page = payload(call.get(ORDERS, token, f"MarketplaceIds={US}&LastUpdatedAfter={after}"))
        seen += [one["AmazonOrderId"] for one in page["Orders"]]
        after = page["LastUpdatedBefore"]
    time.forward(minutes=3)
    page = payload(call.get(ORDERS, token, f"MarketplaceIds={US}&LastUpdatedAfter={after}"))
    seen += [one["AmazonOrderId"] for one in page["Orders"]]
    assert set(seen) == set(made)


def test_a_token_continues_only_its_own_list(call: Caller) -> None:
    seller, other = a_seller(), a_seller("Other")
    placed(seller, [a_document() for _ in range(2)])
    token = call.token(a_program(seller))
    mine = payload(call.get(ORDERS, token, f"{RECENT}&MaxResultsPerPage=1"))["NextToken"]
    stranger = call.token(a_program(other))
    for who, text in ((stranger, mine), (token, mine[:-1]), (token, "x" + mine), (token, mine * 50)):
        assert call.get(ORDERS, who, f"NextToken={quote(text)}").status_code == 400
    search = "/orders/2026-01-01/orders"
    answer = call.get(search, token, f"createdAfter=2026-03-01&paginationToken={quote(mine)}")
    assert answer.status_code == 400


def test_orders_of_our_own_are_shown_as_long_as_the_policy_says(call: Caller, time: Clock) -> None:
    seller = a_seller()
    numbers = placed(seller, [a_document()])
    time.forward(days=2 * 365 - 10)
    token = call.token(a_program(seller))
    query = f"MarketplaceIds={US}&CreatedAfter=2026-03-01"
    assert [one["AmazonOrderId"] for one in payload(call.get(ORDERS, token, query))["Orders"]] == numbers
    time.forward(days=20)
    token = call.token(a_program(seller))
    assert payload(call.get(ORDERS, token, query))["Orders"] == []
    by_change = f"MarketplaceIds={US}&LastUpdatedAfter=2026-03-01"
    assert payload(call.get(ORDERS, token, by_change))["Orders"] == []


# -- personal data and waiting orders -----------------------------------------------------------------------------


def test_personal_data_is_for_restricted_tokens_and_what_they_name(call: Caller) -> None:
    seller = a_seller()
    (number,) = paid(seller, [a_document()])
    token = call.token(a_program(seller))
    one = f"{ORDERS}/{number}"
    for element, member in (("buyerInfo", "BuyerInfo"), ("shippingAddress", "ShippingAddress")):
        narrow = call.restricted(token, (ORDERS, [element]), (one, [element]))
        for shown in (
            payload(call.get(ORDERS, narrow, RECENT))["Orders"][0],
            payload(call.get(one, narrow)),
        ):
            assert {"BuyerInfo", "ShippingAddress"} & shown.keys() == {member}
        assert call.get(f"{one}/address", narrow).status_code == 403
        assert call.get(f"{one}/orderItems", narrow).status_code == 403
    for part in ("address", "buyerInfo", "orderItems/buyerInfo", "regulatedInfo"):
        assert call.get(f"{one}/{part}", token).status_code == 403
        assert call.get(f"{one}/{part}", call.restricted(token, (f"{one}/{part}", []))).status_code == 200


def test_a_waiting_order_shows_no_money_and_nobody(call: Caller) -> None:
    seller = a_seller()
    (number,) = placed(seller, [a_document()])
    token = call.token(a_program(seller))
    parts = ["buyerInfo", "shippingAddress"]
    one = f"{ORDERS}/{number}"
    rdt = call.restricted(
        token, (ORDERS, parts), (one, parts), (f"{one}/orderItems", parts), (f"{one}/address", [])
    )
    for shown in (payload(call.get(one, rdt)), payload(call.get(ORDERS, rdt, RECENT))["Orders"][0]):
        assert shown["OrderStatus"] == "Pending"
        assert not {"OrderTotal", "BuyerInfo", "ShippingAddress", "LatestDeliveryDate"} & shown.keys()
    assert "OrderTotal" not in payload(call.get(ORDERS, token, RECENT))["Orders"][0]
    for item in payload(call.get(f"{one}/orderItems", rdt))["OrderItems"]:
        assert not {"ItemPrice", "ItemTax", "ShippingPrice", "IsGift", "BuyerInfo"} & item.keys()
    assert "ShippingAddress" not in payload(call.get(f"{one}/address", rdt))


def test_the_phone_of_a_warehouse_order_is_not_shown(call: Caller) -> None:
    seller = a_seller()
    number = shipped_by_the_warehouse(seller)
    rdt = call.restricted(call.token(a_program(seller)), (f"{ORDERS}/{number}/address", []))
    address = payload(call.get(f"{ORDERS}/{number}/address", rdt))["ShippingAddress"]
    assert address["City"] == "Tacoma"
    assert "Phone" not in address
