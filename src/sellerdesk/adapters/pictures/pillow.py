"""Pictures drawn anew by Pillow: decoded under limits, turned upright, written without anything but the picture."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# A JPEG of several pictures is an everyday photo with a preview; of the others, several pictures are an animation.
_STILL = ("JPEG", "MPO")
_QUALITY = 85
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, MemoryError)


class PictureBroken(Exception):
    """The bytes are not a picture that can be read to its end."""


class PictureHuge(PictureBroken):
    """Its header promises more than could be decoded safely."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture says of itself before it is decoded."""

    width: int
    height: int
    animated: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    content: bytes
    width: int
    height: int


def header(content: bytes) -> Header:
    """Read the header alone. Raises PictureHuge, PictureBroken."""
    try:
        with _opened(content) as picture:
            animated = picture.format not in _STILL and getattr(picture, "is_animated", False)
            return Header(picture.width, picture.height, animated)
    except _BROKEN as error:
        raise PictureBroken from error


def as_jpeg(content: bytes, *, side_max: int) -> Drawn:
    """Draw a picture anew as a JPEG on white, no side longer than `side_max`. Raises PictureBroken."""
    try:
        with _opened(content) as picture:
            # A JPEG can be decoded at a fraction of its size; other formats ignore the hint.
            picture.draft("RGB", (side_max, side_max))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((side_max, side_max))
            plain = _on_white(upright)
    except _BROKEN as error:
        raise PictureBroken from error
    out = BytesIO()
    plain.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return Drawn(out.getvalue(), plain.width, plain.height)


def as_png(content: bytes) -> Drawn:
    """Draw a picture anew as a PNG, point for point: for labels, whose bars must stay sharp. Raises PictureBroken."""
    try:
        with _opened(content) as picture:
            plain = _on_white(picture)
    except _BROKEN as error:
        raise PictureBroken from error
    out = BytesIO()
    plain.save(out, "PNG", optimize=True)
    return Drawn(out.getvalue(), plain.width, plain.height)


def _opened(content: bytes) -> Image.Image:
    try:
        return Image.open(BytesIO(content), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureHuge from error


def _on_white(picture: Image.Image) -> Image.Image:
    """A new picture that holds nothing of the old one but its points."""
    plain = Image.new("RGB", picture.size, "white")
    if picture.has_transparency_data:
        shown = picture.convert("RGBA")
        plain.paste(shown, mask=shown.getchannel("A"))
    else:
        plain.paste(picture.convert("RGB"))
    return plain
