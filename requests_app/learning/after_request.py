"""After a request: what its user's own words taught, and which facts were of use.

Nothing that a callee said comes here. As `User.learning` says, facts are saved, put before the user, or not looked for at all;
one that contradicts what is known is always put before the user, together with that.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as noop

from context import services as knowledge
from context.choices import Learning
from context.interview import ask_for_contact
from context.models import Fact, FactStatus, Source
from context.proposals import is_known_fact
from providers.types import ProviderError
from requests_app import costs, life
from requests_app.learning.form import Relation
from requests_app.learning.from_words import read
from requests_app.learning.grounded import Learned
from requests_app.models import Channel, QuestionKind, QuestionStatus, Request
from requests_app.status import ENDED

log = logging.getLogger(__name__)

#: Who learns has this long; then another may.
LEASE = timedelta(minutes=2)
#: Steps whose question the planner worded, so that it may stand beside the answer.
OWN_STEPS = ("plan",)


def learn(*, request_id: UUID | str) -> None:
    """Learns from an ended request, once; a process that dies at it is followed by another."""
    due = Request.objects.filter(pk=request_id, status__in=ENDED, learn_after__lte=Now())
    if not due.update(learn_after=Now() + LEASE):
        return
    request = Request.objects.select_related("user").get(pk=request_id)
    _note_use(request)
    if request.channel == Channel.CALLER:  # none of its words are the user's own, save a yes
        _done(request)
        return
    if request.user.learning == Learning.NEVER or not request.user.is_active:
        _done(request)
        return
    try:
        found = read(user=request.user, said=words_of(request), purpose="request")
    except ProviderError as error:
        log.info("request %s: nothing learned now (permanent: %s)", request.pk, error.permanent)
        if error.permanent:
            _done(request)
        return
    with transaction.atomic():
        if not Request.objects.select_for_update(no_key=True).filter(pk=request.pk).exists():
            return  # it was deleted meanwhile, and nothing is learned from it
        costs.charge_thinking(request=request, model=settings.OPENAI_OUTCOME_MODEL, usage=found.usage)
        _ask_about_the_hole(request)
        for learned in found.facts:
            keep(request, learned)
        _done(request)


def _done(request: Request) -> None:
    Request.objects.filter(pk=request.pk, status__in=ENDED).update(learn_after=None)


def words_of(request: Request) -> list[str]:
    """The user's own words: the ask, and what they answered in words."""
    answered = request.questions.filter(status=QuestionStatus.ANSWERED, kind=QuestionKind.TEXT).exclude(step="number").order_by("answered_at")
    return [request.ask, *(question.answer_text for question in answered)]


def keep(request: Request, learned: Learned) -> Fact | None:
    """Saves a statement or puts it before the user, with a line on the timeline; None when it is known or was refused."""
    user, ref = request.user, f"request:{request.pk}"
    known = Fact.objects.filter(user=user, pk=learned.known, status=FactStatus.CONFIRMED).first() if learned.known else None
    fields = {"about": learned.about, "topic": learned.topic, "sensitivity": learned.sensitivity}
    if is_known_fact(user, learned.statement):
        return None
    saves = user.learning == Learning.SAVE and learned.relation is not Relation.CONTRADICTS
    if saves and known is not None:
        fact: Fact | None = knowledge.supersede_fact(fact=known, statement=learned.statement, source=Source.REQUEST, source_ref=ref, **fields)
    elif saves:
        fact = knowledge.add_fact(user=user, statement=learned.statement, source=Source.REQUEST, source_ref=ref, **fields)
    else:
        fact = knowledge.propose_fact(user=user, statement=learned.statement, source=Source.REQUEST, source_ref=ref, replaces=known, **fields)
    if fact is not None:
        text = (
            noop("Floyd remembers: %(statement)s") % {"statement": fact.statement}
            if saves
            else noop("Floyd would like to remember: %(statement)s. Say yes or no under “What Floyd knows”.") % {"statement": fact.statement}
        )
        life.record_event(request_id=request.pk, kind="learned", text=text, data={"fact": fact.pk})
    return fact


def _ask_about_the_hole(request: Request) -> None:
    """The plan wanted somebody whom the user's contacts do not have: next time Floyd would like to know."""
    callee = (request.plan or {}).get("callee") or {}
    if request.contact_id is None and not callee.get("contact_id"):
        ask_for_contact(user=request.user, kind=str(callee.get("kind") or ""))


def _note_use(request: Request) -> None:
    """Facts that an answer cited were of use."""
    cited = [str(one.get("id", "")) for one in (request.outcome or {}).get("sources") or () if isinstance(one, dict)]
    ids = [int(key) for kind, _, key in (one.partition(":") for one in cited) if kind == "fact" and key.isdigit()]
    knowledge.note_use(user=request.user, fact_ids=ids)
