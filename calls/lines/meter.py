"""What one call uses of paid services, counted as it happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, cast

from providers.types import Message, ProviderError, Replier, ReplyDone, ReplyPart, Speaker, TextPiece, ToolSpec, Usage

#: What a token is roughly, where no usage is told: of an answer that was broken off.
CHARACTERS_PER_TOKEN = 4
BYTES_PER_MS = 8
#: How long a character takes to say, about; for what was rendered before the call had a meter.
MS_PER_CHARACTER = 65


@dataclass(frozen=True, slots=True)
class Billed:
    """Names of what is paid for, as the price table has them.

    Attributes:
        tier: of service, where it is not the model's usual one: it has prices of its own.
    """

    recognition: str = ""
    model: str = ""
    tier: str = ""

    @property
    def thinking(self) -> str:
        """The model at its tier."""
        return f"{self.tier}:{self.model}" if self.tier else self.model


class Meter:
    """Counts by component and service."""

    def __init__(self, billed: Billed) -> None:
        self._billed = billed
        self._used: dict[tuple[str, str], Counter[str]] = {}

    def _add(self, component: str, what: str, **quantities: int) -> None:
        self._used.setdefault((component, what), Counter()).update(quantities)

    def thought(self, usage: Usage) -> None:
        """A whole answer of the model's."""
        cached, heard_before = min(usage.cached_tokens, usage.prompt_tokens), min(usage.audio_cached_tokens, usage.audio_tokens)
        self._add(
            "model",
            usage.model or self._billed.thinking,
            input_tokens=usage.prompt_tokens - cached,
            cached_tokens=cached,
            output_tokens=usage.completion_tokens,
            audio_tokens=usage.audio_tokens - heard_before,
            audio_cached_tokens=heard_before,
            audio_output_tokens=usage.audio_completion_tokens,
        )

    def broke_off(self, messages: Sequence[Message], written: int) -> None:
        """An answer that was not waited for: it is paid for, and nobody tells how much it was. `written`: its characters so far."""
        asked = sum(len(str(message.get("content") or "")) for message in messages)
        self._add("model", self._billed.thinking, input_tokens=asked // CHARACTERS_PER_TOKEN, output_tokens=written // CHARACTERS_PER_TOKEN)

    def voiced(self, voice: str, *, characters: int = 0, ms: int = 0) -> None:
        """Words that were rendered, or sound that came of it."""
        self._add("voice", voice, characters=characters, ms=ms)

    def rendered_ahead(self, voice: str, text: str) -> None:
        """Words that are rendered for this call before it begins."""
        self.voiced(voice, characters=len(text), ms=len(text) * MS_PER_CHARACTER)

    def heard(self, ms: int, by: str = "") -> None:
        """How much of the line the recogniser has been sent so far, in all. `by`: which one, if not the one that hears calls."""
        self._used[("recognition", by or self._billed.recognition)] = Counter(ms=ms)

    def used(self) -> list[dict[str, Any]]:
        """Everything so far, as it is stored on the call."""
        lines = [(component, what, {name: count for name, count in counts.items() if count}) for (component, what), counts in self._used.items()]
        return [{"component": component, "what": what, "quantities": counts} for component, what, counts in lines if counts]


class MeteredSpeaker:
    """A speaker whose work is counted."""

    def __init__(self, speaker: Speaker, meter: Meter) -> None:
        self._speaker = speaker
        self._meter = meter

    @property
    def voice(self) -> str:
        """The speaker's."""
        return self._speaker.voice

    def in_voice(self, name: str) -> MeteredSpeaker:
        """The speaker in that voice, counted as well."""
        return MeteredSpeaker(self._speaker.in_voice(name), self._meter)

    async def warm(self) -> None:
        """Warms the speaker."""
        await self._speaker.warm()

    async def close(self) -> None:
        """Closes the speaker."""
        await self._speaker.close()

    async def speak(self, text: str, *, language: str) -> AsyncIterator[bytes]:
        """The speaker's audio. What was asked for is paid for, heard or not."""
        self._meter.voiced(self.voice, characters=len(text))
        async with aclosing(cast(Any, self._speaker.speak(text, language=language))) as chunks:
            async for audio in chunks:
                self._meter.voiced(self.voice, ms=len(audio) // BYTES_PER_MS)
                yield audio


class MeteredReplier:
    """A model whose answers are counted, whole or not."""

    def __init__(self, replier: Replier, meter: Meter) -> None:
        self._replier = replier
        self._meter = meter

    async def warm(self) -> None:
        """Warms the model's connection."""
        await self._replier.warm()

    async def close(self) -> None:
        """Closes the model's connection."""
        await self._replier.close()

    async def reply(self, *, messages: Sequence[Message], tools: Sequence[ToolSpec], cache_key: str = "") -> AsyncIterator[ReplyPart]:
        """The model's answer."""
        written, counted, refused = 0, False, False
        try:
            async with aclosing(cast(Any, self._replier.reply(messages=messages, tools=tools, cache_key=cache_key))) as parts:
                async for part in parts:
                    written += len(part.text) if isinstance(part, TextPiece) else 0
                    if isinstance(part, ReplyDone) and part.usage.prompt_tokens:
                        self._meter.thought(part.usage)
                        counted = True
                    yield part
        except ProviderError:
            refused = not written
            raise
        finally:
            if not (counted or refused):
                self._meter.broke_off(messages, written)
