"""A person as data: a number, a voice, and states with what they say and listen for. `docs/sandbox.md` shows how to write one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.languages import tagged
from sandbox.noise import Background
from sandbox.people.acts import Say, Sound
from sandbox.people.listing import Listing

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


class AnsweredBy(StrEnum):
    """What the carrier's machine detection takes them for."""

    HUMAN = "human"
    MACHINE = "machine"
    FAX = "fax"


class Attestation(StrEnum):
    """What the carrier finds about the number of somebody who rings the account; it says so in `StirVerstat`."""

    FULL = "full"
    PARTIAL = "partial"
    GATEWAY = "gateway"
    FORGED = "forged"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing a person listens for, and what they do about it.

    Attributes:
        hear: patterns, any of which must be found in what was heard (case, accents and punctuation aside).
        unless: patterns that must not be found.
        dollars_from: least amount that must have been named; None when money plays no part.
        dollars_below: an amount named must lie below this.
        say: what they answer, in order.
        goto: next state; empty stays.
        needs: notes that must have been taken, e.g. "address"; a leading "!" means must not.
        note: notes to take.
        keys: keys they press.
    """

    hear: tuple[re.Pattern[str], ...] = ()
    unless: tuple[re.Pattern[str], ...] = ()
    dollars_from: int | None = None
    dollars_below: int | None = None
    say: tuple[Say | Sound, ...] = ()
    goto: str = ""
    needs: tuple[str, ...] = ()
    note: tuple[str, ...] = ()
    hang_up: bool = False
    keys: str = ""

    @property
    def is_silent(self) -> bool:
        """Whether they only listen."""
        return not (self.say or self.goto or self.keys or self.hang_up)


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What they do while the caller talks: a mm-hm, a cough, a word between.

    Attributes:
        after_ms: once the caller has talked for so long without a pause.
        times: how often in a call, at most once an utterance.
    """

    after_ms: int
    rule: Rule
    times: int = 1


@dataclass(frozen=True, slots=True)
class State:
    """Where a conversation stands.

    Attributes:
        say: said on entering.
        rules: tried in order on every utterance; the first that fits is followed.
        otherwise: what they do when none fits; None says nothing.
        then: next state once all was said; empty waits.
        machine: a machine speaks: it does not wait for the caller to finish, and what `always` holds for the person does not for it.
        pressed: keys → what follows; the tones are heard in the audio.
        pressed_otherwise: what follows keys that stand for nothing.
        barge: whether a key is taken (and stops what is said) while they speak.
        yields: whether the caller's voice makes them stop.
        meanwhile: what they do while the caller talks.
        record: from the end of what is said on, the caller's words are kept.
        silence_ms: after how long a silence they speak up again.
        silence_goto: the state that silence leads to, instead of asking whether somebody is there.
        hang_up_after_ms: after how long a silence they put the phone down; 0: by the number of times they spoke up.
        voice, rate: of whoever speaks here, if not the person themselves.
    """

    name: str
    say: tuple[Say | Sound, ...] = ()
    rules: tuple[Rule, ...] = ()
    otherwise: Rule | None = None
    then: str = ""
    machine: bool = False
    pressed: Mapping[str, Rule] = field(default_factory=dict)
    pressed_otherwise: Rule | None = None
    barge: bool = True
    yields: bool = False
    meanwhile: tuple[Meanwhile, ...] = ()
    record: bool = False
    silence_ms: int = 8000
    silence_say: str = "Hello? Are you there?"
    silence_goto: str = ""
    hang_up_after_ms: int = 0
    hang_up: bool = False
    voice: str = ""
    rate: int = 0

    def all_rules(self) -> Iterator[Rule]:
        """Every rule in it, whatever it is for."""
        yield from self.rules
        yield from self.pressed.values()
        yield from (one.rule for one in self.meanwhile)
        yield from (rule for rule in (self.otherwise, self.pressed_otherwise) if rule is not None)


@dataclass(frozen=True, slots=True)
class LineNoise:
    """Sound behind everything on their line, `snr_db` softer than their voice."""

    background: Background
    snr_db: float


@dataclass(frozen=True, slots=True)
class PersonSpec:
    """Somebody who can be called.

    Attributes:
        voice: an espeak-ng voice; `rate` in words a minute.
        ring_ms: how long their phone rings before they pick up.
        answer_ms: between picking up and the first word.
        think_ms: between the end of what they heard and their answer.
        always: rules that hold in every state, tried before its own.
        common: rules that hold where they would only ask again, or say nothing: of their opening hours.
        over: whether they talk over the caller instead of waiting for a pause.
        clarity: how plainly they speak; 1 is plain, towards 0 they mumble.
        noise: what is heard behind them.
        answered_by: what the carrier's machine detection says.
        attestation: whether the carrier vouches for the number when they ring.
        listing: what the directory of businesses says about them; None: nothing.
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
    common: tuple[Rule, ...] = ()
    expects_more: tuple[str, ...] = field(default=())
    over: bool = False
    clarity: float = 1.0
    noise: LineNoise | None = None
    answered_by: AnsweredBy = AnsweredBy.HUMAN
    attestation: Attestation = Attestation.FULL
    listing: Listing | None = None

    def all_rules(self) -> Iterator[Rule]:
        """Every rule of every state."""
        yield from (*self.always, *self.common)
        for state in self.states.values():
            yield from state.all_rules()

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything they may say, tagged with its language when that is not English."""
        said: dict[str, None] = {}
        for state in self.states.values():
            voice = state.voice or self.voice
            for act in (*state.say, Say(state.silence_say), *(act for rule in (*self.always, *self.common, *state.all_rules()) for act in rule.say)):
                if isinstance(act, Say) and act.text:
                    said[tagged(act.text, act.voice or voice)] = None
        return tuple(said)

    def new_conversation(self) -> Persona:
        """Somebody who has just heard their phone ring."""
        from sandbox.people.persona import Persona

        return Persona(self)
