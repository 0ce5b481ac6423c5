"""One response of a Realtime session within its conversation: the mind reads what was heard, speaks, and uses tools."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.faults import Fault
from sandbox.mind.thought import Thought, ToolUse
from sandbox.openai.event_stream import FRAGMENT
from sandbox.openai.realtime_items import GivenItem, Items, SpokenItem
from sandbox.openai.realtime_speech import SERVER_ERROR, Speech, shown_response, usage
from sandbox.openai.strict_schema import fits
from sandbox.state import SandboxState


class Reply:
    """One response.

    Args:
        send: sends an event by its type and fields.
        items: the conversation, which it adds to.
        session: as it is now.
        response: what the client asked for beyond that.
    """

    def __init__(
        self, state: SandboxState, send: Callable[..., Awaitable[None]], items: Items, session: dict[str, Any], response: dict[str, Any]
    ) -> None:
        self._state, self._send, self._items = state, send, items
        self._settings = session | {key: value for key, value in response.items() if key not in ("audio", "metadata", "conversation", "input")}
        self._output = session["audio"]["output"] | ((response.get("audio") or {}).get("output") or {})
        self._metadata = response.get("metadata")
        self.id = f"resp_{secrets.token_hex(10)}"
        self._made: list[SpokenItem | GivenItem] = []
        self._asked = ""

    async def run(self) -> bool:
        """Answers; whether the connection is to be cut then."""
        fault = self._state.faults.take("openai.realtime")
        await self._send("response.created", response=self._shown("in_progress"))
        thought = await self._think()
        if thought is None or (fault is not None and fault.mode == "error"):
            await self._send("error", error=SERVER_ERROR)
            await self._send("response.done", response=self._shown("failed"))
            return False
        if thought.text and await self._speak(thought.text, fault):
            return True
        for use in thought.tools:
            await self._use(use)
        await self._send("response.done", response=self._shown("completed"))
        return False

    async def cancelled(self, reason: str = "client_cancelled") -> None:
        """Tells that no more of it is wanted."""
        for item in self._made:
            if isinstance(item, SpokenItem) and item.status == "in_progress":
                item.status = "incomplete"
        await self._send("response.done", response=self._shown("cancelled", reason=reason))

    async def _think(self) -> Thought | None:
        """What the mind wants to say and do; None when that does not fit the tools there are."""
        from sandbox.mind import think  # the rules take a moment to load

        messages = await self._items.prompt(str(self._settings.get("instructions", "")))
        self._asked = json.dumps(messages, ensure_ascii=False)
        forms = {tool["name"]: tool.get("parameters") or {} for tool in self._settings.get("tools") or ()}
        known = [{"type": "function", "function": {"name": name, "parameters": form}} for name, form in forms.items()]
        await asyncio.sleep(self._state.settings.pace.first_token_ms / 1000)
        thought = think({"messages": messages, "tools": known})
        uses = thought.tools if self._settings.get("tool_choice") != "none" else ()
        if any(use.name not in forms or not fits(use.arguments, forms[use.name]) for use in uses):
            return None
        return Thought(thought.text, tuple(uses))

    async def _speak(self, text: str, fault: Fault | None) -> bool:
        item = SpokenItem(f"item_{secrets.token_hex(10)}")
        place = await self._begin(item)
        if await Speech(self._state, self._send, self._output, place, item).say(text, fault):
            return True
        await self._send("conversation.item.done", item=item.shown(), previous_item_id=None)
        return False

    async def _use(self, use: ToolUse) -> None:
        call_id, arguments = f"call_{secrets.token_hex(10)}", json.dumps(use.arguments, ensure_ascii=False)
        fields = {"object": "realtime.item", "type": "function_call", "status": "in_progress", "name": use.name, "call_id": call_id, "arguments": ""}
        item = GivenItem({"id": f"item_{secrets.token_hex(10)}"} | fields)
        place = await self._begin(item)
        await self._send("response.output_item.added", **place, item=item.shown())
        where = place | {"item_id": item.id, "call_id": call_id}
        for start in range(0, len(arguments), FRAGMENT):
            await self._send("response.function_call_arguments.delta", **where, delta=arguments[start : start + FRAGMENT])
        item.fields |= {"status": "completed", "arguments": arguments}
        await self._send("response.function_call_arguments.done", **where, name=use.name, arguments=arguments)
        await self._send("response.output_item.done", **place, item=item.shown())
        await self._send("conversation.item.done", item=item.shown(), previous_item_id=None)

    async def _begin(self, item: SpokenItem | GivenItem) -> dict[str, Any]:
        place = {"response_id": self.id, "output_index": len(self._made)}
        self._made.append(item)
        before = self._items.add(item)
        await self._send("conversation.item.added", item=item.shown(), previous_item_id=before)
        return place

    def _shown(self, status: str, **more: Any) -> dict[str, Any]:
        if status in ("completed", "cancelled"):
            spoken = [item for item in self._made if isinstance(item, SpokenItem)]
            written = "".join(item.text for item in spoken)
            more["usage"] = usage(text_given=self._asked, text_made=written, heard_ms=0, spoken_ms=sum(item.ms for item in spoken))
        more |= {"conversation_id": "conv_1", "audio": {"output": self._output}, "metadata": self._metadata}
        return shown_response(self.id, status, [item.shown() for item in self._made], **more)
