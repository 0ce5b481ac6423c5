"""A recogniser's results for spoken utterances, with the delays of a real one: words come late, and finals end each stretch of speech."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from bench.pausing_speakers import Spoken, Word

_DIGITS = dict(zip("zero one two three four five six seven eight nine".split(), "0123456789", strict=True))  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Delays:
    """When results come, in ms: a word so long after it was spoken, and a final so long after the energy ended."""

    least_lag: int = 250
    most_lag: int = 300
    final: int = 300


@dataclass(frozen=True, slots=True)
class Result:
    """A result, `at_ms` from the utterance's beginning."""

    at_ms: int
    text: str
    is_final: bool
    stability: float
    end_ms: int


def results(spoken: Spoken, delays: Delays, rng: random.Random) -> list[Result]:
    """All results for one utterance, in order.

    Interims have no punctuation. Finals in the middle end in a full stop where the words could be whole, and half of the others do too, as
    recognisers that punctuate by pauses do. Half of the speakers' numbers are written in digits.
    """
    digits = rng.random() < 0.5
    found: list[Result] = []
    heard: list[str] = []
    words = list(spoken.words)
    for number, (_, end_ms) in enumerate(spoken.stretches):
        last = number == len(spoken.stretches) - 1
        pause_ms = 10_000 if last else spoken.stretches[number + 1][0] - end_ms
        while words:
            word = words.pop(0)
            heard.append(word.text)
            at_ms = word.end_ms + rng.randint(delays.least_lag, delays.most_lag)
            found.append(Result(at_ms, _plain(heard, digits=digits), False, 0.5, word.end_ms))
            if word.mark:
                break
        if pause_ms >= delays.final:
            found.append(Result(end_ms + delays.final, _final(heard, word, rng, digits=digits), True, 0.0, end_ms))
            heard = []
    return sorted(found, key=lambda result: (result.at_ms, result.is_final))


def _plain(words: list[str], *, digits: bool) -> str:
    text = " ".join(re.sub(r"[.,?!]", "", word).lower() for word in words)
    return _in_digits(text) if digits else text


def _final(words: list[str], last: Word, rng: random.Random, *, digits: bool) -> str:
    text = " ".join(words)
    if last.mark and not text.endswith((".", "?", "!")):
        text = text.rstrip(",") + ("." if last.mark in ("/", "=") or rng.random() < 0.5 else "")
    return _in_digits(text) if digits else text


def _in_digits(text: str) -> str:
    """Numbers that are read out digit by digit as one number."""
    run = r"(?:zero|one|two|three|four|five|six|seven|eight|nine)"
    return re.sub(
        rf"\b{run}(?: {run})+\b",
        lambda match: "".join(_DIGITS[word] for word in match[0].split()),
        text,
    )
