"""How buyers sign in: codes that were mailed, and the sessions they opened. Neither holds an address or a code.

Both stand outside the sellers' walls, because they are read to find out whose rows may be seen; what they point at is
an order, by its ids, and it is from that order's own contact that the address is read each time.
"""

from django.db import models
from django.db.models import CheckConstraint, Index, Q

from sellerdesk.models.accounts import Seller


class AccessCode(models.Model):
    """A code that somebody asked for. One that matches no order looks and behaves like any other, but opens nothing."""

    handle = models.CharField(max_length=43, unique=True)  # names the attempt; random, no secret
    seed = models.CharField(max_length=43)  # the code follows from it and the installation's key
    address_digest = models.CharField(max_length=64)
    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, null=True, db_index=False, related_name="+")
    order_id = models.BigIntegerField(null=True)  # the newest matching order; null: none matched
    only_order = models.BooleanField()  # opens this order alone, not all of the address
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_codes"
        constraints = [
            CheckConstraint(
                condition=Q(seller=None, order_id=None) | Q(seller__isnull=False, order_id__isnull=False),
                name="access_code_of_an_order",
            ),
        ]
        indexes = [Index(fields=["expires_at"], name="access_code_by_expiry")]


class AccessSession(models.Model):
    """A signed-in buyer; only the SHA-256 of the cookie is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    address_digest = models.CharField(max_length=64)
    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, db_index=False, related_name="+")
    order_id = models.BigIntegerField()
    only_order = models.BooleanField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "access_sessions"
        indexes = [Index(fields=["expires_at"], name="access_session_by_expiry")]
