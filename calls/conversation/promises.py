"""What Floyd promises: the sentences that bind it, or whom it calls for, to something in the future. English, by table; few false alarms.

A promise may be made when the plan allows it (`may_promise`), when the plan, the shared facts or the user's answers tell of it, or when what was
agreed in the call implies it (who booked a table will be there). To pass something on, and to call again, is Floyd's own business. Everything else
is not said. Whatever was said is written down afterwards, with its line, also where nobody else noticed (`in_lines`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from calls.conversation.brief import CallBrief
from calls.conversation.claims import content, is_question, sentences


class PromiseKind(StrEnum):
    """What sort of promise."""

    PASS_ON = "pass_on"  # noqa: S105 - tell the user something: telling them what came of the call keeps it
    CALL_AGAIN = "call_again"  # Floyd calls again
    COME = "come"  # somebody will be there, or fetch something
    OTHER = "other"  # keep them informed, bring, send, pay, make sure


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise, in the words it was made in."""

    kind: PromiseKind
    text: str


@dataclass(frozen=True, slots=True)
class PromiseMade:
    """One that was heard, and in which line."""

    kind: PromiseKind
    text: str
    line: int


_WILL = r"(?:'ll| will| shall|'m going to| am going to|'re going to| are going to|'s going to| is going to)"
_SURELY = r"(?: (?:definitely|certainly|gladly|happily|also|then|just|make sure (?:that )?(?:he|she|they|to)|be sure to|have to|try to|be))*"
_FLOYD, _THEY, _ANYBODY = rf"\b(?:i|we){_WILL}{_SURELY} ", rf"\b(?:he|she|they){_WILL}{_SURELY} ", rf"\b(?:i|we|he|she|they){_WILL}{_SURELY} "
_THING = r"(?:him|her|them|they|it|that|this|those|these|everything)"


def _one_of(*patterns: str) -> str:
    return f"(?:{'|'.join(patterns)})"


_PASS_ON = _one_of(
    r"let (?!you\b)\w+ know\b", r"tell (?!you\b)", "pass", "forward (?:it|that|this|your)", "give (?:him|her|they|them) (?:the|your|that)",
    "make a note", "note (?:it|that)", "mention",
)  # fmt: skip
_CALL_AGAIN = _one_of(
    r"(?:call|phone|ring)(?:ing)?(?: you)? (?:back|again)", "get back to you", r"call you\b(?! (?:a|an|by|sir|ma'am)\b)",
    "try again (?:another|later|on|at|tomorrow)",
)  # fmt: skip
_COME = _one_of(
    r"be (?:there|here|in|over|by)\b", r"come\b", r"arrive\b", r"attend\b", r"show up\b", r"stop by\b", r"drop by\b",
    r"pick (?:\w+ ){1,3}?up\b", r"pick up\b", r"collect\b", r"fetch\b",
)  # fmt: skip
_KEEP_UPDATED = _one_of(
    "keep(?:ing)? you (?:updated|posted|informed|in the loop)", "let(?:ting)? you know", "updat(?:e|ing) you", "inform(?:ing)? you"
)
_SEND = (
    _one_of("send(?:ing)?", "e-?mail(?:ing)?", "mail(?:ing)?", "text(?:ing)?", "fax(?:ing)?") + rf" (?:you|{_THING}|over|the|a|an|in|along|copies)\b"
)
_DO = _one_of(
    "bring(?:ing)?", "take along", "hand in", r"drop (?:\w+ ){1,3}?off", "drop off", "return", "pay(?:ing)?", "settl(?:e|ing)",
    "transfer", "reimburse",
    "cover", "sign", "fill (?:out|in)", "complete", "confirm", "call(?:ing)?", "phone", "ring", "take care of", "be happy to", "provide", "supply",
) + r"\b"  # fmt: skip
_WORD = _one_of(
    r"\b(?:i|we|they|he|she) (?:promise|guarantee|assure you)\b", r"\byou have (?:my|our|his|her|their) word\b",
    r"\b(?:i|we) give you (?:my|our) word\b",
)  # fmt: skip
#: What is promised, in the order in which it is looked for. "they" stands for the user and theirs, by name or not.
TABLE: tuple[tuple[PromiseKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.I))
    for kind, pattern in (
        (PromiseKind.PASS_ON, _FLOYD + _PASS_ON),
        (PromiseKind.CALL_AGAIN, _FLOYD + _CALL_AGAIN),
        (PromiseKind.COME, _THEY + _COME),
        (PromiseKind.OTHER, _ANYBODY + _KEEP_UPDATED),
        (PromiseKind.OTHER, _ANYBODY + _SEND),
        (PromiseKind.OTHER, _THEY + _DO),
        (PromiseKind.OTHER, _ANYBODY + r"(?:see to it|make sure|ensure|arrange)\b"),
        (PromiseKind.OTHER, _WORD),
    )
)
_WITHHELD = re.compile(
    r"\b(?:can't|cannot|can not|couldn't|won't|will not|not able|unable|don't|do not|never|whether|if|once|unless|not sure|don't know|no idea"
    r"|would you like|shall|should)\b(?:(?!\bbut\b)[^.!?;]){0,50}$",
    re.I,
)
#: Words of promises that say nothing about what is promised.
_EMPTY = frozenset(content("will let know tell keep you updated informed sure make bring send call back again there be definitely they promise"))


