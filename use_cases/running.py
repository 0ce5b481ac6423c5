"""Runs a tool of a use case: arguments checked, time limited, tried again where that may help, written down; whatever happens becomes its result."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from pydantic import BaseModel, ValidationError

from calls.conversation.effects import AskUser
from calls.conversation.events import ToolFinished
from calls.conversation.reception.use_case import MAIN_MENU, AnsweringUseCase
from calls.conversation.tools import LONGEST_ARGUMENTS
from calls.lines.tool_runs import Wish
from context.dates import zone
from use_cases import answering, offering
from use_cases.models import HandOff, HandOffState, InboundCall, ToolRun, UseCaseVersion
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

    def give_up(self, wish: Wish, result: Mapping[str, Any]) -> bool:
        """Settles what came of a tool that took too long, unless it did so itself; the two never both."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("select set_config('lock_timeout', %s, false)", [str(LOCK_MS)])
            return give_up(wish, result)
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
        return attempt.as_kept(row)
    return attempt.go(row)


def give_up(wish: Wish, result: Mapping[str, Any]) -> bool:
    """Says what came of a wish that nobody waits for any more; False: it has its result already.

    Whoever writes the result first has decided: a tool writes it in the transaction of all that it does.
    """
    told, arguments = {"ok": False, **result}, _Attempt(wish).arguments_kept()
    row, is_new = ToolRun.objects.get_or_create(
        call_id=wish.call_id, key=wish.key, defaults={"name": wish.name[:100], "arguments": arguments, "line": wish.line, "result": told}
    )
    return is_new or ToolRun.objects.filter(pk=row.pk, result__isnull=True).update(result=told) == 1


class _SettledError(Exception):
    """This wish has its result already: it was given up, or an earlier try did it all and could not say so. What this try did is undone."""


