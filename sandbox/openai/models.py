"""Which models there are, what each is for, and when it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from sandbox.openai.errors import ApiError


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model.

    Attributes:
        use: "chat", "speech" or "realtime".
        ends: the day its maker has announced to shut it down, or empty.
    """

    id: str
    use: str
    ends: str = ""

    def shown(self) -> dict[str, Any]:
        """As the API shows it."""
        ends = int(datetime.fromisoformat(self.ends).replace(tzinfo=UTC).timestamp()) if self.ends else None
        return {"id": self.id, "object": "model", "created": 1_767_225_600, "owned_by": "system", "shutdown_date": ends}


_CARDS = (
    *(ModelCard(name, "chat") for name in ("gpt-6-luna", "gpt-6-sol", "gpt-6.1-luna", "gpt-6.1-sol", "gpt-5.6-luna", "gpt-5.6-sol")),
    *(ModelCard(name, "chat", "2026-12-11") for name in ("gpt-5", "gpt-5-mini", "gpt-5-nano")),
    *(ModelCard(name, "chat", "2027-01-14") for name in ("gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini")),
    ModelCard("gpt-5.1", "chat", "2027-04-01"),
    *(ModelCard(name, "speech", "2027-01-06") for name in ("gpt-4o-mini-tts", "tts-1", "tts-1-hd")),
    *(ModelCard(name, "realtime") for name in ("gpt-realtime-2.1", "gpt-realtime-2.1-mini")),
    *(ModelCard(name, "realtime", "2027-01-20") for name in ("gpt-realtime", "gpt-realtime-mini")),
)
MODELS = {card.id: card for card in _CARDS}


def require_model(name: object, use: str) -> ModelCard:
    """The model of this name, if it can be used so."""
    if not isinstance(name, str) or not name:
        raise ApiError(400, "you must provide a model parameter", param="model")
    card = MODELS.get(name)
    if card is None:
        raise ApiError(404, f"The model `{name}` does not exist or you do not have access to it.", code="model_not_found")
    if card.use != use:
        raise ApiError(404, f"The model `{name}` cannot be used on this endpoint: it is a {card.use} model.", param="model", code="model_not_found")
    return card


async def some_models(_request: web.Request) -> web.Response:
    """GET /v1/models."""
    return web.json_response({"object": "list", "data": [card.shown() for card in MODELS.values()]})


async def one_model(request: web.Request) -> web.Response:
    """GET /v1/models/{id}."""
    name = request.match_info["id"]
    card = MODELS.get(name)
    if card is None:
        raise ApiError(404, f"The model '{name}' does not exist", param="model", code="model_not_found")
    return web.json_response(card.shown())
