"""Small line charts, drawn on the server as SVG with presentation attributes only (no styles, no scripts)."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, EDGE = 280, 64, 5


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Coordinates for the template. `lines`: the points of each stretch without a gap; `dots`: values with no neighbour
    to be joined to; `last`: where the last value stands, None when it is a gap; `target`: the height of the target.
    """

    width: int
    height: int
    lines: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]
    last: tuple[float, float] | None
    target: float


def sparkline(values: Sequence[int | None], target: int) -> Sparkline:
    """Draw values from left to right; None is a gap. The scale begins at nought and has room above the target."""
    known = [value for value in values if value is not None]
    top = max([*known, target * 3 // 2, 1])
    places = [None if value is None else _place(n, value, len(values), top) for n, value in enumerate(values)]
    lines: list[str] = []
    dots: list[tuple[float, float]] = []
    stretch: list[tuple[float, float]] = []
    for place in [*places, None]:
        if place is not None:
            stretch.append(place)
            continue
        if len(stretch) > 1:
            lines.append(" ".join(f"{x},{y}" for x, y in stretch))
        dots += stretch if len(stretch) == 1 else []
        stretch = []
    target_y = _place(0, target, 1, top)[1]
    return Sparkline(WIDTH, HEIGHT, tuple(lines), tuple(dots), places[-1] if places else None, target_y)


def _place(n: int, value: int, count: int, top: int) -> tuple[float, float]:
    x = EDGE + (WIDTH - 2 * EDGE) * n / max(count - 1, 1)
    y = HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value / top
    return round(x, 1), round(y, 1)
