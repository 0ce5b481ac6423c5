"""A few useful questions, each asked once and skipped for ever; and facts of which nobody made use are looked at again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from context import interview
from context.interview_models import InterviewQuestion
from context.models import Contact, Fact

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


@pytest.fixture
def page(client, alice):
    client.force_login(alice)

    def get() -> str:
        html: str = client.get("/knows/").content.decode()
        return html

    return get


def test_a_newcomer_is_asked_one_thing_at_a_time(client, alice, page):
    for text in interview.FROM_THE_BEGINNING.values():
        assert text in page()
        question = InterviewQuestion.objects.get(user=alice, status="open")
        client.post(f"/knows/interview/{question.pk}/", {"words": f"About {question.key}"})
    assert "Floyd would like to know" not in page()
    assert set(Fact.objects.filter(user=alice).values_list("topic", flat=True)) == set(interview.FROM_THE_BEGINNING)


def test_what_was_skipped_is_never_asked_again(client, alice, page):
    for _ in interview.FROM_THE_BEGINNING:
        page()
        question = InterviewQuestion.objects.get(user=alice, status="open")
        client.post(f"/knows/interview/{question.pk}/", {"skip": "1", "words": ""})
    assert "Floyd would like to know" not in page() and not Fact.objects.filter(user=alice).exists()


def test_what_is_known_is_not_asked(tom):
    assert interview.next_question(tom) is None


def test_a_hole_is_asked_about_once_and_filled(client, alice, page):
    InterviewQuestion.objects.bulk_create(InterviewQuestion(user=alice, key=key, text="x", status="skipped") for key in interview.FROM_THE_BEGINNING)
    assert interview.ask_for_contact(user=alice, kind="Dentist") is not None
    assert interview.ask_for_contact(user=alice, kind="dentist") is None
    assert "Do you have a dentist" in page()
    question = InterviewQuestion.objects.get(user=alice, status="open")
    client.post(f"/knows/interview/{question.pk}/", {"words": "Dr. Who", "phone": "call me"})
    assert not Contact.objects.filter(user=alice).exists() and "Do you have a dentist" in page()
    client.post(f"/knows/interview/{question.pk}/", {"words": "Dr. Who", "phone": "519 555 0131"})
    contact = Contact.objects.get(user=alice)
    assert (contact.name, contact.kind, contact.phone) == ("Dr. Who", "dentist", "+15195550131")
    assert interview.ask_for_contact(user=alice, kind="dentist") is None


def test_an_empty_answer_settles_nothing_and_nobody_answers_for_others(client, alice, tom, page):
    page()
    question = InterviewQuestion.objects.get(user=alice, status="open")
    client.post(f"/knows/interview/{question.pk}/", {"words": "  "})
    client.force_login(tom)
    assert client.post(f"/knows/interview/{question.pk}/", {"words": "mine"}).status_code == 404
    question.refresh_from_db()
    assert question.status == "open"


def test_facts_unused_for_long_are_looked_at_again(client, tom):
    client.force_login(tom)
    fact = Fact.objects.get(user=tom, topic="car")
    assert "Still right?" not in client.get("/knows/").content.decode()
    Fact.objects.filter(pk=fact.pk).update(created_at=timezone.now() - timedelta(days=400))
    assert "Still right?" in client.get("/knows/").content.decode()
    client.post(f"/knows/facts/{fact.pk}/keep/")
    assert "Still right?" not in client.get("/knows/").content.decode()
