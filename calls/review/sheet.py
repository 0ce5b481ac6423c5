"""One call as a reviewer sees it: what was said, beside each reply where its time went, and what others noted."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop as noop

from calls.conversation.effects import EndReason
from calls.fragments import ENDS, unheard
from calls.models import Call, Direction, Speaker, TranscriptLine, Turn
from calls.recording.reading import layout_of
from calls.recording.views import player
from calls.review import flags, prompts
from calls.review_models import ReviewNote
from calls.status import ENDS as ENDED
from calls.turn_stages import WIDEST_MS, Stage, stages

#: How a call can end, in words: an end reason where it was held, else its status.
OUTCOMES: dict[str, str] = {
    **{status.value: str(status.label).lower() for status in sorted(ENDED)},
    **{reason.value: words for reason, words in ENDS.items()},
    EndReason.STOPPED_BY_USER: noop("the user stopped it"),
    EndReason.HUNG_UP_BY_USER: noop("the user hung up"),
    EndReason.TOO_DEAR: noop("the user's limit for calls was reached"),
}


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that ran behind a line, with its arguments, its result and what else it did as JSON. `ms` is None while it runs."""

    name: str
    arguments: str
    result: str
    ms: int | None
    tries: int
    effects: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the transcript, with its turn when Floyd said it in answer, and the tools that ran because of it."""

    line: TranscriptLine
    unheard: str
    turn: Turn | None = None
    stages: list[Stage] = field(default_factory=list)
    notes: list[ReviewNote] = field(default_factory=list)
    tools: list[Tool] = field(default_factory=list)
    inspected: bool = False

    @property
    def anchor(self) -> str:
        """Its element's id."""
        return f"line-{self.line.seq}"

    @property
    def overlaps(self) -> bool:
        """Whether it was cut short."""
        return bool(self.unheard or (self.turn and self.turn.interrupted))


def said(call: Call) -> list[Said]:
    """The transcript in order. A few queries."""
    asked = prompts.numbers_by_turn(call)
    turns = {turn.seq: turn for turn in call.turns.all()}
    notes: dict[int, list[ReviewNote]] = {}
    for note in ReviewNote.objects.filter(review=call.pk).exclude(seq=None).select_related("author"):
        notes.setdefault(note.seq or 0, []).append(note)
    shown, lines = [], list(call.lines.filter(final=True))
    tools = _tools(call, [line.seq for line in lines])
    for line in lines:
        turn = turns.get(line.seq) if line.speaker == Speaker.FLOYD else None
        of_turn, of_line = stages(turn) if turn else [], notes.get(line.seq, [])
        shown.append(Said(line, unheard(line.text, line.intended), turn, of_turn, of_line, tools.get(line.seq, []), line.seq in asked))
    return shown


def _tools(call: Call, seqs: list[int]) -> dict[int, list[Tool]]:
    """The tools that ran during a call, by the line behind which they are shown: the last one that there was, else the first."""
    found: dict[int, list[Tool]] = {}
    if call.direction == Direction.OUTBOUND:  # the tools of those are its conversation's own
        return found
    for run in call.tool_runs.all():
        seq = max((seq for seq in seqs if seq <= run.line), default=seqs[0] if seqs else 0)
        result = "" if run.result is None else _json(run.result)
        found.setdefault(seq, []).append(Tool(run.name, _json(run.arguments), result, run.ms, run.tries, _json(run.effects) if run.effects else ""))
    return found


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def ending(outcome: str) -> str:
    """How a call ended, in words."""
    return OUTCOMES.get(outcome) or outcome.replace("_", " ")


def why_flagged(text: str) -> list[str]:
    """A call's flags, in words."""
    return [flags.LABELS[flag] for flag in flags.read(text)]


def facts(call: Call) -> list[tuple[str, str]]:
    """What the call was about and what it used, as pairs of a name and words."""
    brief: dict[str, Any] = call.brief or {}
    outcome: dict[str, Any] = (call.request.outcome if call.request is not None else None) or {}
    shared = "; ".join(str(fact.get("statement", "")) for fact in brief.get("facts") or [] if isinstance(fact, dict))
    rows = [
        (noop("For"), call.user.name or call.user.email if call.user is not None else ""),
        (noop("With"), str(brief.get("callee_name") or call.number)),
        (noop("Why"), noop("Called back after an outage") if call.is_rung_back else ""),
        (noop("Goal"), str(brief.get("goal") or "")),
        (noop("Might be told"), shared),
        (noop("What came of it"), str(outcome.get("summary") or outcome.get("answer") or "")),
        (noop("Trouble"), call.error),
    ]
    return [(name, text) for name, text in rows if text]


def context(call: Call) -> dict[str, Any]:
    """For the page's template."""
    return {
        "call": call,
        "said": said(call),
        "facts": facts(call),
        "callee": (call.brief or {}).get("callee_name") or "Callee",
        "widest_ms": WIDEST_MS,
        "prompts": prompts.count(call),
        **player(call, layout_of(call), address=reverse("staff-sound", args=[call.pk])),
    }
