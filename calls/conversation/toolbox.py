"""Carries out the model's tools, in code: checks, records, asks the user, or ends the call. Every call gets a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calls.conversation.brief import CallBrief
from calls.conversation.effects import EndReason, NoteTool, SaveSlots
from calls.conversation.mind import ToolRequest
from calls.conversation.outbox import Outbox
from calls.conversation.purse import Purse
from calls.conversation.questions import Questions
from calls.conversation.tools import (
    AgreeToArguments,
    Arguments,
    AskUserArguments,
    CallBackLaterArguments,
    EndCallArguments,
    NoteLearnedArguments,
    PressKeysArguments,
    read_arguments,
    safe_call,
    tools_for,
)

KEEP_COMPANY = "tell the callee that you are checking and keep them company; do not agree to anything"


@dataclass(frozen=True, slots=True)
class Ending:
    """The model wants the call to end. `farewell` None: the fixed apology that we will call back."""

    reason: EndReason
    farewell: str | None = None


@dataclass(frozen=True, slots=True)
class ToolsDone:
    """What came of the tools of one reply."""

    calls: tuple[tuple[dict[str, Any], dict[str, Any]], ...]  # (tool call as it may stand in a prompt, result)
    ending: Ending | None
    failed: bool
    asked_user: bool


def noted(request: ToolRequest, result: Mapping[str, Any]) -> NoteTool:
    """A tool that is done, for whoever reviews the call: nothing of its arguments, and of its result a word."""
    return NoteTool(request.name, request.asked_ms, str(result.get("reason") or result.get("status") or "ok"))


class Toolbox:
    """The tools of one call."""

    def __init__(self, brief: CallBrief, purse: Purse, questions: Questions, outbox: Outbox) -> None:
        self.specs = tools_for(brief)
        self.offered = frozenset(str(spec["function"]["name"]) for spec in self.specs)
        self._kind, self._purse, self._questions, self._outbox = brief.kind, purse, questions, outbox

    def run(self, requests: list[ToolRequest], line: int) -> ToolsDone:
        """Carries out the tools of one reply together. What ends the call comes last, and only when the rest went well.

        Args:
            requests: as the model asked.
            line: transcript line of the callee's that the reply answers.
        """
        read = {request.tool_id: read_arguments(request.name, request.arguments, self.offered) for request in requests}
        open_before, slots_before = self._questions.open, self._purse.slots
        results: dict[str, dict[str, Any]] = {}
        ending: Ending | None = None
        for request in requests:
            arguments = read[request.tool_id]
            if not isinstance(arguments, EndCallArguments | CallBackLaterArguments):
                results[request.tool_id] = self._run_one(arguments, line)
        failed = any(not result["ok"] for tool_id, result in results.items() if not isinstance(read[tool_id], NoteLearnedArguments))
        for request in requests:
            arguments = read[request.tool_id]
            if isinstance(arguments, EndCallArguments | CallBackLaterArguments):
                results[request.tool_id], wish = self._end(arguments, others_failed=failed)
                ending = ending or wish
                failed = failed or wish is None
        if self._purse.slots != slots_before:
            self._outbox.add(SaveSlots(self._purse.slots))
        for request in requests:
            self._outbox.add(noted(request, results[request.tool_id]))
        calls = tuple((safe_call(request.tool_id, request.name, request.arguments), results[request.tool_id]) for request in requests)
        return ToolsDone(calls, ending, failed, self._questions.open and not open_before)

    def _run_one(self, arguments: Arguments | dict[str, Any], line: int) -> dict[str, Any]:
        match arguments:
            case AskUserArguments():
                return self._ask_user(arguments, line)
            case AgreeToArguments():
                result = self._purse.agree(arguments.what, arguments.amount_minor, arguments.currency, arguments.when, line)
                if result.get("reason") == "no_limit":
                    result |= self._ask("money", "", arguments.what, arguments.amount_minor, self._purse.currency, line) | {"ok": False}
                return result
            case NoteLearnedArguments():
                self._purse.learned(arguments.what, arguments.value, line)
                return {"ok": True}
            case PressKeysArguments():
                return {"ok": False, "reason": "no_phone_menu", "do": "talk: there is a person on the line"}
            case dict():
                return arguments
        raise TypeError(f"{type(arguments).__name__} ends a call")

    def _ask_user(self, arguments: AskUserArguments, line: int) -> dict[str, Any]:
        currency = arguments.currency or self._purse.currency
        amount_minor = arguments.amount_minor
        kind = "money" if amount_minor is not None else arguments.kind  # a yes to a price would be a grant of money
        limit_minor = self._purse.limit_minor
        if amount_minor is not None and currency == self._purse.currency and limit_minor is not None and amount_minor <= limit_minor:
            return {"ok": True, "status": "within_limit", "limit_minor": limit_minor, "do": "no need to ask: call agree_to with this amount"}
        return self._ask(kind, arguments.question, arguments.item, amount_minor, currency, line)

    def _ask(self, kind: str, text: str, item: str | None, amount_minor: int | None, currency: str, line: int) -> dict[str, Any]:
        same = self._questions.find(kind, text, item, amount_minor)
        if same is not None and same.answer is None:
            return {"ok": True, "status": "already_asked", "do": KEEP_COMPANY}
        if same is not None:
            return {"ok": True, "status": "answered", "answer": same.answer, "do": "go by this answer"}
        if self._questions.full:
            return {"ok": False, "reason": "asked_too_often", "do": "go on without it, or use call_back_later"}
        asked = self._questions.ask(kind, text, item, amount_minor, currency)
        if amount_minor is not None:
            self._purse.offered(item, amount_minor, currency, line)
        self._purse.asked(item or asked.text, amount_minor, currency, line)
        self._outbox.add(asked)
        return {"ok": True, "status": "asked", "do": KEEP_COMPANY}

    def _end(self, arguments: EndCallArguments | CallBackLaterArguments, *, others_failed: bool) -> tuple[dict[str, Any], Ending | None]:
        if others_failed:
            return {"ok": False, "reason": "another_tool_failed", "do": "deal with its result first"}, None
        if isinstance(arguments, CallBackLaterArguments):
            return {"ok": True}, Ending(EndReason.CALL_BACK_LATER)
        if arguments.result in ("goal_reached", "goal_not_reached") and self._questions.open:
            return {"ok": True}, Ending(EndReason.CALL_BACK_LATER)
        if arguments.result == "goal_reached" and self._kind == "buy" and not self._purse.agreed:
            return {"ok": False, "reason": "nothing_agreed", "do": "call agree_to with the total first, or end with goal_not_reached"}, None
        return {"ok": True}, Ending(EndReason(arguments.result), arguments.farewell)
