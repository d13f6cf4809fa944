"""What sellers were paid: one row a transfer to their bank, beside the ledger movement that it made."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from sellerdesk.models.tenancy import CurrencyField, SameSeller, TenantModel, to_own


class SellerPayout(TenantModel):
    """The balance of a period, paid to the seller. Append-only."""

    transaction = to_own("sellerdesk.LedgerTransaction")
    reference = models.CharField(max_length=60)
    currency = CurrencyField()
    amount = models.BigIntegerField()
    period_from = models.DateTimeField(null=True)  # null: from the beginning
    period_until = models.DateTimeField()  # not included
    at = models.DateTimeField()

    class Meta:
        db_table = "seller_payouts"
        constraints = [
            UniqueConstraint(fields=["seller", "reference"], name="payout_reference_once"),
            CheckConstraint(condition=Q(amount__gt=0), name="payout_positive"),
            CheckConstraint(
                condition=Q(period_from=None) | Q(period_from__lt=F("period_until")), name="payout_period"
            ),
            SameSeller(name="payout_same_seller", column="transaction_id", references="ledger_transactions"),
        ]
        indexes = [Index(fields=["seller", "currency", "period_until"], name="payout_by_period")]
