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
    "receiver_disabled": lazy("“{name}” is switched off: nothing is sent there any more"),
    "delivery_given_up": lazy("“{name}” could not be reached: {deliveries} deliveries were given up"),
    "webhook.test": lazy("This is a test: alerts from Sellerdesk arrive here"),
}


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


def say(kind: str, order_number: str, facts: Mapping[str, Any]) -> str:
    """The news in the active language."""
    known = _Facts(order=order_number, **{k: facts[k] for k in ("name", "deliveries") if k in facts})
    return str(WORDS[kind]).format_map(known)
