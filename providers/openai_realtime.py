"""Talking with OpenAI's Realtime API: μ-law both ways over one WebSocket, turns detected by the service, replies made only when they are asked for.

https://platform.openai.com/docs/guides/realtime
"""

from __future__ import annotations

import asyncio
import base64
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from typing import Any

import openai
from websockets.exceptions import WebSocketException

from providers.openai_client import ERRORS, PERMANENT_CODES, make_client, provider_error
from providers.talker import ReplyOver, ReplySound, ReplyTool, ReplyWords, TalkEvent, Understood, VoiceBegan, VoiceEnded, WordsHeard, WordsWhole
from providers.types import ProviderError, ToolCall, ToolSpec, Usage
from providers.voices import openai_voice

#: A session opens while the introduction is said: there is time.
OPEN_WITHIN_S = 8.0
#: A tenth of a second is sent at once; single frames would cost more than they bring.
TOGETHER_BYTES = 480
#: What waits to be sent when the other side reads nothing: half a minute of frames.
MOST_WAITING = 1_500
MOST_HINTS = 100
#: Commands that may come too late, such as cancelling what is over: their refusal is no failure.
LATE = "late-"
#: Silence after which `server_vad` takes an utterance for finished; it counts it in when it says when that was.
SILENCE_MS = 500
_AUDIO = {"type": "audio/pcmu"}
#: Transcribing models that take several languages and words to expect; others take one language.
_TAKE_HINTS = ("gpt-transcribe", "gpt-live-transcribe")
_FINISHED = {"completed": "stop", "cancelled": "cancelled", "incomplete": "length"}


class OpenAIRealtime:
    """A `Talker`.

    Args:
        detection: `server_vad` (by loudness) or `semantic_vad` (by what was said).
        languages: in which a call may go on besides its own.
    """

    def __init__(self, client: openai.AsyncOpenAI, model: str, voice: str, transcription: str, detection: str, languages: Sequence[str] = ()) -> None:
        self._client = client
        self._model, self._voice, self._transcription, self._detection = model, voice, transcription, detection
        self._languages = languages

    @property
    def model(self) -> str:
        """The model's name."""
        return self._model

    @property
    def transcription(self) -> str:
        """The transcribing model's name."""
        return f"openai:{self._transcription}"

    async def close(self) -> None:
        """Closes the client."""
        await self._client.close()

    async def open(self, *, language: str, hints: Sequence[str] = (), voice: str = "") -> OpenAIRealtimeSession:
        """A session that hears and is silent until asked."""
        try:
            async with asyncio.timeout(OPEN_WITHIN_S):
                connection = await self._client.realtime.connect(model=self._model).enter()
                await connection.session.update(session=self._setup(language, hints, openai_voice(voice) or self._voice))
        except TimeoutError:
            raise ProviderError("openai realtime: no connection") from None
        except (*ERRORS, WebSocketException, OSError) as error:
            raise provider_error("openai realtime", error) from error
        silence_ms = SILENCE_MS if self._detection == "server_vad" else 0
        return OpenAIRealtimeSession(connection, silence_ms, lambda language: self._input((language,), hints))

    def _setup(self, language: str, hints: Sequence[str], voice: str) -> Any:
        return {
            "type": "realtime",
            "output_modalities": ["audio"],
            "audio": {"input": self._input((language, *self._languages), hints), "output": {"format": _AUDIO, "voice": voice}},
        }

    def _input(self, languages: Sequence[str], hints: Sequence[str]) -> dict[str, Any]:
        """How it hears, with the languages that may be spoken."""
        known = list(dict.fromkeys(name[:2].lower() for name in languages))
        transcription: dict[str, Any] = {"model": self._transcription}
        transcription |= {"languages": known} if self._transcription in _TAKE_HINTS else {"language": known[0]}
        if hints and self._transcription in _TAKE_HINTS:
            transcription["keywords"] = list(hints)[:MOST_HINTS]
        # The service tells when somebody speaks and stops; whether that is answered, and whether it cuts us short, is decided here.
        detection: dict[str, Any] = {"type": self._detection, "create_response": False, "interrupt_response": False}
        if self._detection == "server_vad":
            detection["silence_duration_ms"] = SILENCE_MS
        return {"format": _AUDIO, "transcription": transcription, "turn_detection": detection}


