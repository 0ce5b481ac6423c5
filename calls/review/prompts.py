"""The questions to the model behind each turn of a call, put together again; and their end after some weeks."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from calls.models import Call, Speaker
from calls.review_models import ProviderNote, TurnPrompt

BATCH = 2000
MOST_BATCHES = 50


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it was sent, with its answer."""

    row: TurnPrompt
    messages: list[dict[str, Any]]
    tools: list[dict[str, Any]]
    whole: bool = True
    made_of: list[tuple[str, str]] = field(default_factory=list)

    @property
    def first_token_ms(self) -> int | None:
        """From question to first piece."""
        return None if self.row.first_ms is None else self.row.first_ms - self.row.asked_ms

    @property
    def took_ms(self) -> int:
        """From question to end."""
        return self.row.done_ms - self.row.asked_ms

    @property
    def tool_names(self) -> list[str]:
        """What the model could ask for."""
        return [str((tool.get("function") or {}).get("name", "?")) for tool in self.tools]

    @property
    def tools_as_sent(self) -> str:
        """The tools, as JSON to read."""
        return json.dumps(self.tools, indent=2, ensure_ascii=False)


def questions(call: Call, *, numbers: set[int] | None = None) -> list[Question]:
    """A call's questions in order, each with the beginning that it shares with the first. One or two queries."""
    rows = TurnPrompt.objects.filter(call=call)
    chosen = list(rows if numbers is None else rows.filter(number__in=numbers))
    first = next((row for row in chosen if row.number == 1), None) or rows.filter(number=1).first()
    return [_whole(row, first) for row in chosen]


def _whole(row: TurnPrompt, first: TurnPrompt | None) -> Question:
    if row.number == 1:
        shared: list[dict[str, Any]] = []
        tools = row.tools or []
    else:
        shared = first.messages[: row.shared] if first is not None else []
        tools = row.tools if row.tools is not None else (first.tools or [] if first is not None else [])
    messages = [*shared, *row.messages]
    there = not row.cut and len(shared) == (0 if row.number == 1 else row.shared)
    return Question(row, messages, tools, there, [(str(one.get("role", "?")), readable(one)) for one in messages])


def readable(message: dict[str, Any]) -> str:
    """A message's content, and the tools that it asked for, as text."""
    parts = [str(message.get("content") or "")]
    for call in message.get("tool_calls") or []:
        function = call.get("function") or {}
        parts.append(f"{function.get('name', '?')}({function.get('arguments', '')})")
    return "\n".join(part for part in parts if part)


def numbers_by_turn(call: Call) -> dict[int, list[int]]:
    """Line of Floyd's → numbers of the questions that led to it: those asked since its last answer began. Two queries.

    Questions that were thrown away stand with the line that came in their place.
    """
    turns = set(call.turns.values_list("seq", flat=True))
    starts = list(call.lines.filter(speaker=Speaker.FLOYD, seq__in=turns, final=True).order_by("start_ms").values_list("seq", "start_ms"))
    found: dict[int, list[int]] = {}
    for number, asked_ms in TurnPrompt.objects.filter(call=call).values_list("number", "asked_ms"):
        seq = next((seq for seq, start_ms in starts if start_ms >= asked_ms), None)
        if seq is not None:
            found.setdefault(seq, []).append(number)
    return found


def one(call: Call, number: int) -> Question | None:
    """One question; None when it is not kept."""
    return next(iter(questions(call, numbers={number})), None)


def forget_old() -> int:
    """Deletes what has been kept for long enough, also what services reported. Returns how many rows."""
    until = timezone.now() - timedelta(days=settings.KEEP_PROMPTS_DAYS)
    gone = 0
    for kept in (TurnPrompt.objects.all(), ProviderNote.objects.all()):
        for _ in range(MOST_BATCHES):
            keys = list(kept.filter(created_at__lt=until).order_by("created_at").values_list("pk", flat=True)[:BATCH])
            if not keys:
                break
            gone += kept.filter(pk__in=keys).delete()[0]
    return gone


def count(call: Call) -> int:
    """How many questions are kept of a call."""
    return TurnPrompt.objects.filter(call=call).count()
