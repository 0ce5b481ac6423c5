"""A whole call without sound: the real conversation core, the sandbox's mind as its model, and one of the sandbox's people as the callee."""

import json
import random

from calls.conversation.effects import AskUser, EndReason
from calls.conversation.events import CalleeSaid, LineDropped
from calls.conversation.tools import tools_for
from sandbox.mind import think
from sandbox.people import HangUp, Say, load
from tests.calls.conversation.virtual_line import VirtualLine

STEP_MS = 100
MS_PER_WORD = 380
LONGEST_MS = 240_000
PEOPLE = load()


class Rehearsal:
    """Plays a call to its end.

    Args:
        brief: the call's orders.
        number: who is called.
        answer: what the user answers when asked, {} for nothing; `answer_after_ms` says how long they take.
        deaf: how likely a word is lost, each way.
    """

    def __init__(self, brief, number, *, answer=None, answer_after_ms=6000, deaf=0.0, seed=0):
        self.line = VirtualLine(brief)
        self.brief = brief
        self.persona = PEOPLE[number].new_conversation()
        self.answer, self.answer_after_ms = answer, answer_after_ms
        self._deaf = deaf
        self._dice = random.Random(seed)
        self._sayings: list[tuple[int, int, str]] = []  # from, to, words
        self._hang_up_at: int | None = None
        self._clauses_told = 0
        self._asked = 0
        self._answer_at: int | None = None
        self._thought = 0

    def play(self):
        """Until somebody hangs up."""
        self.line.open()
        self._do(self.persona.on_answer(0))
        while self.line.ended is None and self.line.now < LONGEST_MS:
            self._think()
            self._speak_for_the_callee()
            self._let_the_callee_hear()
            self._answer_for_the_user()
            self.line.wait(STEP_MS)
        return self

    # --- what came of it ---

    @property
    def ended(self) -> EndReason | None:
        return self.line.ended

    @property
    def floyd(self) -> str:
        return " ".join(text for speaker, text in self.line.transcript if speaker == "floyd")

    @property
    def callee(self) -> str:
        return " ".join(text for speaker, text in self.line.transcript if speaker == "callee")

    @property
    def agreed(self):
        return [slot for slot in self.line.slots if slot.kind == "agreed"]

    def questions(self) -> list[AskUser]:
        return self.line.questions

    # --- the sides ---

    def _think(self):
        while self._thought < len(self.line.asks):
            ask = self.line.asks[self._thought]
            self._thought += 1
            body = {"messages": [dict(message) for message in ask.messages], "tools": list(tools_for(self.brief))}
            thought = think(json.loads(json.dumps(body)))
            self.line.model(thought.text, *((use.name, use.arguments) for use in thought.tools), ask=ask)

    def _do(self, acts):
        starts = max([self.line.now, *(until for _, until, _ in self._sayings)])
        for act in acts:
            if isinstance(act, Say):
                starts += act.pause_ms
                ends = starts + MS_PER_WORD * len(act.text.split())
                self._sayings.append((starts, ends, act.text))
                starts = ends
            elif isinstance(act, HangUp):
                self._hang_up_at = starts + act.pause_ms

    def _speak_for_the_callee(self):
        now = self.line.now
        while self._sayings and self._sayings[0][1] + 600 <= now and not self.line.playing:
            start, end, text = self._sayings.pop(0)
            if heard := self._through_the_line(text):
                self.line.feed(CalleeSaid(heard, start, end, 0.9))
        if any(start <= now <= end for start, end, _ in self._sayings):
            self.persona.noise(now)
        if self._hang_up_at is not None and not self._sayings and now >= self._hang_up_at and self.line.ended is None:
            self.line.feed(LineDropped(True))

    def _let_the_callee_hear(self):
        """All that Floyd has said since, once it is silent."""
        if self.line.playing:
            self.persona.noise(self.line.now)
            return
        told = self.line.said[self._clauses_told :]
        if told:
            self._clauses_told = len(self.line.said)
            if heard := self._through_the_line(" ".join(told)):
                self._do(self.persona.heard(heard, self.line.now))
        self._do(self.persona.tick(self.line.now))

    def _through_the_line(self, text):
        return " ".join(word for word in text.split() if self._dice.random() >= self._deaf)

    def _answer_for_the_user(self):
        if len(self.line.questions) > self._asked:
            self._asked = len(self.line.questions)
            self._answer_at = self.line.now + self.answer_after_ms
        if self.answer and self._answer_at is not None and self.line.now >= self._answer_at and self.line.ended is None:
            self._answer_at = None
            self.line.user(**self.answer)
