"""A scripted model that hears and speaks, in the place of a Realtime session."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

from providers.talker import ReplyOver, ReplySound, ReplyTool, ReplyWords, TalkEvent, Understood, VoiceBegan, VoiceEnded, WordsHeard, WordsWhole
from providers.types import ProviderError, ToolCall, Usage

USAGE = Usage(prompt_tokens=100, cached_tokens=80, completion_tokens=5, audio_tokens=40, audio_completion_tokens=60)


class FakeSession:
    """`says(text)` is what the callee is heard to say; a reply is the next of `script`: words, a tool call, several of them, or an error."""

    def __init__(self, script: list[Any], ms_per_word: int) -> None:
        self.script, self.ms_per_word = script, ms_per_word
        self.done: list[tuple[Any, ...]] = []
        self.events: asyncio.Queue[TalkEvent | ProviderError] = asyncio.Queue()
        self.fed = 0
        self.closed = False
        self._count = 0
        self._replying = ""
        self.sound_ms: dict[str, int] = {}

    def feed(self, audio: bytes) -> None:
        self.fed += len(audio)

    def configure(self, *, instructions: str, tools: Sequence[Any]) -> None:
        self.done.append(("configure", instructions, [tool["function"]["name"] for tool in tools]))

    def switch(self, language: str) -> None:
        self.done.append(("switch", language))

    def note(self, text: str) -> None:
        self.done.append(("note", text))

    def was_heard(self, text: str) -> None:
        self.done.append(("was_heard", text))

    def was_said(self, text: str) -> None:
        self.done.append(("was_said", text))

    def result(self, tool_id: str, output: str) -> None:
        self.done.append(("result", tool_id, output))

    def truncate(self, item: str, heard_ms: int) -> None:
        self.done.append(("truncate", item, heard_ms))

    def cancel(self) -> None:
        self.done.append(("cancel",))
        if self._replying:
            self._over("cancelled")

    def reply(self, name: str) -> None:
        self.done.append(("reply", name))
        self._replying = name
        answer = self.script.pop(0) if self.script else "Thank you."
        for part in answer if isinstance(answer, list) else [answer]:
            match part:
                case ProviderError():
                    self.events.put_nowait(part)
                    return
                case "hang":
                    return
                case ToolCall():
                    self.events.put_nowait(ReplyTool(name, part))
                case str():
                    self._speak(name, part)
        self._over("stop")

    def _speak(self, name: str, text: str) -> None:
        item = f"item-{name}"
        words = text.split(" ")
        self.sound_ms[item] = len(words) * self.ms_per_word
        for at, word in enumerate(words):
            self.events.put_nowait(ReplyWords(name, item, word if not at else f" {word}"))
        self.events.put_nowait(WordsWhole(name, item))
        for _ in words:
            self.events.put_nowait(ReplySound(name, item, b"\x7f" * (8 * self.ms_per_word)))

    def _over(self, reason: str) -> None:
        self.events.put_nowait(ReplyOver(self._replying, reason, USAGE))
        self._replying = ""

    def speaks(self) -> str:
        """Somebody begins to speak; gives the utterance's name."""
        self._count += 1
        self.events.put_nowait(VoiceBegan(f"u{self._count}", 0))
        return f"u{self._count}"

    def says(self, text: str, utterance: str = "") -> None:
        name = utterance or self.speaks()
        self.events.put_nowait(VoiceEnded(name, 60_000))
        if text:
            self.events.put_nowait(WordsHeard(name, text))
        self.events.put_nowait(Understood(name, text))

    def breaks(self) -> None:
        self.events.put_nowait(ProviderError("the socket is gone"))

    async def __aiter__(self) -> AsyncIterator[TalkEvent]:
        while True:
            event = await self.events.get()
            if isinstance(event, ProviderError):
                raise event
            yield event
            await asyncio.sleep(0)

    async def close(self) -> None:
        self.closed = True

    def told(self, what: str) -> list[tuple[Any, ...]]:
        return [command[1:] for command in self.done if command[0] == what]


class FakeTalker:
    """A `Talker`."""

    model = "talking-model"
    transcription = "openai:writing-model"

    def __init__(self, *script: Any) -> None:
        self.session = FakeSession(list(script), 30)
        self.opened: list[dict[str, Any]] = []
        self.error: ProviderError | None = None
        self.there = asyncio.Event()  # cleared: a session takes until then to open
        self.there.set()

    async def open(self, **options: Any) -> FakeSession:
        self.opened.append(options)
        await self.there.wait()
        if self.error is not None:
            raise self.error
        return self.session

    async def close(self) -> None:
        pass
