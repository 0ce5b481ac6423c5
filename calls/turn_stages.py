"""Where the time of one turn went, as bars one after the other."""

from __future__ import annotations

from dataclasses import dataclass

from calls.models import Turn

#: The width of the chart; a longer turn is cut at its edge, its number tells.
WIDEST_MS = 2500


@dataclass(frozen=True, slots=True)
class Stage:
    """One bar: its colour class, its name for people, and its place in ms."""

    name: str
    label: str
    start_ms: int
    length_ms: int


def stages(turn: Turn) -> list[Stage]:
    """The stages that took place, in order. Recognition runs beside the wait for the end of the turn: only its rest counts."""
    wait = turn.end_of_turn_ms or 0
    rest = max(0, (turn.recognition_ms or 0) - wait)
    think = (turn.model_first_token_ms or 0) + (turn.first_clause_ms or 0)
    lengths = (
        ("wait", "end of turn", wait),
        ("hear", "recognition", rest),
        ("think", "model", think),
        ("speak", "voice", turn.voice_first_byte_ms or 0),
        ("send", "to the carrier", turn.buffer_ms or 0),
    )
    shown, at = [], 0
    for name, label, length in lengths:
        if length > 0 and at < WIDEST_MS:
            shown.append(Stage(name, label, at, min(length, WIDEST_MS - at)))
        at += max(0, length)
    return shown
