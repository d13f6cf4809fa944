"""Addresses of the console. Each page module lists its own in `urls`; a new one is added below, one line."""

from django.urls import URLPattern, URLResolver, include, path

from sellerdesk.interfaces.web.pages import (
    account,
    advanced,
    cancel,
    cancel_many,
    cancel_request,
    chat,
    claim,
    claims,
    edit_shipment,
    health,
    home,
    mailbox,
    message_templates,
    message_thread,
    messages,
    notice_settings,
    notifications,
    operator_claims,
    order,
    orders_list,
    payments,
    refund,
    refund_many,
    refunds,
    return_settings,
    saved_views,
    search,
    shipment,
    slips,
    webhooks,
)

desk: list[URLPattern | URLResolver] = [
    *orders_list.urls,
    *return_settings.urls,  # before what takes any number
    *advanced.urls,
    *slips.urls,
    *cancel_many.urls,
    *refund_many.urls,
    *order.urls,
    *shipment.urls,
    *edit_shipment.urls,
    *cancel.urls,
    *cancel_request.urls,
    *refund.urls,
    *refunds.urls,
    *claims.urls,
    *claim.urls,
    *messages.urls,
    *message_templates.urls,
    *message_thread.urls,
    *search.urls,
    *health.urls,
    *saved_views.urls,
    *account.urls,
    *notifications.urls,
    *notice_settings.urls,
    *webhooks.urls,
    *chat.urls,
    *payments.urls,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("language/", account.choose_language, name="language"),
    *mailbox.urls,
    path("desk/", include((desk, "desk"))),
    path(
        "operator/",
        include(
            (
                [path("", home.operator, name="home"), *payments.operator_urls, *operator_claims.urls],
                "operator",
            )
        ),
    ),
]
