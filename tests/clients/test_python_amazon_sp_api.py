"""python-amazon-sp-api, unmodified: only its addresses are pointed at the loopback, as its users do for tests."""

from datetime import timedelta
from typing import Any

import pytest
from sp_api.api import Notifications, Orders, OrdersV20260101, Sellers
from sp_api.auth import AccessTokenClient
from sp_api.base import Marketplaces
from sp_api.base.exceptions import SellingApiBadRequestException, SellingApiForbiddenException
from sp_api.util import load_all_pages
from tests import build
from tests.flows.webhooks.world import KeptWeb, hand_over, happen
from tests.interfaces.spapi.world import NOW, US, Program, a_document, a_program, a_seller, paid, placed

pytestmark = pytest.mark.filterwarnings("default")
AFTER = "2026-03-01T00:00:00"


@pytest.fixture
def credentials(base_url: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes the library's credentials of a program, and points the library at the server."""
    monkeypatch.setattr(Marketplaces.US, "endpoint", base_url)
    monkeypatch.setattr(AccessTokenClient, "scheme", "http://")
    monkeypatch.setattr(AccessTokenClient, "host", base_url.removeprefix("http://"))

    def make(program: Program) -> dict[str, Any]:
        keys = {
            "refresh_token": program.refresh_token,
            "lwa_app_id": program.client_id,
            "lwa_client_secret": program.secret,
        }
        return {"credentials": keys, "marketplace": Marketplaces.US}

    return make


def test_it_pages_through_all_orders_once(credentials: Any) -> None:
    seller = a_seller()
    numbers = placed(seller, [a_document(at=NOW - timedelta(days=1, seconds=n // 3)) for n in range(250)])
    account = credentials(a_program(seller))

    @load_all_pages()
    def pages(**given: Any) -> Any:
        return Orders(**account).get_orders(**given)

    found = [page.payload["Orders"] for page in pages(CreatedAfter=AFTER, MaxResultsPerPage=100)]
    assert [len(page) for page in found] == [100, 100, 50]
    assert sorted(order["AmazonOrderId"] for page in found for order in page) == sorted(numbers)


def test_it_reads_personal_data_under_a_restricted_token(credentials: Any) -> None:
    seller = a_seller()
    (number,) = paid(seller, [a_document()])
    orders = Orders(**credentials(a_program(seller)))
    assert "BuyerInfo" not in orders.get_order(number).payload
    listed = orders.get_orders(CreatedAfter=AFTER, RestrictedResources=["buyerInfo", "shippingAddress"])
    assert listed.payload["Orders"][0]["ShippingAddress"]["AddressLine1"] == "1 Canary Row"
    one = orders.get_order(number, RestrictedResources=["buyerInfo"]).payload
    assert one["BuyerInfo"]["BuyerName"] == "Ada Quill"
    assert "ShippingAddress" not in one
    items = orders.get_order_items(number, RestrictedResources=["buyerInfo"]).payload["OrderItems"]
    assert [item["QuantityOrdered"] for item in items] == [3, 1]
    with pytest.raises(SellingApiForbiddenException):
        orders.get_order_address(number)


def test_it_ships_edits_and_ships_the_rest(credentials: Any) -> None:
    seller = a_seller()
    (number,) = paid(seller, [a_document()])
    account = credentials(a_program(seller))
    orders, new = Orders(**account), OrdersV20260101(**account)
    first, second = [item["OrderItemId"] for item in orders.get_order_items(number).payload["OrderItems"]]

    def confirm(reference: str, tracking: str, lines: dict[str, int]) -> None:
        orders.confirm_shipment(
            number,
            marketplaceId=US,
            packageDetail={
                "packageReferenceId": reference,
                "carrierCode": "Other",
                "carrierName": "Pigeon Post",
                "trackingNumber": tracking,
                "shipDate": "2026-03-04T14:00:00+00:00",
                "orderItems": [
                    {"orderItemId": item, "quantity": quantity} for item, quantity in lines.items()
                ],
            },
        )

    for reference, tracking, lines, statuses in (
        ("7", "P-1", {first: 1}, ("PartiallyShipped", "PARTIALLY_SHIPPED")),
        ("7", "P-2", {first: 1}, ("PartiallyShipped", "PARTIALLY_SHIPPED")),
        ("8", "P-3", {first: 2, second: 1}, ("Shipped", "SHIPPED")),
    ):
        confirm(reference, tracking, lines)
        old = orders.get_order(number).payload
        order = new.get_order(number, includedData=["FULFILLMENT", "PACKAGES"]).payload["order"]
        assert (old["OrderStatus"], order["fulfillment"]["fulfillmentStatus"]) == statuses
        assert old["LastUpdateDate"] == order["lastUpdatedTime"]
        parcel = next(one for one in order["packages"] if one["packageReferenceId"] == reference)
        assert (parcel["trackingNumber"], parcel["carrier"]) == (tracking, "Pigeon Post")
    with pytest.raises(SellingApiBadRequestException, match="PackageToUpdateNotFound"):
        confirm("9", "P-4", {first: 1})


def test_it_searches_and_reads_sellers(credentials: Any) -> None:
    seller = a_seller()
    numbers = placed(seller, [a_document()])
    account = credentials(a_program(seller))
    found = OrdersV20260101(**account).search_orders(createdAfter=AFTER, includedData=["BUYER"]).payload
    assert [order["orderId"] for order in found["orders"]] == numbers
    assert found["createdBefore"] == "2026-03-04T14:58:00Z"
    shown = Sellers(**account).get_marketplace_participation().payload
    assert {one["marketplace"]["id"] for one in shown} == {US, "A1VC38T7YXB528"}


def test_it_subscribes_to_order_changes_and_is_told(credentials: Any) -> None:
    seller = a_seller()
    notifications = Notifications(**credentials(a_program(seller)))
    arn = "arn:aws:sqs:webhook:sellerdesk:https://hook.example/changes"
    destination = notifications.create_destination("changes", arn=arn).payload["destinationId"]
    assert [one["destinationId"] for one in notifications.get_destinations().payload] == [destination]
    assert notifications.get_destination(destination).payload["resource"] == {"sqs": {"arn": arn}}
    made = notifications.create_subscription("ORDER_CHANGE", destination_id=destination).payload
    assert notifications.get_subscription("ORDER_CHANGE").payload == made
    build.change("UPDATE receivers SET created_at = created_at - interval '9 days'")
    (number,) = paid(seller, [a_document()])
    happen(seller, "cancellation_requested", order=number, at=NOW)
    web = KeptWeb()
    hand_over(NOW, web)
    told = [body["Payload"]["OrderChangeNotification"] for body in web.bodies]
    assert {(one["AmazonOrderId"], one["SellerId"][:1]) for one in told} == {(number, "A")}
    assert "BuyerRequestedChange" in {one["OrderChangeType"] for one in told}
    identity = made["subscriptionId"]
    assert notifications.get_subscription_by_id("ORDER_CHANGE", identity).payload == made
    notifications.delete_notification_subscription("ORDER_CHANGE", identity)
    notifications.delete_destination(destination)
    assert destination not in str(notifications.get_destinations().payload)
