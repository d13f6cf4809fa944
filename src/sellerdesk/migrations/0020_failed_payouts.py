"""What the operator can pay again: claims whose payout failed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sellerdesk', '0019_refund_author'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='paymenttransfer',
            index=models.Index(condition=models.Q(('claim__isnull', False), ('state', 'failed')), fields=['id'], name='transfer_of_claim_failed'),
        ),
    ]
