"""Amazon's own Python SDK, unmodified: it refuses answers that its models do not allow, so each call is a check."""

import re
import warnings
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tests.interfaces.spapi.world import NOW, US, Program, a_document, a_program, a_seller, paid, placed

with warnings.catch_warnings():
    # The library's modules themselves hold escapes that Python warns of.
    warnings.simplefilter("ignore")
    from spapi import SPAPIClient, SPAPIConfig
    from spapi.api.notifications_v1.notifications_api import NotificationsApi
    from spapi.api.orders_v0.orders_v0_api import OrdersV0Api
    from spapi.api.orders_v2026_01_01.get_order_api import GetOrderApi
    from spapi.api.orders_v2026_01_01.search_orders_api import SearchOrdersApi
    from spapi.api.sellers_v1.sellers_api import SellersApi
    from spapi.api.tokens_v2021_03_01.tokens_api import TokensApi
    from spapi.api_client import ApiClient
    from spapi.configuration import Configuration
    from spapi.models.notifications_v1 import (
        CreateDestinationRequest,
        CreateSubscriptionRequest,
        SendTestNotificationRequest,
    )
    from spapi.models.orders_v0 import ConfirmShipmentRequest, UpdateVerificationStatusRequest
    from spapi.models.tokens_v2021_03_01 import CreateRestrictedDataTokenRequest
    from spapi.rest import ApiException

pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning")
AFTER = "2026-03-01T00:00:00Z"


def connect(base_url: str, program: Program) -> ApiClient:
    config = SPAPIConfig(
        client_id=program.client_id,
        client_secret=program.secret,
        refresh_token=program.refresh_token,
        region="NA",
    )
    return SPAPIClient(config, oauth_endpoint=f"{base_url}/auth/o2/token", endpoint=base_url).api_client


def under(base_url: str, token: str) -> ApiClient:
    """The same client with a restricted token in its header."""
    configuration = Configuration()
    configuration.host = base_url
    configuration.access_token_cache = SimpleNamespace(get_lwa_access_token=lambda: token)
    return ApiClient(configuration=configuration)


def restricted(client: ApiClient, *resources: dict[str, Any]) -> str:
    request = CreateRestrictedDataTokenRequest(restricted_resources=list(resources))
    made = TokensApi(client).create_restricted_data_token(request)
    assert made.expires_in == 3600
    return str(made.restricted_data_token)


def shipment(reference: str, tracking: str, lines: dict[str, int]) -> ConfirmShipmentRequest:
    return ConfirmShipmentRequest(
        marketplace_id=US,
        package_detail={
            "packageReferenceId": reference,
            "carrierCode": "FedEx",
            "shippingMethod": "FedEx Ground",
            "trackingNumber": tracking,
            "shipDate": "2026-03-04T14:00:00Z",
            "orderItems": [{"orderItemId": item, "quantity": quantity} for item, quantity in lines.items()],
        },
    )


