"""<Dial> of a document, with the one <Number> that the sandbox dials.

https://www.twilio.com/docs/voice/twiml/dial
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin
from xml.etree import ElementTree

from sandbox.twilio import wire

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


def read(element: ElementTree.Element, base: str) -> Dial:
    """Reads <Dial>. Raises DialError for what the carrier refuses, or the sandbox does not do."""
    if unknown := sorted(set(element.attrib) - _ATTRIBUTES):
        raise DialError(NOT_CARRIED_OUT, f"The sandbox does not carry out {', '.join(unknown)} of <Dial>")
    nouns = list(element)
    if len(nouns) != 1 or nouns[0].tag != "Number":
        raise DialError(NOT_CARRIED_OUT, "The sandbox dials one <Number>")
    noun, timeout = nouns[0], element.get("timeout", "30")
    if unknown := sorted(set(noun.attrib) - _OF_NUMBER):
        raise DialError(NOT_CARRIED_OUT, f"The sandbox does not carry out {', '.join(unknown)} of <Number>")
    number = (noun.text or "").strip()
    if not wire.is_e164(number):
        raise DialError(BAD_NUMBER, f"Dial: Invalid phone number format {number}")
    if not timeout.isdigit() or not SHORTEST <= int(timeout) <= LONGEST:
        raise DialError(NOT_CARRIED_OUT, f"timeout of <Dial> must be {SHORTEST} to {LONGEST}, not {timeout}")
    if element.get("answerOnBridge", "false") not in ("true", "false"):
        raise DialError(NOT_CARRIED_OUT, "answerOnBridge of <Dial> must be true or false")
    action, whisper = element.get("action", ""), noun.get("url", "")
    return Dial(
        number,
        caller_id=element.get("callerId", ""),
        timeout_s=int(timeout),
        whisper=urljoin(base, whisper) if whisper else "",
        whisper_method=noun.get("method", "POST").upper(),
        action=urljoin(base, action) if action else "",
        action_method=element.get("method", "POST").upper(),
    )
