"""Files that programs have handed in."""

from collections.abc import Collection
from dataclasses import dataclass

from sellerdesk.models.sql import rows
from sellerdesk.models.tenancy import scoped


@dataclass(frozen=True, slots=True)
class UploadView:
    """A place for a file. `content` None: the bytes have not come yet."""

    resource: str
    content_md5: str
    content_type: str
    content: bytes | None


def read_uploads(seller_id: int, public_ids: Collection[str]) -> dict[str, UploadView]:
    """The seller's places of these names, with their bytes."""
    with scoped(seller_id):
        found = rows(
            "SELECT public_id, resource, content_md5, content_type, content FROM upload_destinations"
            " WHERE seller_id = %s AND public_id = ANY(ARRAY(SELECT unnest(%s::text[])))",
            [seller_id, list(public_ids)],
        )
    return {
        name: UploadView(*[*said, None if content is None else bytes(content)])
        for name, *said, content in found
    }
