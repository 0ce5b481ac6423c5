"""A person in one conversation: hears words, follows their script, says things. Time is an argument."""

from __future__ import annotations

from collections import deque

from sandbox.people.spec import Act, HangUp, HoldMusic, Keys, PersonSpec, Rule, Say, State
from sandbox.words import amounts, spoken

MS_PER_WORD = 400
TIMES_TO_ASK_AGAIN = 2


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

    def heard(self, text: str, now_ms: int, *, sure: bool = True) -> list[Act]:
        """The caller said something. Of what was not understood for sure, only what fits the script counts."""
        if self._gone:
            return []
        self._quiet_since_ms = now_ms
        self._asked_again = 0
        said = f" {spoken(text)} "
        for rule in (*self.spec.always, *self._state.rules):
            if self._fits(rule, said):
                self._not_understood = 0
                return self._follow(rule, now_ms)
        if self._state.otherwise is None or (not sure and not said.strip()):
            return []
        self._not_understood += 1
        # Asking again and again helps nobody: every other time they just wait.
        return self._follow(self._state.otherwise, now_ms) if self._not_understood % 2 else []

    def tick(self, now_ms: int) -> list[Act]:
        """Time has passed."""
        if self._gone:
            return []
        quiet_ms = now_ms - self._quiet_since_ms
        state = self._state
        if state.hang_up_after_ms and quiet_ms >= state.hang_up_after_ms:
            return self._leave([])
        if quiet_ms < state.silence_ms or state.hang_up_after_ms:
            return []
        if self._asked_again >= TIMES_TO_ASK_AGAIN:
            return self._leave([])
        self._asked_again += 1
        return self._acts((state.silence_say,), now_ms, 0)

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
        acts = self._acts(rule.say, now_ms, self.spec.think_ms)
        if rule.keys:
            acts.append(Keys(rule.keys))
        if rule.hold_ms:
            acts.append(HoldMusic(rule.hold_ms))
            self._quiet_since_ms += rule.hold_ms
        if rule.hang_up:
            return self._leave(acts)
        if rule.goto:
            acts += self._enter(self.spec.states[rule.goto], now_ms, 0 if rule.say else self.spec.think_ms)
        return acts

    def _enter(self, state: State, now_ms: int, pause_ms: int) -> list[Act]:
        self._state = state
        self._asked_again = 0
        acts = self._acts(state.say, now_ms, pause_ms)
        return self._leave(acts) if state.hang_up else acts

    def _leave(self, acts: list[Act]) -> list[Act]:
        self._gone = True
        return [*acts, HangUp()]

    def _acts(self, texts: tuple[str, ...], now_ms: int, pause_ms: int) -> list[Act]:
        said: deque[Act] = deque()
        for text in texts:
            said.append(Say(text, pause_ms if not said else 0))
            # How long it lasts is only guessed here; `noise` says better while it is spoken.
            self._quiet_since_ms = max(self._quiet_since_ms, now_ms) + pause_ms + MS_PER_WORD * len(text.split())
        return list(said)
