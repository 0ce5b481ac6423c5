"""What the services of a call reported around one of its replies, and what Floyd did itself meanwhile, for whoever reviews it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as noop

from calls.lines.own_work import SOURCE
from calls.models import Call, Speaker, TranscriptLine
from calls.review_models import ProviderNote

#: The carrier tells of the last words of a reply so much after they were heard, at most.
TOLD_WITHIN_MS = 1000
MOST_SHOWN = 500
SOURCES = {"recognition": noop("recognition"), "voice": noop("voice"), "carrier": noop("carrier"), "model": noop("model"), SOURCE: "Floyd"}
#: What Floyd did is named in words; what services report, as they name it.
OWN_WORK = {"keys": noop("keys pressed"), "tool": noop("tool"), "answer": noop("answer of the user")}


@dataclass(frozen=True, slots=True)
class Reported:
    """One report: when, by whom in a word, what it calls it, and what came with it as pairs of a name and a value."""

    at_ms: int
    source: str
    kind: str
    data: list[tuple[str, Any]]


def around(call: Call, line: TranscriptLine) -> list[Reported]:
    """What was reported since Floyd's reply before was heard, until this one was. Two queries."""
    before = call.lines.filter(speaker=Speaker.FLOYD, final=True, start_ms__lt=line.start_ms).order_by("-start_ms").first()
    began_ms = before.end_ms if before is not None else 0
    return _shown(call.provider_notes.filter(at_ms__gte=min(began_ms, line.start_ms), at_ms__lte=line.end_ms + TOLD_WITHIN_MS))


def of(call: Call) -> list[Reported]:
    """All of a call, as far as a page takes it. One query."""
    return _shown(call.provider_notes.all())


def _shown(notes: QuerySet[ProviderNote]) -> list[Reported]:
    return [Reported(note.at_ms, SOURCES.get(note.source, note.source), _kind(note), _pairs(note.data)) for note in notes[:MOST_SHOWN]]


def _kind(note: ProviderNote) -> str:
    return OWN_WORK.get(note.kind, note.kind) if note.source == SOURCE else note.kind


def _pairs(data: dict[str, Any]) -> list[tuple[str, Any]]:
    """The values as they came; what there was none of is left out."""
    return [(name.replace("_", " "), value) for name, value in data.items() if value is not None]
