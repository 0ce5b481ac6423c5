"""Facts that contradict each other, and an ask in another language: both get through planning, and nothing is made up on the way."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from context.models import Contact, Fact
from requests_app import planning
from requests_app.models import Question, Request
from requests_app.plan_dates import spelled_out
from requests_app.status import Status
from tests.cast import make_request
from tests.fakes import no_call, plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


def planned(request: Request) -> Request:
    planning.pick_up(request_id=request.pk)
    request.refresh_from_db()
    return request


def callee(name: str) -> dict[str, str]:
    return {"contact_id": f"contact:{Contact.objects.get(name=name).pk}", "name": name, "kind": ""}


@pytest.fixture
def teachers(tom) -> tuple[Fact, Fact]:
    """What Tom said a year ago, and last week: nobody took the one back when the other came."""
    old = Fact.objects.create(user=tom, statement="Mara's teacher is Ms. Lind", about="Mara", topic="teacher")
    new = Fact.objects.create(user=tom, statement="Mara's teacher is Mr. Okafor", about="Mara", topic="teacher")
    Fact.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=365))
    Fact.objects.filter(pk=new.pk).update(created_at=timezone.now() - timedelta(days=7))
    return old, new


def test_the_planner_sees_both_of_two_facts_that_contradict_and_which_is_newer(tom, teachers, thinker):
    thinker.scripts = [plan(callee=callee("Brock Road School"), share=[f"fact:{teachers[1].pk}"])]
    request = planned(make_request(tom, ask="Tell Mara's teacher at the school that she is sick today."))
    told = {fact["id"]: fact for fact in thinker.prompt()["facts"]}
    old, new = (told[f"fact:{fact.pk}"] for fact in teachers)
    assert (old["statement"], new["statement"]) == ("Mara's teacher is Ms. Lind", "Mara's teacher is Mr. Okafor")
    assert old["noted"] < new["noted"]
    assert request.status == Status.FINDING_NUMBER and request.plan is not None
    assert request.plan["share"] == [f"fact:{teachers[1].pk}"], "the older one is not told"


def test_where_a_mistake_would_harm_the_user_is_asked_and_both_facts_stay(tom, teachers, thinker):
    thinker.scripts = [no_call("ask_user", question="Is Mara's teacher Ms. Lind or Mr. Okafor?"), plan(callee=callee("Brock Road School"))]
    request = planned(make_request(tom, ask="Tell Mara's teacher that she is sick today."))
    question = Question.objects.get()
    assert (request.status, question.text) == (Status.WAITING_FOR_USER, "Is Mara's teacher Ms. Lind or Mr. Okafor?")
    assert Fact.objects.filter(pk__in=[fact.pk for fact in teachers], status="confirmed").count() == 2


FOREIGN = {
    "French": ("Appelle l'école : Mara est malade aujourd'hui.", "Dire à l'école que Mara Redmond est malade aujourd'hui."),
    "German": ("Ruf bitte die Schule an, Mara ist heute krank.", "Der Schule sagen, dass Mara Redmond heute krank ist."),
    "Spanish": ("Llama a la escuela: Mara está enferma hoy.", "Decir a la escuela que Mara Redmond está enferma hoy."),
}


@pytest.mark.parametrize("language", FOREIGN)
def test_an_ask_in_another_language_is_planned_in_it_with_its_days_spelled_out(tom, thinker, language):
    ask, goal = FOREIGN[language]
    opening = "I'm calling to let you know that Mara Redmond is sick today."
    thinker.scripts = [plan(goal=goal, opening_line=opening, callee=callee("Brock Road School"))]
    request = planned(make_request(tom, ask=ask))
    prompt = thinker.prompt(0)
    assert (prompt["ask"], prompt["call_language"]) == (ask, tom.language), "what the callee hears is in the language of the call"
    assert request.status == Status.FINDING_NUMBER and request.plan is not None
    assert request.current_snapshot is not None
    today = request.current_snapshot.taken_at.astimezone(ZoneInfo(tom.time_zone))
    assert request.plan["goal"] != goal and request.plan["goal"].count("202") == 1, "the day has its date"
    assert f"today, {today:%A}, {today:%B} {today.day}" in request.plan["opening_line"], "as people say it"


def test_an_amount_in_another_language_is_the_limit_that_was_named(tom, thinker):
    thinker.scripts = [plan(kind="buy", goal="Blumen für Krista Redmond bestellen.", callee=callee("Sweet Violet's"), limit_minor=8000)]
    request = planned(make_request(tom, ask="Bestell Krista Blumen für höchstens 80 Dollar."))
    assert request.limit_minor == 8000


NOTHING_FOUND = {
    "Wann ist mein nächster Ölwechsel?": "Das weiß ich nicht.",
    "Quand est ma prochaine vidange ?": "Je ne sais pas.",
    "When is the fair?": "I don't know.",
}


@pytest.mark.parametrize("ask", NOTHING_FOUND)
def test_where_the_model_cites_nothing_the_answer_is_code_s_own_in_the_language_of_the_ask(tom, thinker, ask):
    thinker.scripts = [no_call("answer", answer="Am Montag.", sources=[])] * 2
    request = planned(make_request(tom, ask=ask))
    assert request.status == Status.DONE and (request.outcome or {})["answer"].startswith(NOTHING_FOUND[ask])


REFUSED = {
    "Ruf bitte die Leute an und verkaufe ihnen meine Versicherung.": "Floyd verkauft nichts",
    "Appelle les gens pour leur vendre mon assurance.": "Floyd ne vend rien",
    "Llama a los vecinos y véndeles mi seguro.": "Floyd no vende",
}


@pytest.mark.parametrize("ask", REFUSED)
def test_what_floyd_does_not_do_is_declined_in_the_language_of_the_ask(tom, thinker, ask):
    request = planned(make_request(tom, ask=ask))
    assert request.status == Status.FAILED and request.trouble.startswith(REFUSED[ask])
    assert not thinker.asked


def test_a_question_in_another_language_is_answered_from_the_same_calendar(tom, thinker):
    entry = tom.calendar_entries.get()
    answer = "Am Donnerstag um 9:30 Uhr."
    thinker.scripts = [no_call("answer", answer=answer, sources=[f"calendar:{entry.pk}"])]
    request = planned(make_request(tom, ask="Wann ist mein nächster Zahnarzttermin?"))
    today = timezone.now().astimezone(ZoneInfo(tom.time_zone)).date()
    assert (request.status, (request.outcome or {})["answer"]) == (Status.DONE, spelled_out(answer, today, weekdays=False))
