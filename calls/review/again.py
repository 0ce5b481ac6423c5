"""Puts a question of a call to a model once more, dry: nothing is said, no tool runs, nothing is kept."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, cast

from asgiref.sync import async_to_sync
from django.conf import UserSettingsHolder, settings
from django.utils.translation import gettext_noop as noop

from calls.review.prompts import Question
from context.models import User
from providers import registry
from providers.types import ProviderError, ReplyDone, TextPiece, ToolCall, Usage
from requests_app.errors import InvalidAsk

log = logging.getLogger(__name__)

LONGEST_S = 30.0


@dataclass(slots=True)
class Answer:
    """What the model answered this time. `trouble`: why it did not, in the provider's words."""

    model: str
    text: str = ""
    calls: list[dict[str, str]] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    first_ms: int | None = None
    took_ms: int = 0
    trouble: str = ""


def models() -> list[str]:
    """The models that may be asked: those that the settings name."""
    named = [settings.OPENAI_CALL_MODEL, settings.OPENAI_PLAN_MODEL, settings.OPENAI_OUTCOME_MODEL, *settings.REVIEW_MODELS]
    return list(dict.fromkeys(name for name in named if name))


def ask(*, staff: User, question: Question, model: str) -> Answer:
    """Asks again, and waits for the answer.

    Raises:
        InvalidAsk: a model that the settings do not name, or a question that was not kept whole.
    """
    if model not in models():
        raise InvalidAsk(noop("That model is not among those that the settings name."))
    if not question.whole:
        raise InvalidAsk(noop("This question was not kept whole: it cannot be asked again."))
    log.info("staff %s asks question %s of call %s again, of %s", staff.pk, question.row.number, question.row.call_id, model)
    return async_to_sync(_ask)(question, model)


async def _ask(question: Question, model: str) -> Answer:
    chosen = UserSettingsHolder(settings)
    chosen.OPENAI_CALL_MODEL = model
    answer, began = Answer(model), time.monotonic()
    try:
        thinker = registry.thinker(chosen)
        try:
            async with asyncio.timeout(LONGEST_S):
                reply = thinker.reply(messages=question.messages, tools=question.tools)
                async with aclosing(cast(Any, reply)) as parts:
                    async for part in parts:
                        _take(answer, part, began)
        finally:
            await thinker.close()
    except ProviderError as error:
        answer.trouble = str(error)
    except TimeoutError:
        answer.trouble = noop("No answer within %(longest_s)s s.") % {"longest_s": f"{LONGEST_S:.0f}"}
    answer.took_ms = round((time.monotonic() - began) * 1000)
    return answer


def _take(answer: Answer, part: object, began: float) -> None:
    if answer.first_ms is None:
        answer.first_ms = round((time.monotonic() - began) * 1000)
    match part:
        case TextPiece():
            answer.text += part.text
        case ToolCall():
            answer.calls.append({"name": part.name, "arguments": part.arguments})
        case ReplyDone():
            answer.usage = part.usage
