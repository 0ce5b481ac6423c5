"""How long a silence must be before an utterance counts as over: it depends on whether the words sound complete."""

from __future__ import annotations

import re

from calls.speech.phrases import is_back_channel, is_farewell, is_greeting, words_of

#: Nothing more is expected; an ordinary sentence; a number that is being read out; a thought that goes on.
COMPLETE_MS, SENTENCE_MS, NUMBER_MS, OPEN_MS = 260, 480, 1_000, 1_300

_SHORT_ANSWERS = frozenset(
    re.findall(
        r"\S+",
        """yes yeah yep no nope sure okay ok correct right exactly absolutely certainly definitely perfect great sorry what pardon""",
    )
)
_GOES_ON = frozenset(
    re.findall(
        r"\S+",
        """a about also an and are as at because but by can could did do does either er erm for from had has have he her his i i'm if in is it's like
        maybe my of on or our plus she so than that's the their then they to uh uhm um until was we we're were when where which while who will
        with would you your""",
    )
)
_ENDS_OPEN_QUESTION = frozenset(
    re.findall(
        r"\S+",
        """about at for from in it is of on to with was are that do did can would you have had""",
    )
)
_QUESTION_WORDS = frozenset(
    re.findall(
        r"\S+",
        """what who where when which why how can could would will shall do does did is are was were may have has""",
    )
)
_DIGITS = frozenset(re.findall(r"\S+", "zero oh one two three four five six seven eight nine double triple"))


def wait_ms(text: str) -> int:
    """Silence after `text` that ends the turn, in ms; 260 for a whole answer or question up to 1300 after "and" or "um"."""
    words = words_of(text)
    if not words:
        return OPEN_MS
    ending, last = text.rstrip()[-1:], words[-1]
    if ending in (",", "-", "–", "—", "…") or text.rstrip().endswith("..."):
        return OPEN_MS
    is_question = ending == "?" or (words[0] in _QUESTION_WORDS and len(words) >= 4)
    if last in _GOES_ON and ending not in (".", "?", "!") and not (is_question and last in _ENDS_OPEN_QUESTION):
        return OPEN_MS
    if _reading_a_number(words):
        return NUMBER_MS
    if ending == "?" or is_back_channel(text) or is_greeting(text) or is_farewell(text) or all(word in _SHORT_ANSWERS for word in words):
        return COMPLETE_MS
    return SENTENCE_MS


def _reading_a_number(words: list[str]) -> bool:
    """Whether a string of digits or letters is being read out and may go on; ten digits are a whole phone number."""
    read = 0
    for word in reversed(words):
        if word.isdecimal():
            read += len(word)
        elif word in _DIGITS or len(word) == 1:
            read += 1
        else:
            break
    return 2 <= read < 10 and (len(words[-1]) == 1 or words[-1] in _DIGITS or words[-1].isdecimal())
