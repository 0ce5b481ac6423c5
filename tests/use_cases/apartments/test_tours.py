"""Tours end up in the database once, and nobody gets a slot that somebody else has."""

import threading
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from requests_app.models import Message
from requests_app.opt_out import take_word
from tests.use_cases.people import DANAS_PHONE
from tests.use_cases.tool_calls import a_call
from use_cases.apartments import touring
from use_cases.apartments.availability import Asked
from use_cases.apartments.catalogue import read_kind
from use_cases.apartments.models import Apartment, Tour
from use_cases.apartments.slots import TourKind
from use_cases.apartments.stock import refresh
from use_cases.apartments.tools import (
    cancel_tour,
    check_availability,
    check_claim,
    common_questions,
    existing_appointments,
    list_available_apartments,
    schedule_tour,
    send_confirmation,
)
from use_cases.models import Caller

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

HERE = ZoneInfo("America/Denver")
#: A Monday morning.
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=HERE)
TUESDAY_AT_TWO = datetime(2026, 11, 24, 14, 0, tzinfo=HERE)
IN_WORDS = "Tuesday, 24 November 2026 at 2:00 pm"
WANTED = {"date": "tomorrow", "time": "2 pm", "tour_type": "with an agent", "layout": "2 bedroom"}


@pytest.fixture(autouse=True)
def apartments(db):
    refresh(NOW.date())


@pytest.fixture
def call(db):
    return a_call(NOW)


def ann() -> Caller:
    return Caller.objects.get_or_create(number="+15195550178", defaults={"first_name": "Ann"})[0]


@pytest.mark.parametrize(
    ("said", "kind"),
    {
        "self-guided": TourKind.SELF_GUIDED,
        "self guided": TourKind.SELF_GUIDED,
        "on my own": TourKind.SELF_GUIDED,
        "without an agent": TourKind.SELF_GUIDED,
        "agent-led": TourKind.AGENT_LED,
        "in-person": TourKind.AGENT_LED,
        "with an agent": TourKind.AGENT_LED,
        "in person": TourKind.AGENT_LED,
        "": None,
        "a tour": None,
    }.items(),
)
def test_kinds_of_tours_are_read_however_they_are_said(said, kind):
    assert read_kind(said) is kind


class TestScheduling:
    def test_from_the_first_question_to_the_booked_tour(self, call):
        assert call(check_availability, layout="two bedroom") == {"missing": ["date", "tour type"], "next": "Ask for the date first."}
        assert call(check_availability, **WANTED)["available"] is True
        told = call(schedule_tour, **WANTED)
        assert told["scheduled"] is True
        tour = Tour.objects.get()
        assert (tour.apartment.layout, tour.kind, tour.starts_at) == ("two-bedroom", TourKind.AGENT_LED, TUESDAY_AT_TWO)
        assert (tour.caller.number, tour.cancelled_at) == (DANAS_PHONE, None)
        assert call(existing_appointments)["tours"] == [
            f"agent-led tour of the two-bedroom on {IN_WORDS}, 1833 Jefferson Avenue, Missoula, Montana 59802"
        ]

    @pytest.mark.parametrize("time", ["14:00", "2 pm", "two in the afternoon", "1400 hours", "2 p.m."])
    def test_times_in_any_form_are_one_slot(self, call, time):
        call(schedule_tour, **WANTED)
        other = a_call(NOW, ann())
        assert other(schedule_tour, **WANTED | {"time": time})["scheduled"] is False
        assert Tour.objects.count() == 1

    def test_a_wish_that_is_tried_again_is_one_tour(self, call):
        assert call(schedule_tour, key="k", **WANTED) == call(schedule_tour, key="k", **WANTED)
        assert Tour.objects.count() == 1

    def test_who_comes_second_hears_what_else_there_is(self, call):
        call(schedule_tour, **WANTED)
        told = a_call(NOW, ann())(schedule_tour, **WANTED)
        assert told == {
            "scheduled": False,
            "available": False,
            "other_times_that_day": [f"Tuesday, 24 November 2026 at {at}" for at in ("1:00 pm", "1:30 pm", "2:30 pm")],
        }

    def test_nobody_is_in_two_places(self, call):
        call(schedule_tour, **WANTED)
        assert "another tour at that time" in call.refusal(schedule_tour, **WANTED | {"layout": "studio", "tour_type": "self-guided"})

    def test_without_a_time_nothing_is_booked(self, call):
        assert "time" in call.refusal(schedule_tour, **WANTED | {"time": ""})
        assert not Tour.objects.exists()

    @pytest.mark.parametrize(
        ("change", "asks"),
        [
            ({"date": "yesterday"}, "day from today on"),
            ({"date": "2020-01-01"}, "day from today on"),
            ({"time": "sometime"}, "one time of day"),
            ({"tour_type": "by boat"}, "self-guided or led by an agent"),
            ({"layout": "penthouse"}, "no such layout"),
        ],
    )
    def test_what_cannot_be_read_is_asked_for(self, call, change, asks):
        assert asks in call.refusal(check_availability, **WANTED | change)

    def test_a_day_on_which_the_agent_is_not_there_leads_to_others(self, call):
        told = call(check_availability, **WANTED | {"date": "Sunday"})
        assert (told["available"], told["nothing_that_day"]) == (False, True)
        assert len(told["other_days"]) == 3


