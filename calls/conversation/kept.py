"""An answer of the model's that may not be used yet."""

from __future__ import annotations

from calls.conversation.events import ReplyEnded, ReplyPieceArrived, ThinkingFailed, ToolAsked

MOST_TOOLS_IN_A_REPLY = 8
LONGEST_REPLY = 1_500

Answer = ReplyPieceArrived | ToolAsked | ReplyEnded | ThinkingFailed


class Kept:
    """The events of one answer, in order, to be taken in as if they came now. What no answer may hold is not kept either."""

    def __init__(self) -> None:
        self._events: list[Answer] = []
        self._length = self._tools = 0

    def add(self, event: Answer) -> None:
        """Keeps an event."""
        match event:
            case ReplyPieceArrived():
                if self._length > LONGEST_REPLY:
                    return
                self._length += len(event.text)
            case ToolAsked():
                if self._tools >= MOST_TOOLS_IN_A_REPLY:
                    return
                self._tools += 1
            case _:
                pass
        self._events.append(event)

    def take(self) -> list[Answer]:
        """All of them; none is left."""
        events, self._events = self._events, []
        return events
