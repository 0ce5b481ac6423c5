"""What a clause claims: the names in it, the days and spans of time, and whether it says yes or no to a guess. English; pure text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from calls.conversation.vocabulary import CAPITALISED, EMPTY, ORDINARY

_TOKEN = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?…][\"')\]]*\s*$")
_ABBREVIATED = re.compile(r"\b(?:mr|mrs|ms|dr|st|prof|jr|sr|no)\.\s*$", re.I)
#: A name, whatever its letters' case: "her name is zelda", "with ms. kowalski".
_NAMED = re.compile(r"\b(?:name(?:'s| is| was)|named|(?:is |are )called|mr\.?|mrs\.?|ms\.?|miss|dr\.?)\s+([^\W\d_]+(?:[-'][^\W\d_]+)*)", re.I)
#: What follows a name and seldom an ordinary first word.
_AFTER_A_NAME = re.compile(
    r"\s*(?:'s\b|(?:is|was|has|had|will|can|and|or|goes|went|lives|works|likes|loves|said|says|needs|wants|would|should|could|did|does|also)\b)"
)
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])(?<!\bMr\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bSt\.)(?<!\bMrs\.)\s+")
_LONE = re.compile(r"\s*(?:$|[,.!?;:])")
_ORDINARY_ENDING = re.compile(r"(?:ly|ing|ed|tion|sion|ment|ness|ful|ous|able|ible|less)$")

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|a few|a couple(?: of)?|several|another)"
_UNIT = r"(?:day|night|week|month|weekend|fortnight|year)s?"
_TIME = re.compile(
    rf"\b(?:(?P<day>{_DAY})s?|(?P<relative>tomorrow|tonight|yesterday|overmorrow)"
    rf"|(?P<which>next|this|last|coming|following|whole|all|rest of the|end of the)\s+(?P<unit>{_UNIT}|{_DAY}|morning|afternoon|evening)"
    rf"|(?P<count>{_COUNT})\s+(?:more\s+|full\s+|whole\s+)?(?P<span>{_UNIT}))\b",
    re.I,
)
_PERSON = re.compile(r"\b(?:he|she|they|him|them|his|her|their)(?:'\w+)?\b", re.I)
_ABSENCE = re.compile(
    r"\b(?:back|return\w*|away|absent|off (?:school|work|sick)|out of (?:school|town)|stay\w*|recover\w*|until|till"
    r"|for (?:the )?(?:\w+ )?(?:days?|weeks?|months?))\b",
    re.I,
)
_GUESS = re.compile(
    r"(?:^|[.!?,;]\s*)(?:(?:and|so|but|oh|okay|right|then|well)[,\s]+)*"
    r"(?:will|is|does|can|would|has|was|did|should|could|are|do|have|isn't|won't|doesn't|hasn't|didn't|aren't|don't)\s+"
    r"(?:he|she|they|it|that|this|your\s|his|her|their|the\s|mr|mrs|ms|\w+)\b",
    re.I,
)
_SECOND_PERSON = re.compile(
    r"\b(?:is|are|do|does|can|could|would|will|have|may|shall|should)\s+(?:you|i|we|there|anyone|somebody|someone)\b(?! (?:mean|say))", re.I
)
_TAG = re.compile(
    r"\b(?:he|she|they)(?:'ll|'s|'re| will| is| are| was| has| can)\b[^?]*\?|,\s*(?:right|correct|yes|no|isn't (?:he|she)|won't (?:he|she))\s*\?",
    re.I,
)
_IT = re.compile(r"\b(?:is|was|does|will|could|can) (?:it|that|this)\b", re.I)
_AFFIRMS = re.compile(
    r"^(?:(?:oh|well|um|uh|i think|i believe|i'm afraid|so)[,\s]+)*(?:yes|yeah|yep|yup|no|nope|correct|right|exactly|indeed|absolutely|definitely"
    r"|certainly|of course|sure|probably|possibly|likely|hopefully|true|that's (?:right|correct|true|it|not)|that is (?:right|correct|true)"
    r"|you're right|not really|not yet|i (?:think|believe|guess|hope|suppose|expect) (?:so|not)"
    r"|(?:he|she|they|it)(?:'s|'ll|'d|'re| (?:will|is|are|was|were|does|do|did|has|have|can|should|would|might|may|could))(?:n't| not)?)\b",
    re.I,
)
_HEDGED = re.compile(
    r"\b(?:don't (?:know|have)|do not (?:know|have)|not sure|not certain|can't (?:say|tell|answer|confirm|speak|share)"
    r"|cannot (?:say|tell|confirm|share)|couldn't say|unable|no idea|wasn't told|not told|haven't been told|no (?:information|details)|don't think i"
    r"|let me (?:check|ask)|i'll (?:check|ask|find out)|i can (?:ask|check|find out)|i'd have to (?:ask|check)|i'm (?:checking|asking)"
    r"|would have to (?:ask|check)|check(?:ing)? with|ask(?:ing)? (?:him|her|them)|one moment|pardon|sorry,? (?:could|can|what)|i'm an ai)\b",
    re.I,
)
_NUMBERS = {word: str(number) for number, word in enumerate(re.findall(r"\w+", "zero one two three four five six seven eight nine ten"))}
_NUMBERS |= {"a": "1", "an": "1"}


def names_in(text: str, *, begins: bool = True, lone: bool = False) -> list[tuple[str, int]]:
    """Words that look like names of people or places, in lower case, with the end of each.

    Args:
        text: plain text with single spaces and straight apostrophes.
        begins: whether a sentence begins with it; else a sentence goes on.
        lone: whether a first word alone is one too: somebody was asked for.
    """
    found = []
    for match in _TOKEN.finditer(text):
        word = match[0]
        if not word[0].isupper():
            continue
        plain = _bare(word.lower())
        if plain in CAPITALISED or plain in ORDINARY or len(plain) < 2:
            continue
        before = text[: match.start()].rstrip(" \"'(")
        first = (not before and begins) or bool(_SENTENCE_END.search(before) and not _ABBREVIATED.search(before))
        rest = text[match.end() :]
        if first and not _named_first(word, rest) and not (lone and _LONE.match(rest)):
            continue
        found.append((plain, match.end()))
    for match in _NAMED.finditer(text):
        plain = _bare(match[1].lower())
        if not match[1][0].isupper() and plain not in CAPITALISED and plain not in ORDINARY and not _ORDINARY_ENDING.search(plain):
            found.append((plain, match.end()))
    return found


def _named_first(word: str, rest: str) -> bool:
    """Whether the first word of a sentence is a name, by what follows it."""
    if _ORDINARY_ENDING.search(word) and len(word) > 5:
        return False
    following = _TOKEN.match(rest.lstrip())
    if following is not None and following[0][0].isupper() and following[0].lower() not in CAPITALISED:
        return True
    return word.lower().endswith("'s") or bool(_AFTER_A_NAME.match(rest))


def words_in(text: str) -> set[str]:
    """All words of `text`, in lower case, without a possessive."""
    return {_bare(word) for word in _TOKEN.findall(text.lower())}


def _bare(word: str) -> str:
    return word[:-2] if word.endswith("'s") else word.rstrip("'")


def is_known(name: str, known: set[str]) -> bool:
    """Whether a name is among known words, or one letter away from one (recognisers and models spell names differently)."""
    if name in known or (name.endswith("s") and name[:-1] in known) or all(part in known for part in name.split("-")):
        return True
    return len(name) >= 4 and any(abs(len(name) - len(word)) <= 1 and word[:1] == name[0] and _one_apart(name, word) for word in known)


def _one_apart(one: str, other: str) -> bool:
    """Whether one letter more, less or other makes them the same."""
    if len(one) > len(other):
        one, other = other, one
    at = next((index for index, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), len(one))
    return one[at:] == other[at + 1 :] or one[at + 1 :] == other[at + 1 :]


def times_in(text: str) -> set[str]:
    """Weekdays, relative days and spans of time, each in one form ("friday", "tomorrow", "next week", "2 weeks")."""
    found = set()
    for match in _TIME.finditer(text):
        if match["day"]:
            found.add(match["day"].lower())
        elif match["relative"]:
            found.add(match["relative"].lower())
        elif match["which"]:
            unit = match["unit"].lower()
            found.add(unit if unit.endswith("day") and unit not in ("day",) else f"{match['which'].lower()} {unit}")
        else:
            found.add(f"{_NUMBERS.get(match['count'].lower(), match['count'].lower())} {match['span'].lower().rstrip('s')}")
    return found


def is_about_people(text: str, people: Iterable[str]) -> bool:
    """Whether a clause tells about somebody who is not on the line: a pronoun, one of `people` by name, or an absence without either."""
    if _PERSON.search(text) or _ABSENCE.search(text):
        return True
    words = words_in(text)
    return any(person in words for person in people)


def is_question(text: str) -> bool:
    """Whether a clause asks."""
    return text.rstrip(" \"')").endswith("?")


def is_hedged(text: str) -> bool:
    """Whether a clause says that something is not known, or is being asked."""
    return bool(_HEDGED.search(text))


def affirms(text: str) -> bool:
    """Whether a clause says yes or no to what was asked."""
    return bool(_AFFIRMS.search(text.lstrip(" \"'(")))


def guesses_in(text: str, people: Iterable[str], *, about_it: bool) -> list[str]:
    """The sentences that guess something about people who are not on the line, so that a yes or no to them would tell something.

    Args:
        people: names, in lower case.
        about_it: whether "it" stands for something about them too (an illness), and not for goods.
    """
    found = []
    for sentence in sentences(text):
        if _SECOND_PERSON.search(sentence) and not _TAG.search(sentence):
            continue
        about = is_about_people(sentence, people) or (about_it and _IT.search(sentence))
        if about and (_TAG.search(sentence) or _GUESS.search(sentence)):
            found.append(sentence)
    return found


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return _BETWEEN_SENTENCES.split(text)


def content(text: str) -> set[str]:
    """What a text is about: its words without those that say nothing, each cut to its stem."""
    return {stem(word) for word in words_in(text) if word not in EMPTY and len(word) > 1} | set(re.findall(r"\d+", text))


def stem(word: str) -> str:
    """A rough stem: "delivered", "delivery" and "deliver" are one."""
    for ending in ("ing", "ed", "ies", "es", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:7]
