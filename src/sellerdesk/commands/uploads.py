"""Places for files that programs hand in before they use them (spapi 6)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sellerdesk.models.sql import run
from sellerdesk.models.tenancy import choose_seller


@dataclass(frozen=True, slots=True)
class NewUpload:
    """A place for one file. `content_md5` is hexadecimal; `expires_at` is when its address stops taking the bytes."""

    public_id: str
    resource: str
    content_md5: str
    content_type: str
    expires_at: datetime


def open_upload(seller_id: int, upload: NewUpload, *, now: datetime) -> None:
    """Make a place for a file."""
    choose_seller(seller_id)
    with transaction.atomic(durable=True):
        run(
            "INSERT INTO upload_destinations (seller_id, public_id, resource, content_md5, content_type, created_at,"
            " expires_at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [
                seller_id,
                upload.public_id,
                upload.resource,
                upload.content_md5,
                upload.content_type,
                now,
                upload.expires_at,
            ],
        )


def store_upload(seller_id: int, public_id: str, content: bytes, content_md5: str, *, now: datetime) -> bool:
    """Put the bytes in their place; the same bytes again change nothing.

    False when there is no such place, its time is over, or the bytes are not the ones that were promised.
    """
    choose_seller(seller_id)
    with transaction.atomic(durable=True):
        changed = run(
            "UPDATE upload_destinations SET content = %s, stored_at = coalesce(stored_at, %s)"
            " WHERE seller_id = %s AND public_id = %s AND content_md5 = %s AND expires_at > %s",
            [content, now, seller_id, public_id, content_md5, now],
        )
    return changed > 0
