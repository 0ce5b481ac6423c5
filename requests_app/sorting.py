"""What a text message of a user is about: an answer to one of the open questions, a new request, or not clear.

An answer goes to the one question that it fits. Money and facts hang on it, so where two fit the user is asked which one.
Questions then have numbers, and "2" or "2: yes" names one; "new" (German: "neu") makes a request of what was sent before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from requests_app.answers import read_as_answer
from requests_app.models import Question, QuestionKind
from requests_app.reading import NUMBER_STEP, Answer

_POINTER = re.compile(r"\W*(?P<which>\d{1,2}|new|neu)(?: request)?\W*", re.I)
_NUMBERED = re.compile(r"\W*(?P<which>\d{1,2})(?:[).:,]\s*|\s+(?=\D))(?P<rest>.+)", re.S)
_NEW = re.compile(r"\W*(?:new(?: request)?|neu)\s*[:,.–—-]\s*(?P<rest>.+)", re.I | re.S)
#: How people begin when they want something done, and what follows when they speak of what is being done already.
_ASK = re.compile(
    r"""\W*(?:(?:hey|hi|hello|ok|okay)\b\W*)?(?:floyd\b\W*)?
    (?:(?:can|could|would|will)\ you\b\W*|i(?:'d|\ would)\ like\ you\ to\b\W*|i\ need\ you\ to\b\W*)?(?:please\b\W*)?
    (?:call|phone|ring|order|book|reserve|cancel|reschedule|schedule|remind\ me|find|look\ up|buy|get\ me
    |make\ (?:me\ )?an?\ (?:appointment|reservation|booking)|when(?:'s|\ is|\ do|\ does)
    |(?:ruf|bestell|buch|reservier|stornier|verschieb)e?n?|wann\ (?:ist|habe)
    |(?:appelle|commande|réserve|annule|déplace)[rz]?|quand\ (?:est|ai)
    |llama|pide|reserva|cancela|anula|cambia|cuándo\ (?:es|tengo)
    |where(?:'s|\ is)|what(?:'s|\ is)\ (?:my|our)|how\ much\ (?:is|does))\b
    (?!\ (?:it|that|this|them|him|her|back|again|later|now|off)\b)""",
    re.I | re.X,
)
#: A shorter text says too little to be a request while a question is open.
LEAST_WORDS_OF_AN_ASK = 3


@dataclass(frozen=True, slots=True)
class Meant:
    """What a message is about. With neither `question` nor `ask`, the user is to say which of `choices` was meant; none: it is settled.

    Attributes:
        words: the answer or the ask: the message's, or those of the message before.
        of_the_one_before: the words are those of the message before.
    """

    words: str
    question: Question | None = None
    ask: bool = False
    choices: tuple[Question, ...] = ()
    of_the_one_before: bool = False


def looks_like_an_ask(text: str) -> bool:
    """Whether a text begins like a wish of its own ("Call the school, …", "When's my …")."""
    words = re.findall(r"[^\W\d_]+", text)
    return len(words) >= LEAST_WORDS_OF_AN_ASK and _ASK.match(text.replace("’", "'")) is not None


def sort_message(body: str, questions: Sequence[Question], *, held: str = "", live: UUID | None = None) -> Meant:
    """What a message is about.

    Args:
        questions: those of the user that are open, newest first.
        held: the message before, when nobody knew which question that was for.
        live: the question that a callee waits for on the line, if the user was asked it last.
    """
    if held and (pointer := _POINTER.fullmatch(body)):
        if not pointer["which"].isdigit():
            return Meant(held, ask=True, of_the_one_before=True)
        return Meant(held, question=_by_number(questions, pointer["which"]), of_the_one_before=True)
    if not questions:
        return Meant(body, ask=True)
    if new := _NEW.fullmatch(body):
        return Meant(new["rest"], ask=True)
    numbered = _NUMBERED.fullmatch(body)
    if numbered and (question := _by_number(questions, numbered["which"])):
        return Meant(numbered["rest"], question=question)
    return _by_fit(body, questions, live)


def _by_number(questions: Sequence[Question], number: str) -> Question | None:
    return next((question for question in questions if question.text_number == int(number)), None)


def _by_fit(body: str, questions: Sequence[Question], live: UUID | None) -> Meant:
    fits = [question for question in questions if isinstance(read_as_answer(question, body), Answer)]
    if looks_like_an_ask(body):
        return Meant(body, choices=tuple(fits)) if fits else Meant(body, ask=True)
    # Any words fit a question for words; who writes "up to $80" or "yes" answers the one that wants just that.
    exact = [question for question in fits if question.kind != QuestionKind.TEXT or question.step == NUMBER_STEP]
    for found in (exact, fits):
        if len(found) == 1:
            return Meant(body, question=found[0])
    if waited_for := next((question for question in fits if question.pk == live), None):
        return Meant(body, question=waited_for)
    if len(questions) == 1:
        return Meant(body, question=questions[0])
    return Meant(body, choices=tuple(fits or questions))