class TestCallingOff:
    def test_a_tour_that_is_called_off_frees_its_slot(self, call):
        call(schedule_tour, **WANTED)
        assert "two-bedroom" in call(cancel_tour, date="tomorrow", time="14:00")["cancelled"]
        assert call(existing_appointments)["tours"] == []
        assert a_call(NOW, ann())(schedule_tour, **WANTED)["scheduled"] is True

    def test_nobody_calls_off_anothers_tour(self, call):
        call(schedule_tour, **WANTED)
        assert "no tour at that time" in a_call(NOW, ann()).refusal(cancel_tour, date="tomorrow", time="14:00")
        assert Tour.objects.filter(cancelled_at=None).count() == 1


class TestConfirming:
    def test_a_confirmation_goes_to_the_number_that_rings_once(self, call):
        call(schedule_tour, **WANTED)
        for _ in range(2):
            call(send_confirmation, key="k", date="tomorrow", time="two pm")
        message = Message.objects.get()
        assert (message.peer, message.way, message.template) == (DANAS_PHONE, "text", "tour_confirmed")
        assert message.body.startswith(
            f"Parkview Apartments: your agent-led tour of the two-bedroom apartment is on {IN_WORDS}.\n1833 Jefferson Avenue"
        )

    def test_without_a_tour_nothing_is_confirmed(self, call):
        assert "no tour" in call.refusal(send_confirmation, date="tomorrow", time="2 pm")

    def test_who_wants_no_texts_is_told_so(self, call):
        call(schedule_tour, **WANTED)
        take_word(number=DANAS_PHONE, word="STOP")
        assert "START" in call.refusal(send_confirmation, date="tomorrow", time="2 pm")

    def test_a_withheld_number_gets_no_text(self):
        call = a_call(NOW, number="")
        call(schedule_tour, **WANTED)
        assert "no number" in call.refusal(send_confirmation, date="tomorrow", time="2 pm")


