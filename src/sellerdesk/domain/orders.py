"""Orders: what a new order says, what we know of one, and its derived status (rulebook 2.1, 3.1, 3.2)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """Order statuses, in Amazon's spelling of Orders v0 (the 2026 spelling is the door's affair)."""

    PENDING_AVAILABILITY = "PendingAvailability"
    PENDING = "Pending"
    UNSHIPPED = "Unshipped"
    PARTIALLY_SHIPPED = "PartiallyShipped"
    SHIPPED = "Shipped"
    INVOICE_UNCONFIRMED = "InvoiceUnconfirmed"
    CANCELED = "Canceled"
    UNFULFILLABLE = "Unfulfillable"


OPEN = frozenset({Status.UNSHIPPED, Status.PARTIALLY_SHIPPED})
WAITING = frozenset({Status.PENDING_AVAILABILITY, Status.PENDING})


class Channel(StrEnum):
    MFN = "MFN"  # the seller ships
    AFN = "AFN"  # the marketplace's warehouse ships (FBA)


class PendingReason(StrEnum):
    """Why an order waits (S0-02 to S0-05, rulebook 2.1)."""

    PAYMENT_NOT_AUTHORIZED = "PAYMENT_NOT_AUTHORIZED"
    PAYMENT_DECLINED = "PAYMENT_DECLINED"
    CONVENIENCE_STORE = "CONVENIENCE_STORE"
    FBA_CONSOLIDATION = "FBA_CONSOLIDATION"
    FBA_ITEM_OUT_OF_STOCK = "FBA_ITEM_OUT_OF_STOCK"
    FBA_SCHEDULED_DELIVERY = "FBA_SCHEDULED_DELIVERY"
    PREORDER = "PREORDER"


class PaymentState(StrEnum):
    WAITING = "waiting"
    AUTHORIZED = "authorized"
    DECLINED = "declined"


class Component(StrEnum):
    """What a line's money consists of (rulebook 2.8). Discounts are negative amounts."""

    PRINCIPAL = "principal"
    TAX = "tax"
    SHIPPING = "shipping"
    SHIPPING_TAX = "shipping_tax"
    GIFT_WRAP = "gift_wrap"
    GIFT_WRAP_TAX = "gift_wrap_tax"
    COD_FEE = "cod_fee"
    COD_FEE_DISCOUNT = "cod_fee_discount"
    PROMOTION_DISCOUNT = "promotion_discount"
    PROMOTION_DISCOUNT_TAX = "promotion_discount_tax"
    SHIPPING_DISCOUNT = "shipping_discount"
    SHIPPING_DISCOUNT_TAX = "shipping_discount_tax"


@dataclass(frozen=True, slots=True)
class ItemDocument:
    """One line of an order as placed or imported. Amounts are minor units for the whole quantity, sign as charged."""

    item_number: str  # what programs call OrderItemId; "" lets the command make one
    sku: str
    title: str
    ordered: int
    shipped: int = 0
    cancelled: int = 0
    asin: str = ""
    condition: str = ""
    is_gift: bool = False
    amounts: dict[Component, int] = field(default_factory=dict)
    # What the protocols publish beyond our columns, kept as it came, keyed by protocol: {"v0": {...}, "2026": {...}}.
    published: dict[str, Any] = field(default_factory=dict)
    personal: dict[str, Any] = field(
        default_factory=dict
    )  # the same, for personal data (gift message, customisation)
    # What the platform says of cancelling this line; coming in only (see domain.imported).
    cancel_requested: bool = False  # the buyer has filed a request
    cancel_words: str = ""  # in these words: personal
    cancelled_by: str = ""  # BUYER | MERCHANT | AMAZON
    cancel_reason: str = ""


@dataclass(frozen=True, slots=True)
class Buyer:
    """The buyer's contact data: personal, kept apart from the order and erasable (design 2.13)."""

    name: str = ""
    email: str = ""
    phone: str = ""
    company: str = ""
    purchase_order: str = ""
    published: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address: personal. `published` keeps what the protocols say beyond these fields, keyed by protocol."""

    name: str = ""
    company: str = ""
    line1: str = ""
    line2: str = ""
    line3: str = ""
    city: str = ""
    county: str = ""
    district: str = ""
    state: str = ""
    municipality: str = ""
    postal_code: str = ""
    country: str = ""
    phone: str = ""
    kind: str = ""  # Residential | Commercial
    published: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PackageDocument:
    """A parcel of an order: confirmed elsewhere (coming in) or as we hold it (going out)."""

    reference: str
    carrier_code: str
    tracking: str
    lines: dict[str, int]  # item number → quantity
    carrier_name: str = ""
    service: str = ""
    shipped_at: datetime | None = None
    created_at: datetime | None = None
    status: str = "IN_TRANSIT"
    detailed_status: str = ""
    transparency_codes: dict[str, tuple[str, ...]] = field(default_factory=dict)  # item number → codes
    published: dict[str, Any] = field(default_factory=dict)
    ship_from: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OrderDocument:
    """What one document says of an order: placed by a storefront, imported from a platform, or given out by us.

    Codecs decode into it and encode from it, so that what came in goes out again. Times are aware UTC. `items` None
    means the document does not carry them (a bare `getOrders` answer): coming in, its `status` and counts then stand
    until a later import brings the items.
    """

    order_number: str  # 3-7-7; "" lets the command make one
    marketplace_id: str
    placed_at: datetime
    currency: str
    items: tuple[ItemDocument, ...] | None
    channel: Channel = Channel.MFN
    status: Status = Status.PENDING
    updated_at: datetime | None = None
    total: int | None = None  # minor units; None: not published (Pending) or to be summed from the items
    seller_order_id: str = ""
    order_type: str = "StandardOrder"
    sales_channel: str = ""
    ship_service: str = ""
    service_category: str = ""
    earliest_ship_at: datetime | None = None
    latest_ship_at: datetime | None = None
    earliest_delivery_at: datetime | None = None
    latest_delivery_at: datetime | None = None
    is_business: bool = False
    is_prime: bool = False
    pending_reason: str = ""
    cancelled_by: str = ""  # BUYER | MERCHANT | AMAZON
    cancel_reason: str = ""
    # NumberOfItemsShipped / Unshipped. Coming in they count only when items is None; going out they are always set.
    units_shipped: int = 0
    units_unshipped: int = 0
    buyer: Buyer | None = None
    address: Address | None = None
    packages: tuple[PackageDocument, ...] = ()
    published: dict[str, Any] = field(
        default_factory=dict
    )  # {"v0": {...}, "2026": {...}}: impersonal remainder
    source: str = "native"  # native | v0 | 2026 | report
    place: str = ""  # where it stood in its file ("order 3", "line 17"), for messages


@dataclass(frozen=True, slots=True)
class ItemTrace:
    """What happened here to a line about cancelling it: the buyer's filed request, and the last cancellation of units.

    `wish` and `reason` are codes of ours, `words` the buyer's own and personal.
    """

    requested: bool = False
    wish: str = ""  # of cancel_requests.Reason
    words: str = ""
    by: str = ""  # BUYER | MERCHANT | AMAZON; "" when nobody cancelled units of it here
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HeldOrder(OrderDocument):
    """An order of ours on its way out: what documents of other platforms never say stands beside it.

    `traces` are by item number. `id` is never told; what is made from it may be.
    """

    id: int = 0
    traces: dict[str, ItemTrace] = field(default_factory=dict)
