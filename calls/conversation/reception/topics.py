"""What code does about a caller's words, whatever the model thinks: topics that no assistant should settle go to a person, "main menu" leads there.

Pure. English here, what other languages say in `topics_abroad`: any of them counts, whatever language the call is in.
"""

from __future__ import annotations

import re
from enum import StrEnum

from calls.conversation.reception import topics_abroad

#: The tool that hands a call to a person; where a use case has it, code uses it on such topics.
LIVE_AGENT = "live_agent"


class Reason(StrEnum):
    """Why a person is wanted."""

    USER_REQUESTED = "user-requested"
    LEGAL = "legal"
    LIABILITY = "liability"
    FINANCIAL = "financial"


_WHO = r"(?:person|human|agent|representative|manager|somebody|someone|people|staff|operator)"
_A = r"(?:(?:a|an|the|some|your) )?(?:real |live |actual )?"
#: What a caller says that no assistant should settle. In order: the graver reason is the one told.
_TOPICS: dict[Reason, tuple[str, ...]] = {
    Reason.LEGAL: (
        r"lawyers?",
        r"attorneys?",
        r"lawsuits?",
        r"su(?:e|ing) (?:you|them|the|your)",
        r"legal (?:action|advice|matter|question|department|team)",
        r"take (?:you|them) to court",
        r"small claims",
        r"discriminat\w+",
        r"fair housing",
        r"evict(?:ion|ed|ing)?",
        r"subpoena",
        r"break(?:ing)? (?:the|my) lease",
        r"police report",
    ),
    Reason.LIABILITY: (
        r"liab(?:le|ility)",
        r"(?:got|was|been|were) (?:hurt|injured|poisoned)",
        r"got (?:sick|ill)",
        r"made (?:me|us|him|her|them) (?:sick|ill)",
        r"injur(?:y|ies)",
        r"food poisoning",
        r"allergic reaction",
        r"damaged? my",
        r"broke my",
        r"insurance claim",
        r"ambulance",
    ),
    Reason.FINANCIAL: (
        r"refund\w*",
        r"chargeback",
        r"charged (?:me |us )?(?:twice|double|too much)",
        r"double[- ]charged",
        r"overcharged",
        r"dispute (?:a|the|my|this) (?:charge|bill|payment)",
        r"payment plan",
        r"late (?:fee|rent)",
        r"behind on (?:the |my )?rent",
        r"bankrupt\w*",
        r"money back",
    ),
    Reason.USER_REQUESTED: (
        rf"(?:speak|talk) (?:to|with) {_A}{_WHO}",
        rf"(?:connect|put|transfer) me (?:through )?(?:to|with) {_A}{_WHO}",
        r"(?:real|live|actual) (?:person|human|agent)",
        rf"(?:want|need|get me|give me) {_A}(?:human|person|agent|representative|manager|operator)",
        r"operator,? please",
    ),
}
_PATTERNS = {reason: re.compile(rf"\b(?:{'|'.join((*phrases, *topics_abroad.TOPICS[reason.value]))})\b", re.I) for reason, phrases in _TOPICS.items()}
_MENU = re.compile(rf"\b(?:{'|'.join(('main menu', 'back to the menu', *topics_abroad.MENU))})\b", re.I)
#: A longer utterance only speaks of the menu.
MOST_WORDS_FOR_MENU = 8


def topic_of(utterance: str) -> Reason | None:
    """The reason for which what a caller said goes to a person, if there is one."""
    plain = utterance.replace("’", "'")
    return next((reason for reason, pattern in _PATTERNS.items() if pattern.search(plain)), None)


def wants_menu(utterance: str) -> bool:
    """Whether a caller asks for the main menu."""
    return len(utterance.split()) <= MOST_WORDS_FOR_MENU and _MENU.search(utterance) is not None
