"""Manage Returns: search by SKU, and lists of one marketplace at the cost of their page."""

from django.db import migrations, models


ALL_SELLERS = "SELECT set_config('sellerdesk.seller', '0', true)"
SKUS = """
UPDATE return_lines l SET sku = i.sku FROM order_items i
 WHERE i.seller_id = l.seller_id AND i.id = l.item_id AND l.sku <> i.sku"""


class Migration(migrations.Migration):

    dependencies = [
        ('sellerdesk', '0017_refund_lists'),
    ]

    operations = [
        migrations.AddField(
            model_name='returnline',
            name='sku',
            field=models.CharField(blank=True, db_default='', max_length=100),
        ),
        migrations.AddIndex(
            model_name='returnline',
            index=models.Index(condition=models.Q(('sku', ''), _negated=True), fields=['seller', 'sku', 'return_request'], name='return_line_by_sku'),
        ),
        migrations.AddIndex(
            model_name='returnrequest',
            index=models.Index(fields=['seller', 'marketplace_id', 'state', 'requested_at', 'id'], name='return_by_place'),
        ),
        migrations.RunSQL([ALL_SELLERS, SKUS], migrations.RunSQL.noop),
    ]
