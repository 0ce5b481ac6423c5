"""Do the words of an utterance sound as if nothing more will come? English; other languages fall back on punctuation."""

from __future__ import annotations

import re
from enum import StrEnum

from calls.speech.dictation import Dictated, dictated, tokens_of
from calls.speech.phrases import is_back_channel, is_farewell, is_greeting


class Completeness(StrEnum):
    """How the words so far sound, from "your turn" to "do not interrupt"."""

    WHOLE = "whole"  # a question, "yes", "okay", a greeting, a farewell, a whole phone number
    SENTENCE = "sentence"  # ordinary words
    UNSURE = "unsure"  # may be whole, and often goes on
    READING = "reading"  # a number, a name, an address in the middle
    OPEN = "open"  # "and", "um", "could you tell me the"
    MENU = "menu"  # a phone menu pauses between its options


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SHORT_ANSWERS = _set(
    """yes yeah yep yup no nope sure okay ok correct right exactly absolutely certainly definitely perfect great sorry what pardon thanks fine
    good please alright sir ma'am it is that's thank you we do i don't not all course of no sounds"""
)
_FILLERS = _set("um uh er erm uhm")
#: A short answer that ends in one of these is the beginning of something longer.
_OPENERS = _set("this is that's i the a to for can how")
#: No English sentence ends in these.
_NEVER_LAST = _set(
    """a an and the or but so because than our their my your its if whether while until unless although every of as i'm i'd i'll i've we're we'd we'll
    we've they're they'd they'll you'd you'll you've he'd she'd it'll that'll there's here's it'd let's who's what's which very quite really into onto
    upon per via plus versus nor either such another also when where gonna wanna maybe probably usually actually basically possibly approximately
    around well then just
    between across behind under near during through without within against along among except including regarding toward towards roughly nearly
    almost somewhere"""
)
#: But for these, which point back to a time: "packed by then".
_POINTS_BACK = re.compile(r"\b(?:by|until|till|since|from|before|back|around|you|there|bye) then$")
_NEVER_LAST_OF_QUESTIONS = _set("a an and the or but my your our of")
#: Last words that leave something out, unless it stands before them, as in "What is this about?" and "that's all we have".
_PREPOSITIONS = _set("about at by for from in on to with")
_VERBS = _set(
    """is are was were am be do does did can could would will shall should may might must have has had need needs want wants get gets take takes
    make give gives
    send tell say mean put ask leave choose recommend prefer like bring offer find show buy use require include includes cost costs charge
    takes contain depends looking calling trying asking talking going handle handles"""
)
_SUBJECTS = _set("i he she we they it's he's she's you're")
_CONJUNCTIONS = _set("and or but so because that if when than as while until although unless")
_FRONTED = _set("what what's who who's where where's when when's which why how how's whose all everything anything that's")
_WHOLE_ENDINGS = re.compile(
    r"\b(?:hold on|come (?:in|on|by)|go on|stop by|drop (?:in|by)|for calling|sign in|log in|(?:think|hope|suppose|guess|or|even) so|thanks?(?: you)?"
    r"|bye|one (?:moment|second|minute)(?: please)?|(?:just )?a (?:moment|second|minute|sec)(?: please)?|this one|as well)$"
)
_ANSWERING = _set("yes yeah no nope sure oh okay of course")
_QUESTION_WORDS = _set("what what's who who's where where's when when's which why how how's whose")
_AUXILIARIES = _set("can could would will shall do does did is are was were may have has should am don't isn't aren't can't won't couldn't")
_PRONOUNS = _set("i you he she it we they that this there your the anyone someone anybody somebody these those")
_LEAD_INS = _set("and so okay ok well sorry hi hello yes yeah no but sure great alright right now then um uh oh perfect good morning afternoon")
_SUBORDINATE = _set("if unless because since although once while after before when whenever until as")
_DETERMINERS = _set("the a an our my your his her their this these those some any every each most")
#: Nouns that announce what follows: "the total", "my number".
_ANNOUNCING = re.compile(
    r"(?:^|\b(?:and|so|okay|well|yes|sure|then) )(?:the|our|my|your|her|his|their|that)(?: \w+)? "
    r"(?:total|price|cost|hours|address|number|name|phone|email|code|reference|order|charge|fee|deposit|date|day|time)$"
)
_HESITATION = re.compile(r"\b(?:let me (?:see|think|check|look|just)(?: \w+){0,2}|what was it|you know|i mean|kind of|sort of|how do i say)$")
_DANGLING = re.compile(
    r"\b(?:half past|quarter (?:to|past)|spelled|it's spelled|point|area code|number is|at the|day after|next|extension|unit|apartment|suite)$"
)
_MENU = re.compile(
    r"\b(?:press (?:the )?(?:\d|zero|one|two|three|four|five|six|seven|eight|nine|star|pound|hash)|press$"
    r"|for [\w' ]{2,40},? (?:please )?(?:press|say|dial)\b"
    r"|main menu|menu options|following options|options have changed|listen carefully|your party's extension|to hear these options|pour le français)"
)
#: "I can offer you", "the problem is that".
_NAMES_RECEIVER = re.compile(
    r"\b(?:offer|give|bring|get|send|tell|show|ask) (?:you|him|her|them|us|me)$"
    r"|\b(?:is|think|say|says|said|know|sure|afraid|told(?: me| us| you| him| her)?|see) that$"
)
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]*\s+")


