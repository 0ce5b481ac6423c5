"""Which option of a phone menu to take, as the model sees it: asked once per menu, answered with the tool `press_keys` and nothing else.

What the model writes beside the tool is not spoken: a menu gets no disclosure, and so no talk. Only an option that the menu itself offers to
be said aloud is said.
"""

from __future__ import annotations

from dataclasses import dataclass

from calls.conversation.events import Event, ReplyEnded, ReplyPieceArrived, ThinkingFailed, ToolAsked
from calls.conversation.kept import LONGEST_REPLY
from calls.conversation.mind import Draft, Turn
from calls.conversation.session import Session
from calls.conversation.situations.announcements import plain
from calls.conversation.situations.options import Option, Step
from calls.conversation.toolbox import noted
from calls.conversation.tools import PressKeysArguments, read_arguments, safe_call

#: The model may take so long to choose; a menu waits five to ten seconds before it starts again.
PATIENCE_MS = 6_000
_NOTE = {
    "phone_menu": "a machine is listening, not a person",
    "do": "call press_keys with the option that leads to the goal or to a person; write nothing, except the words of an option that is to be said",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The model's answer: a step, or None when it gave none that holds."""

    step: Step | None


class MenuChoice:
    """Puts a menu to the model and reads its answer."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._ask_id: str | None = None
        self._options: tuple[Option, ...] = ()
        self._text = ""

    @property
    def awaited(self) -> bool:
        """Whether the model is choosing."""
        return self._ask_id is not None

    def ask(self, menu: str, options: tuple[Option, ...]) -> None:
        """Asks for a choice among the options of a menu that was heard to its end."""
        session = self._session
        self._options, self._text = options, ""
        session.history.callee_said(menu)
        session.history.note(_NOTE)
        session.mind.turn = Turn()
        session.history.forget_old(session.purse.slots)
        session.mind.ask((session.prefix, *session.history.messages()), session.now_ms)
        self._ask_id = session.mind.draft.ask_id if session.mind.draft else None

    def stop(self) -> None:
        """The choice is of no interest any more."""
        self._ask_id = None
        self._session.mind.stop()

    def take(self, event: Event) -> Chosen | None:
        """One event of the model's; a choice once it is made or failed."""
        session = self._session
        match event:
            case ReplyPieceArrived() if event.ask_id == self._ask_id:
                self._text = (self._text + event.text)[:LONGEST_REPLY]
            case ToolAsked() if (draft := self._draft(event.ask_id)) is not None:
                session.mind.request_tool(draft, event.tool_id, event.name, event.arguments, session.now_ms)
            case ReplyEnded() if (draft := self._draft(event.ask_id)) is not None:
                session.mind.finish()
                self._ask_id = None
                return Chosen(self._read(draft))
            case ThinkingFailed() if self._draft(event.ask_id) is not None:
                session.mind.finish()
                self._ask_id = None
                return Chosen(None)
        return None

    def _draft(self, ask_id: str) -> Draft | None:
        return self._session.mind.current(ask_id) if ask_id == self._ask_id else None

    def _read(self, draft: Draft) -> Step | None:
        """The first call of press_keys that may be carried out; else an option's own words."""
        step: Step | None = None
        calls = []
        for request in draft.tools:
            arguments = read_arguments(request.name, request.arguments, self._session.toolbox.offered)
            result = {"ok": False, "reason": "phone_menu", "do": "call press_keys"}
            if isinstance(arguments, dict):
                result = arguments
            elif isinstance(arguments, PressKeysArguments):
                result = self._check(arguments.keys)
                if result["ok"] and step is None:
                    step = Step(keys=arguments.keys)
            calls.append((safe_call(request.tool_id, request.name, request.arguments), result))
            self._session.outbox.add(noted(request, result))
        if calls:
            self._session.history.floyd_says(None).attach(calls)
        return step or self._spoken()

    def _check(self, keys: str) -> dict[str, object]:
        """One key at a time, or several that the menu or the user's own hint names: nothing else is ever keyed, no number and no card."""
        known = {option.keys for option in self._options} | {"".join(char for char in self._session.brief.menu_hint if char.isdigit())}
        if len(keys.replace("w", "")) <= 1 or keys in known:
            return {"ok": True, "pressed": keys}
        return {"ok": False, "reason": "not_an_option", "do": "press one key that the menu names"}

    def _spoken(self) -> Step | None:
        said = f" {plain(self._text)} "
        for option in self._options:
            if option.words and f" {plain(option.words)} " in said:
                return Step(words=option.words)
        return None
