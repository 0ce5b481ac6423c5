"""Expected sentences as a grammar for the recogniser, and the way back from its bare words to the sentence as written.

A sentence may be heard whole, or in pieces where its commas are: speakers pause there. Templates have slots such as {money}.
JSGF: https://www.w3.org/TR/jsgf/
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from sandbox.languages import ENGLISH, untagged
from sandbox.words import Word, number_words, ordinal_words, read_aloud, sentences

_SLOT = re.compile(r"\{(\w+)\}")
#: So many clauses may be said in one breath, besides whole sentences.
MOST_CLAUSES = 4
_CLAUSE_END = (",", ";", ":", "—", "–")
_WEEKDAYS = "monday | tuesday | wednesday | thursday | friday | saturday | sunday"
_MONTHS = "january | february | march | april | may | june | july | august | september | october | november | december"
_UNITS = " | ".join(number_words(value) for value in range(1, 10))
_TEENS = " | ".join(number_words(value) for value in range(10, 20))
_TENS = " | ".join(number_words(value) for value in range(20, 100, 10))

#: Slots: name → JSGF rule, and the rules that it uses.
_RULES: dict[str, tuple[str, tuple[str, ...]]] = {
    "unit": (_UNITS, ()),
    "teen": (_TEENS, ()),
    "tens": (_TENS, ()),
    # Weights: the breath after "thirty" is easily heard as "thirty eight".
    "small": ("/4/ <unit> | /4/ <teen> | /4/ <tens> | /1/ <tens> <unit>", ("unit", "teen", "tens")),
    "number": ("<small> | (<unit> | a) hundred [[and] <small>] | <small> thousand [<unit> hundred] [[and] <small>]", ("small", "unit")),
    "money": ("<number> dollars [[and] <small> cents]", ("number", "small")),
    "minute": ("oh <unit> | <teen> | <tens> | (twenty | thirty | forty | fifty) five | o'clock", ("unit", "teen", "tens")),
    "time": ("(<unit> | <teen>) [<minute>] [a m | p m] | noon | midnight", ("minute", "unit", "teen")),
    "ordinal": (" | ".join(ordinal_words(value) for value in range(1, 32)), ()),
    "weekday": (_WEEKDAYS, ()),
    "month": (_MONTHS, ()),
    "date": ("today | tomorrow | [next] <weekday> [[the] <ordinal>] | <month> [the] <ordinal>", ("weekday", "month", "ordinal")),
}
SLOTS = frozenset(_RULES)


@dataclass(frozen=True, slots=True, order=True)
class Spelling:
    """A word as the recogniser spells it, and how it is written where accents tell how it is pronounced."""

    word: str
    written: str
    language: str = ENGLISH


def _spellings(word: Word, language: str) -> list[Spelling]:
    if language != ENGLISH and len(word.said) == 1:
        return [Spelling(word.said[0], re.sub(r"[^\w'’-]", "", word.written).lower(), language)]
    return [Spelling(part, part, language) for part in word.said if not part.startswith("<")]


@dataclass(frozen=True, slots=True)
class Alternative:
    """A run of words that may be heard: words as written, and as said (a slot is said as its rule)."""

    words: tuple[Word, ...]

    @property
    def said(self) -> tuple[str, ...]:
        """Its words; slots as "<money>"."""
        return tuple(part for word in self.words for part in word.said)

    @property
    def language(self) -> str:
        """What it is said in."""
        return untagged(self.words[0].written)[0]

    def written(self) -> str:
        """As a person would write it, tagged if it is not English."""
        return " ".join(word.written for word in self.words)

    def fit(self, heard: list[str], *, whole: bool) -> str | None:
        """The heard words as written here, or None when they are not these. Not `whole`: they may stop anywhere."""
        out: list[str] = []
        index = 0
        for position, word in enumerate(self.words):
            if not whole and index >= len(heard):
                break
            if word.said and word.said[0].startswith("<"):
                end = self._slot_end(heard, index, position)
                out += heard[index:end]
                index = end
                continue
            part = heard[index : index + len(word.said)]
            if tuple(part) != word.said[: len(part)] or (whole and len(part) < len(word.said)):
                return None
            out.append(word.written)
            index += len(word.said)
        return " ".join(out) if index >= len(heard) else None

    def _slot_end(self, heard: list[str], start: int, position: int) -> int:
        following = next((word.said[0] for word in self.words[position + 1 :] if word.said), None)
        for index in range(start + 1, len(heard)):
            if heard[index] == following:
                return index
        return len(heard)


def _words(text: str) -> tuple[Word, ...]:
    words: list[Word] = []
    for token in text.split():
        slot = _SLOT.search(token)
        if slot is not None:
            if slot[1] not in SLOTS:
                raise ValueError(f"there is no slot {{{slot[1]}}}; there are {', '.join(sorted(SLOTS))}")
            words.append(Word(token, (f"<{slot[1]}>",)))
        else:
            words.extend(read_aloud(token))
    return tuple(words)


def _clauses(words: tuple[Word, ...]) -> list[tuple[Word, ...]]:
    clauses: list[list[Word]] = [[]]
    for word in words:
        clauses[-1].append(word)
        if word.written.endswith(_CLAUSE_END):
            clauses.append([])
    return [tuple(clause) for clause in clauses if any(word.said for word in clause)]


def alternatives(texts: Iterable[str]) -> list[Alternative]:
    """Every run of clauses of every text, once each; whole sentences first, then pieces and what runs over the end of a sentence."""
    whole: dict[tuple[str, ...], Alternative] = {}
    parts: dict[tuple[str, ...], Alternative] = {}
    for tagged_text in texts:
        language, text = untagged(tagged_text)
        # The tag goes with every piece, and is not said.
        tag = () if language == ENGLISH else (Word(f"({language})", ()),)
        spoken_sentences = [[(*tag, *clause) for clause in _clauses(_words(sentence))] for sentence in sentences(text)]
        for clauses in spoken_sentences:
            _add(whole, clauses)
        clauses = [clause for sentence in spoken_sentences for clause in sentence]
        for start in range(len(clauses)):
            for end in range(start + 1, min(len(clauses), start + MOST_CLAUSES) + 1):
                _add(parts, clauses[start:end])
    return [*whole.values(), *(part for said, part in parts.items() if said not in whole)]


def _add(into: dict[tuple[str, ...], Alternative], clauses: list[tuple[Word, ...]]) -> None:
    alternative = Alternative(tuple(word for clause in clauses for word in clause))
    if alternative.said:
        into.setdefault(alternative.said, alternative)


@dataclass(frozen=True, slots=True)
class Grammar:
    """What may be heard."""

    alternatives: list[Alternative]
    _written: dict[tuple[str, ...], Alternative] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Grammar:
        """From sentences and templates."""
        known = alternatives(texts)
        return cls(known, {one.said: one for one in known})

    def vocabulary(self) -> set[Spelling]:
        """Every word that it may need."""
        words: set[Spelling] = set()
        for one in self.alternatives:
            words.update(spelling for word in one.words for spelling in _spellings(word, one.language))
        for name in self._rules_needed():
            words |= {Spelling(word, word) for word in re.findall(r"(?<!<)\b[a-z']+\b(?!>)", _RULES[name][0])}
        return words

    def _rules_needed(self) -> set[str]:
        needed = {part[1:-1] for one in self.alternatives for part in one.said if part.startswith("<")}
        waiting = list(needed)
        while waiting:
            for name in _RULES[waiting.pop()][1]:
                if name not in needed:
                    needed.add(name)
                    waiting.append(name)
        return needed

    def jsgf(self) -> str:
        """The grammar as text. Clauses of one sentence share their beginnings, which keeps the search small."""
        rules = [f"<{name}> = {_RULES[name][0]};" for name in sorted(self._rules_needed())]
        sentences_ = " | ".join(" ".join(one.said) for one in self.alternatives) or "um"
        return "\n".join(["#JSGF V1.0;", "grammar expected;", *rules, f"public <utterance> = {sentences_};"])

    def whole(self, heard: list[str]) -> str | None:
        """The sentence or run of clauses as written, if the words are exactly one."""
        exact = self._written.get(tuple(heard))
        if exact is not None:
            return exact.written()
        return next((text for one in self.alternatives if (text := one.fit(heard, whole=True)) is not None), None)

    def beginning(self, heard: list[str]) -> str:
        """Words that begin a sentence, as written; bare if they begin none."""
        return next((text for one in self.alternatives if (text := one.fit(heard, whole=False)) is not None), " ".join(heard))
