"""Answers are read, taken once, and the request goes on by itself, once."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from calls import briefing
from live.fragments import render
from requests_app import services
from requests_app.errors import NotFound
from requests_app.models import Event, Message, Question, QuestionStatus, Request
from requests_app.reading import Answer, read_answer
from requests_app.selectors import answers_for_plan
from requests_app.services import Taken
from requests_app.status import Status
from tests.cast import make_request

YES, NO = {"yes": True}, {"yes": False}
SATURDAY = date(2026, 11, 21)


def money(minor):
    return {"amount_minor": minor, "currency": "CAD"}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("money", "up to $80", money(8000)),
        ("money", "eighty dollars", money(8000)),
        ("money", "80", money(8000)),
        ("money", "eighty tops", money(8000)),
        ("money", "eighty tops, but no lilies", money(8000) | {"text": "but no lilies"}),
        ("money", "up to $80 if they deliver on Friday", money(8000) | {"text": "if they deliver on Friday", "date": "2026-11-27"}),
        ("money", "$80, but $100 with the vase", None),
        ("money", "no problem", None),
        ("money", "no", money(0)),
        ("money", "No thanks", money(0)),
        ("money", "blue", None),
        ("money", "", None),
        ("money", "80 euros", None),
        ("yes_no", "Yes", YES),
        ("yes_no", "yep!", YES),
        ("yes_no", "yes, but before noon", YES | {"text": "before noon", "time": "12:00"}),
        ("yes_no", "Yes but only tomorrow", YES | {"text": "only tomorrow", "date": "2026-11-22"}),
        ("yes_no", "Of course, but ask for Jo", YES | {"text": "ask for Jo"}),
        ("yes_no", "ok go ahead, thank you", YES),
        ("yes_no", "no problem", YES),
        ("yes_no", "Oui, mais seulement demain", YES | {"text": "mais seulement demain", "date": "2026-11-22"}),
        ("yes_no", "Ja, aber nicht morgen", YES | {"text": "aber nicht morgen"}),
        ("yes_no", "Sí, pero a las nueve y media", YES | {"text": "pero a las nueve y media", "time": "09:30"}),
        ("yes_no", "Sí.", YES),
        ("yes_no", "Nein", NO),
        ("yes_no", "absolutely", YES),
        ("yes_no", "absolutely not", None),
        ("yes_no", "of course not", None),
        ("yes_no", "don't know", None),
        ("yes_no", "yes... no", None),
        ("yes_no", "no, ask for another day", NO | {"text": "ask for another day"}),
        ("yes_no", "No.", NO),
        ("yes_no", "no thank you", NO),
        ("yes_no", "maybe", None),
        ("choice", "Roses", {"choice": "roses"}),
        ("choice", "2", {"choice": "tulips"}),
        ("choice", "the tulips please", {"choice": "tulips"}),
        ("choice", "the tulips, but only if they are red", {"choice": "tulips", "text": "but only if they are red"}),
        ("choice", "7", None),
        ("choice", "daisies", None),
        ("text", " by Friday ", {"text": "by Friday", "date": "2026-11-27"}),
        ("text", "Friday or Monday", {"text": "Friday or Monday"}),
        ("text", "   ", None),
    ],
)
def test_answers_are_typed(kind, text, value):
    read = read_answer(kind=kind, step="call", choices=["roses", "tulips"], text=text, currency="CAD", region="CA", today=SATURDAY)
    assert (read.value if isinstance(read, Answer) else None) == value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("519 555 0110", "+15195550110"),
        ("(519) 555-0110", "+15195550110"),
        ("it's 519-555-0110, ask for Jo", "+15195550110"),
        ("+44 20 7946 0958", "+442079460958"),
        ("555 0110", None),
        ("123", None),
        ("I don't know", None),
    ],
)
def test_numbers_are_read_as_they_are_dialled_at_home(text, number):
    read = read_answer(kind="text", step="number", choices=(), text=text, currency="CAD", region="CA", today=SATURDAY)
    assert (read.value.get("number") if isinstance(read, Answer) else None) == number


@pytest.fixture
def waiting(tom):
    return make_request(tom, status=Status.WAITING_FOR_USER, number="+15195550117")


def ask(request, kind="money", step="call", **fields) -> Question:
    return services.ask_question(request=request, kind=kind, text="They want $560 for peonies. What may Floyd spend?", step=step, **fields)


@pytest.mark.django_db
@pytest.mark.usefixtures("at_once")
class TestAnswering:
    def test_a_question_is_texted_with_how_to_answer(self, waiting, hints):
        question = ask(waiting)
        message = Message.objects.get()
        assert message.body == "They want $560 for peonies. What may Floyd spend? Reply for example: up to $80."
        assert (message.question, message.peer, message.outbound) == (question, "+15195550142", True)
        assert hints.ids("calls.send_message") == [str(message.pk)]

    def test_asking_twice_with_one_id_asks_once(self, waiting):
        first = ask(waiting, question_id="01989b2e-0000-7000-8000-000000000001")
        assert ask(waiting, question_id=first.pk) == first
        assert Message.objects.count() == 1

    def test_a_user_without_a_number_is_asked_on_the_page_only(self, alice):
        ask(make_request(alice, status=Status.WAITING_FOR_USER))
        assert Question.objects.count() == 1 and not Message.objects.exists()

    def test_an_amount_within_the_limit_lets_the_call_go_on(self, waiting, hints):
        question = ask(waiting)
        assert services.answer_question(question_id=question.pk, text="up to $80", by="sms").taken is Taken.ANSWERED
        waiting.refresh_from_db()
        assert (waiting.status, waiting.limit_minor, waiting.limit_source) == ("finding_number", 8000, f"question:{question.pk}")
        assert hints.ids("requests.find_number") == [str(waiting.pk)]

    @pytest.mark.parametrize("by", ["sms", "page"])
    def test_an_amount_above_the_limit_waits_for_the_tap(self, waiting, tom, hints, settings, by):
        question = ask(waiting)
        result = services.answer_question(question_id=question.pk, text="up to $150", by=by)
        waiting.refresh_from_db()
        assert result.taken is Taken.NEEDS_TAP
        assert (waiting.status, waiting.limit_minor) == ("waiting_for_user", None)
        text = Message.objects.latest("created_at", "pk").body
        assert "$150 is more than your limit of $100" in text and f"{settings.SITE_URL}/requests/{waiting.pk}/" in text
        assert services.confirm_answer(question_id=question.pk, user=tom, amount_minor=15_000).taken is Taken.ANSWERED
        assert services.confirm_answer(question_id=question.pk, user=tom, amount_minor=15_000).taken is Taken.TOO_LATE
        waiting.refresh_from_db()
        assert (waiting.status, waiting.limit_minor) == ("finding_number", 15000)
        assert hints.ids("requests.find_number") == [str(waiting.pk)]

    def test_a_smaller_amount_needs_no_tap_any_more(self, waiting):
        question = ask(waiting)
        services.answer_question(question_id=question.pk, text="up to $150", by="sms")
        assert services.answer_question(question_id=question.pk, text="ok, $90", by="sms").taken is Taken.ANSWERED
        waiting.refresh_from_db()
        assert waiting.limit_minor == 9000

    def test_a_yes_by_text_message_is_no_tap(self, waiting):
        question = ask(waiting)
        services.answer_question(question_id=question.pk, text="$150", by="sms")
        result = services.answer_question(question_id=question.pk, text="yes", by="sms")
        waiting.refresh_from_db()
        assert (result.taken, waiting.limit_minor) == (Taken.NOT_UNDERSTOOD, None)
        assert f"/requests/{waiting.pk}/" in result.text

    def test_a_tap_confirms_the_amount_that_its_button_named(self, waiting, tom, client):
        """A text that names more while the thumb is on the way is agreed to by nobody."""
        question = ask(waiting)
        services.answer_question(question_id=question.pk, text="$150", by="page")
        client.force_login(tom)
        page = client.get(f"/requests/{waiting.pk}/").content.decode()
        assert 'name="amount_minor" value="15000"' in page
        services.answer_question(question_id=question.pk, text="$9000", by="sms")
        for named in ({"amount_minor": "15000"}, {"amount_minor": "x"}, {}):
            response = client.post(f"/questions/{question.pk}/confirm/", named, headers={"HX-Request": "true"})
            assert response.status_code == 422
            assert "The amount was changed meanwhile." in response.content.decode() and 'value="900000"' in response.content.decode()
        waiting.refresh_from_db()
        assert waiting.limit_minor is None
        assert client.post(f"/questions/{question.pk}/confirm/", {"amount_minor": "900000"}, headers={"HX-Request": "true"}).status_code == 204
        waiting.refresh_from_db()
        assert waiting.limit_minor == 900_000

    def test_a_page_that_shows_one_amount_fetches_the_form_of_the_next(self, waiting, tom):
        """What is pushed has another place for it: the same place would be left as it is."""
        question = ask(waiting)
        places = set()
        for amount in ("$150", "$160"):
            services.answer_question(question_id=question.pk, text=amount, by="sms")
            places.update(re.findall(r'id="(answer-[^"]*)"', render(("question", str(question.pk)))))
        assert len(places) == 2

    def test_who_presses_twice_said_it_once(self, waiting):
        question = ask(waiting)
        for _ in range(2):
            assert services.answer_question(question_id=question.pk, text="$150", by="page").taken is Taken.NEEDS_TAP
        assert waiting.events.filter(kind="confirm").count() == 1

    def test_nobody_confirms_for_somebody_else(self, waiting, alice):
        question = ask(waiting)
        services.answer_question(question_id=question.pk, text="$150", by="sms")
        with pytest.raises(NotFound):
            services.confirm_answer(question_id=question.pk, user=alice, amount_minor=15_000)

    def test_there_is_nothing_to_confirm_without_an_answer(self, waiting, tom):
        assert services.confirm_answer(question_id=ask(waiting).pk, user=tom, amount_minor=15_000).taken is Taken.NOT_UNDERSTOOD

    def test_words_that_are_no_amount_leave_the_question_open(self, waiting):
        question = ask(waiting)
        result = services.answer_question(question_id=question.pk, text="blue", by="page")
        question.refresh_from_db()
        assert (result.taken, question.status) == (Taken.NOT_UNDERSTOOD, QuestionStatus.OPEN)
        assert result.text == "I didn't understand an amount. Reply for example: up to $80."

    def test_the_second_tab_learns_what_was_answered(self, waiting):
        question = ask(waiting)
        services.answer_question(question_id=question.pk, text="up to $80", by="sms")
        late = services.answer_question(question_id=question.pk, text="up to $90", by="page")
        assert late.taken is Taken.TOO_LATE
        assert late.text == "This was answered by text message: “up to $80”. The first answer counts."

    def test_after_the_end_nothing_waits(self, waiting, tom):
        question = ask(waiting)
        services.stop_request(request_id=waiting.pk, user=tom)
        assert services.answer_question(question_id=question.pk, text="$80", by="page").taken is Taken.TOO_LATE

    def test_no_means_that_it_is_not_ordered(self, waiting):
        services.answer_question(question_id=ask(waiting).pk, text="no", by="sms")
        waiting.refresh_from_db()
        assert waiting.status == Status.CANCELLED

    def test_an_answer_during_the_call_is_left_to_the_call(self, tom, hints, monkeypatch):
        poked = []
        monkeypatch.setattr("requests_app.answers.poke", lambda group, message: poked.append((group, message)))
        request = make_request(tom, status=Status.CALLING)
        question = ask(request, waiter="call.7")
        services.answer_question(question_id=question.pk, text="$80", by="page")
        request.refresh_from_db()
        assert (request.status, request.limit_minor) == ("calling", 8000)
        assert poked == [("call.7", {"type": "call.poke", "what": "answered", "question_id": str(question.pk)})]
        assert not hints.ids("requests.find_number")

    def test_a_number_from_the_user_is_called(self, waiting):
        question = ask(waiting, kind="text", step="number")
        services.answer_question(question_id=question.pk, text="519 555 0123", by="page")
        waiting.refresh_from_db()
        assert (waiting.number, waiting.number_evidence, waiting.status) == ("+15195550123", "you gave it", "finding_number")

    def test_a_number_that_is_none_is_asked_for_again(self, waiting):
        question = ask(waiting, kind="text", step="number")
        result = services.answer_question(question_id=question.pk, text="12", by="page")
        assert result.taken is Taken.NOT_UNDERSTOOD and "area code" in result.text

    @pytest.mark.parametrize(("text", "status"), [("yes", "finding_number"), ("no", "cancelled")])
    def test_whether_to_call_again(self, waiting, text, status):
        question = ask(waiting, kind="yes_no", step="dial")
        services.answer_question(question_id=question.pk, text=text, by="sms")
        waiting.refresh_from_db()
        assert waiting.status == status

    def test_yes_but_only_tomorrow_waits_until_then(self, waiting, hints):
        services.answer_question(question_id=ask(waiting, kind="yes_no", step="dial").pk, text="yes but only tomorrow after 3 pm", by="sms")
        waiting.refresh_from_db()
        tomorrow = timezone.now().astimezone(ZoneInfo("America/Toronto")).date() + timedelta(days=1)
        assert waiting.status == Status.SCHEDULED
        assert waiting.not_before == datetime.combine(tomorrow, time(15), ZoneInfo("America/Toronto"))
        assert not hints.ids("requests.find_number")
        assert "only tomorrow" in Event.objects.filter(kind="status").latest("seq").text

    def test_a_condition_is_told_to_the_planner_and_in_the_call(self, waiting, hints):
        question = ask(waiting, kind="yes_no", step="dial")
        services.answer_question(question_id=question.pk, text="yes, but ask for Jo", by="page")
        waiting.refresh_from_db()
        assert waiting.status == Status.PLANNING and hints.ids("requests.pick_up") == [str(waiting.pk)]
        assert answers_for_plan(waiting) == [{"question": question.text, "answer": "yes, but ask for Jo"}]
        assert [answer.statement for answer in briefing.answers(waiting)] == [f"{question.text} — yes, ask for Jo"]

    def test_what_was_asked_during_a_call_never_reaches_the_planner(self, waiting):
        services.answer_question(question_id=ask(waiting, kind="yes_no").pk, text="yes, but ask for Jo", by="page")
        assert answers_for_plan(waiting) == []

    def test_a_money_answer_keeps_its_condition(self, waiting):
        services.answer_question(question_id=ask(waiting).pk, text="eighty tops, but no lilies", by="page")
        assert briefing.answers(waiting)[0].statement.endswith("— up to $80, but no lilies")


@pytest.mark.django_db(transaction=True)
def test_of_twenty_answers_at_once_one_counts_and_the_request_goes_on_once(tom, hints):
    request = make_request(tom, status=Status.WAITING_FOR_USER, number="+15195550117")
    question = ask(request)
    together = threading.Barrier(20)

    def answer(number: int) -> tuple[Taken, int]:
        together.wait()
        try:
            return services.answer_question(question_id=question.pk, text=f"${10 + number}", by="page").taken, number
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(answer, range(20)))
    winners = [number for taken, number in results if taken is Taken.ANSWERED]
    assert len(winners) == 1 and [taken for taken, _ in results].count(Taken.TOO_LATE) == 19
    assert Request.objects.get().limit_minor == 100 * (10 + winners[0])
    assert hints.ids("requests.find_number") == [str(request.pk)]
    assert Event.objects.filter(kind="answered").count() == 1
