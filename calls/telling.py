"""What Floyd told in a call, in one line for people: each fact with what called for it, and what was invented, if anything."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_noop as noop

from calls.conversation.brief import CallBrief
from calls.conversation.told import Line, Told, told_in
from calls.models import Call, TranscriptLine

LONGEST_FACT = 70


def told_of(call: Call, lines: Iterable[TranscriptLine]) -> Told | None:
    """What was told in a call with these lines; None for a call without a brief."""
    if not (call.brief or {}).get("introduction"):
        return None
    heard = [Line(line.seq, line.speaker, line.text) for line in sorted(lines, key=lambda line: line.seq) if line.final]
    return told_in(CallBrief.from_json(call.brief), heard)


def in_words(told: Told) -> str:
    """One line."""
    facts = "; ".join(f"{_short(fact.statement)} ({fact.why})" for fact in told.facts) or noop("nothing beyond the message")
    invented = ", ".join(f"{item.kind} {item.text} in line {item.seq}" for item in told.invented) or noop("nothing")
    return noop("Told: %(facts)s. Invented: %(invented)s.") % {"facts": facts, "invented": invented}


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_FACT else f"{text[:LONGEST_FACT].rsplit(' ', 1)[0]}…"
