"""The parts of a turn, in their order, with their names for people: what the call page draws and the terminal adds up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_noop as noop

from calls.models import Turn

#: The width of the chart; a longer turn is cut at its edge, its numbers tell.
WIDEST_MS = 2000


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a turn: its column, its short name (colour class and table head), and what it is."""

    column: str
    name: str
    label: str


#: End to end, from the last speech sample to the first played one.
PARTS = (
    Part("recognition_ms", "hear", noop("hearing")),
    Part("end_of_turn_ms", "wait", noop("end of turn")),
    Part("tools_ms", "tools", noop("tools")),
    Part("model_first_token_ms", "think", noop("first token")),
    Part("first_clause_ms", "clause", noop("first clause")),
    Part("voice_first_byte_ms", "voice", noop("voice")),
    Part("buffer_ms", "buffer", noop("buffer")),
)
WHOLE = Part("whole_ms", "whole", noop("whole"))


@dataclass(frozen=True, slots=True)
class Stage:
    """One bar: its part and its place in ms."""

    part: Part
    start_ms: int
    length_ms: int


def stages(turn: Turn) -> list[Stage]:
    """The parts that took time, one behind the other."""
    shown, at_ms = [], 0
    for part in PARTS:
        length_ms: int = getattr(turn, part.column) or 0
        if length_ms > 0:
            shown.append(Stage(part, at_ms, length_ms))
            at_ms += length_ms
    return shown


def percentile(turns: Iterable[Turn], part: Part, share: float) -> int | None:
    """The value below which `share` (0 to 1) of the turns lie, of those in which the part took place; None without any."""
    values = sorted(value for turn in turns if (value := getattr(turn, part.column)) is not None)
    return values[min(len(values) - 1, int(len(values) * share))] if values else None
