"""Returns in the order of their last step, for programs that follow what changed."""

from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Greatest


class Migration(migrations.Migration):

    dependencies = [
        ('sellerdesk', '0013_return_files'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='returnrequest',
            index=models.Index(
                F('seller'),
                Greatest(
                    'requested_at', 'authorized_at', 'in_transit_at', 'received_at', 'inspected_at', 'partial_at',
                    'ended_at',
                ),
                F('id'),
                name='return_by_updated',
            ),
        ),
    ]
