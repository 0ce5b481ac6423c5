"""The conversation as the model gets to see it: what was heard, in order, in a prompt of bounded size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from calls.conversation.brief import Slot
from calls.conversation.prompt import as_json, callee_message, note_message
from calls.conversation.purse import plain_slots
from calls.conversation.spoken import SpokenLine
from calls.conversation.summing_up import Messages, Summary, earlier_message, summary_messages

#: Older messages are dropped in blocks, so that the rest of the prompt stays the same for many turns and caches hit.
MOST_MESSAGES, KEPT_MESSAGES = 28, 20
#: The model is asked to sum up from here on, leaving the newest out.
SUM_UP_FROM, NOT_SUMMED_UP = 22, 14
LONGEST_REPLY = 1_000
#: Of the dropped messages the newest typed values and answers are kept.
MOST_SLOTS, MOST_ANSWERS = 12, 5


#: Notes that hold the user's words.
_OF_THE_USER = {"user_answered", "user_says"}


class _Heard:
    """What the callee said since Floyd spoke last."""

    def __init__(self, text: str) -> None:
        self.texts = [text]
        self._message: dict[str, Any] | None = None

    def add(self, text: str) -> None:
        """They went on."""
        self.texts.append(text)
        self._message = None

    def messages(self) -> list[dict[str, Any]]:
        """As a chat message."""
        if self._message is None:
            self._message = callee_message(" ".join(self.texts))
        return [self._message]


class _Note:
    """What code or the user says; kept in the summary when it holds the user's words."""

    def __init__(self, note: dict[str, Any]) -> None:
        self.note = note
        self._message = note_message(note)

    def messages(self) -> list[dict[str, Any]]:
        """As a chat message."""
        return [self._message]


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


class _Earlier:
    """What is left of the messages that were dropped: counts, typed values and the user's answers."""

    def __init__(self) -> None:
        self._callee_turns = self._your_turns = 0
        self._user_answers: list[dict[str, Any]] = []
        self._messages: list[dict[str, Any]] = []

    def take(self, entries: Sequence[_Heard | _Note | Reply], slots: Sequence[Slot], summary: str) -> None:
        """Takes entries over from the history."""
        for entry in entries:
            match entry:
                case _Heard():
                    self._callee_turns += 1
                case Reply():
                    self._your_turns += 1
                case _Note():
                    self._user_answers += [entry.note] if entry.note.keys() & _OF_THE_USER else []
        del self._user_answers[:-MOST_ANSWERS]
        earlier = {
            "callee_turns": self._callee_turns,
            "your_turns": self._your_turns,
            "slots": plain_slots(slots[-MOST_SLOTS:]),
            "user_answers": self._user_answers,
        }
        self._messages = [note_message({"earlier_in_this_call": earlier}), *([earlier_message(summary)] if summary else [])]

    def messages(self) -> list[dict[str, Any]]:
        """As chat messages, the same until more is dropped."""
        return self._messages


class History:
    """Everything said so far. `messages` gives the last part of it, behind a summary of the rest."""

    def __init__(self) -> None:
        self._earlier = _Earlier()
        self._dropped = 0
        self.summary = Summary()
        self._entries: list[_Heard | _Note | Reply] = []

    def callee_said(self, text: str) -> None:
        """Words of the callee; several in a row are one message."""
        heard = self._still_heard()
        if heard is not None:
            heard.add(text)
        else:
            self._entries.append(_Heard(text))

    def callee_greeted(self, text: str) -> None:
        """What the callee answered the phone with, heard only while the introduction was said."""
        if self._entries and isinstance(self._entries[0], _Heard):
            self._entries[0].add(text)
        else:
            self._entries.insert(0, _Heard(text))

    def floyd_says(self, line: SpokenLine | None) -> Reply:
        """Floyd's next words; they count as far as they are heard."""
        reply = Reply(line)
        self._entries.append(reply)
        return reply

    @property
    def said_last(self) -> str:
        """Floyd's last words, as far as they are or will be heard."""
        lines = (entry.line for entry in reversed(self._entries) if isinstance(entry, Reply) and entry.line is not None)
        return next((text for line in lines if (text := line.expected)), "")

    def note(self, note: dict[str, Any]) -> None:
        """Something code or the user tells the model."""
        self._entries.append(_Note(note))

    def forget_old(self, slots: Sequence[Slot] = ()) -> None:
        """Drops what has been summed up, and more when it is too much; what is left behind goes with the typed values heard so far."""
        drop = self.summary.up_to - self._dropped
        if drop <= 0 and self._at_most() <= MOST_MESSAGES:
            return
        counts = [len(entry.messages()) for entry in self._entries]
        if sum(counts[max(drop, 0) :]) > MOST_MESSAGES:
            drop = _leaving(counts, KEPT_MESSAGES)
        if drop > 0:
            self._earlier.take(self._entries[:drop], slots, self.summary.text)
            del self._entries[:drop]
            self._dropped += drop

    def to_sum_up(self) -> Messages | None:
        """What the model is to sum up by now, when it is time, under the id `summary.awaited`."""
        if self.summary.awaited or self._at_most() < SUM_UP_FROM:
            return None
        counts = [len(entry.messages()) for entry in self._entries]
        up_to = self._dropped + _leaving(counts, NOT_SUMMED_UP)
        if sum(counts) < SUM_UP_FROM or up_to < self.summary.not_before:
            return None
        self.summary.ask(up_to)
        talk: list[dict[str, str]] = []
        for entry in self._entries[: up_to - self._dropped]:
            if isinstance(entry, _Heard):
                talk.append({"callee": " ".join(entry.texts)})
            elif isinstance(entry, Reply) and entry.line is not None:
                talk.append({"floyd": entry.line.expected})
        return summary_messages(self.summary.text, talk)

    def messages(self, saying: Sequence[str] = ()) -> list[dict[str, Any]]:
        """The recent messages behind the summary of the older ones; with `saying` as if the callee had said that too."""
        recent: list[dict[str, Any]] = []
        for entry in self._entries:
            for message in entry.messages():
                if recent and message["role"] == "assistant" and _plain_reply(recent[-1]) and _plain_reply(message):
                    recent[-1] = {"role": "assistant", "content": f"{recent[-1]['content']} {message['content']}"}
                else:
                    recent.append(message)
        if saying:
            heard = self._still_heard()
            before = heard.texts if heard is not None else []
            recent[len(recent) - bool(before) :] = [callee_message(" ".join([*before, *saying]))]
        return [*self._earlier.messages(), *recent]

    def _at_most(self) -> int:
        """How many messages there may be: a bound that costs nothing, unlike the messages."""
        return sum(1 + len(entry.results) if isinstance(entry, Reply) else 1 for entry in self._entries)

    def _still_heard(self) -> _Heard | None:
        """The callee's last words, when Floyd has not been heard since: a reply of which nothing was heard does not part what they say."""
        for entry in reversed(self._entries):
            if isinstance(entry, _Heard):
                return entry
            if not isinstance(entry, Reply) or entry.messages():
                return None
        return None


def _leaving(counts: Sequence[int], least: int) -> int:
    """How many entries may go so that at least `least` messages stay, and the last entry."""
    left, drop = sum(counts), 0
    for count in counts[:-1]:
        if left - count < least:
            break
        left -= count
        drop += 1
    return drop


def _plain_reply(message: dict[str, Any]) -> bool:
    return message["role"] == "assistant" and "tool_calls" not in message
