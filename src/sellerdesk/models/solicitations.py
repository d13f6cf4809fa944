"""Buyers who were asked for a review, and files that programs hand in before they use them."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from sellerdesk.models.tenancy import OwnedModel, SameSeller, TenantModel, to_own


class Solicitation(TenantModel):
    """The buyer of an order was asked for a review and for feedback: once, whoever asks. Append-only."""

    order = to_own("sellerdesk.Order")
    at = models.DateTimeField()
    delivered_at = models.DateTimeField()  # what the window was counted from

    class Meta:
        db_table = "solicitations"
        constraints = [
            UniqueConstraint(fields=["seller", "order"], name="solicitation_once"),
            SameSeller(name="solicitation_same_seller", column="order_id", references="orders"),
        ]


class UploadDestination(OwnedModel):
    """A place for one file of a program, until it is used in a message or forgotten. The bytes are personal."""

    public_id = models.CharField(max_length=80)
    resource = models.CharField(max_length=200)  # the operation that it was made for
    content_md5 = models.CharField(max_length=32)  # hexadecimal: what the program promised to send
    content_type = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()  # of its address
    stored_at = models.DateTimeField(null=True)
    content = models.BinaryField(null=True)

    class Meta:
        db_table = "upload_destinations"
        constraints = [
            UniqueConstraint(fields=["seller", "public_id"], name="upload_once"),
            CheckConstraint(
                condition=Q(content=None, stored_at=None) | Q(content__isnull=False, stored_at__isnull=False),
                name="upload_stored_with_content",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="upload_by_expiry")]
