"""Return requests with their lines, and what a seller has set about returns (rulebook 2.7, 3.4)."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.db.models.functions import Greatest

from sellerdesk.domain import return_facts, return_settings
from sellerdesk.domain.attachments import NAME_MAX
from sellerdesk.models.tenancy import OwnedModel, SameSeller, TenantModel, to_own

# The last step that was taken. GREATEST passes over steps that have not happened.
_UPDATED = Greatest(
    "requested_at", "authorized_at", "in_transit_at", "received_at", "inspected_at", "partial_at", "ended_at"
)
_OPEN = Q(state__in=sorted(return_facts.OPEN))


class ReturnRequest(TenantModel):
    """A buyer's wish to send units back, or units that come back by themselves."""

    order = to_own("sellerdesk.Order")
    marketplace_id = models.CharField(max_length=20)
    rma = models.CharField(max_length=40)  # the marketplace's own, random, or one that the seller gave
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=22)
    reason = models.CharField(max_length=24)
    raw_reason = models.CharField(max_length=60, blank=True)
    comment = models.TextField(blank=True)  # the buyer's own words: personal
    wish = models.CharField(max_length=12, blank=True)  # refund | replacement | …
    in_policy = models.BooleanField()
    verdict = models.CharField(max_length=24)  # why it is, or is not
    window_ends_at = models.DateTimeField(null=True)
    payer = models.CharField(max_length=6)  # of the way back
    returnless = models.BooleanField(default=False)
    with_claim = models.BooleanField(default=False)
    requested_at = models.DateTimeField()
    authorized_at = models.DateTimeField(null=True)
    in_transit_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    inspected_at = models.DateTimeField(null=True)
    partial_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    address = models.JSONField(default=dict)  # where it goes: the seller's own address
    label = models.CharField(max_length=10, blank=True)  # none | uploaded | prepaid
    carrier = models.CharField(max_length=60, blank=True)
    tracking = models.CharField(max_length=100, blank=True)
    tracking_key = models.CharField(max_length=100, blank=True)
    label_cost = models.BigIntegerField(null=True)  # minor units of the order's currency
    label_payer = models.CharField(max_length=6, blank=True, db_default="")
    instructions = models.TextField(blank=True)
    international = models.BooleanField(default=False, db_default=False)  # the way back crosses a border
    package = to_own("sellerdesk.Package", null=True)  # the parcel that turned round, of kind REFUSED
    delivered_back_at = models.DateTimeField(null=True)  # the carrier says so; receiving is the seller's word
    close_reason = models.CharField(max_length=24, blank=True)
    close_comment = models.TextField(blank=True)  # to the buyer
    wrongly_rejected = models.BooleanField(default=False)  # in policy, and closed by the seller (RDR)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "return_requests"
        constraints = [
            UniqueConstraint(fields=["seller", "id"], name="return_of_seller"),
            UniqueConstraint(fields=["seller", "rma"], name="return_rma_once"),
            CheckConstraint(
                condition=Q(label_cost=None) | Q(label_cost__gte=0), name="return_label_cost_positive"
            ),
            CheckConstraint(
                condition=Q(state__in=sorted(return_facts.ReturnState)), name="return_state_known"
            ),
            CheckConstraint(
                condition=Q(reason__in=sorted(return_facts.ReturnReason)), name="return_reason_known"
            ),
            CheckConstraint(
                condition=(_OPEN & Q(ended_at=None)) | (~_OPEN & Q(ended_at__isnull=False)),
                name="return_ends_once",
            ),
            # I13: nobody closes a request without saying why.
            CheckConstraint(
                condition=~Q(state="CLOSED_BY_SELLER") | (~Q(close_reason="") & ~Q(close_comment="")),
                name="return_closed_with_reason",
            ),
            SameSeller(name="return_same_seller", column="order_id", references="orders"),
            SameSeller(name="return_package_same_seller", column="package_id", references="packages"),
        ]
        indexes = [
            Index(fields=["seller", "order", "id"], name="return_of_order"),
            Index(
                fields=["seller", "state", "requested_at", "id"],
                name="return_by_state",
                include=["marketplace_id", "with_claim"],
            ),
            Index(fields=["seller", "marketplace_id", "state", "requested_at", "id"], name="return_by_place"),
            Index(fields=["seller", "requested_at", "id"], name="return_by_requested"),
            Index(F("seller"), _UPDATED, F("id"), name="return_by_updated"),
            Index(
                fields=["seller", "requested_at", "id"],
                name="return_with_claim",
                condition=Q(with_claim=True),
            ),
            Index(
                fields=["seller", "tracking_key"], name="return_by_tracking", condition=~Q(tracking_key="")
            ),
        ]


