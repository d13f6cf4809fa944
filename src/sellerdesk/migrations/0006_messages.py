"""Messages between buyer and seller, their files and templates, and buyers' wishes about mail."""

import django.db.models.deletion
import sellerdesk.domain.message_hints
import sellerdesk.domain.message_reasons
import sellerdesk.domain.message_threads
import sellerdesk.models.tenancy
from django.db import migrations, models

from sellerdesk.models.guards import wall_statements


class Migration(migrations.Migration):

    dependencies = [
        ('sellerdesk', '0005_cancellations'),
    ]

    operations = [
        migrations.CreateModel(
            name='BuyerPreference',
            fields=[
                ('email', models.CharField(max_length=254, primary_key=True, serialize=False)),
                ('opted_out_at', models.DateTimeField(null=True)),
                ('language', models.CharField(blank=True, max_length=20)),
                ('updated_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'buyer_preferences',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('email', ''), _negated=True), name='buyer_preference_named'),
                ],
            },
        ),
        migrations.CreateModel(
            name='MessageThread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=20)),
                ('due_at', models.DateTimeField(null=True)),
                ('last_at', models.DateTimeField()),
                ('last_buyer_at', models.DateTimeField(null=True)),
                ('last_seller_at', models.DateTimeField(null=True)),
                ('hint', models.CharField(blank=True, max_length=8)),
                ('count', models.PositiveIntegerField(default=0)),
                ('version', models.PositiveIntegerField(default=1)),
                ('order', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.order')),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'message_threads',
                'indexes': [
                    models.Index(condition=models.Q(('state', sellerdesk.domain.message_threads.ThreadState['OPEN_NEEDS_RESPONSE'])), fields=['seller', 'due_at', 'id'], name='message_thread_by_due'),
                    models.Index(fields=['seller', 'state', '-last_at', '-id'], name='message_thread_by_state'),
                    models.Index(fields=['seller', '-last_at', '-id'], name='message_thread_by_last'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'id'), name='message_thread_of_seller'),
                    models.UniqueConstraint(fields=('seller', 'order'), name='message_thread_once'),
                    models.CheckConstraint(condition=models.Q(('state__in', [sellerdesk.domain.message_threads.ThreadState['ANSWERED'], sellerdesk.domain.message_threads.ThreadState['CLOSED'], sellerdesk.domain.message_threads.ThreadState['NO_RESPONSE_NEEDED'], sellerdesk.domain.message_threads.ThreadState['OPEN_NEEDS_RESPONSE']])), name='message_thread_state_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', sellerdesk.domain.message_threads.ThreadState['OPEN_NEEDS_RESPONSE']), ('due_at__isnull', False)), models.Q(models.Q(('state', sellerdesk.domain.message_threads.ThreadState['OPEN_NEEDS_RESPONSE']), _negated=True), ('due_at', None)), _connector='OR'), name='message_thread_due_while_waiting'),
                    models.CheckConstraint(condition=models.Q(('hint__in', ['', sellerdesk.domain.message_hints.Hint['CANCEL'], sellerdesk.domain.message_hints.Hint['RETURN']])), name='message_thread_hint_known'),
                    sellerdesk.models.tenancy.SameSeller(column='order_id', name='message_thread_same_seller', references='orders'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=6)),
                ('state', models.CharField(max_length=16)),
                ('reason', models.CharField(blank=True, max_length=32)),
                ('critical', models.BooleanField(default=False)),
                ('automatic', models.BooleanField(default=False)),
                ('topic', models.CharField(blank=True, max_length=40)),
                ('via', models.CharField(max_length=10)),
                ('author', models.CharField(blank=True, max_length=100)),
                ('language', models.CharField(blank=True, max_length=20)),
                ('hint', models.CharField(blank=True, max_length=8)),
                ('files', models.PositiveSmallIntegerField(default=0)),
                ('at', models.DateTimeField()),
                ('external_id', models.CharField(blank=True, max_length=200)),
                ('order', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.order')),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
                ('thread', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.messagethread')),
            ],
            options={
                'db_table': 'messages',
                'indexes': [
                    models.Index(fields=['seller', 'thread', 'id'], name='message_of_thread'),
                    models.Index(condition=models.Q(('kind', 'seller')), fields=['seller', 'at'], name='message_sent_by_day'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'id'), name='message_of_seller'),
                    models.UniqueConstraint(condition=models.Q(('external_id', ''), _negated=True), fields=('seller', 'external_id'), name='message_external_once'),
                    models.CheckConstraint(condition=models.Q(('kind__in', [sellerdesk.domain.message_threads.Kind['BUYER'], sellerdesk.domain.message_threads.Kind['NOTE'], sellerdesk.domain.message_threads.Kind['SELLER']])), name='message_kind_known'),
                    models.CheckConstraint(condition=models.Q(('state__in', [sellerdesk.domain.message_threads.MessageState['BLOCKED_OPT_OUT'], sellerdesk.domain.message_threads.MessageState['BOUNCED'], sellerdesk.domain.message_threads.MessageState['DELIVERED'], sellerdesk.domain.message_threads.MessageState['QUEUED'], sellerdesk.domain.message_threads.MessageState['SENT']])), name='message_state_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('kind', 'seller'), ('reason__in', [sellerdesk.domain.message_reasons.ContactReason['ADDRESS_PROBLEM'], sellerdesk.domain.message_reasons.ContactReason['ANSWER'], sellerdesk.domain.message_reasons.ContactReason['CANCEL_DECLINED'], sellerdesk.domain.message_reasons.ContactReason['CANCEL_GUIDANCE'], sellerdesk.domain.message_reasons.ContactReason['CANCEL_IMPORTANT'], sellerdesk.domain.message_reasons.ContactReason['CONFIRM_CUSTOMIZATION_DETAILS'], sellerdesk.domain.message_reasons.ContactReason['CONFIRM_DELIVERY_DETAILS'], sellerdesk.domain.message_reasons.ContactReason['CONFIRM_ORDER_DETAILS'], sellerdesk.domain.message_reasons.ContactReason['CONFIRM_SERVICE_DETAILS'], sellerdesk.domain.message_reasons.ContactReason['DELIVERY_SCHEDULING'], sellerdesk.domain.message_reasons.ContactReason['DIGITAL_ACCESS_KEY'], sellerdesk.domain.message_reasons.ContactReason['INVOICE'], sellerdesk.domain.message_reasons.ContactReason['LEGAL_DISCLOSURE'], sellerdesk.domain.message_reasons.ContactReason['OTHER_ORDER_QUESTION'], sellerdesk.domain.message_reasons.ContactReason['RETURN_GUIDANCE'], sellerdesk.domain.message_reasons.ContactReason['UNEXPECTED_PROBLEM'], sellerdesk.domain.message_reasons.ContactReason['WARRANTY']])), models.Q(models.Q(('kind', 'seller'), _negated=True), ('automatic', False), ('critical', False), ('reason', '')), _connector='OR'), name='message_reason_of_seller'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'blocked_opt_out'), _negated=True), models.Q(('critical', False), ('kind', 'seller')), _connector='OR'), name='message_blocked_not_critical'),
                    models.CheckConstraint(condition=models.Q(('hint__in', ['', sellerdesk.domain.message_hints.Hint['CANCEL'], sellerdesk.domain.message_hints.Hint['RETURN']])), name='message_hint_known'),
                    sellerdesk.models.tenancy.SameSeller(column='thread_id', name='message_thread_of_same_seller', references='message_threads'),
                    sellerdesk.models.tenancy.SameSeller(column='order_id', name='message_order_same_seller', references='orders'),
                ],
            },
        ),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=100)),
                ('content', models.BinaryField()),
                ('at', models.DateTimeField()),
                ('seller', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'stored_files',
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'id'), name='stored_file_of_seller'),
                    models.CheckConstraint(condition=models.Q(('size__gt', 0), ('size__lte', 10485760)), name='stored_file_size_allowed'),
                ],
            },
        ),
        migrations.CreateModel(
            name='MessageAttachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=120)),
                ('claimed', models.CharField(blank=True, max_length=100)),
                ('message', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.message')),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
                ('file', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.storedfile')),
            ],
            options={
                'db_table': 'message_attachments',
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'message', 'position'), name='message_attachment_once'),
                    sellerdesk.models.tenancy.SameSeller(column='message_id', name='message_attachment_same_seller', references='messages'),
                    sellerdesk.models.tenancy.SameSeller(column='file_id', name='message_attachment_file_same_seller', references='stored_files'),
                ],
            },
        ),
        migrations.CreateModel(
            name='MessageTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('language', models.CharField(max_length=10)),
                ('reason', models.CharField(max_length=32)),
                ('text', models.TextField()),
                ('updated_at', models.DateTimeField()),
                ('updated_by', models.CharField(max_length=100)),
                ('seller', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'message_templates',
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'language', 'name'), name='message_template_once'),
                    models.CheckConstraint(condition=models.Q(('reason__in', [sellerdesk.domain.message_reasons.ContactReason['ADDRESS_PROBLEM'], sellerdesk.domain.message_reasons.ContactReason['ANSWER'], sellerdesk.domain.message_reasons.ContactReason['CANCEL_DECLINED'], sellerdesk.domain.message_reasons.ContactReason['CANCEL_GUIDANCE'], sellerdesk.domain.message_reasons.ContactReason['CANCEL_IMPORTANT'], sellerdesk.domain.message_reasons.ContactReason['CONFIRM_CUSTOMIZATION_DETAILS'], sellerdesk.domain.message_reasons.ContactReason['CONFIRM_DELIVERY_DETAILS'], sellerdesk.domain.message_reasons.ContactReason['CONFIRM_ORDER_DETAILS'], sellerdesk.domain.message_reasons.ContactReason['CONFIRM_SERVICE_DETAILS'], sellerdesk.domain.message_reasons.ContactReason['DELIVERY_SCHEDULING'], sellerdesk.domain.message_reasons.ContactReason['DIGITAL_ACCESS_KEY'], sellerdesk.domain.message_reasons.ContactReason['INVOICE'], sellerdesk.domain.message_reasons.ContactReason['LEGAL_DISCLOSURE'], sellerdesk.domain.message_reasons.ContactReason['OTHER_ORDER_QUESTION'], sellerdesk.domain.message_reasons.ContactReason['RETURN_GUIDANCE'], sellerdesk.domain.message_reasons.ContactReason['UNEXPECTED_PROBLEM'], sellerdesk.domain.message_reasons.ContactReason['WARRANTY']])), name='message_template_reason_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='MessageText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('message', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.message')),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'message_texts',
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'message'), name='message_text_once'),
                    sellerdesk.models.tenancy.SameSeller(column='message_id', name='message_text_same_seller', references='messages'),
                ],
            },
        ),
        migrations.RunSQL(
            [
                *wall_statements(
                    "message_attachments",
                    "message_templates",
                    "message_texts",
                    "message_threads",
                    "messages",
                    "stored_files",
                )
            ],
            migrations.RunSQL.noop,
        ),
    ]
