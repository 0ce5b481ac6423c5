"""What asking OpenAI for words has in common, whichever of its APIs is asked: how long to wait, how to ask, what a form's text means."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, cast

import pydantic

from providers.openai_client import ERRORS, provider_error
from providers.patience import Patiently
from providers.types import BadFormError, Model


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the first piece of an answer may take, and each later one, in seconds."""

    first_s: float
    next_s: float


#: In a call, longer than this is worse than a polite excuse.
IN_A_CALL = Patience(6.0, 5.0)
#: A form is filled while nobody is on the phone.
ON_A_FORM = Patience(45.0, 20.0)


@dataclass(frozen=True, slots=True)
class Asking:
    """How the model is asked during calls.

    Attributes:
        model: its name.
        reasoning: effort; empty leaves it to the model.
        service_tier: what the vendor is paid for being quick, e.g. priority; empty leaves it to the account.
    """

    model: str
    reasoning: str = ""
    service_tier: str = ""

    @classmethod
    def of(cls, settings: Any) -> Asking:
        """From OPENAI_CALL_MODEL, OPENAI_CALL_REASONING and OPENAI_SERVICE_TIER."""
        tier = settings.OPENAI_SERVICE_TIER
        # `auto` is what the API does by itself; servers that only speak like it may not know the word.
        return cls(settings.OPENAI_CALL_MODEL, settings.OPENAI_CALL_REASONING, "" if tier == "auto" else tier)


async def streamed(what: str, ask: Callable[[], Awaitable[Any]], patience: Patience) -> AsyncGenerator[Any, None]:
    """The events of a streamed answer; our error for every one of theirs. Closing it aborts the generation.

    Args:
        what: names the API in errors.
        ask: sends the request; gives the client's stream.
    """
    stream: Any = None

    async def opened() -> AsyncIterator[Any]:
        nonlocal stream
        stream = await ask()
        async for event in stream:
            yield event

    source = opened()
    try:
        # Opening counts towards the first wait: a server that takes the request and says nothing is as stuck as one that stops midway.
        async for event in Patiently(source, first_s=patience.first_s, next_s=patience.next_s, what=what):
            yield event
    except ERRORS as error:
        raise provider_error(what, error) from error
    finally:
        await cast(Any, source).aclose()
        if stream is not None:
            await stream.close()


def form_of(form: type[Model], name: str, text: str) -> Model:
    """The form that a text is.

    Raises:
        BadFormError: it is not of the form. The message says which fields, not what stood in them.
    """
    try:
        return form.model_validate_json(text)
    except pydantic.ValidationError as error:
        where = ", ".join(sorted({".".join(str(part) for part in item["loc"]) or "the whole" for item in error.errors()}))
        raise BadFormError(f"openai: not of the form {name}: {where}", written=text) from None