class TestTelling:
    def test_apartments_are_listed_by_what_was_said(self, call):
        assert len(call(list_available_apartments)["apartments"]) == 4
        told = call(list_available_apartments, budget="up to $1,300")["apartments"]
        assert [line.split(",")[0] for line in told] == ["studio", "one-bedroom"]
        told = call(list_available_apartments, move_in_date="December 1")["apartments"]
        assert [line.split(",")[0] for line in told] == ["two-bedroom"]
        assert len(call(list_available_apartments, layout="three bedroom")["apartments"]) == 1

    def test_when_nothing_fits_all_are_told(self, call):
        told = call(list_available_apartments, budget="$200")
        assert (told["apartments"], len(told["all_apartments"])) == ([], 4)

    def test_an_unclear_budget_is_asked_for(self, call):
        assert "one amount" in call.refusal(list_available_apartments, budget="not too much")

    def test_questions_are_answered_by_layout(self, call):
        assert call(common_questions, topic="pets", layout="studio") == {"answer": "For the studio: no pets are allowed."}
        answer = call(common_questions, topic="specials", layout="two-bedroom")["answer"]
        assert answer == "For the two-bedroom: there is no application fee if you move in by Tuesday, 8 December 2026."

    def test_a_wrong_claim_is_corrected(self, call):
        told = call(check_claim, layout="studio", about="rent", said="$900")
        assert told == {"on_file": "The rent of the studio is $1,050.", "caller_is_right": False, "next": "They are mistaken: correct them politely."}
        assert call(check_claim, layout="studio", about="square feet", said="450")["caller_is_right"] is True


class TestRefreshing:
    def test_days_that_are_past_move_on_and_edits_stay(self):
        Apartment.objects.filter(layout="studio").update(rent_minor=1, available_from=date(2027, 1, 10))
        later = NOW.date() + timedelta(days=18)
        assert refresh(NOW.date()) == 0
        assert refresh(later) == 2
        studio, two = Apartment.objects.get(layout="studio"), Apartment.objects.get(layout="two-bedroom")
        assert (studio.rent_minor, studio.available_from) == (1, date(2027, 1, 10))
        assert two.available_from == later + timedelta(days=5)
        assert refresh(later) == 0

    def test_what_is_missing_is_added(self):
        Apartment.objects.get(layout="studio").delete()
        assert refresh(NOW.date()) == 1
        assert Apartment.objects.count() == 4


class TestTheDatabase:
    """Whatever the code looks at, a slot is given once."""

    def tour(self, **fields) -> Tour:
        values = {
            "apartment": Apartment.objects.get(layout="studio"),
            "caller": ann(),
            "kind": "self-guided",
            "starts_at": TUESDAY_AT_TWO,
            "key": "a",
        }
        return Tour.objects.create(**values | fields)

    @pytest.mark.parametrize("kind", ["agent-led", "self-guided"])
    def test_an_apartment_has_one_party_at_a_time(self, kind):
        self.tour()
        with pytest.raises(IntegrityError, match="tour_apartment_slot"), transaction.atomic():
            self.tour(kind=kind, caller=Caller.objects.create(number="+15195550179"), key="b")

    def test_the_agent_has_one_party_at_a_time(self):
        self.tour(kind="agent-led")
        other = {"apartment": Apartment.objects.get(layout="two-bedroom"), "caller": Caller.objects.create(number="+15195550179"), "key": "b"}
        with pytest.raises(IntegrityError, match="tour_agent_slot"), transaction.atomic():
            self.tour(kind="agent-led", **other)
        self.tour(kind="self-guided", **other)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_want_one_slot_at_once_one_gets_it():
    refresh(NOW.date())
    asked = Asked(TUESDAY_AT_TWO.date(), TUESDAY_AT_TWO.time(), TourKind.AGENT_LED, "studio")
    callers = [Caller.objects.create(number=f"+1519555018{place}") for place in range(6)]
    together, ends = threading.Barrier(len(callers)), []

    def want(caller: Caller) -> None:
        try:
            together.wait()
            touring.book(caller=caller, asked=asked, key=f"key {caller.pk}", now=NOW)
            ends.append("booked")
        except touring.NotFreeError as error:
            ends.append(error.instead.finding)
        finally:
            connection.close()

    threads = [threading.Thread(target=want, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["booked", *["other_times"] * 5]
    assert Tour.objects.count() == 1
