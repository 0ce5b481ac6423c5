"""<ConversationRelay> of a document: its attributes, each with what it may hold, and the languages and parameters inside.

https://www.twilio.com/docs/voice/twiml/connect/conversationrelay
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from xml.etree import ElementTree

INVALID, UNREACHABLE = 64101, 64102
BY = frozenset({"none", "dtmf", "speech", "any"})
PARAMETER_CHARACTERS = 500
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_YES_NO = frozenset({"true", "false"})
_PROVIDERS = frozenset({"Google", "Amazon", "ElevenLabs"})
#: Attribute → the values that it may have; None: any text.
_ATTRIBUTES: dict[str, frozenset[str] | None] = {
    "welcomeGreeting": None,
    "welcomeGreetingInterruptible": BY,
    "ttsProvider": _PROVIDERS,
    "voice": None,
    "transcriptionProvider": frozenset({"Deepgram", "Google"}),
    "speechModel": None,
    "interruptible": BY | _YES_NO,
    "interruptSensitivity": frozenset({"low", "medium", "high"}),
    "reportInputDuringAgentSpeech": BY,
    **dict.fromkeys(
        ("dtmfDetection", "preemptible", "partialPrompts", "ignoreBackchannel", "profanityFilter", "deepgramSmartFormat", "asrSmartFormat"), _YES_NO
    ),
    **dict.fromkeys(("backgroundNoiseReduction", "speechTimeout", "eotThreshold", "eagerEotThreshold", "hints"), None),
    **dict.fromkeys(("ttsTextNormalization", "elevenlabsTextNormalization"), frozenset({"on", "auto", "off"})),
    **dict.fromkeys(("events", "debug", "intelligenceService", "conversationConfiguration"), None),
}
_LANGUAGES = ("language", "ttsLanguage", "transcriptionLanguage")
_EVENTS = frozenset({"speaker-events", "tokens-played", "debugging"})
_OF_LANGUAGE = frozenset({"code", "ttsProvider", "voice", "transcriptionProvider", "speechModel", "hints"})


class RelayVerbError(Exception):
    """A <ConversationRelay> that the carrier does not carry out, with its warning code."""

    def __init__(self, message: str, code: int = INVALID) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Relay:
    """A session in which the carrier hears and speaks; the call waits for its end."""

    url: str
    attributes: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    action: str = ""
    action_method: str = "POST"

    def is_on(self, name: str) -> bool:
        """A yes/no attribute; no unless it says yes."""
        return self.attributes.get(name) == "true"

    def by(self, name: str, default: str) -> str:
        """An attribute that says by what: none, dtmf, speech or any."""
        value = self.attributes.get(name, default)
        return {"true": "any", "false": "none"}.get(value, value)

    @property
    def spoken(self) -> str:
        """The language that is spoken first."""
        return self.attributes.get("ttsLanguage") or self.attributes.get("language", "en-US")

    @property
    def events(self) -> frozenset[str]:
        """The events that are told."""
        return frozenset(self.attributes.get("events", "").split()) | frozenset(self.attributes.get("debug", "").split())


def read(element: ElementTree.Element, *, action: str, action_method: str) -> Relay:
    """Reads <ConversationRelay>. Raises RelayVerbError for what the carrier refuses."""
    attributes = {name: value for name, value in element.attrib.items() if name != "url"}
    for name, value in attributes.items():
        _check(name, value)
    if (provider := attributes.get("ttsProvider")) != "Google" and attributes.get("voice", "").count("Chirp3") and provider is not None:
        raise RelayVerbError(f"Invalid values (voice/ttsProvider): {attributes['voice']} is no voice of {provider}")
    parameters: dict[str, str] = {}
    languages: set[str] = set()
    for child in element:
        if child.tag == "Language" and _LANGUAGE.fullmatch(child.get("code", "")) and set(child.attrib) <= _OF_LANGUAGE:
            languages.add(child.get("code", ""))
            continue
        name, value = child.get("name", ""), child.get("value", "")
        if child.tag != "Parameter" or not name or len(name) + len(value) >= PARAMETER_CHARACTERS:
            raise RelayVerbError("<ConversationRelay> may hold <Language code> and short <Parameter name value> only")
        parameters[name] = value
    languages |= {attributes[name] for name in _LANGUAGES if name in attributes} | ({"en-US"} if "language" not in attributes else set())
    return Relay(element.get("url", ""), attributes, parameters, frozenset(languages), action, action_method)


def url_error(url: str) -> RelayVerbError | None:
    """Why an address is refused before it is dialled."""
    parts = urlsplit(url)
    if parts.scheme != "wss" or not parts.hostname:
        return RelayVerbError("ConversationRelay: the url must be an address with wss", INVALID)
    return None


def _check(name: str, value: str) -> None:
    if name in _LANGUAGES:
        if not _LANGUAGE.fullmatch(value):
            raise RelayVerbError(f"Invalid value of {name}: {value}")
        return
    if name not in _ATTRIBUTES:
        raise RelayVerbError(f"Attribute {name} is not known")
    allowed = _ATTRIBUTES[name]
    if allowed is not None and value not in allowed:
        raise RelayVerbError(f"Invalid value of {name}: {value}")
    if name in ("events", "debug") and not set(value.split()) <= _EVENTS:
        raise RelayVerbError(f"Invalid value of {name}: {value}")
    if name == "speechTimeout" and value != "auto" and not (value.isdigit() and 600 <= int(value) <= 5000):
        raise RelayVerbError(f"Invalid value of speechTimeout: {value}")
