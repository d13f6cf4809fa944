"""A-to-z claims with what they gave the buyer and what people wrote; feedback and chargebacks (rulebook 2.9, 3.6)."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from sellerdesk.domain import claim_facts as domain
from sellerdesk.domain import feedback
from sellerdesk.models.tenancy import CurrencyField, SameSeller, TenantModel, to_own

_OPEN = Q(state__in=sorted(domain.OPEN))
_WAITS = Q(state__in=sorted(domain.WAITS_FOR_SELLER))
_UNDECIDED = Q(state__in=sorted(domain.OPEN))
_GIVEN = Q(state__in=["GRANTED", "APPEALED", "APPEAL_INFO_REQUIRED", "REVERSED", "APPEAL_DENIED"])


class Claim(TenantModel):
    """A buyer's claim. Amounts in minor units of the order's currency; words stand apart, in ClaimText."""

    order = to_own("sellerdesk.Order")
    marketplace_id = models.CharField(max_length=20)
    reference = models.CharField(max_length=12)  # random, C-XXXX-XXXX
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=22)
    amount = models.BigIntegerField()  # what was outstanding when it was filed
    currency = CurrencyField()
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # of the seller's answer, while it is asked for
    decided_at = models.DateTimeField(null=True)  # granted, denied, withdrawn, refunded
    decided_by = models.CharField(max_length=100, blank=True)  # I13: never a buyer's name
    cause = models.CharField(max_length=20, blank=True)
    fault = models.CharField(max_length=8, blank=True)
    funding = models.CharField(max_length=12, blank=True)
    paid = models.BigIntegerField(default=0)  # to the buyer, whoever bears it
    debited = models.BigIntegerField(default=0)  # from the seller, by the decision
    defect = models.BooleanField(default=False)  # counts in the order defect rate now
    appeal_until = models.DateTimeField(null=True)
    appealed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # of the appeal
    money_reversed = models.BooleanField(default=False)
    defect_reversed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "claims"
        constraints = [
            UniqueConstraint(fields=["seller", "id"], name="claim_of_seller"),
            UniqueConstraint(fields=["seller", "reference"], name="claim_reference_once"),
            # I14
            UniqueConstraint(fields=["seller", "order"], name="claim_open_once", condition=_OPEN),
            CheckConstraint(condition=Q(state__in=sorted(domain.ClaimState)), name="claim_state_known"),
            CheckConstraint(condition=Q(kind__in=sorted(domain.ClaimKind)), name="claim_kind_known"),
            CheckConstraint(
                condition=(_WAITS & Q(due_at__isnull=False)) | (~_WAITS & Q(due_at=None)),
                name="claim_due_while_asked",
            ),
            CheckConstraint(
                condition=(_UNDECIDED & Q(decided_at=None))
                | (~_UNDECIDED & Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="claim_decided_by_somebody",
            ),
            # I13: nothing is granted without its cause, a fault, and somebody who pays.
            CheckConstraint(
                condition=~_GIVEN
                | Q(
                    cause__in=sorted(domain.ClaimCause),
                    fault__in=sorted(domain.Fault),
                    funding__in=sorted(domain.Funding),
                ),
                name="claim_granted_with_cause",
            ),
            CheckConstraint(
                condition=Q(amount__gte=0, paid__gte=0, debited__gte=0, debited__lte=F("paid"))
                & (_GIVEN | Q(paid=0)),
                name="claim_amounts",
            ),
            CheckConstraint(
                condition=Q(debited=0) | Q(funding="seller", debited=F("paid")), name="claim_debits_the_payer"
            ),
            CheckConstraint(
                condition=Q(money_reversed=False) | Q(state="REVERSED", debited__gt=0),
                name="claim_money_reversed_once",
            ),
            CheckConstraint(
                condition=Q(defect_reversed=False) | Q(state="REVERSED", defect=False),
                name="claim_defect_reversed_once",
            ),
            CheckConstraint(
                condition=~Q(state="REVERSED") | Q(money_reversed=True) | Q(defect_reversed=True),
                name="claim_reversed_what",
            ),
            SameSeller(name="claim_order_same_seller", column="order_id", references="orders"),
        ]
        indexes = [
            Index(fields=["seller", "order", "id"], name="claim_of_order"),
            Index(
                fields=["seller", "state", "-filed_at", "-id"],
                name="claim_by_state",
                include=["marketplace_id", "appeal_until"],
            ),
            Index(fields=["seller", "-filed_at", "-id"], name="claim_by_filed", include=["marketplace_id"]),
            Index(fields=["seller", "due_at", "id"], name="claim_by_due", condition=_WAITS),
        ]


class ClaimPart(TenantModel):
    """What a granted claim gave back of one component of one line. Append-only; a discount is negative."""

    claim = to_own("sellerdesk.Claim")
    item = to_own("sellerdesk.OrderItem")
    component = models.CharField(max_length=24)
    amount = models.BigIntegerField()

    class Meta:
        db_table = "claim_parts"
        constraints = [
            UniqueConstraint(fields=["seller", "claim", "item", "component"], name="claim_part_once"),
            CheckConstraint(condition=~Q(amount=0), name="claim_part_says_something"),
            SameSeller(name="claim_part_same_seller", column="claim_id", references="claims"),
            SameSeller(name="claim_part_item_same_seller", column="item_id", references="order_items"),
        ]


class ClaimText(TenantModel):
    """What somebody wrote in a step of a claim: personal, erasable."""

    claim = to_own("sellerdesk.Claim")
    kind = models.CharField(max_length=16)
    party = models.CharField(max_length=8)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "claim_texts"
        constraints = [
            CheckConstraint(condition=Q(kind__in=sorted(domain.TextKind)), name="claim_text_kind_known"),
            SameSeller(name="claim_text_same_seller", column="claim_id", references="claims"),
        ]
        indexes = [Index(fields=["seller", "claim", "id"], name="claim_text_of_claim")]


class Feedback(TenantModel):
    """A buyer's rating of an order; removed ones stay, and count no more."""

    order = to_own("sellerdesk.Order")
    rating = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removal_reason = models.CharField(max_length=20, blank=True)

    class Meta:
        db_table = "feedback"
        constraints = [
            UniqueConstraint(fields=["seller", "order"], name="feedback_once"),
            CheckConstraint(
                condition=Q(rating__gte=feedback.RATING_LEAST, rating__lte=feedback.RATING_MOST),
                name="feedback_rating_known",
            ),
            # I13
            CheckConstraint(
                condition=Q(removed_at=None, removal_reason="")
                | Q(removed_at__isnull=False, removal_reason__in=sorted(feedback.RemovalReason)),
                name="feedback_removed_with_reason",
            ),
            SameSeller(name="feedback_same_seller", column="order_id", references="orders"),
        ]


class Chargeback(TenantModel):
    """A buyer's bank takes money back; what becomes of it is the bank's affair, and told."""

    order = to_own("sellerdesk.Order")
    reference = models.CharField(max_length=feedback.REFERENCE_LENGTH_MOST)
    kind = models.CharField(max_length=8)
    amount = models.BigIntegerField()
    currency = CurrencyField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, blank=True)  # "": open
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "chargebacks"
        constraints = [
            UniqueConstraint(fields=["seller", "reference"], name="chargeback_once"),
            CheckConstraint(
                condition=Q(kind__in=sorted(feedback.ChargebackKind)), name="chargeback_kind_known"
            ),
            CheckConstraint(condition=Q(amount__gt=0), name="chargeback_positive"),
            CheckConstraint(
                condition=Q(outcome="", closed_at=None)
                | Q(outcome__in=sorted(feedback.ChargebackOutcome), closed_at__isnull=False),
                name="chargeback_closed_with_outcome",
            ),
            SameSeller(name="chargeback_same_seller", column="order_id", references="orders"),
        ]
        indexes = [Index(fields=["seller", "order"], name="chargeback_of_order")]
