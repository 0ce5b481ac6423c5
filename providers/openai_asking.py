"""What asking OpenAI for words has in common, whichever of its APIs is asked: how long to wait, how to ask, what comes of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import openai
import pydantic
from openai.lib._pydantic import to_strict_json_schema

from providers.openai_client import ERRORS, failure_in, provider_error, warm
from providers.openai_questions import Fields, Questions
from providers.patience import Patiently
from providers.types import BadFormError, Message, Model, ProviderError, ReplyDone, ReplyPart, TextPiece, ToolCall, ToolSpec, Usage


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
        return cls(settings.OPENAI_CALL_MODEL, settings.OPENAI_CALL_REASONING, settings.OPENAI_SERVICE_TIER)


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
            if isinstance(event, dict) and (failed := event.get("error")):
                raise failure_in(what, failed)
            yield event
    except ERRORS as error:
        raise provider_error(what, error) from error
    finally:
        await cast(Any, source).aclose()
        if stream is not None:
            await stream.close()


class Answer(ABC):
    """Puts one streamed answer together.

    Attributes:
        finish_reason: as chat completions say it; empty until the end.
        usage: what it cost; nothing until the end.
    """

    finish_reason: str
    usage: Usage

    @abstractmethod
    def take(self, event: Fields) -> str:
        """The text that this event adds. Raises ProviderError for one that tells of a failure."""

    @abstractmethod
    def require_end(self) -> None:
        """Raises ProviderError unless the model came to an end of its own accord: the client is silent about a stream that was cut."""

    @property
    @abstractmethod
    def whole(self) -> bool:
        """Whether the model has finished what it began: cut by a limit, a tool call may be half written."""

    @abstractmethod
    def tool_calls(self) -> list[ToolCall]:
        """The tool calls, in order."""


class OpenAIThinker(ABC):
    """A `Thinker`, but for how its API writes questions and answers.

    Args:
        client: the official client.
        asking: how it is asked during calls; forms name their own model.
    """

    #: Names the API in errors.
    what: ClassVar[str]

    def __init__(self, client: openai.AsyncOpenAI, asking: Asking) -> None:
        self._client = client
        self._questions = Questions(client)
        self._asking = asking

    async def warm(self) -> None:
        """Connects."""
        await warm(self._client, self.what)
        await self._questions.warm()

    async def close(self) -> None:
        """Disconnects."""
        await self._questions.close()
        await self._client.close()

    async def reply(self, *, messages: Sequence[Message], tools: Sequence[ToolSpec], cache_key: str = "") -> AsyncIterator[ReplyPart]:
        """Streams one turn of a conversation. Closing the iterator aborts the generation."""
        request: dict[str, Any] = {"model": self._asking.model, **self._conversation(messages)}
        if tools:
            request["tools"] = self._tools(tools)
        if cache_key:
            request["prompt_cache_key"] = cache_key
        if self._asking.reasoning:
            request |= self._effort(self._asking.reasoning)
        if self._asking.service_tier:
            request["service_tier"] = self._asking.service_tier
        answer = self._answer()
        pieces = self._pieces(request, answer, IN_A_CALL)
        async with aclosing(pieces):
            async for text in pieces:
                yield TextPiece(text)
        answer.require_end()
        if answer.whole:
            for call in answer.tool_calls():
                yield call
        yield ReplyDone(answer.finish_reason, answer.usage)

    async def fill(
        self, form: type[Model], *, name: str, model: str, messages: Sequence[Message], on_text: Callable[[str], None] | None = None
    ) -> tuple[Model, Usage]:
        """Has the model fill a form under a strict JSON schema called `name`."""
        layout = {"name": name, "strict": True, "schema": to_strict_json_schema(form)}
        request = {"model": model, **self._conversation(messages), **self._form(layout)}
        answer, text = self._answer(), ""
        pieces = self._pieces(request, answer, ON_A_FORM)
        async with aclosing(pieces):
            async for piece in pieces:
                text += piece
                if on_text is not None:
                    on_text(text)
        answer.require_end()
        if not answer.whole:
            raise BadFormError(f"{self.what}: the form {name} was cut off ({answer.finish_reason})", written=text)
        try:
            return form.model_validate_json(text), answer.usage
        except pydantic.ValidationError as error:
            # Which fields, not what stood in them.
            where = ", ".join(sorted({".".join(str(part) for part in item["loc"]) or "the whole" for item in error.errors()}))
            raise BadFormError(f"{self.what}: not of the form {name}: {where}", written=text) from None

    async def _pieces(self, request: dict[str, Any], answer: Answer, patience: Patience) -> AsyncGenerator[str, None]:
        """The text of an answer, as it streams into `answer`."""
        async with aclosing(streamed(self.what, lambda: self._ask(request), patience)) as events:
            async for event in events:
                try:
                    text = answer.take(event)
                except (AttributeError, IndexError, KeyError, TypeError):  # nobody has checked its form
                    raise ProviderError(f"{self.what}: an event that is not of the API") from None
                if text:
                    yield text

    # --- what differs from API to API ---

    @abstractmethod
    async def _ask(self, request: dict[str, Any]) -> Any:
        """Sends a request; gives the client's stream."""

    @abstractmethod
    def _answer(self) -> Answer:
        """Where an answer is put together."""

    @abstractmethod
    def _conversation(self, messages: Sequence[Message]) -> dict[str, Any]:
        """What was said so far, as a part of a request."""

    @abstractmethod
    def _tools(self, tools: Sequence[ToolSpec]) -> list[dict[str, Any]]:
        """Tools as the API takes them."""

    @abstractmethod
    def _effort(self, effort: str) -> dict[str, Any]:
        """How much the model is to think, as a part of a request."""

    @abstractmethod
    def _form(self, layout: dict[str, Any]) -> dict[str, Any]:
        """A form (name, strict, schema), as a part of a request."""
