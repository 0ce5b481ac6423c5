"""Stand-ins that say what a script tells them, for tests of what is done with it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import ValidationError

from providers.types import BadFormError, Message, Model, ProviderError, Usage
from requests_app.plan import ActionPlan

#: A form as JSON, an error to raise, or something to do with the messages that gives one of the two.
Script = dict[str, Any] | ProviderError | Callable[[Sequence[Message]], "dict[str, Any] | ProviderError"]


class ScriptedThinker:
    """A `FormFiller`. Fills forms from a script, in order (the last one again and again), and remembers what it was asked."""

    def __init__(self, *scripts: Script) -> None:
        self.scripts: list[Script] = list(scripts)
        self.asked: list[list[Message]] = []
        #: Held after the first piece of a form until this is set.
        self.go_on: threading.Event | None = None

    def prompt(self, number: int = -1) -> dict[str, Any]:
        """The data that a question came with."""
        data: dict[str, Any] = json.loads(self.asked[number][1]["content"])
        return data

    async def warm(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def fill(
        self, form: type[Model], *, name: str, model: str, messages: Sequence[Message], on_text: Callable[[str], None] | None = None
    ) -> tuple[Model, Usage]:
        """The next form of the script, streamed in three pieces."""
        self.asked.append(list(messages))
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        answer = script(messages) if callable(script) else script
        if isinstance(answer, ProviderError):
            raise answer
        text = json.dumps(answer)
        for end in (len(text) // 3, 2 * len(text) // 3, len(text)):
            if on_text is not None:
                on_text(text[:end])
            if self.go_on is not None:
                await asyncio.to_thread(self.go_on.wait, 10)
        try:
            return form.model_validate_json(text), Usage()
        except ValidationError as error:
            raise BadFormError(f"not of the form: {len(error.errors())} errors", written=text) from None


def plan(**changes: Any) -> dict[str, Any]:
    """A whole, sound plan for the school call, with changes."""
    fields: dict[str, Any] = {
        "kind": "inform",
        "title": "Tell the school that Mara is sick",
        "goal": "Tell Brock Road School that Mara Redmond is sick and stays home on Saturday, 21 November 2026.",
        "steps": ["Call Brock Road School", "Say that Mara Redmond is sick"],
        "relevant": [],
        "callee": {"contact_id": None, "name": "Brock Road School", "kind": "school"},
        "opening_line": "Mara Redmond in grade 3 is sick and stays home on Saturday, 21 November 2026.",
        "share": [],
        "find_out": [],
        "success": "The school says that it has noted it.",
        "limit_minor": None,
        "currency": "CAD",
        "may_promise": [],
        "voicemail": "",
        "hold_minutes": 5,
        "answer": None,
        "sources": [],
        "follow_up": None,
        "question": None,
        "decline_reason": None,
        "other_wishes": [],
    }
    return ActionPlan.model_validate({**fields, **changes}).model_dump(mode="json")


def no_call(kind: str, **changes: Any) -> dict[str, Any]:
    """A plan that needs no call."""
    return plan(**{"kind": kind, "callee": None, "opening_line": "", "steps": [], "success": "", **changes})
