"""Who asked for a refund, by identity: names can be changed, and the second person must be another one."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sellerdesk', '0018_return_lists'),
    ]

    operations = [
        migrations.AddField(
            model_name='refund',
            name='author_id',
            field=models.CharField(db_default='', default='', max_length=120),
        ),
    ]