class OpenAIRealtimeSession:
    """A `TalkSession` on an open connection.

    Args:
        silence_ms: behind an utterance, that the service counts as part of it.
        hearing: how it hears one language (`audio.input`).
    """

    def __init__(self, connection: Any, silence_ms: int, hearing: Callable[[str], dict[str, Any]]) -> None:
        self._connection = connection
        self._silence_ms = silence_ms
        self._hearing = hearing
        self._waiting: deque[dict[str, Any]] = deque()
        self._audio = b""
        self._changed = asyncio.Event()
        self._sending = asyncio.create_task(self._send(), name="realtime sender")
        self._count = 0
        self._names: dict[str, str] = {}  # response id → name of the reply
        self._replying = ""
        self._call_items: dict[str, str] = {}  # tool call → its item

    # --- commands ---

    def feed(self, audio: bytes) -> None:
        """Takes audio at once; a service that reads nothing gets no more."""
        self._audio += audio
        if len(self._audio) >= TOGETHER_BYTES:
            self._flush()

    def configure(self, *, instructions: str, tools: Sequence[ToolSpec]) -> None:
        """Instructions and tools from here on."""
        known = [{"type": "function", **{key: value for key, value in tool["function"].items() if key != "strict"}} for tool in tools]
        self._put("session.update", session={"type": "realtime", "instructions": instructions, "tools": known, "tool_choice": "auto"})

    def switch(self, language: str) -> None:
        """How it hears from here on, whole: whether parts of it would be kept is not documented."""
        self._put("session.update", session={"type": "realtime", "audio": {"input": self._hearing(language)}})

    def note(self, text: str) -> None:
        """A system message."""
        self._add({"type": "message", "role": "system", "content": [{"type": "input_text", "text": text}]})

    def was_heard(self, text: str) -> None:
        """A user's message."""
        self._add({"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]})

    def was_said(self, text: str) -> None:
        """An assistant's message."""
        self._add({"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]})

    def result(self, tool_id: str, output: str) -> None:
        """A tool's output, right behind its call: what was said since comes after it."""
        place: dict[str, Any] = {"previous_item_id": self._call_items[tool_id]} if tool_id in self._call_items else {}
        self._put("conversation.item.create", item={"type": "function_call_output", "call_id": tool_id, "output": output}, **place)

    def reply(self, name: str) -> None:
        """Asks for a response."""
        self._replying = name
        self._put("response.create", response={"metadata": {"reply": name}})

    def cancel(self) -> None:
        """Cancels it."""
        self._put("response.cancel", late=True)

    def truncate(self, item: str, heard_ms: int) -> None:
        """Cuts an item of the model's."""
        self._put("conversation.item.truncate", late=True, item_id=item, content_index=0, audio_end_ms=heard_ms)

    def _add(self, item: dict[str, Any]) -> None:
        self._put("conversation.item.create", item=item)

    def _put(self, kind: str, *, late: bool = False, **fields: Any) -> None:
        self._flush()
        self._count += 1
        self._waiting.append({"type": kind, "event_id": f"{LATE if late else 'do-'}{self._count}", **fields})
        self._changed.set()

    def _flush(self) -> None:
        audio, self._audio = self._audio, b""
        if audio and len(self._waiting) < MOST_WAITING:
            self._waiting.append({"type": "input_audio_buffer.append", "audio": base64.b64encode(audio).decode()})
            self._changed.set()

    async def _send(self) -> None:
        while True:
            while self._waiting:
                await self._connection.send(self._waiting.popleft())
            self._changed.clear()
            await self._changed.wait()

    # --- what happens ---

    async def __aiter__(self) -> AsyncIterator[TalkEvent]:
        """Until it breaks: a session has no end of its own."""
        try:
            while True:
                event = self._read(await self._receive())
                if event is not None:
                    yield event
        except (*ERRORS, WebSocketException, OSError) as error:
            raise provider_error("openai realtime", error) from error

    async def _receive(self) -> Any:
        """The next event, or the trouble that the sender is in."""
        receiving = asyncio.ensure_future(self._connection.recv())
        try:
            await asyncio.wait((receiving, self._sending), return_when=asyncio.FIRST_COMPLETED)
            if self._sending.done():
                self._sending.result()
            return await receiving
        finally:
            receiving.cancel()

    def _read(self, event: Any) -> TalkEvent | None:
        # By its `type`, not its class: the library gives types it does not know some other class.
        match event.type:
            case "response.output_audio.delta":
                return ReplySound(self._name(event), event.item_id, base64.b64decode(event.delta))
            case "response.output_audio_transcript.delta":
                return ReplyWords(self._name(event), event.item_id, event.delta)
            case "response.output_audio_transcript.done":
                return WordsWhole(self._name(event), event.item_id)
            case "response.function_call_arguments.done":
                self._call_items[event.call_id] = event.item_id
                return ReplyTool(self._name(event), ToolCall(event.call_id, event.name, event.arguments))
            case "input_audio_buffer.speech_started":
                return VoiceBegan(event.item_id, event.audio_start_ms)
            case "input_audio_buffer.speech_stopped":
                return VoiceEnded(event.item_id, max(0, event.audio_end_ms - self._silence_ms))
            case "conversation.item.input_audio_transcription.delta":
                return WordsHeard(event.item_id, event.delta)
            case "conversation.item.input_audio_transcription.completed":
                return Understood(event.item_id, event.transcript)
            case "conversation.item.input_audio_transcription.failed":
                return Understood(event.item_id, "")
            case "response.created":
                self._names[event.response.id] = (event.response.metadata or {}).get("reply") or self._replying
            case "response.done":
                return self._over(event.response)
            case "error":
                self._refused(event.error)
        return None

    def _name(self, event: Any) -> str:
        return self._names.get(event.response_id, "")

    def _over(self, response: Any) -> ReplyOver:
        name = self._names.pop(response.id, self._replying)
        tools = any(item.type == "function_call" for item in response.output or ())
        reason = "tool_calls" if tools and response.status == "completed" else _FINISHED.get(response.status, "failed")
        return ReplyOver(name, reason, _usage(response.usage), failed=response.status == "failed")

    def _refused(self, error: Any) -> None:
        if not (error.event_id or "").startswith(LATE):
            raise ProviderError(f"openai realtime: {error.code or error.type}", permanent=error.code in PERMANENT_CODES)

    async def close(self) -> None:
        """Closes the connection."""
        self._sending.cancel()
        await asyncio.gather(self._sending, return_exceptions=True)
        with suppress(*ERRORS, WebSocketException, OSError):
            await self._connection.close()


def _usage(told: Any) -> Usage:
    """Tokens of text and of sound, which have prices of their own; without details all count as text."""
    if told is None:
        return Usage()
    given, made = told.input_token_details, told.output_token_details
    cached = given.cached_tokens_details if given is not None else None
    heard, spoken = (given.audio_tokens or 0 if given else 0), (made.audio_tokens or 0 if made else 0)
    heard_cached = (cached.audio_tokens or 0) if cached else 0
    return Usage(
        prompt_tokens=(told.input_tokens or 0) - heard,
        cached_tokens=max(0, ((given.cached_tokens or 0) if given else 0) - heard_cached),
        completion_tokens=(told.output_tokens or 0) - spoken,
        audio_tokens=heard,
        audio_cached_tokens=heard_cached,
        audio_completion_tokens=spoken,
    )


def make_talker(settings: Any) -> OpenAIRealtime:
    """From the settings of OpenAI, REALTIME_TURN_DETECTION and CALL_LANGUAGES."""
    return OpenAIRealtime(
        make_client(settings),
        settings.OPENAI_REALTIME_MODEL,
        settings.OPENAI_VOICE,
        settings.OPENAI_TRANSCRIPTION_MODEL,
        settings.REALTIME_TURN_DETECTION,
        tuple(settings.CALL_LANGUAGES),
    )
