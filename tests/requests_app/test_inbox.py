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


def ask(tom, kind, text, step="call", **fields) -> Question:
    return services.ask_question(request=make_request(tom, status=Status.WAITING_FOR_USER, ask=text), kind=kind, text=text, step=step, **fields)


def last_text() -> str:
    return Message.objects.filter(outbound=True).latest("created_at", "pk").body


def answer_of(question: Question):
    question.refresh_from_db()
    return question.answer


def test_a_text_answers_the_question(tom):
    question = ask(tom, "money", "They want $560.")
    message = receive("up to $80")
    assert (message.question, message.request) == (question, question.request)
    assert Request.objects.get().limit_minor == 8000


class TestSeveralQuestions:
    """Money and facts hang on an answer: it goes to the one question that it fits, or the user is asked which one."""

    def test_each_answer_finds_the_question_it_fits(self, tom):
        money = ask(tom, "money", "What may they cost?")
        share = ask(tom, "yes_no", "May I tell the dentist your date of birth?", step="dial")
        card = ask(tom, "text", "What should the card say?")
        number = ask(tom, "text", "Which number should I call?", step="number")
        receive("519 555 0123", sid="SM1")
        receive("eighty tops", sid="SM2")
        receive("yes", sid="SM3")
        receive("Happy birthday, love Tom", sid="SM4")
        assert answer_of(money) == {"amount_minor": 8000, "currency": "CAD"} and answer_of(share) == {"yes": True}
        assert answer_of(card) == {"text": "Happy birthday, love Tom"} and answer_of(number)["number"] == "+15195550123"
        assert Request.objects.count() == 4

    def test_two_that_fit_are_listed_with_numbers_and_a_number_picks_one(self, tom):
        older, newer = ask(tom, "money", "The florist wants $560."), ask(tom, "money", "The garage wants $90.")
        first = receive("up to $80", sid="SM1")
        assert answer_of(older) is None and answer_of(newer) is None
        assert last_text() == (
            "Which question is that for? Reply with its number.\n1: The florist wants $560.\n2: The garage wants $90.\nSomething new? Reply NEW."
        )
        receive("1", sid="SM2")
        assert (answer_of(older)["amount_minor"], answer_of(newer)) == (8000, None)
        first.refresh_from_db()
        assert (first.question, Message.objects.get(carrier_sid="SM2").request) == (older, older.request)

    def test_two_of_the_same_words_are_told_apart_by_what_was_asked_of_floyd(self, tom):
        for wish in ("Call the school.", "Order Krista some flowers for her birthday, white and pink ones if they have any."):
            services.ask_question(request=make_request(tom, ask=wish), kind="text", text="Whom should I call?", step="plan")
        receive("the florist")
        assert last_text().splitlines()[1:3] == [
            "1: Whom should I call? (“Call the school.”)",
            "2: Whom should I call? (“Order Krista some flowers for her birthday, white and pink…”)",
        ]

    def test_a_number_in_front_says_which(self, tom):
        older, newer = ask(tom, "yes_no", "The florist again?", step="dial"), ask(tom, "yes_no", "The garage again?", step="dial")
        receive("yes", sid="SM1")
        receive("2: no", sid="SM2")
        receive("1 yes please", sid="SM3")
        assert (answer_of(older), answer_of(newer)) == ({"yes": True}, {"yes": False})

    def test_numbers_stay_while_their_questions_are_open(self, tom):
        older, newer = ask(tom, "money", "The florist wants $560."), ask(tom, "money", "The garage wants $90.")
        receive("up to $80", sid="SM1")
        services.answer_question(question_id=older.pk, text="$70", by="page")
        receive("2", sid="SM2")
        assert (answer_of(older)["amount_minor"], answer_of(newer)["amount_minor"]) == (7000, 8000)

    def test_a_number_that_is_answered_meanwhile_answers_nothing_else(self, tom):
        older, newer = ask(tom, "money", "The florist wants $560."), ask(tom, "money", "The garage wants $90.")
        receive("up to $80", sid="SM1")
        services.answer_question(question_id=older.pk, text="$70", by="page")
        receive("1", sid="SM2")
        assert answer_of(older)["amount_minor"] == 7000
        assert answer_of(newer) is None and last_text() == "That question is settled already, so nothing was done with your answer."

    def test_who_waits_on_the_line_was_meant(self, tom):
        waiting = ask(tom, "money", "The garage wants $90.")
        call = make_request(tom, status=Status.CALLING)
        live = services.ask_question(request=call, kind="money", text="They want $560.", step="call", waiter="call.7")
        receive("up to $80")
        assert (answer_of(live)["amount_minor"], answer_of(waiting)) == (8000, None)

    def test_the_same_text_twice_asks_once_which(self, tom):
        ask(tom, "money", "The florist wants $560."), ask(tom, "money", "The garage wants $90.")
        receive("up to $80"), receive("up to $80")
        assert Message.objects.filter(body__startswith="Which question").count() == 1


