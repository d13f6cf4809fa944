"""Refunds, concessions, transfers to the payment side, returns with their settings; deadlines about one of them."""

import django.db.models.deletion
import django.db.models.expressions
import sellerdesk.domain.refund_reasons
import sellerdesk.domain.refunds
import sellerdesk.domain.return_facts
import sellerdesk.domain.return_settings
import sellerdesk.domain.transfers
import sellerdesk.models.tenancy
from django.db import migrations, models

from sellerdesk.models.guards import wall_statements


class Migration(migrations.Migration):

    dependencies = [
        ('sellerdesk', '0011_solicitations_uploads'),
    ]

    operations = [
        migrations.CreateModel(
            name='Concession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', sellerdesk.models.tenancy.CurrencyField(max_length=3)),
                ('cap', models.BigIntegerField()),
                ('given', models.BigIntegerField(default=0)),
                ('pending', models.BigIntegerField(default=0)),
                ('order', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.order')),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'concessions',
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'order'), name='concession_account_once'),
                    models.CheckConstraint(condition=models.Q(('cap__gte', django.db.models.expressions.CombinedExpression(models.F('given'), '+', models.F('pending'))), ('given__gte', 0), ('pending__gte', 0)), name='concession_within_cap'),
                    sellerdesk.models.tenancy.SameSeller(column='order_id', name='concession_same_seller', references='orders'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ReturnRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('marketplace_id', models.CharField(max_length=20)),
                ('rma', models.CharField(max_length=40)),
                ('kind', models.CharField(max_length=10)),
                ('state', models.CharField(max_length=22)),
                ('reason', models.CharField(max_length=24)),
                ('raw_reason', models.CharField(blank=True, max_length=60)),
                ('comment', models.TextField(blank=True)),
                ('wish', models.CharField(blank=True, max_length=12)),
                ('in_policy', models.BooleanField()),
                ('verdict', models.CharField(max_length=24)),
                ('window_ends_at', models.DateTimeField(null=True)),
                ('payer', models.CharField(max_length=6)),
                ('returnless', models.BooleanField(default=False)),
                ('with_claim', models.BooleanField(default=False)),
                ('requested_at', models.DateTimeField()),
                ('authorized_at', models.DateTimeField(null=True)),
                ('in_transit_at', models.DateTimeField(null=True)),
                ('received_at', models.DateTimeField(null=True)),
                ('inspected_at', models.DateTimeField(null=True)),
                ('partial_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('address', models.JSONField(default=dict)),
                ('label', models.CharField(blank=True, max_length=10)),
                ('carrier', models.CharField(blank=True, max_length=60)),
                ('tracking', models.CharField(blank=True, max_length=100)),
                ('tracking_key', models.CharField(blank=True, max_length=100)),
                ('instructions', models.TextField(blank=True)),
                ('close_reason', models.CharField(blank=True, max_length=24)),
                ('close_comment', models.TextField(blank=True)),
                ('wrongly_rejected', models.BooleanField(default=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('order', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.order')),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'return_requests',
                'indexes': [
                    models.Index(fields=['seller', 'order', 'id'], name='return_of_order'),
                    models.Index(fields=['seller', 'state', 'requested_at', 'id'], include=('marketplace_id', 'with_claim'), name='return_by_state'),
                    models.Index(fields=['seller', 'requested_at', 'id'], name='return_by_requested'),
                    models.Index(condition=models.Q(('with_claim', True)), fields=['seller', 'requested_at', 'id'], name='return_with_claim'),
                    models.Index(condition=models.Q(('tracking_key', ''), _negated=True), fields=['seller', 'tracking_key'], name='return_by_tracking'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'id'), name='return_of_seller'),
                    models.UniqueConstraint(fields=('seller', 'rma'), name='return_rma_once'),
                    models.CheckConstraint(condition=models.Q(('state__in', [sellerdesk.domain.return_facts.ReturnState['AUTHORIZED'], sellerdesk.domain.return_facts.ReturnState['CLOSED_AUTO'], sellerdesk.domain.return_facts.ReturnState['CLOSED_BY_BUYER'], sellerdesk.domain.return_facts.ReturnState['CLOSED_BY_SELLER'], sellerdesk.domain.return_facts.ReturnState['COMPLETED'], sellerdesk.domain.return_facts.ReturnState['INSPECTED'], sellerdesk.domain.return_facts.ReturnState['IN_TRANSIT_BACK'], sellerdesk.domain.return_facts.ReturnState['PENDING_AUTHORIZATION'], sellerdesk.domain.return_facts.ReturnState['PENDING_REFUND'], sellerdesk.domain.return_facts.ReturnState['RECEIVED']])), name='return_state_known'),
                    models.CheckConstraint(condition=models.Q(('reason__in', [sellerdesk.domain.return_facts.ReturnReason['ACCIDENTAL_ORDER'], sellerdesk.domain.return_facts.ReturnReason['BAD_PACKAGING'], sellerdesk.domain.return_facts.ReturnReason['BETTER_PRICE'], sellerdesk.domain.return_facts.ReturnReason['DAMAGED_IN_TRANSIT'], sellerdesk.domain.return_facts.ReturnReason['DEAD_BATTERY'], sellerdesk.domain.return_facts.ReturnReason['DEFECTIVE'], sellerdesk.domain.return_facts.ReturnReason['EXTRA_ITEM'], sellerdesk.domain.return_facts.ReturnReason['INSTALLATION'], sellerdesk.domain.return_facts.ReturnReason['LATE_DELIVERY'], sellerdesk.domain.return_facts.ReturnReason['MISSING_CERTIFICATION'], sellerdesk.domain.return_facts.ReturnReason['MISSING_MANUAL'], sellerdesk.domain.return_facts.ReturnReason['MISSING_PARTS'], sellerdesk.domain.return_facts.ReturnReason['NOT_AS_DESCRIBED'], sellerdesk.domain.return_facts.ReturnReason['NOT_NEEDED'], sellerdesk.domain.return_facts.ReturnReason['NOT_USEFUL'], sellerdesk.domain.return_facts.ReturnReason['PART_NOT_COMPATIBLE'], sellerdesk.domain.return_facts.ReturnReason['QUALITY'], sellerdesk.domain.return_facts.ReturnReason['TARNISHED'], sellerdesk.domain.return_facts.ReturnReason['TOO_LARGE'], sellerdesk.domain.return_facts.ReturnReason['TOO_SMALL'], sellerdesk.domain.return_facts.ReturnReason['UNAUTHORIZED_PURCHASE'], sellerdesk.domain.return_facts.ReturnReason['WRONG_ITEM']])), name='return_reason_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state__in', [sellerdesk.domain.return_facts.ReturnState['AUTHORIZED'], sellerdesk.domain.return_facts.ReturnState['INSPECTED'], sellerdesk.domain.return_facts.ReturnState['IN_TRANSIT_BACK'], sellerdesk.domain.return_facts.ReturnState['PENDING_AUTHORIZATION'], sellerdesk.domain.return_facts.ReturnState['PENDING_REFUND'], sellerdesk.domain.return_facts.ReturnState['RECEIVED']]), ('ended_at', None)), models.Q(models.Q(('state__in', [sellerdesk.domain.return_facts.ReturnState['AUTHORIZED'], sellerdesk.domain.return_facts.ReturnState['INSPECTED'], sellerdesk.domain.return_facts.ReturnState['IN_TRANSIT_BACK'], sellerdesk.domain.return_facts.ReturnState['PENDING_AUTHORIZATION'], sellerdesk.domain.return_facts.ReturnState['PENDING_REFUND'], sellerdesk.domain.return_facts.ReturnState['RECEIVED']]), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='return_ends_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'CLOSED_BY_SELLER'), _negated=True), models.Q(models.Q(('close_reason', ''), _negated=True), models.Q(('close_comment', ''), _negated=True)), _connector='OR'), name='return_closed_with_reason'),
                    sellerdesk.models.tenancy.SameSeller(column='order_id', name='return_same_seller', references='orders'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=30)),
                ('state', models.CharField(max_length=10)),
                ('reason', models.CharField(max_length=24)),
                ('raw_reason', models.CharField(blank=True, max_length=60)),
                ('mode', models.CharField(max_length=20)),
                ('party', models.CharField(max_length=8)),
                ('author', models.CharField(max_length=100)),
                ('approved_by', models.CharField(blank=True, max_length=100)),
                ('currency', sellerdesk.models.tenancy.CurrencyField(max_length=3)),
                ('total', models.BigIntegerField()),
                ('return_shipping', models.BigIntegerField(default=0)),
                ('goodwill', models.BigIntegerField(default=0)),
                ('units', models.JSONField(default=dict)),
                ('override', models.TextField(blank=True)),
                ('note', models.CharField(blank=True, max_length=255)),
                ('words', models.TextField(blank=True)),
                ('requested_at', models.DateTimeField()),
                ('hold_minutes', models.PositiveIntegerField()),
                ('release_at', models.DateTimeField(null=True)),
                ('released_at', models.DateTimeField(null=True)),
                ('settles_from', models.DateTimeField()),
                ('settles_until', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('order', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.order')),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
                ('return_request', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.returnrequest')),
            ],
            options={
                'db_table': 'refunds',
                'indexes': [
                    models.Index(fields=['seller', 'order', 'id'], name='refund_of_order'),
                    models.Index(condition=models.Q(('state__in', ['DRAFT', 'PENDING'])), fields=['seller', 'requested_at', 'id'], name='refund_open'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'id'), name='refund_of_seller'),
                    models.UniqueConstraint(fields=('seller', 'reference'), name='refund_reference_once'),
                    models.CheckConstraint(condition=models.Q(('state__in', [sellerdesk.domain.refunds.RefundState['CANCELLED'], sellerdesk.domain.refunds.RefundState['DRAFT'], sellerdesk.domain.refunds.RefundState['PENDING'], sellerdesk.domain.refunds.RefundState['REJECTED'], sellerdesk.domain.refunds.RefundState['RELEASED'], sellerdesk.domain.refunds.RefundState['SETTLED']])), name='refund_state_known'),
                    models.CheckConstraint(condition=models.Q(('mode__in', [sellerdesk.domain.refund_reasons.Mode['ADVANCE'], sellerdesk.domain.refund_reasons.Mode['GOODWILL'], sellerdesk.domain.refund_reasons.Mode['INTERCEPT_FAILED'], sellerdesk.domain.refund_reasons.Mode['ON_RECEIPT'], sellerdesk.domain.refund_reasons.Mode['RETURNLESS']])), name='refund_mode_known'),
                    models.CheckConstraint(condition=models.Q(('reason__in', [sellerdesk.domain.refund_reasons.RefundReason['BUYER_RETURN'], sellerdesk.domain.refund_reasons.RefundReason['CANCELLED_BY_BUYER'], sellerdesk.domain.refund_reasons.RefundReason['COULD_NOT_SHIP'], sellerdesk.domain.refund_reasons.RefundReason['GENERAL_ADJUSTMENT'], sellerdesk.domain.refund_reasons.RefundReason['LATE_BY_CARRIER'], sellerdesk.domain.refund_reasons.RefundReason['NOT_AS_DESCRIBED'], sellerdesk.domain.refund_reasons.RefundReason['NOT_RECEIVED'], sellerdesk.domain.refund_reasons.RefundReason['OUT_OF_STOCK'], sellerdesk.domain.refund_reasons.RefundReason['PRICING_ERROR'], sellerdesk.domain.refund_reasons.RefundReason['SHIP_DATE_MISSED'], sellerdesk.domain.refund_reasons.RefundReason['UNDELIVERABLE_ADDRESS'], sellerdesk.domain.refund_reasons.RefundReason['WRONG_ITEM']])), name='refund_reason_known'),
                    models.CheckConstraint(condition=models.Q(('goodwill__gte', 0), ('return_shipping__gte', 0), ('total__gt', 0)), name='refund_positive'),
                    models.CheckConstraint(condition=models.Q(models.Q(('released_at__isnull', False), ('state__in', ['RELEASED', 'SETTLED', 'REJECTED'])), models.Q(('released_at', None), ('state__in', ['DRAFT', 'PENDING', 'CANCELLED'])), _connector='OR'), name='refund_released_with_moment'),
                    models.CheckConstraint(condition=models.Q(('released_at', None), ('released_at__gte', models.F('release_at')), _connector='OR'), name='refund_never_early'),
                    sellerdesk.models.tenancy.SameSeller(column='order_id', name='refund_order_same_seller', references='orders'),
                    sellerdesk.models.tenancy.SameSeller(column='return_request_id', name='refund_return_same_seller', references='return_requests'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PaymentTransfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80)),
                ('amount', models.BigIntegerField()),
                ('currency', sellerdesk.models.tenancy.CurrencyField(max_length=3)),
                ('state', models.CharField(default='queued', max_length=8)),
                ('provider_reference', models.CharField(blank=True, max_length=100)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, max_length=300)),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
                ('refund', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.refund')),
            ],
            options={
                'db_table': 'payment_transfers',
                'indexes': [
                    models.Index(condition=models.Q(('state__in', ['queued', 'calling', 'unknown'])), fields=['next_at', 'id'], name='transfer_due'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'id'), name='transfer_of_seller'),
                    models.UniqueConstraint(fields=('seller', 'key'), name='transfer_key_once'),
                    models.UniqueConstraint(fields=('seller', 'refund'), name='transfer_once'),
                    models.CheckConstraint(condition=models.Q(('state__in', [sellerdesk.domain.transfers.TransferState['CALLING'], sellerdesk.domain.transfers.TransferState['DONE'], sellerdesk.domain.transfers.TransferState['FAILED'], sellerdesk.domain.transfers.TransferState['QUEUED'], sellerdesk.domain.transfers.TransferState['UNKNOWN']])), name='transfer_state_known'),
                    models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='transfer_positive'),
                    sellerdesk.models.tenancy.SameSeller(column='refund_id', name='transfer_same_seller', references='refunds'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PaymentBreak',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('ours', models.JSONField(default=dict)),
                ('theirs', models.JSONField(default=dict)),
                ('found_at', models.DateTimeField()),
                ('resolved_at', models.DateTimeField(null=True)),
                ('resolved_by', models.CharField(blank=True, max_length=100)),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
                ('transfer', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.paymenttransfer')),
            ],
            options={
                'db_table': 'payment_breaks',
                'indexes': [
                    models.Index(condition=models.Q(('resolved_at', None)), fields=['seller', 'found_at', 'id'], name='payment_break_open'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'transfer', 'kind'), name='payment_break_once'),
                    models.CheckConstraint(condition=models.Q(('kind__in', [sellerdesk.domain.transfers.BreakKind['AMOUNT'], sellerdesk.domain.transfers.BreakKind['CURRENCY'], sellerdesk.domain.transfers.BreakKind['FAILED_THERE'], sellerdesk.domain.transfers.BreakKind['MISSING_THERE'], sellerdesk.domain.transfers.BreakKind['NOT_SETTLED']])), name='payment_break_known'),
                    sellerdesk.models.tenancy.SameSeller(column='transfer_id', name='payment_break_same_seller', references='payment_transfers'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RefundLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('component', models.CharField(max_length=24)),
                ('amount', models.BigIntegerField()),
                ('deduction', models.BigIntegerField(default=0)),
                ('item', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.orderitem')),
                ('refund', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.refund')),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'refund_lines',
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'refund', 'item', 'component'), name='refund_line_once'),
                    models.CheckConstraint(condition=models.Q(('deduction__gte', 0), models.Q(models.Q(('amount', 0), _negated=True), ('deduction__gt', 0), _connector='OR')), name='refund_line_says_something'),
                    sellerdesk.models.tenancy.SameSeller(column='refund_id', name='refund_line_same_seller', references='refunds'),
                    sellerdesk.models.tenancy.SameSeller(column='item_id', name='refund_line_item_same_seller', references='order_items'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ReturnLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField()),
                ('received', models.PositiveIntegerField(default=0)),
                ('grade', models.CharField(blank=True, max_length=12)),
                ('note', models.CharField(blank=True, max_length=255)),
                ('item', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.orderitem')),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
                ('return_request', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.returnrequest')),
            ],
            options={
                'db_table': 'return_lines',
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'return_request', 'item'), name='return_line_once'),
                    models.CheckConstraint(condition=models.Q(('quantity__gt', 0), ('received__lte', models.F('quantity'))), name='return_line_quantities'),
                    models.CheckConstraint(condition=models.Q(('grade__in', ['', sellerdesk.domain.return_facts.Grade['DAMAGED'], sellerdesk.domain.return_facts.Grade['OPENED_MEDIA'], sellerdesk.domain.return_facts.Grade['REPACK'], sellerdesk.domain.return_facts.Grade['SELLABLE'], sellerdesk.domain.return_facts.Grade['WRONG_ITEM']])), name='return_grade_known'),
                    sellerdesk.models.tenancy.SameSeller(column='return_request_id', name='return_line_same_seller', references='return_requests'),
                    sellerdesk.models.tenancy.SameSeller(column='item_id', name='return_line_item_same_seller', references='order_items'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ReturnRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effect', models.CharField(max_length=10)),
                ('marketplace_id', models.CharField(blank=True, max_length=20)),
                ('sku', models.CharField(blank=True, max_length=100)),
                ('category', models.CharField(blank=True, max_length=60)),
                ('reason', models.CharField(blank=True, max_length=24)),
                ('price_from', models.BigIntegerField(null=True)),
                ('price_to', models.BigIntegerField(null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('active_from', models.DateTimeField()),
                ('active_until', models.DateTimeField(null=True)),
                ('seller', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'return_rules',
                'indexes': [
                    models.Index(fields=['seller', 'active_from'], name='return_rule_by_day'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('effect__in', [sellerdesk.domain.return_settings.Effect['AUTHORIZE'], sellerdesk.domain.return_settings.Effect['MANUAL'], sellerdesk.domain.return_settings.Effect['RETURNLESS']])), name='return_effect_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('price_from', None), ('price_to', None)), models.Q(('currency', ''), _negated=True), _connector='OR'), name='return_rule_in_currency'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ReturnSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('marketplace_id', models.CharField(max_length=20)),
                ('automatic', models.CharField(default='in_policy', max_length=10)),
                ('address', models.JSONField(default=dict)),
                ('instructions', models.TextField(blank=True)),
                ('seller', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'return_settings',
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'marketplace_id'), name='return_setting_once'),
                    models.CheckConstraint(condition=models.Q(('automatic__in', [sellerdesk.domain.return_settings.Automatic['ALL'], sellerdesk.domain.return_settings.Automatic['IN_POLICY'], sellerdesk.domain.return_settings.Automatic['MANUAL']])), name='return_automatic_known'),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name='charge',
            name='refund_within_charge',
        ),
        migrations.RemoveConstraint(
            model_name='deadline',
            name='deadline_once',
        ),
        migrations.AddField(
            model_name='charge',
            name='claimed',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='charge',
            name='refund_pending',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='deadline',
            name='subject',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='orderitem',
            name='refunded',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='orderitem',
            name='in_return',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('charged__gte', 0), ('claimed__gte', 0), ('refund_pending__gte', 0), ('refunded__gte', 0), ('charged__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('refunded'), '+', models.F('refund_pending')), '+', models.F('claimed')))), models.Q(('charged__lt', 0), ('claimed__lte', 0), ('refund_pending__lte', 0), ('refunded__lte', 0), ('charged__lte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('refunded'), '+', models.F('refund_pending')), '+', models.F('claimed')))), _connector='OR'), name='refund_within_charge'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.UniqueConstraint(fields=('seller', 'order', 'kind', 'subject'), name='deadline_once'),
        ),
        migrations.AddConstraint(
            model_name='orderitem',
            constraint=models.CheckConstraint(condition=models.Q(('shipped__gte', models.F('refunded')), ('shipped__gte', models.F('in_return'))), name='order_item_back_within_shipped'),
        ),
        migrations.RunSQL(
            [
                *wall_statements(
                    "concessions", "payment_breaks", "payment_transfers", "refund_lines", "refunds", "return_lines",
                    "return_requests", "return_rules", "return_settings",
                )
            ],
            migrations.RunSQL.noop,
        ),
    ]
