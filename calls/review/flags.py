"""What makes a call worth a look, found in its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import pairwise

from django.utils.translation import gettext_noop as noop

from calls.conversation.cut_in import GOES_ON_MS
from calls.conversation.effects import EndReason
from calls.models import Call, Speaker, TranscriptLine, Turn


class Flag(StrEnum):
    """Why a call is flagged."""

    DEFECT = "defect"
    BAILED_OUT = "bailed_out"
    SLOW = "slow"
    TALKED_OVER = "talked_over"
    CUT_IN = "cut_in"
    CORRECTED = "corrected"


LABELS: Mapping[Flag, str] = {
    Flag.DEFECT: noop("a service or the line failed"),
    Flag.BAILED_OUT: noop("Floyd gave up"),
    Flag.SLOW: noop("a long wait for an answer"),
    Flag.TALKED_OVER: noop("cut short again and again"),
    Flag.CUT_IN: noop("Floyd spoke before they were done"),
    Flag.CORRECTED: noop("the user corrected the outcome"),
}
#: Ends at which Floyd gave a call up that somebody had answered.
BAIL_OUTS = frozenset(
    {
        EndReason.CALL_BACK_LATER,
        EndReason.NO_RESPONSE,
        EndReason.TOO_LONG,
        EndReason.TOO_DEAR,
        EndReason.NOT_UNDERSTOOD,
        EndReason.OTHER_LANGUAGE,
        EndReason.HOLD_TOO_LONG,
        EndReason.MENU_DEAD_END,
        EndReason.WENT_ROUND,
    }
)
DEFECTS = frozenset({EndReason.PROVIDER_FAILED, EndReason.LINE_LOST})
#: A wait that everybody notices, and how many replies cut short are no accident.
LONG_WAIT_MS, MANY = 3000, 3


def found(call: Call, *, slowest_ms: int | None, interruptions: int, cut_ins: int) -> set[Flag]:
    """The flags of an ended call, as far as its rows tell."""
    seen = {
        Flag.DEFECT: bool(call.error) or call.end_reason in DEFECTS,
        Flag.BAILED_OUT: call.end_reason in BAIL_OUTS,
        Flag.SLOW: (slowest_ms or 0) >= LONG_WAIT_MS,
        Flag.TALKED_OVER: interruptions >= MANY,
        Flag.CUT_IN: cut_ins > 0,
    }
    return {flag for flag, holds in seen.items() if holds}


def cut_ins(lines: Iterable[TranscriptLine], turns: Iterable[Turn]) -> int:
    """Replies that were cut short because the callee was not done: they go on within moments of Floyd's first word."""
    ordered = [line for line in sorted(lines, key=lambda line: line.seq) if line.speaker in (Speaker.CALLEE, Speaker.FLOYD)]
    cut = {turn.seq for turn in turns if turn.interrupted}
    count = 0
    for line, following in pairwise(ordered):
        if line.seq in cut and following.speaker == Speaker.CALLEE and following.start_ms <= line.start_ms + GOES_ON_MS:
            count += 1
    return count


def written(flags: Iterable[Flag]) -> str:
    """As `Review.flags` keeps them."""
    return " ".join(sorted(flags))


def read(text: str) -> list[Flag]:
    """Back from `Review.flags`."""
    return [Flag(word) for word in text.split()]
