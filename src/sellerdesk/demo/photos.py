"""Small pictures for the demonstration world: drawn, so that they are nobody's, and taken in as any buyer's are."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from sellerdesk.domain.attachments import Attachment
from sellerdesk.domain.photos import Photo
from sellerdesk.domain.return_facts import ReturnReason
from sellerdesk.flows.photos import clean_photos

_SIZE = (960, 720)
_TABLE, _BOX, _DARK, _MUG, _CRACK = "#b98d5f", "#c9a26d", "#6f5433", "#2f6f8f", "#1b1b1b"


def photos_of(order_number: str, reason: ReturnReason) -> tuple[Photo, ...]:
    """What the buyer of an order photographed; nothing for reasons that nobody photographs."""
    if reason is ReturnReason.DAMAGED_IN_TRANSIT:
        return _taken("crushed-box", "chipped-rim")
    if reason is ReturnReason.DEFECTIVE and int(order_number[-1]) % 2:
        return _taken("burn-mark")
    return ()


def _taken(*names: str) -> tuple[Photo, ...]:
    return tuple(_photo(name) for name in names)


@cache
def _photo(name: str) -> Photo:
    picture = Image.new("RGB", _SIZE, _TABLE)
    _DRAWN[name](ImageDraw.Draw(picture))
    file = BytesIO()
    picture.save(file, "PNG")
    return clean_photos([Attachment(f"{name}.png", "image/png", file.getvalue())])[0]


def _crushed_box(pen: ImageDraw.ImageDraw) -> None:
    pen.polygon(
        [(180, 230), (620, 200), (700, 330), (640, 560), (230, 580)], fill=_BOX, outline=_DARK, width=6
    )
    pen.polygon(
        [(620, 200), (700, 330), (640, 560), (590, 420), (560, 330)], fill="#a5814f", outline=_DARK, width=4
    )
    pen.line([(400, 214), (430, 570)], fill="#e3c893", width=34)
    for start in (250, 330, 520):
        pen.line([(start, 300), (start + 60, 360), (start + 20, 430)], fill=_DARK, width=5)


def _chipped_rim(pen: ImageDraw.ImageDraw) -> None:
    pen.ellipse([300, 150, 660, 250], fill="#3f86a8", outline="#173c4e", width=8)
    pen.polygon([(300, 200), (660, 200), (620, 600), (340, 600)], fill=_MUG)
    pen.ellipse([330, 168, 630, 236], fill="#17323f")
    pen.arc([610, 280, 780, 500], -90, 90, fill=_MUG, width=34)
    pen.polygon([(360, 165), (410, 152), (440, 205), (395, 235)], fill=_TABLE)
    pen.line([(405, 232), (430, 300), (405, 360), (440, 430)], fill=_CRACK, width=6)


def _burn_mark(pen: ImageDraw.ImageDraw) -> None:
    pen.rounded_rectangle([260, 240, 700, 520], 40, fill="#ececec", outline="#9a9a9a", width=6)
    for left in (380, 540):
        pen.rectangle([left, 130, left + 40, 250], fill="#c0a860", outline="#7a6a35", width=3)
    for ring, tone in ((110, "#b9a894"), (80, "#7c6450"), (45, "#33261c")):
        pen.ellipse([400 - ring, 300 - ring // 2, 400 + ring, 300 + ring // 2], fill=tone)


_DRAWN = {"crushed-box": _crushed_box, "chipped-rim": _chipped_rim, "burn-mark": _burn_mark}
