"""Packing slips as PDF: one order a sheet, as many pages as its items need."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from sellerdesk.adapters.pdf.barcodes import QUIET, code128_widths
from sellerdesk.adapters.pdf.typeface import TYPEFACE, load_typeface, width, wrap
from sellerdesk.domain.slips import MILLIMETRES, PaperSize, Sheet, SheetLine

_LEADING = 1.35  # line height as a multiple of the type size
_BOLD_STROKE = 0.028  # the typeface has one weight: bold is its outline drawn in this share of the size


@dataclass(frozen=True, slots=True)
class _Layout:
    """Measures of one paper size, in points."""

    width: float
    height: float
    margin: float
    base: float  # type size
    heading: float
    address: float
    bar_height: float
    module: float  # width of the thinnest bar
    is_narrow: bool  # one column instead of two

    @property
    def room(self) -> float:
        return self.width - 2 * self.margin


def _layout(size: PaperSize) -> _Layout:
    wide, high = (measure * mm for measure in MILLIMETRES[size])
    if size is PaperSize.LABEL:
        return _Layout(wide, high, 5 * mm, 8, 12, 10, 11 * mm, 0.36 * mm, is_narrow=True)
    if size is PaperSize.A5:
        return _Layout(wide, high, 10 * mm, 8.5, 15, 11, 12 * mm, 0.28 * mm, is_narrow=False)
    return _Layout(wide, high, 16 * mm, 10, 20, 13, 15 * mm, 0.34 * mm, is_narrow=False)


@dataclass(frozen=True, slots=True)
class _Text:
    x: float
    y: float  # baseline, from the top of the page
    text: str
    size: float
    bold: bool = False
    grey: bool = False


@dataclass(slots=True)
class _Page:
    texts: list[_Text] = field(default_factory=list)
    rules: list[tuple[float, float]] = field(default_factory=list)  # y from the top, thickness
    bars: list[tuple[float, float]] = field(default_factory=list)  # x, y from the top


class _Setter:
    """Sets one sheet into pages, from the top down."""

    def __init__(self, sheet: Sheet, layout: _Layout) -> None:
        self.sheet = sheet
        self.layout = layout
        self.pages = [_Page()]
        self.y = layout.margin

    @property
    def page(self) -> _Page:
        return self.pages[-1]

    def set(self) -> list[_Page]:
        self._head()
        self._columns()
        for line in self.sheet.lines:
            self._line(line)
        self._space(0.4)
        self._rule(0.5)
        self._texts([self.sheet.summary], self.layout.margin, self.layout.room, self.layout.base)
        return self.pages

    def _head(self) -> None:
        layout, sheet = self.layout, self.sheet
        bars = sum(code128_widths(sheet.order_number)) * layout.module
        if layout.is_narrow:
            self._texts([sheet.heading], layout.margin, layout.room, layout.heading, bold=True)
            self._space(0.5)
            self.page.bars.append((layout.margin + QUIET * layout.module / 2, self.y))
            self.y += layout.bar_height + layout.base * 0.9
            self._ship_to(layout.room)
            self._facts(layout.margin, layout.room)
        else:
            top = self.y
            self._texts([sheet.heading], layout.margin, layout.room - bars - 20, layout.heading, bold=True)
            self.page.bars.append((layout.width - layout.margin - bars, top))
            self.y = max(self.y, top + layout.bar_height) + layout.base * 1.2
            top = self.y
            half = layout.room * 0.52
            self._ship_to(half - 12)
            left, self.y = self.y, top
            self._facts(layout.margin + half, layout.room - half)
            self.y = max(self.y, left)
        self._space(0.6)

    def _ship_to(self, room: float) -> None:
        layout, sheet = self.layout, self.sheet
        self._texts([sheet.ship_to_label], layout.margin, room, layout.base * 0.85, grey=True)
        self._texts(list(sheet.ship_to), layout.margin, room, layout.address)
        self._space(0.4)

    def _facts(self, x: float, room: float) -> None:
        base = self.layout.base
        label_room = room * 0.4
        for label, value in self.sheet.facts:
            top = self.y
            self._texts([label], x, label_room - 6, base * 0.85, grey=True)
            after, self.y = self.y, top
            self._texts([value], x + label_room, room - label_room, base)
            self.y = max(self.y, after)

    def _columns(self) -> None:
        layout = self.layout
        self._rule(1)
        top = self.y
        self._texts(
            [self.sheet.quantity_label], layout.margin, self._gutter - 4, layout.base * 0.85, grey=True
        )
        after, self.y = self.y, top
        x = layout.margin + self._gutter
        self._texts([self.sheet.product_label], x, layout.room - self._gutter, layout.base * 0.85, grey=True)
        self.y = max(self.y, after)
        self._rule(0.5)

    @property
    def _gutter(self) -> float:
        return max(self.layout.room * 0.12, self.layout.base * 4.5)

    def _line(self, line: SheetLine) -> None:
        layout = self.layout
        room = layout.room - self._gutter
        small = layout.base * 0.9
        title = wrap(line.title, layout.base, room)
        details = [part for detail in line.details for part in wrap(detail, small, room)]
        # A line stays together; only one that is longer than a third of the page may run over.
        needed = layout.base * (len(title) + len(details)) * _LEADING
        if self._is_full(min(needed, layout.height / 3)):
            self._next_page()
        amount = layout.base * 1.15
        text = str(line.quantity)
        self.page.texts.append(_Text(layout.margin, self.y + amount, text, amount, bold=True))
        self._wrapped(title, layout.margin + self._gutter, layout.base)
        self._wrapped(details, layout.margin + self._gutter, small, grey=True)
        self._space(0.55)

    # --- The measures of the page ---

    def _is_full(self, needed: float) -> bool:
        return self.y + needed > self.layout.height - self.layout.margin - self.layout.base * 2

    def _next_page(self) -> None:
        self.pages.append(_Page())
        self.y = self.layout.margin
        self._texts(
            [self.sheet.order_number], self.layout.margin, self.layout.room, self.layout.base, bold=True
        )
        self._columns()

    def _space(self, lines: float) -> None:
        self.y += self.layout.base * lines

    def _rule(self, thickness: float) -> None:
        self.page.rules.append((self.y, thickness))
        self.y += self.layout.base * 0.45

    def _texts(
        self, texts: list[str], x: float, room: float, size: float, *, bold: bool = False, grey: bool = False
    ) -> None:
        self._wrapped(
            [part for text in texts for part in wrap(text, size, room)], x, size, bold=bold, grey=grey
        )

    def _wrapped(
        self, lines: list[str], x: float, size: float, *, bold: bool = False, grey: bool = False
    ) -> None:
        for line in lines:
            if self._is_full(size):
                self._next_page()
            self.page.texts.append(_Text(x, self.y + size, line, size, bold, grey))
            self.y += size * _LEADING


def render_slips(sheets: Sequence[Sheet], size: PaperSize) -> bytes:
    """All sheets as one PDF document, each order beginning on a page of its own.

    Texts are set in a typeface with Chinese and Latin letters that travels with the program, so that no machine needs a
    font. Raises ValueError without any sheet: a document without a page is none.
    """
    if not sheets:
        raise ValueError("no sheet to print")
    load_typeface()
    layout = _layout(size)
    # invariant: the same sheets give the same bytes, whatever the clock says.
    canvas = Canvas(
        BytesIO(),
        pagesize=(layout.width, layout.height),
        invariant=True,
        pageCompression=1,
        lang=sheets[0].language,
    )
    canvas.setTitle(sheets[0].heading if len(sheets) > 1 else f"{sheets[0].heading} {sheets[0].order_number}")
    for sheet in sheets:
        pages = _Setter(sheet, layout).set()
        for number, page in enumerate(pages, 1):
            _draw(canvas, page, sheet, layout)
            _foot(canvas, sheet, layout, f"{number} / {len(pages)}")
            canvas.showPage()
    return bytes(canvas.getpdfdata())


def _draw(canvas: Canvas, page: _Page, sheet: Sheet, layout: _Layout) -> None:
    for y, thickness in page.rules:
        canvas.setLineWidth(thickness)
        canvas.line(layout.margin, layout.height - y, layout.width - layout.margin, layout.height - y)
    for x, y in page.bars:
        _bars(canvas, code128_widths(sheet.order_number), x, y, layout)
    for text in page.texts:
        _write(canvas, text, layout)


def _write(canvas: Canvas, text: _Text, layout: _Layout) -> None:
    written = canvas.beginText(text.x, layout.height - text.y)
    written.setFont(TYPEFACE, text.size)
    written.setFillGray(0.25 if text.grey else 0)
    if text.bold:
        canvas.setLineWidth(text.size * _BOLD_STROKE)
        written.setTextRenderMode(2)
    written.textOut(text.text)
    written.setTextRenderMode(0)
    canvas.drawText(written)


def _bars(canvas: Canvas, widths: Sequence[int], x: float, y: float, layout: _Layout) -> None:
    canvas.setFillGray(0)
    path = canvas.beginPath()
    for position, modules in enumerate(widths):
        if position % 2 == 0:
            path.rect(x, layout.height - y - layout.bar_height, modules * layout.module, layout.bar_height)
        x += modules * layout.module
    canvas.drawPath(path, stroke=0, fill=1)


def _foot(canvas: Canvas, sheet: Sheet, layout: _Layout, pages: str) -> None:
    text = f"{sheet.order_number} · {pages}"
    size = layout.base * 0.8
    place = layout.width - layout.margin - width(text, size)
    _write(canvas, _Text(place, layout.height - layout.margin * 0.6, text, size, grey=True), layout)
