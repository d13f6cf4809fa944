"""Addresses of the buyers' door, all under /account/. Each page module lists its own in `urls`."""

from django.urls import URLPattern, URLResolver

from sellerdesk.interfaces.portal.pages import (
    cancel,
    claims,
    entrance,
    messages,
    orders,
    preferences,
    return_status,
    returns,
)

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    *orders.urls,
    *cancel.urls,
    *returns.urls,
    *return_status.urls,
    *claims.urls,
    *messages.urls,
    *preferences.urls,
    *entrance.urls,
]
