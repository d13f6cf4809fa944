"""Orders, their items, their charges, and the personal data that stands beside them."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from sellerdesk.domain import cancel_requests
from sellerdesk.domain import orders as domain
from sellerdesk.models.tenancy import CurrencyField, OwnedModel, SameSeller, TenantModel, to_own

_OPEN = Q(status__in=sorted(domain.OPEN))


class Order(OwnedModel):
    """The head of an order. Quantities are sums over its items; status is derived from them (rulebook 3.1)."""

    order_number = models.CharField(max_length=19)  # 3-7-7
    marketplace_id = models.CharField(max_length=20)
    seller_order_id = models.CharField(max_length=100, blank=True)
    channel = models.CharField(max_length=3)
    order_type = models.CharField(max_length=30)
    sales_channel = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=20)
    payment_state = models.CharField(max_length=10)
    payment_reference = models.CharField(max_length=100, blank=True, db_default="")  # the provider's own
    pending_reason = models.CharField(max_length=30, blank=True)
    source = models.CharField(max_length=10)  # native | v0 | 2026 | report

    placed_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)  # became Unshipped
    updated_at = models.DateTimeField()  # LastUpdateDate: moves with every change that programs may see
    earliest_ship_at = models.DateTimeField(null=True)
    latest_ship_at = models.DateTimeField(null=True)
    earliest_delivery_at = models.DateTimeField(null=True)
    latest_delivery_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)  # first accepted confirmation; never changes (I11)
    is_late = models.BooleanField(null=True)  # follows from confirmed_at alone (I11); null: not confirmed
    auto_cancel_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)  # the warning before automatic cancellation went out
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=8, blank=True)  # BUYER | MERCHANT | AMAZON
    cancel_reason = models.CharField(max_length=40, blank=True)
    # The buyer's open wish (cancel_requests.State, "" without one), when the buyer last filed it in the account, and
    # whether any cancellation of this order counts in the rate (null: nothing of it was cancelled).
    cancel_request = models.CharField(max_length=20, blank=True, default="", db_default="")
    cancel_requested_at = models.DateTimeField(null=True)
    counts_in_cr = models.BooleanField(null=True)

    currency = CurrencyField()
    total = models.BigIntegerField(null=True)
    ship_service = models.CharField(max_length=100, blank=True)
    service_category = models.CharField(max_length=30, blank=True)
    is_business = models.BooleanField(default=False)
    is_prime = models.BooleanField(default=False)

    items_known = models.BooleanField(default=True)  # false: a bare getOrders answer, items still to come
    units_ordered = models.PositiveIntegerField(default=0)
    units_shipped = models.PositiveIntegerField(default=0)
    units_cancelled = models.PositiveIntegerField(default=0)
    # The last document another platform gave us: its LastUpdateDate and a digest of what it said (S3 2.2: idempotent).
    upstream_updated_at = models.DateTimeField(null=True)
    upstream_digest = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)
    slips_printed = models.PositiveIntegerField(default=0)
    published = models.JSONField(
        default=dict
    )  # what protocols publish beyond these columns; nothing personal

    class Meta:
        db_table = "orders"
        constraints = [
            UniqueConstraint(fields=["seller", "id"], name="order_of_seller"),
            UniqueConstraint(fields=["seller", "order_number"], name="order_number_once"),
            CheckConstraint(condition=Q(status__in=sorted(domain.Status)), name="order_status_known"),
            CheckConstraint(condition=Q(channel__in=sorted(domain.Channel)), name="order_channel_known"),
            CheckConstraint(
                condition=Q(units_ordered__gte=F("units_shipped") + F("units_cancelled")),
                name="order_units_add_up",
            ),
            # I02 and I04: the stored status never contradicts the quantities.
            CheckConstraint(
                condition=Q(items_known=False)
                | ~Q(status__in=["Canceled"])
                | Q(units_shipped=0, units_cancelled=F("units_ordered")),
                name="order_cancelled_means_all",
            ),
            CheckConstraint(
                condition=Q(items_known=False)
                | ~Q(status__in=["Shipped", "InvoiceUnconfirmed"])
                | Q(units_ordered=F("units_shipped") + F("units_cancelled"), units_shipped__gt=0),
                name="order_shipped_means_all",
            ),
            CheckConstraint(
                condition=Q(items_known=False)
                | ~Q(status__in=["Unshipped", "Pending", "PendingAvailability"])
                | Q(units_shipped=0),
                name="order_unshipped_means_none",
            ),
            CheckConstraint(
                condition=Q(cancel_request__in=["", *sorted(cancel_requests.OPEN)]),
                name="order_cancel_request_known",
            ),
            CheckConstraint(
                condition=Q(confirmed_at=None, is_late=None)
                | Q(confirmed_at__isnull=False, is_late__isnull=False),
                name="order_lateness_with_confirmation",
            ),
        ]
        indexes = [
            Index(fields=["seller", "-placed_at", "-id"], name="order_by_placed"),
            # Channel and marketplace ride along, so that the counts of the order list's tabs are read from the index.
            # One marketplace of many is a list of its own: without this, a rare one is looked for among all the others.
            Index(
                fields=["seller", "marketplace_id", "status", "-placed_at", "-id"],
                include=["channel"],
                name="order_by_place",
            ),
            Index(
                fields=["seller", "status", "-placed_at", "-id"],
                name="order_by_status",
                include=["channel", "marketplace_id"],
            ),
            Index(fields=["seller", "updated_at", "id"], name="order_by_updated"),
            Index(
                fields=["seller", "latest_ship_at", "id"],
                name="order_open_by_ship",
                condition=_OPEN,
                include=["channel", "marketplace_id"],
            ),
            Index(
                fields=["seller", "cancel_requested_at", "id"],
                name="order_by_cancel_request",
                condition=~Q(cancel_request=""),
                include=["channel", "marketplace_id", "status"],
            ),
            Index(
                fields=["seller", "seller_order_id"],
                name="order_by_seller_order",
                condition=~Q(seller_order_id=""),
            ),
        ]


class OrderItem(TenantModel):
    """A line of an order with its quantities (I01)."""

    order = to_own("sellerdesk.Order")
    item_number = models.CharField(max_length=20)  # OrderItemId
    position = models.PositiveSmallIntegerField()
    sku = models.CharField(max_length=100)
    asin = models.CharField(max_length=20, blank=True)
    title = models.TextField()
    condition = models.CharField(max_length=40, blank=True)
    is_gift = models.BooleanField(default=False)
    ordered = models.PositiveIntegerField()
    shipped = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    cancel_requested_at = models.DateTimeField(
        null=True
    )  # when the buyer first filed a request that names it
    refunded = models.PositiveIntegerField(
        default=0, db_default=0
    )  # units; amounts are kept with the charges
    in_return = models.PositiveIntegerField(default=0, db_default=0)  # units in returns that nobody closed
    published = models.JSONField(default=dict)

    class Meta:
        db_table = "order_items"
        constraints = [
            UniqueConstraint(fields=["seller", "id"], name="order_item_of_seller"),
            UniqueConstraint(fields=["seller", "order", "item_number"], name="order_item_number_once"),
            CheckConstraint(
                condition=Q(ordered__gte=F("shipped") + F("cancelled")), name="order_item_units_add_up"
            ),
            CheckConstraint(  # I15, T14
                condition=Q(shipped__gte=F("refunded")) & Q(shipped__gte=F("in_return")),
                name="order_item_back_within_shipped",
            ),
            SameSeller(name="order_item_same_seller", column="order_id", references="orders"),
        ]
        indexes = [
            Index(fields=["seller", "sku", "order"], name="order_item_by_sku"),
            Index(fields=["seller", "asin", "order"], name="order_item_by_asin"),
            Index(fields=["seller", "item_number"], name="order_item_by_number"),
        ]


class Charge(TenantModel):
    """One component of one item's money: what it is worth, and how much of it has been charged and given back.

    The row is the balance that guards money: a conditional update and the check below, never read-sum-insert (I06).
    Discounts are negative amounts; their charged part is negative too.
    """

    item = to_own("sellerdesk.OrderItem")
    component = models.CharField(max_length=24)
    currency = CurrencyField()
    amount = models.BigIntegerField()  # minor units for the whole ordered quantity
    charged = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)  # released
    refund_pending = models.BigIntegerField(default=0, db_default=0)  # set aside: held, or awaiting approval
    claimed = models.BigIntegerField(default=0, db_default=0)  # debited by a claim

    class Meta:
        db_table = "charges"
        constraints = [
            UniqueConstraint(fields=["seller", "item", "component"], name="charge_once"),
            CheckConstraint(
                condition=Q(component__in=sorted(domain.Component)), name="charge_component_known"
            ),
            CheckConstraint(
                condition=Q(amount__gte=0, charged__gte=0, charged__lte=F("amount"))
                | Q(amount__lt=0, charged__lte=0, charged__gte=F("amount")),
                name="charge_within_amount",
            ),
            # I06: what went back, what is about to, and what claims took never exceed the charge, whatever its sign.
            CheckConstraint(
                condition=Q(charged__gte=0, refunded__gte=0, refund_pending__gte=0, claimed__gte=0)
                & Q(charged__gte=F("refunded") + F("refund_pending") + F("claimed"))
                | Q(charged__lt=0, refunded__lte=0, refund_pending__lte=0, claimed__lte=0)
                & Q(charged__lte=F("refunded") + F("refund_pending") + F("claimed")),
                name="refund_within_charge",
            ),
            SameSeller(name="charge_same_seller", column="item_id", references="order_items"),
        ]


class BuyerContact(TenantModel):
    """Who bought: personal data, erasable without touching the order."""

    order = to_own("sellerdesk.Order")
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    company = models.CharField(max_length=200, blank=True)
    purchase_order = models.CharField(max_length=100, blank=True)
    # The name in lower case, and its last word: a buyer is found by the beginning of either, through plain indexes in
    # byte order (comparisons that row-level security lets an index use; LIKE and full text are not among them).
    name_key = models.CharField(max_length=200, blank=True, db_collation="C")
    last_key = models.CharField(max_length=200, blank=True, db_collation="C")
    item_texts = models.JSONField(default=dict)  # item number → gift message, customisation, wrap
    published = models.JSONField(default=dict)

    class Meta:
        db_table = "buyer_contacts"
        constraints = [
            UniqueConstraint(fields=["seller", "order"], name="buyer_contact_once"),
            SameSeller(name="buyer_contact_same_seller", column="order_id", references="orders"),
        ]
        indexes = [
            Index(fields=["seller", "email"], name="buyer_by_email", condition=~Q(email="")),
            # Buyers' own orders lie with several sellers: the portal asks for an address everywhere.
            Index(
                fields=["email", "seller", "order"], name="buyer_by_email_anywhere", condition=~Q(email="")
            ),
            Index(fields=["seller", "name_key"], name="buyer_by_name", condition=~Q(name_key="")),
            Index(fields=["seller", "last_key"], name="buyer_by_last_name", condition=~Q(last_key="")),
        ]


class ShippingAddress(TenantModel):
    """Where the order goes: personal data."""

    order = to_own("sellerdesk.Order")
    name = models.CharField(max_length=200, blank=True)
    company = models.CharField(max_length=200, blank=True)
    line1 = models.CharField(max_length=300, blank=True)
    line2 = models.CharField(max_length=300, blank=True)
    line3 = models.CharField(max_length=300, blank=True)
    city = models.CharField(max_length=100, blank=True)
    county = models.CharField(max_length=100, blank=True)
    district = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=100, blank=True)
    municipality = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=30, blank=True)
    country = models.CharField(max_length=2, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    published = models.JSONField(default=dict)

    class Meta:
        db_table = "shipping_addresses"
        constraints = [
            UniqueConstraint(fields=["seller", "order"], name="shipping_address_once"),
            SameSeller(name="shipping_address_same_seller", column="order_id", references="orders"),
        ]
