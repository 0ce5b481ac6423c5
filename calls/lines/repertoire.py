"""What one call says more than once, or can have ready before it is said: fixed lines for everybody, the introduction for its user."""

from __future__ import annotations

import asyncio

from calls.conversation import fixed_lines, wordings
from calls.conversation.brief import CallBrief
from calls.conversation.disclosure import announced
from calls.speech.chunking import OPENINGS
from calls.speech.normalise import for_speech
from providers.phrases import Phrases
from providers.types import ProviderError

#: Said in every user's calls, and holding nothing of anybody's.
EVERYBODYS = frozenset({*fixed_lines.ALL, *OPENINGS, *(line for wording in wordings.ALL for line in wording.lines.values())})


def owner_of(user_id: int | None) -> str:
    """Whose a user's phrases are, as the cache knows it: they go with the user; those of a caller who is none, at the next tidying."""
    return "callers" if user_id is None else f"user-{user_id}"


class Repertoire:
    """The phrases of one call.

    Args:
        phrases: of the process.
        brief: tells language, voice, introduction and opening line.
        owner: see `owner_of`.
    """

    def __init__(self, phrases: Phrases, brief: CallBrief, owner: str) -> None:
        self._phrases = phrases
        self._brief = brief
        self._owner = owner
        self.language = brief.begins_in

    def switch(self, language: str) -> None:
        """The call goes on in another language."""
        self.language = language

    def spoken(self, text: str) -> str:
        """The text as the voice gets it."""
        return for_speech(text, language=self.language)

    def ready(self, text: str) -> bytes | None:
        """The audio of a text, if it was rendered before."""
        return self._phrases.ready(self.spoken(text), language=self.language, owner=self._owner_of(text), voice=self._brief.voice)

    async def audio(self, text: str) -> bytes:
        """The audio of a text, rendered if need be. Raises ProviderError."""
        abroad = wordings.wording_of(self.language).introduce(self._brief.user_name)
        introductions = (self._brief.introduction, abroad, announced(abroad, self.language))
        lasting = text in EVERYBODYS or text in introductions
        return await self._phrases.audio(
            self.spoken(text), language=self.language, owner=self._owner_of(text), lasting=lasting, voice=self._brief.voice
        )

    async def prepare(self) -> None:
        """Renders the first words ahead of their time, the introduction first. A failure shows when they are said."""
        texts = (self._brief.introduction, self._brief.opening_line)
        await asyncio.gather(*(self.audio(text) for text in texts if text.strip()), return_exceptions=True)
        if self._brief.voice:
            await self._prepare_fixed_lines()

    async def _prepare_fixed_lines(self) -> None:
        """The process has them ready in the usual voice only. One after the other: the call's own words come first."""
        wording = wordings.wording_of(self.language)
        for text in (*(OPENINGS if wording is wordings.ENGLISH else ()), *map(wording.line, fixed_lines.ALL)):
            try:
                await self.audio(text)
            except ProviderError:
                return  # the same would happen to the next

    def _owner_of(self, text: str) -> str:
        return "" if text in EVERYBODYS else self._owner
