"""A person in one conversation: hears words and keys, follows their script, says things. Time is an argument."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from sandbox.people.acts import Act, HangUp, Keys, Quiet, Record, Say, Sound
from sandbox.people.keypad import Keypad
from sandbox.people.spec import Meanwhile, PersonSpec, Rule, State
from sandbox.words import amounts, spoken

MS_PER_WORD = 400
TIMES_TO_ASK_AGAIN = 2
#: A person who yields stops when the caller's voice has been there for so long.
YIELDS_AFTER_MS = 400
#: Speech of which no word was made out was somebody talking, not a noise, when it was so long: people ask what was said.
A_SENTENCE_MS = 1500
_SAY_AGAIN = re.compile(r"\b(?:say that again|repeat (?:that|it)|pardon)\b")


class Persona:
    """One conversation of one person.

    Every method gives the acts that follow at once; `tick` gives those that time brings.
    """

    def __init__(self, spec: PersonSpec) -> None:
        self.spec = spec
        self._state: State = spec.states[spec.first]
        self._notes: set[str] = set()
        self._quiet_since_ms = 0
        self._asked_again = 0
        self._gone = False
        self._not_understood = 0
        self._keypad = Keypad(self._state.pressed)
        self._talked_over: Counter[Meanwhile] = Counter()
        self._caller_talked_ms = 0
        self._last_said: tuple[Say | Sound, ...] = ()

    @property
    def state(self) -> str:
        """Name of the state they are in."""
        return self._state.name

    @property
    def expects(self) -> tuple[str, ...]:
        """What a caller may say, as sentences and templates for their ear."""
        from sandbox.mind.phrases import FLOYD_SAYS

        return (*FLOYD_SAYS, *self.spec.expects_more)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything they may say themselves."""
        return self.spec.sentences

    def on_answer(self, now_ms: int) -> list[Act]:
        """They pick up."""
        return self._enter(self._state, now_ms, self.spec.answer_ms)

    def noise(self, now_ms: int) -> None:
        """Somebody is speaking: it is not silent."""
        self._quiet_since_ms = max(self._quiet_since_ms, now_ms)

    def heard(self, text: str, now_ms: int, *, sure: bool = True, ms: int = 0) -> list[Act]:
        """The caller said something, for so long. Of what was not understood for sure, only what fits the script counts."""
        if self._gone:
            return []
        self._quiet_since_ms = now_ms
        self._asked_again = 0
        said = f" {spoken(text)} "
        if (rule := self._fitting(said)) is not None:
            self._not_understood = 0
            return self._follow(rule, now_ms)
        if self._state.otherwise is None and self._last_said and not self._state.machine and _SAY_AGAIN.search(said):
            return self._acts(self._last_said, now_ms, self.spec.think_ms)
        if self._state.otherwise is None or (not sure and not said.strip() and (self._state.machine or ms < A_SENTENCE_MS)):
            return []
        self._not_understood += 1
        # Asking again and again helps nobody: every other time they just wait.
        return self._follow(self._state.otherwise, now_ms) if self._not_understood % 2 else []

    def pressed(self, digit: str, now_ms: int, *, talking: bool) -> list[Act]:
        """The caller pressed a key, `talking` while this side was still speaking."""
        if self._gone or (talking and not self._state.barge):
            return []
        self._quiet_since_ms = now_ms
        stop: list[Act] = [Quiet()] if talking and self._keypad.known else []
        return [*stop, *self._dial(self._keypad.press(digit, now_ms), now_ms)]

    def caller_talks(self, for_ms: int, now_ms: int, *, talking: bool) -> list[Act]:
        """The caller has talked for so long without a pause, `talking` while this side speaks too."""
        before_ms, self._caller_talked_ms = self._caller_talked_ms, for_ms
        if self._gone or for_ms == 0:
            return []
        if talking:
            return [Quiet()] if self._state.yields and for_ms >= YIELDS_AFTER_MS else []
        for one in self._state.meanwhile:
            if before_ms < one.after_ms <= for_ms and self._talked_over[one] < one.times:
                self._talked_over[one] += 1
                return [replace(act, over=True, pause_ms=0) if isinstance(act, Say) else act for act in self._follow(one.rule, now_ms)]
        return []

    def said_all(self, now_ms: int) -> list[Act]:
        """All that they had to say is said."""
        if self._gone or not self._state.then:
            return []
        return self._enter(self.spec.states[self._state.then], now_ms, 0)

    def tick(self, now_ms: int) -> list[Act]:
        """Time has passed."""
        if self._gone:
            return []
        if (keys := self._keypad.given_up(now_ms)) is not None:
            return self._dial(keys, now_ms)
        quiet_ms = now_ms - self._quiet_since_ms
        state = self._state
        if state.hang_up_after_ms and quiet_ms >= state.hang_up_after_ms:
            return self._leave([])
        if quiet_ms < state.silence_ms or state.hang_up_after_ms:
            return []
        if state.silence_goto:
            return self._enter(self.spec.states[state.silence_goto], now_ms, 0)
        if self._asked_again >= TIMES_TO_ASK_AGAIN:
            return self._leave([])
        self._asked_again += 1
        return self._acts((Say(state.silence_say),), now_ms, 0)

    def _dial(self, keys: str, now_ms: int) -> list[Act]:
        """What complete keys lead to; none while more are awaited."""
        rule = self._state.pressed.get(keys, self._state.pressed_otherwise) if keys else None
        return self._follow(rule, now_ms) if rule is not None else []

    def _fitting(self, said: str) -> Rule | None:
        """The rule that they follow. A machine has its own only; who would just listen, or ask again, still knows what everybody there knows."""
        always = () if self._state.machine else self.spec.always
        own = next((rule for rule in (*always, *self._state.rules) if self._fits(rule, said)), None)
        if self._state.machine or self._state.otherwise is None or (own is not None and not own.is_silent):
            return own
        return next((rule for rule in self.spec.common if self._fits(rule, said)), own)

    def _fits(self, rule: Rule, said: str) -> bool:
        for need in rule.needs:
            if (need[1:] in self._notes) if need.startswith("!") else (need not in self._notes):
                return False
        if rule.dollars_from is not None or rule.dollars_below is not None:
            named = [cents // 100 for cents in amounts(said)]
            low, high = rule.dollars_from or 0, rule.dollars_below or 10**9
            if not any(low <= dollars < high for dollars in named):
                return False
        if any(pattern.search(said) for pattern in rule.unless):
            return False
        return not rule.hear or any(pattern.search(said) for pattern in rule.hear)

    def _follow(self, rule: Rule, now_ms: int) -> list[Act]:
        self._notes.update(rule.note)
        self._last_said = rule.say or self._last_said
        acts = self._acts(rule.say, now_ms, self.spec.think_ms)
        if rule.keys:
            acts.append(Keys(rule.keys))
        if rule.hang_up:
            return self._leave(acts)
        if rule.goto:
            acts += self._enter(self.spec.states[rule.goto], now_ms, 0 if rule.say else self.spec.think_ms)
        return acts

    def _enter(self, state: State, now_ms: int, pause_ms: int) -> list[Act]:
        self._state = state
        self._asked_again = 0
        self._keypad = Keypad(state.pressed)
        self._last_said = state.say or self._last_said
        acts = self._acts(state.say, now_ms, pause_ms)
        if state.record:
            acts.append(Record())
        return self._leave(acts) if state.hang_up else acts

    def _leave(self, acts: list[Act]) -> list[Act]:
        self._gone = True
        return [*acts, HangUp()]

    def _acts(self, wanted: tuple[Say | Sound, ...], now_ms: int, pause_ms: int) -> list[Act]:
        """The acts as this person does them here, the first after a pause."""
        acts: list[Act] = []
        for act in wanted:
            before_ms = 0 if acts else pause_ms
            if isinstance(act, Say):
                if not act.text:
                    continue
                lasts_ms = MS_PER_WORD * len(act.text.split())
                acts.append(self._in_own_way(act, before_ms))
            else:
                lasts_ms = act.duration_ms
                acts.append(act)
            # How long it lasts is only guessed here; `noise` says better while it is spoken.
            self._quiet_since_ms = max(self._quiet_since_ms, now_ms) + before_ms + lasts_ms
        return acts

    def _in_own_way(self, act: Say, pause_ms: int) -> Say:
        spec, state = self.spec, self._state
        return replace(
            act,
            pause_ms=pause_ms,
            voice=act.voice or state.voice or spec.voice,
            rate=act.rate or state.rate or spec.rate,
            over=act.over or state.machine or spec.over,
            clarity=act.clarity or (1.0 if state.voice else spec.clarity),
        )