class _Attempt:
    """One wish on its way."""

    def __init__(self, wish: Wish) -> None:
        self._wish, self.tries, self._begun = wish, 0, time.monotonic()
        self._inbound = InboundCall.objects.select_related("caller", "version__use_case").get(pk=wish.call_id)
        self._tool = offering.tools_for(self._inbound.version).get(wish.name)
        self._changed: dict[str, Any] = {}

    def arguments_kept(self) -> dict[str, Any]:
        """The arguments as they are written down: without secrets, and empty when they are no JSON object, or a very long one."""
        try:
            value = json.loads(self._wish.arguments) if len(self._wish.arguments) <= LONGEST_ARGUMENTS else {}
        except (ValueError, RecursionError):
            return {}
        secrets = self._tool.secrets if self._tool is not None else frozenset()
        return {name: HIDDEN if name in secrets else one for name, one in value.items()} if isinstance(value, dict) else {}

    def go(self, row: ToolRun) -> ToolFinished:
        """The result, good or bad. It is written down in one transaction with what the tool did: either both are there, or neither."""
        try:
            return self._gone(row)
        except _SettledError:
            log.warning("call %s: tool %s had its result before it was done", self._wish.call_id, self._wish.name)
            row.refresh_from_db()
            return self.as_kept(row)

    def as_kept(self, row: ToolRun) -> ToolFinished:
        """What came of the wish before, with all that it set off: who tells it twice to a conversation is heard once.

        What it changed is told as it stands now, which may be newer, and not at all once another use case has the call; nor is a start from which
        the call has gone on.
        """
        result, did = dict(row.result or {}), row.effects
        ok, now = bool(result.pop("ok", False)), InboundCall.objects.select_related("caller", "version__use_case").get(pk=self._wish.call_id)
        code, summary = did.get("hand_off") or ("", "")
        return ToolFinished(
            self._wish.run_id,
            result,
            ok,
            say=did.get("say", ""),
            end=bool(did.get("end")),
            hand_off=(code, summary) if code else None,
            start=self._answering(now.version) if did.get("start") == now.version.use_case.slug else None,
            asked=AskUser(**did["asked"]) if "asked" in did else None,
            changes=offering.now_offered(now.version, now.changes, menu=self._menu) if "changed" in did and now.changes else None,
        )

    def _gone(self, row: ToolRun) -> ToolFinished:
        wish, tool = self._wish, self._tool
        if wish.name == MAIN_MENU:
            return self._kept(row, lambda: self._finished(ToolResult(start=answering.menu_slug(wish.call_id))))
        if tool is None:
            return self._kept(row, lambda: self._failed("unknown_tool", "use one of the tools that there are"))
        try:
            arguments = tool.arguments.model_validate_json(wish.arguments)
        except ValidationError as error:
            wrong = sorted(
                {".".join(str(part) for part in one["loc"])[:40] or "json" for one in error.errors(include_url=False, include_input=False)}
            )
            return self._kept(row, lambda: self._failed("bad_arguments", _AGAIN, wrong=wrong[:5]))
        return self._tried(row, tool, arguments)

    def _kept(self, row: ToolRun, does: Callable[[], ToolFinished]) -> ToolFinished:
        """What comes of something, written down with it unless it was given up meanwhile."""
        with transaction.atomic():
            self._changed = {}
            finished = does()
            values = {"result": {"ok": finished.ok, **finished.data}, "effects": self._effects(finished)}
            ms = int((time.monotonic() - self._begun) * 1000)
            if not ToolRun.objects.filter(pk=row.pk, result__isnull=True).update(**values, tries=self.tries, ms=ms):
                raise _SettledError
        return finished

    def _effects(self, finished: ToolFinished) -> dict[str, Any]:
        """All that a tool did besides its result, as JSON; only what it did."""
        did = {
            "say": finished.say,
            "end": finished.end,
            "hand_off": finished.hand_off,
            "start": finished.start.slug if finished.start is not None else "",
            "asked": asdict(finished.asked) if finished.asked is not None else {},
            "changed": self._changed,
        }
        return _plain({name: value for name, value in did.items() if value})

    def _tried(self, row: ToolRun, tool: Tool, arguments: BaseModel) -> ToolFinished:
        deadline = time.monotonic() + tool.seconds
        for pause_s in (*PAUSES_S[: tool.retries], *[PAUSES_S[-1]] * (tool.retries - len(PAUSES_S)), None):
            self.tries += 1
            try:
                return self._kept(row, lambda: self._once(tool, arguments))
            except (TemporaryToolError, OperationalError) as error:  # of the database's troubles these pass
                log.info("call %s: tool %s: %s", self._wish.call_id, tool.name, type(error).__name__)
                if pause_s is None or time.monotonic() + pause_s >= deadline:
                    return self._kept(row, lambda: self._failed("temporary_trouble", _SORRY))
                time.sleep(pause_s)
            except _SettledError:
                raise
            except Exception as error:
                log.exception("call %s: tool %s failed: %s", self._wish.call_id, tool.name, type(error).__name__)
                return self._kept(row, lambda: self._failed("failed", _SORRY))
        raise AssertionError("the last try returns")

    def _once(self, tool: Tool, arguments: BaseModel) -> ToolFinished:
        """One try. What a tool wrote before it refused stays: a wrong PIN is counted."""
        try:
            return self._finished(tool(self._context(), arguments))
        except ToolRefusedError as error:
            return self._failed("refused", "tell the caller in your own words", why=str(error)[:500])

    def _context(self) -> ToolContext:
        self._inbound.caller.refresh_from_db()
        return ToolContext(self._wish.call_id, self._inbound.caller, self._now(), self._wish.key, self._inbound.rung, self._inbound.attested)

    def _now(self) -> datetime:
        return timezone.now().astimezone(zone(self._inbound.time_zone))

    def _finished(self, result: ToolResult) -> ToolFinished:
        asked = offering.asked_changes(self._inbound.version, self._tool, result)
        if result.hand_off is not None and not self._inbound.version.live_agent:
            return self._failed("nobody_takes_calls_over", "say that you cannot put them through, promise no call back, and go on")
        hand_off = (result.hand_off.code, result.hand_off.summary) if result.hand_off is not None else None
        start = None
        if result.start:
            start = self._start(result.start)
            if start is None:
                return self._failed("no_such_use_case", "say that this is not available")
        changes = None
        if asked and (changes := offering.change(self._inbound, asked, menu=self._menu)) is not None:
            self._changed = asked
        told = _plain(result.data)
        return ToolFinished(
            self._wish.run_id, told, say=result.say, end=result.end, hand_off=hand_off, start=start, asked=result.asked, changes=changes
        )

    def _start(self, slug: str) -> AnsweringUseCase | None:
        """The use case that goes on with the call, in its version of now."""
        version = answering.current(slug)
        if version is None:
            return None
        InboundCall.objects.filter(pk=self._wish.call_id).update(version=version, changes={})
        return self._answering(version)

    def _answering(self, version: UseCaseVersion) -> AnsweringUseCase:
        """A version as it goes on with the call."""
        self._inbound.caller.refresh_from_db()
        answers_for = answering.answered_for(self._inbound.rung)
        return answering.use_case_for(version, self._inbound.caller, now=self._now(), menu=self._menu, answers_for=answers_for)

    @property
    def _menu(self) -> bool:
        """Whether there is a menu to go back to."""
        return bool(answering.menu_slug(self._wish.call_id))

    def _failed(self, reason: str, do: str, **more: Any) -> ToolFinished:
        return ToolFinished(self._wish.run_id, {"reason": reason, **more, "do": do}, ok=False)


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """The data as JSON takes it: dates, decimals and ids become texts."""
    plain: dict[str, Any] = json.loads(json.dumps(data, default=str))
    return plain
