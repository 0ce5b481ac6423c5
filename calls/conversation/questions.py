"""Questions put to the user during a call: asked once, answered by id, composed in code where money is involved."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any

from calls.conversation.effects import AskUser
from calls.conversation.purse import item_name
from calls.conversation.transcript import clean
from calls.speech.phrases import words_of
from context.marking import noop
from context.money import format_amount

MOST_QUESTIONS = 5
_WANTS = noop("%(callee)s wants %(price)s. What is the most I may spend?")
_WANTS_FOR = noop("%(callee)s wants %(price)s for %(item)s. What is the most I may spend?")
_NEEDS = noop("%(callee)s needs to know a budget. What is the most I may spend?")
_NEEDS_FOR = noop("%(callee)s needs to know a budget for %(item)s. What is the most I may spend?")
_LINK = re.compile(r"\b(?:https?://|www\.)\S*|\S+@\S+|\b[\w-]+\.(?:com|ca|org|net|io|ly|me)\b\S*", re.I)


@dataclass(slots=True)
class OpenQuestion:
    """A question and, once given, its answer."""

    asked: AskUser
    answer: dict[str, Any] | None = None


class Questions:
    """All questions of one call. Ids follow from the call's id, so that storing one twice is storing it once."""

    def __init__(self, call_id: str, callee_name: str) -> None:
        self._call_id, self._callee_name = call_id, callee_name
        self._questions: dict[str, OpenQuestion] = {}

    @property
    def open(self) -> bool:
        """Whether an answer is awaited."""
        return any(question.answer is None for question in self._questions.values())

    @property
    def full(self) -> bool:
        """Whether the user was asked often enough for one call."""
        return len(self._questions) >= MOST_QUESTIONS

    def find(self, kind: str, text: str, item: str | None, amount_minor: int | None) -> OpenQuestion | None:
        """A question that was the same: for money the same amount, or money still open; else the same words."""
        for question in self._questions.values():
            slots, same_kind = question.asked.slots, question.asked.kind == kind
            if (
                same_kind
                and kind == "money"
                and (question.answer is None or (amount_minor is not None and slots.get("amount_minor") == amount_minor))
            ):
                return question
            if same_kind and kind != "money" and words_of(question.asked.text) == words_of(_plain(text)) and slots.get("item", "") == item_name(item):
                return question
        return None

    def ask(self, kind: str, text: str, item: str | None, amount_minor: int | None, currency: str) -> AskUser:
        """A new question. A question about money is worded here from typed values; the callee's words go no further."""
        name = item_name(item)
        slots: dict[str, Any] = {"item": name, "amount_minor": amount_minor, "currency": currency if amount_minor is not None else ""}
        if kind == "money" and amount_minor is not None:
            text = (_WANTS_FOR if name else _WANTS) % {"callee": self._callee_name, "price": format_amount(amount_minor, currency), "item": name}
        elif kind == "money":
            text = (_NEEDS_FOR if name else _NEEDS) % {"callee": self._callee_name, "item": name}
        question_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"floyd:{self._call_id}:question:{len(self._questions) + 1}"))
        asked = AskUser(question_id, kind, _plain(text), slots)
        self._questions[question_id] = OpenQuestion(asked)
        return asked

    def expect(self, asked: AskUser) -> None:
        """Waits for the answer to a question that somebody else has put to the user."""
        self._questions[asked.question_id] = OpenQuestion(asked)

    def give_up(self) -> None:
        """No answer came in time: nobody waits for one any more."""
        for question in self._questions.values():
            question.answer = {} if question.answer is None else question.answer

    def answer(self, question_id: str, answer: dict[str, Any]) -> AskUser | None:
        """Takes the first answer to a question of this call; None for an unknown or answered one."""
        question = self._questions.get(question_id)
        if question is None or question.answer is not None:
            return None
        question.answer = dict(answer)
        return question.asked


def _plain(text: str) -> str:
    """A question without links and long digit strings, short enough for a text message."""
    without = re.sub(r"\d[\d\s().-]{6,}\d", "…", _LINK.sub("…", clean(text)))
    return without[:240]
