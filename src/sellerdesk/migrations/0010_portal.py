"""How buyers sign in: codes and sessions; buyers found by their address with whichever seller."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sellerdesk', '0009_tallies'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handle', models.CharField(max_length=43, unique=True)),
                ('seed', models.CharField(max_length=43)),
                ('address_digest', models.CharField(max_length=64)),
                ('order_id', models.BigIntegerField(null=True)),
                ('only_order', models.BooleanField()),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(null=True)),
                ('seller', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'access_codes',
                'indexes': [
                    models.Index(fields=['expires_at'], name='access_code_by_expiry'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('order_id', None), ('seller', None)), models.Q(('order_id__isnull', False), ('seller__isnull', False)), _connector='OR'), name='access_code_of_an_order'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AccessSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('address_digest', models.CharField(max_length=64)),
                ('order_id', models.BigIntegerField()),
                ('only_order', models.BooleanField()),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('seller', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='sellerdesk.seller')),
            ],
            options={
                'db_table': 'access_sessions',
                'indexes': [
                    models.Index(fields=['expires_at'], name='access_session_by_expiry'),
                ],
            },
        ),
        migrations.AddIndex(
            model_name='buyercontact',
            index=models.Index(condition=models.Q(('email', ''), _negated=True), fields=['email', 'seller', 'order'], name='buyer_by_email_anywhere'),
        ),
    ]
