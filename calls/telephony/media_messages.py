"""The carrier's Media Streams messages as frozen values. https://www.twilio.com/docs/voice/media-streams/websocket-messages

Decoding is strict about what we use and lets through what we do not know (the carrier may add to its protocol). No I/O here.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from calls.telephony.message_parts import MOST_CHARACTERS, MessageError, fields_of, key, part, sid, word, words

#: Audio as the carrier writes it, fifty times a second and call: recognised whole, without building what is not looked at. Anything that
#: differs in the least takes the ordinary way, with the same result.
_USUAL_MEDIA = re.compile(
    r'\{"event": ?"media", ?"sequenceNumber": ?"\d{1,12}", ?"media": ?\{"track": ?"inbound", ?"chunk": ?"\d{1,12}", ?'
    r'"timestamp": ?"(\d{1,12})", ?"payload": ?"([A-Za-z0-9+/=]*)"\}, ?"streamSid": ?"\w{34}"\}',
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Connected:
    """The socket is up; `start` follows."""


@dataclass(frozen=True, slots=True)
class Started:
    """The stream begins. `parameters` are those of our TwiML."""

    stream_sid: str
    call_sid: str
    account_sid: str
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Media:
    """Audio of the other side: μ-law 8 kHz, usually 160 bytes; `timestamp_ms` since the stream began."""

    payload: bytes
    timestamp_ms: int


@dataclass(frozen=True, slots=True)
class KeyPress:
    """The other side pressed a key."""

    digit: str


@dataclass(frozen=True, slots=True)
class MarkReached:
    """Everything sent before the mark was played, or dropped by our `clear`."""

    name: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The stream is over."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """An event that the protocol did not have when this was written."""


MediaMessage = Connected | Started | Media | KeyPress | MarkReached | Stopped | Unknown


def decode(text: str) -> MediaMessage:
    """One text frame of the carrier.

    Raises:
        MessageError: too long, not JSON, not an object, or a part we need is missing or of the wrong type.
    """
    if len(text) > MOST_CHARACTERS:
        raise MessageError(f"{len(text)} characters")
    if usual := _USUAL_MEDIA.fullmatch(text):
        return _audio(usual[2], usual[1])
    data = fields_of(text)
    event = data.get("event")
    if event == "media":
        return _media(data)
    if not isinstance(event, str):
        raise MessageError("no event")
    decoder = _DECODERS.get(event)
    return Unknown() if decoder is None else decoder(data)


def _media(data: dict[str, Any]) -> Media:
    try:
        media = data["media"]
        payload, timestamp = media["payload"], media["timestamp"]
    except (KeyError, TypeError):
        raise MessageError(_NOT_MEDIA) from None
    return _audio(payload, timestamp)


def _audio(payload: Any, timestamp: Any) -> Media:
    try:
        return Media(binascii.a2b_base64(payload, strict_mode=True), int(timestamp))
    except (TypeError, ValueError, binascii.Error):
        raise MessageError(_NOT_MEDIA) from None


def _started(data: dict[str, Any]) -> Started:
    start = part(data, "start")
    layout = part(start, "mediaFormat")
    if (layout.get("encoding"), layout.get("sampleRate"), layout.get("channels")) != ("audio/x-mulaw", 8000, 1):
        raise MessageError("audio that is not μ-law at 8 kHz")
    return Started(sid(start, "streamSid"), sid(start, "callSid"), sid(start, "accountSid"), words(start, "customParameters"))


_NOT_MEDIA = "media without a payload and timestamp of its form"
_DECODERS: dict[str, Callable[[dict[str, Any]], MediaMessage]] = {
    "connected": lambda _: Connected(),
    "start": _started,
    "dtmf": lambda data: KeyPress(key(part(data, "dtmf"), "digit")),
    "mark": lambda data: MarkReached(word(part(data, "mark"), "name")),
    "stop": lambda _: Stopped(),
}


def encode_media(stream_sid: str, audio: bytes) -> str:
    """μ-law audio of any length, to be played after what was sent before."""
    # By hand: every value is known to need no escaping, and a reply's audio is the largest thing that we send.
    return f'{{"event":"media","streamSid":"{stream_sid}","media":{{"payload":"{base64.b64encode(audio).decode()}"}}}}'


def encode_mark(stream_sid: str, name: str) -> str:
    """Comes back as MarkReached when all before it was played."""
    return json.dumps({"event": "mark", "streamSid": stream_sid, "mark": {"name": name}})


def encode_clear(stream_sid: str) -> str:
    """Drops what waits to be played; all outstanding marks come back."""
    return json.dumps({"event": "clear", "streamSid": stream_sid})
