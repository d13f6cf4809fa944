"""Packages with every version of what was said about them, and what the carrier saw."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from sellerdesk.models.tenancy import SameSeller, TenantModel, to_own

PACKAGE_STATUSES = [
    "PENDING",
    "IN_TRANSIT",
    "SHIPPED",
    "DELIVERED",
    "CANCELLED",
    "UNDELIVERABLE",
    "RETURNING",
]


class Package(TenantModel):
    """A parcel as it stands now. Earlier versions are in PackageVersion."""

    order = to_own("sellerdesk.Order")
    reference = models.CharField(max_length=60)  # packageReferenceId
    version = models.PositiveSmallIntegerField(default=1)
    carrier_code = models.CharField(max_length=60)
    carrier_name = models.CharField(max_length=60, blank=True)
    service = models.CharField(max_length=100, blank=True)
    tracking = models.CharField(max_length=100, blank=True)  # as typed
    tracking_key = models.CharField(max_length=100, blank=True)  # normalised, for search
    shipped_at = models.DateTimeField(null=True)  # the date the seller gives
    confirmed_at = models.DateTimeField()  # the moment the system was told: what metrics count (rulebook 2.4)
    is_late = models.BooleanField(default=False)
    status = models.CharField(max_length=16, default="IN_TRANSIT")
    detailed_status = models.CharField(max_length=30, blank=True)
    delivered_at = models.DateTimeField(null=True)
    memo = models.CharField(max_length=500, blank=True)  # private to the seller
    ship_from = models.JSONField(default=dict)
    published = models.JSONField(default=dict)

    class Meta:
        db_table = "packages"
        constraints = [
            UniqueConstraint(fields=["seller", "id"], name="package_of_seller"),
            UniqueConstraint(fields=["seller", "order", "reference"], name="package_reference_once"),
            CheckConstraint(condition=Q(status__in=PACKAGE_STATUSES), name="package_status_known"),
            SameSeller(name="package_same_seller", column="order_id", references="orders"),
        ]
        indexes = [
            Index(
                fields=["seller", "tracking_key"], name="package_by_tracking", condition=~Q(tracking_key="")
            ),
        ]


class PackageItem(TenantModel):
    """How many units of which item lie in a parcel."""

    package = to_own("sellerdesk.Package")
    item = to_own("sellerdesk.OrderItem")
    quantity = models.PositiveIntegerField()
    transparency_codes = models.JSONField(default=list)

    class Meta:
        db_table = "package_items"
        constraints = [
            UniqueConstraint(fields=["seller", "package", "item"], name="package_item_once"),
            CheckConstraint(condition=Q(quantity__gt=0), name="package_item_positive"),
            SameSeller(name="package_item_same_seller", column="package_id", references="packages"),
            SameSeller(name="package_item_item_same_seller", column="item_id", references="order_items"),
        ]


class PackageVersion(TenantModel):
    """What a parcel said from one confirmation to the next (S4-15). Append-only."""

    package = to_own("sellerdesk.Package")
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    facts = models.JSONField()  # carrier, service, tracking, ship date, memo, lines

    class Meta:
        db_table = "package_versions"
        constraints = [
            UniqueConstraint(fields=["seller", "package", "version"], name="package_version_once"),
            SameSeller(name="package_version_same_seller", column="package_id", references="packages"),
        ]


class ParcelEvent(TenantModel):
    """One thing that a carrier saw. Append-only; the same event told twice is one row."""

    package = to_own("sellerdesk.Package")
    kind = models.CharField(max_length=30)
    at = models.DateTimeField()
    told_at = models.DateTimeField()
    place = models.CharField(max_length=100, blank=True)
    raw = models.CharField(max_length=100, blank=True)

    class Meta:
        db_table = "parcel_events"
        constraints = [
            UniqueConstraint(fields=["seller", "package", "kind", "at"], name="parcel_event_once"),
            SameSeller(name="parcel_event_same_seller", column="package_id", references="packages"),
        ]
