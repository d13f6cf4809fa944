"""What the buyer's payment is called, breaks with what was found out, and what sellers were paid."""

import django.db.models.deletion
import sellerdesk.models.tenancy
from django.db import migrations, models

from sellerdesk.models.guards import wall_statements


class Migration(migrations.Migration):

    dependencies = [
        ('sellerdesk', '0014_claims'),
    ]

    operations = [
        migrations.CreateModel(
            name='SellerPayout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=60)),
                ('currency', sellerdesk.models.tenancy.CurrencyField(max_length=3)),
                ('amount', models.BigIntegerField()),
                ('period_from', models.DateTimeField(null=True)),
                ('period_until', models.DateTimeField()),
                ('at', models.DateTimeField()),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
                ('transaction', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.ledgertransaction')),
            ],
            options={
                'db_table': 'seller_payouts',
                'indexes': [
                    models.Index(fields=['seller', 'currency', 'period_until'], name='payout_by_period'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'reference'), name='payout_reference_once'),
                    models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payout_positive'),
                    models.CheckConstraint(condition=models.Q(('period_from', None), ('period_from__lt', models.F('period_until')), _connector='OR'), name='payout_period'),
                    sellerdesk.models.tenancy.SameSeller(column='transaction_id', name='payout_same_seller', references='ledger_transactions'),
                ],
            },
        ),
        migrations.AddField(
            model_name='order',
            name='payment_reference',
            field=models.CharField(blank=True, db_default='', max_length=100),
        ),
        migrations.AddField(
            model_name='paymentbreak',
            name='reason',
            field=models.CharField(blank=True, db_default='', max_length=500),
        ),
        migrations.AddField(
            model_name='paymenttransfer',
            name='check_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='ledgertransaction',
            index=models.Index(fields=['seller', 'at', 'id'], name='ledger_by_time'),
        ),
        migrations.AddIndex(
            model_name='paymenttransfer',
            index=models.Index(condition=models.Q(('check_at__isnull', False), ('state', 'done')), fields=['check_at', 'id'], name='transfer_to_check'),
        ),
        migrations.RunSQL(
            [
                *wall_statements("seller_payouts"),
                # Refunds that were paid before are compared once more.
                "UPDATE payment_transfers SET check_at = closed_at WHERE state = 'done'",
            ],
            migrations.RunSQL.noop,
        ),
    ]
