"""Where the kept pieces of a call lie in one recording. Pure: it knows their places and lengths, not their sound.

The recording begins with the first piece. What was not kept in between (a pause, a loss) is silence of that length, so that a line of the transcript
is heard where its time says. A call that came back to Floyd has a clock of its own from there: such a part follows the one before without a pause.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SAMPLES_A_MS = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """A kept piece, in the order in which they were kept. See `calls.recording.models.SoundChunk`."""

    key: int
    after_line: int
    start_ms: int
    samples: int
    lost_ms: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece in the recording."""

    key: int
    first: int
    samples: int

    @property
    def end(self) -> int:
        """The first sample behind it."""
        return self.first + self.samples


@dataclass(frozen=True, slots=True)
class Span:
    """Samples that follow each other: `samples` of the piece `key` from its sample `first` on; of silence when the key is None."""

    key: int | None
    first: int
    samples: int


@dataclass(frozen=True, slots=True)
class Layout:
    """One recording.

    Attributes:
        samples: its length.
        parts: pairs of the last line before a part of the call, and what is added to that part's clock, in ms.
        lost_ms: of sound that could not be kept.
    """

    placed: tuple[Placed, ...]
    samples: int
    parts: tuple[tuple[int, int], ...]
    lost_ms: int

    @property
    def ms(self) -> int:
        """Its length."""
        return self.samples // SAMPLES_A_MS

    def spans(self, first: int, end: int) -> Iterator[Span]:
        """What lies from one sample up to another, without a hole."""
        at = first
        for one in self.placed[max(0, bisect_right(self.placed, first, key=lambda placed: placed.first) - 1) :]:
            if at >= end:
                return
            if one.end <= at:
                continue
            if one.first > at:
                yield Span(None, 0, min(one.first, end) - at)
                at = min(one.first, end)
            if at < end:
                until = min(one.end, end)
                yield Span(one.key, at - one.first, until - at)
                at = until
        if at < end:
            yield Span(None, 0, end - at)


def lay_out(pieces: Iterable[Piece]) -> Layout | None:
    """The recording that pieces make; None for no sound at all."""
    placed: list[Placed] = []
    parts: list[tuple[int, int]] = []
    end = lost_ms = 0
    before: Piece | None = None
    for piece in pieces:
        lost_ms += piece.lost_ms
        if not piece.samples:
            continue
        if before is None or piece.after_line != before.after_line or piece.start_ms < before.start_ms:
            parts.append((piece.after_line, -(-end // SAMPLES_A_MS) - piece.start_ms))
        first = max(end, (piece.start_ms + parts[-1][1]) * SAMPLES_A_MS)
        placed.append(Placed(piece.key, first, piece.samples))
        end = first + piece.samples
        before = piece
    return Layout(tuple(placed), end, tuple(parts), lost_ms) if placed else None
