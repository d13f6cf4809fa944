"""Addresses of the watchers' door."""

from django.urls import path

from sellerdesk.interfaces.ops import health

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("metrics", health.exposition),
]
