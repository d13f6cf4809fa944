"""Buyers who were asked for a review, and files that programs hand in before they use them."""

import django.db.models.deletion
import sellerdesk.models.tenancy
from django.db import migrations, models

from sellerdesk.models.guards import wall_statements


class Migration(migrations.Migration):

    dependencies = [
        ('sellerdesk', '0010_portal'),
    ]

    operations = [
        migrations.CreateModel(
            name='Solicitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('delivered_at', models.DateTimeField()),
                ('order', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.order')),
                ('seller', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'solicitations',
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'order'), name='solicitation_once'),
                    sellerdesk.models.tenancy.SameSeller(column='order_id', name='solicitation_same_seller', references='orders'),
                ],
            },
        ),
        migrations.CreateModel(
            name='UploadDestination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(max_length=80)),
                ('resource', models.CharField(max_length=200)),
                ('content_md5', models.CharField(max_length=32)),
                ('content_type', models.CharField(blank=True, max_length=100)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('stored_at', models.DateTimeField(null=True)),
                ('content', models.BinaryField(null=True)),
                ('seller', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'upload_destinations',
                'indexes': [
                    models.Index(fields=['expires_at'], name='upload_by_expiry'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('seller', 'public_id'), name='upload_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('content', None), ('stored_at', None)), models.Q(('content__isnull', False), ('stored_at__isnull', False)), _connector='OR'), name='upload_stored_with_content'),
                ],
            },
        ),
        migrations.RunSQL([*wall_statements("solicitations", "upload_destinations")], migrations.RunSQL.noop),
    ]