def completeness(text: str) -> Completeness:
    """How complete the words of an utterance sound so far. Empty text is OPEN: nothing was made out yet."""
    text = text.strip()
    tokens = tokens_of(text)
    if not tokens:
        return Completeness.OPEN
    lowered = " ".join(tokens)
    if _MENU.search(lowered) or _MENU.search(text.lower()):
        return Completeness.MENU
    return _of_sentence(_last_sentence(text), text)


def _last_sentence(text: str) -> str:
    """What stands behind the last full stop that can be one: recognisers put them at pauses too ("white roses and. some peonies")."""
    *before, last = _SENTENCE_END.split(text)
    if before and (not last or _goes_on(tokens_of(before[-1]) or ["and"], asks=False)):
        return text
    return last


def _of_sentence(sentence: str, text: str) -> Completeness:
    tokens = tokens_of(sentence) or tokens_of(text)
    mark = text[-1:] if text[-1:] in ".?!,-–—…:;" else ""
    if mark in (",", "-", "–", "—", "…", ":", ";") or text.endswith("..."):
        return Completeness.OPEN
    if _WHOLE_ENDINGS.search(" ".join(tokens)):
        return Completeness.WHOLE
    if tokens[-1] not in _OPENERS | _FILLERS | _NEVER_LAST and _is_formula(text, tokens):
        return Completeness.WHOLE
    if mark == "?":
        return Completeness.OPEN if tokens[-1] in _FILLERS | _NEVER_LAST_OF_QUESTIONS else Completeness.WHOLE
    read_out = dictated(text)
    if read_out is Dictated.UNFINISHED:
        return Completeness.READING
    asks = _asks(tokens)
    if read_out is Dictated.NOTHING and _goes_on(tokens, asks=asks):
        return Completeness.OPEN
    match read_out:
        case Dictated.PERHAPS:
            return Completeness.UNSURE
        case Dictated.WHOLE:
            return Completeness.WHOLE
    if asks:
        return Completeness.WHOLE
    if _lacks_a_part(tokens):
        return Completeness.UNSURE
    return Completeness.SENTENCE


def _is_formula(text: str, tokens: list[str]) -> bool:
    """Whether the words are one of the short things that people say and then wait."""
    short = len(tokens) <= 4 and (tokens[0] in _ANSWERING or all(token in _SHORT_ANSWERS for token in tokens)) and not _goes_on(tokens, asks=False)
    return short or is_farewell(text) or is_greeting(text) or is_back_channel(text)


