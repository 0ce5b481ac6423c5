"""Where a conversation stands, and how it may move.

    LineOpened          introduction begins        … heard to its end
NEW ──────────▶ OPENING ─────────────────▶ INTRODUCING ───────────▶ the loop
                                                                    LISTENING ⇄ THINKING ⇄ SPEAKING
                                                                    WAITING_FOR_USER stands for LISTENING while a question is open
from anywhere: CLOSING (the last words are being said) and ENDED (nothing is said any more)
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a conversation stands."""

    NEW = "new"
    OPENING = "opening"  # the line is up; the callee may say hello first
    INTRODUCING = "introducing"  # the disclosure is being said and cannot be cut
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"
    WAITING_FOR_USER = "waiting_for_user"  # a question to the user is open and nobody speaks
    CLOSING = "closing"  # the farewell is being said
    ENDED = "ended"


S = State
_LOOP = frozenset({S.LISTENING, S.THINKING, S.SPEAKING, S.WAITING_FOR_USER})
_OUT = frozenset({S.CLOSING, S.ENDED})

#: Every move that exists; staying is always allowed.
MOVES: dict[State, frozenset[State]] = {
    S.NEW: frozenset({S.OPENING, S.ENDED}),
    S.OPENING: frozenset({S.INTRODUCING, S.ENDED}),  # without the disclosure there is no farewell either
    S.INTRODUCING: _LOOP | _OUT,
    S.LISTENING: _LOOP | _OUT,
    S.THINKING: _LOOP | _OUT,
    S.SPEAKING: _LOOP | _OUT,
    S.WAITING_FOR_USER: _LOOP | _OUT,
    S.CLOSING: _LOOP | {S.ENDED},  # back when the callee still has something to say to the farewell
    S.ENDED: frozenset(),
}


def may_move(before: State, after: State) -> bool:
    """Whether the table has this move."""
    return before == after or after in MOVES[before]
