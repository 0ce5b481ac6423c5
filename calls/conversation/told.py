"""What Floyd told in a finished call, and where it had it from: names, numbers, dates and amounts with their source, and the facts of the brief.

*Invented* is what has no source: neither a shareable fact, nor the plan, nor the user's answers, nor the callee's own words before it.

*Volunteered* is a shareable fact that nothing called for. A fact is told when a line of Floyd's holds a name or number that only this fact has, or
two other words of its content that the plan does not have. It was needed when its content shares a word (roughly stemmed, names aside) with the goal,
the opening line or the success criterion, or a word (names too) with one of the callee's last two lines before it. "Where", "who", "how old", "which
model" ask for facts by other words than theirs; those few are listed below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from calls.conversation.brief import CallBrief
from calls.conversation.claims import content, is_about_people, is_hedged, is_known, is_question, names_in, sentences, stem, times_in, words_in
from calls.conversation.spelling import codes, dates, digit_runs, normal, spelled_runs, squeezed
from calls.conversation.support import straight
from context.money import find_amounts

#: How many of the callee's lines before a clause count as what it answers.
ASKED_LINES = 2
#: Words by which a callee asks for facts that do not hold them.
_ASKS_FOR = (
    (
        re.compile(r"\b(?:where|address|deliver\w*|street|location)\b", re.I),
        re.compile(r"\b(?:deliver\w*|address|road|street|avenue|lives?)\b", re.I),
    ),
    (
        re.compile(r"\b(?:who|whose|relation\w*|related|recipient)\b", re.I),
        re.compile(r"\b(?:wife|husband|daughter|son|mother|father|parent)\b", re.I),
    ),
    (re.compile(r"\b(?:how old|age|born|birth\w*)\b", re.I), re.compile(r"\b(?:years? old|born|birth\w*)\b", re.I)),
    (re.compile(r"\b(?:class|grade|teacher|room|year)\b", re.I), re.compile(r"\b(?:class|grade|teacher)\b", re.I)),
    (re.compile(r"\b(?:colou?rs?|kind|sort|type|like|prefer\w*)\b", re.I), re.compile(r"\b(?:likes?|loves?|prefers?|favou?rite|allerg\w*)\b", re.I)),
    (re.compile(r"\b(?:car|vehicle|make|model|drive)\b", re.I), re.compile(r"\b(?:car|vehicle|truck|van)\b", re.I)),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the transcript, as it was heard."""

    seq: int
    speaker: str  # callee, floyd, user or system
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """A name, number, date, time or amount that Floyd said. `source`: a fact's id, an answer's id, "plan", "answer", "callee" or "none"."""

    seq: int
    kind: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class ToldFact:
    """A fact of the brief that Floyd told first in line `seq`. `why`: "goal", "asked" or "volunteered"."""

    seq: int
    id: str
    statement: str
    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """All of it."""

    items: tuple[Item, ...]
    facts: tuple[ToldFact, ...]

    @property
    def invented(self) -> tuple[Item, ...]:
        """What has no source."""
        return tuple(item for item in self.items if item.source == "none")

    @property
    def volunteered(self) -> tuple[ToldFact, ...]:
        """What nothing called for."""
        return tuple(fact for fact in self.facts if fact.why == "volunteered")


class _Source:
    """A text that a claim can stem from."""

    def __init__(self, name: str, text: str) -> None:
        plain = straight(normal(text))
        self.name = name
        self.words, self.times, self.squeezed = words_in(plain), times_in(plain), squeezed(plain)
        self.dates = {(month, day) for month, day, _ in dates(plain)}
        self.digits = "|".join(run.signs for run in (*digit_runs(plain), *spelled_runs(plain))) + "|" + "".join(re.findall(r"\d", plain))
        self.minors = {found.amount.minor for found in find_amounts(plain)}

    def has(self, kind: str, value: str) -> bool:
        """Whether it holds a claim."""
        match kind:
            case "name":
                return is_known(value, self.words)
            case "time":
                return value in self.times
            case "date":
                return tuple(int(part) for part in value.split("/")) in self.dates
            case "amount":
                return int(value) in self.minors or value.removesuffix("00") in self.digits
            case _:
                return value in self.digits or value in self.squeezed