def test_it_pages_through_all_orders_once(base_url: str) -> None:
    seller = a_seller()
    moments = [NOW - timedelta(days=1, seconds=n // 3) for n in range(250)]  # several orders share a second
    numbers = placed(seller, [a_document(at=moment) for moment in moments])
    orders = OrdersV0Api(connect(base_url, a_program(seller)))
    seen, token, pages = [], None, 0
    while pages == 0 or token:
        more = {"next_token": token} if token else {}
        page = orders.get_orders([US], created_after=AFTER, max_results_per_page=100, **more).payload
        seen += [order.amazon_order_id for order in page.orders]
        token, pages = page.next_token, pages + 1
    assert pages == 3
    assert sorted(seen) == sorted(numbers)


def test_it_pages_through_the_new_version_too(base_url: str) -> None:
    seller = a_seller()
    numbers = placed(seller, [a_document(at=NOW - timedelta(days=1, seconds=n)) for n in range(25)])
    api = SearchOrdersApi(connect(base_url, a_program(seller)))
    asked = {"created_after": AFTER, "marketplace_ids": [US], "max_results_per_page": 10}
    seen, token = [], None
    for _ in range(3):
        page = api.search_orders(**asked, **({"pagination_token": token} if token else {}))
        seen += [order.order_id for order in page.orders]
        token = page.pagination.next_token if page.pagination else None
    assert token is None
    assert sorted(seen) == sorted(numbers)


def test_it_reads_one_order_with_items_address_and_buyer(base_url: str) -> None:
    seller = a_seller()
    (number,) = paid(seller, [a_document()])
    client = connect(base_url, a_program(seller))
    order = OrdersV0Api(client).get_order(number).payload
    assert (order.order_status, order.buyer_info, order.shipping_address) == ("Unshipped", None, None)
    items = OrdersV0Api(client).get_order_items(number).payload.order_items
    assert [(item.seller_sku, item.quantity_ordered, item.item_price.amount) for item in items] == [
        ("SKU-1", 3, "59.97"),
        ("SKU-2", 1, "5.00"),
    ]
    generic = "/orders/v0/orders/{orderId}"
    token = restricted(
        client,
        {"method": "GET", "path": generic, "dataElements": ["buyerInfo", "shippingAddress"]},
        {"method": "GET", "path": f"{generic}/orderItems", "dataElements": ["buyerInfo"]},
        {"method": "GET", "path": f"{generic}/address"},
        {"method": "GET", "path": f"{generic}/buyerInfo"},
        {"method": "GET", "path": f"{generic}/orderItems/buyerInfo"},
        {"method": "GET", "path": f"{generic}/regulatedInfo"},
    )
    private = OrdersV0Api(under(base_url, token))
    order = private.get_order(number).payload
    assert (order.buyer_info.buyer_name, order.shipping_address.address_line1) == (
        "Ada Quill",
        "1 Canary Row",
    )
    assert private.get_order_address(number).payload.shipping_address.phone == "+1 206 555 0100"
    # Nobody but the marketplace sees the real one.
    assert re.match(r"buyer-\w+-\w{16}@", private.get_order_buyer_info(number).payload.buyer_email)
    assert len(private.get_order_items(number).payload.order_items) == 2
    assert len(private.get_order_items_buyer_info(number).payload.order_items) == 2
    assert private.get_order_regulated_info(number).payload.amazon_order_id == number


def test_it_ships_a_part_edits_it_and_ships_the_rest(base_url: str) -> None:
    seller = a_seller()
    (number,) = paid(seller, [a_document()])
    client = connect(base_url, a_program(seller))
    first, second = [
        item.order_item_id for item in OrdersV0Api(client).get_order_items(number).payload.order_items
    ]
    steps = [
        (shipment("1", "111", {first: 2}), "PartiallyShipped", [2, 0], [("1", "111", {first: 2})]),
        (shipment("1", "112", {first: 2}), "PartiallyShipped", [2, 0], [("1", "112", {first: 2})]),
        (
            shipment("2", "222", {first: 1, second: 1}),
            "Shipped",
            [3, 1],
            [("1", "112", {first: 2}), ("2", "222", {first: 1, second: 1})],
        ),
        (
            shipment("2", "223", {first: 1, second: 1}),
            "Shipped",
            [3, 1],
            [("1", "112", {first: 2}), ("2", "223", {first: 1, second: 1})],
        ),
    ]
    for request, status, shipped, packages in steps:
        assert OrdersV0Api(client).confirm_shipment(number, request) is None
        assert_both_agree(client, number, status, shipped, packages)


def assert_both_agree(
    client: ApiClient, number: str, status: str, shipped: list[int], packages: list[Any]
) -> None:
    old = OrdersV0Api(client)
    order, items = old.get_order(number).payload, old.get_order_items(number).payload.order_items
    assert order.order_status == status
    assert [item.quantity_shipped for item in items] == shipped
    assert order.number_of_items_shipped == sum(shipped)
    new = GetOrderApi(client).get_order(number, included_data=["FULFILLMENT", "PACKAGES", "PROCEEDS"]).order
    assert new.fulfillment.fulfillment_status == {"PartiallyShipped": "PARTIALLY_SHIPPED"}.get(
        status, "SHIPPED"
    )
    assert [item.fulfillment.quantity_fulfilled for item in new.order_items] == shipped
    assert new.last_updated_time.strftime("%Y-%m-%dT%H:%M:%SZ") == order.last_update_date
    assert new.proceeds.grand_total.amount == order.order_total.amount
    assert [
        (
            parcel.package_reference_id,
            parcel.tracking_number,
            {line.order_item_id: line.quantity for line in parcel.package_items},
        )
        for parcel in new.packages
    ] == packages


def test_its_errors_carry_the_texts_that_people_match_on(base_url: str) -> None:
    seller = a_seller()
    (number,) = paid(seller, [a_document()])
    client = connect(base_url, a_program(seller))
    item = OrdersV0Api(client).get_order_items(number).payload.order_items[0].order_item_id
    with pytest.raises(ApiException) as caught:
        OrdersV0Api(client).confirm_shipment(number, shipment("one", "1", {item: 1}))
    assert caught.value.status == 400
    assert "PackageReferenceId: is invalid, must be a positive numeric value." in str(caught.value.body)
    with pytest.raises(ApiException) as caught:
        OrdersV0Api(client).get_order_address(number)
    assert caught.value.status == 403


def test_it_reads_sellers_and_updates_a_verification(base_url: str) -> None:
    seller = a_seller()
    client = connect(base_url, a_program(seller))
    listed = SellersApi(client).get_marketplace_participations().payload
    assert sorted(one.marketplace.country_code for one in listed) == ["JP", "US"]
    assert SellersApi(client).get_account().payload.selling_plan == "PROFESSIONAL"
    (number,) = paid(seller, [a_document(published={"v0": {"HasRegulatedItems": True}})])
    request = UpdateVerificationStatusRequest(
        regulated_order_verification_status={"status": "Approved", "externalReviewerId": "vet-7"}
    )
    assert OrdersV0Api(client).update_verification_status(number, request) is None
    token = restricted(client, {"method": "GET", "path": f"/orders/v0/orders/{number}/regulatedInfo"})
    state = OrdersV0Api(under(base_url, token)).get_order_regulated_info(number).payload
    assert state.regulated_order_verification_status.status == "Approved"
    assert state.regulated_order_verification_status.external_reviewer_id == "vet-7"


def test_it_makes_destinations_and_subscriptions(base_url: str) -> None:
    program = a_program(a_seller())
    config = SPAPIConfig(
        client_id=program.client_id,
        client_secret=program.secret,
        refresh_token=None,
        region="NA",
        scope="sellingpartnerapi::notifications",
    )
    alone = SPAPIClient(config, oauth_endpoint=f"{base_url}/auth/o2/token", endpoint=base_url).api_client
    grantless, granted = NotificationsApi(alone), NotificationsApi(connect(base_url, program))
    arn = "arn:aws:sqs:webhook:sellerdesk:https://hook.example/changes"
    request = CreateDestinationRequest(name="changes", resource_specification={"sqs": {"arn": arn}})
    destination = grantless.create_destination(request).payload.destination_id
    assert grantless.get_destination(destination).payload.resource.sqs.arn == arn
    wish = CreateSubscriptionRequest(
        payload_version="1.0",
        destination_id=destination,
        processing_directive={
            "eventFilter": {"eventFilterType": "ORDER_CHANGE", "orderChangeTypes": ["BuyerRequestedChange"]}
        },
    )
    made = granted.create_subscription("ORDER_CHANGE", wish).payload
    assert granted.get_subscription("ORDER_CHANGE").payload.subscription_id == made.subscription_id
    assert len(granted.get_subscriptions(["ORDER_CHANGE"]).payload.subscriptions) == 1
    test = SendTestNotificationRequest(
        destination_id=destination, test_notification={"payloadVersion": "1.0", "testScenario": "Basic"}
    )
    grantless.send_test_notification("ORDER_CHANGE", test)
    assert grantless.get_subscription_by_id(made.subscription_id, "ORDER_CHANGE").payload.destination_id
    with pytest.raises(ApiException) as refused:
        grantless.delete_destination(destination)
    assert refused.value.status == 409
    grantless.delete_subscription_by_id(made.subscription_id, "ORDER_CHANGE")
    grantless.delete_destination(destination)
    assert grantless.get_destinations().payload == []
