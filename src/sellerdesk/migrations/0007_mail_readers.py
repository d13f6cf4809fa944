"""A mail's reader may be one of the seller's people."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sellerdesk', '0006_messages'),
    ]

    operations = [
        migrations.AlterField(
            model_name='mail',
            name='reader',
            field=models.CharField(max_length=24),
        ),
    ]
