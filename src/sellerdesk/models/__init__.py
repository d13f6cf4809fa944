"""Tables: fields, constraints, indexes, mutators. They decide nothing."""

from sellerdesk.models.access import AccessCode, AccessSession
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
from sellerdesk.models.messages import (
    BuyerPreference,
    Message,
    MessageAttachment,
    MessageTemplate,
    MessageText,
    MessageThread,
    StoredFile,
)
from sellerdesk.models.orders import BuyerContact, Charge, Order, OrderItem, ShippingAddress
from sellerdesk.models.payouts import SellerPayout
from sellerdesk.models.receivers import (
    Delivery,
    Destination,
    NoticeSetting,
    Notification,
    NotificationMark,
    Receiver,
    Subscription,
)
from sellerdesk.models.refunds import Concession, PaymentBreak, PaymentTransfer, Refund, RefundLine
from sellerdesk.models.returns import ReturnLine, ReturnRequest, ReturnRule, ReturnSetting
from sellerdesk.models.shipments import Package, PackageItem, PackageVersion, ParcelEvent
from sellerdesk.models.solicitations import Solicitation, UploadDestination
from sellerdesk.models.tallies import OrderTally

__all__ = [
    "AccessCode",
    "AccessSession",
    "ApiClient",
    "ApiToken",
    "BuyerContact",
    "BuyerPreference",
    "Cancellation",
    "CancellationRequest",
    "Charge",
    "Concession",
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
    "Message",
    "MessageAttachment",
    "MessageTemplate",
    "MessageText",
    "MessageThread",
    "NoticeSetting",
    "Notification",
    "NotificationMark",
    "Order",
    "OrderItem",
    "OrderTally",
    "Package",
    "PackageItem",
    "PackageVersion",
    "ParcelEvent",
    "Participation",
    "PaymentBreak",
    "PaymentTransfer",
    "Policy",
    "Receiver",
    "Refund",
    "RefundLine",
    "RequestBudget",
    "ReturnLine",
    "ReturnRequest",
    "ReturnRule",
    "ReturnSetting",
    "SavedView",
    "Seller",
    "SellerPayout",
    "ShippingAddress",
    "Solicitation",
    "StockMovement",
    "StoredFile",
    "Subscription",
    "UploadDestination",
    "User",
]
