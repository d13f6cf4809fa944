"""How many orders were placed in each hour, so that a rate over days need not count them (limits L8, L9)."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q

from sellerdesk.models.tenancy import OwnedModel


class OrderTally(OwnedModel):
    """Orders of one marketplace and channel that were placed in one hour of UTC: the sum of the rows of a key.

    Whoever writes new orders adds rows (`is_delta`) and changes none, so that nobody waits for a busy hour's row; the
    worker adds the rows of a key up into one. Readers sum, and so see the same number before and after.
    """

    marketplace_id = models.CharField(max_length=20)
    channel = models.CharField(max_length=3)
    hour = models.DateTimeField()
    orders = models.IntegerField()
    is_delta = models.BooleanField()

    class Meta:
        db_table = "order_tallies"
        constraints = [CheckConstraint(condition=~Q(orders=0), name="order_tally_of_something")]
        indexes = [
            Index(
                fields=["seller", "marketplace_id", "channel", "hour"],
                include=["orders"],
                name="order_tally_by_hour",
            ),
            Index(fields=["seller", "id"], condition=Q(is_delta=True), name="order_tally_deltas"),
        ]
