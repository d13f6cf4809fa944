"""Messages between buyer and seller: threads, messages, their texts and files, templates, buyers' wishes.

Texts and files are personal and stand in tables of their own, so that they can be erased while threads, times and
counts stay (design 2.13).
"""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from sellerdesk.domain import message_threads as domain
from sellerdesk.domain.attachments import NAME_MAX, STORED_MAX
from sellerdesk.domain.message_hints import Hint
from sellerdesk.domain.message_reasons import ContactReason
from sellerdesk.models.tenancy import OwnedModel, SameSeller, TenantModel, to_own

_WAITING = Q(state=domain.ThreadState.OPEN_NEEDS_RESPONSE)
# A buyer's message and a note are simply there; only a seller's can be blocked, bounce or arrive.
_ROW_STATES = sorted(set(domain.MessageState) - {domain.MessageState.DRAFT, domain.MessageState.LINT_FAILED})


class MessageThread(TenantModel):
    """The one thread of an order (rulebook 3.7)."""

    order = to_own("sellerdesk.Order")
    state = models.CharField(max_length=20)
    due_at = models.DateTimeField(null=True)  # the answer; null: nobody waits for one
    last_at = models.DateTimeField()  # of the last message or note
    last_buyer_at = models.DateTimeField(null=True)
    last_seller_at = models.DateTimeField(null=True)
    hint = models.CharField(max_length=8, blank=True)  # of the buyer's last message
    count = models.PositiveIntegerField(default=0)  # messages, without notes
    version = models.PositiveIntegerField(default=1)

    class Meta:
        db_table = "message_threads"
        constraints = [
            UniqueConstraint(fields=["seller", "id"], name="message_thread_of_seller"),
            UniqueConstraint(fields=["seller", "order"], name="message_thread_once"),
            CheckConstraint(
                condition=Q(state__in=sorted(domain.ThreadState)), name="message_thread_state_known"
            ),
            CheckConstraint(
                condition=(_WAITING & Q(due_at__isnull=False)) | (~_WAITING & Q(due_at=None)),
                name="message_thread_due_while_waiting",
            ),
            CheckConstraint(condition=Q(hint__in=["", *sorted(Hint)]), name="message_thread_hint_known"),
            SameSeller(name="message_thread_same_seller", column="order_id", references="orders"),
        ]
        indexes = [
            Index(fields=["seller", "due_at", "id"], name="message_thread_by_due", condition=_WAITING),
            Index(fields=["seller", "state", "-last_at", "-id"], name="message_thread_by_state"),
            Index(fields=["seller", "-last_at", "-id"], name="message_thread_by_last"),
        ]


class Message(TenantModel):
    """One message, or an internal note, without its text."""

    thread = to_own("sellerdesk.MessageThread")
    order = to_own("sellerdesk.Order")
    kind = models.CharField(max_length=6)  # buyer | seller | note
    state = models.CharField(max_length=16)
    reason = models.CharField(max_length=32, blank=True)  # the seller's, "" otherwise
    critical = models.BooleanField(default=False)
    automatic = models.BooleanField(default=False)
    topic = models.CharField(max_length=40, blank=True)  # the buyer's
    via = models.CharField(max_length=10)
    author = models.CharField(max_length=100, blank=True)  # staff or program; never a buyer's name
    language = models.CharField(max_length=20, blank=True)
    hint = models.CharField(max_length=8, blank=True)
    files = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    external_id = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "messages"
        constraints = [
            UniqueConstraint(fields=["seller", "id"], name="message_of_seller"),
            UniqueConstraint(
                fields=["seller", "external_id"], name="message_external_once", condition=~Q(external_id="")
            ),
            CheckConstraint(condition=Q(kind__in=sorted(domain.Kind)), name="message_kind_known"),
            CheckConstraint(condition=Q(state__in=_ROW_STATES), name="message_state_known"),
            CheckConstraint(
                condition=(Q(kind="seller") & Q(reason__in=sorted(ContactReason)))
                | (~Q(kind="seller") & Q(reason="", critical=False, automatic=False)),
                name="message_reason_of_seller",
            ),
            # I17: what was blocked was neither critical nor written by anybody but the seller.
            CheckConstraint(
                condition=~Q(state="blocked_opt_out") | Q(kind="seller", critical=False),
                name="message_blocked_not_critical",
            ),
            CheckConstraint(condition=Q(hint__in=["", *sorted(Hint)]), name="message_hint_known"),
            SameSeller(
                name="message_thread_of_same_seller", column="thread_id", references="message_threads"
            ),
            SameSeller(name="message_order_same_seller", column="order_id", references="orders"),
        ]
        indexes = [
            Index(fields=["seller", "thread", "id"], name="message_of_thread"),
            Index(fields=["seller", "at"], name="message_sent_by_day", condition=Q(kind="seller")),
        ]


class MessageText(TenantModel):
    """What a message says: personal, erasable."""

    message = to_own("sellerdesk.Message")
    text = models.TextField()

    class Meta:
        db_table = "message_texts"
        constraints = [
            UniqueConstraint(fields=["seller", "message"], name="message_text_once"),
            SameSeller(name="message_text_same_seller", column="message_id", references="messages"),
        ]


class StoredFile(OwnedModel):
    """The bytes of a file: personal, erasable. `kind` is the content type as sniffed."""

    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    kind = models.CharField(max_length=100)
    content = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "stored_files"
        constraints = [
            UniqueConstraint(fields=["seller", "id"], name="stored_file_of_seller"),
            CheckConstraint(condition=Q(size__gt=0, size__lte=STORED_MAX), name="stored_file_size_allowed"),
        ]


class MessageAttachment(TenantModel):
    """A file of a message. `claimed` is the content type that the sender gave."""

    message = to_own("sellerdesk.Message")
    file = to_own("sellerdesk.StoredFile")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=NAME_MAX)
    claimed = models.CharField(max_length=100, blank=True)

    class Meta:
        db_table = "message_attachments"
        constraints = [
            UniqueConstraint(fields=["seller", "message", "position"], name="message_attachment_once"),
            SameSeller(name="message_attachment_same_seller", column="message_id", references="messages"),
            SameSeller(
                name="message_attachment_file_same_seller", column="file_id", references="stored_files"
            ),
        ]


class MessageTemplate(OwnedModel):
    """A text that the seller keeps for messages, in one language."""

    name = models.CharField(max_length=80)
    language = models.CharField(max_length=10)
    reason = models.CharField(max_length=32)
    text = models.TextField()
    updated_at = models.DateTimeField()
    updated_by = models.CharField(max_length=100)

    class Meta:
        db_table = "message_templates"
        constraints = [
            UniqueConstraint(fields=["seller", "language", "name"], name="message_template_once"),
            CheckConstraint(
                condition=Q(reason__in=sorted(ContactReason)), name="message_template_reason_known"
            ),
        ]


class BuyerPreference(models.Model):
    """What a buyer wants of all sellers: no seller's row, and nothing of it is shown to one but its effect."""

    email = models.CharField(max_length=254, primary_key=True)  # lower case
    opted_out_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=20, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "buyer_preferences"
        constraints = [CheckConstraint(condition=~Q(email=""), name="buyer_preference_named")]
