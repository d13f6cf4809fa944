"""Cancellations, buyers' wishes to cancel, and stock that comes back."""

import django.db.models.deletion
import sellerdesk.domain.cancel_requests
import sellerdesk.domain.cancellations
import sellerdesk.models.tenancy
from django.db import migrations, models

from sellerdesk.models.guards import wall_statements


class Migration(migrations.Migration):

    dependencies = [
        ('sellerdesk', '0004_marketplace_lists'),
    ]

    operations = [
        migrations.CreateModel(
            name='Cancellation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('marketplace_id', models.CharField(max_length=20)),
                ('placed_at', models.DateTimeField()),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=8)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('counts', models.BooleanField()),
                ('leaves', models.BooleanField()),
                ('why', models.CharField(max_length=24)),
                ('policy_key', models.CharField(blank=True, max_length=40)),
                ('policy_value', models.JSONField(null=True)),
                ('units', models.PositiveIntegerField()),
                ('lines', models.JSONField(default=dict)),
                ('restocked', models.BooleanField()),
                ('released', models.BigIntegerField(default=0)),
                ('currency', sellerdesk.models.tenancy.CurrencyField(max_length=3)),
                ('order', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.order')),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'cancellations',
                'indexes': [
                    models.Index(fields=['seller', 'marketplace_id', 'placed_at', 'order'], include=('at', 'counts', 'leaves'), name='cancellation_rate'),
                    models.Index(fields=['seller', 'order', 'id'], name='cancellation_of_order'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'id'), name='cancellation_of_seller'),
                    models.CheckConstraint(condition=models.Q(('by__in', [sellerdesk.domain.cancellations.Canceller['AMAZON'], sellerdesk.domain.cancellations.Canceller['BUYER'], sellerdesk.domain.cancellations.Canceller['MERCHANT']]), ('by', ''), _connector='OR'), name='cancellation_by_known'),
                    models.CheckConstraint(condition=models.Q(('why__in', [sellerdesk.domain.cancellations.Why['BUYER_ALONE'], sellerdesk.domain.cancellations.Why['CONFIRMATION_MISSING'], sellerdesk.domain.cancellations.Why['FORMAL_REQUEST'], sellerdesk.domain.cancellations.Why['MARKETPLACE'], sellerdesk.domain.cancellations.Why['NO_FORMAL_REQUEST'], sellerdesk.domain.cancellations.Why['OTHER_REASON'], sellerdesk.domain.cancellations.Why['SELLER_REASON'], sellerdesk.domain.cancellations.Why['UNKNOWN'], sellerdesk.domain.cancellations.Why['WAREHOUSE']])), name='cancellation_why_known'),
                    models.CheckConstraint(condition=models.Q(('counts', True), ('leaves', True), _negated=True), name='cancellation_counts_or_leaves'),
                    models.CheckConstraint(condition=models.Q(('units__gt', 0)), name='cancellation_of_something'),
                    sellerdesk.models.tenancy.SameSeller(column='order_id', name='cancellation_same_seller', references='orders'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CancellationRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=8)),
                ('state', models.CharField(max_length=20)),
                ('reason', models.CharField(blank=True, max_length=24)),
                ('words', models.TextField(blank=True)),
                ('item_numbers', models.JSONField(default=list)),
                ('requested_at', models.DateTimeField()),
                ('filed_at', models.DateTimeField(null=True)),
                ('guided_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_because', models.CharField(blank=True, max_length=40)),
                ('order', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.order')),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'cancellation_requests',
                'indexes': [
                    models.Index(fields=['seller', 'order', 'id'], name='cancel_request_of_order'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', [sellerdesk.domain.cancel_requests.State['ACCEPTED'], sellerdesk.domain.cancel_requests.State['DECLINED'], sellerdesk.domain.cancel_requests.State['EXPIRED'], sellerdesk.domain.cancel_requests.State['GUIDED'], sellerdesk.domain.cancel_requests.State['REQUESTED_FORMAL'], sellerdesk.domain.cancel_requests.State['REQUESTED_INFORMAL'], sellerdesk.domain.cancel_requests.State['SUPERSEDED']])), name='cancel_request_state_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('filed_at__isnull', False), ('kind', 'formal')), models.Q(('filed_at', None), ('kind', 'informal')), _connector='OR'), name='cancel_request_formal_is_filed'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state__in', [sellerdesk.domain.cancel_requests.State['GUIDED'], sellerdesk.domain.cancel_requests.State['REQUESTED_FORMAL'], sellerdesk.domain.cancel_requests.State['REQUESTED_INFORMAL']])), models.Q(models.Q(('state__in', [sellerdesk.domain.cancel_requests.State['GUIDED'], sellerdesk.domain.cancel_requests.State['REQUESTED_FORMAL'], sellerdesk.domain.cancel_requests.State['REQUESTED_INFORMAL']]), _negated=True), ('closed_at__gte', models.F('requested_at'))), _connector='OR'), name='cancel_request_closed_once'),
                    models.UniqueConstraint(condition=models.Q(('state__in', [sellerdesk.domain.cancel_requests.State['GUIDED'], sellerdesk.domain.cancel_requests.State['REQUESTED_FORMAL'], sellerdesk.domain.cancel_requests.State['REQUESTED_INFORMAL']])), fields=('seller', 'order'), name='cancel_request_one_open'),
                    sellerdesk.models.tenancy.SameSeller(column='order_id', name='cancel_request_same_seller', references='orders'),
                ],
            },
        ),
        migrations.CreateModel(
            name='StockMovement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sku', models.CharField(max_length=100)),
                ('units', models.IntegerField()),
                ('kind', models.CharField(max_length=12)),
                ('at', models.DateTimeField()),
                ('cause', models.CharField(max_length=80)),
                ('item', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.orderitem')),
                ('order', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.order')),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'stock_movements',
                'indexes': [
                    models.Index(fields=['seller', 'order', 'id'], name='stock_of_order'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'cause', 'item'), name='stock_cause_once'),
                    models.CheckConstraint(condition=models.Q(('units', 0), _negated=True), name='stock_moves_something'),
                    sellerdesk.models.tenancy.SameSeller(column='order_id', name='stock_order_same_seller', references='orders'),
                    sellerdesk.models.tenancy.SameSeller(column='item_id', name='stock_item_same_seller', references='order_items'),
                ],
            },
        ),
        migrations.AddField(
            model_name='order',
            name='cancel_request',
            field=models.CharField(blank=True, db_default='', default='', max_length=20),
        ),
        migrations.AddField(
            model_name='order',
            name='cancel_requested_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='counts_in_cr',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='orderitem',
            name='cancel_requested_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('cancel_request', ''), _negated=True), fields=['seller', 'cancel_requested_at', 'id'], include=('channel', 'marketplace_id', 'status'), name='order_by_cancel_request'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('cancel_request__in', ['', sellerdesk.domain.cancel_requests.State['GUIDED'], sellerdesk.domain.cancel_requests.State['REQUESTED_FORMAL'], sellerdesk.domain.cancel_requests.State['REQUESTED_INFORMAL']])), name='order_cancel_request_known'),
        ),
        migrations.RunSQL(
            [*wall_statements("cancellation_requests", "cancellations", "stock_movements")], migrations.RunSQL.noop
        ),
    ]
