"""What a stream tells when a row of this app changes. The kinds are those of `live.publish`."""

from __future__ import annotations

from typing import Any

from calls.api.shapes import CallShape, LineShape, TurnShape
from calls.models import Call, TranscriptLine, Turn


def call(ref: str) -> dict[str, Any]:
    """A call."""
    return dict(CallShape(Call.objects.get(pk=ref)).data)


def line(ref: str) -> dict[str, Any]:
    """A line of a transcript."""
    return dict(LineShape(TranscriptLine.objects.get(pk=ref)).data)


def turn(ref: str) -> dict[str, Any]:
    """A turn."""
    return dict(TurnShape(Turn.objects.get(pk=ref)).data)
