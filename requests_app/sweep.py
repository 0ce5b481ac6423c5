"""Finds what a crash or a lost hint left behind, and sends its hint again. Runs every few seconds; many may run at once.

Each row that is hinted is pushed out for a while, so that neither a backlog nor a poisoned row spins.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as noop

from context import leaving
from live.models import Change
from requests_app import patience
from requests_app.answers import resume
from requests_app.editing import edited_by_hand, take_up_hand_edit
from requests_app.hints import hint
from requests_app.life import UNANSWERED, transition
from requests_app.models import Question, QuestionStatus, Request
from requests_app.planning import planner_died
from requests_app.status import Status

log = logging.getLogger(__name__)

MOST_AT_ONCE = 50
PUSHED_OUT = timedelta(seconds=10)
#: An answer is normally followed up in its own transaction; this long after, nobody did.
STRANDED_AFTER = timedelta(seconds=5)
LEARNED_WITHIN = timedelta(days=1)
LIVE_CHANGES_KEPT = timedelta(days=3)
PRUNED_AT_ONCE = 5000


def sweep() -> int:
    """Goes through everything that is due. Returns how many rows it acted on."""
    _find_numbers_in_time()
    left_behind = _hint_what_is_due() + _release_dead_planners() + _resume_the_stranded() + _take_hand_edits()
    found = left_behind + patience.expire() + patience.remind() + _hint_what_may_be_learned()
    found += leaving.finish_all()
    if found:
        log.info("sweep: %d requests", found)
    return found


def _open_requests() -> Q:
    """In the words of the partial index `request_due`."""
    return ~Q(status__in=["done", "failed", "cancelled"])


def _find_numbers_in_time() -> None:
    """Requests that were put off before anybody knew whom to dial ("yes, but only tomorrow"): their time has come."""
    due = Request.objects.filter(_open_requests(), status=Status.SCHEDULED, number="", not_before__lte=Now())
    for pk in due.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE]:
        transition(request_id=pk, before=Status.SCHEDULED, after=Status.FINDING_NUMBER, text=noop("It is time."))


@transaction.atomic
def _hint_what_is_due() -> int:
    now = Now()
    due = Q(not_before__isnull=True) | Q(not_before__lte=now)
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    # Requests that have their number wait for a call: who places calls sweeps those.
    waiting = due & free & (Q(status=Status.PENDING) | Q(status=Status.FINDING_NUMBER, number=""))
    resumed = due & Q(status=Status.PLANNING, lease_until__isnull=True)
    rows = Request.objects.select_for_update(no_key=True, skip_locked=True).filter(_open_requests(), waiting | resumed)
    found = list(rows.order_by("pk")[:MOST_AT_ONCE].values_list("pk", "status"))
    # What is claimed by an empty lease (a resumed request, a look into the directory) is pushed out by its due time instead.
    leased = [pk for pk, status in found if status != Status.PENDING]
    Request.objects.filter(pk__in=leased).update(not_before=Now() + PUSHED_OUT)
    Request.objects.filter(pk__in=[pk for pk, status in found if status == Status.PENDING]).update(lease_until=Now() + PUSHED_OUT)
    for pk, status in found:
        hint("requests.find_number" if status == Status.FINDING_NUMBER else "requests.pick_up", pk)
    return len(found)


def _take_hand_edits() -> int:
    """Asks that somebody edited in the database while nobody heard its notice."""
    found = list(Request.objects.filter(edited_by_hand()).values_list("pk", flat=True)[:MOST_AT_ONCE])
    return sum(take_up_hand_edit(request_id=pk) for pk in found)


@transaction.atomic
def _release_dead_planners() -> int:
    rows = Request.objects.select_for_update(no_key=True, skip_locked=True).filter(_open_requests())
    dead = list(rows.filter(status=Status.PLANNING, lease_until__lt=Now()).order_by("pk")[:MOST_AT_ONCE])
    for request in dead:
        planner_died(request=request)
    return len(dead)


@transaction.atomic
def _resume_the_stranded() -> int:
    """Requests that wait for a user who has answered (the answer came while the request was just beginning to wait)."""
    questions = Question.objects.filter(request=OuterRef("pk"))
    rows = Request.objects.select_for_update(no_key=True, skip_locked=True).filter(_open_requests(), status=Status.WAITING_FOR_USER)
    stranded = rows.filter(
        ~Exists(questions.filter(status__in=UNANSWERED)),
        Exists(questions.filter(status=QuestionStatus.ANSWERED)),
        updated_at__lt=Now() - STRANDED_AFTER,
    )
    found = list(stranded.order_by("pk")[:MOST_AT_ONCE])
    for request in found:
        answered = Question.objects.filter(request=request, status=QuestionStatus.ANSWERED).order_by("-answered_at").first()
        if answered is not None:
            resume(question=answered)
    return len(found)


@transaction.atomic
def _hint_what_may_be_learned() -> int:
    """Ended requests that nobody has learned from. After a day without a thinker that answers it is let be."""
    due = Request.objects.filter(learn_after__lt=Now() - PUSHED_OUT)
    due.filter(ended_at__lt=Now() - LEARNED_WITHIN).update(learn_after=None)
    found = list(due.select_for_update(no_key=True, skip_locked=True).order_by("learn_after")[:MOST_AT_ONCE].values_list("pk", flat=True))
    Request.objects.filter(pk__in=found).update(learn_after=Now())
    for pk in found:
        hint("requests.learn", pk)
    return len(found)


def prune_live_changes() -> int:
    """Forgets live changes that no page can still be waiting for. Returns how many."""
    pruned = 0
    while True:
        old = Change.objects.filter(created_at__lt=Now() - LIVE_CHANGES_KEPT).order_by("created_at")[:PRUNED_AT_ONCE]
        count, _ = Change.objects.filter(pk__in=old.values("pk")).delete()
        pruned += count
        if count < PRUNED_AT_ONCE:
            return pruned
