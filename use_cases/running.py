"""Runs a tool of a use case: arguments checked, time limited, tried again where that may help, written down; whatever happens becomes its result."""

from __future__ import annotations

import json
import logging
import time
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection
from django.utils import timezone
from pydantic import BaseModel, ValidationError

from calls.conversation.events import ToolFinished
from calls.conversation.reception.use_case import MAIN_MENU, AnsweringUseCase
from calls.lines.tool_runs import Wish
from use_cases import answering
from use_cases.models import HandOff, HandOffState, InboundCall, ToolRun
from use_cases.tooling import TemporaryToolError, Tool, ToolContext, ToolRefusedError, ToolResult

log = logging.getLogger(__name__)

#: Before a tool is run again, growing.
PAUSES_S = (0.1, 0.4, 1.0)
_SORRY = "say that it does not work right now, and offer what else you can do"
#: What somebody else is writing is waited for so long; then the tool is tried again.
LOCK_MS = 1_000
#: What stands where a secret was.
HIDDEN = "•••"
_AGAIN = "call it again with correct arguments"


class Running:
    """What lines ask of use cases (`calls.lines.tool_runs.UseCases`)."""

    def run_tool(self, wish: Wish) -> ToolFinished:
        """Runs a tool once for each wish, in this thread."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("select set_config('lock_timeout', %s, false)", [str(LOCK_MS)])
            return run(wish)
        finally:
            _let_go()

    def hand_off(self, call_id: UUID, code: str, summary: str) -> None:
        """Writes a hand-off down, once."""
        try:
            HandOff.objects.get_or_create(call_id=call_id, code=code[:40], state=HandOffState.ASKED, defaults={"summary": summary})
        finally:
            _let_go()


def _let_go() -> None:
    """Threads come and go: their connections are not kept."""
    connection.close()


def run(wish: Wish) -> ToolFinished:
    """Runs a tool, unless this very wish has its result already."""
    attempt = _Attempt(wish)
    row, is_new = ToolRun.objects.get_or_create(
        call_id=wish.call_id, key=wish.key, defaults={"name": wish.name[:100], "arguments": attempt.arguments_kept(), "line": wish.line}
    )
    if not is_new and row.result is not None:
        return ToolFinished(wish.run_id, {name: value for name, value in row.result.items() if name != "ok"}, ok=bool(row.result.get("ok")))
    begun = time.monotonic()
    finished = attempt.go()
    ms = int((time.monotonic() - begun) * 1000)
    result = {"ok": finished.ok, **finished.data}
    ToolRun.objects.filter(pk=row.pk).update(result=result, tries=attempt.tries, ms=ms)
    return finished


class _Attempt:
    """One wish on its way."""

    def __init__(self, wish: Wish) -> None:
        self._wish, self.tries = wish, 0
        self._inbound = InboundCall.objects.select_related("caller", "version__use_case").get(pk=wish.call_id)
        self._tool = answering.tools_for(self._inbound.version).get(wish.name)

    def arguments_kept(self) -> dict[str, Any]:
        """The arguments as they are written down: without secrets, and empty when they are no JSON object."""
        try:
            value = json.loads(self._wish.arguments)
        except ValueError:
            return {}
        secrets = self._tool.secrets if self._tool is not None else frozenset()
        return {name: HIDDEN if name in secrets else one for name, one in value.items()} if isinstance(value, dict) else {}

    def go(self) -> ToolFinished:
        """The result, good or bad."""
        wish, tool = self._wish, self._tool
        if wish.name == MAIN_MENU:
            return self._finished(ToolResult(start=answering.menu_slug(wish.call_id)))
        if tool is None:
            return self._failed("unknown_tool", "use one of the tools that there are")
        try:
            arguments = tool.arguments.model_validate_json(wish.arguments)
        except ValidationError as error:
            wrong = sorted(
                {".".join(str(part) for part in one["loc"])[:40] or "json" for one in error.errors(include_url=False, include_input=False)}
            )
            return self._failed("bad_arguments", _AGAIN, wrong=wrong[:5])
        return self._tried(tool, arguments)

    def _tried(self, tool: Tool, arguments: BaseModel) -> ToolFinished:
        deadline = time.monotonic() + tool.seconds
        for pause_s in (*PAUSES_S[: tool.retries], *[PAUSES_S[-1]] * (tool.retries - len(PAUSES_S)), None):
            self.tries += 1
            try:
                return self._finished(tool(self._context(), arguments))
            except (TemporaryToolError, OperationalError) as error:  # of the database's troubles these pass
                log.info("call %s: tool %s: %s", self._wish.call_id, tool.name, type(error).__name__)
                if pause_s is None or time.monotonic() + pause_s >= deadline:
                    return self._failed("temporary_trouble", _SORRY)
                time.sleep(pause_s)
            except ToolRefusedError as error:
                return self._failed("refused", "tell the caller in your own words", why=str(error)[:500])
            except Exception as error:
                log.exception("call %s: tool %s failed: %s", self._wish.call_id, tool.name, type(error).__name__)
                return self._failed("failed", _SORRY)
        raise AssertionError("the last try returns")

    def _context(self) -> ToolContext:
        self._inbound.caller.refresh_from_db()
        return ToolContext(self._wish.call_id, self._inbound.caller, self._now(), self._wish.key, self._inbound.rung, self._inbound.attested)

    def _now(self) -> datetime:
        return timezone.now().astimezone(answering.zone(self._inbound.time_zone))

    def _finished(self, result: ToolResult) -> ToolFinished:
        if result.hand_off is not None and not self._inbound.version.live_agent:
            return self._failed("nobody_takes_calls_over", "say that you cannot put them through, promise no call back, and go on")
        hand_off = (result.hand_off.code, result.hand_off.summary) if result.hand_off is not None else None
        start = None
        if result.start:
            start = self._start(result.start)
            if start is None:
                return self._failed("no_such_use_case", "say that this is not available")
        told = _plain(result.data)
        return ToolFinished(self._wish.run_id, told, say=result.say, end=result.end, hand_off=hand_off, start=start, asked=result.asked)

    def _start(self, slug: str) -> AnsweringUseCase | None:
        """The use case that goes on with the call, in its version of now."""
        version = answering.current(slug)
        if version is None:
            return None
        InboundCall.objects.filter(pk=self._wish.call_id).update(version=version)
        self._inbound.caller.refresh_from_db()
        menu = bool(answering.menu_slug(self._wish.call_id))
        answers_for = answering.answered_for(self._inbound.rung)
        return answering.use_case_for(version, self._inbound.caller, now=self._now(), menu=menu, answers_for=answers_for)

    def _failed(self, reason: str, do: str, **more: Any) -> ToolFinished:
        return ToolFinished(self._wish.run_id, {"reason": reason, **more, "do": do}, ok=False)


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """The data as JSON takes it: dates, decimals and ids become texts."""
    plain: dict[str, Any] = json.loads(json.dumps(data, default=str))
    return plain
