"""Candidates as the page and the API show them: each with its evidence and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from requests_app import candidates
from requests_app.candidate_words import evidence
from requests_app.candidates import Candidate, State
from requests_app.models import Request
from requests_app.status import ENDED, Status


@dataclass(frozen=True, slots=True)
class CandidateShown:
    """One business; `standing` says in a word or two where it stands, `tone` how that is coloured."""

    name: str
    number: str
    address: str
    evidence: tuple[str, ...]
    state: str
    standing: str
    tone: str
    why: str


@dataclass(frozen=True, slots=True)
class CandidatesShown:
    """What was searched, and what was found."""

    wanted: str
    area: str
    source: str
    measured_from: str
    trouble: str
    attribution: str
    found: tuple[CandidateShown, ...]


def candidates_shown(wish: Request, now: datetime) -> CandidatesShown | None:
    """What the directory lists for a request, in the order in which it is or was called; None when nothing was looked up. No queries."""
    listed = candidates.read(wish.candidates)
    if listed is None:
        return None
    # How things were when it ended is what is of interest then.
    at = wish.ended_at if wish.ended_at and wish.status in ENDED else now
    tried, left = listed.tried, listed.left(at)
    current = [one for one in listed.found if one.state is State.CURRENT]
    rest = [one for one in listed.found if one not in (*tried, *current, *left)]
    ordered = [*tried, *current, *left, *rest]
    shown = tuple(_shown(one, wish, listed.measured_from, at, is_next=one in left[:1] and not current) for one in ordered)
    attribution = ", ".join(dict.fromkeys(one.attribution for one in listed.found if one.attribution))
    return CandidatesShown(listed.wanted, listed.area, listed.source, listed.measured_from, listed.trouble, attribution, shown)


def _shown(one: Candidate, wish: Request, measured_from: str, at: datetime, *, is_next: bool) -> CandidateShown:
    standing, tone = _standing(one, wish, is_next=is_next)
    return CandidateShown(
        name=one.name,
        number=one.number,
        address=one.address,
        evidence=tuple(evidence(one, measured_from, at)) if one.state is not State.LEFT_OUT else (),
        state=one.state,
        standing=standing,
        tone=tone,
        why=one.why,
    )


def _standing(one: Candidate, wish: Request, *, is_next: bool) -> tuple[str, str]:
    if one.state is State.TRIED:
        return _("Tried"), "fail"
    if one.state is State.LEFT_OUT:
        return _("Left out"), "idle"
    if one.state is State.CURRENT:
        if wish.status == Status.DONE:
            return _("Did it"), "done"
        return (_("Called"), "idle") if wish.status in ENDED else (_("This one"), "live")
    return (_("Not called"), "idle") if wish.status in ENDED or not is_next else (_("Up next"), "wait")
