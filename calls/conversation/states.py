"""Where a conversation stands, and how it may move.

    LineOpened          introduction begins        … heard to its end
NEW ──────────▶ OPENING ─────────────────▶ INTRODUCING ───────────▶ the loop
                                                                    LISTENING ⇄ THINKING ⇄ SPEAKING
                                                                    WAITING_FOR_USER stands for LISTENING while a question is open
while a machine has the line: IN_MENU, ON_HOLD, LEAVING_MESSAGE, SCREENED; from there to OPENING for somebody new, or back to the loop
while the user speaks for themselves: TAKEN_OVER, from the loop and back to it
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
    IN_MENU = "in_menu"  # a phone menu speaks
    ON_HOLD = "on_hold"  # music, an announcement, or silence until somebody comes
    LEAVING_MESSAGE = "leaving_message"  # an answering machine
    SCREENED = "screened"  # a call screener wants to know who calls, and why
    TAKEN_OVER = "taken_over"  # the user speaks, or is about to; Floyd is quiet
    CLOSING = "closing"  # the farewell is being said
    ENDED = "ended"


S = State
_LOOP = frozenset({S.LISTENING, S.THINKING, S.SPEAKING, S.WAITING_FOR_USER})
_OUT = frozenset({S.CLOSING, S.ENDED})
#: Nobody is there to be talked with.
MACHINES = frozenset({S.IN_MENU, S.ON_HOLD, S.LEAVING_MESSAGE, S.SCREENED})

#: Every move that exists; staying is always allowed.
MOVES: dict[State, frozenset[State]] = {
    S.NEW: frozenset({S.OPENING, S.ENDED}),
    S.OPENING: frozenset({S.INTRODUCING, S.ENDED}) | MACHINES,  # without the disclosure there is no farewell either
    S.INTRODUCING: _LOOP | _OUT | MACHINES,
    **dict.fromkeys(_LOOP, _LOOP | _OUT | MACHINES | {S.OPENING, S.TAKEN_OVER}),  # OPENING: somebody else took the phone
    S.TAKEN_OVER: frozenset({S.LISTENING}) | _OUT,
    S.CLOSING: _LOOP | {S.ENDED},  # back when the callee still has something to say to the farewell
    S.ENDED: frozenset(),
    **dict.fromkeys(MACHINES, MACHINES | {S.OPENING, S.LISTENING, S.ENDED}),  # nobody hears a farewell
}


def may_move(before: State, after: State) -> bool:
    """Whether the table has this move."""
    return before == after or after in MOVES[before]
