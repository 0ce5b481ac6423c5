"""Who rings with a number that nobody vouches for hears nothing that is on file for it, but what they name themselves."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from calls.lines.tool_runs import Wish
from requests_app.models import Message
from requests_app.opt_out import take_word
from tests.use_cases.people import DANAS_PHONE, taken_call
from tests.use_cases.tool_calls import ToolCalls, a_call
from use_cases.apartments.models import Tour
from use_cases.apartments.stock import refresh
from use_cases.apartments.tools import cancel_tour, existing_appointments, schedule_tour, send_confirmation
from use_cases.loading import load_all
from use_cases.models import Caller, InboundCall, UseCaseVersion, WrongGuess
from use_cases.on_file import MOST_WRONG, TEXTED, WRONG_WITHIN
from use_cases.restaurant.models import Order
from use_cases.restaurant.streets import is_street_of
from use_cases.restaurant.tools import add_item, past_orders, place_order, read_back_order, send_details, start_order
from use_cases.running import run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]

#: A Tuesday noon, at which the kitchen is open; tours are looked for from there on.
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("America/Los_Angeles"))
TOUR = {"date": "tomorrow", "time": "2 pm", "tour_type": "self-guided", "layout": "studio"}
IN_WORDS = "Wednesday, 25 November 2026 at 2:00 pm"
HOME = "12 Pine Street, San Francisco, 94111"
#: What no stranger may read anywhere.
SECRET = ("Pine", "94111", "2:00 pm", "studio", "Hawaiian", "Jefferson")


@pytest.fixture
def known(db) -> Caller:
    """Somebody with a tour and a delivered order, both made while their carrier vouched for them."""
    refresh(NOW.date())
    call = a_call(NOW)
    call(schedule_tour, **TOUR)
    call(start_order, kind="delivery", address=HOME)
    call(add_item, item="hawaiian", size="large")
    call(read_back_order)
    call(place_order)
    return Caller.objects.get(number=DANAS_PHONE)


@pytest.fixture
def stranger(known) -> ToolCalls:
    """Whoever rings with their number."""
    return a_call(NOW, known, attested=False)


def tells_nothing(told: object) -> bool:
    return not any(word.casefold() in str(told).casefold() for word in SECRET)


class TestTours:
    def test_none_is_listed_and_whether_there_is_one_cannot_be_told(self, stranger):
        told = stranger(existing_appointments)
        assert tells_nothing(told) and told["tours_of_this_call"] == []
        assert told == a_call(NOW, number="+15195550179", attested=False)(existing_appointments)

    def test_the_one_they_name_is_confirmed_and_no_other(self, stranger, known):
        a_call(NOW, known)(schedule_tour, **TOUR | {"time": "4 pm"})
        (tour,) = stranger(existing_appointments, date="tomorrow", time="two pm")["tours"]
        assert IN_WORDS in tour
        assert not WrongGuess.objects.exists()

    def test_a_wrong_one_is_denied_and_a_few_wrong_ones_are_the_end(self, stranger, known):
        for time in ("10 am", "11 am", "3 pm")[:MOST_WRONG]:
            told = stranger(existing_appointments, date="tomorrow", time=time)
            assert told["tours"] == [] and tells_nothing(told)
        for call in (stranger, a_call(NOW, known, attested=False)):
            assert "person" in call.refusal(existing_appointments, date="tomorrow", time="2 pm")
            assert "person" in call.refusal(cancel_tour, date="tomorrow", time="2 pm")
        assert a_call(NOW, known)(existing_appointments)["tours"], "who is vouched for hears them"
        another_day = a_call(NOW + WRONG_WITHIN + timedelta(seconds=1), known, attested=False)
        assert another_day(existing_appointments, date="today", time="2 pm")["tours"]

    def test_the_same_wrong_one_counts_once_a_call(self, stranger):
        for _ in range(MOST_WRONG + 2):
            assert stranger(existing_appointments, date="tomorrow", time="10 am")["tours"] == []
        assert WrongGuess.objects.count() == 1

    def test_half_a_name_is_asked_for_and_no_guess(self, stranger):
        assert "both" in stranger.refusal(existing_appointments, date="tomorrow")
        assert not WrongGuess.objects.exists()

    def test_calling_off_takes_the_right_day_and_time_and_refusals_list_nothing(self, stranger, known):
        for call in (stranger, a_call(NOW, known)):
            for tool in (cancel_tour, send_confirmation):
                assert tells_nothing(call.refusal(tool, date="tomorrow", time="10 am"))
        assert IN_WORDS in stranger(cancel_tour, date="tomorrow", time="2 pm")["cancelled"]

    def test_what_was_scheduled_in_this_call_is_told(self, stranger):
        stranger(schedule_tour, **TOUR | {"time": "4 pm"})
        (tour,) = stranger(existing_appointments)["tours_of_this_call"]
        assert "4:00 pm" in tour

    def test_all_are_texted_to_the_number_whoever_rings_once_a_day(self, stranger):
        Message.objects.all().delete()
        for _ in range(2):
            assert stranger(send_confirmation) == {"sent": TEXTED}
        message = Message.objects.get()
        assert (message.peer, message.template) == (DANAS_PHONE, "tours_on_file")
        assert IN_WORDS in message.body

    def test_without_tours_the_words_are_the_same_and_nothing_is_sent(self):
        assert a_call(NOW, attested=False)(send_confirmation) == {"sent": TEXTED}
        assert not Message.objects.exists()

    @pytest.mark.parametrize("with_tours", [True, False])
    def test_who_wants_no_texts_is_told_so_whether_there_are_tours_or_not(self, known, with_tours):
        take_word(number=DANAS_PHONE, word="STOP")
        if not with_tours:
            Tour.objects.all().delete()
        assert "START" in a_call(NOW, known, attested=False).refusal(send_confirmation)


class TestOrders:
    def test_none_is_listed(self, stranger):
        told = stranger(past_orders)
        assert tells_nothing(told) and told["orders_of_this_call"] == []

    @pytest.mark.parametrize("named", [{"dish": "hawaiian pizza"}, {"street": "Pine Street"}, {"street": "12 pine st"}])
    def test_the_one_they_name_is_told_without_its_address(self, stranger, named):
        (told,) = stranger(past_orders, **named)["orders"]
        assert "Hawaiian" in str(told) and "Pine" not in str(told) and "94111" not in str(told)

    def test_a_few_wrong_names_are_the_end(self, stranger):
        for street in ("Elm Street", "Oak Street", "Main Street")[:MOST_WRONG]:
            assert tells_nothing(stranger(past_orders, street=street))
        assert "person" in stranger.refusal(past_orders, street="Pine Street")

    def test_a_dish_that_there_is_not_is_no_guess(self, stranger):
        assert "menu" in stranger.refusal(past_orders, dish="sushi")
        assert not WrongGuess.objects.exists()

    @pytest.mark.parametrize("on_file", [True, False])
    def test_a_stored_address_is_never_read_out_nor_used(self, stranger, on_file):
        refusal = stranger.refusal(start_order, kind="delivery", address_on_file=on_file)
        assert "Ask for the address" in refusal and tells_nothing(refusal)

    def test_an_address_that_a_stranger_says_is_not_kept_for_the_owner(self, stranger, known):
        stranger(start_order, kind="delivery", address="1 Thief Road, 94000")
        assert Order.objects.get(call_id=stranger.context.call_id).address == "1 Thief Road, 94000"
        assert a_call(NOW, known)(start_order, kind="delivery")["address_on_file"] == HOME

    def test_all_are_texted_to_the_number_without_the_address(self, stranger):
        Message.objects.all().delete()
        assert stranger(send_details, what="past_orders") == {"sent": TEXTED}
        body = Message.objects.get(peer=DANAS_PHONE).body
        assert "Hawaiian" in body and "Pine" not in body


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("Pine Street", True),
        ("12 Pine St.", True),
        ("it was to pine", True),
        ("12 Pine Street in San Francisco", True),
        ("14 Pine Street", False),
        ("Pine or Elm or Oak", False),
        ("Street", False),
        ("San Francisco", False),
        ("12", False),
        ("", False),
    ],
)
def test_a_street_is_named_by_its_own_name(said, fits):
    assert is_street_of(said, HOME) is fits


@pytest.mark.parametrize("attested", [True, False])
def test_a_tool_of_a_call_knows_whether_the_number_is_vouched_for(known, attested):
    load_all()
    call = taken_call(known, UseCaseVersion.objects.get(use_case__slug="restaurant"), attested=attested)
    assert InboundCall.objects.get(call=call).attested is attested
    finished = run(Wish(run_id="1", call_id=call.pk, key="a.0", name="past_orders", arguments="{}", line=0))
    assert ("orders" in finished.data) is attested
