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


_PERSON = r"(?:person|human(?: being)?|agent|representative|manager|supervisor|operator)"
_ANYBODY = r"(?:somebody|someone|anybody|anyone|people|staff)"
_A = r"(?:(?:a|an|the|some|your) )?(?:real |live |actual )?"
_WANT = r"(?:want|need|get me|give me|'d like|would like)"
#: What may stand behind a person who is asked for. "An agent to show me around" is a tour, "a manager's special" a pizza.
_AND_THAT = (
    r"(?=\s*(?:$|[.!?,;:]|(?:please|now|right (?:now|away)|instead|today|here|then|and|but|because|as soon|to (?:talk|speak)"
    r"|not (?:a|an|the|some|this|you)|on the (?:line|phone)|for (?:this|that|help))\b))"
)
_MINE = r"(?:an? |my |our |the |that |this |your |any )?(?:full |partial |whole )?"
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
        r"evict(?:ing)? (?:me|us)|(?:am i|being|getting|get) evicted|eviction notice",
        r"subpoena",
        r"break(?:ing)? (?:the|my|our) lease",
        r"police report",
    ),
    Reason.LIABILITY: (
        r"liab(?:le|ility)",
        r"(?:got|was|been|were) (?:hurt|injured|poisoned)",
        r"(?:ate|eating|eaten|food|pizza|salad|meal|order)\b[^.!?]{0,40}\b(?:got|getting|are|were|was) (?:\w+ )?(?:sick|ill)",
        r"(?:got|getting) (?:\w+ )?(?:sick|ill) (?:from|of|on|after|because of) (?:eating |having )?(?:the|your|that|this|it)",
        r"made (?:me|us|him|her|them) (?:sick|ill)",
        r"(?:report|caused?|suffered|personal|claim\w*) (?:an? |my |his |her |our |the )?(?:\w+ )?injur(?:y|ies)",
        r"food poisoning",
        r"(?:had|having|has|got|getting|suffered) an? (?:\w+ )?allergic reaction",
        r"damaged? (?:my|our)",
        r"(?<!\bi )(?<!\bi've )broke (?:my|our)",
        r"broke (?:my|his|her) (?:arm|leg|ankle|wrist|foot|hand|hip|tooth|nose|finger|toe|back|neck|rib)",
        r"insurance claim",
        r"ambulance",
    ),
    Reason.FINANCIAL: (
        r"refund(?:s|ed|ing)?",
        r"chargeback",
        r"charged (?:me |us )?(?:twice|double|too much)",
        r"double[- ]charged",
        r"overcharged",
        r"dispute (?:a|the|my|this) (?:charge|bill|payment|fee)",
        r"(?:my|a|the|up a|on a|need a|want a) payment plan",
        r"(?:charg\w+|waive|remove|drop|dispute|take off|owe|paid|paying) (?:(?:me|us|for|a|an|the|my|our|this|that|your) ){0,3}late fees?",
        r"late fees?(?: \w+){0,2} (?:wrong|unfair|mistake|back)",
        r"(?:behind|late) (?:on|with) (?:the |my |our )?rent",
        r"(?:my|our) rent (?:is|was|will be) late",
        r"bankrupt\w*",
        r"(?:my|our|the) money back",
    ),
    Reason.USER_REQUESTED: (
        rf"(?:speak|talk) (?:to|with) {_A}{_PERSON}(?!')",
        rf"(?:speak|talk) (?:to|with) {_A}{_ANYBODY}(?: (?:real|else|human|in charge|who)\b|{_AND_THAT})",
        rf"(?:connect|put|transfer) me (?:through )?(?:to|with) {_A}(?:{_PERSON}|{_ANYBODY})(?!')",
        rf"(?:real|live|actual) {_PERSON}{_AND_THAT}",
        rf"{_WANT} {_A}{_PERSON}{_AND_THAT}",
        r"operator,? please",
    ),
}
#: The whole utterance, as people talk to machines on the phone.
_ONE_WORD = re.compile(r"(?:an? )?(?:representative|operator|human(?: being)?|customer service)(?:,? please)?[.!]?", re.I)
#: Words of those topics where none is meant: they are not looked at.
_HARMLESS: tuple[str, ...] = (
    r"power of attorney",
    r"(?:i'm|i am|he's|she's|is|as|works? (?:as|for)|working (?:as|for)) an? (?:\w+ )?(?:lawyer|attorney)",
    r"not (?:going to|gonna|trying to|here to) sue \w+",
    r"liability (?:insurance|coverage)",
    r"(?:non-?|fully )?refundable",
    r"refund (?:polic(?:y|ies)|rules?)",
    r"do you (?:ever |also )?(?:give|offer|do|allow|have|make|take)\b[^.!?,]{0,20}\b(?:refunds?|payment plan)",
    r"(?:deposit|fee)s?\b[^.!?,]{0,25}\brefunded",
    r"what if\b[^.!?,]{0,30}\brefund",
    r"no (?:refunds?|lawyers?|agent|representative|manager|operator|human|ambulance)(?: is| are)?,? "
    r"(?:needed|necessary|required|thanks|thank you|please)",
    rf"(?:don't|do not|doesn't|not) (?:really )?(?:need|want|asking for|looking for|expecting) {_MINE}(?:real |live )?"
    rf"(?:refund|money back|lawyer|attorney|ambulance|{_PERSON})",
    rf"(?:don't|do not|not) (?:really )?(?:need|want|have) to (?:talk|speak) (?:to|with) {_A}(?:{_PERSON}|{_ANYBODY})",
    rf"(?:do|would|will|should) (?:i|we) (?:need|have to have) {_A}{_PERSON}",
    r"(?:are you|is (?:this|that|it)|you're|am i (?:speaking|talking) (?:to|with)) "
    rf"(?:not |even |really )?(?:an? )?(?:real |live |actual )?{_PERSON}",
    r"(?:agent|manager)[- ]led|led by (?:an|the|your) agent",
    r"tour operator",
)
#: Somebody else is to be dealt with for the caller: "call the garage and ask for a refund".
_ERRAND = (
    r"(?:^|(?<=[.!?] ))(?:(?:please|hi|hello|hey|okay|ok|and|so|then|also|now|floyd|go|just|"
    r"(?:can|could|would|will) you|i(?: want| need|'d like| would like) you to)[, ]+)*"
    r"(?:call|phone|ring|text|e-?mail|write to|contact|ask|tell|message)(?: up)? "
    rf"(?!me\b|us\b|you|for\b|an? ambulance|911|{_A}(?:{_PERSON}|{_ANYBODY}|police|owner|landlord)\b)"
    r"[^.!?]*"
)
_FOR_THEM = r"(?:call|talk|speak|go)\b[^.!?]*\b(?:for (?:me|us)|on (?:my|our) behalf)\b[^.!?]*"
_NOT_MEANT = re.compile(rf"{_ERRAND}|\b(?:{'|'.join((*_HARMLESS, _FOR_THEM))})\b", re.I)
#: Floyd has asked whether an agent shall lead a tour: then an agent is what an answer may want.
_LED, _TOUR = re.compile(r"\bagent\b", re.I), re.compile(r"\b(?:tours?|self-guided|led|guided|show|on your own)\b", re.I)
_AGENT_FOR_TOUR = re.compile(rf"{_WANT} {_A}agent\b", re.I)
_PATTERNS = {reason: re.compile(rf"\b(?:{'|'.join((*phrases, *topics_abroad.TOPICS[reason.value]))})\b", re.I) for reason, phrases in _TOPICS.items()}
_MENU = re.compile(rf"\b(?:{'|'.join(('main menu', 'back to the menu', *topics_abroad.MENU))})\b", re.I)
#: A longer utterance only speaks of the menu.
MOST_WORDS_FOR_MENU = 8


def topic_of(utterance: str, *, after: str = "") -> Reason | None:
    """The reason for which what a caller said goes to a person, if there is one.

    Args:
        after: what they heard last.
    """
    plain = utterance.replace("’", "'").strip()
    if _ONE_WORD.fullmatch(plain):
        return Reason.USER_REQUESTED
    meant = _NOT_MEANT.sub(",", plain)
    if _LED.search(after) and _TOUR.search(after):
        meant = _AGENT_FOR_TOUR.sub(",", meant)
    return next((reason for reason, pattern in _PATTERNS.items() if pattern.search(meant)), None)


def wants_menu(utterance: str) -> bool:
    """Whether a caller asks for the main menu."""
    return len(utterance.split()) <= MOST_WORDS_FOR_MENU and _MENU.search(utterance) is not None