class ReturnLine(TenantModel):
    """How many units of which line come back, came back, and in which condition."""

    return_request = to_own("sellerdesk.ReturnRequest")
    item = to_own("sellerdesk.OrderItem")
    sku = models.CharField(max_length=100, blank=True, db_default="")  # the item's own, to be searched by
    quantity = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    grade = models.CharField(max_length=12, blank=True)
    sellable = models.PositiveIntegerField(default=0, db_default=0)  # units that went back to stock
    unsellable = models.PositiveIntegerField(default=0, db_default=0)  # graded, and did not
    note = models.CharField(max_length=255, blank=True)  # of the warehouse

    class Meta:
        db_table = "return_lines"
        constraints = [
            UniqueConstraint(fields=["seller", "return_request", "item"], name="return_line_once"),
            CheckConstraint(
                condition=Q(quantity__gt=0, received__lte=F("quantity")), name="return_line_quantities"
            ),
            CheckConstraint(
                condition=Q(received__gte=F("sellable") + F("unsellable")), name="return_line_graded_once"
            ),
            CheckConstraint(
                condition=Q(grade__in=["", *sorted(return_facts.Grade)]), name="return_grade_known"
            ),
            SameSeller(
                name="return_line_same_seller", column="return_request_id", references="return_requests"
            ),
            SameSeller(name="return_line_item_same_seller", column="item_id", references="order_items"),
        ]
        indexes = [
            Index(
                fields=["seller", "sku", "return_request"], name="return_line_by_sku", condition=~Q(sku="")
            ),
        ]


class ReturnPhoto(TenantModel):
    """A photo of goods that come back: personal, erasable with its bytes in `stored_files`."""

    return_request = to_own("sellerdesk.ReturnRequest")
    file = to_own("sellerdesk.StoredFile")
    by = models.CharField(max_length=10)  # buyer | warehouse
    name = models.CharField(max_length=NAME_MAX)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "return_photos"
        constraints = [
            CheckConstraint(condition=Q(by__in=["buyer", "warehouse"]), name="return_photo_by_known"),
            SameSeller(
                name="return_photo_same_seller", column="return_request_id", references="return_requests"
            ),
            SameSeller(name="return_photo_file_same_seller", column="file_id", references="stored_files"),
        ]
        indexes = [Index(fields=["seller", "return_request", "id"], name="return_photo_of_return")]


class ReturnLabel(TenantModel):
    """The label that a seller hands to the buyer: it shows an address, so it is personal, and erasable."""

    return_request = to_own("sellerdesk.ReturnRequest")
    file = to_own("sellerdesk.StoredFile")
    name = models.CharField(max_length=NAME_MAX)
    at = models.DateTimeField()

    class Meta:
        db_table = "return_labels"
        constraints = [
            UniqueConstraint(fields=["seller", "return_request"], name="return_label_once"),
            SameSeller(
                name="return_label_same_seller", column="return_request_id", references="return_requests"
            ),
            SameSeller(name="return_label_file_same_seller", column="file_id", references="stored_files"),
        ]


class ReturnSetting(OwnedModel):
    """What a seller has set for one marketplace: automatic authorisation, and where returns go."""

    marketplace_id = models.CharField(max_length=20)
    automatic = models.CharField(max_length=10, default="in_policy")
    address = models.JSONField(default=dict)
    instructions = models.TextField(blank=True)

    class Meta:
        db_table = "return_settings"
        constraints = [
            UniqueConstraint(fields=["seller", "marketplace_id"], name="return_setting_once"),
            CheckConstraint(
                condition=Q(automatic__in=sorted(return_settings.Automatic)), name="return_automatic_known"
            ),
        ]


class ReturnRule(OwnedModel):
    """A seller's rule for some returns, as it stood when an order was placed. Empty conditions hold for all."""

    effect = models.CharField(max_length=10)
    marketplace_id = models.CharField(max_length=20, blank=True)
    sku = models.CharField(max_length=100, blank=True)
    category = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=24, blank=True)
    price_from = models.BigIntegerField(null=True)  # minor units for one piece
    price_to = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    active_from = models.DateTimeField()
    active_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "return_rules"
        constraints = [
            CheckConstraint(
                condition=Q(effect__in=sorted(return_settings.Effect)), name="return_effect_known"
            ),
            CheckConstraint(
                condition=Q(price_from=None, price_to=None) | ~Q(currency=""), name="return_rule_in_currency"
            ),
        ]
        indexes = [Index(fields=["seller", "active_from"], name="return_rule_by_day")]
