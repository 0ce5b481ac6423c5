"""OpenAI (or what speaks its API): the key, the models that settings name, and when they retire."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import openai
from django.conf import settings
from django.db import DatabaseError

from calls.models import REALTIME
from floyd_site.doctor.finding import Finding, failed, ok, warning
from use_cases.models import UseCase

SOON_DAYS = 90
TIMEOUT_S = 15.0


def _models_in_use() -> dict[str, list[str]]:
    """Model → settings that name it; voices only when they are the chosen speaker, a model that speaks only when calls go over its line."""
    named = ["OPENAI_PLAN_MODEL", "OPENAI_CALL_MODEL", "OPENAI_OUTCOME_MODEL"]
    named += {"openai_speech": ["OPENAI_SPEECH_MODEL"], "openai_realtime": ["OPENAI_REALTIME_MODEL"]}.get(settings.PROVIDERS["speaker"], [])
    if _realtime_in_use():
        named += ["OPENAI_REALTIME_MODEL", "OPENAI_TRANSCRIPTION_MODEL"]
    used: dict[str, list[str]] = {}
    for name in named:
        used.setdefault(getattr(settings, name), []).append(name)
    return {model: list(dict.fromkeys(names)) for model, names in used.items()}


def _realtime_in_use() -> bool:
    """Whether any call goes over the line on which a model speaks: all of them, or those of a use case."""
    if settings.PROVIDERS["talker"] != "openai_talk":
        return False
    try:
        return settings.CALL_LINE == REALTIME or UseCase.objects.filter(current__line=REALTIME).exists()
    except DatabaseError:  # another check's finding
        return False


def check_thinking() -> list[Finding]:
    """Key and models."""
    part = "openai key"
    if not settings.OPENAI_API_KEY:
        return [failed(part, "OPENAI_API_KEY is not set", "Make one on platform.openai.com/api-keys. Without keys `make run` uses the sandbox.")]
    client = openai.OpenAI(api_key=settings.OPENAI_API_KEY, base_url=settings.OPENAI_BASE_URL, timeout=TIMEOUT_S, max_retries=1)
    try:
        models = {model.id: model for model in client.models.list()}
    except (openai.AuthenticationError, openai.PermissionDeniedError):
        return [failed(part, "refused", "Make a new key on platform.openai.com/api-keys and set OPENAI_API_KEY.")]
    except openai.OpenAIError as error:
        return [failed(part, f"{settings.OPENAI_BASE_URL} does not answer: {type(error).__name__}", "Check OPENAI_BASE_URL and the way there.")]
    finally:
        client.close()
    found = [ok(part, f"accepted by {settings.OPENAI_BASE_URL}")]
    return found + [_model(name, used_by, models.get(name)) for name, used_by in _models_in_use().items()]


def _model(name: str, used_by: list[str], model: Any) -> Finding:
    part, variables = f"model {name}", ", ".join(used_by)
    if model is None:
        return failed(part, "this key has no such model", f"Set {variables} to a model of platform.openai.com/docs/models.")
    ends = _shutdown(getattr(model, "shutdown_date", None))
    if ends is None:
        return ok(part, "there; no date of retirement")
    days = (ends - datetime.now(UTC).date()).days
    if days <= 0:
        return failed(part, f"retired on {ends}", f"Set {variables} to its successor.")
    if days <= SOON_DAYS:
        return warning(part, f"retires on {ends}, in {days} days", f"Set {variables} to its successor before.")
    return ok(part, f"there; retires on {ends}")


def _shutdown(value: object) -> date | None:
    """A date from what the models list carries: ISO text, or seconds since 1970."""
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC).date()
    if isinstance(value, str) and value:
        try:
            return datetime.fromisoformat(value).date()
        except ValueError:
            return None
    return None
