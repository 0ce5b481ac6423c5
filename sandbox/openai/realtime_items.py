"""The conversation of a Realtime session: its items in order, and what the mind makes of them."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from sandbox.openai.realtime_ear import HeardItem
from sandbox.openai.realtime_schema import RefusedError


@dataclass(slots=True)
class SpokenItem:
    """What the model said: `text` as far as it counts as heard, `ms` of sound."""

    id: str
    text: str = ""
    ms: int = 0
    status: str = "in_progress"

    def shown(self) -> dict[str, Any]:
        """As the API shows it."""
        content = [{"type": "output_audio", "transcript": self.text}] if self.status != "in_progress" else []
        return {"id": self.id, "object": "realtime.item", "type": "message", "status": self.status, "role": "assistant", "content": content}


@dataclass(slots=True)
class GivenItem:
    """What the client created, or a tool call of the model's."""

    fields: dict[str, Any]

    @property
    def id(self) -> str:
        """Its name."""
        return str(self.fields["id"])

    def shown(self) -> dict[str, Any]:
        """As the API shows it."""
        return self.fields


Item = HeardItem | SpokenItem | GivenItem


class Items:
    """All items."""

    def __init__(self) -> None:
        self._items: dict[str, Item] = {}

    def add(self, item: Item, after: str | None = None) -> str | None:
        """Adds it at the end, or behind `after` ("root": at the beginning); returns the one before. Raises RefusedError."""
        if after not in (None, "root", *self._items):
            raise RefusedError(f"Item with item_id '{after}' not found.", code="item_not_found", param="previous_item_id")
        before = next(reversed(self._items), None) if after is None else after
        self._items[item.id] = item
        if after is not None:
            names = list(self._items)[:-1]
            at = 0 if after == "root" else names.index(after) + 1
            self._items = {name: self._items[name] for name in (*names[:at], item.id, *names[at:])}
        return None if after == "root" else before

    def create(self, fields: dict[str, Any]) -> GivenItem:
        """An item of the client's. Raises RefusedError."""
        item = GivenItem({"object": "realtime.item", "status": "completed", "id": f"item_{secrets.token_hex(10)}"} | fields)
        if item.id in self._items:
            raise RefusedError(f"Error adding item: an item with ID '{item.id}' already exists.", code="item_create_duplicate_id", param="item.id")
        if fields["type"] == "function_call_output" and fields["call_id"] not in self._call_ids():
            raise RefusedError(f"Tool call ID '{fields['call_id']}' not found in conversation.", code="invalid_tool_call_id", param="item.call_id")
        return item

    def find(self, item_id: str) -> Item:
        """The item of that name. Raises RefusedError."""
        if item_id not in self._items:
            raise RefusedError(f"Item with item_id '{item_id}' not found.", code="item_not_found", param="item_id")
        return self._items[item_id]

    def delete(self, item_id: str) -> None:
        """Takes an item out. Raises RefusedError."""
        self.find(item_id)
        del self._items[item_id]

    def truncate(self, item_id: str, content_index: int, end_ms: int) -> None:
        """Only so much of it was heard. Raises RefusedError."""
        item = self.find(item_id)
        if not isinstance(item, SpokenItem):
            raise RefusedError("Only model output audio messages can be truncated.", code="invalid_value", param="item_id")
        if content_index:
            raise RefusedError("Invalid value for 'content_index'.", code="invalid_value", param="content_index")
        if end_ms > item.ms:
            raise RefusedError(f"Audio content of {item.ms}ms is already shorter than {end_ms}ms", code="invalid_value", param="audio_end_ms")
        share = len(item.text) * end_ms // max(1, item.ms)
        # The last word counts only if it was heard to its end.
        item.text = item.text if share >= len(item.text) else item.text[:share].rpartition(" ")[0]
        item.ms = end_ms

    async def prompt(self, instructions: str) -> list[dict[str, Any]]:
        """As the mind reads it: what was heard in the place of what somebody wrote. Waits for words that are still being recognised."""
        messages: list[dict[str, Any]] = [{"role": "system", "content": instructions}]
        heard: list[str] = []  # what is said with pauses is heard as one
        for item in list(self._items.values()):
            if not isinstance(item, HeardItem):
                heard = []
            match item:
                case HeardItem():
                    if heard:
                        messages.pop()
                    heard.append(await item.words)
                    messages.append({"role": "user", "content": json.dumps({"callee": " ".join(filter(None, heard))}, ensure_ascii=False)})
                case SpokenItem():
                    messages.append({"role": "assistant", "content": item.text})
                case GivenItem():
                    _read(item.fields, messages)
        return [message for message in messages if message.get("content") or message.get("tool_calls")]

    def _call_ids(self) -> set[str]:
        given = (item.fields for item in self._items.values() if isinstance(item, GivenItem))
        return {fields["call_id"] for fields in given if fields["type"] == "function_call"}


def _read(fields: dict[str, Any], messages: list[dict[str, Any]]) -> None:
    match fields["type"]:
        case "function_call":
            call = {"id": fields["call_id"], "type": "function", "function": {"name": fields["name"], "arguments": fields["arguments"]}}
            last = messages[-1]
            if last["role"] == "assistant":  # words and tools of one answer are one message
                last.setdefault("tool_calls", []).append(call)
            else:
                messages.append({"role": "assistant", "content": None, "tool_calls": [call]})
        case "function_call_output":
            messages.append({"role": "tool", "tool_call_id": fields["call_id"], "content": fields["output"]})
        case _:
            text = " ".join(part["text"] for part in fields["content"])
            messages.append({"role": fields["role"], "content": text})
