"""Text messages of users: an answer to what Floyd asked, or a new request. The sender's number is a hint for routing, not proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from textwrap import shorten
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as noop

from context.models import User
from context.user_lock import lock_user
from requests_app.answers import Taken, answer_question
from requests_app.errors import InvalidAsk
from requests_app.intake import create_request
from requests_app.life import UNANSWERED
from requests_app.messages import BODY_LENGTH, publish_message, queue_message
from requests_app.models import Channel, Message, MessageStatus, Question
from requests_app.opt_out import read_word, take_word
from requests_app.put_right import take_objection
from requests_app.sorting import Meant, sort_message
from requests_app.status import Status

#: How long a message that fitted several questions is kept for a word on which one it was for.
HELD = timedelta(hours=12)
#: How long after it was texted a callee's question is taken for the one that is being answered.
LIVE = timedelta(minutes=5)
LONGEST_QUESTION = 120
LONGEST_ASK = 60
#: Who else may want a text, from anybody, before it is read as a user's: whether it was for them. Called within the transaction.
Taker = Callable[[Message], bool]
_takers: list[Taker] = []
SETTLED = noop("That question is settled already, so nothing was done with your answer.")


def register_taker(takes: Taker) -> None:
    """Has `takes` see every text that comes in. Call it from an app's `ready`."""
    if takes not in _takers:
        _takers.append(takes)


@transaction.atomic
def receive_message(*, peer: str, body: str, carrier_sid: str) -> Message:
    """Takes a text message in, once per `carrier_sid`.

    From a user's verified number it answers the open question that it fits, else it is a new request; where it could be
    for several, the user is asked which one (see `sorting`). What objects to an outcome that was just told corrects it
    (`put_right`). From any other number it is stored, and nothing else happens, unless somebody waits for just that (`register_taker`).
    A word that carriers act on themselves, such as STOP, is no answer and no request; what it asks is kept.

    Args:
        peer: sender in E.164, as the carrier's signed callback says.
    """
    user = User.objects.filter(phone=peer, phone_verified_at__isnull=False, is_active=True).first() if peer else None
    if user is not None:
        # One message of a user at a time, so that a repeat of the carrier waits for the first and finds it.
        lock_user(user.pk)
    body = body.replace("\x00", "")[:BODY_LENGTH]
    message, is_new = Message.objects.get_or_create(
        carrier_sid=carrier_sid,
        defaults={"user": user, "peer": peer[:16], "body": body, "outbound": False, "status": MessageStatus.RECEIVED},
    )
    if not is_new:
        return message
    if (word := read_word(body)) is not None:
        take_word(number=message.peer, word=word)
    taken = word is None and any(takes(message) for takes in _takers)
    if user is None:
        return message
    if word is None and not taken:
        _act_on(message, user)
    publish_message(message)
    return message


def _act_on(message: Message, user: User) -> None:
    open_questions = Question.objects.filter(request__user=user, status__in=UNANSWERED).select_related("request__user").order_by("-pk")
    questions, held = list(open_questions), _held(message, user)
    meant = sort_message(message.body, questions, held=held.body if held else "", live=_live(user))
    about = held if held is not None and meant.of_the_one_before else message
    if not meant.of_the_one_before and take_objection(message, user):
        return
    if meant.question is not None:
        _answer(message, user, meant.question, meant.words)
    elif meant.ask:
        _make_request(message, user, meant.words, key=f"sms:{about.carrier_sid}")
    elif meant.choices:
        _ask_which(message, user, meant)
    else:
        queue_message(user=user, body=SETTLED, dedupe_key=f"reply:{message.pk}")
    if about != message:
        about.question, about.request = message.question, message.request
        about.save(update_fields=["question", "request"])
        publish_message(about)


def _held(message: Message, user: User) -> Message | None:
    """The user's message before this one, if nobody knew what it was for."""
    received = Message.objects.filter(user=user, outbound=False).exclude(pk=message.pk)
    last = received.filter(created_at__gte=Now() - HELD).order_by("-created_at", "-pk").first()
    return last if last and last.request_id is None and Message.objects.filter(dedupe_key=f"which:{last.pk}").exists() else None


def _live(user: User) -> UUID | None:
    """The question that somebody on the phone waits for, if it was the last thing that Floyd texted."""
    last = Message.objects.filter(user=user, outbound=True, created_at__gte=Now() - LIVE).select_related("question__request").last()
    question = last.question if last else None
    return question.pk if question and question.waiter and question.request.status == Status.CALLING else None


def _answer(message: Message, user: User, question: Question, words: str) -> None:
    """A taken answer shows in what happens next, and the way to the tap is sent by itself; what was not understood is said."""
    message.question, message.request = question, question.request
    message.save(update_fields=["question", "request"])
    result = answer_question(question_id=question.pk, text=words, by="sms")
    if result.taken in {Taken.NOT_UNDERSTOOD, Taken.TOO_LATE}:
        queue_message(user=user, body=result.text, request=question.request, question=question, dedupe_key=f"reply:{message.pk}")


def _make_request(message: Message, user: User, words: str, *, key: str) -> None:
    try:
        message.request = create_request(user=user, ask=words, channel=Channel.SMS, client_key=key)
        message.save(update_fields=["request"])
    except InvalidAsk as error:
        queue_message(user=user, body=str(error), dedupe_key=f"reply:{message.pk}")


def _ask_which(message: Message, user: User, meant: Meant) -> None:
    """Lists the questions that the message could answer, with their numbers."""
    _number(user, meant.choices)
    listed = _listed(sorted(meant.choices, key=lambda one: one.text_number or 0))
    lead = (
        noop("Which question is that for? Reply with its number.")
        if len(listed) > 1
        else noop("Is that your answer to this? Then reply with its number.")
    )
    body = "\n".join([lead, *listed, noop("Something new? Reply NEW.")])
    queue_message(user=user, body=body, dedupe_key=f"which:{message.pk}")


def _listed(questions: Sequence[Question]) -> list[str]:
    """A line for each; two that ask the same are told apart by the wishes that they belong to."""
    texts = [question.text for question in questions]
    lines = []
    for question in questions:
        line = f"{question.text_number}: {question.text[:LONGEST_QUESTION]}"
        if texts.count(question.text) > 1:
            line += f" (“{shorten(question.request.ask, LONGEST_ASK, placeholder='…')}”)"
        lines.append(line)
    return lines


def _number(user: User, choices: Sequence[Question]) -> None:
    """Gives each question a number of its own among those that are open; one that has a number keeps it. The user's row is locked."""
    last = Question.objects.filter(request__user=user, status__in=UNANSWERED).aggregate(last=Max("text_number"))["last"] or 0
    for question in sorted(choices, key=lambda one: one.pk):
        if question.text_number is None:
            last += 1
            question.text_number = last
            Question.objects.filter(pk=question.pk).update(text_number=last)
