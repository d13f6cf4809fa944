"""Evidence packs as PDF: headed sections of lines, then pictures, on A4 in the typeface that travels with us.

Texts are drawn as they are: nothing in them is markup, so nothing in them can do anything.
"""

from collections.abc import Iterator
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from sellerdesk.adapters.pdf.typeface import TYPEFACE, load_typeface, width, wrap
from sellerdesk.domain.evidence import PICTURES_MOST, Pack, Picture, Section, bounded

_WIDE, _HIGH, _MARGIN = 210 * mm, 297 * mm, 18 * mm
_SIZE, _SMALL, _HEADING, _TITLE = 9.5, 8, 13, 18
_LEADING = 1.4
_LABEL = 50 * mm  # a moment with its zone, on one line in each language
_PICTURE = 95 * mm  # the most a picture is high
_ROOM = _WIDE - 2 * _MARGIN


class _Setter:
    """Draws from the top down, and begins a page when one is full."""

    def __init__(self, canvas: Canvas, foot: str) -> None:
        self.canvas = canvas
        self.foot = foot
        self.page = 1
        self.y = _HIGH - _MARGIN

    def need(self, height: float) -> None:
        if self.y - height < _MARGIN * 1.4:
            self.finish()
            self.page += 1
            self.y = _HIGH - _MARGIN

    def finish(self) -> None:
        self._draw(_MARGIN, _MARGIN * 0.6, f"{self.foot} · {self.page}", _SMALL, grey=True)
        self.canvas.showPage()

    def lines(self, texts: Iterator[str], x: float, size: float, *, grey: bool = False) -> None:
        for text in texts:
            self.need(size * _LEADING)
            self.y -= size * _LEADING
            self._draw(x, self.y, text, size, grey=grey)

    def pair(self, label: str, value: str) -> None:
        """A label beside its value; a long value runs over pages."""
        labels = wrap(label, _SMALL, _LABEL - 6)
        self.need(max(_SIZE, _SMALL * len(labels)) * _LEADING)
        top, page = self.y, self.page
        self.lines(iter(labels), _MARGIN, _SMALL, grey=True)
        bottom, self.y = self.y, top
        self.lines(_wrapped(value, _SIZE, _ROOM - _LABEL), _MARGIN + _LABEL, _SIZE)
        if self.page == page:
            self.y = min(self.y, bottom)
        self.y -= _SIZE * 0.35

    def picture(self, picture: Picture) -> None:
        try:
            image = ImageReader(BytesIO(picture.content))
            wide, high = image.getSize()
            scale = min(_ROOM / wide, _PICTURE / high, 1.0)
            self.need(high * scale + _SIZE * 3)
            self.y -= high * scale
            self.canvas.drawImage(image, _MARGIN, self.y, wide * scale, high * scale)
        except (OSError, ValueError, SyntaxError, ZeroDivisionError):
            self.lines(
                iter(["[–]"]), _MARGIN, _SIZE, grey=True
            )  # no picture: the caption says what should be here
        self.lines(_wrapped(bounded(picture.caption), _SMALL, _ROOM), _MARGIN, _SMALL, grey=True)
        self.y -= _SIZE

    def _draw(self, x: float, y: float, text: str, size: float, *, grey: bool = False) -> None:
        written = self.canvas.beginText(x, y)
        written.setFont(TYPEFACE, size)
        written.setFillGray(0.35 if grey else 0)
        written.textOut(text)
        self.canvas.drawText(written)


def render_evidence(pack: Pack) -> bytes:
    """A pack as one PDF document; the same pack gives the same bytes."""
    load_typeface()
    canvas = Canvas(BytesIO(), pagesize=(_WIDE, _HIGH), invariant=True, pageCompression=1, lang=pack.language)
    title = bounded(pack.title)
    canvas.setTitle(title)
    setter = _Setter(canvas, bounded(pack.foot))
    setter.lines(_wrapped(title, _TITLE, _ROOM), _MARGIN, _TITLE)
    for section in pack.sections:
        _section(setter, section)
    for picture in pack.pictures[:PICTURES_MOST]:
        setter.picture(picture)
    setter.finish()
    return bytes(canvas.getpdfdata())


def _section(setter: _Setter, section: Section) -> None:
    setter.need(_HEADING * 4)
    setter.y -= _HEADING * 0.8
    setter.lines(_wrapped(section.heading, _HEADING, _ROOM), _MARGIN, _HEADING)
    setter.canvas.setLineWidth(0.5)
    setter.y -= _SIZE * 0.5
    setter.canvas.line(_MARGIN, setter.y, _WIDE - _MARGIN, setter.y)
    for label, value in section.lines:
        setter.pair(label, value)
    if section.left_out:
        setter.pair("", f"[… +{section.left_out}]")


def _wrapped(text: str, size: float, room: float) -> Iterator[str]:
    """The lines of a text, its own line breaks kept."""
    for part in text.split("\n") or [""]:
        yield from wrap(part, size, room) if width(part, size) > room else [part.strip()]
