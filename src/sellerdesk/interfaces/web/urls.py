"""Addresses of the console. Each page module lists its own in `urls`; a new one is added below, one line."""

from django.urls import URLPattern, URLResolver, include, path

from sellerdesk.interfaces.web.pages import (
    account,
    advanced,
    cancel,
    cancel_many,
    cancel_request,
    chat,
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
    return_authorize,
    return_close,
    return_grade,
    return_page,
    return_receive,
    return_settings,
    returns,
    returns_many,
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
    *returns.urls,
    *returns_many.urls,
    *return_receive.urls,
    *return_authorize.urls,
    *return_close.urls,
    *return_grade.urls,
    *return_page.urls,  # takes any number: the last of them
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
