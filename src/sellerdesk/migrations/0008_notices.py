"""Receivers outside, deliveries to them, news in the application, and people's wishes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import sellerdesk.domain.receivers
import sellerdesk.models.tenancy
from sellerdesk.models.guards import wall_statements

# Readers that are new begin at the end: what happened before them is nobody's news any more.
_READERS = """
INSERT INTO journal_readers (name, txid, entry_id)
SELECT r.name, coalesce(j.txid::text::bigint, 0), coalesce(j.id, 0)
  FROM unnest(ARRAY['app', 'deliveries']) AS r(name)
  LEFT JOIN (SELECT txid, id FROM journal ORDER BY txid DESC, id DESC LIMIT 1) j ON true
ON CONFLICT DO NOTHING"""


class Migration(migrations.Migration):
    dependencies = [
        ("sellerdesk", "0007_mail_readers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Destination",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("destination_id", models.CharField(max_length=36)),
                ("name", models.CharField(max_length=256)),
                ("resource", models.JSONField()),
                ("address", models.CharField(max_length=1000)),
                ("secret", models.CharField(max_length=80)),
                ("created_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sellerdesk.apiclient",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sellerdesk.seller",
                    ),
                ),
            ],
            options={
                "db_table": "spapi_destinations",
                "constraints": [
                    models.UniqueConstraint(fields=("seller", "id"), name="destination_of_seller"),
                    models.UniqueConstraint(fields=("seller", "destination_id"), name="destination_id_once"),
                    models.UniqueConstraint(
                        fields=("seller", "client", "name"), name="destination_name_once"
                    ),
                    sellerdesk.models.tenancy.SameSeller(
                        column="client_id", name="destination_same_seller", references="api_clients"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeSetting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("marketplace_id", models.CharField(max_length=20)),
                ("kind", models.CharField(max_length=40)),
                ("channel", models.CharField(max_length=8)),
                ("is_on", models.BooleanField()),
                (
                    "seller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sellerdesk.seller",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "notice_settings",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("seller", "user", "channel", "marketplace_id", "kind"),
                        name="notice_setting_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ("mail", "app"))),
                        name="notice_setting_channel_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("marketplace_id", models.CharField(blank=True, max_length=20)),
                ("kind", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="sellerdesk.journalentry",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sellerdesk.order",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sellerdesk.seller",
                    ),
                ),
            ],
            options={
                "db_table": "notifications",
                "indexes": [
                    models.Index(fields=["seller", "id"], name="notification_list"),
                    models.Index(fields=["at"], name="notification_old"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("seller", "entry"), name="notification_once"),
                    sellerdesk.models.tenancy.SameSeller(
                        column="order_id", name="notification_same_seller", references="orders"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NotificationMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("read_id", models.BigIntegerField(default=0)),
                (
                    "seller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sellerdesk.seller",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "notification_marks",
                "constraints": [
                    models.UniqueConstraint(fields=("seller", "user"), name="notification_mark_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receiver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=8)),
                ("name", models.CharField(max_length=256)),
                ("address", models.CharField(max_length=1000)),
                ("events", models.JSONField(default=list)),
                ("marketplaces", models.JSONField(default=list)),
                ("secrets", models.JSONField(default=list)),
                ("old_secret_until", models.DateTimeField(null=True)),
                ("language", models.CharField(default="en", max_length=10)),
                ("state", models.CharField(default="active", max_length=8)),
                ("disabled_because", models.CharField(blank=True, max_length=8)),
                ("created_at", models.DateTimeField()),
                ("failing_since", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("busy_until", models.DateTimeField()),
                ("served_at", models.DateTimeField()),
                (
                    "seller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sellerdesk.seller",
                    ),
                ),
            ],
            options={
                "db_table": "receivers",
                "indexes": [
                    models.Index(fields=["seller", "kind", "id"], name="receiver_by_kind"),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False), ("state", "active")),
                        fields=["served_at", "id"],
                        name="receiver_turn",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("seller", "id"), name="receiver_of_seller"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    sellerdesk.domain.receivers.ReceiverKind["CHAT"],
                                    sellerdesk.domain.receivers.ReceiverKind["SPAPI"],
                                    sellerdesk.domain.receivers.ReceiverKind["WEBHOOK"],
                                ],
                            )
                        ),
                        name="receiver_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("disabled_because", ""), ("state", "active")),
                            models.Q(
                                ("disabled_because__in", ["person", "gone", "failing"]), ("state", "disabled")
                            ),
                            _connector="OR",
                        ),
                        name="receiver_state_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("type", models.CharField(max_length=60)),
                ("webhook_id", models.CharField(max_length=64)),
                ("state", models.CharField(default="queued", max_length=9)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("tried_at", models.DateTimeField(null=True)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="sellerdesk.journalentry",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sellerdesk.order",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sellerdesk.seller",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sellerdesk.receiver",
                    ),
                ),
            ],
            options={
                "db_table": "deliveries",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "queued")),
                        fields=["seller", "receiver", "next_at", "id"],
                        name="delivery_due",
                    ),
                    models.Index(fields=["seller", "receiver", "id"], name="delivery_of_receiver"),
                    models.Index(fields=["tried_at"], name="delivery_old"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("seller", "entry", "receiver"), name="delivery_once"),
                    models.UniqueConstraint(fields=("seller", "webhook_id"), name="delivery_id_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["queued", "delivered", "dead"])),
                        name="delivery_state_known",
                    ),
                    sellerdesk.models.tenancy.SameSeller(
                        column="receiver_id", name="delivery_same_seller", references="receivers"
                    ),
                    sellerdesk.models.tenancy.SameSeller(
                        column="order_id", name="delivery_order_same_seller", references="orders"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subscription_id", models.CharField(max_length=36)),
                ("type", models.CharField(max_length=60)),
                ("payload_version", models.CharField(max_length=10)),
                ("directive", models.JSONField(null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "client",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sellerdesk.apiclient",
                    ),
                ),
                (
                    "destination",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sellerdesk.destination",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sellerdesk.receiver",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sellerdesk.seller",
                    ),
                ),
            ],
            options={
                "db_table": "spapi_subscriptions",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("seller", "subscription_id"), name="subscription_id_once"
                    ),
                    models.UniqueConstraint(
                        fields=("seller", "client", "type", "payload_version"), name="subscription_type_once"
                    ),
                    models.UniqueConstraint(fields=("seller", "receiver"), name="subscription_receiver_once"),
                    sellerdesk.models.tenancy.SameSeller(
                        column="client_id", name="subscription_client_same_seller", references="api_clients"
                    ),
                    sellerdesk.models.tenancy.SameSeller(
                        column="destination_id",
                        name="subscription_destination_same_seller",
                        references="spapi_destinations",
                    ),
                    sellerdesk.models.tenancy.SameSeller(
                        column="receiver_id", name="subscription_receiver_same_seller", references="receivers"
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            [
                *wall_statements(
                    "deliveries",
                    "notice_settings",
                    "notification_marks",
                    "notifications",
                    "receivers",
                    "spapi_destinations",
                    "spapi_subscriptions",
                ),
                "SELECT set_config('sellerdesk.seller', '0', true)",
                _READERS,
            ],
            migrations.RunSQL.noop,
        ),
    ]
