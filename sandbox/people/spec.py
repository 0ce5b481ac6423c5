"""A person as data: a number, a voice, and states with what they say and listen for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.people.persona import Persona

DATA = Path(__file__).parent / "data"
E164 = re.compile(r"\+[1-9]\d{6,14}")


class PersonError(ValueError):
    """A person's file says something that nobody can act on; the message names file and field."""


class Behaviour(StrEnum):
    """What a phone does when it rings."""

    SCRIPT = "script"
    BUSY = "busy"
    NO_ANSWER = "no_answer"


# --- what a person does ---


@dataclass(frozen=True, slots=True)
class Say:
    """Speak, `pause_ms` after the moment the act was handed out."""

    text: str
    pause_ms: int = 0


@dataclass(frozen=True, slots=True)
class Keys:
    """Press keys of the phone."""

    digits: str
    pause_ms: int = 0


@dataclass(frozen=True, slots=True)
class HoldMusic:
    """Put the caller on hold, with music."""

    duration_ms: int


@dataclass(frozen=True, slots=True)
class HangUp:
    """Put the phone down, after everything said before it was spoken."""

    pause_ms: int = 0


Act = Say | Keys | HoldMusic | HangUp


# --- the script ---


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing a person listens for.

    Attributes:
        hear: patterns, any of which must be found in what was heard (case, accents and punctuation aside).
        unless: patterns that must not be found.
        dollars_from: least amount that must have been named; None when money plays no part.
        dollars_below: an amount named must lie below this.
        say: what they answer, in order.
        goto: next state; empty stays.
        needs: notes that must have been taken, e.g. "address"; a leading "!" means must not.
        note: notes to take.
    """

    hear: tuple[re.Pattern[str], ...] = ()
    unless: tuple[re.Pattern[str], ...] = ()
    dollars_from: int | None = None
    dollars_below: int | None = None
    say: tuple[str, ...] = ()
    goto: str = ""
    needs: tuple[str, ...] = ()
    note: tuple[str, ...] = ()
    hang_up: bool = False
    hold_ms: int = 0
    keys: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """Where a conversation stands.

    Attributes:
        say: said on entering.
        rules: tried in order on every utterance; the first that fits is followed.
        otherwise: what they do when none fits; None says nothing.
        silence_ms: after how long a silence they speak up again.
        hang_up_after_ms: after how long a silence they put the phone down; 0: by the number of times they spoke up.
    """

    name: str
    say: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    otherwise: Rule | None = None
    silence_ms: int = 8000
    silence_say: str = "Hello? Are you there?"
    hang_up_after_ms: int = 0
    hang_up: bool = False


@dataclass(frozen=True, slots=True)
class PersonSpec:
    """Somebody who can be called.

    Attributes:
        voice: an espeak-ng voice; `rate` in words a minute.
        ring_ms: how long their phone rings before they pick up.
        answer_ms: between picking up and the first word.
        think_ms: between the end of what they heard and their answer.
        always: rules that hold in every state, tried before its own.
    """

    number: str
    name: str
    states: Mapping[str, State]
    first: str
    voice: str = "en-us"
    rate: int = 165
    behaviour: Behaviour = Behaviour.SCRIPT
    ring_ms: int = 1500
    answer_ms: int = 300
    think_ms: int = 250
    always: tuple[Rule, ...] = ()
    expects_more: tuple[str, ...] = field(default=())

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything they may say."""
        said: dict[str, None] = {}
        for state in self.states.values():
            rules = (*self.always, *state.rules, *((state.otherwise,) if state.otherwise else ()))
            for text in (*state.say, state.silence_say, *(text for rule in rules for text in rule.say)):
                if text:
                    said[text] = None
        return tuple(said)

    def new_conversation(self) -> Persona:
        """Somebody who has just heard their phone ring."""
        from sandbox.people.persona import Persona

        return Persona(self)
