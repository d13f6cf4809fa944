"""Refunds with their parts, the concession account of an order, and what the payment side was asked (rulebook 3.5)."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from sellerdesk.domain import refund_reasons, refunds
from sellerdesk.domain.transfers import BreakKind, TransferState
from sellerdesk.models.tenancy import CurrencyField, SameSeller, TenantModel, to_own


class Refund(TenantModel):
    """Money on its way back. `total` is what the buyer gets: the parts' amounts and both concessions."""

    order = to_own("sellerdesk.Order")
    return_request = to_own("sellerdesk.ReturnRequest", null=True)
    reference = models.CharField(max_length=30)  # order number and how many there were
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=24)
    raw_reason = models.CharField(max_length=60, blank=True)  # a feed's own code
    mode = models.CharField(max_length=20)
    party = models.CharField(max_length=8)
    author = models.CharField(max_length=100)
    author_id = models.CharField(
        max_length=120, default="", db_default=""
    )  # the same, whatever the name becomes
    approved_by = models.CharField(max_length=100, blank=True)
    currency = CurrencyField()
    total = models.BigIntegerField()
    return_shipping = models.BigIntegerField(default=0)
    goodwill = models.BigIntegerField(default=0)
    units = models.JSONField(default=dict)  # item id → units that count as refunded by it
    override = models.TextField(blank=True)  # why before the goods were back
    note = models.CharField(max_length=255, blank=True)  # private to the seller
    words = models.TextField(blank=True)  # to the buyer: personal, erased with the order's other texts
    requested_at = models.DateTimeField()
    hold_minutes = models.PositiveIntegerField()
    release_at = models.DateTimeField(null=True)  # null: waits for a second person
    released_at = models.DateTimeField(null=True)
    settles_from = models.DateTimeField()
    settles_until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)  # settled, rejected or cancelled

    class Meta:
        db_table = "refunds"
        constraints = [
            UniqueConstraint(fields=["seller", "id"], name="refund_of_seller"),
            UniqueConstraint(fields=["seller", "reference"], name="refund_reference_once"),
            CheckConstraint(condition=Q(state__in=sorted(refunds.RefundState)), name="refund_state_known"),
            CheckConstraint(condition=Q(mode__in=sorted(refund_reasons.Mode)), name="refund_mode_known"),
            CheckConstraint(
                condition=Q(reason__in=sorted(refund_reasons.RefundReason)), name="refund_reason_known"
            ),
            CheckConstraint(
                condition=Q(total__gt=0, return_shipping__gte=0, goodwill__gte=0), name="refund_positive"
            ),
            CheckConstraint(
                condition=Q(state__in=["RELEASED", "SETTLED", "REJECTED"], released_at__isnull=False)
                | Q(state__in=["DRAFT", "PENDING", "CANCELLED"], released_at=None),
                name="refund_released_with_moment",
            ),
            # T16: what is released was held to its end.
            CheckConstraint(
                condition=Q(released_at=None) | Q(released_at__gte=F("release_at")), name="refund_never_early"
            ),
            SameSeller(name="refund_order_same_seller", column="order_id", references="orders"),
            SameSeller(
                name="refund_return_same_seller", column="return_request_id", references="return_requests"
            ),
        ]
        indexes = [
            Index(fields=["seller", "order", "id"], name="refund_of_order"),
            Index(
                fields=["seller", "requested_at", "id"],
                name="refund_open",
                condition=Q(state__in=["DRAFT", "PENDING"]),
            ),
            Index(fields=["seller", "id"], name="refund_on_the_way", condition=Q(state="RELEASED")),
        ]


class RefundLine(TenantModel):
    """A part of a refund: one component of one line, net, and what was kept back of it. Append-only."""

    refund = to_own("sellerdesk.Refund")
    item = to_own("sellerdesk.OrderItem")
    component = models.CharField(max_length=24)
    amount = models.BigIntegerField()  # a discount taken back is negative
    deduction = models.BigIntegerField(default=0)

    class Meta:
        db_table = "refund_lines"
        constraints = [
            UniqueConstraint(fields=["seller", "refund", "item", "component"], name="refund_line_once"),
            CheckConstraint(
                condition=Q(deduction__gte=0) & (~Q(amount=0) | Q(deduction__gt=0)),
                name="refund_line_says_something",
            ),
            SameSeller(name="refund_line_same_seller", column="refund_id", references="refunds"),
            SameSeller(name="refund_line_item_same_seller", column="item_id", references="order_items"),
        ]


