"""The stand-in for OpenAI on a free port, and the official client pointed at it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import openai
import pytest
from aiohttp import web

from sandbox.ears import EarProcess
from sandbox.openai import routes
from sandbox.settings import Pace, Settings
from sandbox.state import SandboxState


@pytest.fixture
def state() -> SandboxState:
    return SandboxState(Settings(pace=Pace(first_token_ms=5, tokens_per_second=5000, first_audio_ms=5, audio_speed=500)), {})


@pytest.fixture
async def base_url(state: SandboxState) -> AsyncIterator[str]:
    app = web.Application()
    ears = EarProcess()
    app.add_routes(routes(state, ears))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    await runner.cleanup()
    await ears.close()


@pytest.fixture
async def client(base_url: str) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(api_key="sk-sandbox", base_url=base_url, max_retries=0, timeout=10) as pointed:
        yield pointed
