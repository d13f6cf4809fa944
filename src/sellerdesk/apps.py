"""The one Django application."""

from django.apps import AppConfig


class SellerdeskConfig(AppConfig):
    name = "sellerdesk"
    label = "sellerdesk"
    default_auto_field = "django.db.models.BigAutoField"
