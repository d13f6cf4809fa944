"""Orders v0: the regulated information of an order, and the verdict on it (spapi 2.6)."""

from typing import Any

from sellerdesk.commands.verifications import PART, VerificationReport, report_verifications
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.orders import Status
from sellerdesk.domain.verifications import APPROVED, CANCELLED, PENDING, REJECTED
from sellerdesk.interfaces.spapi.bodies import Members
from sellerdesk.interfaces.spapi.errors import ApiError, Problem, not_found
from sellerdesk.interfaces.spapi.orders_v0 import check_id
from sellerdesk.interfaces.spapi.protocol import NO_CONTENT, Answer, Call, Operation, answer
from sellerdesk.interfaces.spapi.refusals import worded
from sellerdesk.queries.spapi_orders import OrderHead, read_head

# Which details go with which verdict; "" is a message without one.
_DETAILS = {
    "prescriptionDetail": ("", APPROVED),
    "approvedAlternativeDetails": (REJECTED,),
    "interimStatusDetail": (PENDING,),
}
_PRESCRIPTION = (
    "prescriptionId",
    "expirationDate",
    "writtenQuantity",
    "totalRefillsAuthorized",
    "refillsRemaining",
    "clinicId",
    "usageInstructions",
)


def get_order_regulated_info(call: Call, order_id: str) -> Answer:
    """The state of the review. The form that the buyer filled in is not published to importers, so it has no fields.

    An order without regulated items needs no review: nothing is asked of the merchant.
    """
    check_id(order_id)
    head = read_head(call.seller_id, order_id)
    if head is None:
        raise not_found()
    return answer(
        {
            "payload": {
                "AmazonOrderId": order_id,
                "RegulatedInformation": {"Fields": []},
                "RequiresDosageLabel": False,
                "RegulatedOrderVerificationStatus": _state(head),
            }
        }
    )


def _state(head: OrderHead) -> dict[str, Any]:
    held: dict[str, Any] = head.published.get(PART, {})
    regulated = head.published.get("v0", {}).get("HasRegulatedItems") is True
    status = held.get("status") or (PENDING if regulated else APPROVED)
    if regulated and head.status == Status.CANCELED:
        status = CANCELLED
    out: dict[str, Any] = {
        "Status": status,
        "RequiresMerchantAction": status == PENDING,
        "ValidRejectionReasons": [],
    }
    if held.get("reviewer"):
        out["ExternalReviewerId"] = held["reviewer"]
    if held.get("reviewed_at"):
        out["ReviewDate"] = held["reviewed_at"]
    if status == REJECTED:
        reason = held.get("reason_id", "")
        out["RejectionReason"] = {"RejectionReasonId": reason, "RejectionReasonDescription": reason}
    return out


def update_verification_status(call: Call, order_id: str) -> Answer:
    """Record a verdict. All that is wrong with the message is said in one answer."""
    check_id(order_id)
    body = Members(call.body())
    said = body.inner("regulatedOrderVerificationStatus", needed=True)
    status, reviewer, reason = (
        said.text("status"),
        said.text("externalReviewerId"),
        said.text("rejectionReasonId"),
    )
    details = said.inner("verificationDetails").value
    body.check()
    problems = _problems(status, reason, details)
    if not reviewer:
        problems.append("Missing request parameter: externalReviewerId.")
    if problems:
        raise ApiError(400, [Problem(message) for message in problems])
    report = VerificationReport(order_id, status, reviewer[:100], reason[:100])
    (outcome,) = report_verifications(call.access.actor, [report], now=call.now)
    if outcome.refusal is not None:
        raise worded(outcome.refusal)
    return NO_CONTENT


def _problems(status: str, reason: str, details: dict[str, Any]) -> list[str]:
    known = ("", APPROVED, REJECTED, *((PENDING,) if "interimStatusDetail" in details else ()))
    if status not in known:
        return ["Invalid request parameter `status`. Must be one of [Approved, Rejected]."]
    found = [
        f"Verification Detail `{name}` is not supported when order is in {status or PENDING} status."
        for name, allowed in _DETAILS.items()
        if name in details and status not in allowed
    ]
    prescription = details.get("prescriptionDetail")
    if not found and isinstance(prescription, dict):
        missing = [name for name in _PRESCRIPTION if prescription.get(name) in (None, "")]
        if missing:
            names = ", ".join(missing)
            found.append(f"Missing required parameter(s) from prescriptionDetail value: {names}")
    if not status and not details:
        found.append("Missing request parameter: status.")
    if status == REJECTED and not reason:
        found.append("Missing request parameter: rejectionReasonId.")
    return found


GET_REGULATED_INFO = Operation(
    "ordersV0.getOrderRegulatedInfo",
    get_order_regulated_info,
    Permission.BUYERS_READ,
    needs_restricted=True,
)
UPDATE_VERIFICATION_STATUS = Operation(
    "ordersV0.updateVerificationStatus", update_verification_status, Permission.ORDERS_SHIP
)
