"""Prints what is new about a request, line by line, so that it reads the same on a screen, in a file and in a log."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from context.money import format_amount
from floyd_site.terminal.cost_tables import costs_table
from floyd_site.terminal.state import CallState, RequestState
from floyd_site.terminal.turn_tables import turns_table
from requests_app.models import Message, Question, Request
from requests_app.plan_shown import plan_shown
from requests_app.status import Status

SPEAKERS = {"callee": ("magenta", "Callee"), "floyd": ("cyan", "Floyd"), "user": ("green", "You"), "system": ("dim", "Note")}
SITUATIONS = {
    "talking": "a person is there",
    "menu": "in their phone menu",
    "hold": "on hold",
    "voicemail": "on their voicemail",
    "screening": "being screened",
}


def clock(milliseconds: int) -> str:
    """Time since the call was answered, as 1:02.3."""
    seconds = milliseconds / 1000
    return f"{int(seconds // 60)}:{seconds % 60:04.1f}"


class RequestPrinter:
    """Shows one request. Give it every state; it prints what it has not printed yet."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._seen: set[tuple[Any, ...]] = set()

    def show(self, state: RequestState) -> None:
        """Prints what is new: events, plan, texts, questions, words, ends of calls, outcome."""
        if self._new("ask"):
            self._console.print(f"[bold]{escape(state.request.user.name)}:[/] {escape(state.request.ask)}")
        for event in state.events:
            if self._new("event", event.pk):
                self._console.print(f"  [dim]{event.created_at.astimezone():%H:%M:%S}[/] {escape(event.text or event.kind)}", highlight=False)
            if event.kind == "status" and state.request.plan and self._new("plan", str(state.request.plan)):
                self._plan(state.request)
        for question in state.questions:
            self._question(question)
        for message in state.messages:
            self._message(message)
        for call in state.calls:
            self._call(call)
        if state.request.outcome and self._new("outcome", str(state.request.outcome)):
            self._outcome(state)
        if state.request.status == Status.FAILED and state.request.trouble and self._new("trouble", state.request.trouble):
            self._console.print(f"  [red]{escape(state.request.trouble)}[/]")

    def _new(self, *what: Any) -> bool:
        """Whether this was not printed before; from now on it was."""
        if what in self._seen:
            return False
        self._seen.add(what)
        return True

    def _plan(self, request: Request) -> None:
        plan: dict[str, Any] = request.plan or {}
        rows = [f"[bold]{escape(plan['goal'])}[/]"]
        rows += [f"{number}. {escape(step)}" for number, step in enumerate(plan["steps"], start=1)]
        if plan.get("callee"):
            rows.append(f"[dim]Call:[/] {escape(plan['callee']['name'])}   [dim]Success:[/] {escape(plan['success'])}")
        if (shown := plan_shown(request)) is not None and shown.shared:
            rows.append(f"[dim]May be told:[/] {escape('; '.join(shown.shared))}")
        self._console.print(Panel("\n".join(rows), title=f"Plan: {escape(plan['title'])}", title_align="left", border_style="blue"))

    def _question(self, question: Question) -> None:
        if self._new("question", question.pk):
            self._console.print(f"  [yellow]? Floyd asks:[/] {escape(question.text)}")
        if question.answer_text and self._new("answer", question.pk, question.status):
            taps = " [yellow](needs a tap in the app)[/]" if question.status == "confirming" else ""
            self._console.print(f"  [green]! Answer:[/] {escape(question.answer_text)}{taps}")

    def _message(self, message: Message) -> None:
        if self._new("message", message.pk):
            arrow = "[yellow]text to you  →[/]" if message.outbound else "[green]text from you ←[/]"
            self._console.print(f"  {arrow} {escape(message.body)}")

    def _call(self, state: CallState) -> None:
        call = state.call
        if self._new("call", call.pk):
            self._console.print(f"  [bold]☎ Call {call.attempt}[/]")
        for line in state.lines:
            if line.final and line.text and self._new("line", call.pk, line.seq):
                colour, name = SPEAKERS.get(line.speaker, ("white", line.speaker))
                self._console.print(f"    [dim]{clock(line.start_ms):>7}[/]  [{colour}]{name:<6}[/] {escape(line.text)}", highlight=False)
        if call.situation and self._new("situation", call.pk, call.situation, call.situation_since):
            self._console.print(f"  [bold]☎[/] {SITUATIONS.get(call.situation, call.situation)}")
        if call.ended_at and call.end_reason and self._new("end", call.pk):
            self._console.print(f"  [bold]☎ ended[/] after {call.seconds} s: {escape(call.end_reason.replace('_', ' '))}")

    def _outcome(self, state: RequestState) -> None:
        outcome = state.request.outcome or {}
        rows = [f"[bold]{escape(str(outcome.get('answer') or outcome.get('summary', '')))}[/]"]
        if outcome.get("sources"):
            rows += [f"[dim]from {escape(source['id'])}: {escape(source['label'])}[/]" for source in outcome["sources"]]
        words = {line.seq: line for line in state.last_call.lines} if state.last_call else {}
        for item in outcome.get("items", []):
            amount = f" {format_amount(item['amount_minor'], item['currency'] or state.request.user.currency)}" if item["amount_minor"] else ""
            when = f", {item['when']}" if item["when"] else ""
            rows.append(f"• {escape(item['kind'])}: {escape(item['text'])}{escape(amount + when)}")
            rows += [f"    [dim]line {seq}, {words[seq].speaker}: “{escape(words[seq].text)}”[/]" for seq in item["lines"] if seq in words]
        self._console.print(Panel("\n".join(rows), title="Outcome", title_align="left", border_style="green"))

    def times(self, state: RequestState) -> None:
        """Tables of where the time of each turn went, for all calls, and of what it cost."""
        if any(call.turns for call in state.calls):
            self._console.print(turns_table(state.calls))
        if state.bill.costs:
            self._console.print(costs_table({str(state.request)[:40]: state.bill}))
