"""Take photos from a form: look at them, draw them anew, hand on what may be kept."""

from collections.abc import Sequence

from sellerdesk.adapters.pictures.pillow import PictureBroken, PictureHuge, as_jpeg, header
from sellerdesk.domain import photos
from sellerdesk.domain.attachments import Attachment
from sellerdesk.domain.photos import SIDE_MAX, Photo, PhotoFault, photo_refused


def clean_photos(files: Sequence[Attachment]) -> tuple[Photo, ...]:
    """Photos as they may be kept, for `ReturnAsked.photos` and `Inspect.photos`; all of them or none.

    Raises Refusal TOO_MANY_ATTACHMENTS, ATTACHMENT_TOO_BIG, PHOTO_REFUSED (`why` is of PhotoFault).
    """
    photos.check_files(files)
    return tuple(_cleaned(one, number) for number, one in enumerate(files, 1))


def _cleaned(one: Attachment, number: int) -> Photo:
    place = f"photo {number}"
    try:
        seen = header(one.content)
        photos.check_size(seen.width, seen.height, place)
        if seen.animated:
            raise photo_refused(place, PhotoFault.ANIMATED)
        drawn = as_jpeg(one.content, side_max=SIDE_MAX)
    except PictureHuge:
        raise photo_refused(place, PhotoFault.PIXELS) from None
    except PictureBroken:
        raise photo_refused(place, PhotoFault.BROKEN) from None
    return Photo(photos.photo_name(one.name, number), drawn.content, drawn.width, drawn.height)