class TestAsksAmongQuestions:
    def test_a_wish_that_answers_nothing_is_a_new_request(self, tom, hints):
        question = ask(tom, "yes_no", "Call the garage again?", step="dial")
        receive("Please order Krista some flowers")
        made = Request.objects.get(channel="sms")
        assert made.ask == "Please order Krista some flowers"
        assert answer_of(question) is None and hints.ids("requests.pick_up") == [str(made.pk)]

    def test_a_wish_that_might_be_an_answer_is_asked_about_and_kept(self, tom):
        question = ask(tom, "text", "What should I tell them?")
        receive("Call the school, Mara is sick today", sid="SM1")
        assert answer_of(question) is None and Request.objects.count() == 1
        assert "Is that your answer to this?" in last_text() and "1: What should I tell them?" in last_text()
        receive("NEW", sid="SM2")
        made = Request.objects.get(channel="sms")
        assert made.ask == "Call the school, Mara is sick today" and answer_of(question) is None
        receive("new", sid="SM3")
        assert Request.objects.filter(channel="sms").count() == 1, "a second NEW makes no second one"

    def test_new_in_front_makes_a_request(self, tom):
        ask(tom, "text", "What should I tell them?")
        receive("New: ask the garage about winter tires")
        assert Request.objects.get(channel="sms").ask == "ask the garage about winter tires"

    @pytest.mark.parametrize("body", ["call 519 555 0123", "cancel it please", "order them", "tell them that Mara is sick"])
    def test_words_about_what_is_going_on_are_no_new_request(self, tom, body):
        ask(tom, "text", "What should I tell them?")
        receive(body)
        assert Request.objects.count() == 1


class TestInGerman:
    """Whoever speaks German with Floyd reads German texts, and may answer with the words that they read there."""

    @pytest.fixture(autouse=True)
    def _german(self, tom):
        tom.page_language = "de"
        tom.save()

    def test_an_amount_is_granted_as_germans_write_it(self, tom):
        tom.spending_limit_minor = 200_000
        tom.save()
        question = ask(tom, "money", "They want $1,350.50.")
        assert last_text().endswith("Antworte zum Beispiel: bis 80 $.")
        receive("bis 1.350,50 $")
        assert answer_of(question) == {"amount_minor": 135_050, "currency": "CAD"}

    def test_a_choice_is_made_in_the_words_that_were_read(self, tom):
        question = ask(tom, "choice", "Which one?", choices=["Alpha · 200 m · open now", "None of them"])
        assert last_text().endswith("Antworte mit einem von: Alpha · 200 m · jetzt geöffnet; Keinen davon.")
        receive("keinen davon")
        assert answer_of(question) == {"choice": "None of them"}

    def test_something_new_is_said_in_german(self, tom):
        ask(tom, "text", "What should I tell them?")
        receive("Neu: ask the garage about winter tires")
        assert Request.objects.get(channel="sms").ask == "ask the garage about winter tires"


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
