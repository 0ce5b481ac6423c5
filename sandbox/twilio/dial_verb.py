"""<Dial> of a document, with the one <Number> that the sandbox dials, or a <Conference>.

https://www.twilio.com/docs/voice/twiml/dial
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urljoin
from xml.etree import ElementTree

from sandbox.twilio import conference_verb, wire
from sandbox.twilio.conference_verb import Conference, ConferenceError

BAD_NUMBER, BAD_CALLER_ID, NOT_CARRIED_OUT = 13223, 13214, 12200
_ATTRIBUTES = frozenset({"action", "method", "timeout", "callerId", "answerOnBridge"})
_OF_NUMBER = frozenset({"url", "method"})
#: Seconds that a phone may ring.
SHORTEST, LONGEST = 5, 600


class DialError(Exception):
    """A <Dial> that the carrier does not carry out, with its warning code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Dial:
    """Somebody else's phone is called, and connected to the call.

    Attributes:
        caller_id: what they see; empty: the number of who is on the line.
        whisper: address of the document that they hear first; empty: none.
    """

    number: str
    caller_id: str = ""
    timeout_s: int = 30
    whisper: str = ""
    whisper_method: str = "POST"
    action: str = ""
    action_method: str = "POST"


def read(element: ElementTree.Element, base: str) -> Dial | Conference:
    """Reads <Dial>. Raises DialError for what the carrier refuses, or the sandbox does not do."""
    if unknown := sorted(set(element.attrib) - _ATTRIBUTES):
        raise DialError(NOT_CARRIED_OUT, f"The sandbox does not carry out {', '.join(unknown)} of <Dial>")
    nouns = list(element)
    if len(nouns) != 1 or nouns[0].tag not in ("Number", "Conference"):
        raise DialError(NOT_CARRIED_OUT, "The sandbox dials one <Number> or one <Conference>")
    action, action_method = element.get("action", ""), element.get("method", "POST").upper()
    action = urljoin(base, action) if action else ""
    if nouns[0].tag == "Conference":
        try:
            return conference_verb.read(nouns[0], base, action=action, action_method=action_method)
        except ConferenceError as error:
            raise DialError(error.code, error.message) from None
    return _number(element, nouns[0], base, Dial("", action=action, action_method=action_method))


def _number(element: ElementTree.Element, noun: ElementTree.Element, base: str, dial: Dial) -> Dial:
    timeout = element.get("timeout", "30")
    if unknown := sorted(set(noun.attrib) - _OF_NUMBER):
        raise DialError(NOT_CARRIED_OUT, f"The sandbox does not carry out {', '.join(unknown)} of <Number>")
    number = (noun.text or "").strip()
    if not wire.is_e164(number):
        raise DialError(BAD_NUMBER, f"Dial: Invalid phone number format {number}")
    if not timeout.isdigit() or not SHORTEST <= int(timeout) <= LONGEST:
        raise DialError(NOT_CARRIED_OUT, f"timeout of <Dial> must be {SHORTEST} to {LONGEST}, not {timeout}")
    if element.get("answerOnBridge", "false") not in ("true", "false"):
        raise DialError(NOT_CARRIED_OUT, "answerOnBridge of <Dial> must be true or false")
    whisper = noun.get("url", "")
    return replace(
        dial,
        number=number,
        caller_id=element.get("callerId", ""),
        timeout_s=int(timeout),
        whisper=urljoin(base, whisper) if whisper else "",
        whisper_method=noun.get("method", "POST").upper(),
    )
