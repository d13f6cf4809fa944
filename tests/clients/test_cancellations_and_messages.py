"""What unmodified clients see of cancelling, and how they write to buyers."""

import base64
import hashlib
import json
import urllib.request
import warnings
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError

import pytest
from sp_api.api import Messaging, Orders, OrdersV20260101, Solicitations, Upload
from sp_api.base.exceptions import SellingApiForbiddenException
from tests.clients.test_official_sdk import connect
from tests.clients.test_python_amazon_sp_api import credentials  # noqa: F401  (a fixture)
from tests.interfaces.spapi.world import NOW, US, Program, a_document, a_program, a_seller, an_actor, paid

from sellerdesk.commands.parcels import report_parcel_events
from sellerdesk.commands.shipments import confirm_shipments
from sellerdesk.config import clock
from sellerdesk.domain.parcels import ParcelReport
from sellerdesk.domain.shipments import PackageRequest, ShipmentRequest
from sellerdesk.queries.api_messages import thread_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from spapi.api.messaging_v1.messaging_api import MessagingApi
    from spapi.api.orders_v0.orders_v0_api import OrdersV0Api
    from spapi.api.orders_v2026_01_01.get_order_api import GetOrderApi
    from spapi.api.solicitations_v1.solicitations_api import SolicitationsApi
    from spapi.api.uploads_v2020_11_01.uploads_api import UploadsApi
    from spapi.models.messaging_v1 import CreateConfirmOrderDetailsRequest, InvoiceRequest
    from spapi.rest import ApiException

pytestmark = pytest.mark.filterwarnings("default")
PDF = b"%PDF-1.7\nAn invoice."
WORDS = "I found it next door."
REVIEW = "productReviewAndSellerFeedback"


def http(method: str, url: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    """A plain call: what a program without any library sends."""
    data = body if isinstance(body, bytes) else (None if body is None else json.dumps(body).encode())
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"} | named, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            said = answer.read()
            return answer.status, json.loads(said) if said else None
    except HTTPError as error:
        return error.code, json.loads(error.read())


def native(base_url: str, program: Program) -> Any:
    """Calls of the native API by a program."""
    grant = {
        "grant_type": "client_credentials",
        "client_id": program.client_id,
        "client_secret": program.secret,
    }
    _, token = http("POST", f"{base_url}/api/v1/token", grant)

    def call(path: str, body: Any, key: str) -> tuple[int, Any]:
        head = {"Authorization": f"Bearer {token['access_token']}", "Idempotency_Key": key}
        return http("POST", f"{base_url}/api/v1{path}", body, **head)

    return call


def token_of(base_url: str, program: Program) -> str:
    grant = {
        "grant_type": "refresh_token",
        "refresh_token": program.refresh_token,
        "client_id": program.client_id,
        "client_secret": program.secret,
    }
    return str(http("POST", f"{base_url}/auth/o2/token", grant)[1]["access_token"])


def delivered(seller: int, days: int) -> str:
    at = NOW - timedelta(days=days + 1)
    (number,) = paid(seller, [a_document(at=at - timedelta(days=1))], now=at)
    package = PackageRequest("UPS", "1Z999AA10123456784", at, reference="1")
    confirm_shipments(an_actor(seller), [ShipmentRequest(number, (package,))], now=at)
    event = ParcelReport(number, "1", "DELIVERED", NOW - timedelta(days=days), "", "")
    (outcome,) = report_parcel_events(an_actor(seller), [event], now=NOW)
    assert outcome.accepted, outcome.refusal
    return number


def test_a_filed_request_reaches_every_client(
    base_url: str,
    credentials: Any,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seller = a_seller()
    asked, quiet = paid(seller, [a_document(), a_document()])
    program = a_program(seller)
    body = {"reason": "found_cheaper", "words": WORDS}
    status, said = native(base_url, program)(f"/orders/{asked}/cancellation-request", body, "ask-1")
    assert (status, said["state"]) == (201, "requested")

    # A poller looks from where its last poll ended; lists end two minutes before now.
    since = (NOW - timedelta(minutes=1)).isoformat().replace("+00:00", "Z")
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=5))
    official = OrdersV0Api(connect(base_url, program))
    found = official.get_orders([US], last_updated_after=since).payload.orders
    assert [one.amazon_order_id for one in found] == [asked]
    other = Orders(**credentials(program)).get_orders(LastUpdatedAfter=since, MarketplaceIds=[US]).payload
    assert [one["AmazonOrderId"] for one in other["Orders"]] == [asked]

    for item in official.get_order_items(asked).payload.order_items:
        wish = item.buyer_requested_cancel
        assert (wish.is_buyer_requested_cancel, wish.buyer_cancel_reason) == ("true", WORDS)
    for one in Orders(**credentials(program)).get_order_items(quiet).payload["OrderItems"]:
        assert one["BuyerRequestedCancel"]["IsBuyerRequestedCancel"] == "false"

    new = GetOrderApi(connect(base_url, program)).get_order(asked, included_data=["CANCELLATION"]).order
    request = new.order_items[0].cancellation.cancellation_request
    assert (request.requester, request.cancel_reason) == ("BUYER", WORDS)

    # cancelOrder is in no library yet.
    url = f"{base_url}/orders/2026-01-01/orders/{asked}/cancellation"
    head = {"x_amz_access_token": token_of(base_url, program)}
    assert http("PUT", url, {"cancelReasonCode": "BUYER_CANCELLED"}, **head) == (204, None)
    read = OrdersV20260101(**credentials(program)).get_order(
        asked, includedData=["CANCELLATION", "FULFILLMENT"]
    )
    order = read.payload["order"]
    assert order["fulfillment"]["fulfillmentStatus"] == "CANCELLED"
    execution = {"cancelledBy": "MERCHANT", "cancelReason": "BUYER_CANCELLED"}
    assert [one["cancellation"]["cancellationExecution"] for one in order["orderItems"]] == [execution] * 2
    assert official.get_order(asked).payload.order_status == "Canceled"


