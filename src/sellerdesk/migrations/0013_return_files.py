"""Photos and labels of returns, and what partial receipts, parcels that turn round and bought labels need."""

import django.db.models.deletion
import django.db.models.expressions
import sellerdesk.models.tenancy
from django.db import migrations, models

from sellerdesk.models.guards import wall_statements


class Migration(migrations.Migration):

    dependencies = [
        ('sellerdesk', '0012_returns'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReturnLabel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('file', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.storedfile')),
                ('return_request', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.returnrequest')),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'return_labels',
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'return_request'), name='return_label_once'),
                    sellerdesk.models.tenancy.SameSeller(column='return_request_id', name='return_label_same_seller', references='return_requests'),
                    sellerdesk.models.tenancy.SameSeller(column='file_id', name='return_label_file_same_seller', references='stored_files'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ReturnPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.CharField(max_length=10)),
                ('name', models.CharField(max_length=120)),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('file', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.storedfile')),
                ('return_request', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.returnrequest')),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'return_photos',
                'indexes': [
                    models.Index(fields=['seller', 'return_request', 'id'], name='return_photo_of_return'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('by__in', ['buyer', 'warehouse'])), name='return_photo_by_known'),
                    sellerdesk.models.tenancy.SameSeller(column='return_request_id', name='return_photo_same_seller', references='return_requests'),
                    sellerdesk.models.tenancy.SameSeller(column='file_id', name='return_photo_file_same_seller', references='stored_files'),
                ],
            },
        ),
        migrations.AddField(
            model_name='returnline',
            name='sellable',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='returnline',
            name='unsellable',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='returnrequest',
            name='delivered_back_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='returnrequest',
            name='international',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='returnrequest',
            name='label_cost',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='returnrequest',
            name='label_payer',
            field=models.CharField(blank=True, db_default='', max_length=6),
        ),
        migrations.AddField(
            model_name='returnrequest',
            name='package',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.package'),
        ),
        migrations.AddConstraint(
            model_name='returnline',
            constraint=models.CheckConstraint(condition=models.Q(('received__gte', django.db.models.expressions.CombinedExpression(models.F('sellable'), '+', models.F('unsellable')))), name='return_line_graded_once'),
        ),
        migrations.AddConstraint(
            model_name='returnrequest',
            constraint=models.CheckConstraint(condition=models.Q(('label_cost', None), ('label_cost__gte', 0), _connector='OR'), name='return_label_cost_positive'),
        ),
        migrations.AddConstraint(
            model_name='returnrequest',
            constraint=sellerdesk.models.tenancy.SameSeller(column='package_id', name='return_package_same_seller', references='packages'),
        ),
        migrations.RunSQL([*wall_statements("return_labels", "return_photos")], migrations.RunSQL.noop),
    ]