def promises_in(text: str, names: Iterable[str] = ()) -> list[Promise]:
    """The promises in what Floyd says, at most one a sentence.

    Args:
        names: of the user and those the facts are about: what "Tom will do" is promised like what "he will do".
    """
    found = []
    for sentence in sentences(" ".join(text.replace("’", "'").split())):
        if is_question(sentence):
            continue
        plain = _with_pronouns(sentence, names)
        for kind, pattern in TABLE:
            match = pattern.search(plain)
            if match and not _WITHHELD.search(plain[: match.start()]) and not _WITHHELD.search(plain[match.start() : match.end()]):
                found.append(Promise(kind, sentence.strip()))
                break
    return found


def _with_pronouns(text: str, names: Iterable[str]) -> str:
    """People who are not on the line as "they"."""
    known = "|".join(sorted({re.escape(part) for name in names for part in name.split() if len(part) > 1}, key=len, reverse=True))
    return re.sub(rf"\b(?:{known})(?: (?:{known}))*\b", "they", text, flags=re.I) if known else text


def in_lines(lines: Iterable[tuple[int, str]], names: Sequence[str] = ()) -> list[PromiseMade]:
    """What was promised in Floyd's lines of a transcript, given as (number, words heard)."""
    return [PromiseMade(promise.kind, promise.text, seq) for seq, text in lines for promise in promises_in(text, names)]


def names_of(brief: CallBrief) -> tuple[str, ...]:
    """Whom a call is about: the user, and people whom a shared fact introduces ("Mara Redmond is …")."""
    introduced = (re.match(r"((?:[A-Z][\w'-]+ ){1,3})(?:is|goes|was|has|likes|lives)\b", fact.statement) for fact in brief.facts)
    return (brief.user_name, *(match[1].strip() for match in introduced if match))


class Promises:
    """What may be promised in one call."""

    def __init__(self, brief: CallBrief) -> None:
        self._names = names_of(brief)
        self._allowed = [content(text) for text in brief.may_promise]
        plan = (brief.goal, brief.opening_line, brief.success, brief.voicemail, *(fact.statement for fact in (*brief.facts, *brief.answers)))
        people = {word for name in self._names for word in content(name)}
        self._told = [content(text) - people for text in plan]
        self._people = people

    def user_said(self, text: str) -> None:
        """What the user says may be done may be promised."""
        self._allowed.append(content(text))

    def forbids(self, clause: str, *, agreed: bool) -> bool:
        """Whether a clause promises what nothing allows. `agreed`: something was settled in this call."""
        return any(not self._allows(promise, agreed=agreed) for promise in promises_in(clause, self._names))

    def _allows(self, promise: Promise, *, agreed: bool) -> bool:
        if promise.kind in (PromiseKind.PASS_ON, PromiseKind.CALL_AGAIN) or (promise.kind is PromiseKind.COME and agreed):
            return True
        about = content(promise.text) - self._people
        if any(about & allowed for allowed in self._allowed):
            return True
        # The plan tells of it: more than half of what is promised is in one of its sentences.
        about -= _EMPTY
        return any(about and 2 * len(about & told) > len(about) for told in self._told)
