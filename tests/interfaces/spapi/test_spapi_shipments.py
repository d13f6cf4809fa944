"""confirmShipment confirms and edits; pick-ups and verifications; every refusal in the protocol's words."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from tests.interfaces.spapi.conftest import Caller
from tests.interfaces.spapi.world import US, a_document, a_program, a_seller, a_warehouse_order, paid, placed

from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.interfaces.spapi.refusals import WORDS, worded
from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped

pytestmark = pytest.mark.usefixtures("committed", "time", "plenty")
ORDERS = "/orders/v0/orders"


def body(lines: dict[str, Any], **package: Any) -> dict[str, Any]:
    detail = {
        "packageReferenceId": "1",
        "carrierCode": "FedEx",
        "trackingNumber": "794600000001",
        "shipDate": "2026-03-04T14:00:00Z",
        "orderItems": [{"orderItemId": item, "quantity": quantity} for item, quantity in lines.items()],
    } | package
    return {
        "marketplaceId": US,
        "packageDetail": {name: value for name, value in detail.items() if value is not None},
    }


def errors(answer: HttpResponse) -> list[str]:
    return [one["message"] for one in json.loads(answer.content)["errors"]]


class Desk:
    """A seller, one paid order and a token."""

    def __init__(self, call: Caller) -> None:
        self.call = call
        self.seller = a_seller()
        (self.number,) = paid(self.seller, [a_document()])
        self.token = call.token(a_program(self.seller))
        self.items = [one["OrderItemId"] for one in self.read("orderItems")["OrderItems"]]

    def read(self, part: str = "") -> Any:
        answer = self.call.get(f"{ORDERS}/{self.number}" + (f"/{part}" if part else ""), self.token)
        return json.loads(answer.content)["payload"]

    def confirm(self, sent: Any, number: str | None = None) -> HttpResponse:
        path = f"{ORDERS}/{number or self.number}/shipmentConfirmation"
        return self.call.send("POST", path, self.token, body=sent)

    def new(self) -> Any:
        parts = "includedData=PACKAGES,FULFILLMENT"
        answer = self.call.get(f"/orders/2026-01-01/orders/{self.number}", self.token, parts)
        return json.loads(answer.content)["order"]


@pytest.fixture
def desk(call: Caller) -> Desk:
    return Desk(call)


def test_a_confirmation_answers_204_and_nothing(desk: Desk) -> None:
    answer = desk.confirm(body({desk.items[0]: 1}))
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["x-amzn-RateLimit-Limit"]
    assert desk.read()["OrderStatus"] == "PartiallyShipped"
    assert desk.read()["LastUpdateDate"] == "2026-03-04T15:00:00Z"


def test_the_same_reference_edits(desk: Desk) -> None:
    first, second = desk.items
    assert desk.confirm(body({first: 1})).status_code == 204
    assert desk.confirm(body({first: 1})).status_code == 204  # the same again changes nothing
    assert desk.confirm(body({first: 2}, trackingNumber="9", carrierCode="UPS")).status_code == 204
    (parcel,) = desk.new()["packages"]
    assert (parcel["trackingNumber"], parcel["carrier"]) == ("9", "UPS")
    assert parcel["packageItems"] == [{"orderItemId": first, "quantity": 2}]
    assert desk.confirm(body({first: 1, second: 1}, packageReferenceId="2")).status_code == 204
    assert desk.read()["OrderStatus"] == "Shipped"
    # All is shipped: a known reference is an edit still, an unknown one finds nothing to update.
    assert desk.confirm(body({first: 2}, trackingNumber="10")).status_code == 204
    refused = desk.confirm(body({first: 1}, packageReferenceId="3"))
    assert refused.status_code == 400
    assert errors(refused) == [
        "Failed to create package due to not finding a matching package or order already fulfilled. "
        "ErrorMessage(errorCode=GeneralError, errorDescription=Unable to find package to update for order "
        f"({desk.number}), errorMetric=PackageToUpdateNotFound, packageIndex=null)"
    ]


def test_transparency_codes_are_read_back(desk: Desk) -> None:
    sent = body({desk.items[0]: 1})
    sent["packageDetail"]["orderItems"][0]["transparencyCodes"] = ["09876543211234567890"]
    assert desk.confirm(sent).status_code == 204
    assert desk.new()["packages"][0]["packageItems"] == [
        {"orderItemId": desk.items[0], "quantity": 1, "transparencyCodes": ["09876543211234567890"]}
    ]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"packageReferenceId": "one"}, "PackageReferenceId: is invalid, must be a positive numeric value."),
    ({"packageReferenceId": "0"}, "PackageReferenceId: is invalid, must be a positive numeric value."),
    ({"packageReferenceId": "-1"}, "PackageReferenceId: is invalid, must be a positive numeric value."),
    (
        {"packageReferenceId": 1},
        "The input you have submitted is not valid. Please check the fields with invalid type "
        "[packageDetail.packageReferenceId].",
    ),
    ({"packageReferenceId": None}, "Missing request parameter: packageDetail.packageReferenceId."),
    ({"carrierCode": None}, "Missing request parameter: packageDetail.carrierCode."),
    ({"carrierCode": "Other"}, "CarrierName is required when CarrierCode is Other."),
    ({"trackingNumber": ""}, "Missing request parameter: packageDetail.trackingNumber."),
    ({"trackingNumber": "9" * 101}, "packageDetail.trackingNumber is too long"),
    ({"shipDate": "02/21/2022"}, "ShipDate is invalid."),
    ({"shipDate": "2026-02-01T00:00:00Z"}, "ShipDate is invalid."),
    ({"shipDate": "2026-04-01T00:00:00Z"}, "ShipDate is invalid."),
    ({"orderItems": []}, "Missing request parameter: packageDetail.orderItems."),
    ({"orderItems": [{"orderItemId": "1", "quantity": 1}]}, "NonexistentOrderItem"),
    (
        {"orderItems": [{"orderItemId": "1", "quantity": "1"}]},
        "invalid type [packageDetail.orderItems[0].quantity]",
    ),
    ({"orderItems": [{"orderItemId": "1", "quantity": 1.5}]}, "invalid type"),
    ({"orderItems": [{"orderItemId": "1", "quantity": 10**20}]}, "invalid type"),
    ({"orderItems": "x"}, "invalid type [packageDetail.orderItems]"),
]


@pytest.mark.parametrize(("change", "message"), WRONG)
def test_a_wrong_confirmation_is_worded_and_changes_nothing(
    desk: Desk, change: dict[str, Any], message: str
) -> None:
    answer = desk.confirm(body({desk.items[0]: 1}, **change))
    assert answer.status_code == 400
    assert message in errors(answer)[0]
    assert desk.read()["OrderStatus"] == "Unshipped"


@pytest.mark.parametrize("quantity", [0, -1, 4])
def test_impossible_quantities_are_refused(desk: Desk, quantity: int) -> None:
    assert desk.confirm(body({desk.items[0]: quantity})).status_code == 400
    assert desk.read()["NumberOfItemsShipped"] == 0


def test_the_marketplace_must_be_that_of_the_order(desk: Desk) -> None:
    sent = body({desk.items[0]: 1})
    assert "does not match" in errors(desk.confirm(sent | {"marketplaceId": "A1VC38T7YXB528"}))[0]
    undefined = desk.confirm(sent | {"marketplaceId": "1"})
    assert json.loads(undefined.content)["errors"] == [
        {"code": "InvalidInput", "message": "Marketplace ID is not defined", "details": "1001"}
    ]
    assert "CodCollectionMethod" in errors(desk.confirm(sent | {"codCollectionMethod": "Cash"}))[0]


def test_orders_that_the_seller_cannot_ship_say_why(desk: Desk) -> None:
    (waiting,) = placed(desk.seller, [a_document()])
    warehouse = a_warehouse_order(desk.seller)
    assert "Pending" in errors(desk.confirm(body({"1": 1}), waiting))[0]
    assert "fulfilled by Amazon" in errors(desk.confirm(body({"1": 1}), warehouse))[0]
    assert desk.confirm(body({"1": 1}), "111-1111111-1111111").status_code == 404
    assert desk.confirm(body({"1": 1}), "111").status_code == 400


def test_the_last_unit_is_shipped_once(
    desk: Desk, run_parallel: Callable[[int, Callable[[int], Any]], list[Any]]
) -> None:
    first, second = desk.items
    assert desk.confirm(body({first: 3})).status_code == 204
    lock = threading.Lock()

    def one(number: int) -> int:
        with lock:
            caller = Caller()
        sent = body({second: 1}, packageReferenceId=str(number + 2))
        path = f"{ORDERS}/{desk.number}/shipmentConfirmation"
        return caller.send("POST", path, desk.token, body=sent).status_code

    assert sorted(run_parallel(6, one)) == [204, 400, 400, 400, 400, 400]
    assert desk.read()["NumberOfItemsShipped"] == 4


@pytest.mark.parametrize("code", list(Code))
def test_every_refusal_is_worded_here(code: Code) -> None:
    error = worded(refuse(code))
    assert code in WORDS
    assert error.status in (400, 403, 404, 409, 503)
    assert error.problems[0].message
    assert "{" not in error.problems[0].message


# -- pick-ups and verifications ----------------------------------------------------------------------------------------


def entries(seller: int, kind: str) -> int:
    with scoped(seller):
        return int(rows("SELECT count(*) FROM journal WHERE kind = %s", [kind])[0][0])


def test_a_store_reports_pickups_in_turn(desk: Desk) -> None:
    (number,) = paid(desk.seller, [a_document(published={"v0": {"IsISPU": True}})])

    def report(state: str, order: str = number, **more: Any) -> HttpResponse:
        sent = {"marketplaceId": US, "shipmentStatus": state} | more
        return desk.call.send("POST", f"{ORDERS}/{order}/shipment", desk.token, body=sent)

    assert "not supported" in errors(report("PickedUp"))[0]
    assert report("ReadyForPickup").status_code == 204
    assert report("ReadyForPickup").status_code == 204
    assert report("PickedUp").status_code == 204
    assert report("RefusedPickup").status_code == 400
    assert entries(desk.seller, "pickup_reported") == 2
    assert report("ReadyForPickup", desk.number).status_code == 400  # delivered to a home
    assert "shipmentStatus" in errors(report("Lost"))[0]
    assert errors(report("ReadyForPickup", marketplaceId="1")) == ["Marketplace ID is not defined"]
    assert report("ReadyForPickup", "111-1111111-1111111").status_code == 404


def test_a_verdict_is_recorded_once_and_read_back(desk: Desk) -> None:
    (number,) = paid(desk.seller, [a_document(published={"v0": {"HasRegulatedItems": True}})])
    path = f"{ORDERS}/{number}/regulatedInfo"
    rdt = desk.call.restricted(desk.token, (path, []))

    def patch(**status: Any) -> HttpResponse:
        return desk.call.send("PATCH", path, desk.token, body={"regulatedOrderVerificationStatus": status})

    def state() -> Any:
        shown = json.loads(desk.call.get(path, rdt).content)["payload"]
        return shown["RegulatedOrderVerificationStatus"]

    assert (state()["Status"], state()["RequiresMerchantAction"]) == ("Pending", True)
    assert errors(patch(status="Rejected")) == [
        "Missing request parameter: rejectionReasonId.",
        "Missing request parameter: externalReviewerId.",
    ]
    assert errors(patch(status="Cancelled", externalReviewerId="r")) == [
        "Invalid request parameter `status`. Must be one of [Approved, Rejected]."
    ]
    assert errors(
        patch(
            status="Approved", externalReviewerId="r", verificationDetails={"approvedAlternativeDetails": []}
        )
    ) == [
        "Verification Detail `approvedAlternativeDetails` is not supported when order is in Approved status."
    ]
    prescription = {
        "prescriptionId": "Rx-1",
        "expirationDate": "2027-01-01T00:00:00Z",
        "writtenQuantity": 3,
        "totalRefillsAuthorized": 10,
        "refillsRemaining": 10,
        "usageInstructions": "daily",
    }
    assert errors(
        patch(externalReviewerId="r", verificationDetails={"prescriptionDetail": prescription})
    ) == ["Missing required parameter(s) from prescriptionDetail value: clinicId"]
    assert errors(
        patch(
            status="Rejected",
            rejectionReasonId="x",
            verificationDetails={"prescriptionDetail": prescription},
        )
    ) == [
        "Verification Detail `prescriptionDetail` is not supported when order is in Rejected status.",
        "Missing request parameter: externalReviewerId.",
    ]
    assert patch(status="Rejected", externalReviewerId="r", rejectionReasonId="too_young").status_code == 204
    assert state()["Status"] == "Rejected"
    assert state()["RejectionReason"]["RejectionReasonId"] == "too_young"
    assert patch(status="Approved", externalReviewerId="r").status_code == 400
    assert entries(desk.seller, "verification_reported") == 1
    plain = desk.call.send(
        "PATCH",
        f"{ORDERS}/{desk.number}/regulatedInfo",
        desk.token,
        body={"regulatedOrderVerificationStatus": {"status": "Approved", "externalReviewerId": "r"}},
    )
    assert plain.status_code == 400
