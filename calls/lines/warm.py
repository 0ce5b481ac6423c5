"""What a process that takes calls keeps ready: providers with open connections, the database, and phrases rendered ahead."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from django.conf import settings

from calls.conversation import fixed_lines
from calls.conversation.wordings import wording_of
from calls.lines import drain, kept_phrases, lag
from calls.lines.connections import Connections
from calls.lines.meter import Billed
from calls.lines.store import load_hints
from calls.models import REALTIME
from calls.speech.chunking import OPENINGS
from live.address import database_address
from providers import registry
from providers.phrases import Phrases
from providers.talker import Talker
from providers.types import ProviderError, Recognizer, Replier, Speaker

log = logging.getLogger(__name__)

#: The language that the fixed lines are written in.
FIXED_LINES_LANGUAGE = "en-US"
WARM_S = 10.0


@dataclass(frozen=True, slots=True)
class Kit:
    """What a call needs, shared by all calls of the process."""

    recognizer: Recognizer
    thinker: Replier
    speaker: Speaker
    phrases: Phrases
    connections: Connections
    billed: Billed = field(default_factory=Billed)
    keeps_prompts: bool = False
    talker: Talker | None = None


_kit: Kit | None = None
_connections: Connections | None = None
_tasks: list[asyncio.Task[None]] = []


def database() -> Connections:
    """The process's own connections."""
    global _connections
    if _connections is None:
        _connections = Connections(database_address())
    return _connections


def _billed() -> Billed:
    return Billed(
        recognition=f"{settings.PROVIDERS['recognizer']}:{settings.GOOGLE_SPEECH_MODEL}",
        model=settings.OPENAI_CALL_MODEL,
        tier=settings.OPENAI_SERVICE_TIER,
    )


def kit() -> Kit:
    """The process's kit, made when first asked for. Raises ProviderError or LookupError when settings lack what a provider needs."""
    global _kit
    if _kit is None:
        speaker = registry.speaker(settings)
        _kit = Kit(
            recognizer=registry.recognizer(settings),
            thinker=registry.thinker(settings),
            speaker=speaker,
            phrases=Phrases(speaker, settings.PHRASE_CACHE),
            connections=database(),
            billed=_billed(),
            keeps_prompts=settings.KEEP_PROMPTS_DAYS > 0,
            talker=_talker(),
        )
    return _kit


def _talker() -> Talker | None:
    """The model that hears and speaks; None where settings lack what it needs: its line then is held by the others."""
    try:
        return registry.talker(settings)
    except (ProviderError, LookupError) as error:
        log.log(logging.ERROR if settings.CALL_LINE == REALTIME else logging.INFO, "no model that speaks: %s", error)
        return None


async def start() -> None:
    """Makes the kit and begins to warm it, without waiting: a provider that is down must not keep the process from starting."""
    try:
        current = kit()
    except (ProviderError, LookupError) as error:
        log.error("calls cannot be held: %s", error)
        return
    # What was loaded stays for good: a full collection need not walk through it again while calls wait (it takes a tenth of a second).
    gc.collect()
    gc.freeze()
    _tasks.append(asyncio.create_task(_warm(current)))
    _tasks.append(asyncio.create_task(kept_phrases.upkeep(current.phrases, current.connections)))
    _tasks.append(asyncio.create_task(lag.watch()))


async def _warm(current: Kit) -> None:
    for what, provider in (("hearing", current.recognizer), ("thinking", current.thinker), ("speaking", current.speaker)):
        await _tolerantly(what, provider.warm())
    # A first hint loads half of Celery: better now than in the middle of somebody's call.
    await asyncio.to_thread(load_hints)
    for text in (*fixed_lines.ALL, *OPENINGS):  # what is said most often first
        await _tolerantly("a fixed line", current.phrases.audio(text, language=FIXED_LINES_LANGUAGE))
    for language in settings.CALL_LANGUAGES:
        for text in wording_of(language).lines.values():
            await _tolerantly("a fixed line", current.phrases.audio(text, language=language))


async def _tolerantly(what: str, action: Awaitable[object]) -> None:
    try:
        async with asyncio.timeout(WARM_S):
            await action
    except (ProviderError, TimeoutError) as error:
        if not drain.stopping:  # what a process that is about to end cannot reach is nobody's trouble
            log.warning("%s is not ready: %s", what, error or type(error).__name__)


async def stop() -> None:
    """Lets go of everything."""
    global _kit, _connections
    for task in _tasks:
        task.cancel()
    await asyncio.gather(*_tasks, return_exceptions=True)
    _tasks.clear()
    current, _kit = _kit, None
    if current is not None:
        for provider in (current.recognizer, current.thinker, current.speaker, current.talker):
            if provider is not None:
                await provider.close()
    connections, _connections = _connections, None
    if connections is not None:
        await connections.close()


@asynccontextmanager
async def warmed() -> AsyncIterator[None]:
    """For the server's lifespan: ready to take calls from here on, let go at the end."""
    await start()
    drain.serving = True
    try:
        yield
    finally:
        drain.serving = False
        await stop()
