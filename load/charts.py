"""Charts as inline SVG: nothing to load, nothing to run. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10
from typing import Final

WIDTH: Final = 860
HEIGHT: Final = 300
LEFT: Final = 62
RIGHT: Final = 20
TOP: Final = 16
BOTTOM: Final = 44
LETTER: Final = 6.3
"""Of 12 px, on average."""
COLOURS: Final = ("#1f5fa8", "#b3261e", "#2e7d32", "#8a5a00", "#6a3d9a")
DASHES: Final = ("", "7 4", "2 3", "10 3 2 3", "1 4")
"""A line is told from another by its dashes too, not by its colour alone."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart; points in the chart's own units."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """From low to high, with marks at (place, words)."""

    low: float
    high: float
    marks: tuple[tuple[float, str], ...]
    words: str


def chart(title: str, lines: Sequence[Line], across: Axis, up: Axis, *, target: tuple[float, str] | None = None) -> str:
    """Return a line chart. target: a level across the whole width, with its words."""
    inner = [*_grid(across, up)]
    if target is not None and up.low <= target[0] <= up.high:
        y = _y(target[0], up)
        inner.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" class="target"/>')
        inner.append(f'<text x="{WIDTH - RIGHT - 4}" y="{y - 5:.1f}" class="end">{escape(target[1])}</text>')
    for number, line in enumerate(lines):
        colour, dash = _pen(number)
        points = " ".join(f"{_x(x, across):.1f},{_y(min(max(y, up.low), up.high), up):.1f}" for x, y in line.points)
        inner.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-dasharray="{dash}"/>')
    return (
        f"<figure><figcaption>{escape(title)}</figcaption>"
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">{"".join(inner)}</svg>'
        f"{_legend(lines)}</figure>"
    )


def bars(title: str, rows: Sequence[tuple[str, float]], unit: str) -> str:
    """Return horizontal bars with their figures, as far right as the longest name needs."""
    left = max((len(name) for name, _ in rows), default=0) * LETTER + 20
    highest = max((value for _, value in rows), default=0.0) or 1.0
    height, inner = 26 * len(rows) + 8, []
    for number, (name, value) in enumerate(rows):
        y = 6 + 26 * number
        width = (WIDTH - left - 120) * value / highest
        inner.append(f'<text x="{left - 10:.0f}" y="{y + 15}" class="end">{escape(name)}</text>')
        inner.append(f'<rect x="{left:.0f}" y="{y}" width="{width:.1f}" height="18" fill="{COLOURS[0]}"/>')
        inner.append(f'<text x="{left + 8 + width:.1f}" y="{y + 15}">{value:.2f} {escape(unit)}</text>')
    return (
        f"<figure><figcaption>{escape(title)}</figcaption>"
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">{"".join(inner)}</svg></figure>'
    )


def logarithmic(lowest: float, highest: float, words: str) -> Axis:
    """Return an axis of whole decades over positive values, in logarithms."""
    low, high = floor(log10(max(lowest, 1e-3))), ceil(log10(max(highest, 1e-2)))
    low = min(low, high - 1)
    return Axis(low, high, tuple((n, f"{10.0**n:g}") for n in range(low, high + 1)), words)


def logs(value: float) -> float:
    """Return a value's place on a logarithmic axis; what is below a hundredth lies at its foot."""
    return log10(max(value, 0.01))


def even(highest: float, words: str, marks: int = 6) -> Axis:
    """Return an axis from nought to a round figure."""
    step = _round_up(max(highest, 1e-9) / marks)
    count = ceil(highest / step) or 1
    return Axis(0.0, count * step, tuple((n * step, f"{n * step:g}") for n in range(count + 1)), words)


def _round_up(step: float) -> float:
    power = 10.0 ** (ceil(log10(step)) - 1)
    return next(power * each for each in (1, 2, 2.5, 5, 10) if power * each >= step * 0.999)


def nines(percent: float) -> float:
    """Return a percentile's place on an axis where 90, 99 and 99.9 % are equally far apart; 100 % is the fourth."""
    return min(4.0, -log10(max(1 - percent / 100, 1e-4)))


_MARKS: Final = ((0.0, "0"), (50.0, "50"), (90.0, "90"), (99.0, "99"), (99.9, "99.9"), (100.0, "100"))
NINES: Final = Axis(0.0, 4.0, tuple((nines(at), words) for at, words in _MARKS), "percent of the presses or notices")


def _x(value: float, axis: Axis) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (value - axis.low) / (axis.high - axis.low)


def _y(value: float, axis: Axis) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - axis.low) / (axis.high - axis.low)


def _grid(across: Axis, up: Axis) -> Iterable[str]:
    for place, words in up.marks:
        y = _y(place, up)
        yield f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" class="grid"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" class="end">{escape(words)}</text>'
    for place, words in across.marks:
        x = _x(place, across)
        yield f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}" class="grid"/>'
        yield f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 17}" class="middle">{escape(words)}</text>'
    yield f'<text x="{(LEFT + WIDTH) / 2}" y="{HEIGHT - 6}" class="middle">{escape(across.words)}</text>'
    middle = HEIGHT / 2
    yield f'<text x="14" y="{middle}" class="middle" transform="rotate(-90 14 {middle})">{escape(up.words)}</text>'


def _pen(number: int) -> tuple[str, str]:
    """Return colour and dashes of a line; with more lines than colours, the dashes go on to the next."""
    return COLOURS[number % len(COLOURS)], DASHES[(number + number // len(COLOURS)) % len(DASHES)]


def _legend(lines: Sequence[Line]) -> str:
    named = []
    for number, line in enumerate(lines):
        colour, dash = _pen(number)
        stroke = f'<line x1="0" y1="6" x2="34" y2="6" stroke="{colour}" stroke-dasharray="{dash}"/>'
        named.append(
            f'<li><svg class="key" viewBox="0 0 34 12" aria-hidden="true">{stroke}</svg>{escape(line.name)}</li>'
        )
    return f"<ul>{''.join(named)}</ul>"
