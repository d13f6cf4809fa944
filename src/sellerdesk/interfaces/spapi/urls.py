"""Addresses of the protocol, fixed by its models and served at the root."""

from django.urls import path, re_path

from sellerdesk.interfaces.spapi import (
    cancel_2026,
    destinations_v1,
    external_returns,
    finances_2024,
    finances_v0,
    lwa,
    messaging,
    orders_2026,
    orders_v0,
    regulated_v0,
    restricted,
    sellers,
    shipments_v0,
    solicitations,
    subscriptions_v1,
    uploads,
)
from sellerdesk.interfaces.spapi.protocol import endpoint, unknown

_WISH = "notifications/v1/subscriptions/<str:notification_type>"
_ONE = "orders/v0/orders/<str:order_id>"
_MESSAGES = "messaging/v1/orders/<str:order_id>"
_SOLICITATIONS = "solicitations/v1/orders/<str:order_id>"
# First segments of the protocol's paths. What is not served below them is answered in its own form, with `errors`.
_FAMILIES = (
    "orders|sellers|tokens|feeds|reports|messaging|solicitations|uploads|notifications|finances|externalFulfillment|sales|fba|mfn|inbound"
    "|catalog|listings|products|shipping|tax|authorization|applications|replenishment|auth/o2"
)

urlpatterns = [
    path("auth/o2/token", lwa.token),
    path("tokens/2021-03-01/restrictedDataToken", endpoint({"POST": restricted.CREATE})),
    path("sellers/v1/marketplaceParticipations", endpoint({"GET": sellers.GET_PARTICIPATIONS})),
    path("sellers/v1/account", endpoint({"GET": sellers.GET_ACCOUNT})),
    path("orders/v0/orders", endpoint({"GET": orders_v0.GET_ORDERS})),
    path(_ONE, endpoint({"GET": orders_v0.GET_ORDER})),
    path(f"{_ONE}/buyerInfo", endpoint({"GET": orders_v0.GET_ORDER_BUYER_INFO})),
    path(f"{_ONE}/address", endpoint({"GET": orders_v0.GET_ORDER_ADDRESS})),
    path(f"{_ONE}/orderItems", endpoint({"GET": orders_v0.GET_ORDER_ITEMS})),
    path(f"{_ONE}/orderItems/buyerInfo", endpoint({"GET": orders_v0.GET_ORDER_ITEMS_BUYER_INFO})),
    path(f"{_ONE}/shipment", endpoint({"POST": shipments_v0.UPDATE_SHIPMENT_STATUS})),
    path(f"{_ONE}/shipmentConfirmation", endpoint({"POST": shipments_v0.CONFIRM_SHIPMENT})),
    path(
        f"{_ONE}/regulatedInfo",
        endpoint({"GET": regulated_v0.GET_REGULATED_INFO, "PATCH": regulated_v0.UPDATE_VERIFICATION_STATUS}),
    ),
    path("orders/2026-01-01/orders", endpoint({"GET": orders_2026.SEARCH_ORDERS})),
    path("orders/2026-01-01/orders/<str:order_id>", endpoint({"GET": orders_2026.GET_ORDER})),
    path("orders/2026-01-01/orders/<str:order_id>/cancellation", endpoint({"PUT": cancel_2026.CANCEL_ORDER})),
    path("notifications/v1/subscriptions", endpoint({"GET": subscriptions_v1.GET_SUBSCRIPTIONS})),
    path(
        _WISH,
        endpoint({"GET": subscriptions_v1.GET_SUBSCRIPTION, "POST": subscriptions_v1.CREATE_SUBSCRIPTION}),
    ),
    path(f"{_WISH}/testNotification", endpoint({"POST": subscriptions_v1.SEND_TEST_NOTIFICATION})),
    path(
        f"{_WISH}/<str:subscription_id>",
        endpoint(
            {
                "GET": subscriptions_v1.GET_SUBSCRIPTION_BY_ID,
                "DELETE": subscriptions_v1.DELETE_SUBSCRIPTION_BY_ID,
            }
        ),
    ),
    path(
        "notifications/v1/destinations",
        endpoint({"GET": destinations_v1.GET_DESTINATIONS, "POST": destinations_v1.CREATE_DESTINATION}),
    ),
    path(
        "notifications/v1/destinations/<str:destination_id>",
        endpoint({"GET": destinations_v1.GET_DESTINATION, "DELETE": destinations_v1.DELETE_DESTINATION}),
    ),
    path("finances/v0/financialEventGroups", endpoint({"GET": finances_v0.GET_GROUPS})),
    path(
        "finances/v0/financialEventGroups/<str:event_group_id>/financialEvents",
        endpoint({"GET": finances_v0.GET_EVENTS_OF_GROUP}),
    ),
    path(
        "finances/v0/orders/<str:order_id>/financialEvents",
        endpoint({"GET": finances_v0.GET_EVENTS_OF_ORDER}),
    ),
    path("finances/v0/financialEvents", endpoint({"GET": finances_v0.GET_EVENTS})),
    # A client library that many use has its own idea of this path; both are served.
    *(
        path(f"externalFulfillment/{folder}/returns{rest}", endpoint({"GET": one}))
        for folder in ("2024-09-11", "returns/2024-09-11")
        for rest, one in (("", external_returns.LIST), ("/<str:return_id>", external_returns.GET))
    ),
    path("finances/2024-06-19/transactions", endpoint({"GET": finances_2024.LIST_TRANSACTIONS})),
    path(_MESSAGES, endpoint({"GET": messaging.GET_ACTIONS})),
    path(f"{_MESSAGES}/attributes", endpoint({"GET": messaging.GET_ATTRIBUTES})),
    *(
        path(f"{_MESSAGES}/messages/{name}", endpoint({"POST": one}))
        for name, one in messaging.SENDERS.items()
    ),
    path(_SOLICITATIONS, endpoint({"GET": solicitations.GET_ACTIONS})),
    path(
        f"{_SOLICITATIONS}/solicitations/productReviewAndSellerFeedback",
        endpoint({"POST": solicitations.ASK}),
    ),
    path("uploads/2020-11-01/uploadDestinations/<path:resource>", endpoint({"POST": uploads.CREATE})),
    path("uploads/2020-11-01/content/<str:token>", uploads.take),
    re_path(rf"^(?:{_FAMILIES})(?:/|$)", unknown),
]
