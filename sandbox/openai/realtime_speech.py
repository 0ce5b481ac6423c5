"""One message of the model's, spoken: its events in the real order, transcript ahead of the sound, sound faster than it is heard."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.faults import Fault
from sandbox.openai.event_stream import pieces
from sandbox.openai.realtime_items import SpokenItem
from sandbox.openai.usage import tokens_of
from sandbox.reading import read
from sandbox.state import SandboxState
from sandbox.voice import Samples, mulaw_encode

STALL_MS = 30_000
PARAPHRASE = "Sure! "
#: Tokens of a second of sound, heard and spoken.
HEARD_TOKENS, SPOKEN_TOKENS = 10, 20


class Speech:
    """Speaks one item.

    Args:
        send: sends an event by its type and fields.
        output: `audio.output` of session and response.
        place: response_id and output_index.
        item: grows as it is spoken.
    """

    def __init__(
        self, state: SandboxState, send: Callable[..., Awaitable[None]], output: dict[str, Any], place: dict[str, Any], item: SpokenItem
    ) -> None:
        self._state, self._send, self._output = state, send, output
        self._item = item
        self._where = place
        self._place = place | {"item_id": item.id, "content_index": 0}

    async def say(self, text: str, fault: Fault | None) -> bool:
        """Says it; whether the connection is to be cut then."""
        said = PARAPHRASE + text if fault is not None and fault.mode == "paraphrase" else text
        await self._send("response.output_item.added", **self._where, item=self._item.shown())
        await self._send("response.content_part.added", **self._place, part={"type": "audio", "transcript": ""})
        if await self._speak(said, fault):
            return True
        self._item.text, self._item.status = said, "completed"
        await self._send("response.output_audio.done", **self._place)
        await self._send("response.output_audio_transcript.done", **self._place, transcript=said)
        await self._send("response.content_part.done", **self._place, part={"type": "audio", "transcript": said})
        await self._send("response.output_item.done", **self._where, item=self._item.shown())
        return False

    async def _speak(self, said: str, fault: Fault | None) -> bool:
        words = pieces(said)
        speed, number = float(self._output.get("speed") or 1.0), 0
        async for sound in read(self._state, said, sample_rate=self._rate, speed=speed):
            # The transcript runs ahead of the sound, three words to each 100 ms.
            await self._words(words, 3)
            self._item.ms += sound.size * 1000 // self._rate
            await self._send("response.output_audio.delta", **self._place, delta=base64.b64encode(self._encoded(sound)).decode())
            number += 1
            if fault is None or number != 2:
                continue
            if fault.mode == "cut":
                return True
            if fault.mode == "stall":
                await asyncio.sleep(fault.milliseconds("stall_ms", STALL_MS) / 1000)
        await self._words(words, len(words))
        return False

    async def _words(self, words: list[str], count: int) -> None:
        for word in words[:count]:
            self._item.text += word
            await self._send("response.output_audio_transcript.delta", **self._place, delta=word)
        del words[:count]

    @property
    def _mulaw(self) -> bool:
        return bool(self._output["format"]["type"] == "audio/pcmu")

    @property
    def _rate(self) -> int:
        return 8000 if self._mulaw else 24_000

    def _encoded(self, sound: Samples) -> bytes:
        return mulaw_encode(sound) if self._mulaw else bytes(sound.astype("<i2").tobytes())


def usage(*, text_given: str, text_made: str, heard_ms: int, spoken_ms: int, cached_text: int = 0) -> dict[str, Any]:
    """The `usage` of a response: text and sound counted apart."""
    given, made = tokens_of(text_given), tokens_of(text_made)
    heard, spoken = heard_ms * HEARD_TOKENS // 1000, spoken_ms * SPOKEN_TOKENS // 1000
    return {
        "input_tokens": given + heard,
        "output_tokens": made + spoken,
        "total_tokens": given + heard + made + spoken,
        "input_token_details": {
            "text_tokens": given,
            "audio_tokens": heard,
            "image_tokens": 0,
            "cached_tokens": cached_text,
            "cached_tokens_details": {"text_tokens": cached_text, "audio_tokens": 0, "image_tokens": 0},
        },
        "output_token_details": {"text_tokens": made, "audio_tokens": spoken},
    }


def shown_response(response_id: str, status: str, output: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A response as the API shows it."""
    reason = {
        "cancelled": {"type": "cancelled", "reason": more.pop("reason", "client_cancelled")},
        "failed": {"type": "failed", "error": {"type": "server_error", "code": "server_error"}},
    }
    return {
        "object": "realtime.response",
        "id": response_id,
        "status": status,
        "status_details": reason.get(status),
        "output": output,
        "output_modalities": ["audio"],
        "usage": None,
        **more,
    }


SERVER_ERROR = {"type": "server_error", "code": "server_error", "message": "The server had an error.", "param": None, "event_id": None}
