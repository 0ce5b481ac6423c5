"""TwiML: documents into verbs, in document order. Knows nothing of calls.

https://www.twilio.com/docs/voice/twiml
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

from sandbox.google.voices import LANGUAGES
from sandbox.twilio import dial_verb, relay_verb
from sandbox.twilio.conference_verb import Conference
from sandbox.twilio.dial_verb import Dial, DialError
from sandbox.twilio.relay_verb import Relay, RelayVerbError

PARAMETER_CHARACTERS = 500


class TwimlError(Exception):
    """A document that the carrier cannot carry out, with its warning code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Say:
    """Text to speak. `language`: as a BCP 47 tag."""

    text: str
    loop: int = 1
    language: str = "en-US"


@dataclass(frozen=True, slots=True)
class Pause:
    """Seconds of silence."""

    length: float = 1


@dataclass(frozen=True, slots=True)
class Play:
    """Keys to press, as tones; `w` waits half a second."""

    digits: str


@dataclass(frozen=True, slots=True)
class Gather:
    """Keys are waited for while something is said, and then for a while.

    Attributes:
        action: what they are told to; without a key the document goes on behind the verb.
        timeout_s: between keys, and behind what is said.
        num_digits: so many are enough; 0: any number.
        finish_on_key: ends them; empty: no key does.
        always: the action is asked without a key, too.
    """

    action: str
    method: str = "POST"
    timeout_s: int = 5
    num_digits: int = 0
    finish_on_key: str = "#"
    always: bool = False
    prompts: tuple[Say | Play | Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class Redirect:
    """The call goes on with another document."""

    url: str
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Hangup:
    """Ends the call."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuses the call."""

    reason: str = "rejected"


@dataclass(frozen=True, slots=True)
class Stream:
    """Two-way audio over a WebSocket; the call waits for its end."""

    url: str
    name: str = ""
    action: str = ""
    action_method: str = "POST"
    status_callback: str = ""
    status_method: str = "POST"
    parameters: dict[str, str] = field(default_factory=dict)


Verb = Say | Pause | Play | Gather | Redirect | Hangup | Reject | Stream | Relay | Dial | Conference


def parse(text: str | bytes, base: str = "") -> list[Verb]:
    """The verbs of a document, relative addresses resolved against `base`; raises TwimlError (12100 when it is no XML)."""
    try:
        root = ElementTree.fromstring(text)  # noqa: S314  documents come from the application under test, on this machine
    except ElementTree.ParseError as error:
        raise TwimlError(12100, f"Document parse failure: {error}") from None
    if root.tag != "Response":
        raise TwimlError(12102, f"The root of the document must be Response, not {root.tag}")
    return [_verb(element, base) for element in root]


def _verb(element: ElementTree.Element, base: str) -> Verb:  # noqa: C901, RUF100
    text = (element.text or "").strip()
    match element.tag:
        case "Say":
            return _say(element)
        case "Pause":
            return Pause(_whole(element, "length", 1))
        case "Play" if element.get("digits"):
            return Play(_digits(element.get("digits", "")))
        case "Gather":
            return _gather(element, base)
        case "Redirect":
            return Redirect(urljoin(base, text), element.get("method", "POST").upper())
        case "Hangup":
            return Hangup()
        case "Reject":
            return Reject(element.get("reason", "rejected"))
        case "Connect":
            return _connect(element, base)
        case "Dial":
            try:
                return dial_verb.read(element, base)
            except DialError as error:
                raise TwimlError(error.code, error.message) from None
    raise TwimlError(12200, f"The sandbox does not carry out <{element.tag}>")


_OF_GATHER = frozenset({"input", "action", "method", "timeout", "numDigits", "finishOnKey", "actionOnEmptyResult"})


def _gather(element: ElementTree.Element, base: str) -> Gather:
    if unknown := sorted(set(element.attrib) - _OF_GATHER):
        raise TwimlError(12200, f"The sandbox does not carry out {', '.join(unknown)} of <Gather>")
    finish, empty = element.get("finishOnKey", "#"), element.get("actionOnEmptyResult", "false")
    prompts = tuple(verb for child in element if isinstance(verb := _verb(child, base), Say | Play | Pause))
    if len(prompts) != len(element):
        raise TwimlError(12200, "<Gather> may hold <Say>, <Play> and <Pause> only")
    if element.get("input", "dtmf") != "dtmf":
        raise TwimlError(12200, "The sandbox gathers dtmf only")
    if (finish and (len(finish) > 1 or finish not in "0123456789*#")) or empty not in ("true", "false"):
        raise TwimlError(12200, "finishOnKey of <Gather> must be one key, actionOnEmptyResult true or false")
    return Gather(
        action=urljoin(base, element.get("action", "")),
        method=element.get("method", "POST").upper(),
        timeout_s=_whole(element, "timeout", 5),
        num_digits=_whole(element, "numDigits", 0),
        finish_on_key=finish,
        always=empty == "true",
        prompts=prompts,
    )


def _say(element: ElementTree.Element) -> Say:
    language = element.get("language", "en-US")
    if language not in LANGUAGES:
        raise TwimlError(13511, f"Say: Invalid language value; the sandbox does not speak {language}")
    return Say("".join(element.itertext()).strip(), _whole(element, "loop", 1), language)


def _connect(element: ElementTree.Element, base: str) -> Stream | Relay:
    nouns = list(element)
    if len(nouns) != 1 or nouns[0].tag not in ("Stream", "ConversationRelay"):
        raise TwimlError(12200, "<Connect> must hold one <Stream> or <ConversationRelay>")
    stream, action, method = nouns[0], element.get("action", ""), element.get("method", "POST").upper()
    if stream.tag == "ConversationRelay":
        try:
            return relay_verb.read(stream, action=urljoin(base, action) if action else "", action_method=method)
        except RelayVerbError as error:
            raise TwimlError(error.code, error.message) from None
    if stream.get("track", "inbound_track") != "inbound_track":
        raise TwimlError(31941, "Stream: invalid track; <Connect> allows inbound_track only")
    parameters: dict[str, str] = {}
    for child in stream:
        name, value = child.get("name", ""), child.get("value", "")
        if child.tag != "Parameter" or not name:
            raise TwimlError(12200, "<Stream> may hold <Parameter name value> only")
        if len(name) + len(value) >= PARAMETER_CHARACTERS:
            raise TwimlError(12200, f"<Parameter> {name} is longer than {PARAMETER_CHARACTERS} characters")
        parameters[name] = value
    status = stream.get("statusCallback", "")
    return Stream(
        url=stream.get("url", ""),
        name=stream.get("name", ""),
        action=urljoin(base, action) if action else "",
        action_method=method,
        status_callback=urljoin(base, status) if status else "",
        status_method=stream.get("statusCallbackMethod", "POST").upper(),
        parameters=parameters,
    )


def stream_url_error(url: str) -> TwimlError | None:
    """Why a stream's address is refused before it is dialled: it must be wss and have no query."""
    parts = urlsplit(url)
    if parts.scheme != "wss":
        return TwimlError(31922, "Stream: the scheme of the url must be wss")
    if not parts.hostname:
        return TwimlError(31923, "Stream: malformed url")
    if parts.query or parts.fragment:
        return TwimlError(31920, "Stream: the url must not have a query; use <Parameter>")
    return None


def _whole(element: ElementTree.Element, name: str, default: int) -> int:
    raw = element.get(name, str(default))
    if not raw.isdigit():
        raise TwimlError(12200, f"{name} of <{element.tag}> must be a whole number, not {raw}")
    return int(raw)


def _digits(digits: str) -> str:
    if not set(digits) <= set("0123456789ABCD*#wW"):
        raise TwimlError(12200, "digits of <Play> may be 0-9, A-D, *, # and w")
    return digits