def told_in(brief: CallBrief, lines: Sequence[Line]) -> Told:
    """What Floyd told in a call.

    Args:
        brief: the call's.
        lines: the transcript, in order, with the words heard. The introduction and the opening line are the plan's own words.
    """
    fixed = _sources(brief)
    live: list[_Source] = []
    people = {name for fact in brief.facts for name, _ in names_in(fact.statement, begins=False)} | words_in(brief.user_name)
    items: list[Item] = []
    facts: dict[str, ToldFact] = {}
    asked: list[str] = []
    for line in lines:
        text = straight(normal(line.text))
        if line.speaker == "user":
            live.append(_Source("answer", text))
        elif line.speaker == "callee":
            live.append(_Source("callee", text))
            asked = [*asked, text][-ASKED_LINES:]
        elif line.speaker == "floyd":
            sources = [*fixed, *reversed(live)]
            items += [Item(line.seq, kind, value, _source(brief, kind, value, sources)) for kind, value in _claims(brief, text, people)]
            if line.text not in (brief.introduction, brief.opening_line):
                for fact in _facts_told(brief, line.seq, text, asked):
                    facts.setdefault(fact.id, fact)
    return Told(tuple(items), tuple(facts.values()))


def _sources(brief: CallBrief) -> list[_Source]:
    """Everything that was fixed before the call; facts first, since they are the most precise."""
    plan = (brief.user_name, brief.callee_name, brief.goal, brief.introduction, brief.opening_line, brief.success, brief.today, brief.voicemail)
    past = tuple(f"{slot.item} {slot.when} {'' if slot.amount_minor is None else f'${slot.amount_minor / 100:.2f}'}" for slot in brief.past)
    return [
        *(_Source(fact.id, fact.statement) for fact in brief.facts),
        *(_Source(answer.id, answer.statement) for answer in brief.answers),
        _Source("plan", ". ".join((*plan, *brief.steps, *brief.find_out, *brief.may_promise, *past))),
    ]


def _source(brief: CallBrief, kind: str, value: str, sources: Iterable[_Source]) -> str:
    found = next((source.name for source in sources if source.has(kind, value)), "none")
    if found == "none" and kind == "amount" and brief.limit_minor is not None and int(value) <= brief.limit_minor:
        return "plan"
    return found


def _claims(brief: CallBrief, text: str, people: Iterable[str]) -> list[tuple[str, str]]:
    """What a line claims, as (kind, value)."""
    amounts = find_amounts(text, brief.currency)
    found = [("amount", str(amount.amount.minor)) for amount in amounts if amount.amount.minor]
    hidden = text
    for amount in amounts:
        hidden = hidden[: amount.start] + "~" * (amount.end - amount.start) + hidden[amount.end :]
    found += [("number", run.signs) for run in digit_runs(hidden) if len(run.signs) >= 3]
    found += [("code", run.signs) for run in (*spelled_runs(hidden), *codes(hidden))]
    found += [("date", f"{month}/{day}") for month, day, _ in dates(hidden)]
    for sentence in sentences(text):
        found += [("name", name) for name, _ in names_in(sentence)]
        if is_about_people(sentence, people) and not is_question(sentence) and not is_hedged(sentence):
            found += [("time", value) for value in sorted(times_in(sentence))]
    return list(dict.fromkeys(found))


def _facts_told(brief: CallBrief, seq: int, text: str, asked: Sequence[str]) -> list[ToldFact]:
    plan = " ".join((brief.goal, brief.opening_line, brief.success, brief.introduction, brief.callee_name))
    plan_content, said = content(plan), content(text)
    found = []
    for fact in brief.facts:
        others = set().union(*(content(other.statement) for other in brief.facts if other is not fact))
        own = content(fact.statement) - plan_content
        named = {stem(name) for name, _ in names_in(fact.statement, begins=False)} | set(re.findall(r"\d+", fact.statement))
        heard = set().union(*(content(line) for line in asked))
        told = (own & said) - (heard - {stem(name) for name in named})
        if told & named - others or len(told) >= 2:
            found.append(ToldFact(seq, fact.id, fact.statement, _why(brief, fact.statement, asked)))
    return found


def _why(brief: CallBrief, statement: str, asked: Sequence[str]) -> str:
    """What called for a fact."""
    about = content(statement)
    if any(about & content(line) or any(asks.search(line) and holds.search(statement) for asks, holds in _ASKS_FOR) for line in asked):
        return "asked"
    names = {stem(name) for text in (statement, brief.user_name, brief.callee_name) for name, _ in names_in(text, begins=False)}
    needed = content(" ".join((brief.goal, brief.opening_line, brief.success))) - names
    return "goal" if about & needed else "volunteered"
