"""Tables: fields, constraints, indexes, mutators. They decide nothing."""

from sellerdesk.models.accounts import (
    ApiClient,
    ApiToken,
    Membership,
    Participation,
    RequestBudget,
    SavedView,
    Seller,
    User,
)
from sellerdesk.models.cancellations import Cancellation, CancellationRequest, StockMovement
from sellerdesk.models.journal import (
    Deadline,
    Holiday,
    IdempotencyKey,
    JournalEntry,
    JournalReader,
    LedgerEntry,
    LedgerTransaction,
    Mail,
    Policy,
)
from sellerdesk.models.orders import BuyerContact, Charge, Order, OrderItem, ShippingAddress
from sellerdesk.models.receivers import (
    Delivery,
    Destination,
    NoticeSetting,
    Notification,
    NotificationMark,
    Receiver,
    Subscription,
)
from sellerdesk.models.shipments import Package, PackageItem, PackageVersion, ParcelEvent

__all__ = [
    "ApiClient",
    "ApiToken",
    "BuyerContact",
    "Cancellation",
    "CancellationRequest",
    "Charge",
    "Deadline",
    "Delivery",
    "Destination",
    "Holiday",
    "IdempotencyKey",
    "JournalEntry",
    "JournalReader",
    "LedgerEntry",
    "LedgerTransaction",
    "Mail",
    "Membership",
    "NoticeSetting",
    "Notification",
    "NotificationMark",
    "Order",
    "OrderItem",
    "Package",
    "PackageItem",
    "PackageVersion",
    "ParcelEvent",
    "Participation",
    "Policy",
    "Receiver",
    "RequestBudget",
    "SavedView",
    "Seller",
    "ShippingAddress",
    "StockMovement",
    "Subscription",
    "User",
]
