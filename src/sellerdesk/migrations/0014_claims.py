"""Claims with their parts and texts, feedback, chargebacks; transfers that pay claims."""

import django.db.models.deletion
import sellerdesk.domain.claim_facts
import sellerdesk.domain.feedback
import sellerdesk.models.tenancy
from django.db import migrations, models

from sellerdesk.models.guards import wall_statements


class Migration(migrations.Migration):

    dependencies = [
        ('sellerdesk', '0013_return_files'),
    ]

    operations = [
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rating', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('removal_reason', models.CharField(blank=True, max_length=20)),
                ('order', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.order')),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'feedback',
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'order'), name='feedback_once'),
                    models.CheckConstraint(condition=models.Q(('rating__gte', 1), ('rating__lte', 5)), name='feedback_rating_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('removal_reason', ''), ('removed_at', None)), models.Q(('removal_reason__in', [sellerdesk.domain.feedback.RemovalReason['ABOUT_THE_PRODUCT'], sellerdesk.domain.feedback.RemovalReason['BUYER'], sellerdesk.domain.feedback.RemovalReason['INDECENT'], sellerdesk.domain.feedback.RemovalReason['OTHER'], sellerdesk.domain.feedback.RemovalReason['PERSONAL_DATA'], sellerdesk.domain.feedback.RemovalReason['WAREHOUSE']]), ('removed_at__isnull', False)), _connector='OR'), name='feedback_removed_with_reason'),
                    sellerdesk.models.tenancy.SameSeller(column='order_id', name='feedback_same_seller', references='orders'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Chargeback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=60)),
                ('kind', models.CharField(max_length=8)),
                ('amount', models.BigIntegerField()),
                ('currency', sellerdesk.models.tenancy.CurrencyField(max_length=3)),
                ('at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('outcome', models.CharField(blank=True, max_length=10)),
                ('closed_at', models.DateTimeField(null=True)),
                ('order', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.order')),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'chargebacks',
                'indexes': [
                    models.Index(fields=['seller', 'order'], name='chargeback_of_order'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'reference'), name='chargeback_once'),
                    models.CheckConstraint(condition=models.Q(('kind__in', [sellerdesk.domain.feedback.ChargebackKind['FRAUD'], sellerdesk.domain.feedback.ChargebackKind['SERVICE']])), name='chargeback_kind_known'),
                    models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='chargeback_positive'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('outcome', '')), models.Q(('closed_at__isnull', False), ('outcome__in', [sellerdesk.domain.feedback.ChargebackOutcome['LOST'], sellerdesk.domain.feedback.ChargebackOutcome['WITHDRAWN'], sellerdesk.domain.feedback.ChargebackOutcome['WON']])), _connector='OR'), name='chargeback_closed_with_outcome'),
                    sellerdesk.models.tenancy.SameSeller(column='order_id', name='chargeback_same_seller', references='orders'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('marketplace_id', models.CharField(max_length=20)),
                ('reference', models.CharField(max_length=12)),
                ('kind', models.CharField(max_length=20)),
                ('state', models.CharField(max_length=22)),
                ('amount', models.BigIntegerField()),
                ('currency', sellerdesk.models.tenancy.CurrencyField(max_length=3)),
                ('filed_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.CharField(blank=True, max_length=100)),
                ('cause', models.CharField(blank=True, max_length=20)),
                ('fault', models.CharField(blank=True, max_length=8)),
                ('funding', models.CharField(blank=True, max_length=12)),
                ('paid', models.BigIntegerField(default=0)),
                ('debited', models.BigIntegerField(default=0)),
                ('defect', models.BooleanField(default=False)),
                ('appeal_until', models.DateTimeField(null=True)),
                ('appealed_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('money_reversed', models.BooleanField(default=False)),
                ('defect_reversed', models.BooleanField(default=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('order', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.order')),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'claims',
                'indexes': [
                    models.Index(fields=['seller', 'order', 'id'], name='claim_of_order'),
                    models.Index(fields=['seller', 'state', '-filed_at', '-id'], include=('marketplace_id', 'appeal_until'), name='claim_by_state'),
                    models.Index(fields=['seller', '-filed_at', '-id'], include=('marketplace_id',), name='claim_by_filed'),
                    models.Index(condition=models.Q(('state__in', [sellerdesk.domain.claim_facts.ClaimState['ACTION_REQUIRED'], sellerdesk.domain.claim_facts.ClaimState['APPEAL_INFO_REQUIRED']])), fields=['seller', 'due_at', 'id'], name='claim_by_due'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'id'), name='claim_of_seller'),
                    models.UniqueConstraint(fields=('seller', 'reference'), name='claim_reference_once'),
                    models.UniqueConstraint(condition=models.Q(('state__in', [sellerdesk.domain.claim_facts.ClaimState['ACTION_REQUIRED'], sellerdesk.domain.claim_facts.ClaimState['FILED'], sellerdesk.domain.claim_facts.ClaimState['UNDER_REVIEW']])), fields=('seller', 'order'), name='claim_open_once'),
                    models.CheckConstraint(condition=models.Q(('state__in', [sellerdesk.domain.claim_facts.ClaimState['ACTION_REQUIRED'], sellerdesk.domain.claim_facts.ClaimState['APPEALED'], sellerdesk.domain.claim_facts.ClaimState['APPEAL_DENIED'], sellerdesk.domain.claim_facts.ClaimState['APPEAL_INFO_REQUIRED'], sellerdesk.domain.claim_facts.ClaimState['DENIED'], sellerdesk.domain.claim_facts.ClaimState['FILED'], sellerdesk.domain.claim_facts.ClaimState['GRANTED'], sellerdesk.domain.claim_facts.ClaimState['REFUNDED_BY_SELLER'], sellerdesk.domain.claim_facts.ClaimState['REVERSED'], sellerdesk.domain.claim_facts.ClaimState['UNDER_REVIEW'], sellerdesk.domain.claim_facts.ClaimState['WITHDRAWN']])), name='claim_state_known'),
                    models.CheckConstraint(condition=models.Q(('kind__in', [sellerdesk.domain.claim_facts.ClaimKind['NOT_AS_DESCRIBED'], sellerdesk.domain.claim_facts.ClaimKind['NOT_RECEIVED'], sellerdesk.domain.claim_facts.ClaimKind['NOT_REFUNDED']])), name='claim_kind_known'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state__in', [sellerdesk.domain.claim_facts.ClaimState['ACTION_REQUIRED'], sellerdesk.domain.claim_facts.ClaimState['APPEAL_INFO_REQUIRED']]), ('due_at__isnull', False)), models.Q(models.Q(('state__in', [sellerdesk.domain.claim_facts.ClaimState['ACTION_REQUIRED'], sellerdesk.domain.claim_facts.ClaimState['APPEAL_INFO_REQUIRED']]), _negated=True), ('due_at', None)), _connector='OR'), name='claim_due_while_asked'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state__in', [sellerdesk.domain.claim_facts.ClaimState['ACTION_REQUIRED'], sellerdesk.domain.claim_facts.ClaimState['FILED'], sellerdesk.domain.claim_facts.ClaimState['UNDER_REVIEW']]), ('decided_at', None)), models.Q(models.Q(('state__in', [sellerdesk.domain.claim_facts.ClaimState['ACTION_REQUIRED'], sellerdesk.domain.claim_facts.ClaimState['FILED'], sellerdesk.domain.claim_facts.ClaimState['UNDER_REVIEW']]), _negated=True), ('decided_at__isnull', False), models.Q(('decided_by', ''), _negated=True)), _connector='OR'), name='claim_decided_by_somebody'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['GRANTED', 'APPEALED', 'APPEAL_INFO_REQUIRED', 'REVERSED', 'APPEAL_DENIED']), _negated=True), models.Q(('cause__in', [sellerdesk.domain.claim_facts.ClaimCause['NOT_CONFIRMED'], sellerdesk.domain.claim_facts.ClaimCause['OPERATOR'], sellerdesk.domain.claim_facts.ClaimCause['PROTECTED_LABEL'], sellerdesk.domain.claim_facts.ClaimCause['REFUSED_DELIVERY'], sellerdesk.domain.claim_facts.ClaimCause['SILENCE']]), ('fault__in', [sellerdesk.domain.claim_facts.Fault['BUYER'], sellerdesk.domain.claim_facts.Fault['CARRIER'], sellerdesk.domain.claim_facts.Fault['NOBODY'], sellerdesk.domain.claim_facts.Fault['SELLER']]), ('funding__in', [sellerdesk.domain.claim_facts.Funding['MARKETPLACE'], sellerdesk.domain.claim_facts.Funding['SELLER']])), _connector='OR'), name='claim_granted_with_cause'),
                    models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('debited__gte', 0), ('debited__lte', models.F('paid')), ('paid__gte', 0), models.Q(('state__in', ['GRANTED', 'APPEALED', 'APPEAL_INFO_REQUIRED', 'REVERSED', 'APPEAL_DENIED']), ('paid', 0), _connector='OR')), name='claim_amounts'),
                    models.CheckConstraint(condition=models.Q(('debited', 0), models.Q(('debited', models.F('paid')), ('funding', 'seller')), _connector='OR'), name='claim_debits_the_payer'),
                    models.CheckConstraint(condition=models.Q(('money_reversed', False), models.Q(('debited__gt', 0), ('state', 'REVERSED')), _connector='OR'), name='claim_money_reversed_once'),
                    models.CheckConstraint(condition=models.Q(('defect_reversed', False), models.Q(('defect', False), ('state', 'REVERSED')), _connector='OR'), name='claim_defect_reversed_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'REVERSED'), _negated=True), ('money_reversed', True), ('defect_reversed', True), _connector='OR'), name='claim_reversed_what'),
                    sellerdesk.models.tenancy.SameSeller(column='order_id', name='claim_order_same_seller', references='orders'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ClaimPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('component', models.CharField(max_length=24)),
                ('amount', models.BigIntegerField()),
                ('claim', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.claim')),
                ('item', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.orderitem')),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'claim_parts',
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'claim', 'item', 'component'), name='claim_part_once'),
                    models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='claim_part_says_something'),
                    sellerdesk.models.tenancy.SameSeller(column='claim_id', name='claim_part_same_seller', references='claims'),
                    sellerdesk.models.tenancy.SameSeller(column='item_id', name='claim_part_item_same_seller', references='order_items'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ClaimText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=16)),
                ('party', models.CharField(max_length=8)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
                ('claim', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.claim')),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'claim_texts',
                'indexes': [
                    models.Index(fields=['seller', 'claim', 'id'], name='claim_text_of_claim'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kind__in', [sellerdesk.domain.claim_facts.TextKind['ANSWER'], sellerdesk.domain.claim_facts.TextKind['APPEAL'], sellerdesk.domain.claim_facts.TextKind['APPEAL_ANSWER'], sellerdesk.domain.claim_facts.TextKind['APPEAL_DECISION'], sellerdesk.domain.claim_facts.TextKind['APPEAL_QUESTION'], sellerdesk.domain.claim_facts.TextKind['DECISION'], sellerdesk.domain.claim_facts.TextKind['FILED'], sellerdesk.domain.claim_facts.TextKind['QUESTION']])), name='claim_text_kind_known'),
                    sellerdesk.models.tenancy.SameSeller(column='claim_id', name='claim_text_same_seller', references='claims'),
                ],
            },
        ),
        migrations.AlterField(
            model_name='paymenttransfer',
            name='refund',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.refund'),
        ),
        migrations.AddField(
            model_name='paymenttransfer',
            name='claim',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.claim'),
        ),
        migrations.AddConstraint(
            model_name='paymenttransfer',
            constraint=models.UniqueConstraint(fields=('seller', 'claim'), name='transfer_of_claim_once'),
        ),
        migrations.AddConstraint(
            model_name='paymenttransfer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim', None), ('refund__isnull', False)), models.Q(('claim__isnull', False), ('refund', None)), _connector='OR'), name='transfer_pays_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='paymenttransfer',
            constraint=sellerdesk.models.tenancy.SameSeller(column='claim_id', name='transfer_claim_same_seller', references='claims'),
        ),
        migrations.RunSQL(
            [*wall_statements("chargebacks", "claim_parts", "claim_texts", "claims", "feedback")],
            migrations.RunSQL.noop,
        ),
    ]
