"""Messaging v1: which messages an order allows, sending them, and the buyer's language (spapi 6).

What a program sends stands in the order's thread beside what staff write, and passes the same lint.
"""

from collections.abc import Callable
from typing import Any

from sellerdesk.commands.messages import send_messages
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.message_reasons import RULES, ContactReason, Files
from sellerdesk.domain.messages import SellerMessage
from sellerdesk.domain.refusals import Refusal
from sellerdesk.interfaces.spapi import hal
from sellerdesk.interfaces.spapi.bodies import Members
from sellerdesk.interfaces.spapi.errors import invalid, not_found
from sellerdesk.interfaces.spapi.protocol import Answer, Call, Operation, answer
from sellerdesk.interfaces.spapi.refusals import MESSAGING, worded
from sellerdesk.interfaces.spapi.uploads import read_attachments
from sellerdesk.queries.contact_options import ContactOptions, contact_options
from sellerdesk.wire import times

# The last part of an action's path is its name; operations are called as in the model.
ACTIONS: dict[str, tuple[str, ContactReason]] = {
    "confirmCustomizationDetails": (
        "confirmCustomizationDetails",
        ContactReason.CONFIRM_CUSTOMIZATION_DETAILS,
    ),
    "confirmDeliveryDetails": ("createConfirmDeliveryDetails", ContactReason.CONFIRM_DELIVERY_DETAILS),
    "legalDisclosure": ("createLegalDisclosure", ContactReason.LEGAL_DISCLOSURE),
    "confirmOrderDetails": ("createConfirmOrderDetails", ContactReason.CONFIRM_ORDER_DETAILS),
    "confirmServiceDetails": ("createConfirmServiceDetails", ContactReason.CONFIRM_SERVICE_DETAILS),
    "warranty": ("CreateWarranty", ContactReason.WARRANTY),
    "digitalAccessKey": ("createDigitalAccessKey", ContactReason.DIGITAL_ACCESS_KEY),
    "unexpectedProblem": ("createUnexpectedProblem", ContactReason.UNEXPECTED_PROBLEM),
    "invoice": ("sendInvoice", ContactReason.INVOICE),
}
_PATH = "/messaging/v1/orders/{}"
_COVERAGE = ("coverageStartDate", "coverageEndDate")
_REGIONS = {"zh-hans": "zh-CN", "zh-hant": "zh-TW"}


def get_actions(call: Call, order_id: str) -> Answer:
    """The messages that the order allows now, and the buyer's attributes."""
    marketplace_id = hal.check_order(call, order_id)
    allowed = _options(call, order_id).reasons
    found = [
        (name, f"messages/{name}", _schema(name, reason))
        for name, (_, reason) in ACTIONS.items()
        if reason in allowed
    ]
    attributes: tuple[str, str, dict[str, Any]] = ("attributes", "attributes", {"type": "object"})
    return answer(hal.actions(_PATH.format(order_id), marketplace_id, [*found, attributes]))


def get_attributes(call: Call, order_id: str) -> Answer:
    """The buyer's language."""
    hal.check_order(call, order_id)
    options = _options(call, order_id)
    return answer({"buyer": {"locale": locale(options.language, options.marketplace_id)}})


def locale(language: str, marketplace_id: str) -> str:
    """A language with its region, as the protocol writes it: en-US, zh-CN."""
    first, _, rest = language.replace("_", "-").partition("-")
    known = _REGIONS.get(language.lower())
    if known or (len(rest) == 2 and rest.isalpha()):
        return known or f"{first.lower()}-{rest.upper()}"
    return f"{first.lower()}-{MARKETPLACES[marketplace_id].country}"


def _sender(name: str) -> Callable[..., Answer]:
    reason = ContactReason(ACTIONS[name][1])

    def send(call: Call, order_id: str) -> Answer:
        body = Members(call.body())
        text = body.text("text", needed=_has_text(reason))
        if reason is ContactReason.WARRANTY:
            text = _coverage(body)
        files = [(one.text("fileName", needed=True), one.text("uploadDestinationId", needed=True))
                 for one in body.objects("attachments", needed=_needs_files(reason))]  # fmt: skip
        body.check()
        hal.check_order(call, order_id, body.value)
        resource = f"{_PATH.format(order_id)}/messages/{name}".lstrip("/")
        _send(call, SellerMessage(order_id, reason, text, read_attachments(call, files, resource)))
        return answer({}, status=201)

    return send


def _send(call: Call, message: SellerMessage) -> None:
    (outcome,) = send_messages(call.access.actor, [message], now=call.now)
    if outcome.refusal is not None:
        raise worded(outcome.refusal, MESSAGING)


def _coverage(body: Members) -> str:
    """The warranty's period, in figures that every language reads alike."""
    days = []
    for name in _COVERAGE:
        try:
            days.append(
                times.parse(given, place=name).date().isoformat() if (given := body.text(name)) else ""
            )
        except Refusal:
            raise invalid(f"{name} is invalid. It must be in ISO 8601 date/time format.") from None
    if all(days) and days[1] < days[0]:
        raise invalid("coverageEndDate is invalid. It must not lie before coverageStartDate.")
    return " – ".join(days).strip() if any(days) else ""


def _options(call: Call, order_id: str) -> ContactOptions:
    found = contact_options(call.seller_id, order_id, call.now)
    if found is None:
        raise not_found()
    return found


def _has_text(reason: ContactReason) -> bool:
    return bool(RULES[reason].text_max) and reason is not ContactReason.WARRANTY


def _needs_files(reason: ContactReason) -> bool:
    return RULES[reason].files is Files.REQUIRED


def _schema(name: str, reason: ContactReason) -> dict[str, Any]:
    """What the action's body may hold."""
    members: dict[str, Any] = {}
    if _has_text(reason):
        members["text"] = {"type": "string", "minLength": 1, "maxLength": RULES[reason].text_max}
    if name == "warranty":
        members |= {one: {"type": "string", "format": "date-time"} for one in _COVERAGE}
    if RULES[reason].files is not Files.NONE:
        one = {name: {"type": "string"} for name in ("fileName", "uploadDestinationId")}
        items = {"type": "object", "required": list(one), "properties": one}
        members["attachments"] = {"type": "array", "items": items}
    needed = [one for one in ("text", "attachments") if one in members]
    if not _needs_files(reason) and "attachments" in needed:
        needed.remove("attachments")
    return {"type": "object", "properties": members} | ({"required": needed} if needed else {})


_MAY = Permission.MESSAGES_SEND
GET_ACTIONS = Operation("messaging.getMessagingActionsForOrder", get_actions, _MAY)
GET_ATTRIBUTES = Operation("messaging.GetAttributes", get_attributes, _MAY)
SENDERS = {
    name: Operation(f"messaging.{operation}", _sender(name), _MAY) for name, (operation, _) in ACTIONS.items()
}
