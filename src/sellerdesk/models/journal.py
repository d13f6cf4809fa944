"""The journal and its readers: the only messenger (design 2.5), and the keys that make commands idempotent."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from sellerdesk.models.tenancy import CurrencyField, OwnedModel, SameSeller, TenantModel, to_own


class JournalEntry(TenantModel):
    """What happened. Append-only, enforced by the database; holds nothing personal.

    The table has one more column, `txid` (xid8, the writing transaction), which readers use to never pass a gap: they
    read in the order `(txid, id)` and only below the oldest running transaction.
    """

    order = to_own("sellerdesk.Order", null=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    party = models.CharField(max_length=8)
    actor = models.CharField(max_length=100)
    door = models.CharField(max_length=8)
    key = models.CharField(max_length=255, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        db_table = "journal"
        constraints = [SameSeller(name="journal_same_seller", column="order_id", references="orders")]
        indexes = [Index(fields=["seller", "order", "id"], name="journal_by_order")]


class JournalReader(models.Model):
    """How far a reader of the journal has come."""

    name = models.CharField(max_length=40, primary_key=True)
    txid = models.PositiveBigIntegerField(default=0)
    entry_id = models.BigIntegerField(default=0)

    class Meta:
        db_table = "journal_readers"


class Mail(TenantModel):
    """A mail that is owed to somebody because of a journal entry. The address is looked up when it is sent."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    order = to_own("sellerdesk.Order", null=True)
    kind = models.CharField(max_length=40)
    reader = models.CharField(max_length=24)  # seller | buyer | "u" and the id of one of the seller's people
    message_id = models.CharField(
        max_length=200
    )  # fixed when the row is made, so that a repeat is recognised
    state = models.CharField(max_length=8, default="queued")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "mails"
        constraints = [
            UniqueConstraint(fields=["seller", "entry", "reader"], name="mail_once"),
            CheckConstraint(
                condition=Q(state__in=["queued", "sent", "dead", "void"]), name="mail_state_known"
            ),
            SameSeller(name="mail_same_seller", column="order_id", references="orders"),
        ]
        indexes = [Index(fields=["next_at", "id"], name="mail_due", condition=Q(state="queued"))]


class IdempotencyKey(OwnedModel):
    """The answer that a key once got (trust P1). Committed outcomes only: a refused or failed call frees its key."""

    principal = models.CharField(max_length=100)
    operation = models.CharField(max_length=60)
    key = models.CharField(max_length=255)
    body_hash = models.CharField(max_length=64)
    response = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "idempotency_keys"
        constraints = [
            UniqueConstraint(fields=["seller", "principal", "operation", "key"], name="idempotency_key_once")
        ]


class LedgerTransaction(TenantModel):
    """A movement of money; its entries sum to zero per currency (I07). Append-only."""

    order = to_own("sellerdesk.Order", null=True)
    kind = models.CharField(max_length=20)  # charge | refund | refund_reversal | …
    at = models.DateTimeField()
    cause = models.CharField(max_length=80)  # what made it, once: "package:<id>:1"

    class Meta:
        db_table = "ledger_transactions"
        constraints = [
            UniqueConstraint(fields=["seller", "id"], name="ledger_transaction_of_seller"),
            UniqueConstraint(fields=["seller", "cause"], name="ledger_cause_once"),
            SameSeller(name="ledger_transaction_same_seller", column="order_id", references="orders"),
        ]
        indexes = [
            Index(fields=["seller", "order", "id"], name="ledger_by_order"),
            Index(fields=["seller", "at", "id"], name="ledger_by_time"),
        ]


class LedgerEntry(TenantModel):
    """One side of a movement: an account, an amount in minor units (debit positive, credit negative). Append-only."""

    transaction = to_own("sellerdesk.LedgerTransaction")
    account = models.CharField(max_length=20)  # buyer | seller | concession
    item = to_own("sellerdesk.OrderItem", null=True)
    component = models.CharField(max_length=24, blank=True)
    currency = CurrencyField()
    amount = models.BigIntegerField()

    class Meta:
        db_table = "ledger_entries"
        constraints = [
            CheckConstraint(condition=~Q(amount=0), name="ledger_entry_moves_something"),
            SameSeller(
                name="ledger_entry_same_seller", column="transaction_id", references="ledger_transactions"
            ),
        ]
        indexes = [Index(fields=["seller", "transaction"], name="ledger_entry_by_transaction")]


class Deadline(TenantModel):
    """A promise in time: what, for which order, due when, under which policy (design 2.6)."""

    order = to_own("sellerdesk.Order")
    kind = models.CharField(max_length=30)
    subject = models.BigIntegerField(
        default=0, db_default=0
    )  # the refund, return … it is about; 0: the order
    due_at = models.DateTimeField()
    policy_key = models.CharField(max_length=40, blank=True)
    policy_value = models.JSONField(null=True)
    state = models.CharField(max_length=6, default="open")  # open | fired | void
    closed_at = models.DateTimeField(null=True)
    was_late = models.BooleanField(default=False)  # fired noticeably after its instant: workers were away

    class Meta:
        db_table = "deadlines"
        constraints = [
            UniqueConstraint(fields=["seller", "order", "kind", "subject"], name="deadline_once"),
            CheckConstraint(condition=Q(state__in=["open", "fired", "void"]), name="deadline_state_known"),
            CheckConstraint(
                condition=Q(state="fired", closed_at__gte=F("due_at")) | ~Q(state="fired"),
                name="deadline_never_early",
            ),
            SameSeller(name="deadline_same_seller", column="order_id", references="orders"),
        ]
        indexes = [
            Index(fields=["due_at", "id"], name="deadline_due", condition=Q(state="open")),
            Index(
                fields=["seller", "due_at", "id"], name="deadline_due_of_seller", condition=Q(state="open")
            ),
        ]


class Policy(models.Model):
    """A number of a rule: per marketplace, dated, with its source (design 2.7)."""

    marketplace_id = models.CharField(max_length=20)  # "*": every marketplace without a row of its own
    key = models.CharField(max_length=40)
    value = models.JSONField()
    valid_from = models.DateField()
    source = models.CharField(max_length=300)
    edited_by = models.CharField(max_length=100, blank=True)

    class Meta:
        db_table = "policies"
        constraints = [UniqueConstraint(fields=["marketplace_id", "key", "valid_from"], name="policy_once")]


class Holiday(models.Model):
    """A day on which a marketplace's carriers rest."""

    marketplace_id = models.CharField(max_length=20)
    day = models.DateField()
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=60)

    class Meta:
        db_table = "holidays"
        constraints = [UniqueConstraint(fields=["marketplace_id", "day"], name="holiday_once")]
