"""Candidates in words: the evidence for each, and the question to the user when none is left. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_noop as noop

from context.dates import soon_in_words
from context.opening_hours import hours_on, next_time, zones
from requests_app.candidates import MOST_CALLED, Candidate, Candidates, State, is_open

#: How many are named in a question, and how much is said of each.
MOST_NAMED, REASON_LENGTH = 3, 70
ALL_DAY = (0, 24)
METRES_A_KM = 1000


def evidence(candidate: Candidate, measured_from: str, now: datetime) -> list[str]:
    """What speaks for or against a candidate, in short phrases: distance (and from where), rating, opening hours."""
    found = []
    if candidate.distance_m is not None and measured_from:
        found.append(
            noop("%(distance)s from the middle of %(measured_from)s") % {"distance": distance(candidate.distance_m), "measured_from": measured_from}
        )
    if candidate.rating is not None:
        people = noop("1 person") if candidate.ratings == 1 else noop("%(ratings)s people") % {"ratings": candidate.ratings}
        found.append(
            noop("rated %(rating)s of 5 by %(people)s") % {"rating": f"{candidate.rating:g}", "people": people}
            if candidate.ratings
            else noop("rated %(rating)s of 5") % {"rating": f"{candidate.rating:g}"}
        )
    found.append(opening(candidate, now))
    return found


def distance(metres: int) -> str:
    """E.g. 400 m, 2.3 km, 14 km."""
    if metres < METRES_A_KM:
        return f"{max(100, round(metres, -2))} m"
    return f"{metres / METRES_A_KM:.1f} km" if metres < 10 * METRES_A_KM else f"{round(metres / METRES_A_KM)} km"


def opening(candidate: Candidate, now: datetime) -> str:
    """Whether it is open, in its own time."""
    where = zones(candidate.number, candidate.time_zone, "")
    if is_open(candidate, now):
        today = hours_on(now, candidate.number, candidate.time_zone, candidate.hours)
        return noop("open now (%(hours)s)") % {"hours": today} if today else noop("open now") if candidate.hours else noop("opening hours not listed")
    opens = next_time(max(now, candidate.closed_until or now), where, ALL_DAY, candidate.hours)
    return noop("closed, opens %(opens)s") % {"opens": soon_in_words(opens, str(where[0]), now)} if opens else noop("closed")


def label(candidate: Candidate, measured_from: str, now: datetime) -> str:
    """A candidate as one of several to choose from."""
    parts = [candidate.name]
    if candidate.distance_m is not None and measured_from:
        parts.append(distance(candidate.distance_m))
    if candidate.rating is not None:
        parts.append(noop("rated %(rating)s") % {"rating": f"{candidate.rating:g}"})
    parts.append(noop("open now") if candidate.hours and is_open(candidate, now) else opening(candidate, now))
    return " · ".join(parts)


def labels(candidates: Sequence[Candidate], measured_from: str, now: datetime) -> list[str]:
    """Labels, each different from the others."""
    found: list[str] = []
    for one in candidates:
        text = label(one, measured_from, now)
        found.append(text if text not in found else f"{text} · {one.address or one.number}")
    return found


def why_none(candidates: Candidates, *, missing: str) -> str:
    """What was searched, and why nothing of it fits; the first sentences of a question to the user.

    Args:
        missing: what the contacts lacked, in a sentence, e.g. "I found no plumber in your contacts."
    """
    places = {"source": candidates.source, "area": candidates.area or noop("you")}
    if tried := candidates.tried:
        none_left = noop("%(source)s lists no other near %(area)s that I can call.") if len(tried) < MOST_CALLED else ""
        return f"{called(tried)} {candidates.trouble or none_left % places}".strip()
    if candidates.trouble:
        return f"{missing} {candidates.trouble}"
    if any(one.state is State.NEW for one in candidates.found):
        return noop("You wanted none of those that %(source)s lists near %(area)s.") % places
    left_out = [one for one in candidates.found if one.state is State.LEFT_OUT]
    if not left_out:
        listed = noop("%(source)s lists nothing that fits near %(area)s.")
    elif len(left_out) == 1:
        listed = noop("%(source)s lists one near %(area)s, but I can't call it: %(left_out)s.")
    else:
        listed = noop("%(source)s lists %(count)s near %(area)s, but I can't call any of them: %(left_out)s.")
    return f"{missing} {listed % {**places, 'count': len(left_out), 'left_out': named(left_out)}}"


def called(tried: Sequence[Candidate]) -> str:
    """Whom Floyd has called, and what came of it, in a sentence."""
    return noop("I called %(tried)s.") % {"tried": named(tried)}


def named(some: Sequence[Candidate]) -> str:
    """A few of them, each with what came of it."""
    parts = [f"{one.name} ({_short(one.why)})" if one.why else one.name for one in some[:MOST_NAMED]]
    more = len(some) - len(parts)
    return "; ".join(parts) + (f"; {noop('and %(more)s more') % {'more': more}}" if more else "")


def _short(reason: str) -> str:
    reason = reason.rstrip(". ")
    return reason if len(reason) <= REASON_LENGTH else f"{reason[: REASON_LENGTH - 1].rstrip()}…"
