"""Every door's addresses. Doors are added here, one line each."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("account/", include("sellerdesk.interfaces.portal.urls")),
    path("api/v1/", include("sellerdesk.interfaces.api.urls")),
    path("", include("sellerdesk.interfaces.ops.urls")),
    path("", include("sellerdesk.interfaces.spapi.urls")),
    path("", include("sellerdesk.interfaces.web.urls")),
]
