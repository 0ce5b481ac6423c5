"""Choosing from a phone menu, as its words name the options: "For prescriptions, press 2." and "You can say schedules, or lost and found." """

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.mind.household import words
from sandbox.mind.thought import Thought, ToolUse
from sandbox.words import number_value, sentences, spoken

_KEYS = {"star": "*", "pound": "#", "hash": "#", "oh": "0"}
_PRESS = re.compile(r"^(?P<before>.*?)\bpress (?P<key>\w+)\b(?P<after>.*)$")
# "Could you say that again?" offers nothing.
_SAY = re.compile(r"\b(?:you (?:can|may) say|please say|(?<!\byou )(?<!\bto )(?<!\bi )say)\b (?!(?:that|it|so)\b)(?P<choices>.+)$", re.I)
_LEADS_TO_PEOPLE = re.compile(r"\b(?:agent|representative|operator|somebody|someone|person|reception|front desk|other|speak|talk|team)\b", re.I)
_EMPTY_WORDS = frozenset(
    ["for", "to", "the", "a", "an", "or", "and", "of", "press", "say", "please", "with", "our", "your", "all", "hear", "ask", "know", "is"]
)
STEM = 5


@dataclass(frozen=True, slots=True)
class Option:
    """One thing the menu offers: a key to press, or words to say."""

    about: str
    key: str = ""
    say: str = ""


def options_of(menu: str) -> list[Option]:
    """All options that the text names, in order."""
    found: list[Option] = []
    for sentence in sentences(menu):
        if pressed := _PRESS.match(spoken(sentence)):
            about = f"{pressed['before']} {pressed['after']}".strip()
            if key := _key(pressed["key"]):
                found.append(Option(about, key=key))
        elif said := _SAY.search(sentence.rstrip(".!?")):
            choices = re.split(r",\s*(?:or\s+)?|\s+or\s+", said["choices"])
            found += [Option(f"{sentence[: said.start()]} {choice}", say=choice.strip()) for choice in choices if choice.strip()]
    return found


def _key(word: str) -> str:
    value = number_value([word])
    return str(value) if value is not None and value < 10 else _KEYS.get(word, "")


def choose(menu: str, goal: str) -> Thought:
    """Takes the option that fits the goal best, else the one that promises a person, else zero."""
    options = options_of(menu)
    wanted = _stems(goal)
    best = max(options, key=lambda option: len(wanted & _stems(option.about)), default=None)
    if best is None or not wanted & _stems(best.about):
        best = next((option for option in options if _LEADS_TO_PEOPLE.search(option.about)), Option("a person", key="0"))
    if best.say:
        return Thought(f"{best.say[:1].upper()}{best.say[1:]}.")
    return Thought("", (ToolUse("press_keys", {"keys": best.key, "why": best.about[:80]}),))


def _stems(text: str) -> set[str]:
    return {word[:STEM] for word in words(text) - _EMPTY_WORDS}
