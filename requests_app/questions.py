"""Asking the user: one question, on the page and by text message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop as noop

from live.publish import publish
from requests_app.life import record_event, topics
from requests_app.messages import queue_message
from requests_app.models import Question, QuestionKind, Request
from requests_app.telling import Matters

TEXT_LENGTH = 400
#: How to answer by text message, by kind of question.
HOW_TO_REPLY = {
    QuestionKind.MONEY: noop("Reply for example: up to $80."),
    QuestionKind.YES_NO: noop("Reply yes or no."),
    QuestionKind.TEXT: noop("Reply to this message."),
}


def message_body(*, kind: str, text: str, choices: Sequence[str] = ()) -> str:
    """The question as a text message, with how to answer it."""
    if kind == QuestionKind.CHOICE:
        how = noop("Reply with one of: %(choices)s.") % {"choices": "; ".join(choices)}
        return f"{text} {how}"
    return f"{text} {HOW_TO_REPLY[QuestionKind(kind)]}"


@transaction.atomic
def ask_question(
    *,
    request: Request,
    kind: QuestionKind | str,
    text: str,
    step: str,
    choices: Sequence[str] = (),
    waiter: str = "",
    slots: dict[str, Any] | None = None,
    question_id: UUID | str | None = None,
    **fields: Any,
) -> Question:
    """Puts a question to the user of `request`: on the page at once, and as a text message where they have a number.

    Args:
        step: what waits for the answer: plan, number, share, call or dial.
        waiter: channel group to poke when the answer is there.
        slots: typed values it is about.
        question_id: an id chosen beforehand; asking twice with it asks once.
        fields: more columns, e.g. `status` and `answer` of a grant that only needs the tap.
    """
    if question_id is not None and (known := Question.objects.filter(pk=question_id, request=request).first()):
        return known
    chosen_id = {} if question_id is None else {"pk": question_id}
    question = Question.objects.create(
        **chosen_id,
        request=request,
        kind=QuestionKind(kind),
        text=text[:TEXT_LENGTH],
        choices=list(choices),
        step=step,
        waiter=waiter,
        slots=slots or {},
        **fields,
    )
    record_event(request_id=request.pk, kind="question", text=question.text, data={"step": step, "question": str(question.pk)})
    publish(topics=topics(request.pk, request.user_id), kind="question", ref=question.pk)
    body = message_body(kind=question.kind, text=question.text, choices=choices)
    matters = Matters.NOW if waiter else Matters.SOON
    queue_message(user=request.user, body=body, request=request, question=question, dedupe_key=f"question:{question.pk}", matters=matters)
    return question
