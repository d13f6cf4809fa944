"""Solicitations v1: ask a buyer, once and in the marketplace's words, for a review and for feedback (spapi 6)."""

from sellerdesk.commands.solicitations import solicit
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.solicitations import SolicitationRequest
from sellerdesk.interfaces.spapi import hal
from sellerdesk.interfaces.spapi.protocol import Answer, Call, Operation, answer
from sellerdesk.interfaces.spapi.refusals import MESSAGING, worded
from sellerdesk.queries.contact_options import may_solicit

_NAME = "productReviewAndSellerFeedback"
_PATH = "/solicitations/v1/orders/{}"


def get_actions(call: Call, order_id: str) -> Answer:
    """The one solicitation there is, while the order allows it."""
    marketplace_id = hal.check_order(call, order_id)
    allowed = may_solicit(call.seller_id, order_id, call.now)
    found = [(_NAME, f"solicitations/{_NAME}", {"type": "object"})] if allowed else []
    return answer(hal.actions(_PATH.format(order_id), marketplace_id, found))


def ask(call: Call, order_id: str) -> Answer:
    """Ask the buyer. There is no body, but one client library names the marketplace in one."""
    has_body = call.request.META.get("CONTENT_LENGTH") not in (None, "", "0")
    hal.check_order(call, order_id, call.body() if has_body else None)
    (outcome,) = solicit(call.access.actor, [SolicitationRequest(order_id)], now=call.now)
    if outcome.refusal is not None:
        raise worded(outcome.refusal, MESSAGING)
    return answer({}, status=201)


GET_ACTIONS = Operation("solicitations.getSolicitationActionsForOrder", get_actions, Permission.MESSAGES_SEND)
ASK = Operation(
    "solicitations.createProductReviewAndSellerFeedbackSolicitation", ask, Permission.MESSAGES_SEND
)
