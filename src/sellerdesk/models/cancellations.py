"""Buyers' wishes to cancel, cancellations that were carried out, and the stock that they gave back."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from sellerdesk.domain import cancel_requests, cancellations
from sellerdesk.models.tenancy import CurrencyField, SameSeller, TenantModel, to_own


class CancellationRequest(TenantModel):
    """A buyer's wish to cancel (rulebook 3.3): filed in the account (formal), or only said in a message (informal)."""

    order = to_own("sellerdesk.Order")
    kind = models.CharField(max_length=8)  # formal | informal
    state = models.CharField(max_length=20)
    reason = models.CharField(max_length=24, blank=True)  # the buyer's, from the portal's list
    words = models.TextField(
        blank=True
    )  # the buyer's own words: personal, erased with the order's other texts
    item_numbers = models.JSONField(default=list)  # what the buyer wants cancelled
    requested_at = models.DateTimeField()  # as it was first said
    filed_at = models.DateTimeField(null=True)  # when it became formal
    guided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "cancellation_requests"
        constraints = [
            CheckConstraint(
                condition=Q(state__in=sorted(cancel_requests.State)), name="cancel_request_state_known"
            ),
            CheckConstraint(
                condition=Q(kind="formal", filed_at__isnull=False) | Q(kind="informal", filed_at=None),
                name="cancel_request_formal_is_filed",
            ),
            CheckConstraint(
                condition=Q(state__in=sorted(cancel_requests.OPEN), closed_at=None)
                | (~Q(state__in=sorted(cancel_requests.OPEN)) & Q(closed_at__gte=F("requested_at"))),
                name="cancel_request_closed_once",
            ),
            # I14: at most one open wish for an order.
            UniqueConstraint(
                fields=["seller", "order"],
                condition=Q(state__in=sorted(cancel_requests.OPEN)),
                name="cancel_request_one_open",
            ),
            SameSeller(name="cancel_request_same_seller", column="order_id", references="orders"),
        ]
        indexes = [Index(fields=["seller", "order", "id"], name="cancel_request_of_order")]


class Cancellation(TenantModel):
    """Units of an order that somebody cancelled: who, why, and whether it counts (C3). Append-only.

    Marketplace and instant of the order are repeated here, so that the cancellation rate of any moment is read from
    one index (T01): a cancellation counts in the windows that its *order's* placement falls into.
    """

    order = to_own("sellerdesk.Order")
    marketplace_id = models.CharField(max_length=20)
    placed_at = models.DateTimeField()
    at = models.DateTimeField()
    by = models.CharField(max_length=8)  # BUYER | MERCHANT | AMAZON
    reason = models.CharField(max_length=40, blank=True)
    counts = models.BooleanField()  # in the numerator of the cancellation rate
    leaves = models.BooleanField()  # the whole order leaves the strict denominator (C22)
    why = models.CharField(max_length=24)
    policy_key = models.CharField(max_length=40, blank=True)
    policy_value = models.JSONField(null=True)
    units = models.PositiveIntegerField()
    lines = models.JSONField(default=dict)  # item number → units
    restocked = models.BooleanField()
    released = models.BigIntegerField(default=0)  # minor units that will not be charged
    currency = CurrencyField()
    # Carried out on the platform that the order came from; its documents say who and why, and stock is its affair.
    elsewhere = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "cancellations"
        constraints = [
            UniqueConstraint(fields=["seller", "id"], name="cancellation_of_seller"),
            CheckConstraint(
                condition=Q(by__in=sorted(cancellations.Canceller)) | Q(by=""), name="cancellation_by_known"
            ),
            CheckConstraint(condition=Q(why__in=sorted(cancellations.Why)), name="cancellation_why_known"),
            CheckConstraint(condition=~Q(counts=True, leaves=True), name="cancellation_counts_or_leaves"),
            # Platforms publish the lines of cancelled orders with nought ordered.
            CheckConstraint(condition=Q(units__gt=0) | Q(elsewhere=True), name="cancellation_of_something"),
            CheckConstraint(
                condition=Q(elsewhere=False) | Q(restocked=False, released=0), name="cancellation_elsewhere"
            ),
            SameSeller(name="cancellation_same_seller", column="order_id", references="orders"),
        ]
        indexes = [
            Index(
                fields=["seller", "marketplace_id", "placed_at", "order"],
                name="cancellation_rate",
                include=["at", "counts", "leaves"],
            ),
            Index(fields=["seller", "order", "id"], name="cancellation_of_order"),
        ]


class StockMovement(TenantModel):
    """Units of a SKU that came back to stock. Append-only; `cause` makes each happen once."""

    order = to_own("sellerdesk.Order")
    item = to_own("sellerdesk.OrderItem")
    sku = models.CharField(max_length=100)
    units = models.IntegerField()
    kind = models.CharField(max_length=12)  # cancelled | …
    at = models.DateTimeField()
    cause = models.CharField(max_length=80)

    class Meta:
        db_table = "stock_movements"
        constraints = [
            UniqueConstraint(fields=["seller", "cause", "item"], name="stock_cause_once"),
            CheckConstraint(condition=~Q(units=0), name="stock_moves_something"),
            SameSeller(name="stock_order_same_seller", column="order_id", references="orders"),
            SameSeller(name="stock_item_same_seller", column="item_id", references="order_items"),
        ]
        indexes = [Index(fields=["seller", "order", "id"], name="stock_of_order")]
