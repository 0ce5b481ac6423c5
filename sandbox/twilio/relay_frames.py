"""Messages of a ConversationRelay socket. Encodes and decodes; does no I/O.

https://www.twilio.com/docs/voice/twiml/connect/conversationrelay#websocket-messages
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from sandbox.twilio.calls import Call

_DIGITS = re.compile(r"[0-9w#*]+")


class InvalidMessageError(ValueError):
    """64107: the application sent something that is no message of this protocol."""


@dataclass(frozen=True, slots=True)
class TextReceived:
    """More words to speak; `last` ends what belongs together."""

    token: str
    last: bool
    interruptible: bool
    preemptible: bool
    language: str


@dataclass(frozen=True, slots=True)
class PlayReceived:
    """A recording to play."""

    source: str
    loop: int
    interruptible: bool
    preemptible: bool


@dataclass(frozen=True, slots=True)
class DigitsReceived:
    """Keys to press."""

    digits: str


@dataclass(frozen=True, slots=True)
class LanguageReceived:
    """Other languages from here on; empty: as before."""

    spoken: str
    heard: str


@dataclass(frozen=True, slots=True)
class EndReceived:
    """The session ends; None: nothing is handed off."""

    hand_off: str | None


Received = TextReceived | PlayReceived | DigitsReceived | LanguageReceived | EndReceived


def decode(raw: str | bytes) -> Received:
    """One message of the application; raises InvalidMessageError."""
    if isinstance(raw, bytes):
        raise InvalidMessageError("binary frame")
    try:
        message = json.loads(raw)
    except ValueError:
        raise InvalidMessageError(raw) from None
    if not isinstance(message, dict):
        raise InvalidMessageError(raw)
    fields = _Fields(message, raw)
    match message.get("type"):
        case "text":
            return TextReceived(
                fields.text("token"),
                fields.flag("last"),
                fields.flag("interruptible", default=True),
                fields.flag("preemptible"),
                fields.text("lang", default=""),
            )
        case "play":
            return PlayReceived(
                fields.address("source"), fields.count("loop"), fields.flag("interruptible", default=True), fields.flag("preemptible")
            )
        case "sendDigits":
            return DigitsReceived(fields.digits("digits"))
        case "language":
            spoken, heard = fields.text("ttsLanguage", default=""), fields.text("transcriptionLanguage", default="")
            if not spoken and not heard:
                raise InvalidMessageError(raw)
            return LanguageReceived(spoken, heard)
        case "end":
            return EndReceived(fields.text("handoffData") if "handoffData" in message else None)
    raise InvalidMessageError(raw)


@dataclass(frozen=True, slots=True)
class _Fields:
    """Fields of one message, checked as they are taken."""

    message: dict[str, Any]
    raw: str

    def text(self, name: str, *, default: str | None = None) -> str:
        found = self.message.get(name, default)
        if not isinstance(found, str):
            raise InvalidMessageError(self.raw)
        return found

    def flag(self, name: str, *, default: bool = False) -> bool:
        found = self.message.get(name, default)
        if not isinstance(found, bool):
            raise InvalidMessageError(self.raw)
        return found

    def count(self, name: str) -> int:
        found = self.message.get(name, 1)
        if not isinstance(found, int) or isinstance(found, bool) or found < 0:
            raise InvalidMessageError(self.raw)
        return found

    def address(self, name: str) -> str:
        found = self.text(name)
        if not found.startswith(("https://", "http://")):
            raise InvalidMessageError(self.raw)
        return found

    def digits(self, name: str) -> str:
        found = self.text(name)
        if not _DIGITS.fullmatch(found):
            raise InvalidMessageError(self.raw)
        return found


def setup(call: Call, session_sid: str, parameters: dict[str, str]) -> str:
    """The first message."""
    return _message(
        "setup",
        sessionId=session_sid,
        accountSid=call.account_sid,
        parentCallSid="",
        callSid=call.sid,
        **{"from": call.from_, "to": call.to},
        forwardedFrom="",
        callType="PSTN",
        callerName="",
        direction=call.direction,
        callStatus=call.status.replace("-", "_").upper(),
        customParameters=parameters,
    )


def prompt(text: str, language: str, *, last: bool) -> str:
    """What the caller said so far."""
    return _message("prompt", voicePrompt=text, lang=language, last=last)


def interrupt(heard: str, after_ms: int) -> str:
    """The caller interrupted."""
    return _message("interrupt", utteranceUntilInterrupt=heard, durationUntilInterruptMs=after_ms)


def dtmf(digit: str) -> str:
    """The caller pressed a key."""
    return _message("dtmf", digit=digit)


def error(description: str) -> str:
    """Something is wrong with a message, or with a service."""
    return _message("error", description=description)


def info(name: str, value: str) -> str:
    """Something that the application asked to be told of."""
    return _message("info", name=name, value=value)


def _message(kind: str, **fields: Any) -> str:
    return json.dumps({"type": kind, **fields}, separators=(",", ":"), ensure_ascii=False)
