"""The wall between sellers: with A's token, B's orders and numbers that never were cannot be told apart (trust P14)."""

import json
from typing import Any

import pytest
from tests.interfaces.spapi.conftest import Caller
from tests.interfaces.spapi.world import US, a_document, a_program, a_seller, paid

from sellerdesk.interfaces.spapi.urls import urlpatterns
from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped

pytestmark = pytest.mark.usefixtures("db", "time", "plenty")
NEVER = "111-1111111-1111111"
PACKAGE = {
    "packageReferenceId": "1",
    "carrierCode": "UPS",
    "trackingNumber": "1Z",
    "shipDate": "2026-03-04T14:00:00Z",
    "orderItems": [{"orderItemId": "1", "quantity": 1}],
}
TEXT = {"text": "Which size do you mean?"}
FILES = {"attachments": [{"fileName": "a.pdf", "uploadDestinationId": "x"}]}
# A sound body for every operation that takes one; an operation that is not here must take none.
SAMPLES: dict[str, Any] = {
    "ordersV0.confirmShipment": {"marketplaceId": US, "packageDetail": PACKAGE},
    "ordersV0.updateShipmentStatus": {"marketplaceId": US, "shipmentStatus": "ReadyForPickup"},
    "orders2026.cancelOrder": {"reasonCode": "NO_INVENTORY"},
    "messaging.confirmCustomizationDetails": TEXT,
    "messaging.createConfirmDeliveryDetails": TEXT,
    "messaging.createConfirmOrderDetails": TEXT,
    "messaging.createConfirmServiceDetails": TEXT,
    "messaging.createDigitalAccessKey": TEXT,
    "messaging.createUnexpectedProblem": TEXT,
    "messaging.createLegalDisclosure": FILES,
    "messaging.sendInvoice": FILES,
    "messaging.CreateWarranty": {},
    "ordersV0.updateVerificationStatus": {
        "regulatedOrderVerificationStatus": {"status": "Approved", "externalReviewerId": "r"}
    },
}
OF_ONE_ORDER = [
    (method, str(pattern.pattern), operation)
    for pattern in urlpatterns
    for method, operation in getattr(pattern.callback, "operations", {}).items()
    if "<str:order_id>" in str(pattern.pattern)
]


def state(seller: int) -> Any:
    with scoped(seller):
        return rows("SELECT row_to_json(o)::text FROM orders o ORDER BY id"), rows(
            "SELECT count(*) FROM journal"
        )


def tokens(call: Caller, seller: int) -> tuple[str, str]:
    plain = call.token(a_program(seller))
    one = "/orders/v0/orders/{orderId}"
    parts = ["buyerInfo", "shippingAddress"]
    paths = [
        one,
        *(f"{one}/{part}" for part in ("address", "buyerInfo", "orderItems", "orderItems/buyerInfo")),
    ]
    return plain, call.restricted(plain, *((path, parts) for path in [*paths, f"{one}/regulatedInfo"]))


@pytest.mark.parametrize(
    ("method", "route", "operation"), OF_ONE_ORDER, ids=[one[2].name for one in OF_ONE_ORDER]
)
def test_another_sellers_order_is_no_order(call: Caller, method: str, route: str, operation: Any) -> None:
    mine, other = a_seller(), a_seller("Other")
    (theirs,) = paid(other, [a_document()])
    before = state(other)
    for token in tokens(call, mine):
        answers = [
            call.send(
                method, "/" + route.replace("<str:order_id>", number), token, body=SAMPLES.get(operation.name)
            )
            for number in (theirs, NEVER)
        ]
        assert answers[0].status_code == answers[1].status_code
        assert answers[0].status_code in (403, 404)
        assert answers[0].content == answers[1].content
    assert state(other) == before


def test_lists_hold_nothing_of_others(call: Caller) -> None:
    mine, other = a_seller(), a_seller("Other")
    (theirs,) = paid(other, [a_document(seller_order_id="S-1")])
    token = call.token(a_program(mine))
    for more in (
        "",
        f"&AmazonOrderIds={theirs}",
        "&SellerOrderId=S-1",
        "&BuyerEmail=ada.quill%40buyer.example",
    ):
        query = f"MarketplaceIds={US}&CreatedAfter=2026-03-01{more}"
        assert json.loads(call.get("/orders/v0/orders", token, query).content)["payload"]["Orders"] == []
    new = call.get("/orders/2026-01-01/orders", token, "createdAfter=2026-03-01")
    assert json.loads(new.content)["orders"] == []


def test_a_restricted_token_of_one_seller_opens_nothing_of_another(call: Caller) -> None:
    mine, other = a_seller(), a_seller("Other")
    (theirs,) = paid(other, [a_document()])
    path = f"/orders/v0/orders/{theirs}/address"
    rdt = call.restricted(
        call.token(a_program(mine)), (path, [])
    )  # the number exists, but not for this seller
    assert call.get(path, rdt).status_code == 404
