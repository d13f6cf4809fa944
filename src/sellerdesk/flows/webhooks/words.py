"""News in words, for the application and for chat. A test demands words for every kind of domain.notifications."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as lazy

# kind → what happened. Places: {order}, {name}, {deliveries}.
WORDS: Mapping[str, Any] = {
    "cancellation_requested": lazy("The buyer asks to cancel order {order}: answer before you ship"),
    "cancel_answer_passed": lazy("The request to cancel order {order} was not answered in time"),
    "message_received": lazy("New message from the buyer of order {order}"),
    "message_answer_missed": lazy("A message about order {order} was not answered in time"),
    "auto_cancel_warned": lazy("Order {order} will be cancelled automatically unless it is shipped"),
    "ship_by_passed": lazy("Order {order} is late: its ship-by time has passed"),
    "order_auto_cancelled": lazy("Order {order} was cancelled automatically"),
    "buyer_cancelled": lazy("The buyer cancelled order {order}: do not ship it"),
    "marketplace_cancelled": lazy("The marketplace cancelled order {order}: do not ship it"),
    "cancelled_elsewhere": lazy("Order {order} was cancelled on its own platform: do not ship it"),
    "cancellation_superseded": lazy("Order {order} was shipped although the buyer had asked to cancel it"),
    "return_requested": lazy("The buyer of order {order} asks to return goods: answer the request"),
    "return_answer_passed": lazy("The request to return goods of order {order} was not answered in time"),
    "return_withdrawn": lazy("The buyer of order {order} does not want to return the goods any more"),
    "return_closed_auto": lazy("A return of order {order} closed itself: nothing happened for long"),
    "return_departed": lazy("A return of order {order} is on its way back"),
    "return_method_missed": lazy("No way back was given in time for a return of order {order}"),
    "return_delivered": lazy("The carrier delivered a return of order {order}: receive it"),
    "return_received": lazy("A return of order {order} has arrived: the refund is due"),
    "return_refund_overdue": lazy("The refund for a return of order {order} is overdue"),
    "refund_drafted": lazy("A refund for order {order} waits for a second person"),
    "refund_requested": lazy(
        "A refund for order {order} was requested: it can be called back while it is held"
    ),
    "refund_undone": lazy("A refund for order {order} was called back"),
    "refund_released": lazy("A refund for order {order} is on its way to the buyer"),
    "refund_settled": lazy("A refund for order {order} was paid out"),
    "refund_rejected": lazy(
        "A refund for order {order} could not be paid out: the buyer has not got the money"
    ),
    "payment_break_found": lazy("The payment side’s books differ from ours for order {order}: look at it"),
    "claim_filed": lazy("The buyer of order {order} has filed a claim"),
    "claim_action_required": lazy(
        "Answer the claim about order {order}: without an answer in time it is granted"
    ),
    "claim_granted": lazy("The claim about order {order} was decided for the buyer"),
    "claim_denied": lazy("The claim about order {order} was decided for you"),
    "claim_withdrawn": lazy("The buyer withdrew the claim about order {order}"),
    "claim_refunded": lazy("The claim about order {order} is closed: you refunded the buyer"),
    "claim_reopened": lazy("The claim about order {order} is open again: the refund could not be paid out"),
    "claim_payout_failed": lazy("The buyer of order {order} could not be paid for a claim: look at it"),
    "claim_appeal_info_required": lazy(
        "Answer about your appeal for order {order}: without an answer it is over"
    ),
    "claim_reversed": lazy("Your appeal for order {order} was granted, in whole or in part"),
    "claim_appeal_denied": lazy("Your appeal for order {order} was denied"),
    "claim_appeal_over": lazy("The time to appeal for order {order} has ended"),
    "feedback_received": lazy("The buyer of order {order} left a bad rating"),
    "chargeback_opened": lazy("The bank of the buyer of order {order} takes money back"),
    "chargeback_closed": lazy("The chargeback for order {order} has ended"),
    "receiver_disabled": lazy("“{name}” is switched off: nothing is sent there any more"),
    "delivery_given_up": lazy("“{name}” could not be reached: {deliveries} deliveries were given up"),
    "webhook.test": lazy("This is a test: alerts from Sellerdesk arrive here"),
}
# The same where only some units were cancelled. Places: {order}, {units}.
PARTLY: Mapping[str, Any] = {
    "buyer_cancelled": lazy("The buyer cancelled part of order {order} (units: {units}): ship only the rest"),
}


# Where a request to return needs no answer any more: its state → what happened.
RETURNS: Mapping[str, Any] = {
    "AUTHORIZED": lazy("A return of order {order} was requested, and authorised automatically"),
    "PENDING_REFUND": lazy("A return of order {order} was requested: by your rule the buyer keeps the goods"),
    "IN_TRANSIT_BACK": lazy("A parcel of order {order} was refused and is on its way back"),
}


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


def say(kind: str, order_number: str, facts: Mapping[str, Any]) -> str:
    """The news in the active language."""
    known = _Facts(order=order_number, **{k: facts[k] for k in ("name", "deliveries", "units") if k in facts})
    wording = WORDS[kind]
    if facts.get("whole") is False:
        wording = PARTLY.get(kind, wording)
    if kind == "return_requested":
        wording = RETURNS.get(str(facts.get("state", "")), wording)
    return str(wording).format_map(known)