def test_the_official_sdk_writes_sends_files_and_asks(base_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.BASE_URL", base_url)
    seller = a_seller()
    (number,) = paid(seller, [a_document()])
    client = connect(base_url, a_program(seller))
    messaging = MessagingApi(client)
    listed = messaging.get_messaging_actions_for_order(number, [US])
    assert "confirmOrderDetails" in [one.name for one in listed.links.actions]
    assert messaging.get_attributes(number, [US]).buyer.locale == "en-US"
    request = CreateConfirmOrderDetailsRequest(text="Is size M right?")
    messaging.create_confirm_order_details(number, [US], request)
    wrong = CreateConfirmOrderDetailsRequest(text="Visit www.lantern.example")
    with pytest.raises(ApiException) as refused:
        messaging.create_confirm_order_details(number, [US], wrong)
    assert refused.value.status == 400

    digest = base64.b64encode(hashlib.md5(PDF, usedforsecurity=False).digest()).decode()
    resource = f"messaging/v1/orders/{number}/messages/invoice"
    place = UploadsApi(client).create_upload_destination_for_resource([US], digest, resource).payload
    assert http("PUT", place.url, PDF, **place.headers) == (200, None)
    file = {"uploadDestinationId": place.upload_destination_id, "fileName": "invoice.pdf"}
    messaging.send_invoice(number, [US], InvoiceRequest(attachments=[file]))
    thread = thread_of(seller, number, NOW)
    assert thread is not None
    assert [(one.text, len(one.files)) for one in thread.messages] == [("Is size M right?", 0), ("", 1)]

    reviewed = delivered(seller, 10)
    asking = SolicitationsApi(client)
    assert [one.name for one in asking.get_solicitation_actions_for_order(reviewed, [US]).links.actions] == [
        REVIEW
    ]
    asking.create_product_review_and_seller_feedback_solicitation(reviewed, [US])
    with pytest.raises(ApiException) as refused:
        asking.create_product_review_and_seller_feedback_solicitation(reviewed, [US])
    assert refused.value.status == 403


def test_python_amazon_sp_api_writes_sends_files_and_asks(
    base_url: str,
    credentials: Any,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Any,
) -> None:
    monkeypatch.setattr("django.conf.settings.BASE_URL", base_url)
    seller = a_seller()
    (number,) = paid(seller, [a_document()])
    account = credentials(a_program(seller))
    messaging = Messaging(**account)
    listed = messaging.get_messaging_actions_for_order(number).payload
    assert "unexpectedProblem" in [one["name"] for one in listed["_links"]["actions"]]
    messaging.create_confirm_delivery_details(number, body={"text": "Is the gate open at noon?"})
    with pytest.raises(SellingApiForbiddenException):
        messaging.create_warranty(number, body={"coverageStartDate": "2026-03-01T00:00:00Z"})

    file = tmp_path / "disclosure.pdf"
    file.write_bytes(PDF)
    resource = f"messaging/v1/orders/{number}/messages/legalDisclosure"
    place = Upload(**account).upload_document(resource, str(file)).payload
    assert http("PUT", place["url"], PDF, **place["headers"]) == (200, None)
    sent = [{"uploadDestinationId": place["uploadDestinationId"], "fileName": "disclosure.pdf"}]
    messaging.create_legal_disclosure(number, body={"attachments": sent})
    thread = thread_of(seller, number, NOW)
    assert thread is not None
    assert [(one.reason, len(one.files)) for one in thread.messages] == [
        ("confirm_delivery_details", 0),
        ("legal_disclosure", 1),
    ]

    reviewed = delivered(seller, 10)
    asking = Solicitations(**account)
    (action,) = asking.get_solicitation_actions_for_order(reviewed).payload["_links"]["actions"]
    assert action["name"] == REVIEW
    asking.create_product_review_and_seller_feedback_solicitation(reviewed)
    with pytest.raises(SellingApiForbiddenException):
        asking.create_product_review_and_seller_feedback_solicitation(reviewed)
