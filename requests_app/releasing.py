"""Facts that the user wants to be asked about first: the plan names them, the user's yes releases them, for one request.

Until then a fact is known by its topic only: its statement is in no prompt, neither the planner's nor that of a call.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop as noop

from context.models import Sensitivity
from requests_app.models import Question, QuestionKind, QuestionStatus, Request
from requests_app.questions import ask_question
from requests_app.reading import SHARE_STEP

#: What waits for the answer, as stored on the question; `slots` hold the id of the fact.
STEP = SHARE_STEP
#: Facts that one plan may ask the user about.
MOST = 3
WANTED_TO_BE_ASKED = noop("You wanted to be asked first.")


def guarded(request: Request) -> list[dict[str, Any]]:
    """Facts of the request's snapshot that its plan wants to share and the user wants to be asked about first."""
    wanted = (request.plan or {}).get("share") or ()
    facts = (request.snapshot or {}).get("facts") or ()
    return [fact for fact in facts if fact["id"] in wanted and fact.get("sensitivity") == Sensitivity.ASK_FIRST]


def released(request: Request) -> dict[str, Question]:
    """The user's yes to each fact that was released for this request, by the fact's id."""
    answered = _asked(request).filter(status=QuestionStatus.ANSWERED, answer__yes=True)
    return {question.slots["fact"]: question for question in answered}


def next_to_ask(request: Request) -> dict[str, Any] | None:
    """The first guarded fact that the user was not asked about in this request."""
    guarded_facts = guarded(request)  # mostly none: then there is nothing to look up
    asked = {question.slots["fact"] for question in _asked(request)} if guarded_facts else set()
    return next((fact for fact in guarded_facts if fact["id"] not in asked), None)


def ask(request: Request, fact: dict[str, Any], callee: str) -> Question:
    """Asks for the user's yes, by topic: the statement itself goes into no text message."""
    text = f"{may_tell(fact, callee, request.user.name)} {WANTED_TO_BE_ASKED}"
    return ask_question(request=request, kind=QuestionKind.YES_NO, text=text, step=STEP, slots={"fact": fact["id"]})


def take_back(request: Request) -> None:
    """The ask has changed: a yes that was given for other words releases nothing any more, and is asked for again."""
    for question in _asked(request):
        Question.objects.filter(pk=question.pk).update(slots={**question.slots, "for_other_words": True})


def may_tell(fact: dict[str, Any], callee: str, user_name: str) -> str:
    """Names a fact by whom it is about and its topic: "May I tell Dr. Patel about Mara’s allergies?"."""
    about, topic = str(fact["about"]).strip(), str(fact["topic"]).strip()
    if not about or about.casefold() in {user_name.casefold(), *user_name.casefold().split()}:
        question = noop("May I tell %(callee)s about your %(topic)s?") if topic else noop("May I tell %(callee)s something about you?")
    else:
        question = noop("May I tell %(callee)s about %(about)s’s %(topic)s?") if topic else noop("May I tell %(callee)s something about %(about)s?")
    return question % {"callee": callee, "about": about, "topic": topic}


def _asked(request: Request) -> Any:
    return Question.objects.filter(request=request, step=STEP).exclude(slots__has_key="for_other_words").order_by("pk")
