"""A phone menu's options in its own words, and a remembered way through it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_KEYS = {
    **{str(digit): str(digit) for digit in range(10)},
    **dict(zip(["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], "0123456789", strict=True)),
    **{"oh": "0", "star": "*", "asterisk": "*", "*": "*", "pound": "#", "hash": "#", "#": "#"},
    **dict(zip(["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"], "0123456789", strict=True)),
}
_NAMED = {"*": "star", "#": "pound"}
_KEY = r"(?:\d{1,6}|[*#]|" + "|".join(sorted((name for name in _KEYS if name.isalpha()), key=len, reverse=True)) + r")"
_PRESS = re.compile(
    rf"\b(?:press|dial|push|hit|enter|oprima|presione|marque|pulse)\s+(?:or say\s+)?(?:the\s+|el\s+)?(?:number\s+|key\s+)?({_KEY})(?!\w)(?:\s+key)?",
    re.I,
)
_SAY = re.compile(
    r"\b(?:for|to) (?P<label>[^.,;!?]{2,60}?),? (?:please |just )?say,? [\"'“]?(?P<word>\w[\w' -]{1,30}?)[\"'”]?(?=[.,;!?]|$| or\b| for\b| to\b)"
    r"|\b(?:you can (?:also )?|please |just )say,? [\"'“]?(?P<list>\w[\w' ,“”\"-]{1,100}?)(?=[.;!?]|$)",
    re.I,
)
_LEAD = re.compile(r"^(?:[\s,;:.-]|\b(?:and|or|for|to|if|please|otherwise|para|you(?:'re| are| want| would like| need)?)\b)+", re.I)
_STAY = re.compile(r"\b(?:stay|remain|hold) on the line\b|\bplease (?:hold|stay)\b|\bjust hold\b|\bhold for\b", re.I)
#: Words of an option behind which people sit.
_PEOPLE = re.compile(
    r"\b(?:operator|representative|agent|receptionist|reception|front desk|someone|somebody|a person|speak (?:to|with)|talk (?:to|with)|all other"
    r"|anything else|other (?:inquiries|enquiries|questions)|assistance|general|customer (?:service|care))\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Option:
    """One way on: the keys to press, or the words to say."""

    label: str
    keys: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a remembered way: keys, or words."""

    keys: str = ""
    words: str = ""

    def __str__(self) -> str:
        return (
            f"say {self.words}"
            if self.words
            else "press " + " ".join(_NAMED.get(key, key) for key in ([self.keys] if self.keys.isdigit() else self.keys))
        )


def options_in(text: str) -> tuple[Option, ...]:
    """The options that a menu names, in its order: "for hours, press 1", "press two for service", "for billing, say billing"."""
    presses = list(_PRESS.finditer(text))
    return (*_pressed(text, presses), *_said(text))


def says_to_stay(text: str) -> bool:
    """Whether doing nothing is an option ("or stay on the line")."""
    return _STAY.search(text) is not None


def leads_to_people(option: Option) -> bool:
    """Whether an option promises a person, whatever it is about."""
    return _PEOPLE.search(option.label) is not None


def steps_of(hint: str) -> tuple[Step, ...]:
    """The steps of a hint such as "press 2, then 1", "2 0" or "say appointments, press star"."""
    found = re.finditer(rf"\bsay\s+[\"'“]?(?P<words>[^,;\"”]+?)[\"'”]?(?=\s*(?:[,;]|then\b|$))|(?<!\w)(?P<key>{_KEY})(?!\w)", hint, re.I)
    steps = (Step(words=match["words"].strip()) if match["words"] else Step(keys=_key(match["key"])) for match in found)
    return tuple(steps)[:8]


def _key(name: str) -> str:
    return name if name.isdigit() else _KEYS[name.lower()]


def _pressed(text: str, presses: list[re.Match[str]]) -> list[Option]:
    if not presses:
        return []
    before = re.split(r"[.!?]", text[: presses[0].start()])[-1]
    label_first = re.search(r"\b(?:for|to|if|para)\b", before, re.I) is not None
    options = []
    for number, match in enumerate(presses):
        if label_first:
            start, end = presses[number - 1].end() if number else presses[0].start() - len(before), match.start()
        else:
            start, end = match.end(), presses[number + 1].start() if number + 1 < len(presses) else len(text)
        label = text[start:end] if label_first else re.split(r"[.!?;]", text[start:end].strip(" ,."))[0]
        options.append(Option(" ".join(_LEAD.sub("", label).strip(" ,.;:").split())[:80], keys=_key(match[1])))
    return options


def _said(text: str) -> list[Option]:
    options = []
    for match in _SAY.finditer(text):
        if match["word"]:
            options.append(Option(match["label"].strip(), words=match["word"].strip()))
        else:
            listed = (word.strip(" \"'“”") for word in re.split(r",\s*(?:(?:or|and)\b)?|\bor\b", match["list"]))
            options += [Option(word, words=word) for word in listed if 0 < len(word.split()) <= 4]
    return options
