"""Where the parts of a plot stand: pure geometry, drawn by `templates/staff/parts/plot.html`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from context.figures import figures

WIDTH, HEIGHT = 400, 170
LEFT, RIGHT, TOP, BOTTOM = 38, 4, 8, 20
#: Steps that read well.
_STEPS = (1, 2, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle with the class that colours it."""

    x: float
    y: float
    width: float
    height: float
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A word beside an axis."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Plot:
    """Everything that is drawn."""

    bars: list[Bar] = field(default_factory=list)
    rows: list[Tick] = field(default_factory=list)
    columns: list[Tick] = field(default_factory=list)
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT - BOTTOM


@dataclass(frozen=True, slots=True)
class Column:
    """One place on the horizontal axis: its name, and values to be stacked, each with its class and what it says."""

    name: str
    parts: Sequence[tuple[float, str, str]]


def top_of(most: float, *, least_step: float = 0.0) -> tuple[float, float]:
    """A round value at or above `most`, and the step between its ticks, of which there are five at most."""
    if most <= 0:
        return 1.0, 1.0
    power = 1.0
    while power * 10 <= most:
        power *= 10
    while power > most:
        power /= 10
    step = next(size for factor in _STEPS if (size := factor * power / 10) * 5 >= most and size >= least_step)
    count = 1
    while step * count < most * (1 - 1e-9):
        count += 1
    return step * count, step


def stacked(columns: Sequence[Column], *, unit: str = "", least_step: float = 0.0) -> Plot:
    """Columns side by side, their parts on top of each other. `unit` follows each number at the axis."""
    most = max((sum(value for value, _, _ in column.parts) for column in columns), default=0.0)
    top, step = top_of(most, least_step=least_step)
    inner, floor = HEIGHT - TOP - BOTTOM, HEIGHT - BOTTOM
    place = (WIDTH - LEFT - RIGHT) / max(1, len(columns))
    bars = []
    for index, column in enumerate(columns):
        y = float(floor)
        for value, tone, words in column.parts:
            height = inner * value / top
            y -= height
            if height > 0:
                bars.append(Bar(_round(LEFT + index * place + place * 0.12), _round(y), _round(place * 0.76), _round(height), tone, words))
    rows = [Tick(_round(floor - inner * number * step / top), f"{_number(number * step)}{unit}") for number in range(round(top / step) + 1)]
    every = max(1, -(-len(columns) // 6))
    names = [Tick(_round(LEFT + (index + 0.5) * place), column.name) for index, column in enumerate(columns) if index % every == 0]
    return Plot(bars, rows, names)


def _round(value: float) -> float:
    return round(value, 2)


def _number(value: float) -> str:
    return figures(f"{value:g}")
