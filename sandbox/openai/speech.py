"""POST /v1/audio/speech: a text read aloud, as bare 24 kHz samples or as a WAV file, streamed while it is made."""

from __future__ import annotations

import asyncio
import contextlib
import struct
from typing import Any

from aiohttp import web

from sandbox.faults import Fault
from sandbox.openai.errors import REQUEST_ID, bad_request, body_of, switched_on
from sandbox.openai.models import require_model
from sandbox.reading import read
from sandbox.state import SandboxState

RATE = 24_000
LONGEST = 4096
VOICES = frozenset(["alloy", "ash", "ballad", "coral", "echo", "fable", "onyx", "nova", "sage", "shimmer", "verse", "marin", "cedar"])
KEYS = frozenset({"model", "input", "voice", "instructions", "response_format", "speed", "stream_format"})
STALL_MS = 30_000


def wav_header(rate: int) -> bytes:
    """Of a stream whose length is not known yet."""
    unknown = struct.pack("<I", 0xFFFFFFFF)
    layout = struct.pack("<IHHIIHH", 16, 1, 1, rate, 2 * rate, 2, 16)
    return b"RIFF" + unknown + b"WAVEfmt " + layout + b"data" + unknown


def _check(body: dict[str, Any]) -> None:
    for key in set(body) - KEYS:
        raise bad_request(f"Unknown parameter: '{key}'.", param=key, code="unknown_parameter")
    require_model(body.get("model"), "speech")
    text = body.get("input")
    if not isinstance(text, str) or not text.strip():
        raise bad_request("Invalid 'input': expected a text that is not empty.", param="input", code="invalid_value")
    if len(text) > LONGEST:
        raise bad_request(f"Invalid 'input': string too long. Expected at most {LONGEST} characters.", param="input", code="string_above_max_length")
    if body.get("voice") not in VOICES:
        raise bad_request(f"Invalid value for 'voice'. Supported values are: {sorted(VOICES)}.", param="voice", code="invalid_value")
    if body.get("response_format", "mp3") not in {"pcm", "wav"}:
        raise bad_request("The sandbox makes pcm and wav only.", param="response_format", code="unsupported_value")
    if body.get("stream_format", "audio") != "audio":
        raise bad_request("The sandbox streams bare audio only.", param="stream_format", code="unsupported_value")
    speed = body.get("speed", 1.0)
    if isinstance(speed, bool) or not isinstance(speed, int | float) or not 0.25 <= speed <= 4:
        raise bad_request("Invalid 'speed': expected 0.25 to 4.", param="speed", code="invalid_value")


class Speech:
    """The speech endpoint."""

    def __init__(self, state: SandboxState) -> None:
        self._state = state

    async def speak(self, request: web.Request) -> web.StreamResponse:
        """Answers one request."""
        body = await body_of(request)
        _check(body)
        fault = self._state.faults.take("openai.speech")
        if (refused := switched_on(fault)) is not None:
            raise refused
        wav = body.get("response_format") == "wav"
        headers = {"Content-Type": "audio/wav" if wav else "audio/pcm", "x-request-id": request[REQUEST_ID]}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        with contextlib.suppress(ConnectionResetError):
            if wav:
                await response.write(wav_header(RATE))
            await self._stream(request, response, body, fault)
        return response

    async def _stream(self, request: web.Request, response: web.StreamResponse, body: dict[str, Any], fault: Fault | None) -> None:
        number = 0
        carried = b""
        async for sound in read(self._state, body["input"], sample_rate=RATE, speed=float(body.get("speed", 1.0))):
            audio = carried + sound.astype("<i2").tobytes()
            if fault is not None and fault.mode == "odd_bytes":
                audio, carried = audio[:-1], audio[-1:]
            await response.write(audio)
            number += 1
            if fault is None or number != 2:
                continue
            if fault.mode == "stall":
                await asyncio.sleep(fault.milliseconds("stall_ms", STALL_MS) / 1000)
            if fault.mode == "cut" and request.transport is not None:
                request.transport.abort()
                return
        await response.write(carried)
        await response.write_eof()
