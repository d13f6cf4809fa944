"""Notifications v1, subscriptions: which types a program hears of, and where."""

from typing import Any

from sellerdesk.commands.subscriptions import (
    SubscriptionDraft,
    create_subscription,
    delete_subscription,
    send_test_notification,
)
from sellerdesk.domain.actors import Permission
from sellerdesk.domain.marketplaces import MARKETPLACES
from sellerdesk.domain.order_changes import CHANGE_TYPES, ORDER_CHANGE
from sellerdesk.domain.refusals import Refusal
from sellerdesk.interfaces.spapi.bodies import Members
from sellerdesk.interfaces.spapi.destinations_v1 import SCOPE, missing
from sellerdesk.interfaces.spapi.errors import ApiError, Problem, invalid
from sellerdesk.interfaces.spapi.paging import bad_token, seal, unseal
from sellerdesk.interfaces.spapi.protocol import Answer, Call, Operation, answer
from sellerdesk.interfaces.spapi.refusals import worded
from sellerdesk.queries.subscriptions import SubscriptionView, Wanted, subscriptions

TYPES = (ORDER_CHANGE,)  # what something here produces
VERSION = "1.0"
_LEAST_ROWS, _MOST_ROWS = 30, 100
_LIST = "notifications.getSubscriptions"


def get_subscriptions(call: Call) -> Answer:
    """The program's subscriptions for this seller."""
    query = call.query
    types = query.listing("notificationTypes")
    if not types:
        raise invalid("Missing request parameter: notificationTypes.")
    rows = query.whole("pageSize", low=_LEAST_ROWS, high=_MOST_ROWS) or _MOST_ROWS
    after = 0
    if token := query.text("nextToken", most=2000):
        after = unseal(token, _LIST, call.seller_id, name="nextToken").get("after", 0)
        if not isinstance(after, int):
            raise bad_token("nextToken")
    wanted = Wanted(types, query.text("payloadVersion"), after=after)
    found = subscriptions(call.seller_id, call.access.caller.client_id, wanted, limit=rows + 1)
    payload: dict[str, Any] = {"subscriptions": [_subscription(one) for one in found[:rows]]}
    if len(found) > rows:
        payload["nextToken"] = seal(_LIST, call.seller_id, {"after": found[rows - 1].key})
    return answer({"payload": payload})


def get_subscription(call: Call, *, notification_type: str) -> Answer:
    """The program's subscription of a type for this seller."""
    _check_type(notification_type)
    wanted = Wanted((notification_type,), call.query.text("payloadVersion"))
    return _one(call, wanted, notification_type)


def get_subscription_by_id(call: Call, *, notification_type: str, subscription_id: str) -> Answer:
    """One subscription, by its id."""
    _check_type(notification_type)
    return _one(call, Wanted((notification_type,), subscription_id=subscription_id), notification_type)


def _one(call: Call, wanted: Wanted, notification_type: str) -> Answer:
    found = subscriptions(call.seller_id, call.access.caller.client_id, wanted, limit=1)
    if not found:
        raise _unsubscribed(notification_type)
    return answer({"payload": _subscription(found[0])})


def create(call: Call, *, notification_type: str) -> Answer:
    """Subscribe. The protocol answers 200, not 201."""
    _check_type(notification_type)
    given = Members(call.body())
    version = given.text("payloadVersion", needed=True)
    destination_id = given.text("destinationId", needed=True)
    directive = given.value.get("processingDirective")
    changes, places = _filter(given.inner("processingDirective"), notification_type)
    given.check()
    if version != VERSION:
        raise invalid(f"payloadVersion {version[:20]} is not supported for {notification_type}.")
    client = call.access.caller.client_id
    draft = SubscriptionDraft(client, notification_type, version, destination_id, changes, places, directive)
    try:
        made = create_subscription(call.access.actor, draft, now=call.now)
    except Refusal as refusal:
        raise worded(refusal) from None
    if made is None:
        raise missing(destination_id)
    return _one(call, Wanted((notification_type,), subscription_id=made), notification_type)


def _filter(directive: Members, notification_type: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What of the type is wanted: change types and marketplaces."""
    if directive.text("filterExpression"):
        raise invalid("filterExpression is not supported by this server.", "Use eventFilter instead.")
    chosen = directive.inner("eventFilter")
    if not chosen.value:
        return (), ()
    kind = chosen.text("eventFilterType", needed=True)
    changes, places = chosen.texts("orderChangeTypes"), chosen.texts("marketplaceIds")
    chosen.check()
    if kind != notification_type:
        raise invalid(f"eventFilterType {kind[:40]} does not fit the notification type {notification_type}.")
    for one in changes:
        if one not in CHANGE_TYPES:
            raise invalid(f"orderChangeTypes has an invalid value: {one[:40]}.")
    for one in places:
        if one not in MARKETPLACES:
            raise invalid(f"marketplaceIds has an invalid value: {one[:40]}.")
    return changes, places


def delete(call: Call, *, notification_type: str, subscription_id: str) -> Answer:
    """Unsubscribe; what was still owed is dropped."""
    _check_type(notification_type)
    client = call.access.caller.client_id
    if not delete_subscription(call.access.actor, client, notification_type, subscription_id):
        raise _unsubscribed(notification_type)
    return answer({})


def send_test(call: Call, *, notification_type: str) -> Answer:
    """A mock notification to the program's subscription of this type."""
    _check_type(notification_type)
    given = Members(call.body())
    destination_id = given.text("destinationId", needed=True)
    version = given.inner("testNotification", needed=True).text("payloadVersion", needed=True)
    given.check()
    if version != VERSION:
        raise invalid(f"payloadVersion {version[:20]} is not supported for {notification_type}.")
    client = call.access.caller.client_id
    if not send_test_notification(call.access.actor, client, notification_type, destination_id, now=call.now):
        raise _unsubscribed(notification_type)
    return answer({})


def _check_type(notification_type: str) -> None:
    if notification_type not in TYPES:
        raise invalid(
            f"The notification type {notification_type[:60]} is not supported.",
            f"Supported notification types: {', '.join(TYPES)}",
        )


def _unsubscribed(notification_type: str) -> ApiError:
    details = f"Subscription doesn't exist for notification type {notification_type}"
    return ApiError(404, [Problem("The specified resource does not exist.", "NotFound", details)])


def _subscription(one: SubscriptionView) -> dict[str, Any]:
    shown = {
        "subscriptionId": one.subscription_id,
        "payloadVersion": one.payload_version,
        "destinationId": one.destination_id,
    }
    return shown | ({"processingDirective": dict(one.directive)} if one.directive else {})


_P = Permission.ORDERS_READ
GET_SUBSCRIPTIONS = Operation(_LIST, get_subscriptions, _P)
GET_SUBSCRIPTION = Operation("notifications.getSubscription", get_subscription, _P)
CREATE_SUBSCRIPTION = Operation("notifications.createSubscription", create, _P)
# Documented as grantless; clients send a seller's token too, and get through.
GET_SUBSCRIPTION_BY_ID = Operation(
    "notifications.getSubscriptionById", get_subscription_by_id, _P, grantless=SCOPE, takes_access=True
)
DELETE_SUBSCRIPTION_BY_ID = Operation(
    "notifications.deleteSubscriptionById", delete, _P, grantless=SCOPE, takes_access=True
)
SEND_TEST_NOTIFICATION = Operation("notifications.sendTestNotification", send_test, _P, grantless=SCOPE)
