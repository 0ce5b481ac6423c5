"""The carrier's ConversationRelay messages as frozen values. https://www.twilio.com/docs/voice/twiml/connect/conversationrelay#websocket-messages

Decoding is strict about what we use and lets through what we do not know (the carrier may add to its protocol). No I/O here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from calls.telephony.message_parts import MessageError, fields_of, key, sid, word, words

#: Digits that can be sent: `w` waits half a second.
_DIGITS = re.compile(r"[0-9w#*]+")


@dataclass(frozen=True, slots=True)
class Setup:
    """The session begins. `parameters` are those of our TwiML; numbers may be empty (withheld)."""

    session_id: str
    call_sid: str
    account_sid: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    caller: str = ""
    called: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the other side said: all of the utterance so far, whole when `last`."""

    text: str
    language: str
    last: bool


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The other side interrupted. Everything queued is dropped; `heard` is what was heard of it."""

    heard: str
    after_ms: int


@dataclass(frozen=True, slots=True)
class KeyPress:
    """The other side pressed a key."""

    digit: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The carrier has something against a message of ours, or has lost a service of its own. The text may hold what we sent."""

    description: str


@dataclass(frozen=True, slots=True)
class AgentSpeaking:
    """What we sent begins to be heard, or nothing of it is heard any more."""

    on: bool


@dataclass(frozen=True, slots=True)
class ClientSpeaking:
    """The other side began or stopped to speak."""

    on: bool


@dataclass(frozen=True, slots=True)
class TokensPlayed:
    """These words of ours (or keys) were heard."""

    text: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A message that the protocol did not have when this was written, or that says nothing of use."""


RelayMessage = Setup | Prompt | Interrupted | KeyPress | Failed | AgentSpeaking | ClientSpeaking | TokensPlayed | Unknown


def decode(text: str) -> RelayMessage:
    """One text frame of the carrier.

    Raises:
        MessageError: too long, not JSON, not an object, or a part we need is missing or of the wrong type.
    """
    data = fields_of(text)
    kind = data.get("type")
    if not isinstance(kind, str):
        raise MessageError("no type")
    decoder = _DECODERS.get(kind)
    return Unknown() if decoder is None else decoder(data)


def _setup(data: dict[str, Any]) -> Setup:
    return Setup(
        session_id=sid(data, "sessionId"),
        call_sid=sid(data, "callSid"),
        account_sid=sid(data, "accountSid"),
        parameters=words(data, "customParameters"),
        caller=_text(data, "from", required=False),
        called=_text(data, "to", required=False),
        direction=_text(data, "direction", required=False),
    )


def _prompt(data: dict[str, Any]) -> Prompt:
    last = data.get("last", True)
    if not isinstance(last, bool):
        raise MessageError("last is not yes or no")
    return Prompt(_text(data, "voicePrompt"), _text(data, "lang", required=False), last)


def _interrupt(data: dict[str, Any]) -> Interrupted:
    after = data.get("durationUntilInterruptMs", 0)
    if isinstance(after, str) and after.isascii() and after.isdigit():  # as older versions of the protocol write it
        after = int(after)
    if not isinstance(after, int) or isinstance(after, bool) or after < 0:
        raise MessageError("durationUntilInterruptMs is not a whole number")
    return Interrupted(_text(data, "utteranceUntilInterrupt", required=False), after)


def _info(data: dict[str, Any]) -> RelayMessage:
    name, value = word(data, "name"), data.get("value")
    if name == "tokensPlayed":
        return TokensPlayed(_text(data, "value"))
    if name in ("agentSpeaking", "clientSpeaking"):
        if value not in ("on", "off"):
            raise MessageError(f"{name} is neither on nor off")
        return AgentSpeaking(value == "on") if name == "agentSpeaking" else ClientSpeaking(value == "on")
    return Unknown()


def _text(data: dict[str, Any], name: str, *, required: bool = True) -> str:
    found = data.get(name, None if required else "")
    if not isinstance(found, str):
        if found is None and not required:
            return ""
        raise MessageError(f"{name} is no text")
    return found


_DECODERS: dict[str, Callable[[dict[str, Any]], RelayMessage]] = {
    "setup": _setup,
    "prompt": _prompt,
    "interrupt": _interrupt,
    "dtmf": lambda data: KeyPress(key(data, "digit")),
    "error": lambda data: Failed(_text(data, "description")),
    "info": _info,
}


def encode_text(token: str, *, last: bool, interruptible: bool = True, language: str = "") -> str:
    """Words to be spoken after what was sent before. `last` ends what belongs together; the carrier need not wait for more of it."""
    message: dict[str, Any] = {"type": "text", "token": token, "last": last, "interruptible": interruptible}
    if language:
        message["lang"] = language
    return json.dumps(message)


def encode_play(source: str, *, loop: int = 1, interruptible: bool = True, preemptible: bool = False) -> str:
    """A recording to be played after what was sent before; `preemptible`: what is sent next cuts it off."""
    return json.dumps({"type": "play", "source": source, "loop": loop, "preemptible": preemptible, "interruptible": interruptible})


def encode_digits(digits: str) -> str:
    """Keys to be pressed after what was sent before. Raises ValueError for what the carrier would not take."""
    if not _DIGITS.fullmatch(digits):
        raise ValueError("keys may be 0-9, *, # and w")
    return json.dumps({"type": "sendDigits", "digits": digits})


def encode_language(*, spoken: str = "", heard: str = "") -> str:
    """From here on the carrier speaks, or hears, another language (BCP 47). Raises ValueError when neither is given."""
    languages = {"ttsLanguage": spoken, "transcriptionLanguage": heard}
    message = {"type": "language"} | {name: language for name, language in languages.items() if language}
    if len(message) == 1:
        raise ValueError("a language for speaking or hearing is needed")
    return json.dumps(message)


def encode_end(hand_off: str = "") -> str:
    """Ends the session; the call goes on with the document's action, which is told `hand_off`."""
    return json.dumps({"type": "end", "handoffData": hand_off} if hand_off else {"type": "end"})
