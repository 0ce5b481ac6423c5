"""The conversation as the model gets to see it: what was heard, in order, in a prompt of bounded size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from calls.conversation.brief import Slot
from calls.conversation.mouth import SpokenLine
from calls.conversation.prompt import as_json, callee_message, note_message
from calls.conversation.purse import plain_slots

#: Older messages are dropped in blocks, so that the rest of the prompt stays the same for many turns and caches hit.
MOST_MESSAGES, KEPT_MESSAGES = 28, 20
LONGEST_REPLY = 1_000


@dataclass(slots=True)
class _Heard:
    """What the callee said since Floyd spoke last."""

    texts: list[str]

    def messages(self) -> list[dict[str, Any]]:
        return [callee_message(" ".join(self.texts))]


@dataclass(slots=True)
class _Note:
    """What code or the user says; kept in the summary when it is the user's answer."""

    note: dict[str, Any]

    def messages(self) -> list[dict[str, Any]]:
        return [note_message(self.note)]


@dataclass(slots=True)
class Reply:
    """One reply of the model's, or a fixed line: the words, as far as they are or will be heard, and its tool calls with their results."""

    line: SpokenLine | None = None
    tool_calls: list[dict[str, Any]] = field(default_factory=list)
    results: list[dict[str, Any]] = field(default_factory=list)

    def messages(self) -> list[dict[str, Any]]:
        """As chat messages; nothing when nothing was heard and no tool was called."""
        text = self.line.expected[:LONGEST_REPLY] if self.line is not None else ""
        if self.tool_calls:
            call = {"role": "assistant", "content": text or None, "tool_calls": self.tool_calls}
            return [call, *self.results]
        return [{"role": "assistant", "content": text}] if text else []

    def attach(self, calls: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> None:
        """Adds tool calls with their results."""
        for call, result in calls:
            self.tool_calls.append(call)
            self.results.append({"role": "tool", "tool_call_id": call["id"], "content": as_json(result)})


class History:
    """Everything said so far. `messages` gives the last part of it, behind a summary of the rest."""

    def __init__(self) -> None:
        self._entries: list[_Heard | _Note | Reply] = []
        self._from = 0

    def callee_said(self, text: str) -> None:
        """Words of the callee; several in a row are one message."""
        last = self._entries[-1] if self._entries else None
        if isinstance(last, Reply) and not last.messages() and len(self._entries) > 1:
            last = self._entries[-2]  # a reply of which nothing was heard does not part what the callee said
        if isinstance(last, _Heard):
            last.texts.append(text)
        else:
            self._entries.append(_Heard([text]))

    def callee_greeted(self, text: str) -> None:
        """What the callee answered the phone with, heard only while the introduction was said."""
        if self._entries and isinstance(self._entries[0], _Heard):
            self._entries[0].texts.append(text)
        else:
            self._entries.insert(0, _Heard([text]))

    def floyd_says(self, line: SpokenLine | None) -> Reply:
        """Floyd's next words; they count as far as they are heard."""
        reply = Reply(line)
        self._entries.append(reply)
        return reply

    def note(self, note: dict[str, Any]) -> None:
        """Something code or the user tells the model."""
        self._entries.append(_Note(note))

    def messages(self, slots: Sequence[Slot] = ()) -> list[dict[str, Any]]:
        """The recent messages, with what came before them summed up mechanically."""
        self._forget_old()
        recent: list[dict[str, Any]] = []
        for entry in self._entries[self._from :]:
            for message in entry.messages():
                if recent and message["role"] == "assistant" and _plain_reply(recent[-1]) and _plain_reply(message):
                    recent[-1] = {"role": "assistant", "content": f"{recent[-1]['content']} {message['content']}"}
                else:
                    recent.append(message)
        return [*self._summary(slots), *recent]

    def _forget_old(self) -> None:
        counts = [len(entry.messages()) for entry in self._entries[self._from :]]
        left = sum(counts)
        if left <= MOST_MESSAGES:
            return
        for count in counts[:-1]:
            if left <= KEPT_MESSAGES:
                break
            left -= count
            self._from += 1

    def _summary(self, slots: Sequence[Slot]) -> list[dict[str, Any]]:
        if not self._from:
            return []
        old = self._entries[: self._from]
        earlier = {
            "callee_turns": sum(isinstance(entry, _Heard) for entry in old),
            "your_turns": sum(isinstance(entry, Reply) for entry in old),
            "slots": plain_slots(slots)[-12:],
            "user_answers": [entry.note for entry in old if isinstance(entry, _Note) and "user_answered" in entry.note][-5:],
        }
        return [note_message({"earlier_in_this_call": earlier})]


def _plain_reply(message: dict[str, Any]) -> bool:
    return message["role"] == "assistant" and "tool_calls" not in message