class Concession(TenantModel):
    """What an order's buyer was given beyond the charges: the balance row that keeps it under its cap."""

    order = to_own("sellerdesk.Order")
    currency = CurrencyField()
    cap = models.BigIntegerField()
    given = models.BigIntegerField(default=0)
    pending = models.BigIntegerField(default=0)

    class Meta:
        db_table = "concessions"
        constraints = [
            UniqueConstraint(fields=["seller", "order"], name="concession_account_once"),
            CheckConstraint(
                condition=Q(given__gte=0, pending__gte=0, cap__gte=F("given") + F("pending")),
                name="concession_within_cap",
            ),
            SameSeller(name="concession_same_seller", column="order_id", references="orders"),
        ]


class PaymentTransfer(TenantModel):
    """What the payment side is asked to do, once: reserved with the release, called outside, then recorded (P4)."""

    # What it pays: a refund, or a granted claim.
    refund = to_own("sellerdesk.Refund", null=True)
    claim = to_own("sellerdesk.Claim", null=True)
    key = models.CharField(max_length=80)  # the provider's idempotency key: never another for the same refund
    amount = models.BigIntegerField()
    currency = CurrencyField()
    state = models.CharField(max_length=8, default="queued")
    provider_reference = models.CharField(max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    check_at = models.DateTimeField(null=True)  # when both books are compared next; null: never again

    class Meta:
        db_table = "payment_transfers"
        constraints = [
            UniqueConstraint(fields=["seller", "id"], name="transfer_of_seller"),
            UniqueConstraint(fields=["seller", "key"], name="transfer_key_once"),
            UniqueConstraint(fields=["seller", "refund"], name="transfer_once"),
            UniqueConstraint(fields=["seller", "claim"], name="transfer_of_claim_once"),
            CheckConstraint(
                condition=Q(refund__isnull=False, claim=None) | Q(refund=None, claim__isnull=False),
                name="transfer_pays_one_thing",
            ),
            CheckConstraint(condition=Q(state__in=sorted(TransferState)), name="transfer_state_known"),
            CheckConstraint(condition=Q(amount__gt=0), name="transfer_positive"),
            SameSeller(name="transfer_same_seller", column="refund_id", references="refunds"),
            SameSeller(name="transfer_claim_same_seller", column="claim_id", references="claims"),
        ]
        indexes = [
            Index(
                fields=["next_at", "id"],
                name="transfer_due",
                condition=Q(state__in=["queued", "calling", "unknown"]),
            ),
            Index(
                fields=["check_at", "id"],
                name="transfer_to_check",
                condition=Q(state="done", check_at__isnull=False),
            ),
            Index(
                fields=["id"],
                name="transfer_of_claim_failed",
                condition=Q(state="failed", claim__isnull=False),
            ),
        ]


class PaymentBreak(TenantModel):
    """Where the payment side's books say something else than ours: for a person to see and to settle."""

    transfer = to_own("sellerdesk.PaymentTransfer")
    kind = models.CharField(max_length=20)
    ours = models.JSONField(default=dict)
    theirs = models.JSONField(default=dict)
    found_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=100, blank=True)
    reason = models.CharField(
        max_length=500, blank=True, db_default=""
    )  # what was found out, by whoever settled it

    class Meta:
        db_table = "payment_breaks"
        constraints = [
            UniqueConstraint(fields=["seller", "transfer", "kind"], name="payment_break_once"),
            CheckConstraint(condition=Q(kind__in=sorted(BreakKind)), name="payment_break_known"),
            SameSeller(
                name="payment_break_same_seller", column="transfer_id", references="payment_transfers"
            ),
        ]
        indexes = [
            Index(
                fields=["seller", "found_at", "id"], name="payment_break_open", condition=Q(resolved_at=None)
            )
        ]