def _goes_on(tokens: list[str], *, asks: bool) -> bool:
    """Whether the last words call for more. A recogniser's full stop says little here: it puts one wherever a pause is."""
    last, text = tokens[-1], " ".join(tokens)
    if last in _SUBJECTS and len(tokens) >= 3 and tokens[-2] in _AUXILIARIES and last != "i":
        return False  # "How old is she?"
    never_last = last in _NEVER_LAST and not _POINTS_BACK.search(text)
    if last in _FILLERS or never_last or last in _SUBJECTS or _HESITATION.search(text) or _DANGLING.search(text):
        return True
    if not asks and _ANNOUNCING.search(text):
        return True
    if not asks and _NAMES_RECEIVER.search(text):
        return True
    if len(tokens) >= 2 and tokens[-2] in _CONJUNCTIONS and last in ("you", "it", "that", "this", "her", "there", "some"):
        return True
    if last in ("who", "which", "whom") and len(tokens) > 1 and not asks and tokens[-2] not in _AUXILIARIES | {"sorry"}:
        return True
    if last not in _PREPOSITIONS and last not in _VERBS:
        return False
    if last in _AUXILIARIES and len(tokens) > 2 and tokens[-2] not in _SUBJECTS | {"you", "it", "that", "there", "this", "one", "all"}:
        return True  # "How many people are"
    if any(token in _FRONTED for token in tokens[:-1]):
        return False
    return not _answers_shortly(tokens)


def _answers_shortly(tokens: list[str]) -> bool:
    """Whether the words are like "we do", "yes it is", "no I can't"."""
    last, before = tokens[-1], tokens[-2] if len(tokens) > 1 else ""
    if last not in _AUXILIARIES or before not in _SUBJECTS | {"you", "it", "that", "there"} or len(tokens) > 5:
        return False
    return last in ("do", "does", "did") or tokens[0] in _ANSWERING or (len(tokens) == 2 and before in ("it", "she", "he", "they", "there"))


def _asks(tokens: list[str]) -> bool:
    """Whether unmarked words are a question: they begin as one, or their last words do."""
    rest = _without_lead_in(tokens)
    if not rest:
        return False
    if rest[0] in _QUESTION_WORDS:  # "when do you …" asks, "when you …" does not
        verbs = (index for index, token in enumerate(rest[:5]) if token in _AUXILIARIES or token.endswith("'s"))
        verb = next(verbs, None)
        return verb is not None and len(rest) >= 3 and rest[1] not in _SUBJECTS | {"you"}
    if rest[0] in _AUXILIARIES and len(rest) >= 3 and (rest[1] in _PRONOUNS or rest[0] in ("does", "did", "is", "are", "was", "were")):
        return True
    late = tokens[-9:]
    openings = (index for index in range(len(late) - 3) if late[index] in _AUXILIARIES and late[index + 1] in ("you", "we", "i", "they", "she", "he"))
    opening = next(openings, None)
    return opening is not None and (opening == 0 or late[opening - 1] not in ("that", "as", "than", "what", "which", "who", "because", "if"))


def _without_lead_in(tokens: list[str]) -> list[str]:
    begin = 0
    while begin < len(tokens) and tokens[begin] in _LEAD_INS:
        begin += 1
    return tokens[begin:]


def _lacks_a_part(tokens: list[str]) -> bool:
    """Whether the words are only a condition so far ("if you come before ten"), or only something that is talked about ("the cheapest one")."""
    rest = _without_lead_in(tokens)
    if not rest:
        return False
    if rest[0] in _SUBORDINATE or (rest[0] in _QUESTION_WORDS and len(rest) <= 3):
        return len(rest) <= 7
    return len(rest) <= 4 and rest[0] in _DETERMINERS and not any(token in _VERBS or token.endswith(("'s", "ed", "n't")) for token in rest)
