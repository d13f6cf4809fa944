"""Photos on their way in: what is refused before it is decoded, and what is left of what passes (trust P19)."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from sellerdesk.domain import photos
from sellerdesk.domain.attachments import Attachment, sniff
from sellerdesk.domain.photos import PHOTOS_MAX, SIDE_MAX, PhotoFault
from sellerdesk.domain.refusals import Code, Refusal
from sellerdesk.flows.photos import clean_photos


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    out = BytesIO()
    Image.new(more.pop("mode", "RGB"), size, more.pop("colour", "orange")).save(out, form, **more)
    return out.getvalue()


def a_file(content: bytes, name: str = "photo.jpg") -> Attachment:
    return Attachment(name, "image/jpeg", content)


def refusal(*files: Attachment) -> Refusal:
    with pytest.raises(Refusal) as caught:
        clean_photos(files)
    return caught.value


def a_bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises so many points."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def an_animation(form: str) -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green")]
    out = BytesIO()
    frames[0].save(out, form, save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", PhotoFault.EMPTY),
        (b"<html><script>alert(1)</script>", PhotoFault.KIND),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", PhotoFault.KIND),
        (b"%PDF-1.7 not a photo", PhotoFault.KIND),
        (b"plain words", PhotoFault.KIND),
        (picture("BMP"), PhotoFault.KIND),
        (picture("TIFF"), PhotoFault.KIND),
        (picture()[:200], PhotoFault.BROKEN),
        (b"\xff\xd8\xff<html>", PhotoFault.BROKEN),
        (b"\x89PNG\r\n\x1a\n<script>", PhotoFault.BROKEN),
        (a_bomb(10_000, 5_000), PhotoFault.PIXELS),
        (a_bomb(60_000, 60_000), PhotoFault.PIXELS),
        (an_animation("GIF"), PhotoFault.ANIMATED),
        (an_animation("WEBP"), PhotoFault.ANIMATED),
        (an_animation("PNG"), PhotoFault.ANIMATED),
    ],
)
def test_what_is_no_photo_is_refused(content: bytes, why: PhotoFault) -> None:
    said = refusal(a_file(picture()), a_file(content, "photo.png"))
    assert (said.code, said.facts["why"], said.facts["place"]) == (Code.PHOTO_REFUSED, why.value, "photo 2")


def test_too_many_and_too_big(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(*[a_file(picture())] * (PHOTOS_MAX + 1)).code is Code.TOO_MANY_ATTACHMENTS
    monkeypatch.setattr(photos, "PHOTO_BYTES_MAX", 100)
    assert refusal(a_file(picture())).code is Code.ATTACHMENT_TOO_BIG


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_kind_becomes_a_jpeg(form: str) -> None:
    (kept,) = clean_photos([a_file(picture(form), "../../<b>scratch</b>.exe")])
    assert sniff(kept.content) == "image/jpeg"
    assert (kept.width, kept.height) == (40, 30)
    assert kept.name == "b.jpg"


def test_nothing_but_the_picture_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    exif[0x0112] = 6  # lay on its side
    content = picture(exif=exif, comment=b"secret words") + b"<script>alert(1)</script>"
    (kept,) = clean_photos([a_file(content)])
    assert b"home" in content
    for word in (b"home", b"secret", b"script", b"Exif"):
        assert word not in kept.content
    assert (kept.width, kept.height) == (30, 40)


def test_what_is_too_large_to_keep_is_made_smaller() -> None:
    (kept,) = clean_photos([a_file(picture(size=(5_000, 2_500)))])
    assert (kept.width, kept.height) == (SIDE_MAX, SIDE_MAX // 2)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "CMYK", "L", "1"])
def test_colours_of_all_kinds(mode: str) -> None:
    form = "TIFF" if mode == "CMYK" else "PNG"
    drawn = picture("JPEG" if mode == "CMYK" else form, mode=mode, colour=0)
    assert clean_photos([a_file(drawn)])[0].width == 40
