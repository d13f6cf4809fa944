"""Answer a buyer's wish to cancel and tell the buyer about it (S3-07, S3-08)."""

from dataclasses import dataclass
from datetime import datetime

from sellerdesk.commands.cancel_requests import decline_requests
from sellerdesk.commands.messages import send_messages
from sellerdesk.domain.actors import Actor, Permission
from sellerdesk.domain.cancel_requests import DeclineCause, MoveRequest
from sellerdesk.domain.message_reasons import ContactReason
from sellerdesk.domain.messages import SellerMessage
from sellerdesk.domain.outcomes import Outcome
from sellerdesk.queries.ready_texts import ready_texts

TEMPLATES = {
    DeclineCause.SHIPPED: "cancel_declined_shipped",
    DeclineCause.LABEL: "cancel_declined_label",
}


@dataclass(frozen=True, slots=True)
class Declined:
    """What became of the request, and of the message about it; None when none was to be sent."""

    outcome: Outcome
    message: Outcome | None = None


def decline_and_tell(actor: Actor, request: MoveRequest, *, now: datetime) -> Declined:
    """Decline a wish, then tell the buyer why in their language, if the actor may write to buyers.

    The two are two steps: what was declined stays so, and `message` says whether the buyer was told.
    """
    if actor.seller_id is None:
        raise ValueError("a request is declined for one seller")
    [outcome] = decline_requests(actor, [request], now=now)
    if not outcome.accepted or request.cause is None or not actor.may(Permission.MESSAGES_SEND):
        return Declined(outcome)
    key = TEMPLATES[request.cause]
    ready = ready_texts(actor.seller_id, request.order_number, [key])[key]
    message = SellerMessage(
        request.order_number, ContactReason.CANCEL_DECLINED, ready.text, language=ready.language
    )
    [told] = send_messages(actor, [message], now=now)
    return Declined(outcome, told)
