"""A stand-in for OpenAI's API, at its wire: models, chat completions, responses, speech, and Realtime.

https://platform.openai.com/docs/api-reference
"""

from __future__ import annotations

from aiohttp import web

from sandbox.ears import EarProcess
from sandbox.openai.chat import Chat
from sandbox.openai.errors import guarded
from sandbox.openai.models import one_model, some_models
from sandbox.openai.realtime import Realtime
from sandbox.openai.responses import Responses
from sandbox.openai.speech import Speech
from sandbox.state import SandboxState

__all__ = ["routes"]


def routes(state: SandboxState, ears: EarProcess) -> list[web.RouteDef]:
    """All of it, under `/v1`.

    Args:
        ears: where Realtime sessions hear.
    """
    return [
        web.get("/v1/models", guarded(some_models)),
        web.get("/v1/models/{id}", guarded(one_model)),
        web.post("/v1/chat/completions", guarded(Chat(state).complete)),
        web.post("/v1/responses", guarded(Responses(state).create)),
        web.post("/v1/audio/speech", guarded(Speech(state).speak)),
        web.get("/v1/realtime", guarded(Realtime(state, ears).connect)),
    ]
