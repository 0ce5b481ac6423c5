"""Text messages from users, and from anyone else."""

import pytest

from requests_app import services
from requests_app.models import Message, Question, Request
from requests_app.status import Status
from tests.cast import STRANGERS_PHONE, TOMS_PHONE, make_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


def receive(body, *, peer=TOMS_PHONE, sid="SM1") -> Message:
    return services.receive_message(peer=peer, body=body, carrier_sid=sid)


def ask_for_money(request) -> Question:
    return services.ask_question(request=request, kind="money", text="They want $560.", step="call")


def test_a_text_answers_the_newest_question(tom):
    older, newer = (make_request(tom, status=Status.WAITING_FOR_USER, ask=ask) for ask in ("one", "two"))
    ask_for_money(older)
    question = ask_for_money(newer)
    message = receive("up to $80")
    assert (message.question, message.request) == (question, newer)
    newer.refresh_from_db()
    older.refresh_from_db()
    assert (newer.limit_minor, older.limit_minor) == (8000, None)


def test_a_text_without_a_question_is_a_new_request(tom, hints):
    message = receive("Order Krista some flowers")
    request = Request.objects.get()
    assert (request.channel, request.ask, message.request) == ("sms", "Order Krista some flowers", request)
    assert hints.ids("requests.pick_up") == [str(request.pk)]


def test_the_same_text_twice_is_one(tom):
    assert receive("Order Krista some flowers") == receive("Order Krista some flowers")
    assert Request.objects.count() == Message.objects.count() == 1


def test_a_text_from_an_unknown_number_is_stored_and_nothing_else(tom):
    ask_for_money(make_request(tom, status=Status.WAITING_FOR_USER))
    message = receive("up to $80", peer=STRANGERS_PHONE)
    assert message.user is None and message.question is None
    assert Request.objects.get().limit_minor is None
    assert not Message.objects.filter(peer=STRANGERS_PHONE, outbound=True).exists()


def test_an_unverified_number_is_unknown(tom):
    tom.phone_verified_at = None
    tom.save()
    assert receive("Order flowers").user is None
    assert not Request.objects.exists()


def test_words_that_are_no_amount_get_a_polite_answer(tom):
    question = ask_for_money(make_request(tom, status=Status.WAITING_FOR_USER))
    receive("blue")
    reply = Message.objects.filter(outbound=True).latest("created_at", "pk")
    assert reply.body == "I didn't understand an amount. Reply for example: up to $80."
    assert Question.objects.get() == question and question.status == "open"


@pytest.mark.parametrize("word", ["STOP", "stop.", "Unsubscribe", "HELP", "start"])
def test_words_for_the_carrier_are_left_to_it(tom, word):
    question = ask_for_money(make_request(tom, status=Status.WAITING_FOR_USER))
    receive(word)
    question.refresh_from_db()
    assert question.status == "open" and Request.objects.count() == 1
    assert Message.objects.filter(outbound=True).count() == 1, "the question only"


@pytest.mark.parametrize("body", ["", "\x00", "\u200b"])
def test_an_empty_text_is_answered_with_what_to_do(tom, body):
    receive(body)
    assert not Request.objects.exists()
    assert "empty" in Message.objects.get(outbound=True).body or "text" in Message.objects.get(outbound=True).body
