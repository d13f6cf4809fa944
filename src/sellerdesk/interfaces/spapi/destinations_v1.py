"""Notifications v1, destinations: where a program wants to hear. Grantless: they are the program's, not a seller's.

The real ones are queues of AWS. Here a destination is an address that gets each notification as a signed POST. It is
given as `resourceSpecification.webhook.url`, or, so that unmodified clients can say it, inside an ARN:
`arn:aws:sqs:webhook:sellerdesk:https://host/path`.
"""

from typing import Any

from django.conf import settings

from sellerdesk.commands.receivers import new_secret
from sellerdesk.commands.subscriptions import DestinationDraft, create_destination, delete_destination
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.refusals import Refusal
from sellerdesk.interfaces.spapi.bodies import Members
from sellerdesk.interfaces.spapi.errors import ApiError, Problem, invalid
from sellerdesk.interfaces.spapi.protocol import Answer, Call, Operation, answer
from sellerdesk.interfaces.spapi.refusals import worded
from sellerdesk.queries.subscriptions import DestinationView, destinations

SCOPE = "sellingpartnerapi::notifications"
_ARN = "arn:aws:sqs:webhook:sellerdesk:"
_NAME_MAX = 256


def get_destinations(call: Call) -> Answer:
    """All destinations of the program."""
    found = destinations(call.seller_id, call.access.caller.client_id)
    return answer({"payload": [_destination(one) for one in found]})


def get_destination(call: Call, *, destination_id: str) -> Answer:
    """One destination."""
    found = destinations(call.seller_id, call.access.caller.client_id, destination_id)
    if not found:
        raise missing(destination_id)
    return answer({"payload": _destination(found[0])})


def create(call: Call) -> Answer:
    """A new destination. Whoever asked for a `webhook` is told the secret that its notifications are signed with."""
    given = Members(call.body())
    name = given.text("name", needed=True)
    resource = given.inner("resourceSpecification", needed=True)
    given.check()
    if len(name) > _NAME_MAX:
        raise invalid(f"name must have at most {_NAME_MAX} characters.")
    address = _address(resource)
    secret = new_secret()
    kept = {"sqs": {"arn": f"{_ARN}{address}"}}
    draft = DestinationDraft(call.access.caller.client_id, name, kept, address, secret)
    try:
        made = create_destination(call.access.actor, draft, allowed=settings.OUTBOUND_ALLOW, now=call.now)
    except Refusal as refusal:
        raise worded(refusal) from None
    shown = _destination(DestinationView(made, name, kept))
    if "webhook" in resource.value:
        shown["resource"] = {"webhook": {"url": address, "secret": secret}}
    return answer({"payload": shown})


def _address(resource: Members) -> str:
    kinds = [name for name in ("sqs", "eventBridge", "webhook") if resource.value.get(name) is not None]
    if len(kinds) != 1:
        raise invalid("resourceSpecification must have exactly one of sqs and webhook.")
    if kinds == ["webhook"]:
        inside = resource.inner("webhook")
        address = inside.text("url", needed=True)
        inside.check()
        return address
    if kinds == ["eventBridge"]:
        raise invalid(
            "eventBridge is not supported by this server.", "Use resourceSpecification.webhook.url instead."
        )
    inside = resource.inner("sqs")
    arn = inside.text("arn", needed=True)
    inside.check()
    if not arn.startswith(_ARN):
        raise invalid(
            "The ARN does not name a destination that this server can reach.",
            f"Put the address into it: {_ARN}https://host/path",
        )
    return arn.removeprefix(_ARN)


def delete(call: Call, *, destination_id: str) -> Answer:
    """Forget a destination that no subscription uses."""
    try:
        gone = delete_destination(call.access.actor, call.access.caller.client_id, destination_id)
    except Refusal as refusal:
        raise worded(refusal) from None
    if not gone:
        raise missing(destination_id)
    return answer({})


def missing(destination_id: str) -> ApiError:
    """404 for a destination that is not there, or another program's."""
    details = f"Destination {destination_id[:60]} doesn't exist"
    return ApiError(404, [Problem("The specified resource does not exist.", "NotFound", details)])


def _destination(one: DestinationView) -> dict[str, Any]:
    return {"destinationId": one.destination_id, "name": one.name, "resource": dict(one.resource)}


GET_DESTINATIONS = Operation(
    "notifications.getDestinations", get_destinations, Permission.ORDERS_READ, grantless=SCOPE
)
GET_DESTINATION = Operation(
    "notifications.getDestination", get_destination, Permission.ORDERS_READ, grantless=SCOPE
)
CREATE_DESTINATION = Operation(
    "notifications.createDestination", create, Permission.ORDERS_READ, grantless=SCOPE
)
DELETE_DESTINATION = Operation(
    "notifications.deleteDestination", delete, Permission.ORDERS_READ, grantless=SCOPE
)
