"""Who else hears of the journal: receivers and what is owed to them, news in the application, people's wishes."""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from sellerdesk.domain.notifications import CHANNELS
from sellerdesk.domain.receivers import ReceiverKind
from sellerdesk.models.accounts import ApiClient
from sellerdesk.models.journal import JournalEntry
from sellerdesk.models.tenancy import OwnedModel, SameSeller, TenantModel, to_own


class Receiver(OwnedModel):
    """Somebody outside who is told: a webhook, a chat channel, or a subscription of SP-API notifications.

    Each is a queue of its own: `due_at` is when its next delivery is due (null: nothing waits), `busy_until` when its
    holder's reservation, or its rest after a failure, ends; `served_at` (the database's own clock: only the order
    matters) is its turn among the others.
    """

    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=256)
    address = models.CharField(max_length=1000)  # a URL; of a chat channel it is a secret
    events = models.JSONField(default=list)  # webhook: types, chat: kinds, spapi: change types; empty: all
    marketplaces = models.JSONField(default=list)  # empty: all
    secrets = models.JSONField(default=list)  # whsec_…, the newest first
    old_secret_until = models.DateTimeField(null=True)
    language = models.CharField(max_length=10, default="en")  # of what a chat channel reads
    state = models.CharField(max_length=8, default="active")
    disabled_because = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    busy_until = models.DateTimeField()
    served_at = models.DateTimeField()

    class Meta:
        db_table = "receivers"
        constraints = [
            UniqueConstraint(fields=["seller", "id"], name="receiver_of_seller"),
            CheckConstraint(condition=Q(kind__in=sorted(ReceiverKind)), name="receiver_kind_known"),
            CheckConstraint(
                condition=Q(state="active", disabled_because="")
                | Q(state="disabled", disabled_because__in=["person", "gone", "failing"]),
                name="receiver_state_known",
            ),
        ]
        indexes = [
            Index(fields=["seller", "kind", "id"], name="receiver_by_kind"),
            Index(
                fields=["served_at", "id"],
                name="receiver_turn",
                condition=Q(state="active", due_at__isnull=False),
            ),
        ]


class Delivery(TenantModel):
    """A fact that is owed to a receiver. `webhook_id` is fixed when the row is made: every repeat carries it."""

    receiver = to_own("sellerdesk.Receiver")
    entry = models.ForeignKey(
        JournalEntry, on_delete=models.PROTECT, db_constraint=False, db_index=False, null=True
    )  # null: a test that a person asked for
    order = to_own("sellerdesk.Order", null=True)
    type = models.CharField(max_length=60)
    webhook_id = models.CharField(max_length=64)
    state = models.CharField(max_length=9, default="queued")
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)  # HTTP's, of the last attempt
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "deliveries"
        constraints = [
            UniqueConstraint(fields=["seller", "entry", "receiver"], name="delivery_once"),
            UniqueConstraint(fields=["seller", "webhook_id"], name="delivery_id_once"),
            CheckConstraint(
                condition=Q(state__in=["queued", "delivered", "dead"]), name="delivery_state_known"
            ),
            SameSeller(name="delivery_same_seller", column="receiver_id", references="receivers"),
            SameSeller(name="delivery_order_same_seller", column="order_id", references="orders"),
        ]
        indexes = [
            Index(
                fields=["seller", "receiver", "next_at", "id"],
                name="delivery_due",
                condition=Q(state="queued"),
            ),
            Index(fields=["seller", "receiver", "id"], name="delivery_of_receiver"),
            Index(fields=["tried_at"], name="delivery_old"),
        ]


class Destination(TenantModel):
    """Where a program wants its SP-API notifications: named once, used by its subscriptions."""

    client = models.ForeignKey(
        ApiClient, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    destination_id = models.CharField(max_length=36)
    name = models.CharField(max_length=256)
    resource = models.JSONField()  # as the program gave it
    address = models.CharField(max_length=1000)
    secret = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "spapi_destinations"
        constraints = [
            UniqueConstraint(fields=["seller", "id"], name="destination_of_seller"),
            UniqueConstraint(fields=["seller", "destination_id"], name="destination_id_once"),
            UniqueConstraint(fields=["seller", "client", "name"], name="destination_name_once"),
            SameSeller(name="destination_same_seller", column="client_id", references="api_clients"),
        ]


class Subscription(TenantModel):
    """A program's wish to hear of a type of notification; its receiver is the queue."""

    client = models.ForeignKey(
        ApiClient, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    destination = to_own("sellerdesk.Destination")
    receiver = to_own("sellerdesk.Receiver")
    subscription_id = models.CharField(max_length=36)
    type = models.CharField(max_length=60)
    payload_version = models.CharField(max_length=10)
    directive = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "spapi_subscriptions"
        constraints = [
            UniqueConstraint(fields=["seller", "subscription_id"], name="subscription_id_once"),
            UniqueConstraint(
                fields=["seller", "client", "type", "payload_version"], name="subscription_type_once"
            ),
            UniqueConstraint(fields=["seller", "receiver"], name="subscription_receiver_once"),
            SameSeller(name="subscription_client_same_seller", column="client_id", references="api_clients"),
            SameSeller(
                name="subscription_destination_same_seller",
                column="destination_id",
                references="spapi_destinations",
            ),
            SameSeller(
                name="subscription_receiver_same_seller", column="receiver_id", references="receivers"
            ),
        ]


class Notification(TenantModel):
    """News for a seller's people, one for a journal entry. The words are made when it is read."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, db_constraint=False, db_index=False)
    order = to_own("sellerdesk.Order", null=True)
    marketplace_id = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        db_table = "notifications"
        constraints = [
            UniqueConstraint(fields=["seller", "entry"], name="notification_once"),
            SameSeller(name="notification_same_seller", column="order_id", references="orders"),
        ]
        indexes = [
            Index(fields=["seller", "id"], name="notification_list"),
            Index(fields=["at"], name="notification_old"),
        ]


class NotificationMark(OwnedModel):
    """How far a person has read a seller's news."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_id = models.BigIntegerField(default=0)

    class Meta:
        db_table = "notification_marks"
        constraints = [UniqueConstraint(fields=["seller", "user"], name="notification_mark_once")]


class NoticeSetting(OwnedModel):
    """A person's wish how to hear of a kind of news; `*` stands for every marketplace or kind."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    marketplace_id = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=8)
    is_on = models.BooleanField()

    class Meta:
        db_table = "notice_settings"
        constraints = [
            UniqueConstraint(
                fields=["seller", "user", "channel", "marketplace_id", "kind"], name="notice_setting_once"
            ),
            CheckConstraint(condition=Q(channel__in=CHANNELS), name="notice_setting_channel_known"),
        ]
