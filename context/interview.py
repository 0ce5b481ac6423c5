"""The few questions that Floyd asks to know its user better: some from the beginning, others when a request showed a hole."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_noop
from django.utils.translation import gettext_noop as noop

from context.errors import KnowledgeError
from context.interview_models import InterviewQuestion, InterviewStatus
from context.keeping import add_contact, add_fact
from context.models import User
from context.preferences import change_preferences
from context.selectors import contacts

#: Asked from the beginning, while nothing is known about the topic. Key (a topic of facts) → text.
FROM_THE_BEGINNING = {
    "family": gettext_noop("Who lives with you, and how old are the children?"),
    "address": gettext_noop("Where do you live, so that things can be delivered?"),
    "car": gettext_noop("Which car do you drive?"),
}
CONTACT = "contact:"
AREA_LENGTH = 200
LENGTH, NAME_LENGTH, PHONE_LENGTH = 500, 120, 40
NO_ANSWER = noop("Give an answer, or skip the question: then Floyd does not ask it again.")


def next_question(user: User) -> InterviewQuestion | None:
    """The one question to ask now."""
    for key, text in FROM_THE_BEGINNING.items():
        if not InterviewQuestion.objects.filter(user=user, key=key).exists() and not user.facts.filter(topic__iexact=key).exists():
            InterviewQuestion.objects.get_or_create(user=user, key=key, defaults={"text": text})
            break
    return InterviewQuestion.objects.filter(user=user, status=InterviewStatus.OPEN).first()


def ask_for_contact(*, user: User, kind: str) -> InterviewQuestion | None:
    """A request wanted somebody of a kind of whom Floyd knows nobody; None when somebody is known or it was asked before."""
    kind = " ".join(kind.split())[:60].casefold()
    if not kind or contacts(user).filter(kind__iexact=kind).exists():
        return None
    text = noop("Do you have a %(kind)s whom I should call next time? Give me the name and the number.") % {"kind": kind}
    question, new = InterviewQuestion.objects.get_or_create(user=user, key=f"{CONTACT}{kind}", defaults={"text": text})
    return question if new else None


def first_questions(user: User) -> list[InterviewQuestion]:
    """All that is asked from the beginning and was neither answered nor skipped, for somebody who begins."""
    known = {topic.casefold() for topic in user.facts.values_list("topic", flat=True)}
    for key, text in FROM_THE_BEGINNING.items():
        if key not in known:
            InterviewQuestion.objects.get_or_create(user=user, key=key, defaults={"text": text})
    return list(InterviewQuestion.objects.filter(user=user, status=InterviewStatus.OPEN, key__in=FROM_THE_BEGINNING))


@transaction.atomic
def answer_words(*, question: InterviewQuestion, words: str) -> bool:
    """Keeps the user's own words as a fact; False when the question was settled before. Where they live is also where Floyd looks for businesses."""
    if not settle(question=question, status=InterviewStatus.ANSWERED):
        return False
    user = question.user
    add_fact(user=user, statement=words, topic=question.key)
    if question.key == "address" and not user.home_area:
        change_preferences(user=user, home_area=words[:AREA_LENGTH])
    return True


@transaction.atomic
def settle(*, question: InterviewQuestion, status: InterviewStatus) -> bool:
    """Ends a question; False when it was settled before."""
    return bool(InterviewQuestion.objects.filter(pk=question.pk, status=InterviewStatus.OPEN).update(status=status))


@transaction.atomic
def answer(*, question: InterviewQuestion, words: str, phone: str = "") -> bool:
    """Notes what a question asked for: a fact, or somebody with their number. False when it was settled before.

    Raises:
        KnowledgeError: no answer, or the number is none.
    """
    said = " ".join(words.replace("\x00", "").split())[:LENGTH]
    if not said:
        raise KnowledgeError(NO_ANSWER, field="words")
    if not question.is_contact:
        return answer_words(question=question, words=said)
    if not settle(question=question, status=InterviewStatus.ANSWERED):
        return False
    number = phone.replace("\x00", "").strip()[:PHONE_LENGTH]
    add_contact(user=question.user, name=said[:NAME_LENGTH], kind=question.key.removeprefix(CONTACT), phone=number)
    return True
