"""Photos of goods that come back: what may be handed in, and what is kept of it (rulebook 3.4; trust P19).

The first bytes say what a file is, never its name. What passes is drawn anew before it is stored, so that neither
the place where it was taken nor anything hidden behind the picture travels on. Drawing is the caller's; a `Photo` is
its result.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sellerdesk.domain.attachments import Attachment, plain_name, sniff, too_big
from sellerdesk.domain.refusals import Code, Refusal, refuse

# They bound the memory and the time that one form can take of the server, in every marketplace: no policy rows.
PHOTOS_MAX = 6  # as many sides as a thing has
PHOTO_BYTES_MAX = 10 * 1024 * 1024  # twice what a phone's camera makes of its usual twelve megapixels
PIXELS_MAX = 32_000_000  # decoded, about 100 MB
SIDE_MAX = 2048  # of what is kept: enough to see a scratch
MEGA = 1_000_000

KIND = "image/jpeg"  # of every photo that is kept
_TAKEN = frozenset({KIND, "image/png", "image/webp", "image/gif"})


class PhotoFault(StrEnum):
    """Why a file is not taken as a photo."""

    EMPTY = "empty"
    KIND = "kind"  # not JPEG, PNG, WebP or GIF
    PIXELS = "pixels"
    ANIMATED = "animated"
    BROKEN = "broken"  # cut off, or not what it says


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that was looked at and drawn anew: always a JPEG, without metadata, no side longer than SIDE_MAX."""

    name: str
    content: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def photo_refused(place: str, why: PhotoFault) -> Refusal:
    """PHOTO_REFUSED for the file at a place."""
    return refuse(Code.PHOTO_REFUSED, place=place, why=why.value, megapixels=PIXELS_MAX // MEGA)


def check_files(files: Sequence[Attachment]) -> None:
    """Look at files before anything decodes them.

    Raises Refusal TOO_MANY_ATTACHMENTS, ATTACHMENT_TOO_BIG, PHOTO_REFUSED (empty, or of a kind that is not taken).
    """
    if len(files) > PHOTOS_MAX:
        raise refuse(Code.TOO_MANY_ATTACHMENTS, count=len(files), most=PHOTOS_MAX)
    for number, one in enumerate(files, 1):
        place = f"photo {number}"
        if not one.content:
            raise photo_refused(place, PhotoFault.EMPTY)
        if len(one.content) > PHOTO_BYTES_MAX:
            raise too_big(len(one.content), PHOTO_BYTES_MAX)
        if sniff(one.content) not in _TAKEN:
            raise photo_refused(place, PhotoFault.KIND)


def check_size(width: int, height: int, place: str) -> None:
    """Look at what a header says before the picture is decoded. Raises Refusal PHOTO_REFUSED."""
    if width * height > PIXELS_MAX:
        raise photo_refused(place, PhotoFault.PIXELS)


def photo_name(name: str, number: int) -> str:
    """What a photo is called once it is a JPEG, whatever it was before."""
    stem = plain_name(name, number=number).rpartition(".")[0] or f"photo-{number}"
    return f"{stem}.jpg"


def check_kept(photos: Sequence[Photo]) -> None:
    """What every command asks of the photos it is handed. Raises Refusal TOO_MANY_ATTACHMENTS, PHOTO_REFUSED."""
    if len(photos) > PHOTOS_MAX:
        raise refuse(Code.TOO_MANY_ATTACHMENTS, count=len(photos), most=PHOTOS_MAX)
    for number, one in enumerate(photos, 1):
        if len(one.content) > PHOTO_BYTES_MAX or sniff(one.content) != KIND:
            raise photo_refused(f"photo {number}", PhotoFault.KIND)
