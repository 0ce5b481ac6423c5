"""The user's answer for a caller who did not wait for it: texted to the number that rang, once; another Floyd can be called, if the user taps."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext_noop as noop

from calls.models import Call
from calls.status import OPEN
from context.dates import moment_in_words
from requests_app.life import record_event
from requests_app.message_templates import load
from requests_app.models import Question, QuestionStatus
from requests_app.offers import offer
from requests_app.sending import CannotSendError, send_text
from requests_app.steps import CALLER_STEP
from use_cases.models import InboundCall, InboundNumber
from use_cases.on_behalf.noting import note_appointment

MESSAGES = Path(__file__).parent / "messages.toml"
ANSWER_LENGTH = 300
NOT_PASSED_ON = noop(
    "The call was over before you answered, and your answer was not passed on: that number takes no texts. "
    "Ask Floyd to call whoever it was if they should know."
)
CAN_BE_TOLD = noop(
    "The call was over before you answered, and your answer was not passed on: that number takes no texts. "
    "If they should know, one tap has Floyd do this: “%(ask)s”"
)


def tell_caller(request_id: UUID) -> None:
    """Tells whoever rang about a request what its user answered, unless they are on the line and hear it there. A yes is noted in the calendar."""
    question = Question.objects.select_related("request__user").filter(request=request_id, step=CALLER_STEP, status=QuestionStatus.ANSWERED).first()
    taken = InboundCall.objects.select_related("call", "caller").filter(call__request=request_id).first()
    if question is None:
        return
    note_appointment(question)
    if taken is None or _on_the_line(taken.call):
        return
    number = taken.caller.number
    if InboundNumber.objects.filter(number=number).exists():  # another Floyd's: it reads no texts, and would not know whom a call back is for
        _offer_call(question)
        return
    user = question.request.user
    values = {"user": user.name, "about": str(question.slots.get("matter", "")), "answer": question.answer_text[:ANSWER_LENGTH]}
    try:
        send_text(to=number, words=load(MESSAGES)["answer"].fill(**values), dedupe_key=f"caller-answer:{question.pk}")
    except CannotSendError as error:
        _note(request_id, noop("The call was over before you answered, and they were not told: %(why)s") % {"why": error})
    else:
        _note(request_id, noop("The call was over before you answered, so they were sent a text."))


def _offer_call(question: Question) -> None:
    """Whoever it was can be called, as anybody can. What they said it was about is left out: it is no word of the user's."""
    slots, answer = question.slots, (question.answer_text or "").strip().rstrip(".")
    who, at = str(slots.get("who", "")), slots.get("at")
    if not who or not answer:
        _note(question.request_id, NOT_PASSED_ON)
        return
    when = f", for {moment_in_words(datetime.fromisoformat(at), question.request.user.time_zone)}" if at else ""
    ask = f"Call {who} and tell them my answer: {answer[:ANSWER_LENGTH]}{when}."
    offer(request_id=question.request_id, ask=ask)
    _note(question.request_id, CAN_BE_TOLD % {"ask": ask})


def _on_the_line(call: Call) -> bool:
    return call.status in OPEN and not call.end_reason


def _note(request_id: UUID, text: str) -> None:
    record_event(request_id=request_id, kind="note", text=text)
