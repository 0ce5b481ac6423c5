""" "No, it was Tuesday": a text after an outcome corrects it; a plain no, thanks or a wish of its own does not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from requests_app import services
from requests_app.messages import queue_message
from requests_app.models import Message, Request
from requests_app.next_step import Correction
from requests_app.put_right import FRESH, read_objection
from requests_app.status import Status
from tests.cast import TOMS_PHONE, make_request

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "words", "timed"),
    [
        ("no, it was Tuesday", "Tuesday", True),
        ("No, it’s Tuesday at 9:30.", "Tuesday at 9:30", True),
        ("Nope. That's wrong, it was the 26th", "the 26th", True),
        ("actually it's at four", "at four", True),
        ("No, Thursday at 2", "Thursday at 2", True),
        ("Not quite: they said on Monday", "They said on Monday", False),
        ("sorry, they said $80", "They said $80", False),
        ("No. It was for Mara.", "It was for Mara.", False),
        ("Nein, es war Dienstag", "Dienstag", True),
        ("Nein, das stimmt nicht: am Donnerstag um halb zehn.", "am Donnerstag um halb zehn", True),
        ("Stimmt nicht, der Termin ist am 26. um 14 Uhr", "am 26. um 14 Uhr", True),
        ("Nein, es war für Mara.", "Es war für Mara.", False),
        ("Non, c'était mardi", "mardi", True),
        ("Non, c’est jeudi à 9 h 30.", "jeudi à 9 h 30", True),
        ("C'est faux, ils ont dit 80 dollars", "Ils ont dit 80 dollars", False),
        ("No, era el martes", "el martes", True),
        ("No, la cita es el jueves a las nueve y media", "el jueves a las nueve y media", True),
        ("En realidad era para Mara.", "Era para Mara.", False),
    ],
)
def test_what_puts_something_right(text, words, timed):
    said = read_objection(text, now=NOW, time_zone="America/Toronto")
    assert said is not None and (said.words, said.timed) == (words, timed)


@pytest.mark.parametrize(
    "text",
    ["no", "No thanks", "No problem!", "no worries, see you tomorrow", "no need to call tomorrow", "not right now", "Thanks, it was Tuesday", "",
     "nein", "Nein danke", "Kein Problem", "Non merci", "Non, ça va", "No gracias", "Nein, ruf die andere Werkstatt an, die ist offen",
     "Non, appelle l'autre garage, il est ouvert", "No, llama al otro taller, es mejor",
     "No, call the other garage", "No, cancel it", "No, order tulips instead", "actually can you call the school at 9", "no " + "it was x " * 30],
)  # fmt: skip
def test_what_puts_nothing_right(text):
    assert read_objection(text, now=NOW, time_zone="America/Toronto") is None


def item(text, kind="agreed", when=None):
    return {"kind": kind, "text": text, "when": when, "lines": [1], "amount_minor": None, "currency": None}


def told(tom, *items, **fields) -> Request:
    """A request whose outcome was just told by text."""
    outcome = {"achieved": "yes", "summary": "Booked.", "items": list(items), "missing": []}
    wish = make_request(tom, **({"status": Status.DONE, "outcome": outcome, "attempt": 1} | fields))
    queue_message(user=tom, body="Booked for Thursday.", request=wish, dedupe_key=f"told:{wish.pk}")
    return wish


def receive(body) -> Message:
    return services.receive_message(peer=TOMS_PHONE, body=body, carrier_sid=f"SM{Message.objects.count()}")


def replies() -> list[str]:
    return list(Message.objects.filter(outbound=True, dedupe_key__startswith="reply:").order_by("pk").values_list("body", flat=True))


@pytest.mark.django_db
@pytest.mark.usefixtures("at_once")
class TestByText:
    def test_the_time_is_put_right_once_and_said_so(self, tom):
        wish = told(tom, item("Ask for Dana", "learned"), item("A cleaning", when="Thursday at ten"))
        for _ in range(2):
            message = services.receive_message(peer=TOMS_PHONE, body="no, it was Tuesday", carrier_sid="SM1")
        row = Correction.objects.get()
        assert (row.request, row.item, row.field, row.was, row.now, row.way) == (wish, 1, "when", "Thursday at ten", "Tuesday", "sms")
        assert message.request == wish and Request.objects.count() == 1
        assert replies() == ["Thank you, that is put right: “Thursday at ten” is now “Tuesday”."]

    def test_in_another_language_too(self, tom):
        wish = told(tom, item("A cleaning", when="Thursday at ten"))
        receive("Nein, es war Dienstag um halb zehn")
        row = Correction.objects.get()
        assert (row.request, row.field, row.now) == (wish, "when", "Dienstag um halb zehn")

    def test_of_several_times_the_agreed_one_is_meant(self, tom):
        told(tom, item("They open", "learned", "at nine"), item("A cleaning", when="Thursday at ten"))
        receive("no, it was Tuesday")
        assert Correction.objects.get().item == 1

    @pytest.mark.parametrize("items", [[], [item("x", when="Monday"), item("y", when="Friday")]])
    def test_where_no_part_is_the_one_the_summary_is_put_right(self, tom, items):
        told(tom, *items)
        receive("no, it was Tuesday")
        row = Correction.objects.get()
        assert (row.item, row.was, row.now) == (None, "Booked.", "Tuesday")

    def test_words_are_the_summary_and_may_be_put_right_again(self, tom):
        told(tom, item("A cleaning", when="Thursday at ten"))
        receive("No, it was for Mara.")
        receive("No, it was for Krista.")
        assert [row.now for row in Correction.objects.all()] == ["It was for Mara.", "It was for Krista."]
        receive("No, it was for Krista.")
        assert "stands there already" in replies()[-1]

    def test_after_a_question_a_no_is_the_answer(self, tom):
        told(tom, item("A cleaning", when="Thursday at ten"))
        other = make_request(tom, status=Status.WAITING_FOR_USER)
        question = services.ask_question(request=other, kind="text", text="Was it Monday?", step="plan")
        receive("no, it was Tuesday")
        question.refresh_from_db()
        assert question.answer is not None and question.answer["text"] == "no, it was Tuesday"
        assert not Correction.objects.exists()

    @pytest.mark.parametrize("status", [Status.FAILED, Status.SCHEDULED])
    def test_without_an_outcome_it_is_a_wish(self, tom, status):
        told(tom, status=status, outcome=None)
        message = receive("no, it was Tuesday")
        assert message.request is not None and message.request.ask == "no, it was Tuesday"

    def test_what_was_told_long_ago_is_not_meant(self, tom):
        told(tom, item("A cleaning", when="Thursday at ten"))
        Message.objects.update(created_at=timezone.now() - FRESH - timedelta(minutes=1))
        receive("no, it was Tuesday")
        assert not Correction.objects.exists()
