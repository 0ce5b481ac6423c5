"""Messages of a Media Streams socket. Encodes and decodes; does no I/O.

https://www.twilio.com/docs/voice/media-streams/websocket-messages
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

FRAME_BYTES = 160
FRAME_MS = 20
SILENCE_PAYLOAD = base64.b64encode(b"\xff" * FRAME_BYTES).decode()


class UndecodableMessageError(ValueError):
    """Error 31950: the application sent something that is no message of this protocol."""


@dataclass(frozen=True, slots=True)
class MediaReceived:
    """Audio to play, μ-law 8 kHz, of any length."""

    audio: bytes


@dataclass(frozen=True, slots=True)
class MarkReceived:
    """A name to send back when everything before it has been played."""

    name: str


@dataclass(frozen=True, slots=True)
class ClearReceived:
    """Throw away what has not been played."""


Received = MediaReceived | MarkReceived | ClearReceived


def decode(raw: str | bytes, stream_sid: str) -> Received:
    """One message of the application; raises UndecodableMessageError."""
    if isinstance(raw, bytes):
        raise UndecodableMessageError("binary frame")
    try:
        message = json.loads(raw)
        if message["streamSid"] != stream_sid:
            raise UndecodableMessageError("unknown streamSid")
        event = message["event"]
        if event == "media":
            return MediaReceived(base64.b64decode(message["media"]["payload"], validate=True))
        if event == "mark":
            name = message["mark"]["name"]
            if not isinstance(name, str):
                raise UndecodableMessageError("mark without a name")
            return MarkReceived(name)
        if event == "clear":
            return ClearReceived()
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        if isinstance(error, UndecodableMessageError):
            raise
        raise UndecodableMessageError(str(error)) from None
    raise UndecodableMessageError(f"unknown event {event!r}")


class FrameWriter:
    """Writes the carrier's messages of one stream; counts sequence numbers, chunks and media time.

    Args:
        account_sid, call_sid, stream_sid: who is speaking.
    """

    def __init__(self, account_sid: str, call_sid: str, stream_sid: str) -> None:
        self._account_sid = account_sid
        self._call_sid = call_sid
        self._stream_sid = stream_sid
        self._sequence = 0
        self._chunk = 0

    def connected(self) -> str:
        """The first message."""
        return '{"event":"connected","protocol":"Call","version":"1.0.0"}'

    def start(self, parameters: dict[str, str]) -> str:
        """The second: who calls, what the audio is, and the TwiML's parameters."""
        body = {
            "accountSid": self._account_sid,
            "streamSid": self._stream_sid,
            "callSid": self._call_sid,
            "tracks": ["inbound"],
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
            "customParameters": parameters,
        }
        return self._message("start", start=body)

    def media(self, audio: bytes | None) -> str:
        """One 20 ms frame of what the far end says; None is silence. Written by hand: this is 50 messages a second."""
        payload = SILENCE_PAYLOAD if audio is None else base64.b64encode(audio).decode()
        self._sequence += 1
        self._chunk += 1
        return (
            f'{{"event":"media","sequenceNumber":"{self._sequence}","media":{{"track":"inbound","chunk":"{self._chunk}",'
            f'"timestamp":"{self._chunk * FRAME_MS}","payload":"{payload}"}},"streamSid":"{self._stream_sid}"}}'
        )

    def mark(self, name: str) -> str:
        """A mark has been played, or flushed by `clear`."""
        return self._message("mark", mark={"name": name})

    def dtmf(self, digit: str) -> str:
        """The far end pressed a key."""
        return self._message("dtmf", dtmf={"track": "inbound_track", "digit": digit})

    def stop(self) -> str:
        """The last message."""
        return self._message("stop", stop={"accountSid": self._account_sid, "callSid": self._call_sid})

    def _message(self, event: str, **body: Any) -> str:
        self._sequence += 1
        return json.dumps({"event": event, "sequenceNumber": str(self._sequence), **body, "streamSid": self._stream_sid}, separators=(",", ":"))
