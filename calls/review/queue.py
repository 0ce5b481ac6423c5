"""The queue of calls to review: its filters, its pages, and what stands before and behind a call in it. Every list follows an index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_noop as noop

from calls.recording.models import SoundChunk
from calls.review_models import SLOW_MS, Label, Review, Verdict
from context.models import User

PER_PAGE = 50
#: Counting further than this tells nobody anything.
MOST_COUNTED = 1000
#: Choices of each filter in the address: value → words.
STATES = {
    "": noop("To review"),
    "judged": noop("Reviewed"),
    "all": noop("All"),
    **{value: noop("The verdict: %(label)s") % {"label": label.lower()} for value, label in Verdict.choices},
}
ASSIGNED = {"": noop("Anybody's"), "me": noop("Mine"), "nobody": noop("Nobody's")}
WAITS = {"": noop("Any wait"), str(SLOW_MS): noop("From 1.5 s"), "3000": noop("From 3 s")}
INTERRUPTED = {"": noop("Any"), "1": noop("Cut short once"), "3": noop("Three times or more")}
COSTS = {"": noop("Any cost"), "100000": noop("From 0.10"), "500000": noop("From 0.50")}
FLAGGED = {"": noop("Flagged or not"), "1": noop("Flagged")}
_CHOICES = {"state": STATES, "assigned": ASSIGNED, "flagged": FLAGGED, "wait": WAITS, "interrupted": INTERRUPTED, "cost": COSTS}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the queue shows. Values that are not among the choices count as not given."""

    state: str = ""
    assigned: str = ""
    flagged: str = ""
    wait: str = ""
    interrupted: str = ""
    cost: str = ""
    outcome: str = ""
    use_case: str = ""
    label: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Filters:
        """From an address's parameters."""
        fixed = {name: given.get(name, "") for name, choices in _CHOICES.items() if given.get(name, "") in choices}
        free = {name: given.get(name, "")[:40].replace("\x00", "") for name in ("outcome", "use_case", "label")}
        return cls(**fixed, **free)

    @property
    def query(self) -> str:
        """As parameters of an address; empty without any."""
        return urlencode({name: value for name in self.__slots__ if (value := getattr(self, name))})

    def rows(self, staff: User) -> QuerySet[Review]:
        """The reviews that fit, newest first."""
        rows = Review.objects.filter(self._standing(staff))
        if self.flagged:
            rows = rows.exclude(flags="")
        if self.wait:
            rows = rows.filter(slowest_ms__gte=int(self.wait))
        if self.interrupted:
            rows = rows.filter(interruptions__gte=int(self.interrupted))
        if self.cost:
            rows = rows.filter(cost_micros__gte=int(self.cost))
        if self.outcome:
            rows = rows.filter(outcome=self.outcome)
        if self.use_case:
            rows = rows.filter(use_case=self.use_case)
        if self.label:
            # By its number, so that one index gives them in order. A label is on a review once: the join doubles no row.
            rows = rows.filter(labellings__label=Label.objects.filter(name=self.label).values_list("pk", flat=True).first() or 0)
        return rows.order_by("-call_id")

    def _standing(self, staff: User) -> Q:
        states = {"all": Q(), "judged": ~Q(verdict="")}
        assigned = {"": Q(), "me": Q(assignee=staff), "nobody": Q(assignee=None)}
        return states.get(self.state, Q(verdict=self.state)) & assigned[self.assigned]


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of the queue; `older` is where the next page begins (empty: there is none)."""

    rows: Sequence[Review] = field(default_factory=list)
    older: str = ""
    count: int = 0

    @property
    def more_than_counted(self) -> bool:
        """Whether `count` is only the least it can be."""
        return self.count > MOST_COUNTED


def page(filters: Filters, staff: User, *, before: UUID | None = None) -> Page:
    """The rows of the queue older than a call; from its beginning when left out."""
    rows = filters.rows(staff)
    shown = rows.filter(call_id__lt=before) if before else rows
    heard = Exists(SoundChunk.objects.filter(call=OuterRef("pk")))
    found = list(shown.annotate(is_recorded=heard).select_related("assignee", "verdict_by").prefetch_related("labels")[: PER_PAGE + 1])
    older = str(found[PER_PAGE - 1].pk) if len(found) > PER_PAGE else ""
    return Page(found[:PER_PAGE], older, rows.order_by()[: MOST_COUNTED + 1].count())


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The calls before (newer) and behind (older) one, in the queue as filtered; empty at its ends."""

    newer: str = ""
    older: str = ""


def neighbours(filters: Filters, staff: User, call_id: UUID) -> Neighbours:
    """What stands beside a call. It need not be in the queue itself any more: a verdict takes it out."""
    rows = filters.rows(staff)
    newer = rows.filter(call_id__gt=call_id).order_by("call_id").values_list("call_id", flat=True).first()
    older = rows.filter(call_id__lt=call_id).values_list("call_id", flat=True).first()
    return Neighbours(str(newer or ""), str(older or ""))
