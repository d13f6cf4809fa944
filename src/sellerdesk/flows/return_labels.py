"""Take a seller's label from a form: a PDF as it is, a picture drawn anew."""

import hashlib

from sellerdesk.adapters.pictures.pillow import PictureBroken, PictureHuge, as_png, header
from sellerdesk.domain import photos
from sellerdesk.domain.attachments import PDF, STORED_MAX, Attachment, CheckedFile, plain_name, sniff, too_big
from sellerdesk.domain.photos import PhotoFault, photo_refused
from sellerdesk.domain.refusals import Code, refuse

PLACE = "label_file"


def clean_label(file: Attachment) -> CheckedFile:
    """A label as it may be kept, for `Authorize.label_file`. A PDF can hold anything: hand it out as a download only.

    Raises Refusal MISSING_VALUE (empty), ATTACHMENT_TOO_BIG, ATTACHMENT_TYPE (neither PDF nor PNG), PHOTO_REFUSED.
    """
    if not file.content:
        raise refuse(Code.MISSING_VALUE, place=PLACE)
    if len(file.content) > STORED_MAX:
        raise too_big(len(file.content), STORED_MAX)
    kind = sniff(file.content)
    if kind not in (PDF, "image/png"):
        raise refuse(Code.ATTACHMENT_TYPE, place=PLACE, kind=kind)
    content = file.content if kind == PDF else _drawn(file.content)
    ending = ".pdf" if kind == PDF else ".png"
    stem = plain_name(file.name).rpartition(".")[0] or "label"
    return CheckedFile(f"{stem}{ending}", kind, kind, hashlib.sha256(content).hexdigest(), content)


def _drawn(content: bytes) -> bytes:
    try:
        seen = header(content)
        photos.check_size(seen.width, seen.height, PLACE)
        return as_png(content).content
    except PictureHuge:
        raise photo_refused(PLACE, PhotoFault.PIXELS) from None
    except PictureBroken:
        raise photo_refused(PLACE, PhotoFault.BROKEN) from None
