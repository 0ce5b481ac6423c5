"""What people say on the phone that tells nothing: greetings, thanks, "one moment", "putting you through"."""

from __future__ import annotations

import re

from sandbox.words import sentences

WAIT = re.compile(
    r"\b(?:hold on|hang on|please hold|one (?:moment|second|minute)|just a (?:moment|second|minute|sec)|stay on the line|bear with me"
    r"|let me (?:just )?(?:see|check|look|write)|put(?:ting)? you through|connect(?:ing)? you|i(?:'m| am) (?:still|just) (?:checking|waiting))\b"
    # Somebody is asked meanwhile; "I'm asking her to call you" tells something.
    r"|\b(?:i'm|i am|let me)(?: just| still| now)? (?:ask(?:ing)?|check(?:ing)? with) (?:her|him|them|(?-i:[A-Z][\w'-]+))\b(?! to\b)",
    re.I,
)
GREETING = re.compile(
    r"^\s*(?:hello|hi|hey|good (?:morning|afternoon|evening))\b|\b(?:this is \w+|\w+ speaking)\s*[.!]?$"
    r"|\bthank(?:s| you) for (?:calling|waiting|holding)|\byou(?:'ve| have) reached\b|\byour call is important\b",
    re.I,
)
GO_ON = re.compile(r"\b(?:go on|go ahead|i'm listening|carry on)\b", re.I)
ABOUT = re.compile(r"\b(?:what is (?:this|it) about|what do you want|what did you want)\b", re.I)
#: Somebody is spoken to who is not Floyd: "Tim, is the bicycle ready?"
ASIDE = re.compile(r"^(?!Sorry|Well|Yes|No|Okay|Oh|So|Hello|Hi|And|But|Floyd)[A-Z][a-z]+, (?:is|are|was|do|does|did|has|have|can|could|where|what)\b")
#: The answer comes in one breath with the courtesy: "Thank you for waiting, yes, that works", or with no stop heard: "One moment, please Yes, …".
_ANSWER_BEHIND = re.compile(r"(?:[,;:.!–-]\s+|\s(?=(?-i:Yes|Yeah|No)\b))((?:yes|yeah|no)\b(?! (?:problem|worries|rush)\b).*)", re.I | re.S)


def substance(text: str) -> str:
    """The text without the sentences that tell nothing; of a courtesy with an answer behind it the answer stays."""
    return " ".join(told for sentence in sentences(text) if (told := _told(sentence)))


def _told(sentence: str) -> str:
    if not (GREETING.search(sentence) or WAIT.search(sentence) or ASIDE.search(sentence)):
        return sentence
    behind = _ANSWER_BEHIND.search(sentence)
    return substance(behind[1]) if behind else ""
