"""Photos and labels of returns: taken as base64, handed out as what they were drawn as (trust P19)."""

import base64
import binascii
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from ninja import Router

from sellerdesk.domain.actors import Permission
from sellerdesk.domain.attachments import Attachment, CheckedFile
from sellerdesk.domain.photos import Photo
from sellerdesk.domain.refusals import Code, refuse
from sellerdesk.flows.photos import clean_photos
from sellerdesk.flows.return_labels import clean_label
from sellerdesk.interfaces.api import filters
from sellerdesk.interfaces.api.calls import known_form, principal
from sellerdesk.interfaces.api.describing import described
from sellerdesk.interfaces.api.problems import simple
from sellerdesk.interfaces.api.return_shapes import NewFile
from sellerdesk.queries.return_photos import photo

BYTES_MOST = 15 * 1024 * 1024
JPEG = "image/jpeg"
router = Router(tags=["Returns"], by_alias=True)
_GIVEN = {
    200: {"description": "The photo.", "content": {JPEG: {"schema": {"type": "string", "format": "binary"}}}}
}


def cleaned(files: Sequence[NewFile], place: str = "photos") -> tuple[Photo, ...]:
    """Photos as they may be kept.

    Raises Refusal INVALID_VALUE (no base64), TOO_MANY_ATTACHMENTS, ATTACHMENT_TOO_BIG, PHOTO_REFUSED.
    """
    return clean_photos([_decoded(one, f"{place}[{index}].content") for index, one in enumerate(files)])


def label(file: NewFile | None) -> CheckedFile | None:
    """A label as it may be kept. Raises Refusal INVALID_VALUE, ATTACHMENT_TOO_BIG, ATTACHMENT_TYPE, PHOTO_REFUSED."""
    return None if file is None else clean_label(_decoded(file, "labelFile.content"))


_EXTRA = described({Code.FORBIDDEN, Code.ORDER_NOT_FOUND})


@router.get(
    "/{order_number}/returns/{rma}/photos/{photo_id}",
    operation_id="getReturnPhoto",
    openapi_extra=_EXTRA | {"responses": _EXTRA["responses"] | _GIVEN},
)
def show(request: HttpRequest, order_number: str, rma: str, photo_id: str) -> HttpResponse:
    """A photo, as a JPEG without metadata; send `Accept: image/jpeg`. 404 when there is none. Personal: needs the
    scope buyers.read besides.
    """
    who = principal(request)
    who.demand(Permission.ORDERS_READ)
    who.demand(Permission.BUYERS_READ)
    filters.check_names(request, frozenset())
    number = known_form(order_number)
    known = photo_id.isascii() and photo_id.isdigit() and len(photo_id) < 19
    found = photo(who.seller_id, rma, int(photo_id)) if known else None
    if found is None or found.order_number != number or found.kind != JPEG:
        raise simple(404, "not_found", "There is no such photo.")
    answer = HttpResponse(found.content, content_type=JPEG)
    answer["Content-Disposition"] = f'attachment; filename="return-photo-{photo_id}.jpg"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _decoded(one: NewFile, place: str) -> Attachment:
    try:
        content = base64.b64decode(one.content, validate=True)
    except (binascii.Error, ValueError):
        expected = "base64 with padding"
        raise refuse(Code.INVALID_VALUE, place=place, value=one.content[:40], expected=expected) from None
    return Attachment(one.file_name, "", content)
