from django.db import migrations, models


class Migration(migrations.Migration):
    """What is on its way is listed and counted without looking at everything that was ever paid out."""

    dependencies = [("sellerdesk", "0016_returns_by_update")]

    operations = [
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                fields=["seller", "id"], name="refund_on_the_way", condition=models.Q(state="RELEASED")
            ),
        ),
    ]
